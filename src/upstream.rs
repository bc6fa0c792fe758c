//! The only way to the real web: resolve, judge, dial.
//!
//! A name is resolved once, every address is judged ([`address`]), and exactly an address that passed is dialled, so that a name
//! that changes its mind between judging and dialling gains nothing. Connections are pooled per set of networks: one that was
//! dialled under a site's rule for private networks never serves a request without that rule.

use std::time::Duration;

pub mod address;
pub mod body;
mod client;
mod dial;
mod resolver;

pub use body::Body;
pub use client::{Options, Upstream};

/// How long the upstream may keep us waiting.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// To resolve, connect and shake hands.
    pub connect: Duration,
    /// From the last byte that we sent to the head of the response.
    pub head: Duration,
    /// Between two pieces of a body, either way.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), head: Duration::from_secs(60), idle: Duration::from_secs(300) }
    }
}

/// Why nothing came back.
#[derive(Clone, Debug, thiserror::Error)]
pub enum UpstreamError {
    /// Every address of the host is one that may not be dialled.
    #[error("the host's address may not be dialled")]
    NotAllowedAddress,
    /// The name does not resolve.
    #[error("the host's name does not resolve")]
    NoSuchHost,
    /// Nobody listens there, or the network does not lead there.
    #[error("the host does not accept connections")]
    Refused,
    /// It took too long.
    #[error("the host takes too long")]
    TimedOut,
    /// The certificate or the handshake is bad.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// What came back is not HTTP, or broke off.
    #[error("the host's answer cannot be read")]
    Protocol,
    /// A size limit was reached.
    #[error("too large")]
    TooLarge,
}
