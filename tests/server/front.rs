//! The strict front: raw bytes over real sockets.

use std::time::Duration;

use alongside::server::listen::{self, Options};
use alongside::upstream::body;
use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Running, raw_cases, within};

/// Serves what it is asked: method, target, length of the body; upgrades `/socket` and echoes there.
async fn start(options: Options) -> Running {
    let listener = listen::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let address = listener.local_addr().unwrap();
    Running::new(address, |shutdown| listen::serve(listener, None, options, |request, _| answer(request), shutdown))
}

async fn answer(mut request: Request<Incoming>) -> Response<body::Body> {
    if request.uri().path() == "/socket" {
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let io = hyper_util::rt::TokioIo::new(upgrade.await.unwrap());
            let (mut read, mut write) = tokio::io::split(io);
            tokio::io::copy(&mut read, &mut write).await.unwrap();
        });
        let mut response = Response::new(body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        response.headers_mut().insert(header::CONNECTION, "upgrade".parse().unwrap());
        response.headers_mut().insert(header::UPGRADE, "other".parse().unwrap());
        return response;
    }
    let target = request.uri().path_and_query().map_or("*", |path| path.as_str()).to_owned();
    let method = request.method().clone();
    match request.into_body().collect().await {
        Ok(body) => Response::new(body::full(format!("{method} {target} {}", body.to_bytes().len()))),
        Err(_) => {
            let mut response = Response::new(body::full("the body broke off"));
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        }
    }
}

/// Sends bytes in random pieces and reads until the other side closes, or until `enough` answers.
async fn exchange(server: &Running, bytes: &[u8], seed: u64, enough: usize) -> Vec<(u16, String)> {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut rng = StdRng::seed_from_u64(seed);
    let mut rest = bytes;
    while !rest.is_empty() {
        let n = if seed == 0 { rest.len() } else { rng.random_range(1..=rest.len().min(40)) };
        // A refusal may close the connection while it is still being talked to.
        if stream.write_all(&rest[..n]).await.is_err() {
            break;
        }
        tokio::task::yield_now().await;
        rest = &rest[n..];
    }
    let mut got = Vec::new();
    let mut piece = [0; 4096];
    while answers(&got).len() < enough {
        // One that stays open is found by what it answered.
        match tokio::time::timeout(Duration::from_secs(5), stream.read(&mut piece)).await {
            Ok(Ok(0) | Err(_)) => break,
            Err(_) => {
                got.extend_from_slice(b"HTTP/1.1 000 still open\r\n\r\n");
                break;
            }
            Ok(Ok(n)) => got.extend_from_slice(&piece[..n]),
        }
    }
    answers(&got)
}

/// Status and body of each whole answer; all have a length.
fn answers(bytes: &[u8]) -> Vec<(u16, String)> {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    let mut out = Vec::new();
    while let Some(end) = text.find("\r\n\r\n") {
        let head = text[..end].to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
        let length: usize = length.unwrap_or(0);
        let Some(body) = text.get(end + 4..end + 4 + length) else { break };
        out.push((head[9..12].parse().unwrap(), body.to_owned()));
        text = text[end + 4 + length..].to_owned();
    }
    out
}

#[tokio::test]
async fn what_two_servers_could_read_differently_is_refused() {
    let server = start(Options::default()).await;
    let cases = raw_cases(include_str!("../../fixtures/front/bad.txt"));
    assert!(cases.len() > 60, "{} cases", cases.len());
    for (title, bytes) in cases {
        let before: usize = title.rsplit(", ").next().unwrap().parse().unwrap();
        for seed in 0..4 {
            let answers = exchange(&server, &bytes, seed, usize::MAX).await;
            assert_eq!(answers.len(), before + 1, "{title}, seed {seed}: {answers:?}");
            assert!(answers[..before].iter().all(|(status, _)| *status == 200), "{title}, seed {seed}: {answers:?}");
            assert_eq!(answers[before].0, 400, "{title}, seed {seed}: {answers:?}");
            assert!(!answers.iter().any(|(_, body)| body.contains("smuggled")), "{title}, seed {seed}: {answers:?}");
        }
    }
}

#[tokio::test]
async fn a_valid_request_passes_untouched() {
    let server = start(Options::default()).await;
    let cases = raw_cases(include_str!("../../fixtures/front/good.txt"));
    assert!(cases.len() > 15, "{} cases", cases.len());
    for (title, bytes) in cases {
        let expected: Vec<(u16, String)> =
            title.split_once(" = ").unwrap().1.split(" | ").map(|answer| (200, answer.to_owned())).collect();
        for seed in 0..6 {
            let answers = exchange(&server, &bytes, seed, expected.len()).await;
            assert_eq!(answers, expected, "{title}, seed {seed}");
        }
    }
}

#[tokio::test]
async fn a_head_over_64_kib_is_refused() {
    let server = start(Options::default()).await;
    let head = |length: usize| format!("GET /x HTTP/1.1\r\nHost: a.test\r\nX: {}\r\n\r\n", "y".repeat(length));
    assert_eq!(exchange(&server, head(60_000).as_bytes(), 0, 1).await, [(200, "GET /x 0".to_owned())]);
    assert_eq!(exchange(&server, head(66_000).as_bytes(), 0, 1).await[0].0, 400);
    let endless = "GET / HTTP/1.1\r\n".to_owned() + &"X: y\r\n".repeat(12_000);
    assert_eq!(exchange(&server, endless.as_bytes(), 0, 1).await[0].0, 400);
}

#[tokio::test]
async fn an_upgraded_connection_is_let_alone() {
    let server = start(Options::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let ahead = b"bare\nline\nfeeds\n\n";
    let head = b"GET /socket HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n";
    stream.write_all(&[&head[..], ahead].concat()).await.unwrap();
    let mut got = Vec::new();
    let mut piece = [0; 1024];
    while !got.ends_with(ahead) {
        let n = within(stream.read(&mut piece)).await.unwrap();
        assert_ne!(n, 0, "{}", String::from_utf8_lossy(&got));
        got.extend_from_slice(&piece[..n]);
    }
    assert!(got.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&got));
}

#[tokio::test]
async fn a_slow_head_is_not_waited_for() {
    let server = start(Options { head: Duration::from_millis(100), ..Options::default() }).await;
    for start in [&b""[..], b"GET / HTTP/1.1\r\nHost: a"] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(start).await.unwrap();
        let mut got = Vec::new();
        within(stream.read_to_end(&mut got)).await.unwrap();
        assert!(!String::from_utf8_lossy(&got).contains(" 200 "), "{}", String::from_utf8_lossy(&got));
    }
}

#[tokio::test]
async fn connections_beyond_the_limit_wait() {
    let server = start(Options { connections: 1, ..Options::default() }).await;
    let request = b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
    let mut first = TcpStream::connect(server.address).await.unwrap();
    first.write_all(request).await.unwrap();
    let mut piece = [0; 1024];
    assert_ne!(within(first.read(&mut piece)).await.unwrap(), 0);
    let mut second = TcpStream::connect(server.address).await.unwrap();
    second.write_all(request).await.unwrap();
    let answered = tokio::time::timeout(Duration::from_millis(200), second.read(&mut piece)).await;
    assert!(answered.is_err(), "the second was answered while the first was open");
    drop(first);
    assert_ne!(within(second.read(&mut piece)).await.unwrap(), 0);
}
