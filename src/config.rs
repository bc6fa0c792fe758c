//! Configuration: one TOML file, environment variables over it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use serde::Deserialize;

use crate::origin::{Scheme, UpstreamOrigin, ViewDomain};
use crate::policy::Policy;
use crate::protocol::rules::SiteDraft;

mod check;
mod image;
mod key;
mod load;

pub use image::Image;
pub use key::{Key, KeyError, Keys};
pub use load::{ConfigError, Problem};

/// The whole configuration. `config/alongside.toml` has every option with its meaning.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where to listen.
    pub listen: Listen,
    /// How browsers reach us, where a proxy in front makes it differ from `listen`.
    pub public: Public,
    /// The control side.
    pub control: Control,
    /// View and viewer origins.
    pub view: View,
    /// Proxies in front of us.
    pub trusted_proxies: TrustedProxies,
    /// Sites, in order.
    #[serde(rename = "site")]
    pub sites: Vec<SiteDraft>,
    /// Where rules are changed.
    pub rules: Rules,
    /// Bounds on what one side may use up.
    pub limits: Limits,
    /// A session's times.
    pub session: SessionTimes,
    /// What outlives a restart.
    pub store: Store,
    /// The audit trail.
    pub audit: Audit,
    /// Image mode.
    pub image: Image,
    /// Logs.
    pub log: Log,
}

/// Where to listen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Listen {
    /// Address for plain HTTP: loopback, unless trusted proxies stand in front.
    pub http: Option<SocketAddr>,
    /// Address for HTTPS; `cert` and `key`, or `dev_tls`, belong to it.
    pub https: Option<SocketAddr>,
    /// Certificate chain in PEM, for the control host and `*.` the view domain.
    pub cert: Option<PathBuf>,
    /// Private key in PEM.
    pub key: Option<PathBuf>,
    /// Make a certificate for development in `certs/` and use it.
    pub dev_tls: bool,
}

impl Default for Listen {
    fn default() -> Self {
        Self { http: Some(([127, 0, 0, 1], 8080).into()), https: None, cert: None, key: None, dev_tls: false }
    }
}

/// How browsers reach us, where it differs from `listen`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Public {
    /// Scheme in addresses.
    pub scheme: Option<Scheme>,
    /// Port in addresses.
    pub port: Option<u16>,
}

/// The control side.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Control {
    /// Its host name.
    pub host: String,
}

impl Default for Control {
    fn default() -> Self {
        Self { host: "alongside.localhost".to_owned() }
    }
}

/// View and viewer origins.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct View {
    /// The domain below which they live.
    pub domain: String,
}

impl Default for View {
    fn default() -> Self {
        Self { domain: "view.localhost".to_owned() }
    }
}

/// Proxies in front of us.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrustedProxies {
    /// Networks whose `X-Forwarded-For` is believed.
    pub networks: Vec<IpNet>,
}

/// Where rules are changed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// Administrators change sites at `/admin`: those of the file hold until they do so first. Otherwise the file always holds.
    pub editable: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { editable: true }
    }
}

/// Bounds on what one side may use up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Seconds for a request's head.
    pub head_seconds: u64,
    /// Sessions at once.
    pub sessions: usize,
    /// Sessions at once of one agent.
    pub sessions_per_agent: usize,
    /// Watchers of one session.
    pub watchers: usize,
    /// Bytes of one message from a visitor.
    pub visitor_message: usize,
    /// Bytes of one message from an agent.
    pub agent_message: usize,
    /// Messages per second on one socket.
    pub messages_per_second: u32,
    /// Bytes of all assets of a session.
    pub assets: usize,
    /// Bytes of one asset.
    pub asset: usize,
    /// Bytes of all files that a visitor sends for pages in image mode.
    pub upload: usize,
    /// Seconds to reach a site.
    pub connect_seconds: u64,
    /// Seconds until a site's reply begins.
    pub reply_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            head_seconds: 30,
            sessions: 1_000,
            sessions_per_agent: 20,
            watchers: 8,
            visitor_message: 16 << 20,
            agent_message: 64 << 10,
            messages_per_second: 200,
            assets: 128 << 20,
            asset: 32 << 20,
            upload: 256 << 20,
            connect_seconds: 10,
            reply_seconds: 60,
        }
    }
}

