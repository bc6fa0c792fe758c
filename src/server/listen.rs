//! Listeners: accept, TLS, the strict front, and the end.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use ipnet::IpNet;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::front::{self, Front, Verdicts};
use crate::upstream::Body;

/// Streams of one HTTP/2 connection at a time.
const STREAMS: u32 = 256;
/// How often a silent HTTP/2 connection is asked whether it lives.
const PING: Duration = Duration::from_secs(30);
/// How long to wait after the operating system refused to accept (no more files).
const BREATH: Duration = Duration::from_millis(50);

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
    S: Fn(Request<Incoming>, Peer) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let stop = CancellationToken::new();
    let slots = Arc::new(Semaphore::new(options.connections));
    let (grace, acceptor) = (options.grace, tls.map(TlsAcceptor::from));
    let connections = Connections { options: Arc::new(options), acceptor, service };
    let mut tasks = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = async {
            let slot = Arc::clone(&slots).acquire_owned().await.ok()?;
            Some((listener.accept().await, slot))
        };
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = tasks.join_next() => {}
            Some((accepted, slot)) = accepted => match accepted {
                Ok((stream, address)) => {
                    let connection = connections.clone().run(stream, address, stop.clone());
                    tasks.spawn(async move {
                        connection.await;
                        drop(slot);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(BREATH).await;
                }
            },
        }
    }
    drop(listener);
    let finished = async {
        stop.cancel();
        while tasks.join_next().await.is_some() {}
    };
    let _ = timeout(grace, finished).await;
}

/// What all connections of a listener share.
#[derive(Clone)]
struct Connections<S> {
    options: Arc<Options>,
    acceptor: Option<TlsAcceptor>,
    service: S,
}

impl<S, F> Connections<S>
where
    S: Fn(Request<Incoming>, Peer) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    async fn run(self, stream: TcpStream, address: SocketAddr, stop: CancellationToken) {
        let _ = stream.set_nodelay(true);
        let Some(acceptor) = self.acceptor.clone() else {
            return self.http1(stream, address, false, stop).await;
        };
        match timeout(self.options.head, acceptor.accept(stream)).await {
            Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => {
                self.http2(stream, address, stop).await;
            }
            Ok(Ok(stream)) => self.http1(stream, address, true, stop).await,
            Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
            Err(_) => tracing::debug!("TLS handshake took too long"),
        }
    }

    async fn http1<IO>(self, stream: IO, address: SocketAddr, secure: bool, stop: CancellationToken)
    where
        IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let verdicts = Verdicts::default();
        let io = TokioIo::new(Front::new(stream, verdicts.clone()));
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(self.options.head);
        let service = service_fn(move |request: Request<Incoming>| {
            let (this, verdicts) = (self.clone(), verdicts.clone());
            async move {
                let answer = verdicts.answer(request, |request| this.answer(request, address, secure)).await;
                Ok::<_, std::convert::Infallible>(answer)
            }
        });
        drive(builder.serve_connection(io, service).with_upgrades(), stop, |connection| connection.graceful_shutdown())
            .await;
    }

    async fn http2<IO>(self, stream: IO, address: SocketAddr, stop: CancellationToken)
    where
        IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .keep_alive_interval(PING)
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(u32::try_from(front::watch::HEAD_MAX).unwrap_or(u32::MAX));
        let service = service_fn(move |mut request: Request<Incoming>| {
            let this = self.clone();
            async move {
                let answer = match front::check_http2(&mut request) {
                    Ok(()) => this.answer(request, address, true).await,
                    Err(refusal) => {
                        tracing::debug!(%refusal, "request refused");
                        front::bad_request_http2()
                    }
                };
                Ok::<_, std::convert::Infallible>(answer)
            }
        });
        drive(builder.serve_connection(TokioIo::new(stream), service), stop, |connection| {
            connection.graceful_shutdown()
        })
        .await;
    }

    fn answer(&self, mut request: Request<Incoming>, address: SocketAddr, secure: bool) -> F {
        let peer = peer(request.headers(), address.ip(), secure, &self.options.trusted);
        for name in
            ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-real-ip"]
        {
            request.headers_mut().remove(name);
        }
        (self.service)(request, peer)
    }
}

/// Serves a connection to its end, or, once it is to stop, to the end of what is under way.
async fn drive<C>(connection: C, stop: CancellationToken, finish: impl FnOnce(Pin<&mut C>))
where
    C: Future<Output = hyper::Result<()>>,
{
    let mut connection = std::pin::pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = stop.cancelled() => {
            finish(connection.as_mut());
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "connection ended");
    }
}

/// Who sent a request, seen through trusted proxies: the last address in `X-Forwarded-For` that is not one of theirs.
fn peer(headers: &HeaderMap, address: IpAddr, secure: bool, trusted: &[IpNet]) -> Peer {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let address = address.to_canonical();
    if !is_trusted(&address) {
        return Peer { address, secure };
    }
    let list = |name: &str| -> Vec<String> {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).map(|entry| entry.trim().to_owned()).collect()
    };
    let mut nearest = address;
    for entry in list("x-forwarded-for").iter().rev() {
        let Some(told) = read_address(entry) else { break };
        nearest = told;
        if !is_trusted(&told) {
            break;
        }
    }
    let secure = list("x-forwarded-proto").last().map_or(secure, |scheme| scheme.eq_ignore_ascii_case("https"));
    Peer { address: nearest, secure }
}

/// An address, with or without port and brackets.
fn read_address(entry: &str) -> Option<IpAddr> {
    let socket = || entry.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let bare = || entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    entry.parse::<IpAddr>().ok().or_else(socket).or_else(bare).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let cases = [
            ("203.0.113.9", "198.51.100.1", "https", "203.0.113.9", false),
            ("10.0.0.1", "198.51.100.1", "https", "198.51.100.1", true),
            ("10.0.0.1", "6.6.6.6, 198.51.100.1", "http", "198.51.100.1", false),
            ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.2.3.4", "https", "198.51.100.1", true),
            ("::ffff:10.0.0.1", "[2001:db8::1]:443", "HTTPS", "2001:db8::1", true),
            ("10.0.0.1", "6.6.6.6, unknown", "https", "10.0.0.1", true),
            ("10.0.0.1", "", "", "10.0.0.1", false),
            ("10.0.0.1", "10.9.9.9", "https", "10.9.9.9", true),
        ];
        for (from, forwarded, proto, address, secure) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            headers.insert("x-forwarded-proto", proto.parse().unwrap());
            let expected = Peer { address: address.parse().unwrap(), secure };
            assert_eq!(peer(&headers, from.parse().unwrap(), false, &trusted), expected, "{from} {forwarded}");
        }
    }
}
