//! Rows of sessions that outlive a restart: sealed while they run, a tombstone once they have ended.

use std::time::Duration;

use sqlx::{Row, query};

use super::{Store, StoreError, now};

/// A session's row, as it is to be from now on.
pub enum Change {
    /// It runs: its sealed content.
    Kept(Vec<u8>),
    /// It has ended: what is told of it.
    Ended(String),
    /// Nothing is known of it any more.
    Gone,
}

impl Store {
    /// Writes rows, all of them or none.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn write_sessions(&self, changes: &[(String, Change)]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        for (sid, change) in changes {
            let done = match change {
                Change::Kept(sealed) => query(
                    "INSERT INTO session (sid, sealed) VALUES (?1, ?2) ON CONFLICT (sid) DO UPDATE SET sealed = ?2",
                )
                .bind(sid)
                .bind(sealed.as_slice()),
                Change::Ended(_) | Change::Gone => query("DELETE FROM session WHERE sid = ?").bind(sid),
            };
            done.execute(&mut *transaction).await?;
            if let Change::Ended(told) = change {
                query("INSERT OR REPLACE INTO tombstone (sid, ended, told) VALUES (?, ?, ?)")
                    .bind(sid)
                    .bind(now())
                    .bind(told)
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        transaction.commit().await?;
        if changes.iter().any(|(_, change)| !matches!(change, Change::Kept(_))) {
            // Until then, the log still has what was deleted.
            query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.pool).await?;
        }
        Ok(())
    }

    /// All sealed sessions.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sealed_sessions(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let rows = query("SELECT sid, sealed FROM session").fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// Sessions that ended within some time: identifier, what is told, how long ago. Older ones are forgotten.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn tombstones(&self, within: Duration) -> Result<Vec<(String, String, Duration)>, StoreError> {
        let now = now();
        let oldest = now - i64::try_from(within.as_secs()).unwrap_or(i64::MAX / 2);
        query("DELETE FROM tombstone WHERE ended < ?").bind(oldest).execute(&self.pool).await?;
        let rows = query("SELECT sid, told, ended FROM tombstone").fetch_all(&self.pool).await?;
        let ago = |ended: i64| Duration::from_secs(u64::try_from(now - ended).unwrap_or_default());
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, ago(row.try_get(2)?)))).collect()
    }

    /// Something sealed that outlives sessions.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sealed_secret(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let row = query("SELECT sealed FROM secret WHERE name = ?").bind(name).fetch_optional(&self.pool).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// Keeps it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_secret(&self, name: &str, sealed: &[u8]) -> Result<(), StoreError> {
        query("INSERT OR REPLACE INTO secret (name, sealed) VALUES (?, ?)")
            .bind(name)
            .bind(sealed)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    #[tokio::test]
    async fn a_session_that_ended_leaves_no_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let store = Store::open(&path).await.unwrap();
        let planted = b"planted ".repeat(2000);
        let rows = [
            ("abcdefghij".to_owned(), Change::Kept(planted.clone())),
            ("bbcdefghij".to_owned(), Change::Kept(b"another".to_vec())),
        ];
        store.write_sessions(&rows).await.unwrap();
        let holds = || {
            let files = ["a.db", "a.db-wal"].map(|name| std::fs::read(folder.path().join(name)).unwrap_or_default());
            files.iter().any(|file| file.windows(8).any(|part| part == b"planted "))
        };
        assert!(holds(), "the search finds what is there");
        let ended = [("abcdefghij".to_owned(), Change::Ended("told".to_owned()))];
        store.write_sessions(&ended).await.unwrap();
        assert!(!holds());
        assert_eq!(store.sealed_sessions().await.unwrap(), [("bbcdefghij".to_owned(), b"another".to_vec())]);

        store.close().await;
        let store = Store::open(&path).await.unwrap();
        let told = store.tombstones(DAY).await.unwrap();
        assert_eq!((told.len(), told[0].0.as_str(), told[0].1.as_str()), (1, "abcdefghij", "told"));
        query("UPDATE tombstone SET ended = ended - 90000").execute(&store.pool).await.unwrap();
        assert!(store.tombstones(DAY).await.unwrap().is_empty());

        assert_eq!(store.sealed_secret("pepper").await.unwrap(), None);
        store.keep_secret("pepper", b"one").await.unwrap();
        store.keep_secret("pepper", b"two").await.unwrap();
        assert_eq!(store.sealed_secret("pepper").await.unwrap().as_deref(), Some(&b"two"[..]));
    }
}
