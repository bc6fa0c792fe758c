//! The audit trail's rows. What makes them a chain is in [`chain`]; docs/audit.md has the form.

use std::time::Duration;

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, query};

use super::{Store, StoreError};
use crate::session::trail::Deed;

mod chain;
mod verify;

pub use chain::{Chain, Ends, Opened, ToldEnds, verify};
pub use verify::{Break, Report, Walk, hex, of_hex};

/// A SHA-256.
type Digest = [u8; 32];

/// Name under which the ends are sealed.
const ENDS: &str = "audit-ends";
/// Lines that are read at once.
const LINES: u32 = 500;

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1, without gaps.
    pub seq: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Its kind.
    pub what: String,
    /// Who did it.
    pub who: String,
    /// In which session.
    pub session: Option<String>,
    /// To or with what.
    pub about: String,
    /// How often.
    pub times: Option<u32>,
    /// Of the hash before it and itself.
    pub hash: Digest,
}

/// Which entries are asked for. Empty fields ask for all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Older than this one.
    pub before: Option<i64>,
    /// Of a session.
    pub session: Option<String>,
    /// Of somebody.
    pub who: Option<String>,
    /// Of a kind.
    pub what: Option<String>,
}

/// An entry by its number and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Link {
    /// Its number; 0 stands before the first entry.
    pub seq: i64,
    /// Its hash.
    pub hash: Digest,
}

impl Link {
    /// What stands before the first entry of all.
    pub const START: Self = Self { seq: 0, hash: [0; 32] };
}

impl Line {
    fn of(row: &SqliteRow) -> Result<Self, StoreError> {
        let hash: Vec<u8> = row.try_get(7)?;
        Ok(Self {
            seq: row.try_get(0)?,
            at: row.try_get(1)?,
            what: row.try_get(2)?,
            who: row.try_get(3)?,
            session: row.try_get(4)?,
            about: row.try_get(5)?,
            times: row.try_get(6)?,
            // One of another length is nobody's hash.
            hash: hash.try_into().unwrap_or_default(),
        })
    }

    /// Its number and hash.
    #[must_use]
    pub fn link(&self) -> Link {
        Link { seq: self.seq, hash: self.hash }
    }
}

/// Begins each statement that reads entries.
const SELECT: &str = "SELECT seq, at, what, who, session, about, times, hash FROM audit";

