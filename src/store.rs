//! What outlives a restart, in SQLite: accounts, sign-ins, and sessions, which are sealed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use argon2::Argon2;
use argon2::password_hash::{self, PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{Row, query};
use tokio::sync::{Semaphore, broadcast};
use tokio::task::spawn_blocking;

use crate::protocol::people::AccountRole;
use crate::session::token::{self, NoRandomness};

mod accounts;
mod attempts;
mod audit;
mod rules;
mod seal;
mod sessions;
mod signins;

pub use accounts::Standing;
pub use attempts::{Attempt, Browser, Locked};
pub use audit::{
    Break, Chain, Ends, Filter, Line, Link, Opened, Report, ToldEnds, Walk, hex, of_hex, verify as verify_audit,
};
pub use rules::{NewVersion, Version};
pub use seal::{Seal, SealError};
pub use sessions::Change;
pub use signins::{SignIn, SignInId, Whence};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// Passwords that are hashed at once; each takes 19 MiB of memory.
const HASHING: usize = 2;
/// Changes of accounts that wait for a socket; one that misses some looks.
const CHANGES: usize = 64;
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
    /// The ends of the audit trail cannot be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// An entry of the audit trail cannot be written as JSON.
    #[error("not as JSON: {0}")]
    Json(serde_json::Error),
    /// An account of that name exists.
    #[error("there is an agent of that name")]
    NameTaken,
    /// Not a name for an account.
    #[error("a name has 1 to {NAME_MAX} characters, none of them invisible, and is not \"visitor\"")]
    BadName,
    /// Too short or too long.
    #[error("a password has {PASSWORD_MIN} characters or more")]
    BadPassword,
    /// Somebody has to see to accounts.
    #[error("this is the last administrator: make another one first")]
    LastAdministrator,
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
    /// Accounts whose sign-ins or roles changed.
    changed: broadcast::Sender<i64>,
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
        Ok(Self {
            pool,
            hashing: Arc::new(Semaphore::new(HASHING)),
            nobody: nobody.into(),
            changed: broadcast::channel(CHANGES).0,
        })
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
