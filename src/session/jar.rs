//! The cookies of a session's sites. They never reach a browser, except for those that scripts may see.
//!
//! Storage and matching are cookie_store's (RFC 6265); what the later draft adds stands here: public suffixes, `Secure` from plain
//! origins, name prefixes, `SameSite`, sizes (draft-ietf-httpbis-rfc6265bis-22).

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use cookie_store::{Cookie, CookieStore, RawCookie};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use url::{Host, Url};

use super::changes::Mark;

mod kept;

pub use kept::KeptCookies;

/// Bytes of name and value together.
const COOKIE_MAX: usize = 4096;
/// Bytes of one attribute's value; a longer one counts as absent.
const ATTRIBUTE_MAX: usize = 1024;
/// Cookies of one site; the oldest go first.
const SITE_MAX: usize = 180;
/// Cookies of all sites.
const TOTAL_MAX: usize = 2000;

/// What decides about `SameSite` cookies of a request (rfc6265bis, 5.2).
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Real address of the document that asked; none: the person did (typed, bookmark, the session's start).
    pub initiator: Option<&'a Url>,
    /// The request loads a document into a tab.
    pub top_level: bool,
    /// Its method is GET, HEAD, OPTIONS or TRACE.
    pub safe_method: bool,
}

/// The cookies of one session.
#[derive(Default)]
pub struct Jar {
    inner: Mutex<Inner>,
    /// Told whenever a cookie came, went, or changed.
    mark: Mark,
}

#[derive(Default)]
struct Inner {
    store: CookieStore,
    /// Keys in order of creation.
    order: VecDeque<Key>,
    wiped: bool,
}

#[derive(Clone, PartialEq, Eq)]
struct Key {
    domain: String,
    path: String,
    name: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Response,
    Script,
}

