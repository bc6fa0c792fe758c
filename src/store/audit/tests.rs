//! A store's chain under the hands of somebody who can write the file.

use std::sync::Arc;
use std::time::Duration;

use sqlx::query;

use super::{Break, Chain, Opened, verify};
use crate::config::{Key, Keys};
use crate::session::trail::{Deed, What};
use crate::store::{Seal, Store};

struct Rig {
    store: Store,
    seal: Option<Arc<Seal>>,
    _folder: tempfile::TempDir,
}

fn seal(byte: u8) -> Arc<Seal> {
    Arc::new(Seal::new(&Keys { current: Key::new([byte; 32]), previous: None }))
}

impl Rig {
    /// A chain of ten entries.
    async fn new(seal: Option<Arc<Seal>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db")).await.unwrap();
        let rig = Self { store, seal, _folder: folder };
        let chain = rig.open().await.0;
        for number in 0..10 {
            chain.append(&[Deed::new(What::SignIn).by("Justin").about(&number.to_string())]).await.unwrap();
        }
        rig
    }

    async fn open(&self) -> (Chain, Opened) {
        Chain::open(self.store.clone(), self.seal.clone()).await.unwrap()
    }

    async fn sql(&self, sql: &str) {
        query(sql).execute(&self.store.pool).await.unwrap();
    }

    async fn breaks(&self) -> Option<Break> {
        verify(&self.store, self.seal.as_deref()).await.unwrap().breaks
    }
}

const COPY: &str = "INSERT INTO audit SELECT 11, at, what, who, session, about, times, hash FROM audit WHERE seq = 10";

#[tokio::test]
async fn what_somebody_does_to_it_shows() {
    let cases = [
        ("UPDATE audit SET who = 'Ada' WHERE seq = 4", Break::Changed(4), true),
        ("UPDATE audit SET at = at - 1 WHERE seq = 10", Break::Changed(10), true),
        ("UPDATE audit SET hash = zeroblob(3) WHERE seq = 2", Break::Changed(2), true),
        ("DELETE FROM audit WHERE seq = 1", Break::Missing(1), true),
        ("DELETE FROM audit WHERE seq IN (5, 6)", Break::Missing(5), true),
        (COPY, Break::Changed(11), true),
        ("DELETE FROM audit WHERE seq > 7", Break::Missing(8), false),
        ("DELETE FROM audit", Break::Missing(1), false),
        (
            "INSERT INTO audit_anchor SELECT 1, seq, hash FROM audit WHERE seq = 3; DELETE FROM audit WHERE seq <= 3",
            Break::Beginning,
            false,
        ),
        ("DELETE FROM secret", Break::Unsealed, false),
    ];
    for (sql, breaks, without_key) in cases {
        for key in [Some(seal(1)), None] {
            let rig = Rig::new(key.clone()).await;
            assert_eq!(rig.breaks().await, None, "{sql}");
            let (running, _) = rig.open().await;
            for statement in sql.split(';') {
                rig.sql(statement).await;
            }
            let shows = key.is_some() || without_key;
            assert_eq!(rig.breaks().await, shows.then_some(breaks), "{sql}");
            if breaks != Break::Unsealed {
                assert!(running.verify().await.unwrap().breaks.is_some(), "while the server runs: {sql}");
            }
            running.append(&[Deed::new(What::SignOut)]).await.unwrap();
            if breaks != Break::Unsealed {
                assert!(running.verify().await.unwrap().breaks.is_some(), "nor does going on mend it: {sql}");
            }
        }
    }
}

#[tokio::test]
async fn what_was_done_while_the_server_was_down_stays() {
    let rig = Rig::new(Some(seal(1))).await;
    rig.sql("DELETE FROM audit WHERE seq > 7").await;
    let (chain, opened) = rig.open().await;
    assert_eq!(opened, Opened::Broken);
    chain.append(&[Deed::new(What::SignIn)]).await.unwrap();
    assert_eq!(chain.verify().await.unwrap().breaks, Some(Break::Missing(8)));
    let (chain, opened) = rig.open().await;
    assert_eq!(opened, Opened::Well, "it is said once");
    assert_eq!(chain.verify().await.unwrap().breaks, Some(Break::Missing(8)));

    let other = Rig { seal: Some(seal(2)), ..rig };
    assert_eq!(other.breaks().await, Some(Break::Missing(8)));
    assert_eq!(other.open().await.1, Opened::Sealed, "another key");
}

#[tokio::test]
async fn a_key_may_come_later() {
    let mut rig = Rig::new(None).await;
    rig.seal = Some(seal(1));
    assert_eq!(rig.breaks().await, Some(Break::Unsealed));
    let (chain, opened) = rig.open().await;
    assert_eq!((opened, chain.ends().await.head.seq), (Opened::Sealed, 11), "which is an entry");
    assert_eq!(rig.breaks().await, None);
}

#[tokio::test]
async fn old_entries_go_and_the_rest_holds() {
    let rig = Rig::new(Some(seal(1))).await;
    let (chain, _) = rig.open().await;
    assert_eq!(chain.prune(Duration::from_secs(3600)).await.unwrap(), 0);
    let old = Deed { at: 1_000, ..Deed::new(What::SignIn) };
    let empty = Rig::new(None).await;
    empty.sql("DELETE FROM audit").await;
    let (chain, _) = empty.open().await;
    for deed in [&old, &old, &Deed::new(What::SignIn), &old] {
        chain.append(std::slice::from_ref(deed)).await.unwrap();
    }
    assert_eq!(chain.prune(Duration::from_secs(3600)).await.unwrap(), 2, "those at the beginning");
    assert_eq!(chain.verify().await.unwrap().breaks, None);
    assert_eq!(empty.breaks().await, None);
    chain.append(&[old]).await.unwrap();
    let report = chain.verify().await.unwrap();
    assert_eq!((report.breaks, report.entries, report.head.seq), (None, 3, 5));
}

#[tokio::test]
async fn the_command_line_waits_for_the_server() {
    let rig = Rig::new(None).await;
    let deed = Deed::new(What::AccountAdded).by("somebody").about("Sam (agent)");
    rig.store.audit_later(&deed).await.unwrap();
    let (chain, _) = rig.open().await;
    chain.append(&[Deed::new(What::SignIn)]).await.unwrap();
    let lines = rig.store.audit_after(10).await.unwrap();
    let told: Vec<_> = lines.iter().map(|line| (line.what.as_str(), line.who.as_str(), line.about.as_str())).collect();
    assert_eq!(told, [("account-added", "command line", "Sam (agent)"), ("sign-in", "", "")]);
    assert_eq!(lines[0].at, deed.at);
    chain.append(&[]).await.unwrap();
    assert_eq!(chain.ends().await.head.seq, 12, "once");
}
