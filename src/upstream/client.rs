//! The client: one pool per set of networks.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use http::{HeaderValue, Request, Response, Uri, Version, header};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use ipnet::IpNet;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use url::Url;

use super::body::{Body, Idle, Progress};
use super::dial::{Dialler, Guard};
use super::{Timeouts, UpstreamError};
use crate::policy::Permit;

/// Sets of networks with a pool of their own; a configuration has a handful.
const POOLS: usize = 64;

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

type Pool = Client<Dialler, Body>;

/// Gate to the real web. Cheap to clone.
#[derive(Clone)]
pub struct Upstream {
    shared: Arc<Shared>,
}

struct Shared {
    own: Arc<[SocketAddr]>,
    timeouts: Timeouts,
    tls: Arc<ClientConfig>,
    /// For upgrades, which HTTP/2 does not have in the same form.
    tls_http1: Arc<ClientConfig>,
    /// A connection that was dialled under a set of networks serves only requests under the same set.
    pools: Mutex<HashMap<Vec<IpNet>, Pool>>,
}

impl Upstream {
    /// Reads the certificate authorities.
    ///
    /// # Errors
    /// [`UpstreamError::Tls`] if the file of certificate authorities cannot be used.
    pub fn new(options: Options) -> Result<Self, UpstreamError> {
        let roots = roots(options.ca_file.as_deref())?;
        Ok(Self {
            shared: Arc::new(Shared {
                own: options.own.into(),
                timeouts: options.timeouts,
                tls: tls_config(roots.clone(), &[b"h2", b"http/1.1"])?,
                tls_http1: tls_config(roots, &[b"http/1.1"])?,
                pools: Mutex::default(),
            }),
        })
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
        let timeouts = self.shared.timeouts;
        let progress = Progress::new();
        let mut request = request.map(|body| super::body::boxed(progress.watch(Idle::new(body, timeouts.idle))));
        *request.uri_mut() = uri_of(permit.get())?;
        *request.version_mut() = Version::HTTP_11;
        let pool = self.pool(networks);
        let response = tokio::select! {
            response = pool.request(request) => response.map_err(|e| cause(&e))?,
            () = progress.silence(timeouts.connect + timeouts.head) => return Err(UpstreamError::TimedOut),
        };
        Ok(response.map(|body| super::body::boxed(Idle::new(body, timeouts.idle))))
    }

    /// Asks for an upgrade on a connection of its own. The response is `101`, and can be upgraded with [`hyper::upgrade::on`], or the site's refusal.
    ///
    /// # Errors
    /// See [`UpstreamError`].
    pub async fn upgrade(
        &self,
        permit: &Permit<Url>,
        networks: &[IpNet],
        mut request: Request<Body>,
    ) -> Result<Response<Incoming>, UpstreamError> {
        let uri = uri_of(permit.get())?;
        let stream = self.dialler(networks, &self.shared.tls_http1).dial(&uri).await?;
        let host = uri.authority().ok_or(UpstreamError::NoSuchHost)?.as_str();
        let host = HeaderValue::from_str(host).map_err(|_| UpstreamError::NoSuchHost)?;
        request.headers_mut().insert(header::HOST, host);
        *request.uri_mut() = uri.path_and_query().map_or_else(Uri::default, |path| Uri::from(path.clone()));
        *request.version_mut() = Version::HTTP_11;
        let exchange = async {
            let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection.with_upgrades());
            sender.send_request(request).await
        };
        match tokio::time::timeout(self.shared.timeouts.head, exchange).await {
            Ok(response) => response.map_err(|e| cause(&e)),
            Err(_) => Err(UpstreamError::TimedOut),
        }
    }

    fn dialler(&self, networks: &[IpNet], tls: &Arc<ClientConfig>) -> Dialler {
        let guard = Guard { own: Arc::clone(&self.shared.own), networks: networks.into() };
        Dialler { guard, tls: Arc::clone(tls), patience: self.shared.timeouts.connect }
    }

    fn pool(&self, networks: &[IpNet]) -> Pool {
        let mut key = networks.to_vec();
        key.sort_unstable();
        key.dedup();
        let mut pools = self.shared.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if pools.len() >= POOLS && !pools.contains_key(&key) {
            pools.clear();
        }
        let new = |key: &Vec<IpNet>| {
            Client::builder(TokioExecutor::new())
                .timer(TokioTimer::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(std::time::Duration::from_secs(30))
                .pool_max_idle_per_host(16)
                .http1_ignore_invalid_headers_in_responses(true)
                .build(self.dialler(key, &self.shared.tls))
        };
        pools.entry(key).or_insert_with_key(new).clone()
    }
}

/// A permitted address as a request target; `ws` and `wss` are `http` and `https` on the wire.
fn uri_of(url: &Url) -> Result<Uri, UpstreamError> {
    let scheme = match url.scheme() {
        "ws" => "http",
        "wss" => "https",
        other => other,
    };
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    Uri::builder()
        .scheme(scheme)
        .authority(authority)
        .path_and_query(path)
        .build()
        .map_err(|_| UpstreamError::NoSuchHost)
}

/// The reason of ours somewhere below an error of hyper's.
fn cause(error: &(dyn StdError + 'static)) -> UpstreamError {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(ours) = error.downcast_ref::<UpstreamError>() {
            return ours.clone();
        }
        if let Some(hyper) = error.downcast_ref::<hyper::Error>()
            && hyper.is_timeout()
        {
            return UpstreamError::TimedOut;
        }
        next = error.source();
    }
    UpstreamError::Protocol
}

fn roots(ca_file: Option<&Path>) -> Result<RootCertStore, UpstreamError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = ca_file {
        let bad = |why: String| UpstreamError::Tls(format!("{}: {why}", path.display()));
        let mut found = 0;
        for certificate in CertificateDer::pem_file_iter(path).map_err(|e| bad(e.to_string()))? {
            let certificate = certificate.map_err(|e| bad(e.to_string()))?;
            roots.add(certificate).map_err(|e| bad(e.to_string()))?;
            found += 1;
        }
        if found == 0 {
            return Err(bad("no certificate in it".to_owned()));
        }
    }
    Ok(roots)
}

fn tls_config(roots: RootCertStore, alpn: &[&[u8]]) -> Result<Arc<ClientConfig>, UpstreamError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| UpstreamError::Tls(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    Ok(Arc::new(config))
}