impl Store {
    /// Entries, the newest first, and whether there are older ones.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn audit_page(&self, filter: &Filter, limit: u32) -> Result<(Vec<Line>, bool), StoreError> {
        let mut select = QueryBuilder::new(SELECT);
        select.push(" WHERE seq < ").push_bind(filter.before.unwrap_or(i64::MAX));
        for (column, wanted) in [("session", &filter.session), ("who", &filter.who), ("what", &filter.what)] {
            if let Some(wanted) = wanted {
                select.push(format_args!(" AND {column} = ")).push_bind(wanted);
            }
        }
        select.push(" ORDER BY seq DESC LIMIT ").push_bind(limit + 1);
        let rows = select.build().fetch_all(&self.pool).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let lines = rows.iter().take(limit).map(Line::of).collect::<Result<_, _>>()?;
        Ok((lines, rows.len() > limit))
    }

    /// Some entries after one, in their order.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn audit_after(&self, seq: i64) -> Result<Vec<Line>, StoreError> {
        let mut select = QueryBuilder::new(SELECT);
        select.push(" WHERE seq > ").push_bind(seq).push(" ORDER BY seq LIMIT ").push_bind(LINES);
        select.build().fetch_all(&self.pool).await?.iter().map(Line::of).collect()
    }

    /// What the chain begins after.
    async fn audit_anchor(&self) -> Result<Link, StoreError> {
        self.audit_link("SELECT seq, hash FROM audit_anchor").await.map(|link| link.unwrap_or(Link::START))
    }

    /// The last entry.
    async fn audit_last(&self) -> Result<Option<Link>, StoreError> {
        self.audit_link("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").await
    }

    /// The last of the oldest entries, where those before a time are at the beginning.
    async fn audit_last_before(&self, at: i64) -> Result<Option<Link>, StoreError> {
        let select = "SELECT seq, hash FROM audit
            WHERE seq < coalesce((SELECT min(seq) FROM audit WHERE at >= ?), 9223372036854775807)
            ORDER BY seq DESC LIMIT 1";
        let row = query(select).bind(at).fetch_optional(&self.pool).await?;
        row.as_ref().map(link).transpose()
    }

    async fn audit_link(&self, select: &str) -> Result<Option<Link>, StoreError> {
        query(select).fetch_optional(&self.pool).await?.as_ref().map(link).transpose()
    }

    /// Adds entries, with the ends as they are then; what the command line did and is among them waits no longer.
    async fn audit_add(&self, lines: &[Line], sealed: Option<&[u8]>, taken: &[i64]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        for line in lines {
            query(
                "INSERT INTO audit (seq, at, what, who, session, about, times, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(line.seq)
            .bind(line.at)
            .bind(&line.what)
            .bind(&line.who)
            .bind(&line.session)
            .bind(&line.about)
            .bind(line.times)
            .bind(line.hash.as_slice())
            .execute(&mut *transaction)
            .await?;
        }
        for id in taken {
            query("DELETE FROM audit_pending WHERE id = ?").bind(id).execute(&mut *transaction).await?;
        }
        keep_ends(&mut transaction, sealed).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Takes the oldest entries out, up to and with one.
    async fn audit_cut(&self, last: &Link, sealed: Option<&[u8]>) -> Result<u64, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let done = query("DELETE FROM audit WHERE seq <= ?").bind(last.seq).execute(&mut *transaction).await?;
        query("INSERT OR REPLACE INTO audit_anchor (one, seq, hash) VALUES (1, ?, ?)")
            .bind(last.seq)
            .bind(last.hash.as_slice())
            .execute(&mut *transaction)
            .await?;
        keep_ends(&mut transaction, sealed).await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }

    /// What the command line did: the server takes it into the trail, which it alone writes.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn audit_later(&self, deed: &Deed) -> Result<(), StoreError> {
        query("INSERT INTO audit_pending (at, what, about) VALUES (?, ?, ?)")
            .bind(deed.at)
            .bind(deed.what.to_string())
            .bind(&deed.about)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// What the command line did and is not in the trail.
    async fn audit_pending(&self) -> Result<Vec<(i64, Deed)>, StoreError> {
        let rows = query("SELECT id, at, what, about FROM audit_pending ORDER BY id").fetch_all(&self.pool).await?;
        let deed = |row: &SqliteRow| {
            let what: String = row.try_get(2)?;
            let Ok(what) = what.parse() else { return Ok(None) };
            let deed = Deed { at: row.try_get(1)?, ..Deed::new(what).by(COMMAND_LINE).about(row.try_get(3)?) };
            Ok(Some((row.try_get(0)?, deed)))
        };
        rows.iter().filter_map(|row| deed(row).transpose()).collect()
    }

    /// How old, in milliseconds since 1970, entries may be that are no older than this.
    #[must_use]
    pub fn audit_cutoff(age: Duration) -> i64 {
        let now = Deed::new(crate::session::trail::What::AuditPruned).at;
        now.saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Who did it, where it was done at the command line.
const COMMAND_LINE: &str = "command line";

fn link(row: &SqliteRow) -> Result<Link, StoreError> {
    let hash: Vec<u8> = row.try_get(1)?;
    Ok(Link { seq: row.try_get(0)?, hash: hash.try_into().unwrap_or_default() })
}

async fn keep_ends(
    transaction: &mut sqlx::Transaction<'_, sqlx::Sqlite>,
    sealed: Option<&[u8]>,
) -> Result<(), StoreError> {
    if let Some(sealed) = sealed {
        query("INSERT OR REPLACE INTO secret (name, sealed) VALUES (?, ?)")
            .bind(ENDS)
            .bind(sealed)
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
