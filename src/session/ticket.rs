//! The visitor's way from consent to the site: a single-use ticket, then the session's cookie; and what later requests must show.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::header::{COOKIE, ORIGIN};
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;
use url::Url;

use super::changes::Mark;
use super::token::{Hash, NoRandomness, Secret};
use super::wall::Wall;
use crate::origin::{Label, Scheme, Sid, UpstreamOrigin, ViewDomain, base32};

/// How long a ticket lives.
const TICKET: Duration = Duration::from_secs(60);
/// Addresses that a visitor may come from (a phone changes them); the exception for anonymous loads needs one that is known.
const ADDRESSES: usize = 64;

/// How a request to a view origin proved that it is the visitor's (ARCHITECTURE.md, "Credentials of a request").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// It carried the session's cookie: the jar takes part.
    Cookie,
    /// It came from the page in our own Chrome, by a cookie of that page's own: the jar takes part, too.
    Hosted,
    /// An anonymous CORS load of a page of the session: no jar.
    Anonymous,
}

impl Credential {
    /// The browser itself sent credentials.
    #[must_use]
    pub fn has_jar(self) -> bool {
        self != Self::Anonymous
    }
}

/// Who gets in.
#[derive(Default)]
pub(super) struct Door {
    inner: Mutex<Inner>,
    /// Told when somebody else may get in.
    mark: Mark,
}

/// It, as it is kept while the server is down.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptDoor {
    ticket: Option<(Hash, Wall)>,
    cookie: Option<Hash>,
    addresses: HashSet<IpAddr>,
}

#[derive(Default)]
struct Inner {
    ticket: Option<(Hash, Instant)>,
    cookie: Option<Hash>,
    addresses: HashSet<IpAddr>,
    /// The cookie of the page in our own Chrome, and where that came from.
    hosted: Option<(Hash, HashSet<IpAddr>)>,
    locked: bool,
}

impl Door {
    /// A ticket; the one before is void.
    pub(super) fn ticket(&self) -> Result<Secret, NoRandomness> {
        let ticket = Secret::random()?;
        self.lock().ticket = Some((ticket.hash(), Instant::now() + TICKET));
        self.mark.set();
        Ok(ticket)
    }

    /// Whether somebody came in with a ticket.
    pub(super) fn used(&self) -> bool {
        self.lock().cookie.is_some()
    }

    /// Takes a ticket for the value of the session's cookie.
    pub(super) fn redeem(&self, ticket: &str) -> Option<Secret> {
        let mut inner = self.lock();
        let (hash, expires) = inner.ticket?;
        if inner.locked || Instant::now() >= expires || !hash.is(ticket) {
            return None;
        }
        let cookie = Secret::random().ok()?;
        inner.ticket = None;
        inner.cookie = Some(cookie.hash());
        self.mark.set();
        Some(cookie)
    }

    /// The value of a cookie for the page in our own Chrome; the one before is void. Nobody keeps it while the server is down.
    pub(super) fn host(&self) -> Result<Secret, NoRandomness> {
        let cookie = Secret::random()?;
        let mut inner = self.lock();
        if !inner.locked {
            inner.hosted = Some((cookie.hash(), HashSet::new()));
        }
        Ok(cookie)
    }

    /// That cookie is void.
    pub(super) fn unhost(&self) {
        self.lock().hosted = None;
    }

    /// Judges a request.
    pub(super) fn credential(
        &self,
        headers: &HeaderMap,
        peer: IpAddr,
        sid: &Sid,
        domain: &ViewDomain,
    ) -> Option<Credential> {
        let mut inner = self.lock();
        let name = cookie_name(sid);
        let shows = |hash: &Hash| cookies(headers).any(|(key, value)| key == name && hash.is(value));
        if let Some((cookie, addresses)) = &mut inner.hosted
            && shows(cookie)
        {
            if addresses.len() < ADDRESSES {
                addresses.insert(peer);
            }
            return Some(Credential::Hosted);
        }
        if inner.cookie.as_ref().is_some_and(shows) {
            if inner.addresses.len() < ADDRESSES && inner.addresses.insert(peer) {
                self.mark.set();
            }
            return Some(Credential::Cookie);
        }
        let cors = headers.get("sec-fetch-mode").is_some_and(|mode| mode == "cors");
        let ours = headers.get(ORIGIN).is_some_and(|origin| is_view_origin(origin, sid, domain));
        let known = inner.addresses.contains(&peer)
            || inner.hosted.as_ref().is_some_and(|(_, addresses)| addresses.contains(&peer));
        (cors && ours && known).then_some(Credential::Anonymous)
    }

    /// What a companion shows beside the cookie: that it stands in a document that the server sent to a tab, and at which origin. Nobody can
    /// make it up, for no script reads the cookie; and whoever has it needs the cookie, too.
    pub(super) fn page_key(&self, origin: &UpstreamOrigin, credential: Credential) -> Option<Secret> {
        let inner = self.lock();
        let cookie = match credential {
            Credential::Cookie => inner.cookie?,
            Credential::Hosted => inner.hosted.as_ref()?.0,
            Credential::Anonymous => return None,
        };
        let digest = Sha256::new().chain_update("page").chain_update(cookie.as_bytes());
        Some(Secret::of(base32(&digest.chain_update(origin.serialize()).finalize())))
    }

