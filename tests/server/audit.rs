//! The audit trail of a whole journey, over real sockets.

use alongside::config::{Key, Keys};
use alongside::protocol::act::Outcome;
use alongside::protocol::admin::{AuditEntry, AuditPage, CurrentRules};
use alongside::protocol::agent::FromConsole;
use alongside::protocol::people::Mode;
use alongside::protocol::visitor::{FromVisitor, ToVisitor};
use alongside::store::{Break, Seal, Store, verify_audit};
use http::StatusCode;
use serde_json::json;

use crate::client::{Browser, World};
use crate::support::within;
use crate::together::{BUTTON, Together, click};

fn key() -> (&'static str, String) {
    ("ALONGSIDE_STORE__KEY", Key::new([1; 32]).to_base64())
}

async fn trail(admin: &mut Browser, world: &World, query: &str) -> AuditPage {
    admin.get(&world.control(), &format!("/api/admin/audit?{query}")).await.json()
}

/// The trail once an entry of this kind is in it.
async fn until(admin: &mut Browser, world: &World, what: &str) -> AuditPage {
    let reached = async {
        loop {
            let page = trail(admin, world, "limit=500").await;
            if page.entries.iter().any(|entry| entry.what == what) {
                return page;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    within(reached).await
}

fn told(entry: &AuditEntry) -> (&str, &str, &str, Option<u32>) {
    let about = if entry.what == "agent-left" { entry.about.split(' ').next().unwrap() } else { &entry.about };
    (&entry.what, &entry.who, about, entry.times)
}

#[tokio::test]
async fn a_whole_journey() {
    let world = World::start().await.again(true, &[key()]).await;
    let mut admin = world.agent("Ines").await;
    let mut wrong = world.browser();
    for name in ["Justin", "hunter2 planted", "Justin"] {
        let body = json!({ "name": name, "password": "planted password" });
        assert_eq!(wrong.post(&world.control(), "/api/sign-in", &body).await.code(), "wrong-password");
    }
    let mut together = Together::at(&world, "/planted/cart", Mode::ViewOnly).await;
    let _amira = together.invite("Ada").await;
    together.console.socket.tell(&FromConsole::Mode { n: 2, mode: Mode::Shared }).await;
    let asked = together.page.until(|message| matches!(message, ToVisitor::Question { .. })).await;
    let ToVisitor::Question { id, .. } = asked else { unreachable!() };
    together.page.tell(FromVisitor::Answer { id, allow: true }).await;
    assert_eq!(together.console.outcome().await, Outcome::Asking);
    assert_eq!(together.console.outcome().await, Outcome::Done);
    for _ in 0..3 {
        let n = together.view.act(click(BUTTON)).await;
        let (id, _) = together.page.asked().await;
        together.page.answers(id, Outcome::Done).await;
        assert_eq!(together.view.outcome(n).await, Outcome::Done);
    }
    together.page.tell(FromVisitor::Chat { text: "planted chat".to_owned() }).await;
    together.page.tell(FromVisitor::End).await;
    until(&mut admin, &world, "agent-left").await;
    let account = json!({ "name": "New", "password": "planted password", "role": "supervisor" });
    assert_eq!(admin.post(&world.control(), "/api/admin/accounts", &account).await.status, StatusCode::OK);
    let page = until(&mut admin, &world, "account-added").await;
    assert!(page.whole && !page.failing && !page.more);
    let mut entries = page.entries;
    entries.reverse();
    let session = together.session.id.clone();
    let of_session: Vec<_> =
        entries.iter().filter(|entry| entry.session.as_deref() == Some(&session)).map(told).collect();
    let expected = [
        ("session-started", "Justin", "Shop", None),
        ("session-asked", "visitor", "pin", None),
        ("session-allowed", "visitor", "view-only", None),
        ("agent-joined", "Justin", "", None),
        ("invited", "Justin", "Ada", None),
        ("mode-changed", "visitor", "shared", None),
        ("acted", "Justin", "click", Some(3)),
        ("session-ended", "visitor", "visitor", None),
        ("agent-left", "Justin", "since", None),
    ];
    assert_eq!(of_session, expected);
    let others: Vec<_> = entries.iter().filter(|entry| entry.session.is_none()).map(told).collect();
    let device = "An unknown browser, 127.0.0.1";
    let expected = [
        ("sign-in", "Ines", device, None),
        ("sign-in", "Justin", device, None),
        ("sign-in", "Ada", device, None),
        ("account-added", "Ines", "New (supervisor)", None),
    ];
    assert_eq!(others, expected);
    for (number, entry) in entries.iter().enumerate() {
        assert_eq!(entry.seq, i64::try_from(number).unwrap() + 1);
    }

    let filtered = trail(&mut admin, &world, &format!("session={session}&who=visitor&limit=2")).await;
    let names: Vec<_> = filtered.entries.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!((names, filtered.more), (vec!["session-ended", "mode-changed"], true));
    let before = filtered.entries[1].seq;
    let older = trail(&mut admin, &world, &format!("who=visitor&before={before}&what=session-asked")).await;
    assert_eq!((older.entries.len(), older.more), (1, false));

    let rules: CurrentRules = admin.get(&world.control(), "/api/admin/rules").await.json();
    let pasted = format!("<img src={}>", world.site.join("/planted.png").unwrap());
    for html in [None, Some(&pasted)] {
        let body = json!({ "sites": rules.sites, "url": world.site.join("/cart?planted").unwrap(), "html": html });
        let shown = admin.post(&world.control(), "/api/admin/rules/preview", &body).await;
        assert_eq!(shown.status, StatusCode::OK);
    }

    let pin = together.session.pin.clone();
    drop(together);
    let world = world.again(true, &[key()]).await;
    // The counts that were open are closed when the server stops.
    let page = until(&mut admin, &world, "sign-in-failed").await;
    let failed = page.entries.iter().filter(|entry| entry.what == "sign-in-failed").map(|e| (e.about.clone(), e.times));
    let mut failed: Vec<_> = failed.collect();
    failed.sort();
    assert_eq!(failed, [(String::new(), None), ("Justin".to_owned(), Some(2))]);
    let fetched = page.entries.iter().find(|entry| entry.what == "page-fetched").map(told);
    assert_eq!(fetched, Some(("page-fetched", "Ines", world.site.host_str().unwrap(), Some(2))));
    let text = serde_json::to_string(&page.entries).unwrap();
    for planted in ["planted", "hunter2", "/cart", "127.0.0.1:", "Welcome", &pin] {
        assert!(!text.contains(planted), "{planted}");
    }
}

#[tokio::test]
async fn a_copy_is_verified_and_what_was_cut_off_shows() {
    let world = World::start().await.again(true, &[key()]).await;
    let mut admin = world.agent("Ines").await;
    for _ in 0..5 {
        world.agent("Justin").await;
    }
    let everything = async {
        while trail(&mut admin, &world, "").await.entries.len() < 6 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    within(everything).await;
    let copy = admin.get(&world.control(), "/api/admin/audit/export").await;
    assert!(copy.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let text = copy.text();
    assert_eq!(text.lines().count(), 7, "{text}");
    let path = world.folder.path().join("copy.jsonl");
    let cases = [
        (text.clone(), None),
        (text.replace("Justin", "Somebody"), Some("entry 2 is not what it was")),
        (
            text.lines().filter(|line| !line.contains("\"seq\":3,")).map(|line| format!("{line}\n")).collect(),
            Some("entry 3 is missing"),
        ),
        (
            text.lines().filter(|line| !line.contains("\"seq\":6,")).map(|line| format!("{line}\n")).collect(),
            Some("entry 6 is missing"),
        ),
        (text.lines().take(6).map(|line| format!("{line}\n")).collect(), Some("not complete")),
    ];
    for (content, broken) in cases {
        std::fs::write(&path, content).unwrap();
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_alongside"))
            .args(["audit", "verify"])
            .arg(&path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(if broken.is_some() { &done.stderr } else { &done.stdout }).into_owned();
        assert_eq!(done.status.success(), broken.is_none(), "{said}");
        assert!(said.contains(broken.unwrap_or("is whole: 6 entries")), "{said}");
    }

    let store = Store::open(&world.folder.path().join("a.db")).await.unwrap();
    let seal = Seal::new(&Keys { current: Key::new([1; 32]), previous: None });
    until(&mut admin, &world, "audit-exported").await;
    assert_eq!(verify_audit(&store, Some(&seal)).await.unwrap().breaks, None);
    let file = format!("sqlite://{}", world.folder.path().join("a.db").display());
    let pool = sqlx::SqlitePool::connect(&file).await.unwrap();
    sqlx::query("DELETE FROM audit WHERE seq >= 5").execute(&pool).await.unwrap();
    assert_eq!(verify_audit(&store, Some(&seal)).await.unwrap().breaks, Some(Break::Missing(5)));
    // A chain that was verified just now is not verified at once again.
    let noticed = async {
        while trail(&mut admin, &world, "").await.whole {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    within(noticed).await;
}

#[tokio::test]
async fn a_store_that_fails_is_told_of_and_holds_nobody_up() {
    let world = World::start().await;
    let mut admin = world.agent("Ines").await;
    let file = format!("sqlite://{}", world.folder.path().join("a.db").display());
    let pool = sqlx::SqlitePool::connect(&file).await.unwrap();
    until(&mut admin, &world, "sign-in").await;
    sqlx::query("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        .execute(&pool)
        .await
        .unwrap();
    let mut agent = world.agent("Justin").await;
    let session = world.new_session(&mut agent).await;
    world.visitor(&session).await;
    let warned = async {
        loop {
            let me = admin.get(&world.control(), "/api/me").await.json::<serde_json::Value>();
            if me["warnings"] == json!(["audit-failing"]) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    within(warned).await;
    let me = agent.get(&world.control(), "/api/me").await.json::<serde_json::Value>();
    assert_eq!(me.get("warnings"), None, "administrators alone are told");
    assert!(trail(&mut admin, &world, "").await.failing);
    sqlx::query("DROP TRIGGER full").execute(&pool).await.unwrap();
    let page = until(&mut admin, &world, "session-allowed").await;
    let whats: Vec<_> = page.entries.iter().rev().map(|entry| entry.what.as_str()).collect();
    assert_eq!(whats, ["sign-in", "sign-in", "session-started", "session-asked", "session-allowed"]);
}
