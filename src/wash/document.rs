//! A document as text into a mirror.

use url::Url;

use super::Mirror;

/// Parses an HTML document; `url` is its real address.
#[must_use]
pub fn parse(html: &str, url: &Url) -> Mirror {
    Mirror::default()
}
