//! Copies of what the visitor's browser loads, for the agents' views.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::codec::{Coding, Decoder};
use super::visit::{Visit, text};
use crate::session::assets::Loading;
use crate::upstream::Body;
use crate::upstream::body::{self, BodyError};

/// A decoded asset at most; the session's own bound is lower.
const LIMIT: u64 = 64 << 20;

/// Fetch destinations (Fetch Standard, 2.2.5) whose responses agents' views need.
const DESTINATIONS: &[&str] = &["image", "style", "font", "video", "audio", "track"];

/// A request for an asset, announced to the agents' views that may be waiting. Dropped: it failed, and a copy from before stays.
pub(super) struct Announced {
    loading: Option<Loading>,
}

/// Announces a request, if it is for an asset, and makes it unconditional if the session has no copy to fall back on.
pub(super) async fn announce(visit: &Visit<'_>, headers: &mut HeaderMap) -> Announced {
    let asked = text(&visit.headers, "sec-fetch-dest").is_some_and(|dest| DESTINATIONS.contains(&dest));
    if visit.method != Method::GET || !asked {
        return Announced { loading: None };
    }
    let session = visit.session;
    let key = session.asset_key(&visit.real);
    if session.assets().get(&key, Duration::ZERO).await.is_none() {
        for name in [header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE] {
            headers.remove(name);
        }
    }
    Announced { loading: Some(session.assets().begin(key, visit.real.clone())) }
}

impl Announced {
    /// The response's head is there. If it leads elsewhere, the copy will be there.
    pub(super) fn redirect(&self, visit: &Visit<'_>, status: StatusCode, headers: &HeaderMap) {
        if self.loading.is_some()
            && status.is_redirection()
            && let Some(target) = text(headers, "location").and_then(|location| visit.real.join(location).ok())
        {
            let session = visit.session;
            session.assets().redirect(session.asset_key(&visit.real), session.asset_key(&target));
        }
    }

    /// The response's head is there: keeps what its body will be, if it is a whole asset.
    pub(super) fn response(self, visit: &Visit<'_>, status: StatusCode, headers: &HeaderMap) -> Option<Copying> {
        let content_type = text(headers, "content-type").unwrap_or_default();
        if !is_whole(status, headers) {
            return None;
        }
        let decoder = Decoder::new(Coding::of(headers)?, LIMIT);
        let loading = match self.loading {
            Some(loading) => loading,
            None if visit.method == Method::GET && is_asset(visit, content_type) => {
                visit.session.assets().begin(visit.session.asset_key(&visit.real), visit.real.clone())
            }
            None => return None,
        };
        Some(Copying { loading, decoder, content_type: content_type.to_owned() })
    }
}

/// A response's body as it is kept.
pub(super) struct Copying {
    loading: Loading,
    decoder: Decoder,
    content_type: String,
}

impl Copying {
    /// Keeps a text that is all there already, decoded.
    pub(super) fn whole(mut self, text: &str) {
        self.loading.push(text.as_bytes());
        let mime = self.content_type.split(';').next().unwrap_or_default().trim();
        self.loading.finish(&format!("{mime}; charset=utf-8"));
    }

    /// A body that is kept while it goes by.
    pub(super) fn tee(self, body: Body) -> Body {
        body::boxed(Tee { body, copy: Some(self) })
    }

    fn push(mut self, piece: &[u8]) -> Option<Self> {
        let decoded = self.decoder.push(piece).ok()?;
        self.loading.push(&decoded);
        Some(self)
    }

    fn finish(mut self) {
        if let Ok(rest) = self.decoder.finish() {
            self.loading.push(&rest);
            self.loading.finish(&self.content_type);
        }
    }
}

/// See [`Copying::tee`].
struct Tee {
    body: Body,
    copy: Option<Copying>,
}

impl HttpBody for Tee {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(piece) = frame.data_ref() {
                    self.copy = self.copy.take().and_then(|copy| copy.push(piece));
                }
                // hyper does not ask for the end of a body whose length it knows.
                if self.body.is_end_stream()
                    && let Some(copy) = self.copy.take()
                {
                    copy.finish();
                }
            }
            Some(Err(_)) => self.copy = None,
            None => {
                if let Some(copy) = self.copy.take() {
                    copy.finish();
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.copy.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// All of the file: not a part of it, unless the part is all.
fn is_whole(status: StatusCode, headers: &HeaderMap) -> bool {
    match status {
        StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION => true,
        StatusCode::PARTIAL_CONTENT => text(headers, "content-range").is_some_and(covers_all),
        _ => false,
    }
}

/// `bytes 0-99/100` (RFC 9110, 14.4).
fn covers_all(range: &str) -> bool {
    let parts = range.strip_prefix("bytes ").and_then(|range| {
        let (range, total) = range.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        Some((first.parse::<u64>().ok()?, last.parse::<u64>().ok()?, total.parse::<u64>().ok()?))
    });
    parts.is_some_and(|(first, last, total)| first == 0 && last.checked_add(1) == Some(total))
}

/// Whether a response is an asset although the browser did not say so: an old browser, a picture that is shown as a document, or what the companion
/// fetches once more after a restart.
fn is_asset(visit: &Visit<'_>, content_type: &str) -> bool {
    let shown = match text(&visit.headers, "sec-fetch-dest") {
        None | Some("document" | "iframe" | "frame" | "object" | "embed") => true,
        Some("empty") => visit.session.is_restored(),
        Some(_) => false,
    };
    let content_type = content_type.trim().to_ascii_lowercase();
    shown
        && (content_type.starts_with("text/css")
            || ["image/", "font/", "video/", "audio/"].iter().any(|kind| content_type.starts_with(kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_that_is_all() {
        for (range, all) in [
            ("bytes 0-99/100", true),
            ("bytes 0-98/100", false),
            ("bytes 1-99/100", false),
            ("bytes 0-99/*", false),
            ("bytes */100", false),
            ("items 0-99/100", false),
            ("bytes 0-18446744073709551615/0", false),
        ] {
            assert_eq!(covers_all(range), all, "{range}");
        }
    }
}
