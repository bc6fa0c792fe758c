//! The one way out of a browser context: a SOCKS proxy (RFC 1928) on a loopback port of its own. It lets connections to hosts of its session through, and they all end
//! at our own listener. It looks up no name and dials no other address, so that metadata services, other ports, other sessions and the rest of the network do not exist
//! for what runs in the context.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::pool::Views;

/// Connections of one context at a time. Chrome itself opens 32 through one proxy.
const CONNECTIONS: usize = 128;
/// How long a client may take to say where it wants to.
const HEAD: Duration = Duration::from_secs(10);

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const NO_METHOD: u8 = 0xff;
const CONNECT: u8 = 1;
const DOMAIN: u8 = 3;
const GRANTED: u8 = 0;
const REFUSED: u8 = 2;
const UNREACHABLE: u8 = 4;

/// What a gate lets through.
pub(super) struct Rule {
    /// Hosts.
    pub(super) views: Views,
    /// Their port.
    pub(super) port: u16,
    /// Where all connections end.
    pub(super) gateway: SocketAddr,
}

/// A gate. It is closed until it has a rule, and goes with all its connections when it is dropped.
pub(super) struct Gate {
    address: SocketAddr,
    shared: Arc<Shared>,
    _stop: DropGuard,
}

#[derive(Default)]
struct Shared {
    rule: OnceLock<Rule>,
    refused: AtomicU64,
}

impl Gate {
    /// Listens on a free port.
    pub(super) async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, shared, stop) = (listener.local_addr()?, Arc::<Shared>::default(), CancellationToken::new());
        let serve = serve(listener, Arc::clone(&shared), stop.clone());
        tokio::spawn(stop.clone().run_until_cancelled_owned(serve));
        Ok(Self { address, shared, _stop: stop.drop_guard() })
    }

    /// As Chrome wants to be told of it.
    pub(super) fn proxy(&self) -> String {
        format!("socks5://{}", self.address)
    }

    /// Opens it, once.
    pub(super) fn open(&self, rule: Rule) {
        let _ = self.shared.rule.set(rule);
    }

    /// Connections that were refused.
    pub(super) fn refused(&self) -> u64 {
        self.shared.refused.load(Ordering::Relaxed)
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    while let Ok(slot) = Arc::clone(&slots).acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let (shared, stop) = (Arc::clone(&shared), stop.clone());
        tokio::spawn(stop.run_until_cancelled_owned(async move {
            if let Err(error) = connection(stream, &shared).await {
                tracing::trace!(%error, "a connection of the browser's ended");
            }
            drop(slot);
        }));
    }
}

async fn connection(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let asked = timeout(HEAD, target(&mut stream)).await??;
    let gateway = asked.and_then(|(host, port)| shared.rule.get()?.lets(&host, port));
    let Some(gateway) = gateway else {
        shared.refused.fetch_add(1, Ordering::Relaxed);
        return answer(&mut stream, REFUSED).await;
    };
    match TcpStream::connect(gateway).await {
        Ok(mut ours) => {
            ours.set_nodelay(true)?;
            answer(&mut stream, GRANTED).await?;
            copy_bidirectional(&mut stream, &mut ours).await?;
            Ok(())
        }
        Err(_) => answer(&mut stream, UNREACHABLE).await,
    }
}

/// Host and port that a client asks for; none: it asks for something that is not a name.
async fn target(stream: &mut TcpStream) -> std::io::Result<Option<(String, u16)>> {
    if stream.read_u8().await? != VERSION {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    let mut methods = vec![0; stream.read_u8().await?.into()];
    stream.read_exact(&mut methods).await?;
    if !methods.contains(&NO_AUTHENTICATION) {
        stream.write_all(&[VERSION, NO_METHOD]).await?;
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    stream.write_all(&[VERSION, NO_AUTHENTICATION]).await?;
    let mut head = [0; 4];
    stream.read_exact(&mut head).await?;
    if (head[0], head[1], head[3]) != (VERSION, CONNECT, DOMAIN) {
        return Ok(None);
    }
    let mut host = vec![0; stream.read_u8().await?.into()];
    stream.read_exact(&mut host).await?;
    let port = stream.read_u16().await?;
    Ok(String::from_utf8(host).ok().map(|host| (host.to_ascii_lowercase(), port)))
}

async fn answer(stream: &mut TcpStream, code: u8) -> std::io::Result<()> {
    stream.write_all(&[VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0]).await
}

impl Rule {
    fn lets(&self, host: &str, port: u16) -> Option<SocketAddr> {
        (port == self.port && (self.views)(host)).then_some(self.gateway)
    }
}
