//! Sign-ins: whose browser is signed in where, and since when.

use std::time::Duration;

use sqlx::{Row, query};
use tokio::sync::broadcast;

use super::{Account, PASSWORD_MAX, Store, StoreError, now, verify};
use crate::session::token::{Hash, Secret};

/// How often it is written that a sign-in is used, in seconds.
const SEEN: i64 = 60;

/// Number of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInId(pub i64);

/// Where a sign-in comes from, as its account is told.
#[derive(Clone, Debug, Default)]
pub struct Whence {
    /// Browser and system.
    pub device: String,
    /// Address.
    pub address: String,
}

/// A sign-in, as its account is told of it. Times are seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Its number.
    pub id: SignInId,
    /// Since when.
    pub since: i64,
    /// When it was used last, to the minute.
    pub seen: i64,
    /// Browser and system.
    pub device: String,
    /// Address that it came from.
    pub address: String,
}

impl Store {
    /// Signs in: the account and the token of the sign-in, or none. An unknown name takes as long as a wrong password.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        lifetime: Duration,
        whence: &Whence,
    ) -> Result<Option<(Account, Secret)>, StoreError> {
        if password.len() > PASSWORD_MAX {
            return Ok(None);
        }
        let row = query("SELECT id, name, role, password FROM account WHERE name = ?")
            .bind(name.trim())
            .fetch_optional(&self.pool)
            .await?;
        let (account, hashed) = match &row {
            Some(row) => (Some(Account::of(row)?), row.try_get(3)?),
            None => (None, self.nobody.to_string()),
        };
        let password = password.to_owned();
        let right = self.hashing(move || verify(&password, &hashed)).await?;
        let Some(account) = account.filter(|_| right) else { return Ok(None) };
        let (token, now) = (Secret::random()?, now());
        let lifetime = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX / 2);
        query("DELETE FROM sign_in WHERE expires <= ?").bind(now).execute(&self.pool).await?;
        let insert = "INSERT INTO sign_in (token, account, since, seen, expires, device, address)
            VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6)";
        query(insert)
            .bind(token.hash().as_bytes())
            .bind(account.id)
            .bind(now)
            .bind(now + lifetime)
            .bind(&whence.device)
            .bind(&whence.address)
            .execute(&self.pool)
            .await?;
        query("UPDATE account SET seen = ? WHERE id = ?").bind(now).bind(account.id).execute(&self.pool).await?;
        Ok(Some((account, token)))
    }

    /// Who a sign-in's token belongs to.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn signed_in(&self, token: &str) -> Result<Option<Account>, StoreError> {
        Ok(self.signed_in_as(token).await?.map(|(account, _)| account))
    }

    /// The same, and which sign-in it is. That it is used is written, once a minute.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn signed_in_as(&self, token: &str) -> Result<Option<(Account, SignInId)>, StoreError> {
        let select = "SELECT account.id, name, role, sign_in.id, sign_in.seen
            FROM sign_in JOIN account ON account.id = sign_in.account WHERE token = ? AND expires > ?";
        let now = now();
        let row = query(select).bind(Hash::of(token).as_bytes().to_vec()).bind(now).fetch_optional(&self.pool).await?;
        let Some(row) = row else { return Ok(None) };
        let (account, id, seen): (_, i64, i64) = (Account::of(&row)?, row.try_get(3)?, row.try_get(4)?);
        if now - seen >= SEEN {
            // Whoever cannot be written of is signed in all the same.
            let _ = self.note_seen(account.id, id, now).await;
        }
        Ok(Some((account, SignInId(id))))
    }

    async fn note_seen(&self, account: i64, sign_in: i64, now: i64) -> Result<(), StoreError> {
        query("UPDATE sign_in SET seen = ? WHERE id = ?").bind(now).bind(sign_in).execute(&self.pool).await?;
        query("UPDATE account SET seen = ? WHERE id = ?").bind(now).bind(account).execute(&self.pool).await?;
        Ok(())
    }

    /// An account by number, if it is signed in anywhere.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn signed_in_account(&self, id: i64) -> Result<Option<Account>, StoreError> {
        let select = "SELECT id, name, role FROM account
            WHERE id = ?1 AND EXISTS (SELECT 1 FROM sign_in WHERE account = ?1 AND expires > ?2)";
        self.one(query(select).bind(id).bind(now())).await
    }

    /// An account's sign-ins, the newest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sign_ins(&self, account: i64) -> Result<Vec<SignIn>, StoreError> {
        let select = "SELECT id, since, seen, device, address FROM sign_in
            WHERE account = ? AND expires > ? ORDER BY since DESC, id DESC";
        let rows = query(select).bind(account).bind(now()).fetch_all(&self.pool).await?;
        let sign_in = |row: &sqlx::sqlite::SqliteRow| {
            Ok(SignIn {
                id: SignInId(row.try_get(0)?),
                since: row.try_get(1)?,
                seen: row.try_get(2)?,
                device: row.try_get(3)?,
                address: row.try_get(4)?,
            })
        };
        rows.iter().map(sign_in).collect()
    }

    /// Makes a sign-in's token void.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sign_out(&self, account: i64, token: &str) -> Result<(), StoreError> {
        let hash = Hash::of(token).as_bytes().to_vec();
        query("DELETE FROM sign_in WHERE token = ?").bind(hash).execute(&self.pool).await?;
        self.tell(account);
        Ok(())
    }

    /// Ends one of an account's sign-ins. False: it has none of that number.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn end_sign_in(&self, account: i64, SignInId(id): SignInId) -> Result<bool, StoreError> {
        let delete = query("DELETE FROM sign_in WHERE account = ? AND id = ?").bind(account).bind(id);
        let done = delete.execute(&self.pool).await?;
        self.tell(account);
        Ok(done.rows_affected() > 0)
    }

    /// Ends all of an account's sign-ins.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn end_sign_ins(&self, account: i64) -> Result<(), StoreError> {
        query("DELETE FROM sign_in WHERE account = ?").bind(account).execute(&self.pool).await?;
        self.tell(account);
        Ok(())
    }

    /// Accounts of which a sign-in ended, or whose role changed, from now on: whoever serves one of them looks again.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<i64> {
        self.changed.subscribe()
    }

    pub(super) fn tell(&self, account: i64) {
        // Nobody may be there to be told.
        let _ = self.changed.send(account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::people::AccountRole;

    const HOUR: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn sign_ins_outlive_a_restart_and_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let store = Store::open(&path).await.unwrap();
        let justin = store.add("Justin", "a long password", AccountRole::Agent).await.unwrap();
        let whence = Whence { device: "Firefox on Linux".to_owned(), address: "203.0.113.7".to_owned() };
        assert_eq!(store.sign_in("Justin", "a wrong password", HOUR, &whence).await.unwrap(), None);
        assert_eq!(store.sign_in("Nobody", "a long password", HOUR, &whence).await.unwrap(), None);
        let sign_in =
            async |lifetime| store.sign_in("justin", "a long password", lifetime, &whence).await.unwrap().unwrap();
        let (account, token) = sign_in(HOUR).await;
        assert_eq!(account, justin);
        let ((_, other), (_, expired)) = (sign_in(HOUR).await, sign_in(Duration::ZERO).await);
        assert_eq!(store.signed_in(expired.expose()).await.unwrap(), None);
        store.close().await;

        let store = Store::open(&path).await.unwrap();
        let (_, id) = store.signed_in_as(token.expose()).await.unwrap().unwrap();
        let all = store.sign_ins(justin.id).await.unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(
            (all[1].id, all[1].device.as_str(), all[1].address.as_str()),
            (id, "Firefox on Linux", "203.0.113.7")
        );
        sqlx::query("UPDATE sign_in SET seen = seen - 100, since = since - 100").execute(&store.pool).await.unwrap();
        store.signed_in(token.expose()).await.unwrap();
        let seen: Vec<i64> = store.sign_ins(justin.id).await.unwrap().iter().map(|one| one.seen - one.since).collect();
        assert!(seen[1] >= 100 && seen[0] == 0, "the one that is used: {seen:?}");

        let mut changes = store.changes();
        let sam = store.add("Sam", "a long password", AccountRole::Agent).await.unwrap();
        assert!(!store.end_sign_in(sam.id, id).await.unwrap(), "of another account");
        assert!(store.end_sign_in(justin.id, id).await.unwrap());
        assert_eq!((changes.recv().await.unwrap(), changes.recv().await.unwrap()), (sam.id, justin.id));
        assert_eq!(store.signed_in(token.expose()).await.unwrap(), None);
        assert_eq!(store.signed_in(other.expose()).await.unwrap(), Some(justin.clone()));

        let file = std::fs::read(&path).unwrap();
        let holds = |text: &str| file.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(!holds(other.expose()) && !holds("a long password"), "secrets are kept as hashes");
        store.end_sign_ins(justin.id).await.unwrap();
        assert_eq!(store.signed_in(other.expose()).await.unwrap(), None);
    }
}
