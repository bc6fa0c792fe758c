//! One request of the visitor's browser, read: the real address, what it is for, and the cookies that it carries.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use super::codec::Coding;
use super::pages::Problem;
use crate::origin::{LabelOrigin, UpstreamOrigin};
use crate::policy::{Policy, Use};
use crate::rewrite::Page;
use crate::rewrite::headers::{self, Exchange, Kind};
use crate::session::jar::Context;
use crate::session::{Credential, Session};
use crate::upstream::UpstreamError;

/// Name of the cookies that carry what scripts wrote to `document.cookie`: this and a number. The value is percent-encoded. The prefix
/// has browsers see to it that no other view origin can set one for this one (rfc6265bis, 4.1.3.2).
const CARRIER: &str = "__Host-alongside-w";
/// Carriers heeded in one request.
const CARRIERS: usize = 64;
/// Longest `x-alongside-cookie`, in bytes; browsers and proxies refuse longer fields.
const COOKIE_HEADER_MAX: usize = 16 << 10;

type Hashed = Arc<dyn Fn(&UpstreamOrigin) + Send + Sync>;
type Known = Box<dyn Fn(&str) -> Option<UpstreamOrigin> + Send + Sync>;

/// A request of the visitor's browser.
pub(super) struct Visit<'a> {
    pub(super) session: &'a Arc<Session>,
    /// As it was when the request came: its answer goes by that to the end.
    pub(super) policy: Arc<Policy>,
    pub(super) credential: Credential,
    pub(super) method: Method,
    /// Header fields as the browser sent them.
    pub(super) headers: HeaderMap,
    /// Real address that is asked for.
    pub(super) real: Url,
    /// The document that asked, as far as the browser tells: an address of a page of the session, `about:blank` for one that stays unnamed or is none of the session's,
    /// none where the person did.
    initiator: Option<Url>,
    hashed: Hashed,
    known: Known,
}

impl<'a> Visit<'a> {
    /// Reads a request to a view origin.
    pub(super) fn read(
        session: &'a Arc<Session>,
        credential: Credential,
        origin: &LabelOrigin,
        (method, uri, headers): (Method, &Uri, HeaderMap),
        web_socket: bool,
    ) -> Result<Self, Problem> {
        let real = real_address(session, origin, uri).ok_or(Problem::BadAddress)?;
        let initiator = initiator(session, &real, &headers);
        let (registers, knows) = (Arc::clone(session), Arc::clone(session));
        let mut visit = Self {
            session,
            policy: session.policy(),
            credential,
            method,
            headers,
            real,
            initiator,
            hashed: Arc::new(move |origin: &UpstreamOrigin| registers.register_hashed(origin)),
            known: Box::new(move |label: &str| knows.hashed(label)),
        };
        if let Some(query) = visit.real.query() {
            let query = headers::unmap_query(&visit.exchange(), query).into_owned();
            visit.real.set_query(Some(&query));
        }
        if web_socket {
            let scheme = if visit.real.scheme() == "https" { "wss" } else { "ws" };
            visit.real.set_scheme(scheme).map_err(|()| Problem::BadAddress)?;
        }
        Ok(visit)
    }

