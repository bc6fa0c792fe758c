//! What single options cannot say: how they fit together. All of it is checked before the first address is bound.

use std::borrow::Cow;

use url::Url;

use super::{Config, Limits, Listen, SessionTimes};
use crate::origin::Scheme;
use crate::policy::Policy;

/// Something that does not fit.
pub(super) struct Wrong {
    /// The option, such as `listen.http`.
    pub(super) place: String,
    pub(super) message: String,
    pub(super) hint: Cow<'static, str>,
}

impl Config {
    /// Everything that does not fit.
    pub(super) fn problems(&self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        self.check_listen(&mut wrong);
        self.check_hosts(&mut wrong);
        self.check_sites(&mut wrong);
        self.limits.check(&mut wrong);
        self.session.check(&mut wrong);
        if self.store.sign_in_hours == 0 {
            add(
                &mut wrong,
                "store.sign_in_hours",
                "a sign-in that lasts no time",
                "give the hours of a working day, such as 12",
            );
        }
        self.store.check_keys(&mut wrong);
        self.image.check(&mut wrong);
        if tracing_subscriber::EnvFilter::try_new(&self.log.filter).is_err() {
            add(
                &mut wrong,
                "log.filter",
                format!("{:?} is not a log filter", self.log.filter),
                "such as `info` or `alongside=debug`",
            );
        }
        wrong
    }

    fn check_listen(&self, wrong: &mut Vec<Wrong>) {
        let Listen { http, https, cert, key, dev_tls } = &self.listen;
        let behind_proxy = !self.trusted_proxies.networks.is_empty();
        if http.is_none() && https.is_none() {
            add(wrong, "listen", "no address to listen on", "set `http` or `https`");
        }
        if let Some(address) = http
            && !address.ip().is_loopback()
            && !behind_proxy
        {
            let message = format!("plain HTTP on {address}, which others can reach");
            add(
                wrong,
                "listen.http",
                message,
                "listen on 127.0.0.1, use `https`, or name the proxy in front in [trusted_proxies]",
            );
        }
        if https.is_some() && !dev_tls && (cert.is_none() || key.is_none()) {
            add(
                wrong,
                "listen.https",
                "HTTPS without a certificate",
                "set `cert` and `key`, or `dev_tls = true` to try things out",
            );
        }
        if https.is_none() && (cert.is_some() || key.is_some() || *dev_tls) {
            add(
                wrong,
                "listen.cert",
                "a certificate, but no address for HTTPS",
                "set `https`, such as \"127.0.0.1:8443\"",
            );
        }
        if *dev_tls && cert.is_some() {
            add(wrong, "listen.dev_tls", "two certificates: `dev_tls` and `cert`", "remove one of them");
        }
        for (place, path) in [("listen.cert", cert), ("listen.key", key)] {
            if let Some(path) = path.as_ref().filter(|path| !path.is_file()) {
                add(
                    wrong,
                    place,
                    format!("there is no file {}", path.display()),
                    "the path is relative to where alongside is started",
                );
            }
        }
        if self.trusted_proxies.networks.iter().any(|network| network.prefix_len() == 0) {
            add(wrong, "trusted_proxies.networks", "a network that is everybody", "name the proxies' own addresses");
        }
    }

    fn check_hosts(&self, wrong: &mut Vec<Wrong>) {
        let (host, domain) = (&self.control.host, &self.view.domain);
        for (place, name) in [("control.host", host), ("view.domain", domain)] {
            if !is_host_name(name) {
                add(
                    wrong,
                    place,
                    format!("{name:?} is not a host name"),
                    "lower case, no scheme, port or path, such as \"help.example\"",
                );
            }
        }
        if host == domain || is_below(host, domain) || is_below(domain, host) {
            let message = format!("the view domain {domain} and the control host {host} overlap");
            add(
                wrong,
                "view.domain",
                message,
                "a site in a session must not share cookies with the console: use two names of which none ends in the other",
            );
        }
        let (scheme, _) = self.public_address(self.listen.http.map(|a| a.port()), self.listen.https.map(|a| a.port()));
        let local = |name: &str| name == "localhost" || is_below(name, "localhost");
        if scheme == Scheme::Http && !(local(host) && local(domain)) {
            let hint = "set `https`, or [public] scheme = \"https\" where a proxy in front speaks it";
            add(wrong, "control.host", "browsers would reach this by plain HTTP, which keeps no secure cookies", hint);
        }
    }

    fn check_sites(&self, wrong: &mut Vec<Wrong>) {
        if self.sites.is_empty() {
            add(wrong, "site", "no site", "add a [[site]] with name, start and pages");
        }
        let faults = Policy::check(&self.sites).err().unwrap_or_default();
        wrong.extend(faults.into_iter().map(|fault| Wrong {
            place: format!("site.{}", fault.place),
            message: crate::rules::words(&fault),
            hint: fault.hint.into(),
        }));
    }
}

impl Limits {
    fn check(&self, wrong: &mut Vec<Wrong>) {
        let least = [
            ("limits.connections", self.connections, 1),
            ("limits.sessions", self.sessions, 1),
            ("limits.sessions_per_agent", self.sessions_per_agent, 1),
            ("limits.watchers", self.watchers, 1),
            ("limits.visitor_message", self.visitor_message, 64 << 10),
            ("limits.agent_message", self.agent_message, 1 << 10),
            ("limits.messages_per_second", self.messages_per_second as usize, 10),
            ("limits.assets", self.assets, 1 << 20),
            ("limits.asset", self.asset, 64 << 10),
        ];
        for (place, value, least) in least {
            if value < least {
                add(
                    wrong,
                    place,
                    format!("{value} is too little to work with"),
                    "the default in config/alongside.toml is a good start",
                );
            }
        }
        let seconds = [
            ("limits.head_seconds", self.head_seconds),
            ("limits.connect_seconds", self.connect_seconds),
            ("limits.reply_seconds", self.reply_seconds),
        ];
        for (place, value) in seconds {
            if !(1..=3600).contains(&value) {
                add(wrong, place, format!("{value} seconds"), "1 to 3600");
            }
        }
    }
}

impl SessionTimes {
    fn check(&self, wrong: &mut Vec<Wrong>) {
        if !(30..=600).contains(&self.pin_seconds) {
            let message = format!("a PIN that lives {} seconds", self.pin_seconds);
            add(wrong, "session.pin_seconds", message, "30 to 600: six digits are safe for a short time only");
        }
        if self.away_seconds < 30 {
            let message = format!("a visitor may stay away {} seconds", self.away_seconds);
            add(wrong, "session.away_seconds", message, "30 or more: a phone in a tunnel is away");
        }
        if self.longest_seconds < self.pin_seconds {
            add(
                wrong,
                "session.longest_seconds",
                "a session that ends before its PIN does",
                "make it longer than `pin_seconds`",
            );
        }
    }
}

pub(super) fn add(wrong: &mut Vec<Wrong>, place: impl Into<String>, message: impl Into<String>, hint: &'static str) {
    wrong.push(Wrong { place: place.into(), message: message.into(), hint: hint.into() });
}

/// A name as the URL Standard writes it, not an address.
fn is_host_name(name: &str) -> bool {
    Url::parse(&format!("http://{name}/"))
        .is_ok_and(|url| url.domain() == Some(name) && url.as_str() == format!("http://{name}/"))
}

fn is_below(name: &str, parent: &str) -> bool {
    name.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'))
}
