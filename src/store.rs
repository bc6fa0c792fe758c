//! What outlives a restart, in SQLite: accounts, sign-ins, and sessions, which are sealed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use argon2::Argon2;
use argon2::password_hash::{self, PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{Row, query};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::protocol::people::AccountRole;
use crate::session::token::{self, Hash, NoRandomness, Secret};

mod rules;
mod seal;
mod sessions;

pub use rules::{NewVersion, Version};
pub use seal::{Seal, SealError};
pub use sessions::Change;

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// Passwords that are hashed at once; each takes 19 MiB of memory.
const HASHING: usize = 2;
/// Shortest password, in characters.
const PASSWORD_MIN: usize = 10;
/// Longest, in bytes: hashing is work.
const PASSWORD_MAX: usize = 1024;
/// Longest account name, in characters.
const NAME_MAX: usize = 60;

/// The store cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file or its folder cannot be made.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// SQLite says so.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The file is of another version.
    #[error("the database's tables: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A password cannot be hashed.
    #[error("a password cannot be hashed: {0}")]
    Hash(password_hash::Error),
    /// See [`NoRandomness`].
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// An account of that name exists.
    #[error("there is an agent of that name")]
    NameTaken,
    /// Not a name for an account.
    #[error("a name has 1 to {NAME_MAX} characters, none of them invisible")]
    BadName,
    /// Too short or too long.
    #[error("a password has {PASSWORD_MIN} characters or more")]
    BadPassword,
    /// The file names a role that this version does not know.
    #[error("the database has an account of the unknown role {0:?}")]
    BadRole(String),
}

/// An agent's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: i64,
    /// Name, as visitors see it.
    pub name: String,
    /// What it may do.
    pub role: AccountRole,
}

impl Account {
    /// Of a row that begins with id, name and role.
    fn of(row: &SqliteRow) -> Result<Self, StoreError> {
        let role: &str = row.try_get(2)?;
        let role = role.parse().map_err(|_| StoreError::BadRole(role.to_owned()))?;
        Ok(Self { id: row.try_get(0)?, name: row.try_get(1)?, role })
    }
}

/// Accounts, sign-ins, sealed sessions. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: SqlitePool,
    hashing: Arc<Semaphore>,
    /// What an unknown name's password is compared with, so that it takes as long as a known one's.
    nobody: Arc<str>,
}

impl Store {
    /// Opens the file; makes it, its folder and its tables where they are missing.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let file_error = |error| StoreError::File { path: path.to_owned(), error };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(file_error)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        MIGRATIONS.run(&pool).await?;
        let nobody = spawn_blocking(|| hash("nobody's password")).await.map_err(join_error)??;
        Ok(Self { pool, hashing: Arc::new(Semaphore::new(HASHING)), nobody: nobody.into() })
    }

    /// Adds an account.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn add(&self, name: &str, password: &str, role: AccountRole) -> Result<Account, StoreError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
            return Err(StoreError::BadName);
        }
        if password.chars().count() < PASSWORD_MIN || password.len() > PASSWORD_MAX {
            return Err(StoreError::BadPassword);
        }
        let password = password.to_owned();
        let hashed = self.hashing(move || hash(&password)).await??;
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
        let row = query("SELECT id, name, role FROM account WHERE name = ?")
            .bind(name.trim())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(Account::of).transpose()
    }

    /// Removes an account and its sign-ins. False: there is none of that name.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn remove(&self, name: &str) -> Result<bool, StoreError> {
        let done = query("DELETE FROM account WHERE name = ?").bind(name.trim()).execute(&self.pool).await?;
        Ok(done.rows_affected() > 0)
    }

    /// Signs in: the account and the token of the sign-in, or none. An unknown name takes as long as a wrong password.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        lifetime: Duration,
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
        let token = Secret::random()?;
        let lifetime = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX / 2);
        query("DELETE FROM sign_in WHERE expires <= ?").bind(now()).execute(&self.pool).await?;
        query("INSERT INTO sign_in (token, account, expires) VALUES (?, ?, ?)")
            .bind(token.hash().as_bytes())
            .bind(account.id)
            .bind(now() + lifetime)
            .execute(&self.pool)
            .await?;
        Ok(Some((account, token)))
    }

    /// Who a sign-in's token belongs to.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn signed_in(&self, token: &str) -> Result<Option<Account>, StoreError> {
        let row = query(
            "SELECT id, name, role FROM account WHERE id = (SELECT account FROM sign_in WHERE token = ? AND expires > ?)",
        )
        .bind(Hash::of(token).as_bytes().to_vec())
        .bind(now())
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(Account::of).transpose()
    }

    /// An account by number, if it is signed in anywhere.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn signed_in_account(&self, id: i64) -> Result<Option<Account>, StoreError> {
        let row = query(
            "SELECT id, name, role FROM account WHERE id = ? AND EXISTS (SELECT 1 FROM sign_in WHERE account = ? AND expires > ?)",
        )
        .bind(id)
        .bind(id)
        .bind(now())
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(Account::of).transpose()
    }

    /// Makes a sign-in's token void.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        let hash = Hash::of(token).as_bytes().to_vec();
        query("DELETE FROM sign_in WHERE token = ?").bind(hash).execute(&self.pool).await?;
        Ok(())
    }

    /// The file answers.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn ready(&self) -> Result<(), StoreError> {
        query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Finishes what is under way and closes the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    async fn hashing<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
        let _permit = self.hashing.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
        spawn_blocking(work).await.map_err(join_error)
    }
}

