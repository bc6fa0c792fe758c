//! Wrong passwords, and who has to wait.
//!
//! Whoever tries passwords from browsers that an account never signed in with has [`TRIES`] of them in [`WINDOW`]; then all unknown browsers wait as
//! long. A browser that signed in to the account before is known by a cookie and has a count of its own, so nobody can lock an agent out of it. Names
//! that no account has are counted in the same way: a lock tells nothing. Of names and cookies only digests are kept, and those for [`WINDOW`].

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use sqlx::{Row, query};

use super::{Store, StoreError, now};
use crate::session::token::Hash;

/// Wrong passwords until a wait.
const TRIES: i64 = 10;
/// How long they count, and how long the wait is, in seconds.
const WINDOW: i64 = 15 * 60;
/// Names and known browsers that are counted at once; the oldest give way.
const COUNTED: i64 = 100_000;
/// Browsers that an account knows; the oldest give way.
const DEVICES: i64 = 20;

/// Whose attempts are counted together.
pub(super) type Digest = [u8; 32];

/// An attempt to sign in that is looked at. It counts as wrong unless it turns out to be right.
#[derive(Debug)]
pub struct Attempt {
    who: Digest,
    /// No more are looked at, should this one be wrong.
    pub last: bool,
}

/// A browser that somebody signs in with.
#[derive(Clone, Copy, Debug)]
pub struct Browser {
    /// Its cookie's hash, if some account knows it.
    device: Option<Hash>,
    /// The account that is asked for does.
    pub known: bool,
}

impl Browser {
    /// Some account knows its cookie.
    #[must_use]
    pub fn has_cookie(&self) -> bool {
        self.device.is_some()
    }
}

/// Too many were wrong: this one is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locked {
    /// How long to wait.
    pub left: Duration,
}

/// Names are compared as accounts' are: without white space around them and without regard to the case of ASCII letters.
pub(super) fn digest(name: &str, device: Option<&Hash>) -> Digest {
    let mut digest = Sha256::new_with_prefix("alongside attempt\0");
    digest.update(name.trim().to_ascii_lowercase());
    if let Some(device) = device {
        digest.update([0]);
        digest.update(device.as_bytes());
    }
    digest.finalize().into()
}

