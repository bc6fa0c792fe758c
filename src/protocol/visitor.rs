//! The companion's socket, `/.alongside/socket` of a view origin. The session's cookie on the view domain is the credential.

use serde::{Deserialize, Serialize};

use super::agent::{EndedBy, Mode};
use super::page::PageEvent;

/// What the server tells the shim about the document that it stands in: the `data-config` attribute of the shim's script element, as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PageConfig {
    /// The session's id.
    pub sid: String,
    /// The view domain, such as `view.localhost`.
    pub domain: String,
    /// Scheme by which browsers reach us: `http` or `https`.
    pub scheme: String,
    /// Port by which browsers reach us.
    pub port: u16,
    /// Real address of the document, without fragment.
    pub url: String,
    /// Real origin behind this view origin.
    pub origin: String,
    /// Real address for `document.referrer`; empty: none.
    pub referrer: String,
    /// The cookies that scripts may see here, as `document.cookie` writes them.
    pub cookie: String,
    /// Address of the companion's script on this origin.
    pub companion: String,
}

/// From the companion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FromVisitor {
    /// Events of one page (one load of a top document), in order.
    Events {
        /// Random id of the page's load, below 2^53.
        #[cfg_attr(test, ts(type = "number"))]
        page: u64,
        /// Number of the batch within the page, from 0. Batch 0 of a socket's page begins with a snapshot; after a gap the
        /// server asks for [`ToVisitor::Resync`].
        seq: u32,
        /// What happened.
        events: Vec<PageEvent>,
    },
    /// Hash of the page's DOM as it is after batch `seq` (see `wash::hash`).
    Hash {
        /// The page.
        #[cfg_attr(test, ts(type = "number"))]
        page: u64,
        /// After which batch.
        seq: u32,
        /// 53-bit hash.
        #[cfg_attr(test, ts(type = "number"))]
        hash: u64,
    },
    /// The tab became visible or hidden.
    Visible {
        /// It is visible.
        visible: bool,
    },
    /// The visitor ends the session.
    End,
    /// Answered with [`ToVisitor::Pong`].
    Ping {
        /// Given back as it is.
        n: u32,
    },
}

/// To the companion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ToVisitor {
    /// First message, and again whenever something in it changes.
    Session {
        /// The agent who started the session.
        agent: String,
        /// Who is watching now, by name.
        watchers: Vec<String>,
        /// What agents may do.
        mode: Mode,
    },
    /// Send a snapshot: the server has no state of this page, or lost step.
    Resync,
    /// Batch `seq` and all before it have been applied.
    Ack {
        /// The batch.
        seq: u32,
    },
    /// The session is over. The companion reloads the page: the server then shows why, and the way back to the site.
    Ended {
        /// Who or what ended it.
        by: EndedBy,
    },
    /// Answer to [`FromVisitor::Ping`].
    Pong {
        /// As sent.
        n: u32,
    },
}
