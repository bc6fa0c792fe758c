//! Accounts: who there is, what they may do, their passwords.
//!
//! Invariant: where there was an administrator, there is one.

use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Row, Sqlite, query};

use super::attempts::{Digest, digest};
use super::{Account, NAME_MAX, PASSWORD_MAX, PASSWORD_MIN, SignInId, Store, StoreError, hash, now, verify};
use crate::protocol::people::AccountRole;
use crate::session::trail;

/// An account, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The account.
    pub account: Account,
    /// When it was made, in seconds since 1970.
    pub created: i64,
    /// When it was used last.
    pub seen: Option<i64>,
    /// Until when unknown browsers wait.
    pub locked_until: Option<i64>,
    /// Where it is signed in.
    pub sign_ins: u32,
}

impl Store {
    /// Adds an account.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn add(&self, name: &str, password: &str, role: AccountRole) -> Result<Account, StoreError> {
        let name = name.trim();
        let is_visitor = name.eq_ignore_ascii_case(trail::VISITOR);
        if name.is_empty() || is_visitor || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
            return Err(StoreError::BadName);
        }
        let hashed = self.hash_new(password).await?;
        // By chance, so that none comes again when its account is gone: sessions know people by it.
        let insert = "INSERT INTO account (id, name, password, role, created)
            VALUES (random() & 0x1fffffffffffff, ?, ?, ?, ?) RETURNING id";
        let added =
            query(insert).bind(name).bind(hashed).bind(role.to_string()).bind(now()).fetch_one(&self.pool).await;
        match added {
            Ok(row) => Ok(Account { id: row.try_get(0)?, name: name.to_owned(), role }),
            Err(error) if error.as_database_error().is_some_and(|e| e.is_unique_violation()) => {
                Err(StoreError::NameTaken)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// All accounts by name.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = query("SELECT id, name, role FROM account ORDER BY name").fetch_all(&self.pool).await?;
        rows.iter().map(Account::of).collect()
    }

    /// An account by name.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        self.one(query("SELECT id, name, role FROM account WHERE name = ?").bind(name.trim())).await
    }

    /// An account by number.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn account_of(&self, id: i64) -> Result<Option<Account>, StoreError> {
        self.one(query("SELECT id, name, role FROM account WHERE id = ?").bind(id)).await
    }

    /// All accounts by name, and how they stand.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn standings(&self) -> Result<Vec<Standing>, StoreError> {
        let select = "SELECT id, name, role, created, seen,
            (SELECT count(*) FROM sign_in WHERE account = account.id AND expires > ?1)
            FROM account ORDER BY name";
        let rows = query(select).bind(now()).fetch_all(&self.pool).await?;
        let locks: Vec<(Digest, i64)> = self.locks().await?;
        let standing = |row: &SqliteRow| {
            let account = Account::of(row)?;
            let who = digest(&account.name, None);
            let locked_until = locks.iter().find(|(locked, _)| *locked == who).map(|(_, until)| *until);
            Ok(Standing {
                account,
                created: row.try_get(3)?,
                seen: row.try_get(4)?,
                locked_until,
                sign_ins: row.try_get(5)?,
            })
        };
        rows.iter().map(standing).collect()
    }

    /// Removes an account and its sign-ins. None: there is none of that number.
    ///
    /// # Errors
    /// [`StoreError::LastAdministrator`], and see there.
    pub async fn remove(&self, id: i64) -> Result<Option<Account>, StoreError> {
        let Some(account) = self.account_of(id).await? else { return Ok(None) };
        let delete = "DELETE FROM account WHERE id = ?
            AND (role <> 'admin' OR (SELECT count(*) FROM account WHERE role = 'admin') > 1)";
        let done = query(delete).bind(id).execute(&self.pool).await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::LastAdministrator);
        }
        self.tell(id);
        Ok(Some(account))
    }

    /// What an account may do from now on. None: there is none of that number.
    ///
    /// # Errors
    /// [`StoreError::LastAdministrator`], and see there.
    pub async fn set_role(&self, id: i64, role: AccountRole) -> Result<Option<Account>, StoreError> {
        let Some(account) = self.account_of(id).await? else { return Ok(None) };
        let update = "UPDATE account SET role = ?1 WHERE id = ?2
            AND (role <> 'admin' OR ?1 = 'admin' OR (SELECT count(*) FROM account WHERE role = 'admin') > 1)";
        let done = query(update).bind(role.to_string()).bind(id).execute(&self.pool).await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::LastAdministrator);
        }
        self.tell(id);
        Ok(Some(Account { role, ..account }))
    }

    /// Gives an account another password. Its sign-ins end, but the one that asked; if none did, browsers that it knew are unknown again.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn set_password(&self, id: i64, password: &str, but: Option<SignInId>) -> Result<(), StoreError> {
        let hashed = self.hash_new(password).await?;
        let mut transaction = self.pool.begin().await?;
        query("UPDATE account SET password = ? WHERE id = ?").bind(hashed).bind(id).execute(&mut *transaction).await?;
        if but.is_none() {
            query("DELETE FROM device WHERE account = ?").bind(id).execute(&mut *transaction).await?;
        }
        query("DELETE FROM sign_in WHERE account = ? AND id IS NOT ?")
            .bind(id)
            .bind(but.map(|SignInId(but)| but))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        self.tell(id);
        Ok(())
    }

    /// Whether a password is an account's.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn is_password(&self, id: i64, password: &str) -> Result<bool, StoreError> {
        if password.len() > PASSWORD_MAX {
            return Ok(false);
        }
        let row = query("SELECT password FROM account WHERE id = ?").bind(id).fetch_optional(&self.pool).await?;
        let Some(row) = row else { return Ok(false) };
        let (hashed, password): (String, _) = (row.try_get(0)?, password.to_owned());
        self.hashing(move || verify(&password, &hashed)).await
    }

    /// Whether a password may be one.
    ///
    /// # Errors
    /// [`StoreError::BadPassword`].
    pub fn fits(password: &str) -> Result<(), StoreError> {
        let fits = password.chars().count() >= PASSWORD_MIN && password.len() <= PASSWORD_MAX;
        if fits { Ok(()) } else { Err(StoreError::BadPassword) }
    }

    async fn hash_new(&self, password: &str) -> Result<String, StoreError> {
        Self::fits(password)?;
        let password = password.to_owned();
        self.hashing(move || hash(&password)).await?
    }

    /// The account that a query finds.
    pub(super) async fn one<'a>(
        &self,
        query: sqlx::query::Query<'a, Sqlite, SqliteArguments<'a>>,
    ) -> Result<Option<Account>, StoreError> {
        query.fetch_optional(&self.pool).await?.as_ref().map(Account::of).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Whence;

    const HOUR: std::time::Duration = std::time::Duration::from_secs(3600);

    async fn store() -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (Store::open(&folder.path().join("below/a.db")).await.unwrap(), folder)
    }

    #[tokio::test]
    async fn numbers_of_accounts_never_come_again() {
        let (store, _folder) = store().await;
        let first = store.add("Justin", "a long password", AccountRole::Supervisor).await.unwrap();
        assert_eq!(store.remove(first.id).await.unwrap(), Some(first.clone()));
        assert_eq!(store.remove(first.id).await.unwrap(), None);
        let second = store.add("Justin", "a long password", AccountRole::Agent).await.unwrap();
        assert_ne!(first.id, second.id, "another account would have the place of this one in its sessions");
    }

    #[tokio::test]
    async fn names_and_passwords() {
        let (store, _folder) = store().await;
        let justin = store.add(" Justin ", "a long password", AccountRole::Agent).await.unwrap();
        assert_eq!(justin.name, "Justin");
        for (name, password, taken, bad_name) in [
            ("justin", "another password", true, false),
            (" \u{7} ", "a long password", false, true),
            ("Visitor", "a long password", false, true),
            ("Ada", "short", false, false),
        ] {
            let error = store.add(name, password, AccountRole::Agent).await.unwrap_err();
            assert_eq!(matches!(error, StoreError::NameTaken), taken, "{name}");
            assert_eq!(matches!(error, StoreError::BadName), bad_name, "{name}");
        }
        assert!(store.is_password(justin.id, "a long password").await.unwrap());
        let token = |sign_in: Option<(Account, crate::session::token::Secret)>| sign_in.unwrap().1;
        let whence = Whence::default();
        let one = token(store.sign_in("Justin", "a long password", HOUR, &whence).await.unwrap());
        let other = token(store.sign_in("Justin", "a long password", HOUR, &whence).await.unwrap());
        let (_, here) = store.signed_in_as(one.expose()).await.unwrap().unwrap();
        store.set_password(justin.id, "another password", Some(here)).await.unwrap();
        assert!(!store.is_password(justin.id, "a long password").await.unwrap());
        assert_eq!(store.signed_in(one.expose()).await.unwrap(), Some(justin.clone()));
        assert_eq!(store.signed_in(other.expose()).await.unwrap(), None, "all others end");
        store.set_password(justin.id, "a third password", None).await.unwrap();
        assert_eq!(store.signed_in(one.expose()).await.unwrap(), None);
    }

    #[tokio::test]
    async fn the_last_administrator_stays_one() {
        let (store, _folder) = store().await;
        let ada = store.add("Ada", "a long password", AccountRole::Admin).await.unwrap();
        let sam = store.add("Sam", "a long password", AccountRole::Supervisor).await.unwrap();
        let is_last = |error: StoreError| matches!(error, StoreError::LastAdministrator);
        assert!(is_last(store.remove(ada.id).await.unwrap_err()));
        assert!(is_last(store.set_role(ada.id, AccountRole::Agent).await.unwrap_err()));
        assert_eq!(store.set_role(ada.id, AccountRole::Admin).await.unwrap(), Some(ada.clone()));
        assert_eq!(store.set_role(sam.id, AccountRole::Admin).await.unwrap().unwrap().role, AccountRole::Admin);
        assert_eq!(store.set_role(ada.id, AccountRole::Agent).await.unwrap().unwrap().role, AccountRole::Agent);
        assert!(is_last(store.remove(sam.id).await.unwrap_err()));
        assert!(store.remove(ada.id).await.unwrap().is_some());
        assert_eq!(store.set_role(ada.id, AccountRole::Agent).await.unwrap(), None);
    }
}