impl Store {
    /// What is known of a browser by the cookie that it showed.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn browser(&self, name: &str, cookie: Option<&str>) -> Result<Browser, StoreError> {
        let select = "SELECT count(*) > 0, coalesce(sum(account.name = ?), 0) > 0
            FROM device JOIN account ON account.id = device.account WHERE cookie = ?";
        let device = cookie.map(Hash::of);
        let cookie = device.as_ref().map(|device| device.as_bytes().to_vec());
        let row = query(select).bind(name.trim()).bind(cookie).fetch_one(&self.pool).await?;
        Ok(Browser { device: device.filter(|_| row.try_get(0).unwrap_or(false)), known: row.try_get(1)? })
    }

    /// Begins to look at an attempt.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn begin_attempt(&self, name: &str, browser: &Browser) -> Result<Result<Attempt, Locked>, StoreError> {
        let (who, now) = (digest(name, browser.device.as_ref().filter(|_| browser.known)), now());
        let count = "INSERT INTO attempt (who, since, wrong, until) VALUES (?1, ?2, 1, 0)
            ON CONFLICT (who) DO UPDATE SET
                (since, wrong, until) = (SELECT
                    CASE WHEN over THEN ?2 ELSE since END,
                    CASE WHEN over THEN 1 ELSE min(wrong, ?4) + 1 END,
                    CASE WHEN over THEN 0 WHEN until > 0 THEN until WHEN wrong + 1 >= ?4 THEN ?2 + ?3 ELSE 0 END
                    FROM (SELECT CASE WHEN until > 0 THEN until <= ?2 ELSE since <= ?2 - ?3 END AS over))
            RETURNING wrong, until";
        let row = query(count).bind(who.as_slice()).bind(now).bind(WINDOW).bind(TRIES).fetch_one(&self.pool).await?;
        let (wrong, until): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        self.forget_attempts(now).await?;
        if wrong > TRIES {
            let left = u64::try_from(until - now).unwrap_or(1).max(1);
            return Ok(Err(Locked { left: Duration::from_secs(left) }));
        }
        Ok(Ok(Attempt { who, last: wrong == TRIES }))
    }

    async fn forget_attempts(&self, now: i64) -> Result<(), StoreError> {
        let old = "DELETE FROM attempt WHERE since <= ?1 - ?2 AND until <= ?1";
        query(old).bind(now).bind(WINDOW).execute(&self.pool).await?;
        let many = "DELETE FROM attempt WHERE who IN
            (SELECT who FROM attempt ORDER BY since LIMIT max(0, (SELECT count(*) FROM attempt) - ?))";
        query(many).bind(COUNTED).execute(&self.pool).await?;
        Ok(())
    }

    /// The password was right: nothing is counted any more, and the browser with this cookie is known from now on.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn attempt_was_right(&self, attempt: &Attempt, account: i64, device: &Hash) -> Result<(), StoreError> {
        query("DELETE FROM attempt WHERE who = ?").bind(attempt.who.as_slice()).execute(&self.pool).await?;
        let known = "INSERT INTO device (cookie, account, seen) VALUES (?1, ?2, ?3)
            ON CONFLICT (account, cookie) DO UPDATE SET seen = ?3";
        let known = query(known).bind(device.as_bytes().to_vec()).bind(account).bind(now());
        known.execute(&self.pool).await?;
        let oldest = "DELETE FROM device WHERE account = ?1 AND cookie NOT IN
            (SELECT cookie FROM device WHERE account = ?1 ORDER BY seen DESC, rowid DESC LIMIT ?2)";
        query(oldest).bind(account).bind(DEVICES).execute(&self.pool).await?;
        Ok(())
    }

    /// Unknown browsers may try again at an account of this name.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn unlock(&self, name: &str) -> Result<(), StoreError> {
        let who = digest(name, None);
        query("DELETE FROM attempt WHERE who = ?").bind(who.as_slice()).execute(&self.pool).await?;
        Ok(())
    }

    /// Who has to wait, and until when.
    pub(super) async fn locks(&self) -> Result<Vec<(Digest, i64)>, StoreError> {
        let rows = query("SELECT who, until FROM attempt WHERE until > ?").bind(now()).fetch_all(&self.pool).await?;
        let lock = |row: &sqlx::sqlite::SqliteRow| {
            let who: Vec<u8> = row.try_get(0)?;
            Ok(Digest::try_from(who).ok().zip(Some(row.try_get(1)?)))
        };
        rows.iter().filter_map(|row| lock(row).transpose()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::people::AccountRole;
    use crate::session::token::Secret;

    /// Attempts until one is not looked at.
    async fn tries(store: &Store, name: &str, cookie: Option<&str>) -> (usize, Duration) {
        for looked_at in 0..100 {
            let browser = store.browser(name, cookie).await.unwrap();
            match store.begin_attempt(name, &browser).await.unwrap() {
                Ok(attempt) => assert_eq!(attempt.last, looked_at == 9),
                Err(Locked { left }) => return (looked_at, left),
            }
        }
        panic!("nobody has to wait");
    }

    async fn later(store: &Store, seconds: i64) {
        let sql = "UPDATE attempt SET since = since - ?1, until = max(0, until - ?1)";
        query(sql).bind(seconds).execute(&store.pool).await.unwrap();
    }

    #[tokio::test]
    async fn unknown_browsers_wait_and_known_ones_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let store = Store::open(&path).await.unwrap();
        let justin = store.add("Justin", "a long password", AccountRole::Agent).await.unwrap();
        let cookie = Secret::random().unwrap();
        let stranger = store.browser("Justin", Some(cookie.expose())).await.unwrap();
        assert!(!stranger.known && !stranger.has_cookie());
        let attempt = store.begin_attempt("Justin", &stranger).await.unwrap().unwrap();
        store.attempt_was_right(&attempt, justin.id, &cookie.hash()).await.unwrap();

        for name in ["Justin", "Nobody"] {
            let (looked_at, left) = tries(&store, name, None).await;
            assert_eq!(looked_at, 10, "{name}");
            assert!((890..=900).contains(&left.as_secs()), "{left:?}");
        }
        assert_eq!(tries(&store, " jUSTIN ", None).await.0, 0, "however it is written");
        let locks = store.standings().await.unwrap();
        assert!(locks[0].locked_until.is_some());
        store.close().await;

        let store = Store::open(&path).await.unwrap();
        assert_eq!(tries(&store, "Justin", None).await.0, 0, "a restart does not lift it");
        let other = store.browser("Nobody", Some(cookie.expose())).await.unwrap();
        assert!(!other.known && other.has_cookie(), "known to one account alone");
        assert_eq!(tries(&store, "Justin", Some(cookie.expose())).await.0, 10, "a count of its own");

        later(&store, WINDOW - 5).await;
        assert_eq!(tries(&store, "Justin", None).await.0, 0);
        later(&store, 10).await;
        assert_eq!(tries(&store, "Justin", None).await.0, 10, "and again");
        store.unlock("Justin").await.unwrap();
        assert_eq!(tries(&store, "Justin", None).await.0, 10);
        store.set_password(justin.id, "another password", None).await.unwrap();
        assert!(!store.browser("Justin", Some(cookie.expose())).await.unwrap().known);
    }

    #[tokio::test]
    async fn attempts_count_for_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db")).await.unwrap();
        let browser = store.browser("Justin", None).await.unwrap();
        for _ in 0..9 {
            assert!(!store.begin_attempt("Justin", &browser).await.unwrap().unwrap().last);
        }
        later(&store, WINDOW).await;
        assert_eq!(tries(&store, "Justin", None).await.0, 10);
        later(&store, 2 * WINDOW).await;
        store.begin_attempt("Sam", &browser).await.unwrap().unwrap();
        let row = query("SELECT count(*) FROM attempt").fetch_one(&store.pool).await.unwrap();
        assert_eq!(row.get::<i64, _>(0), 1, "old ones are forgotten");
    }

    #[tokio::test]
    async fn an_account_knows_so_many_browsers() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db")).await.unwrap();
        let justin = store.add("Justin", "a long password", AccountRole::Agent).await.unwrap();
        let cookies: Vec<Secret> = (0..25).map(|_| Secret::random().unwrap()).collect();
        for cookie in &cookies {
            let browser = store.browser("Justin", None).await.unwrap();
            let attempt = store.begin_attempt("Justin", &browser).await.unwrap().unwrap();
            store.attempt_was_right(&attempt, justin.id, &cookie.hash()).await.unwrap();
        }
        let mut known = Vec::new();
        for cookie in &cookies {
            known.push(store.browser("Justin", Some(cookie.expose())).await.unwrap().known);
        }
        assert_eq!(known, [[false; 5].as_slice(), &[true; 20]].concat());
    }
}