    /// It, to be kept.
    pub(super) fn kept(&self) -> KeptDoor {
        let inner = self.lock();
        let ticket = inner.ticket.map(|(hash, expires)| (hash, expires.into()));
        KeptDoor { ticket, cookie: inner.cookie, addresses: inner.addresses.clone() }
    }

    /// As it was kept.
    pub(super) fn restore(KeptDoor { ticket, cookie, addresses }: KeptDoor, mark: Mark) -> Self {
        let ticket = ticket.map(|(hash, expires)| (hash, expires.instant()));
        Self { inner: Mutex::new(Inner { ticket, cookie, addresses, ..Inner::default() }), mark }
    }

    /// A door that nobody has come through yet.
    pub(super) fn new(mark: Mark) -> Self {
        Self { mark, ..Self::default() }
    }

    /// Nobody gets in any more.
    pub(super) fn lock_up(&self) {
        *self.lock() = Inner { locked: true, ..Inner::default() };
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Name of a session's cookie on the view domain.
#[must_use]
pub fn cookie_name(sid: &Sid) -> String {
    format!("alongside-{sid}")
}

/// Name and value of every cookie that a request carries.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let texts = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

fn is_view_origin(origin: &HeaderValue, sid: &Sid, domain: &ViewDomain) -> bool {
    let Some(url) = origin.to_str().ok().and_then(|text| Url::parse(text).ok()) else { return false };
    let scheme = match domain.scheme {
        Scheme::Http => "http",
        Scheme::Https => "https",
    };
    let label = url.host_str().and_then(|host| domain.parse_host(host));
    url.scheme() == scheme
        && url.port_or_known_default() == Some(domain.port)
        && matches!(label, Some(Label::View(owner, _)) if owner == *sid)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn domain() -> ViewDomain {
        ViewDomain { domain: "view.localhost".to_owned(), scheme: Scheme::Http, port: 8080 }
    }

    fn sid() -> Sid {
        Sid::parse("abcdefghij").unwrap()
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_ticket_works_once_and_for_a_minute() {
        let door = Door::default();
        assert!(door.redeem("x").is_none());
        let void = door.ticket().unwrap();
        let ticket = door.ticket().unwrap();
        assert!(door.redeem(void.expose()).is_none(), "the ticket before is void");
        assert!(door.redeem(ticket.expose()).is_some());
        assert!(door.redeem(ticket.expose()).is_none(), "a used ticket");
        let late = door.ticket().unwrap();
        tokio::time::advance(TICKET).await;
        assert!(door.redeem(late.expose()).is_none(), "an old ticket");
    }

    #[tokio::test]
    async fn only_the_cookie_or_an_anonymous_load_of_its_pages_gets_in() {
        let door = Door::default();
        let cookie = door.redeem(door.ticket().unwrap().expose()).unwrap();
        let judge = |pairs: &[(&'static str, &str)], peer| door.credential(&headers(pairs), peer, &sid(), &domain());
        let right = format!("a=b; alongside-abcdefghij={}", cookie.expose());
        let origin = "http://abcdefghij-sshop-example.view.localhost:8080";
        let anonymous = [("sec-fetch-mode", "cors"), ("origin", origin)];

        assert_eq!(judge(&anonymous, HERE), None, "nobody has come from there yet");
        assert_eq!(judge(&[("cookie", &right)], HERE), Some(Credential::Cookie));
        assert_eq!(judge(&[("cookie", "alongside-abcdefghij=wrong")], HERE), None);
        assert_eq!(judge(&[("cookie", &format!("alongside-bbcdefghij={}", cookie.expose()))], HERE), None);
        assert_eq!(judge(&[], HERE), None);

        assert_eq!(judge(&anonymous, HERE), Some(Credential::Anonymous));
        assert_eq!(judge(&anonymous, ELSEWHERE), None);
        assert_eq!(judge(&[("origin", origin)], HERE), None);
        assert_eq!(judge(&[("sec-fetch-mode", "no-cors"), ("origin", origin)], HERE), None);
        for other in [
            "http://bbcdefghij-sshop-example.view.localhost:8080",
            "https://abcdefghij-sshop-example.view.localhost:8080",
            "http://abcdefghij-sshop-example.view.localhost",
            "http://abcdefghij-v.view.localhost:8080",
            "http://evil.example",
            "null",
        ] {
            assert_eq!(judge(&[("sec-fetch-mode", "cors"), ("origin", other)], HERE), None, "{other}");
        }

        door.lock_up();
        assert_eq!(judge(&[("cookie", &right)], HERE), None);
        assert_eq!(judge(&anonymous, HERE), None);
    }
}
