//! Fetching what a preview shows: each address permitted by the rules that are tried, through the guarded way out, without cookies, within bounds.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use data_encoding::BASE64;
use futures_util::{StreamExt, stream};
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, LOCATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request};
use http_body_util::BodyExt;
use ipnet::IpNet;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::policy::{Policy, Refused, Use};
use crate::proxy::codec::{Coding, Decoder};
use crate::rewrite::{css, html};
use crate::session::trail::{Deed, Trail, What};
use crate::upstream::{Upstream, UpstreamError, body};
use crate::wash::preview::{Files, Page, Sheet, Wanted};

/// Most bytes of a page.
pub(super) const PAGE: usize = 4 << 20;
/// How long a page may take.
const PAGE_TIME: Duration = Duration::from_secs(15);
/// Most style sheets, pictures and fonts of a page.
const FILES: usize = 60;
/// Most sheets within one another by imports.
const ROUNDS: usize = 5;
/// Most bytes of them in all.
const FILES_BYTES: usize = 4 << 20;
/// How long they may take in all.
const FILES_TIME: Duration = Duration::from_secs(10);
/// How many are fetched at once.
const AT_ONCE: usize = 6;
/// Most redirects.
const REDIRECTS: usize = 10;
/// Who asks.
const AGENT: &str = "Mozilla/5.0 (compatible; Alongside preview)";

/// Why a page cannot be shown.
#[derive(Clone, Debug, thiserror::Error)]
pub(in crate::server) enum NoPage {
    /// The rules do not permit it, or what it leads to.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// There is no answer that can be read.
    #[error(transparent)]
    Upstream(#[from] UpstreamError),
    /// It leads from one address to the next.
    #[error("too many redirects")]
    Redirects,
    /// It is something else.
    #[error("not an HTML page")]
    NotHtml,
    /// It has too many nodes.
    #[error("too large to be shown")]
    TooLarge,
}

/// The way out, by the rules that are tried.
#[derive(Clone)]
pub(super) struct Fetcher {
    pub(super) upstream: Upstream,
    pub(super) policy: Arc<Policy>,
    pub(super) trail: Trail,
    /// Name of the account that asks.
    pub(super) by: String,
}

/// A response.
struct Got {
    url: Url,
    status: u16,
    headers: HeaderMap,
    content: Bytes,
}

impl Fetcher {
    /// A page: its address in the end, its text, and what is to be said of it.
    pub(super) async fn page(&self, url: Url) -> Result<(Url, String, Vec<String>), NoPage> {
        let got = tokio::time::timeout(PAGE_TIME, self.get(url, Use::Page, PAGE));
        let got = got.await.map_err(|_| UpstreamError::TimedOut)??;
        let content_type = got.content_type();
        if !content_type.is_empty()
            && !["text/html", "application/xhtml+xml"].iter().any(|html| content_type.starts_with(html))
        {
            return Err(NoPage::NotHtml);
        }
        let encoding =
            html::sniff(&got.content[..got.content.len().min(1024)], Some(content_type).filter(|t| !t.is_empty()));
        let (text, _, _) = encoding.decode(&got.content);
        let mut notes = Vec::new();
        if !(200..300).contains(&got.status) {
            notes.push(format!("The site answered with status {}.", got.status));
        }
        Ok((got.url, text.into_owned(), notes))
    }

    /// Style sheets, pictures and fonts of a page, as many as come within the bounds, and what is to be said of the others.
    pub(super) async fn files(&self, page: &Page, wanted: Vec<Wanted>) -> (Files, Vec<String>) {
        let mut files = Files::default();
        let deadline = Instant::now() + FILES_TIME;
        let left = AtomicUsize::new(FILES_BYTES);
        let mut seen = HashSet::new();
        let mut new = |wanted: &Wanted| seen.insert(wanted.key.clone());
        let (mut sheets, mut others): (Vec<_>, Vec<_>) =
            wanted.into_iter().filter(&mut new).partition(|wanted| wanted.sheet);
        let (mut asked, mut room) = (0, FILES);
        // Round by round: what the sheets of one import is the next.
        for _ in 0..ROUNDS {
            asked += sheets.len();
            let round: Vec<_> = sheets.drain(..).take(room).collect();
            room -= round.len();
            for (wanted, got) in self.all(round.into_iter(), &left, deadline).await {
                let content_type = got.content_type();
                if !content_type.is_empty() && !content_type.starts_with("text/css") {
                    continue;
                }
                let sheet = Sheet { text: css::text(&got.content, Some(content_type)), base: got.url };
                let (imported, shown): (Vec<_>, Vec<_>) =
                    page.wanted_by(&sheet).into_iter().filter(&mut new).partition(|wanted| wanted.sheet);
                sheets.extend(imported);
                others.extend(shown);
                files.sheets.insert(wanted.key, sheet);
            }
        }
        let missing = asked + sheets.len() - files.sheets.len();
        let wanted = others.len();
        for (wanted, got) in self.all(others.into_iter().take(room), &left, deadline).await {
            files.data.extend(within(&got).map(|address| (wanted.key, address)));
        }
        let mut notes = Vec::new();
        let mut note = |missing: usize, what: &str| {
            if missing > 0 {
                notes.push(format!("{missing} {what}{} not shown.", if missing == 1 { " is" } else { "s are" }));
            }
        };
        note(missing, "style sheet");
        note(wanted - files.data.len(), "picture or font file");
        (files, notes)
    }

