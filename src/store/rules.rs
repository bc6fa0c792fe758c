//! Versions of the rules. None is ever changed or taken out.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, query};

use super::{Store, StoreError, now};

/// A version, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 1.
    pub version: u32,
    /// Seconds since 1970.
    pub at: i64,
    /// Who saved it, why, and what.
    pub new: NewVersion,
}

/// What is to be a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVersion {
    /// Name of an account; empty: it was taken from the configuration file.
    pub by: String,
    /// Why.
    pub comment: String,
    /// Lines that it adds to the version before, and takes away.
    pub changed: (u32, u32),
    /// The sites; left empty in lists.
    pub toml: String,
}

impl Version {
    fn of(row: &SqliteRow) -> Result<Self, StoreError> {
        let changed = (row.try_get(4)?, row.try_get(5)?);
        let new = NewVersion { by: row.try_get(2)?, comment: row.try_get(3)?, changed, toml: row.try_get(6)? };
        Ok(Self { version: row.try_get(0)?, at: row.try_get(1)?, new })
    }
}

impl Store {
    /// Number of the newest version; 0: there is none.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn newest_rules(&self) -> Result<u32, StoreError> {
        let row = query("SELECT coalesce(max(version), 0) FROM rules").fetch_one(&self.pool).await?;
        Ok(row.try_get(0)?)
    }

    /// A version.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn rules(&self, version: u32) -> Result<Option<Version>, StoreError> {
        let row = query("SELECT version, at, by, comment, added, removed, toml FROM rules WHERE version = ?")
            .bind(version)
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(Version::of).transpose()
    }

    /// All versions without their texts, the newest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn rules_versions(&self) -> Result<Vec<Version>, StoreError> {
        let rows = query("SELECT version, at, by, comment, added, removed, '' FROM rules ORDER BY version DESC")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(Version::of).collect()
    }

    /// Keeps versions after `base`, all of them or none: false, if `base` is not the newest any more.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_rules(&self, base: u32, versions: &[NewVersion]) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let row = query("SELECT coalesce(max(version), 0) FROM rules").fetch_one(&mut *transaction).await?;
        if row.try_get::<u32, _>(0)? != base {
            return Ok(false);
        }
        for (version, new) in (base + 1..).zip(versions) {
            query("INSERT INTO rules (version, at, by, comment, added, removed, toml) VALUES (?, ?, ?, ?, ?, ?, ?)")
                .bind(version)
                .bind(now())
                .bind(&new.by)
                .bind(&new.comment)
                .bind(new.changed.0)
                .bind(new.changed.1)
                .bind(&new.toml)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_version_is_kept_only_after_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db")).await.unwrap();
        assert_eq!(store.newest_rules().await.unwrap(), 0);
        let new = |by: &str| NewVersion {
            by: by.to_owned(),
            comment: "why".to_owned(),
            changed: (3, 1),
            toml: format!("# {by}"),
        };
        assert!(store.keep_rules(0, &[new(""), new("Ada")]).await.unwrap());
        assert!(!store.keep_rules(1, &[new("Justin")]).await.unwrap(), "somebody saved meanwhile");
        assert_eq!(store.newest_rules().await.unwrap(), 2);
        assert_eq!(store.rules(2).await.unwrap().unwrap().new, new("Ada"));
        assert_eq!(store.rules(3).await.unwrap(), None);
        let all: Vec<_> = store.rules_versions().await.unwrap().into_iter().map(|v| (v.version, v.new.toml)).collect();
        assert_eq!(all, [(2, String::new()), (1, String::new())]);
    }
}
