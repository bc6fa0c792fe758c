//! Text chat between the visitor and the agents of a session.

use serde::{Deserialize, Serialize};

use super::people::PersonId;

/// Something that somebody wrote. It is kept while the session runs, so that a reload finds it, and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChatMessage {
    /// Number within the session, ascending.
    pub id: u32,
    /// Who wrote it.
    pub by: PersonId,
    /// Their name then.
    pub name: String,
    /// Milliseconds since 1970, by the server's clock.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
    /// 1 to 2,000 characters of plain text.
    pub text: String,
}