    /// For the header fields both ways.
    pub(super) fn exchange(&self) -> Exchange<'_> {
        Exchange {
            sid: self.session.id(),
            domain: self.session.domain(),
            url: &self.real,
            request: &self.headers,
            known: &*self.known,
            hashed: &*self.hashed,
        }
    }

    /// For the rewriter.
    pub(super) fn page(&self, inject: String) -> Page {
        Page {
            sid: self.session.id().clone(),
            domain: Arc::clone(self.session.domain()),
            policy: Arc::clone(&self.policy),
            url: self.real.clone(),
            inject,
            hashed: Arc::clone(&self.hashed),
        }
    }

    /// For what the browser asks: a document in a tab must be among the pages, anything else may be among the loads.
    pub(super) fn usage(&self) -> Use {
        match text(&self.headers, "sec-fetch-dest") {
            Some("document") => Use::Page,
            Some(_) => Use::Load,
            None if super::pages::wants_document(&self.headers) => Use::Page,
            None => Use::Load,
        }
    }

    /// See [`super::pages::is_for_tab`].
    pub(super) fn is_for_tab(&self) -> bool {
        super::pages::is_for_tab(&self.headers)
    }

    /// It asks for a service worker's script, which would stay in the browser and see its later requests.
    pub(super) fn outlives(&self) -> bool {
        text(&self.headers, "sec-fetch-dest") == Some("serviceworker") || self.headers.contains_key("service-worker")
    }

    /// What is done with a response's body.
    pub(super) fn kind(&self, status: StatusCode, head: &HeaderMap) -> Kind {
        let bare = self.method == Method::HEAD || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        if bare { Kind::Other } else { headers::kind(&self.headers, head) }
    }

    /// How a body that is rewritten came, and how it goes on.
    pub(super) fn codings(&self, head: &HeaderMap) -> Result<(Coding, Coding), UpstreamError> {
        Ok((Coding::of(head).ok_or(UpstreamError::Protocol)?, Coding::accepted(&self.headers)))
    }

    /// The page that tells that the address is none of the session's, with the way back for a tab.
    pub(super) fn not_allowed(&self) -> Problem {
        let session = self.session;
        let goes = self.usage() == Use::Page && self.policy.permit(session.start(), Use::Page).is_ok();
        let back = if goes { session.domain().map(session.id(), session.start()) } else { None };
        Problem::NotAllowed { url: self.real.clone(), back: back.map(Box::new) }
    }

    /// The page that tells of a failure.
    pub(super) fn failed(&self, error: UpstreamError) -> Problem {
        tracing::debug!(session = %self.session.id(), %error, "no answer from a site");
        Problem::Upstream(error, self.real.clone())
    }

    /// Done when the session is over.
    pub(super) fn ended(&self) -> impl Future<Output = ()> + Send + 'static {
        let session = Arc::clone(self.session);
        async move {
            session.ended().await;
        }
    }

    /// The jar's cookies, if the browser itself sent credentials.
    pub(super) fn attach_cookies(&self, fields: &mut HeaderMap) {
        fields.remove(header::COOKIE);
        if self.credential.has_jar()
            && let Some(cookie) = self.session.jar().cookie_header(&self.real, self.cookie_context())
        {
            fields.insert(header::COOKIE, cookie);
        }
    }

    /// The response's cookies go to the jar.
    pub(super) fn store_cookies(&self, head: &HeaderMap) {
        if self.credential.has_jar() {
            self.session.jar().store_response(&self.real, head, self.cookie_context());
        }
    }

    fn cookie_context(&self) -> Context<'_> {
        Context {
            initiator: self.initiator.as_ref(),
            top_level: self.usage() == Use::Page,
            safe_method: self.method.is_safe(),
        }
    }

    /// The document whose scripts' cookies the request concerns: the one that asked, if it is of the same origin.
    fn cookie_document(&self) -> &Url {
        self.initiator.as_ref().filter(|url| url.origin() == self.real.origin()).unwrap_or(&self.real)
    }

    /// What scripts of a page wrote to `document.cookie`, in the order in which they wrote it, goes to the jar. Gives the names of the cookies that carried it.
    pub(super) fn take_carried(&self) -> Vec<String> {
        // Whoever has no part in the jar has none in filling it.
        if !self.credential.has_jar() {
            return Vec::new();
        }
        let mut carried: Vec<(u64, &str, &str)> = Vec::new();
        for value in self.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            for (name, value) in value.split(';').filter_map(|pair| pair.trim().split_once('=')) {
                if let Some(number) = name.strip_prefix(CARRIER).and_then(|number| number.parse().ok()) {
                    carried.push((number, name, value));
                }
            }
        }
        carried.sort_unstable_by_key(|(number, ..)| *number);
        carried.truncate(CARRIERS);
        let mut names = Vec::with_capacity(carried.len());
        for (_, name, value) in carried {
            if let Ok(cookie) = percent_decode_str(value).decode_utf8() {
                self.session.jar().store_script(self.cookie_document(), &cookie);
            }
            names.push(name.to_owned());
        }
        names
    }

    /// Tells the browser to forget the cookies that carried something, and scripts what they may see now.
    pub(super) fn tell_cookies(&self, carried: &[String], response: &mut HeaderMap) {
        for name in carried {
            if let Ok(value) = HeaderValue::from_str(&format!("{name}=; Path=/; Max-Age=0; Secure")) {
                response.append(header::SET_COOKIE, value);
            }
        }
        let by_script = text(&self.headers, "sec-fetch-dest") == Some("empty")
            && text(&self.headers, "sec-fetch-site") == Some("same-origin");
        if by_script && self.credential.has_jar() {
            let visible = self.session.jar().script_visible(self.cookie_document());
            let encoded = utf8_percent_encode(&visible, NON_ALPHANUMERIC).to_string();
            if encoded.len() <= COOKIE_HEADER_MAX
                && let Ok(value) = HeaderValue::from_str(&encoded)
            {
                response.insert("x-alongside-cookie", value);
            }
        }
    }
}

