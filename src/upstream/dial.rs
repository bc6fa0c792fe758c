//! From a permitted host to a connection, by way of the guard.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use url::Host;

use super::{UpstreamError, address, resolver};

/// How long one of several addresses may take, so that a dead one does not use up the time of the others.
const PER_ADDRESS: Duration = Duration::from_millis(2500);

/// Decides which addresses may be dialled.
#[derive(Clone)]
pub(super) struct Guard {
    /// Our own listeners.
    pub(super) own: Arc<[SocketAddr]>,
    /// Networks that may be dialled although they are not public.
    pub(super) networks: Arc<[IpNet]>,
}

impl Guard {
    fn allows(&self, address: SocketAddr) -> bool {
        address::may_dial(address.ip(), &self.networks) && !self.own.iter().any(|own| is_own(*own, address))
    }
}

/// Whether dialling `address` reaches our listener `own`.
fn is_own(own: SocketAddr, address: SocketAddr) -> bool {
    if own.port() != address.port() {
        return false;
    }
    let (own, address) = (own.ip().to_canonical(), address.ip().to_canonical());
    own == address || own.is_unspecified() && is_of_this_machine(address)
}

/// An address that a socket can be bound to is one of this machine's.
fn is_of_this_machine(address: IpAddr) -> bool {
    address.is_loopback() || address.is_unspecified() || UdpSocket::bind((address, 0)).is_ok()
}

/// Makes connections for a pool, or for one upgrade.
#[derive(Clone)]
pub(super) struct Dialler {
    pub(super) guard: Guard,
    pub(super) tls: Arc<ClientConfig>,
    pub(super) patience: Duration,
}

impl Dialler {
    /// Resolves, judges, connects, and shakes hands for `https`.
    ///
    /// # Errors
    /// See [`UpstreamError`].
    pub(super) async fn dial(&self, uri: &Uri) -> Result<Stream, UpstreamError> {
        timeout(self.patience, self.dial_patiently(uri)).await.unwrap_or(Err(UpstreamError::TimedOut))
    }

    async fn dial_patiently(&self, uri: &Uri) -> Result<Stream, UpstreamError> {
        let secure = uri.scheme_str() == Some("https");
        let host = uri.host().ok_or(UpstreamError::NoSuchHost)?;
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let parsed = Host::parse(host).map_err(|_| UpstreamError::NoSuchHost)?;
        let addresses = resolver::resolve(&parsed, port).await?;
        let stream = self.connect(&addresses, port).await?;
        if !secure {
            return Ok(Stream::Plain(stream));
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(bare).map_err(|e| UpstreamError::Tls(e.to_string()))?;
        let stream = TlsConnector::from(Arc::clone(&self.tls))
            .connect(name, stream)
            .await
            .map_err(|e| UpstreamError::Tls(e.to_string()))?;
        Ok(Stream::Tls(Box::new(stream)))
    }

    /// The first of the addresses that passes the guard and answers, in order.
    async fn connect(&self, addresses: &[IpAddr], port: u16) -> Result<TcpStream, UpstreamError> {
        let allowed: Vec<SocketAddr> =
            addresses.iter().map(|ip| SocketAddr::new(*ip, port)).filter(|a| self.guard.allows(*a)).collect();
        let mut error = UpstreamError::NotAllowedAddress;
        for (i, address) in allowed.iter().enumerate() {
            let last = i + 1 == allowed.len();
            let deadline = Instant::now() + if last { self.patience } else { PER_ADDRESS };
            match timeout_at(deadline, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(e)) if e.kind() == io::ErrorKind::TimedOut => error = UpstreamError::TimedOut,
                Ok(Err(_)) => error = UpstreamError::Refused,
                Err(_) => error = UpstreamError::TimedOut,
            }
        }
        Err(error)
    }
}

impl tower::Service<Uri> for Dialler {
    type Response = TokioIo<Stream>;
    type Error = UpstreamError;
    type Future = Pin<Box<dyn Future<Output = Result<TokioIo<Stream>, UpstreamError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), UpstreamError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let dialler = self.clone();
        Box::pin(async move { dialler.dial(&uri).await.map(TokioIo::new) })
    }
}

/// A connection to a site.
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<tokio_rustls::client::TlsStream<TcpStream>>),
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        match self {
            Self::Tls(stream) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => Connected::new().negotiated_h2(),
            _ => Connected::new(),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Self::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }
}
