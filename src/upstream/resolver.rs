//! Names to addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Host;

use super::UpstreamError;

/// Addresses of a host, in the order to try them. Names that end in `.localhost` are loopback by our own rule (RFC 6761, 6.3):
/// browsers do the same, the operating system's resolver may not.
///
/// # Errors
/// [`UpstreamError::NoSuchHost`].
pub(super) async fn resolve(host: &Host<String>, port: u16) -> Result<Vec<IpAddr>, UpstreamError> {
    let name = match host {
        Host::Ipv4(address) => return Ok(vec![IpAddr::V4(*address)]),
        Host::Ipv6(address) => return Ok(vec![IpAddr::V6(*address).to_canonical()]),
        Host::Domain(name) => name.as_str(),
    };
    if is_localhost(name) {
        return Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]);
    }
    let found = tokio::net::lookup_host((name, port)).await.map_err(|_| UpstreamError::NoSuchHost)?;
    let mut addresses: Vec<IpAddr> = Vec::new();
    for address in found.map(|socket| socket.ip().to_canonical()) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() { Err(UpstreamError::NoSuchHost) } else { Ok(addresses) }
}

fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}