/// The request asks for an upgrade to WebSocket (RFC 6455, 4.1).
pub(super) fn wants_web_socket<B>(request: &Request<B>) -> bool {
    request.method() == Method::GET
        && text(request.headers(), "upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// The real address behind a request to a view origin. None: there is none.
fn real_address(session: &Session, origin: &LabelOrigin, uri: &Uri) -> Option<Url> {
    let origin = match origin {
        LabelOrigin::Known(origin) => origin.clone(),
        LabelOrigin::Hashed(label) => session.hashed(label)?,
    };
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    if !path.starts_with('/') {
        return None;
    }
    Url::parse(&format!("{}{path}", origin.serialize())).ok()
}

fn initiator(session: &Session, real: &Url, headers: &HeaderMap) -> Option<Url> {
    let named = [header::REFERER, header::ORIGIN].iter().find_map(|name| unmap(session, headers.get(name)?));
    let navigation = text(headers, "sec-fetch-mode") == Some("navigate");
    let foreign = [header::REFERER, header::ORIGIN].iter().any(|name| headers.get(name).is_some_and(|v| v != "null"));
    match (named, text(headers, "sec-fetch-site")) {
        (Some(url), _) => Some(url),
        (None, Some("same-origin")) => Some(real.clone()),
        (None, Some("cross-site")) => Url::parse("about:blank").ok(),
        (None, Some("same-site")) if !navigation => Url::parse("about:blank").ok(),
        (None, _) if foreign => Url::parse("about:blank").ok(),
        (None, _) => None,
    }
}

/// A view address in a header field as the real one.
fn unmap(session: &Session, value: &HeaderValue) -> Option<Url> {
    let url = Url::parse(value.to_str().ok()?).ok()?;
    let (sid, real) = session.domain().unmap(&url, |_, label| session.hashed(label))?;
    (sid == *session.id()).then_some(real)
}

/// A header field as text.
pub(super) fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Says what a rewritten body is now.
pub(super) fn describe(fields: &mut HeaderMap, content_type: &str, charset: &str, coding: Coding) {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if let Ok(value) = HeaderValue::from_str(&format!("{essence}; charset={}", charset.to_ascii_lowercase())) {
        fields.insert(header::CONTENT_TYPE, value);
    }
    fields.remove(header::CONTENT_LENGTH);
    fields.remove(header::CONTENT_ENCODING);
    if coding != Coding::Identity {
        fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
    fields.append(header::VARY, HeaderValue::from_static("accept-encoding"));
}

/// JSON in ASCII, so that a document's encoding does not matter to it.
pub(super) fn ascii_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}
