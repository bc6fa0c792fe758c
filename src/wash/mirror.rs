//! The session's copy of the page's tree.

/// An event does not fit the mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// There is no snapshot yet, or an event before this one did not fit.
    #[error("no snapshot to build on")]
    NoPage,
    /// A bound is exceeded.
    #[error("the page is larger than the server keeps")]
    TooLarge,
}

/// The session's copy of the page's tree.
#[derive(Default)]
pub struct Mirror {
    url: String,
}

impl Mirror {
    /// Address as the companion gave it (a view URL); empty before the first snapshot.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Text of the top document's `title`.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        None
    }

    /// 53-bit hash of the tree.
    #[must_use]
    pub fn hash(&self) -> u64 {
        0
    }
}
