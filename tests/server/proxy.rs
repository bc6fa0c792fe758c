//! The way of a page, with real servers as sites.

use std::sync::Arc;
use std::time::Duration;

use alongside::proxy::codec::{Coding, Decoder, Encoder};
use alongside::upstream::{Options, Timeouts, body};
use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Notify, mpsc};
use url::Url;

use crate::support::{Rig, Web, loopback, reply, site, whole, within};

const DOCUMENT: (&str, &str) = ("sec-fetch-dest", "document");
const IMAGE: (&str, &str) = ("sec-fetch-dest", "image");
const EMPTY: [(&str, &str); 3] =
    [("sec-fetch-dest", "empty"), ("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")];

async fn rig() -> Rig {
    Rig::new(vec![loopback()], Options::default()).await
}

fn coding(name: &str) -> Coding {
    match name {
        "gzip" => Coding::Gzip,
        "br" => Coding::Brotli,
        "zstd" => Coding::Zstd,
        "deflate" => Coding::Deflate,
        _ => Coding::Identity,
    }
}

fn encoded(text: &str, name: &str) -> Bytes {
    let mut encoder = Encoder::new(coding(name));
    encoder.push(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn decoded(bytes: &[u8], headers: &HeaderMap) -> String {
    let mut decoder = Decoder::new(Coding::of(headers).unwrap(), 64 << 20);
    let mut out = decoder.push(bytes).unwrap().to_vec();
    out.extend_from_slice(&decoder.finish().unwrap());
    String::from_utf8(out).unwrap()
}

/// A body that is sent piece by piece.
fn pieces(mut pieces: mpsc::Receiver<Bytes>) -> body::Body {
    let stream = futures_util::stream::poll_fn(move |cx| pieces.poll_recv(cx));
    body::boxed(StreamBody::new(stream.map(|piece| Ok::<_, std::convert::Infallible>(Frame::data(piece)))))
}

#[tokio::test]
async fn documents_are_rewritten_whatever_their_coding_and_the_browsers() {
    let web = Web::start(|request: Request<Incoming>| async move {
        let name = request.uri().path()[1..].to_owned();
        let mut response = reply("text/html; charset=utf-8", encoded("<!doctype html><title>caf\u{e9}</title>", &name));
        if name != "identity" {
            response.headers_mut().insert("content-encoding", name.parse().unwrap());
        }
        response
    })
    .await;
    let rig = rig().await;
    for from in ["identity", "gzip", "br", "zstd"] {
        for to in ["identity", "gzip", "br", "zstd"] {
            let headers = [DOCUMENT, ("accept-encoding", to)];
            let (status, headers, body) = whole(rig.get(&web.url(&format!("/{from}")), &headers).await).await;
            assert_eq!(status, StatusCode::OK, "{from} {to}");
            let sent = headers.get("content-encoding").map_or("identity", |value| value.to_str().unwrap());
            assert_eq!(sent, to, "{from}");
            assert!(!headers.contains_key("content-length") || to == "identity", "{from} {to}");
            let text = decoded(&body, &headers);
            assert!(text.contains("<title>caf\u{e9}</title>"), "{from} {to}: {text}");
            assert!(text.contains("<script src=\"/.alongside/shim-1.js\" data-config=\"{"), "{from} {to}: {text}");
        }
    }
}

#[tokio::test]
async fn what_scripts_fetch_stays_as_it_is() {
    let web = Web::start(|_| async { reply("text/html", "<a href=http://127.0.0.1/>x</a>") }).await;
    let (_, _, body) = whole(rig().await.get(&web.url("/"), &EMPTY).await).await;
    assert_eq!(body, "<a href=http://127.0.0.1/>x</a>");
}

#[tokio::test]
async fn cookies_go_to_the_jar_and_back_and_never_to_the_browser() {
    let web = Web::start(|request: Request<Incoming>| async move {
        let mut response = reply("text/html", "<!doctype html>");
        if request.uri().path() == "/set" {
            response.headers_mut().append("set-cookie", "seen=1".parse().unwrap());
            response.headers_mut().append("set-cookie", "hidden=2; HttpOnly".parse().unwrap());
        }
        response
    })
    .await;
    let rig = rig().await;
    let (_, headers, _) = whole(rig.get(&web.url("/set"), &[DOCUMENT]).await).await;
    assert!(!headers.contains_key("set-cookie"), "{headers:?}");
    assert_eq!(web.last().header("cookie"), "", "our own cookie went to the site");

    let (_, _, body) = whole(rig.get(&web.url("/"), &[DOCUMENT]).await).await;
    assert_eq!(web.last().header("cookie"), "seen=1; hidden=2");
    let text = String::from_utf8_lossy(&body).into_owned();
    assert!(text.contains("&quot;cookie&quot;:&quot;seen=1&quot;"), "{text}");

    // What scripts wrote, in order, whatever the order of the cookies.
    let carried = "__Host-alongside-w11=seen%3D11; __Host-alongside-w2=seen%3D3%3B%20path%3D%2F; __Host-alongside-w9=hidden%3Dno; \
                   alongside-w12=planted%3D1";
    let headers = [&EMPTY[..], &[("cookie", carried)]].concat();
    let (_, headers, _) = whole(rig.get(&web.url("/"), &headers).await).await;
    assert_eq!(web.last().header("cookie"), "seen=11; hidden=2");
    assert_eq!(headers["x-alongside-cookie"], "seen%3D11");
    let expired: Vec<_> = headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let names = ["__Host-alongside-w2", "__Host-alongside-w9", "__Host-alongside-w11"];
    assert_eq!(expired, names.map(|name| format!("{name}=; Path=/; Max-Age=0; Secure")));
}

#[tokio::test]
async fn an_anonymous_load_has_no_part_in_the_jar() {
    let web = Web::start(|_| async {
        let mut response = reply("font/woff2", "font");
        response.headers_mut().append("set-cookie", "tracked=1".parse().unwrap());
        response
    })
    .await;
    let rig = rig().await;
    rig.session.jar().store_script(&web.url("/"), "mine=1");
    let origin = rig.view(&web.url("/"));
    let origin = origin.trim_end_matches('/');
    let headers = [("sec-fetch-dest", "font"), ("sec-fetch-mode", "cors"), ("origin", origin)];
    let url = web.url("/a.woff2");
    let bare = || rig.send_bare(Method::GET, &url, &headers, body::empty());
    assert_eq!(bare().await.status(), StatusCode::FORBIDDEN, "nobody has shown the cookie from here");
    assert!(web.seen().is_empty());
    rig.get(&web.url("/"), &[IMAGE]).await;
    let (status, _, body) = whole(bare().await).await;
    assert_eq!((status, &body[..]), (StatusCode::OK, &b"font"[..]));
    assert_eq!(web.last().header("cookie"), "");
    assert_eq!(rig.session.jar().script_visible(&web.url("/")), "mine=1; tracked=1");
    let planting = [&headers[..], &[("cookie", "__Host-alongside-w1=planted%3D1")]].concat();
    let answer = rig.send_bare(Method::GET, &url, &planting, body::empty()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(rig.session.jar().script_visible(&web.url("/")), "mine=1; tracked=1");
}

#[tokio::test]
async fn strangers_who_lead_the_visitor_here_count_as_strangers() {
    let web = Web::start(|_| async { reply("text/html", "<!doctype html>") }).await;
    let rig = rig().await;
    let url = web.url("/");
    rig.session.jar().store_script(&url, "lax=1; SameSite=Lax");
    rig.session.jar().store_script(&url, "strict=1; SameSite=Strict");
    let another = rig.view(&url).replace(rig.session.id().as_str(), "zzzzzzzzzz");
    let navigate = ("sec-fetch-mode", "navigate");
    for (site, referer, sent) in [
        ("none", None, "lax=1; strict=1"),
        ("same-origin", None, "lax=1; strict=1"),
        ("cross-site", None, "lax=1"),
        ("cross-site", Some("https://evil.example/"), "lax=1"),
        ("same-site", Some(another.as_str()), "lax=1"),
        ("same-site", None, "lax=1; strict=1"),
    ] {
        let mut headers = vec![DOCUMENT, navigate, ("sec-fetch-site", site)];
        headers.extend(referer.map(|referer| ("referer", referer)));
        rig.get(&url, &headers).await;
        assert_eq!(web.last().header("cookie"), sent, "{site} {referer:?}");
    }
}

#[tokio::test]
async fn without_the_session_there_is_nothing() {
    let web = Web::start(|_| async { reply("text/html", "secret") }).await;
    let rig = rig().await;
    for headers in [&[DOCUMENT][..], &[IMAGE], &[("cookie", "alongside-abcdefghij=guess"), DOCUMENT]] {
        let response = rig.send_bare(Method::GET, &web.url("/"), headers, body::empty()).await;
        let (status, _, body) = whole(response).await;
        let text = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(!text.contains("secret") && !text.contains("Ada") && !text.contains("127.0.0.1"), "{text}");
    }
    assert!(web.seen().is_empty());
}

#[tokio::test]
async fn redirects_go_to_the_browser_as_view_addresses() {
    let web = Web::start(|_| async {
        let mut response = reply("text/plain", "");
        *response.status_mut() = StatusCode::SEE_OTHER;
        response.headers_mut().insert("location", "https://other.example/a?b=c#d".parse().unwrap());
        response
    })
    .await;
    let rig = rig().await;
    let response = rig.get(&web.url("/"), &[DOCUMENT]).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let expected = rig.view(&Url::parse("https://other.example/a?b=c#d").unwrap());
    assert_eq!(response.headers()["location"], expected);
}

#[tokio::test]
async fn uploads_and_downloads_are_streamed() {
    let (arrived, mut arrivals) = mpsc::channel::<usize>(64);
    let web = Web::start(move |request: Request<Incoming>| {
        let arrived = arrived.clone();
        async move {
            let mut body = request.into_body();
            let mut length = 0;
            while let Some(frame) = body.frame().await {
                length += frame.unwrap().into_data().map_or(0, |data| data.len());
                let _ = arrived.try_send(length);
            }
            reply("text/plain", length.to_string())
        }
    })
    .await;
    let rig = rig().await;
    let (send, pieces_to_send) = mpsc::channel(1);
    let url = web.url("/");
    let upload = rig.send(Method::POST, &url, &EMPTY, pieces(pieces_to_send));
    let feed = async {
        send.send(Bytes::from(vec![1; 1 << 20])).await.unwrap();
        assert!(within(arrivals.recv()).await.unwrap() > 0, "nothing arrived before the end was sent");
        for _ in 0..7 {
            send.send(Bytes::from(vec![2; 1 << 20])).await.unwrap();
        }
        drop(send);
    };
    let (response, ()) = tokio::join!(upload, feed);
    assert_eq!(whole(response).await.2, (8 << 20).to_string());
}

#[tokio::test]
async fn the_first_byte_leaves_before_the_last_is_there() {
    let go = Arc::new(Notify::new());
    let gate = Arc::clone(&go);
    let web = Web::start(move |request: Request<Incoming>| {
        let gate = Arc::clone(&gate);
        async move {
            let (send, receive) = mpsc::channel(1);
            let kind = if request.uri().path() == "/page" { "text/html; charset=utf-8" } else { "application/zip" };
            tokio::spawn(async move {
                let first = "<!doctype html><p>first</p>".to_owned() + &"<p>more</p>".repeat(200);
                let _ = send.send(Bytes::from(first)).await;
                gate.notified().await;
                let _ = send.send(Bytes::from_static(b"<p>last</p>")).await;
            });
            let mut response = Response::new(pieces(receive));
            response.headers_mut().insert("content-type", kind.parse().unwrap());
            response
        }
    })
    .await;
    let rig = rig().await;
    for path in ["/page", "/file"] {
        for coding in ["identity", "gzip", "br", "zstd"] {
            let response = rig.get(&web.url(path), &[DOCUMENT, ("accept-encoding", coding)]).await;
            let (head, mut body) = response.into_parts();
            let mut decoder = Decoder::new(Coding::of(&head.headers).unwrap(), 1 << 20);
            let mut text = String::new();
            while !text.contains("first") {
                let frame = within(body.frame()).await.expect("more").unwrap();
                text += std::str::from_utf8(&decoder.push(frame.data_ref().unwrap()).unwrap()).unwrap();
            }
            assert!(!text.contains("last"));
            go.notify_one();
            let rest = within(body.collect()).await.unwrap().to_bytes();
            text += std::str::from_utf8(&decoder.push(&rest).unwrap()).unwrap();
            assert!(text.contains("last"), "{path} {coding}: {text}");
        }
    }
}

#[tokio::test]
async fn web_sockets_are_tunnelled() {
    let web = Web::start(|mut request: Request<Incoming>| async move {
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let (mut read, mut write) = tokio::io::split(TokioIo::new(upgrade.await.unwrap()));
            tokio::io::copy(&mut read, &mut write).await
        });
        let mut response = Response::new(body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let fields = [
            ("connection", "Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
            ("sec-websocket-protocol", "chat"),
            ("set-cookie", "socket=1"),
        ];
        for (name, value) in fields {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        response
    })
    .await;
    let rig = rig().await;
    rig.session.jar().store_script(&web.url("/"), "mine=1");
    let url = Url::parse(&web.url("/chat").as_str().replace("http://", "ws://")).unwrap();
    let origin = rig.view(&web.url("/"));
    let headers = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-version", "13"),
        ("sec-websocket-protocol", "chat, other"),
        ("origin", origin.trim_end_matches('/')),
        ("sec-fetch-dest", "websocket"),
        ("sec-fetch-mode", "websocket"),
    ];
    let response = rig.get(&url, &headers).await;
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    assert_eq!(response.headers()["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_eq!(response.headers()["sec-websocket-protocol"], "chat");
    assert!(!response.headers().contains_key("set-cookie"));
    let seen = web.last();
    assert_eq!(seen.header("origin"), web.url("/").as_str().trim_end_matches('/'));
    assert_eq!(seen.header("cookie"), "mine=1");
    assert_eq!(seen.header("sec-websocket-key"), "dGhlIHNhbXBsZSBub25jZQ==");
    assert_eq!(seen.header("sec-websocket-protocol"), "chat, other");
    assert_eq!(rig.session.jar().script_visible(&web.url("/")), "mine=1; socket=1");

    let mut io = TokioIo::new(within(hyper::upgrade::on(response)).await.unwrap());
    let sent: Vec<u8> = (0..200_000u32).map(|i| i as u8).collect();
    let (mut read, mut write) = tokio::io::split(&mut io);
    let mut got = vec![0; sent.len()];
    let both = async { tokio::try_join!(write.write_all(&sent), read.read_exact(&mut got)) };
    within(both).await.unwrap();
    assert!(got == sent);
    rig.session.end(alongside::protocol::agent::EndedBy::Visitor);
    assert_eq!(within(io.read(&mut [0; 16])).await.unwrap_or(0), 0, "the tunnel outlived the session");
}

#[tokio::test]
async fn pages_say_what_is_wrong() {
    let slow = Web::start(|_| async { std::future::pending().await }).await;
    let timeouts = Timeouts { connect: Duration::from_secs(5), head: Duration::from_millis(50), ..Timeouts::default() };
    let dead = Url::parse("http://127.0.0.1:1/").unwrap();
    let timeouts = Timeouts { connect: Duration::from_millis(300), ..timeouts };
    let rig = Rig::new(vec![loopback()], Options { timeouts, ..Options::default() }).await;
    let elsewhere = Url::parse("https://elsewhere.example/a?b=\"c").unwrap();
    let cases = [
        (slow.url("/"), StatusCode::GATEWAY_TIMEOUT, "taking too long"),
        (dead, StatusCode::BAD_GATEWAY, "not answering"),
        (elsewhere, StatusCode::FORBIDDEN, "not part of the session"),
    ];
    for (url, status, text) in cases {
        let (got, headers, body) = whole(rig.get(&url, &[DOCUMENT]).await).await;
        let page = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(got, status, "{page}");
        assert!(page.contains("<!doctype html>") && page.contains(text), "{page}");
        assert!(!page.contains("<script") && !page.contains("shim"), "{page}");
        assert_eq!(headers["cache-control"], "no-store");
        let (got, headers, body) = whole(rig.get(&url, &[IMAGE]).await).await;
        assert_eq!((got, &headers["content-type"]), (status, &"text/plain; charset=utf-8".parse().unwrap()));
        assert!(!body.contains(&b'<'));
    }
}

#[tokio::test]
async fn loads_are_not_pages() {
    let web = Web::start(|_| async { reply("text/html", "<!doctype html>") }).await;
    let mut only_loads = site(&["http://127.0.0.1:1"], &["127.0.0.0/8"]);
    only_loads.loads = vec![format!("http://127.0.0.1:{}", web.running.address.port()).parse().unwrap()];
    let rig = Rig::new(vec![only_loads], Options::default()).await;
    for (dest, status) in [("document", 403), ("iframe", 200), ("script", 200), ("empty", 200)] {
        assert_eq!(rig.get(&web.url("/"), &[("sec-fetch-dest", dest)]).await.status(), status, "{dest}");
    }
    assert_eq!(rig.get(&web.url("/"), &[("accept", "text/html,*/*")]).await.status(), 403);
    assert_eq!(rig.get(&web.url("/sw.js"), &[("sec-fetch-dest", "serviceworker")]).await.status(), 403);
    assert_eq!(web.seen().len(), 3);
}

#[tokio::test]
async fn bodiless_and_partial_answers_pass() {
    let web = Web::start(|request: Request<Incoming>| async move {
        let mut response = reply("video/mp4", "");
        let fields = response.headers_mut();
        match (request.uri().path(), request.headers().get("range")) {
            ("/part", Some(_)) => {
                fields.insert("content-range", "bytes 2-4/10".parse().unwrap());
                *response.body_mut() = body::full("cde");
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            }
            ("/none", _) => *response.status_mut() = StatusCode::NO_CONTENT,
            ("/same", _) => {
                fields.insert("etag", "\"1\"".parse().unwrap());
                *response.status_mut() = StatusCode::NOT_MODIFIED;
            }
            _ => *response.body_mut() = body::full("0123456789"),
        }
        response
    })
    .await;
    let rig = rig().await;
    let (status, headers, body) = whole(rig.get(&web.url("/part"), &[("range", "bytes=2-4")]).await).await;
    assert_eq!((status, &body[..]), (StatusCode::PARTIAL_CONTENT, &b"cde"[..]));
    assert_eq!(headers["content-range"], "bytes 2-4/10");
    assert_eq!(web.last().header("range"), "bytes=2-4");
    let (status, headers, _) = whole(rig.send(Method::HEAD, &web.url("/"), &[], body::empty()).await).await;
    assert_eq!((status, &headers["content-length"]), (StatusCode::OK, &"10".parse().unwrap()));
    assert_eq!(whole(rig.get(&web.url("/none"), &[]).await).await.0, StatusCode::NO_CONTENT);
    let same = rig.get(&web.url("/same"), &[("if-none-match", "\"1\"")]).await;
    assert_eq!(whole(same).await.0, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn what_the_browser_loads_is_kept_for_the_agents() {
    let web = Web::start(|request: Request<Incoming>| async move {
        let mut response = match request.uri().path() {
            "/moved" => {
                let mut response = reply("text/plain", "");
                *response.status_mut() = StatusCode::FOUND;
                response.headers_mut().insert("location", "/a.svg".parse().unwrap());
                response
            }
            "/a.svg" => {
                let mut response = reply("image/svg+xml", encoded("<svg/>", "gzip"));
                response.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
                response
            }
            "/a.css" => reply("text/css", "a { background: url(http://127.0.0.1:1/b.png) }"),
            "/a.mp4" => {
                let mut response = reply("video/mp4", "0123456789");
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                response.headers_mut().insert("content-range", "bytes 0-9/10".parse().unwrap());
                response
            }
            "/data" => reply("application/json", "{}"),
            _ => {
                let mut response = reply("text/plain", "no");
                *response.status_mut() = StatusCode::NOT_FOUND;
                response
            }
        };
        response.headers_mut().insert("etag", "\"1\"".parse().unwrap());
        response
    })
    .await;
    let rig = rig().await;
    let kept =
        async |path: &str| rig.session.assets().get(&rig.session.asset_key(&web.url(path)), Duration::ZERO).await;
    let loads = [
        ("/moved", "image"),
        ("/a.svg", "image"),
        ("/a.css", "style"),
        ("/a.mp4", "video"),
        ("/data", "empty"),
        ("/none.png", "image"),
    ];
    for (path, dest) in loads {
        let headers = [("sec-fetch-dest", dest), ("if-none-match", "\"1\""), ("accept-encoding", "gzip")];
        whole(rig.get(&web.url(path), &headers).await).await;
        assert!(dest == "empty" || web.last().header("if-none-match").is_empty(), "{path}");
    }
    for path in ["/a.svg", "/moved"] {
        let asset = kept(path).await.unwrap_or_else(|| panic!("{path}"));
        assert_eq!((&asset.body[..], asset.content_type.as_str()), (&b"<svg/>"[..], "image/svg+xml"), "{path}");
        assert_eq!(asset.url, web.url("/a.svg"));
    }
    let sheet = kept("/a.css").await.unwrap();
    assert_eq!(sheet.body, "a { background: url(http://127.0.0.1:1/b.png) }");
    assert_eq!(kept("/a.mp4").await.unwrap().body, "0123456789");
    assert!(kept("/data").await.is_none());
    assert!(kept("/none.png").await.is_none());
    // Now there is a copy to fall back on.
    let again = rig.get(&web.url("/a.css"), &[("sec-fetch-dest", "style")]).await;
    let tag = again.headers()["etag"].to_str().unwrap().to_owned();
    whole(rig.get(&web.url("/a.css"), &[("sec-fetch-dest", "style"), ("if-none-match", &tag)]).await).await;
    assert!(!web.last().header("if-none-match").is_empty());
}

#[tokio::test]
async fn our_own_paths() {
    let web = Web::start(|_| async { reply("text/plain", "site") }).await;
    let rig = rig().await;
    let path = |path: &str| web.url(&format!("/.alongside/{path}"));
    let (status, headers, body) = whole(rig.get(&path("shim-1.js"), &[]).await).await;
    assert_eq!((status, &body[..]), (StatusCode::OK, &b"shim()"[..]));
    assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
    let (status, _, body) = whole(rig.get(&path("blank"), &[DOCUMENT]).await).await;
    let text = String::from_utf8_lossy(&body).into_owned();
    assert!(status == 200 && text.contains("shim-1.js") && text.contains("about:blank"), "{text}");
    let underscore = Url::parse("https://a_b.example/x?y=z").unwrap();
    let response = rig.get(&path("to?url=https%3A%2F%2Fa_b.example%2Fx%3Fy%3Dz"), &[]).await;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(response.headers()["location"], rig.view(&underscore));
    for bad in ["to", "to?url=javascript:alert(1)", "to?url=%2Frelative", "to?url=file:///etc/passwd"] {
        assert_eq!(rig.get(&path(bad), &[]).await.status(), StatusCode::BAD_REQUEST, "{bad}");
    }
    assert_eq!(rig.get(&path("other"), &[]).await.status(), StatusCode::NOT_FOUND);
    assert!(web.seen().is_empty());
}

#[tokio::test]
async fn a_bomb_does_not_go_off() {
    let bomb = encoded(&"\0".repeat(80 << 20), "zstd");
    assert!(bomb.len() < 1 << 20);
    let web = Web::start(move |request: Request<Incoming>| {
        let kind = if request.uri().path() == "/page" { "text/html" } else { "text/css" };
        let mut response = reply(kind, bomb.clone());
        response.headers_mut().insert("content-encoding", "zstd".parse().unwrap());
        async { response }
    })
    .await;
    let rig = rig().await;
    for (path, dest) in [("/page", "document"), ("/sheet", "style")] {
        let (status, _, body) = whole(rig.get(&web.url(path), &[("sec-fetch-dest", dest)]).await).await;
        assert_eq!(status, StatusCode::BAD_GATEWAY, "{path}");
        assert!(String::from_utf8_lossy(&body).contains("too large"), "{path}");
    }
}
