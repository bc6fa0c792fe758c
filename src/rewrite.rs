//! What a visitor's browser gets: addresses mapped, what the allowlist does not let load stripped. Pure.
//!
//! - [`html`]: documents, streaming.
//! - [`css`]: style sheets and `style` attributes.
//! - [`headers`]: both directions.
//! - [`table`]: which attributes hold addresses, shared with the shim.
//! - [`html::sniff`]: in which encoding a document is.

use std::sync::Arc;

use url::Url;

use crate::origin::{Sid, UpstreamOrigin, ViewDomain};
use crate::policy::Policy;

mod address;
pub mod css;
mod entity;
pub mod headers;
pub mod html;
mod importmap;
mod refresh;
mod srcset;
pub mod table;

/// A document or style sheet on its way to the visitor.
#[derive(Clone)]
pub struct Page {
    /// The session.
    pub sid: Sid,
    /// Where view origins live.
    pub domain: Arc<ViewDomain>,
    /// What may load.
    pub policy: Arc<Policy>,
    /// Real address of the document or sheet.
    pub url: Url,
    /// Markup put before everything of the page's own: the shim.
    pub inject: String,
    /// Told of each origin whose label is hashed, so that the session can resolve it.
    pub hashed: Arc<dyn Fn(&UpstreamOrigin) + Send + Sync>,
}

/// A document cannot be rewritten.
#[derive(Debug, thiserror::Error)]
pub enum RewriteError {
    /// One tag or text needs more memory than a document may have.
    #[error("the document has a tag that is too large to rewrite")]
    TooLarge,
    /// Anything else, in the rewriter's words.
    #[error("the document cannot be rewritten: {0}")]
    Broken(String),
}

#[cfg(test)]
mod tests;
