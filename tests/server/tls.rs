//! TLS on both sides: listeners and upstreams.

use alongside::server::listen::{self, Peer};
use alongside::server::tls;
use alongside::upstream::{Options, Upstream, UpstreamError, body};
use http::{Request, Response, Version};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use url::Url;

use crate::support::{Running, loopback, within};

/// Answers with the version and the host that it was asked by.
async fn secure(folder: &std::path::Path) -> Running {
    let config = tls::development(folder, "alongside.localhost", "view.localhost").unwrap();
    let listener = listen::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let answer = |request: Request<Incoming>, peer: Peer| async move {
        assert!(peer.secure);
        let host = request.headers()["host"].to_str().unwrap().to_owned();
        Response::new(body::full(format!("{:?} {host}", request.version())))
    };
    let address = listener.local_addr().unwrap();
    Running::new(address, |stop| listen::serve(listener, Some(config), listen::Options::default(), answer, stop))
}

async fn fetch(upstream: &Upstream, server: &Running, path: &str) -> Result<(Version, String), UpstreamError> {
    let policy = alongside::policy::Policy::new(vec![loopback()]);
    let url = Url::parse(&format!("https://{}{path}", server.address)).unwrap();
    let permit = policy.permit(&url, alongside::policy::Use::Page).unwrap();
    let networks = policy.networks(&permit);
    let response = within(upstream.fetch(&permit, &networks, Request::new(body::empty()))).await?;
    let version = response.version();
    let body = within(response.into_body().collect()).await.unwrap().to_bytes();
    Ok((version, String::from_utf8_lossy(&body).into_owned()))
}

#[tokio::test]
async fn an_unknown_certificate_is_refused_and_a_configured_authority_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let server = secure(folder.path()).await;
    let strict = Upstream::new(Options::default()).unwrap();
    let error = fetch(&strict, &server, "/").await.unwrap_err();
    assert!(matches!(error, UpstreamError::Tls(_)), "{error:?}");

    let ca_file = Some(folder.path().join("development.pem"));
    let trusting = Upstream::new(Options { ca_file, ..Options::default() }).unwrap();
    let (version, body) = fetch(&trusting, &server, "/").await.unwrap();
    assert_eq!(version, Version::HTTP_2);
    assert_eq!(body, format!("HTTP/2.0 {}", server.address));
}

#[tokio::test]
async fn a_file_without_certificates_is_no_authority() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, "nothing").unwrap();
    let error = Upstream::new(Options { ca_file: Some(path), ..Options::default() }).err().unwrap();
    assert!(error.to_string().contains("no certificate in it"), "{error}");
}

#[tokio::test]
async fn a_running_request_is_finished_at_the_end() {
    let (asked, mut was_asked) = tokio::sync::mpsc::channel::<()>(1);
    let (go, may_go) = tokio::sync::watch::channel(false);
    let listener = listen::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = move |_: Request<Incoming>, _: Peer| {
        let (asked, mut may_go) = (asked.clone(), may_go.clone());
        async move {
            asked.send(()).await.unwrap();
            may_go.wait_for(|go| *go).await.unwrap();
            Response::new(body::full("finished"))
        }
    };
    let server = Running::new(address, |stop| listen::serve(listener, None, listen::Options::default(), answer, stop));
    let upstream = Upstream::new(Options::default()).unwrap();
    let policy = alongside::policy::Policy::new(vec![loopback()]);
    let url = Url::parse(&format!("http://{address}/")).unwrap();
    let permit = policy.permit(&url, alongside::policy::Use::Page).unwrap();
    let networks = policy.networks(&permit);
    let running = tokio::spawn(async move { upstream.fetch(&permit, &networks, Request::new(body::empty())).await });
    within(was_asked.recv()).await.unwrap();
    let stopping = tokio::spawn(server.stop());
    go.send(true).unwrap();
    let response = within(running).await.unwrap().unwrap();
    let body = within(response.into_body().collect()).await.unwrap().to_bytes();
    assert_eq!(body, "finished");
    within(stopping).await.unwrap();
}
