//! No address of a private network is dialled, however it is written and whoever names it, unless a rule names the network.

use std::net::Ipv6Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use alongside::origin::UpstreamOrigin;
use alongside::upstream::Options;
use http::{Response, StatusCode};
use hyper::body::Incoming;
use tokio::net::TcpListener;
use url::Url;

use crate::support::{Rig, Running, Web, loopback, reply, site, whole, within};

const DOCUMENT: &[(&str, &str)] = &[("sec-fetch-dest", "document"), ("sec-fetch-mode", "navigate")];
const FETCH: &[(&str, &str)] = &[("sec-fetch-dest", "empty"), ("sec-fetch-mode", "cors")];

/// A listener on every address of this machine that counts connections.
async fn counting() -> (Running, Arc<AtomicUsize>) {
    let listener = match TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0)).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind(("0.0.0.0", 0)).await.unwrap(),
    };
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let running = Running::new(listener.local_addr().unwrap(), |_| async move {
        while listener.accept().await.is_ok() {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    });
    (running, count)
}

/// As they are written, and as the URL Standard reads them.
fn targets(port: u16) -> Vec<(String, Url)> {
    let file = include_str!("../../fixtures/upstream/targets.txt");
    let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |line: String| (line.clone(), Url::parse(&line).expect(&line));
    lines.map(|line| read(line.replace("PORT", &port.to_string()))).collect()
}

/// An allowlist that covers the targets, so that nothing but the guard stands before them.
fn allowing(targets: &[Url], networks: &[&str]) -> alongside::policy::Site {
    let pattern = |url: &Url| {
        let origin = UpstreamOrigin::of(url).unwrap();
        format!("{}://{}:{}", origin.scheme.as_str(), origin.host, origin.port)
    };
    let patterns: Vec<String> = targets.iter().map(pattern).collect();
    site(&patterns.iter().map(String::as_str).collect::<Vec<_>>(), networks)
}

async fn refused(rig: &Rig, response: Response<Incoming>, what: &str) {
    let (status, _, body) = whole(response).await;
    let text = String::from_utf8_lossy(&body).into_owned();
    assert_eq!(status, StatusCode::FORBIDDEN, "{what}: {text}");
    assert!(text.contains("private network"), "{what}: {text}");
    assert!(!text.contains(rig.session.id().as_str()), "{what}: {text}");
}

/// The upstream address behind a view address that the proxy wrote.
fn unmap(rig: &Rig, view: &str) -> Url {
    let view = Url::parse(view).unwrap_or_else(|e| panic!("{view}: {e}"));
    rig.domain().unmap(&view, |_, label| rig.session.hashed(label)).unwrap_or_else(|| panic!("{view}")).1
}

