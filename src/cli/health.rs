//! `alongside health`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::run::block_on;
use crate::config::Config;

/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Arguments of `alongside health`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The configuration that the server runs with.
    #[arg(long, env = "ALONGSIDE_CONFIG", default_value = "config/alongside.toml")]
    config: PathBuf,
}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let config = Config::load(&self.config)?;
        block_on(async { timeout(PATIENCE, ask(&config)).await.context("no answer in time")? })
    }
}

/// By plain HTTP where the server listens for it; else it is enough that it accepts a connection.
async fn ask(config: &Config) -> anyhow::Result<()> {
    let address = config.listen.http.or(config.listen.https).context("no address to listen on")?;
    let mut stream = TcpStream::connect(reachable(address)).await.context("not running")?;
    if config.listen.http.is_none() {
        return Ok(());
    }
    let request = format!("GET /ready HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", config.control.host);
    stream.write_all(request.as_bytes()).await?;
    let mut status = [0u8; 12];
    stream.read_exact(&mut status).await.context("no answer")?;
    ensure!(&status == b"HTTP/1.1 200", "not ready: {}", String::from_utf8_lossy(&status));
    Ok(())
}

/// A server that listens on every address is asked on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