/// A session's times.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionTimes {
    /// Seconds until PIN and link expire, 600 at most.
    pub pin_seconds: u64,
    /// Seconds that a visitor may stay away before the session ends.
    pub away_seconds: u64,
    /// Seconds that a session lasts at most.
    pub longest_seconds: u64,
}

impl Default for SessionTimes {
    fn default() -> Self {
        Self { pin_seconds: 600, away_seconds: 900, longest_seconds: 4 * 3600 }
    }
}

/// What outlives a restart: accounts, sign-ins, and sessions, where there is a key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// The SQLite file.
    pub path: PathBuf,
    /// Hours that a sign-in lasts.
    pub sign_in_hours: u64,
    /// What seals sessions; from the environment alone.
    pub key: Option<Key>,
    /// The file that it is in.
    pub key_file: Option<PathBuf>,
    /// The key before it, which still opens; from the environment alone.
    pub previous_key: Option<Key>,
    /// The file that it is in.
    pub previous_key_file: Option<PathBuf>,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            path: PathBuf::from("data/alongside.db"),
            sign_in_hours: 12,
            key: None,
            key_file: None,
            previous_key: None,
            previous_key_file: None,
        }
    }
}

/// The audit trail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// How old entries become, in days; 0: for ever.
    pub days: u32,
}

impl Default for Audit {
    fn default() -> Self {
        Self { days: 365 }
    }
}

/// Logs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Filter, such as `info` or `alongside=debug`.
    pub filter: String,
    /// Form of a line.
    pub format: LogFormat,
}

impl Default for Log {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Plain }
    }
}

/// Form of a log's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Plain,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// The sites, checked: empty where the configuration was not ([`Config::parse`] refuses one whose sites are wrong).
    #[must_use]
    pub fn policy(&self) -> Policy {
        Policy::check(&self.sites).unwrap_or_default()
    }

    /// Scheme and port by which browsers reach us. `http`, `https`: the ports that are really bound (0 in the file means any).
    #[must_use]
    pub fn public_address(&self, http: Option<u16>, https: Option<u16>) -> (Scheme, u16) {
        let (scheme, port) = match (https, http) {
            (Some(port), _) => (Scheme::Https, port),
            (None, port) => (Scheme::Http, port.unwrap_or(80)),
        };
        match self.public.scheme {
            Some(public) => (public, self.public.port.unwrap_or(public.default_port())),
            None => (scheme, self.public.port.unwrap_or(port)),
        }
    }

    /// The view domain as browsers reach it.
    #[must_use]
    pub fn view_domain(&self, (scheme, port): (Scheme, u16)) -> ViewDomain {
        ViewDomain { domain: self.view.domain.clone(), scheme, port }
    }

    /// `scheme://host[:port]` of the control side, as a browser writes it.
    #[must_use]
    pub fn control_origin(&self, (scheme, port): (Scheme, u16)) -> String {
        UpstreamOrigin { scheme, host: self.control.host.clone(), port }.serialize()
    }
}

impl Limits {
    /// How long a request's head may take.
    #[must_use]
    pub fn head(&self) -> Duration {
        Duration::from_secs(self.head_seconds)
    }

    /// How long it may take to reach a site.
    #[must_use]
    pub fn connect(&self) -> Duration {
        Duration::from_secs(self.connect_seconds)
    }

    /// How long a site may take until its reply begins.
    #[must_use]
    pub fn reply(&self) -> Duration {
        Duration::from_secs(self.reply_seconds)
    }
}

impl SessionTimes {
    /// How long PIN and link live.
    #[must_use]
    pub fn pin(&self) -> Duration {
        Duration::from_secs(self.pin_seconds)
    }

    /// How long a visitor may stay away.
    #[must_use]
    pub fn away(&self) -> Duration {
        Duration::from_secs(self.away_seconds)
    }

    /// How long a session lasts at most.
    #[must_use]
    pub fn longest(&self) -> Duration {
        Duration::from_secs(self.longest_seconds)
    }
}