#[tokio::test]
async fn every_target_is_refused_before_a_dial_however_it_is_reached() {
    let (listener, count) = counting().await;
    let targets = targets(listener.address.port());
    assert!(targets.len() >= 60, "{} targets", targets.len());
    let list: Vec<String> = targets.iter().map(|(written, _)| written.clone()).collect();
    let urls: Vec<Url> = targets.iter().map(|(_, url)| url.clone()).collect();
    let web = Web::start(move |request| {
        let (what, number) = request.uri().path()[1..].split_once('/').unwrap();
        let target = list[number.parse::<usize>().unwrap()].clone();
        let response = if what == "link" {
            reply("text/html; charset=utf-8", format!("<!doctype html><title>x</title><a id=t href=\"{target}\">x</a>"))
        } else {
            let mut response = reply("text/plain", "");
            *response.status_mut() = StatusCode::FOUND;
            response.headers_mut().insert("location", target.into_bytes().try_into().unwrap());
            response
        };
        async { response }
    })
    .await;
    // A rule for the page's own address, none for the targets': the networks of a rule count for its own addresses only.
    let own = site(&[&format!("http://127.0.0.1:{}", web.running.address.port())], &["127.0.0.0/8"]);
    let rig = Rig::new(vec![own, allowing(&urls, &[])], Options::default()).await;

    for (i, (written, target)) in targets.iter().enumerate() {
        rig.session.register_hashed(&UpstreamOrigin::of(target).unwrap());
        refused(&rig, rig.get(target, DOCUMENT).await, &format!("start {written}")).await;

        let (_, _, page) = whole(rig.get(&web.url(&format!("/link/{i}")), DOCUMENT).await).await;
        let page = String::from_utf8_lossy(&page).into_owned();
        let link = page.split("id=t href=\"").nth(1).and_then(|rest| rest.split('"').next());
        let link = link.unwrap_or_else(|| panic!("{page}"));
        refused(&rig, rig.get(&unmap(&rig, link), DOCUMENT).await, &format!("link {written}")).await;

        let redirect = rig.get(&web.url(&format!("/redirect/{i}")), DOCUMENT).await;
        let location = redirect.headers()["location"].to_str().unwrap().to_owned();
        refused(&rig, rig.get(&unmap(&rig, &location), DOCUMENT).await, &format!("redirect {written}")).await;

        let mut to = web.url("/.alongside/to");
        to.query_pairs_mut().append_pair("url", written);
        let fetch = rig.get(&to, FETCH).await;
        assert_eq!(fetch.status(), StatusCode::TEMPORARY_REDIRECT, "{written}");
        let location = fetch.headers()["location"].to_str().unwrap().to_owned();
        refused(&rig, rig.get(&unmap(&rig, &location), FETCH).await, &format!("fetch {written}")).await;
    }
    assert_eq!(count.load(Ordering::SeqCst), 0, "dials");
}

#[tokio::test]
async fn a_web_socket_is_refused_too() {
    let (listener, count) = counting().await;
    let target = Url::parse(&format!("ws://localhost:{}/", listener.address.port())).unwrap();
    let rig = Rig::new(vec![allowing(std::slice::from_ref(&target), &[])], Options::default()).await;
    let headers = [("connection", "upgrade"), ("upgrade", "websocket"), ("sec-fetch-dest", "websocket")];
    refused(&rig, rig.get(&target, &headers).await, "WebSocket").await;
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_rule_that_names_the_network_opens_it() {
    let web = Web::start(|_| async { reply("text/plain", "inside") }).await;
    let port = web.running.address.port();
    for host in ["127.0.0.1", "localhost", "shop.localhost", "0x7f.1", "[::ffff:127.0.0.1]"] {
        let target = Url::parse(&format!("http://{host}:{port}/")).unwrap();
        let rig = Rig::new(vec![allowing(std::slice::from_ref(&target), &["127.0.0.1/32"])], Options::default()).await;
        rig.session.register_hashed(&UpstreamOrigin::of(&target).unwrap());
        let (status, _, body) = whole(rig.get(&target, DOCUMENT).await).await;
        assert_eq!((status, &body[..]), (StatusCode::OK, &b"inside"[..]), "{host}");
    }
}

#[tokio::test]
async fn our_own_listener_is_never_dialled() {
    let rig = Rig::own(vec![loopback()], Options::default(), true).await;
    let target = Url::parse(&format!("http://{}/", rig.running.address)).unwrap();
    refused(&rig, rig.get(&target, DOCUMENT).await, "own listener").await;
}

#[tokio::test]
async fn a_connection_of_one_rule_does_not_serve_another() {
    let web = Web::start(|_| async { reply("text/plain", "inside") }).await;
    let url = web.url("/");
    // The same upstream, as every request of a server has it.
    let gate = alongside::upstream::Upstream::new(Options::default()).unwrap();
    let permit = || {
        let policy = alongside::policy::Policy::new(vec![loopback()]);
        policy.permit(&url, alongside::policy::Use::Load).unwrap()
    };
    let request = || http::Request::new(alongside::upstream::body::empty());
    let networks = ["127.0.0.0/8".parse().unwrap()];
    let response = within(gate.fetch(&permit(), &networks, request())).await.unwrap();
    within(http_body_util::BodyExt::collect(response.into_body())).await.unwrap();
    let error = within(gate.fetch(&permit(), &[], request())).await.unwrap_err();
    assert!(matches!(error, alongside::upstream::UpstreamError::NotAllowedAddress), "{error:?}");
    assert_eq!(web.seen().len(), 1);
}