fn hash(password: &str) -> Result<String, StoreError> {
    let mut salt = [0u8; 16];
    token::fill(&mut salt)?;
    let salt = SaltString::encode_b64(&salt).map_err(StoreError::Hash)?;
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt).map_err(StoreError::Hash)?.to_string())
}

fn verify(password: &str, hashed: &str) -> bool {
    PasswordHash::new(hashed).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

fn join_error(error: tokio::task::JoinError) -> StoreError {
    StoreError::Database(sqlx::Error::Io(std::io::Error::other(error)))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn numbers_of_accounts_never_come_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db")).await.unwrap();
        let first = store.add("Justin", "a long password", AccountRole::Supervisor).await.unwrap();
        assert!(store.remove("Justin").await.unwrap());
        let second = store.add("Justin", "a long password", AccountRole::Agent).await.unwrap();
        assert_ne!(first.id, second.id, "another account would have the place of this one in its sessions");
    }

    #[tokio::test]
    async fn accounts_and_sign_ins() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("below/a.db");
        let store = Store::open(&path).await.unwrap();
        let justin = store.add(" Justin ", "a long password", AccountRole::Agent).await.unwrap();
        assert_eq!(justin.name, "Justin");
        assert!(matches!(
            store.add("justin", "another password", AccountRole::Agent).await,
            Err(StoreError::NameTaken)
        ));
        assert!(matches!(store.add("Ada", "short", AccountRole::Agent).await, Err(StoreError::BadPassword)));
        assert!(matches!(store.add(" \u{7} ", "a long password", AccountRole::Agent).await, Err(StoreError::BadName)));

        assert_eq!(store.sign_in("Justin", "a wrong password", HOUR).await.unwrap(), None);
        assert_eq!(store.sign_in("Nobody", "a long password", HOUR).await.unwrap(), None);
        let (account, token) = store.sign_in("justin", "a long password", HOUR).await.unwrap().unwrap();
        assert_eq!(account, justin);
        let (_, other) = store.sign_in("Justin", "a long password", HOUR).await.unwrap().unwrap();
        let (_, expired) = store.sign_in("Justin", "a long password", Duration::ZERO).await.unwrap().unwrap();
        assert_eq!(store.signed_in(expired.expose()).await.unwrap(), None);

        let sam = store.add("Sam", "a long password", AccountRole::Supervisor).await.unwrap();
        store.close().await;
        let store = Store::open(&path).await.unwrap();
        assert_eq!(store.signed_in(token.expose()).await.unwrap(), Some(justin.clone()), "it outlives a restart");
        store.sign_out(token.expose()).await.unwrap();
        assert_eq!(store.signed_in(token.expose()).await.unwrap(), None);
        assert_eq!(store.signed_in(other.expose()).await.unwrap(), Some(justin.clone()));

        let file = std::fs::read(&path).unwrap();
        let holds = |text: &str| file.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(!holds(other.expose()) && !holds("a long password"), "secrets are kept as hashes");

        assert!(store.remove("justin").await.unwrap());
        assert!(!store.remove("justin").await.unwrap());
        assert_eq!(store.signed_in(other.expose()).await.unwrap(), None, "gone with the account");
        assert_eq!(store.accounts().await.unwrap(), [sam], "with its role");
    }
}
