//! Labels against `fixtures/origin/vectors.json`, which the shim's tests read too, and as properties.

use std::collections::HashMap;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    sid: String,
    domains: HashMap<String, Domain>,
    addresses: Vec<Address>,
    refused: Vec<RefusedHost>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Domain {
    domain: String,
    scheme: Scheme,
    port: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    case: String,
    domain: String,
    real: Url,
    view: Url,
    hashed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedHost {
    case: String,
    domain: String,
    host: String,
}

fn vectors() -> Vectors {
    let vectors: Vectors = serde_json::from_str(include_str!("../../fixtures/origin/vectors.json")).unwrap();
    assert!(vectors.addresses.len() >= 60 && vectors.refused.len() >= 25, "the vectors are not all there");
    vectors
}

impl Vectors {
    fn domain(&self, name: &str) -> ViewDomain {
        let Domain { domain, scheme, port } = &self.domains[name];
        ViewDomain { domain: domain.clone(), scheme: *scheme, port: *port }
    }
}

fn domain() -> ViewDomain {
    ViewDomain { domain: "view.localhost".into(), scheme: Scheme::Http, port: 8080 }
}

fn sid() -> Sid {
    Sid::parse("k7q2mabcde").unwrap()
}

#[test]
fn real_addresses_become_the_view_addresses_of_the_vectors_and_come_back() {
    let vectors = vectors();
    let sid = Sid::parse(&vectors.sid).unwrap();
    for Address { case, domain, real, view, hashed } in &vectors.addresses {
        let domain = vectors.domain(domain);
        let origin = UpstreamOrigin::of(real).unwrap();
        assert_eq!(domain.map(&sid, real).as_ref(), Some(view), "{case}");
        assert_eq!(origin.encode().starts_with('x'), *hashed, "{case}");
        let table = |asked: &Sid, hash: &str| (*asked == sid && hash == origin.encode()).then(|| origin.clone());
        assert_eq!(domain.unmap(view, table), Some((sid.clone(), real.clone())), "{case}");
        let unknown = domain.unmap(view, |_, _| None).is_none();
        assert_eq!(unknown, *hashed, "{case}: only a hashed label needs the table");
    }
}

#[test]
fn labels_that_encode_would_not_write_are_refused() {
    let vectors = vectors();
    for RefusedHost { case, domain, host } in &vectors.refused {
        assert_eq!(vectors.domain(domain).parse_host(host), None, "{case}: {host}");
    }
}

#[test]
fn view_host_and_map_agree() {
    let vectors = vectors();
    let sid = Sid::parse(&vectors.sid).unwrap();
    for Address { case, domain, real, view, .. } in &vectors.addresses {
        let domain = vectors.domain(domain);
        let host = domain.view_host(&sid, &UpstreamOrigin::of(real).unwrap());
        let of_view = view.as_str().split('/').nth(2).unwrap();
        assert_eq!(host, of_view, "{case}");
    }
}

#[test]
fn a_viewer_label_is_no_site() {
    let domain = domain();
    assert_eq!(domain.parse_host("k7q2mabcde-v.view.localhost:8080"), Some(Label::Viewer(sid())));
    assert_eq!(domain.viewer_origin(&sid()), "http://k7q2mabcde-v.view.localhost:8080");
    let url = Url::parse("http://k7q2mabcde-v.view.localhost:8080/").unwrap();
    assert_eq!(domain.unmap(&url, |_, _| None), None);
}

#[test]
fn an_address_of_another_scheme_or_port_is_no_view_address() {
    for url in [
        "https://k7q2mabcde-sshop-example.view.localhost:8080/",
        "http://k7q2mabcde-sshop-example.view.localhost:8081/",
        "http://k7q2mabcde-sshop-example.view.localhost/",
        "wss://k7q2mabcde-sshop-example.view.localhost:8080/",
        "ftp://k7q2mabcde-sshop-example.view.localhost:8080/",
    ] {
        assert_eq!(domain().unmap(&Url::parse(url).unwrap(), |_, _| None), None, "{url}");
    }
}

#[test]
fn only_addresses_of_sites_are_mapped_and_user_info_stays_behind() {
    for url in ["mailto:a@shop.example", "data:,x", "blob:https://shop.example/1", "about:blank", "ftp://shop.example/"]
    {
        assert_eq!(domain().map(&sid(), &Url::parse(url).unwrap()), None, "{url}");
    }
    let mapped = domain().map(&sid(), &Url::parse("https://anna:secret@shop.example/x").unwrap()).unwrap();
    assert_eq!(mapped.as_str(), "http://k7q2mabcde-sshop-example.view.localhost:8080/x");
}

#[test]
fn hosts_are_read_in_any_case_and_with_or_without_a_port() {
    let expected = domain().parse_host("k7q2mabcde-sshop-example.view.localhost:8080");
    assert!(expected.is_some());
    for host in ["K7Q2MABCDE-SSHOP-EXAMPLE.VIEW.LOCALHOST:8080", "k7q2mabcde-sshop-example.view.localhost"] {
        assert_eq!(domain().parse_host(host), expected, "{host}");
    }
}

#[test]
fn random_sids_are_read_back_and_differ() {
    let sids: std::collections::HashSet<_> = (0..200).map(|_| Sid::random()).collect();
    assert_eq!(sids.len(), 200);
    assert!(sids.iter().all(|sid| Sid::parse(sid.as_str()).as_ref() == Some(sid)));
}

/// Addresses of many spellings: dashes in every place, A-labels, numbers, odd characters, both schemes, any port.
fn address() -> impl Strategy<Value = Url> {
    let label = prop_oneof![
        "[a-z0-9-]{1,12}",
        "[a-z0-9]{1,3}(-{1,3}[a-z0-9]{1,2}){0,3}",
        "xn--[a-z0-9]{1,8}",
        "[0-9]{1,3}",
        "[a-z_!$~-]{1,5}",
        "[a-zäöü]{1,8}",
        "[a-z]{20,63}",
    ];
    let host = prop_oneof![
        9 => proptest::collection::vec(label, 1..5).prop_map(|labels| labels.join(".")),
        1 => any::<[u16; 8]>().prop_map(|ip| format!("[{}]", std::net::Ipv6Addr::from(ip))),
    ];
    let scheme = prop_oneof![Just("http"), Just("https"), Just("ws"), Just("wss")];
    (scheme, host, proptest::option::of(any::<u16>()), "(/[a-z0-9%-]{0,5}){0,3}(\\?[a-z=&]{0,6})?(#[a-z]{0,3})?")
        .prop_filter_map("not an address", |(scheme, host, port, rest)| {
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            Url::parse(&format!("{scheme}://{host}{port}{rest}")).ok()
        })
}

proptest! {
    #[test]
    fn unmap_gives_back_what_map_took(url in address()) {
        let origin = UpstreamOrigin::of(&url).unwrap();
        let mapped = domain().map(&sid(), &url).unwrap();
        prop_assert!(mapped.host_str().unwrap().split('.').next().unwrap().len() <= LABEL_MAX);
        let back = domain().unmap(&mapped, |_, hash| (hash == origin.encode()).then(|| origin.clone()));
        prop_assert_eq!(back, Some((sid(), url)));
    }

    #[test]
    fn a_view_address_names_one_origin(a in address(), b in address()) {
        let (a, b) = (UpstreamOrigin::of(&a).unwrap(), UpstreamOrigin::of(&b).unwrap());
        prop_assert_eq!(a == b, a.encode() == b.encode());
    }

    #[test]
    fn hosts_of_dashes_and_dots_share_no_label(a in "[-.a]{1,8}", b in "[-.a]{1,8}") {
        let origin = |host: &str| UpstreamOrigin { scheme: Scheme::Https, host: host.to_owned(), port: 443 };
        prop_assert_eq!(a == b, origin(&a).encode() == origin(&b).encode());
    }

    #[test]
    fn what_is_read_from_a_label_is_written_as_that_label(rest in "[shpq][0-9a-z-]{0,16}") {
        let host = format!("k7q2mabcde-{rest}.view.localhost");
        if let Some(Label::View(sid, LabelOrigin::Known(origin))) = domain().parse_host(&host) {
            prop_assert_eq!(domain().view_host(&sid, &origin), format!("{host}:8080"));
        }
    }

    #[test]
    fn any_host_is_survived(host in "\\PC{0,40}") {
        let _ = domain().parse_host(&host);
        let _ = domain().parse_host(&format!("{host}.view.localhost:8080"));
    }
}