impl Jar {
    /// The `Cookie` header of a request to a real address.
    #[must_use]
    pub fn cookie_header(&self, url: &Url, context: Context<'_>) -> Option<HeaderValue> {
        let url = as_http(url)?;
        let inner = self.lock();
        let sent = inner.matching(&url).into_iter().filter(|cookie| may_send(cookie, &url, context));
        let text = join(sent);
        if text.is_empty() {
            return None;
        }
        let mut value = HeaderValue::from_bytes(text.as_bytes()).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Takes the `Set-Cookie` headers of a response from a real address.
    pub fn store_response(&self, url: &Url, headers: &HeaderMap, context: Context<'_>) {
        let Some(url) = as_http(url) else { return };
        let mut inner = self.lock();
        let mut changed = false;
        for value in headers.get_all(SET_COOKIE) {
            if let Ok(text) = std::str::from_utf8(value.as_bytes()) {
                changed |= inner.store(&url, text, context, Source::Response);
            }
        }
        drop(inner);
        if changed {
            self.mark.set();
        }
    }

    /// Takes what a script wrote to `document.cookie` of a real document. `HttpOnly` cookies can neither be made nor changed so.
    pub fn store_script(&self, url: &Url, cookie: &str) {
        let Some(url) = as_http(url) else { return };
        let context = Context { initiator: Some(&url), ..Context::default() };
        if self.lock().store(&url, cookie, context, Source::Script) {
            self.mark.set();
        }
    }

    /// What `document.cookie` of a real document reads.
    #[must_use]
    pub fn script_visible(&self, url: &Url) -> String {
        let Some(url) = as_http(url) else { return String::new() };
        let inner = self.lock();
        join(inner.matching(&url).into_iter().filter(|cookie| !cookie.http_only().unwrap_or(false)))
    }

    /// Forgets all, and takes none any more.
    pub fn wipe(&self) {
        *self.lock() = Inner { wiped: true, ..Inner::default() };
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Cookies of an address, the longest path first (RFC 6265, 5.4).
    fn matching(&self, url: &Url) -> Vec<&Cookie<'static>> {
        let mut found = self.store.matches(&as_trusted(url));
        let age = |cookie: &Cookie<'_>| self.order.iter().position(|key| *key == key_of(cookie));
        found.sort_by_cached_key(|cookie| (std::cmp::Reverse(cookie.path.len()), age(cookie)));
        found
    }

    /// True: the jar is not as it was.
    fn store(&mut self, url: &Url, text: &str, context: Context<'_>, source: Source) -> bool {
        if self.wiped {
            return false;
        }
        let Some(cookie) = acceptable(url, text, context, source) else { return false };
        let url = &as_trusted(url);
        let key = key_of(&cookie);
        let old = self.store.get_any(&key.domain, &key.path, &key.name);
        if source == Source::Script && old.is_some_and(|old| old.http_only().unwrap_or(false)) {
            return false;
        }
        if !is_secure(url) && self.shadows_secure(&cookie, url) {
            return false;
        }
        if cookie.is_expired() {
            self.order.retain(|known| *known != key);
            return self.store.remove(&key.domain, &key.path, &key.name).is_some();
        }
        let changes = old.is_none_or(|old| *old != cookie);
        if self.store.insert(cookie, url).is_err() {
            return false;
        }
        if !self.order.contains(&key) {
            self.order.push_back(key.clone());
            self.evict(&key);
        }
        changes
    }

    /// A plain origin may not lay a cookie over a secure one (rfc6265bis, 5.7, "leave secure cookies alone").
    fn shadows_secure(&self, cookie: &Cookie<'_>, url: &Url) -> bool {
        let mut https = url.clone();
        https.set_scheme("https").is_ok()
            && self.store.matches(&https).iter().any(|old| old.secure().unwrap_or(false) && old.name() == cookie.name())
    }

    fn evict(&mut self, newest: &Key) {
        let store = &self.store;
        self.order.retain(|key| store.get(&key.domain, &key.path, &key.name).is_some());
        let site = registrable(&newest.domain);
        while self.order.iter().filter(|key| registrable(&key.domain) == site).count() > SITE_MAX {
            let oldest = self.order.iter().position(|key| registrable(&key.domain) == site);
            self.drop_at(oldest);
        }
        while self.order.len() > TOTAL_MAX {
            self.drop_at(Some(0));
        }
    }

    fn drop_at(&mut self, place: Option<usize>) {
        if let Some(key) = place.and_then(|i| self.order.remove(i)) {
            self.store.remove(&key.domain, &key.path, &key.name);
        }
    }
}

/// A cookie that a browser would accept from this address, host-only where its domain is a public suffix that is the host itself.
fn acceptable(url: &Url, text: &str, context: Context<'_>, source: Source) -> Option<Cookie<'static>> {
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return None;
    }
    let mut raw = RawCookie::parse(text.to_owned()).ok()?;
    if raw.name().is_empty() || raw.name().len() + raw.value().len() > COOKIE_MAX {
        return None;
    }
    if raw.path().is_some_and(|path| path.len() > ATTRIBUTE_MAX) {
        raw.unset_path();
    }
    let secure = raw.secure().unwrap_or(false);
    if secure && !is_secure(url) || source == Source::Script && raw.http_only().unwrap_or(false) {
        return None;
    }
    let has_domain = raw.domain().is_some_and(|domain| !domain.is_empty());
    if !prefix_holds(&raw, has_domain, secure) || !same_site_holds(&raw, url, context, secure) {
        return None;
    }
    if has_domain {
        let domain = raw.domain().unwrap_or_default().trim_start_matches('.').to_ascii_lowercase();
        let host = url.host_str().unwrap_or_default();
        let whole_host = matches!(url.host(), Some(Host::Domain(_)));
        if domain.len() > ATTRIBUTE_MAX || (!whole_host || is_public_suffix(&domain)) && domain != host {
            return None;
        }
        if domain == host && (!whole_host || is_public_suffix(&domain)) {
            raw.unset_domain();
        }
    }
    Cookie::try_from_raw_cookie(&raw, url).ok().map(Cookie::into_owned)
}

/// `__Secure-` and `__Host-` keep their promises (rfc6265bis, 4.1.3).
fn prefix_holds(raw: &RawCookie<'_>, has_domain: bool, secure: bool) -> bool {
    let starts = |prefix: &str| raw.name().get(..prefix.len()).is_some_and(|name| name.eq_ignore_ascii_case(prefix));
    if starts("__Host-") {
        return secure && !has_domain && raw.path() == Some("/");
    }
    !starts("__Secure-") || secure
}

/// A cross-site response that is not a navigation sets `SameSite=None` cookies only, and those need `Secure` (rfc6265bis, 5.7).
fn same_site_holds(raw: &RawCookie<'_>, url: &Url, context: Context<'_>, secure: bool) -> bool {
    if raw.same_site().is_some_and(|s| s.is_none()) {
        return secure;
    }
    context.top_level || is_same_site(context.initiator, url)
}

fn may_send(cookie: &Cookie<'_>, url: &Url, context: Context<'_>) -> bool {
    if is_same_site(context.initiator, url) {
        return true;
    }
    match cookie.same_site() {
        Some(rule) if rule.is_none() => true,
        Some(rule) if rule.is_strict() => false,
        _ => context.top_level && context.safe_method,
    }
}

/// Scheme and registrable domain agree (HTML, "same site", schemeful).
fn is_same_site(initiator: Option<&Url>, url: &Url) -> bool {
    let Some(initiator) = initiator else { return true };
    let Some(initiator) = as_http(initiator) else { return false };
    let site = |url: &Url| url.host_str().map(|host| (url.scheme().to_owned(), registrable_of(url, host)));
    site(&initiator) == site(url)
}

fn registrable_of(url: &Url, host: &str) -> String {
    match url.host() {
        Some(Host::Domain(_)) => registrable(host),
        _ => host.to_owned(),
    }
}

fn registrable(host: &str) -> String {
    let is_address = host.starts_with('[') || host.parse::<std::net::IpAddr>().is_ok();
    let domain = if is_address { None } else { psl::domain_str(host) };
    domain.unwrap_or(host).to_owned()
}

fn is_public_suffix(domain: &str) -> bool {
    psl::suffix_str(domain) == Some(domain)
}

/// `https`, or an address of this machine (Secure Contexts, "potentially trustworthy").
fn is_secure(url: &Url) -> bool {
    url.scheme() == "https"
        || match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
}

/// An address that counts as secure, as cookie_store knows one.
fn as_trusted(url: &Url) -> Url {
    let mut trusted = url.clone();
    if is_secure(url) && trusted.set_scheme("https").is_err() {
        return url.clone();
    }
    trusted
}

/// WebSocket addresses share their twins' cookies.
fn as_http(url: &Url) -> Option<Url> {
    let mut url = url.clone();
    match url.scheme() {
        "http" | "https" => {}
        "ws" => url.set_scheme("http").ok()?,
        "wss" => url.set_scheme("https").ok()?,
        _ => return None,
    }
    Some(url)
}

fn key_of(cookie: &Cookie<'_>) -> Key {
    Key { domain: String::from(&cookie.domain), path: String::from(&cookie.path), name: cookie.name().to_owned() }
}

fn join<'a>(cookies: impl Iterator<Item = &'a Cookie<'static>>) -> String {
    let pairs: Vec<_> = cookies.map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
    pairs.join("; ")
}

#[cfg(test)]
mod tests;
