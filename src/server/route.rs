//! Which part of us a request is for: its host decides.

use http::Request;
use http::header::HOST;

use crate::origin::{Label, LabelOrigin, Sid, ViewDomain};

/// Part of us.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Target {
    /// Console, join page, API.
    Control,
    /// A site in a session.
    View(Sid, LabelOrigin),
    /// The agents' view of a session.
    Viewer(Sid),
    /// The visitor's page of pictures.
    Screen(Sid),
    /// No host of ours.
    Unknown,
}

/// The host that a request names. The strict front has seen to it that there is one only.
pub(super) fn host<B>(request: &Request<B>) -> &str {
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    header.or_else(|| request.uri().authority().map(|authority| authority.as_str())).unwrap_or_default()
}

/// Part of us that a host stands for. Ports do not count: a proxy in front may have another.
pub(super) fn target(host: &str, control: &str, domain: &ViewDomain) -> Target {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if name.eq_ignore_ascii_case(control) {
        return Target::Control;
    }
    match domain.parse_host(host) {
        Some(Label::View(sid, origin)) => Target::View(sid, origin),
        Some(Label::Viewer(sid)) => Target::Viewer(sid),
        Some(Label::Screen(sid)) => Target::Screen(sid),
        None => Target::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::Scheme;

    #[test]
    fn hosts() {
        let domain = ViewDomain { domain: "view.localhost".to_owned(), scheme: Scheme::Http, port: 8080 };
        let target = |host| target(host, "alongside.localhost", &domain);
        assert_eq!(target("alongside.localhost:8080"), Target::Control);
        assert_eq!(target("Alongside.localhost"), Target::Control);
        let sid = Sid::parse("abcdefghij").unwrap();
        assert_eq!(target("abcdefghij-v.view.localhost:8080"), Target::Viewer(sid.clone()));
        assert_eq!(target("abcdefghij-i.view.localhost:8080"), Target::Screen(sid));
        assert!(matches!(target("abcdefghij-sshop-example.view.localhost"), Target::View(..)));
        for host in ["", "view.localhost", "localhost", "alongside.localhost.evil.example", "short-v.view.localhost"] {
            assert_eq!(target(host), Target::Unknown, "{host}");
        }
    }
}
