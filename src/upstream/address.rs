//! What kind of address an IP address is: only public ones are dialled, unless a site's rule names the network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Kind of an address, after the IANA special-purpose registries (RFC 6890 and its updates).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Globally reachable unicast.
    Public,
    /// `0.0.0.0/8`, `::`.
    Unspecified,
    /// `127.0.0.0/8`, `::1`.
    Loopback,
    /// RFC 1918; unique local (`fc00::/7`); site-local (`fec0::/10`).
    Private,
    /// `169.254.0.0/16`, `fe80::/10`.
    LinkLocal,
    /// A cloud's metadata service (`169.254.169.254`, `fd00:ec2::254` and others).
    Metadata,
    /// Between a provider and its customers, `100.64.0.0/10`.
    CarrierNat,
    /// Multicast and broadcast.
    Multicast,
    /// An IPv6 address that carries an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo, ISATAP): where it leads is the translator's affair.
    Translated,
    /// Documentation, benchmarking, protocol assignments, discard, future use.
    Reserved,
}

/// Judges an address.
#[must_use]
pub fn classify(address: IpAddr) -> Kind {
    match address {
        IpAddr::V4(v4) => classify_v4(v4),
        IpAddr::V6(v6) => classify_v6(v6),
    }
}

/// Whether an address may be dialled: it is public, or one of the networks contains it. An IPv4-mapped address counts as the IPv4 address
/// that a connection to it would reach; other carriers of IPv4 addresses are taken as they are.
#[must_use]
pub fn may_dial(address: IpAddr, networks: &[IpNet]) -> bool {
    let address = address.to_canonical();
    classify(address) == Kind::Public || networks.iter().any(|net| net.contains(&address))
}

fn classify_v4(address: Ipv4Addr) -> Kind {
    match address.octets() {
        [169, 254, 169, 254] | [100, 100, 100, 200] | [168, 63, 129, 16] => Kind::Metadata,
        [0, ..] => Kind::Unspecified,
        [127, ..] => Kind::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Kind::Private,
        [169, 254, ..] => Kind::LinkLocal,
        [100, 64..=127, ..] => Kind::CarrierNat,
        [192, 88, 99, _] => Kind::Translated,
        [224..=239, ..] | [255, 255, 255, 255] => Kind::Multicast,
        [192, 0, 0 | 2, _] | [198, 18..=19, ..] | [198, 51, 100, _] | [203, 0, 113, _] | [240..=255, ..] => {
            Kind::Reserved
        }
        _ => Kind::Public,
    }
}

fn classify_v6(address: Ipv6Addr) -> Kind {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Kind::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Kind::Loopback,
        [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254] => Kind::Metadata,
        [0, 0, 0, 0, 0, 0xffff, ..] | [0, 0, 0, 0, 0, 0, ..] | [0, 0, 0, 0, 0xffff, 0, ..] => Kind::Translated,
        [0x64, 0xff9b, 0, 0, 0, 0, ..] | [0x64, 0xff9b, 1, ..] => Kind::Translated,
        [0x2002, ..] | [0x2001, 0, ..] | [_, _, _, _, 0 | 0x200, 0x5efe, ..] => Kind::Translated,
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Kind::Private,
        [0xfe80..=0xfebf, ..] => Kind::LinkLocal,
        [0xff00..=0xffff, ..] => Kind::Multicast,
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Kind::Reserved,
        [0x2000..=0x3fff, ..] => Kind::Public,
        _ => Kind::Reserved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds() {
        let table = include_str!("../../fixtures/upstream/addresses.txt");
        let mut cases = 0;
        for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (kind, addresses) = line.split_once(':').unwrap();
            for address in addresses.split_whitespace() {
                let parsed: IpAddr = address.parse().unwrap();
                assert_eq!(format!("{:?}", classify(parsed)), kind, "{address}");
                assert_eq!(may_dial(parsed, &[]), kind == "Public", "{address}");
                cases += 1;
            }
        }
        assert!(cases > 60, "{cases} cases");
    }

    #[test]
    fn a_rule_opens_its_networks_and_no_others() {
        let networks: Vec<IpNet> = ["127.0.0.1/32", "fd00::/8"].iter().map(|net| net.parse().unwrap()).collect();
        for (address, may) in [
            ("127.0.0.1", true),
            ("::ffff:127.0.0.1", true),
            ("127.0.0.2", false),
            ("::1", false),
            ("fd12::1", true),
            ("fc00::1", false),
            ("::127.0.0.1", false),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
        ] {
            assert_eq!(may_dial(address.parse().unwrap(), &networks), may, "{address}");
        }
    }
}