    async fn all(
        &self,
        wanted: impl Iterator<Item = Wanted>,
        left: &AtomicUsize,
        deadline: Instant,
    ) -> Vec<(Wanted, Got)> {
        let fetched = stream::iter(wanted.map(|wanted| async move {
            let room = left.load(Ordering::Relaxed);
            let got = self.get(wanted.url.clone(), Use::Load, room).await.ok()?;
            let taken = got.content.len();
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(taken)).ok()?;
            (200..300).contains(&got.status).then_some((wanted, got))
        }));
        let mut fetched = std::pin::pin!(fetched.buffered(AT_ONCE));
        let mut all = Vec::new();
        while let Ok(Some(one)) = timeout_at(deadline, fetched.next()).await {
            all.extend(one);
        }
        all
    }

    /// Which pages are fetched is noted, and whatever may come out of a private network.
    fn note(&self, url: &Url, usage: Use, networks: &[IpNet]) {
        if usage == Use::Page || !networks.is_empty() {
            let host = url.host_str().unwrap_or_default();
            self.trail.count(Deed::new(What::PageFetched).by(&self.by).about(host));
        }
    }

    async fn get(&self, mut url: Url, usage: Use, limit: usize) -> Result<Got, NoPage> {
        for _ in 0..=REDIRECTS {
            let permit = self.policy.permit(&url, usage)?;
            let networks = self.policy.networks(&permit);
            self.note(&url, usage, &networks);
            let mut request = Request::new(body::empty());
            let headers = request.headers_mut();
            let accept = if usage == Use::Page {
                "text/html,application/xhtml+xml"
            } else {
                "text/css,image/*,font/*,*/*;q=0.1"
            };
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br, zstd"));
            headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
            let response = self.upstream.fetch(&permit, &networks, request).await?;
            let (head, body) = response.into_parts();
            let location = head.headers.get(LOCATION).and_then(|location| location.to_str().ok());
            if let Some(location) = location.filter(|_| head.status.is_redirection()) {
                url = url.join(location).map_err(|_| UpstreamError::Protocol)?;
                continue;
            }
            let coding = Coding::of(&head.headers).ok_or(UpstreamError::Protocol)?;
            let content = read(body, Decoder::new(coding, limit as u64), limit).await?;
            return Ok(Got { url, status: head.status.as_u16(), headers: head.headers, content });
        }
        Err(NoPage::Redirects)
    }
}

/// All of a body, decoded.
async fn read(mut body: body::Body, mut decoder: Decoder, limit: usize) -> Result<Bytes, UpstreamError> {
    let mut content = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| UpstreamError::Protocol)?;
        let Some(piece) = frame.data_ref() else { continue };
        content.extend_from_slice(&decoder.push(piece).map_err(|_| UpstreamError::TooLarge)?);
        if content.len() > limit {
            return Err(UpstreamError::TooLarge);
        }
    }
    content.extend_from_slice(&decoder.finish().map_err(|_| UpstreamError::Protocol)?);
    if content.len() > limit { Err(UpstreamError::TooLarge) } else { Ok(content.freeze()) }
}

impl Got {
    fn content_type(&self) -> &str {
        self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A picture or a font within an address; none: it is something else.
fn within(got: &Got) -> Option<String> {
    let kind = got.content_type().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let name = kind.strip_prefix("image/").unwrap_or_default();
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let kind = if plain { &kind } else { recognised(&got.content)? };
    Some(format!("data:{kind};base64,{}", BASE64.encode(&got.content)))
}

/// What begins like a font or a picture, whatever its site calls it.
fn recognised(content: &[u8]) -> Option<&'static str> {
    const BEGINNINGS: [(&[u8], &str); 8] = [
        (b"wOF2", "font/woff2"),
        (b"wOFF", "font/woff"),
        (b"OTTO", "font/otf"),
        (b"\0\x01\0\0", "font/ttf"),
        (b"true", "font/ttf"),
        (b"\x89PNG\r\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
    ];
    BEGINNINGS.iter().find(|(beginning, _)| content.starts_with(beginning)).map(|(_, kind)| *kind)
}
