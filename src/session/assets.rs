//! What the visitor's browser loaded and agents' views need: pictures, styles, fonts, media. Bounded, in memory, wiped at the end.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

/// A loaded asset.
#[derive(Clone, Debug)]
pub struct Asset {
    /// The `Content-Type` that the site gave.
    pub content_type: String,
    /// The decoded body.
    pub body: Bytes,
    /// Real address that it came from.
    pub url: url::Url,
}

/// The assets of one session, by the key that `Wash::asset_key` makes of their real address.
#[derive(Default)]
pub struct Assets {}

impl Assets {
    /// The visitor's browser asks for it: agents' views wait from now on. Without [`Loading::finish`] it failed; a copy that was
    /// loaded before stays.
    #[must_use]
    pub fn begin(self: &Arc<Self>, _key: String, _url: url::Url) -> Loading {
        Loading {}
    }

    /// Stores one whole.
    pub fn put(self: &Arc<Self>, key: String, url: url::Url, content_type: &str, body: &[u8]) {
        let mut loading = self.begin(key, url);
        loading.push(body);
        loading.finish(content_type);
    }

    /// An asset; waits while the visitor's browser is still loading it, or has not asked for it yet, for `wait` at most.
    pub async fn get(&self, _key: &str, _wait: Duration) -> Option<Asset> {
        None
    }

    /// Forgets all, and takes none any more.
    pub fn wipe(&self) {}
}

/// An asset on its way to the visitor's browser.
pub struct Loading {}

impl Loading {
    /// The next piece of the decoded body. What is over the bounds is not kept.
    pub fn push(&mut self, _piece: &[u8]) {}

    /// It came whole.
    pub fn finish(self, _content_type: &str) {}
}
