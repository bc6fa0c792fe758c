//! The shop over real sockets.

use std::time::Duration;

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{HeaderMap, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use url::Url;

use super::*;

/// Every page that answers 200 without an account.
pub(crate) const PAGES: &[&str] = &[
    "/",
    "/?kind=tea",
    "/product/tea-bowl",
    "/search",
    "/basket",
    "/log-in",
    "/finder",
    "/finder/strong",
    "/studio",
    "/design",
    "/moving",
    "/gift-card",
    "/live",
    "/upload",
    "/everything",
    "/checkout/thanks",
    "/slow?ms=1",
];

pub(crate) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Reply {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(url: &Url, headers: &[(&str, &str)], body: Option<&str>) -> Reply {
    let stream = TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut request = Request::builder().method(if body.is_some() { "POST" } else { "GET" });
    request = request.uri(&url[url::Position::BeforePath..]).header("host", url.authority());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::from(body.unwrap_or_default().to_owned()))).unwrap();
    let (parts, body) = sender.send_request(request).await.unwrap().into_parts();
    Reply { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
}

pub(crate) async fn get(shop: &Shop, path: &str, headers: &[(&str, &str)]) -> Reply {
    ask(&shop.origins.shop.join(path).unwrap(), headers, None).await
}

async fn post(shop: &Shop, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let headers = [headers, &[("content-type", "application/x-www-form-urlencoded")]].concat();
    ask(&shop.origins.shop.join(path).unwrap(), &headers, Some(body)).await
}

#[tokio::test]
async fn every_page_is_there_with_nothing_left_to_fill_in() {
    let shop = Shop::start().await.unwrap();
    for page in PAGES {
        let reply = get(&shop, page, &[]).await;
        assert_eq!(reply.status, StatusCode::OK, "{page}");
        assert!(!reply.text().contains("{{") && reply.text().contains("</html>"), "{page}");
        assert_eq!(reply.text(), get(&shop, page, &[]).await.text(), "{page} differs from load to load");
        for origin in [&shop.origins.cdn, &shop.origins.tracker, &shop.origins.ads] {
            assert!(reply.text().contains(origin.as_str()), "{page} does not name {origin}");
        }
    }
    let long = get(&shop, "/everything", &[]).await.body.len();
    assert!((2_000_000..2_400_000).contains(&long), "{long}");
    let missing = get(&shop, "/nowhere", &[]).await;
    assert_eq!((missing.status, missing.text().contains("no such page")), (StatusCode::NOT_FOUND, true));
}

#[tokio::test]
async fn help_is_offered_where_there_is_some() {
    let shop = Shop::start().await.unwrap();
    assert!(!get(&shop, "/basket", &[]).await.text().contains("help"));
    shop.offer_help("http://alongside.test:8080");
    let reply = get(&shop, "/basket", &[]).await;
    assert!(reply.text().contains(r#"<script defer src="http://alongside.test:8080/help.js">"#), "{}", reply.text());
    assert!(reply.text().contains(r#"<a id="help" href="http://alongside.test:8080/help""#), "{}", reply.text());
    assert!(reply.header("content-security-policy").contains(" http://alongside.test:8080;"));
}

#[tokio::test]
async fn what_pages_load_is_there() {
    let shop = Shop::start().await.unwrap();
    let page = get(&shop, "/studio", &[]).await;
    let mut found = 0;
    for rest in page.text().split(shop.origins.cdn.as_str()).skip(1) {
        let path = rest.split('"').next().unwrap();
        let reply = ask(&shop.origins.cdn.join(path).unwrap(), &[], None).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        found += 1;
    }
    assert!(found > 3, "{found}");
    for (origin, path) in
        [(&shop.origins.pay, "/frame?amount=5"), (&shop.origins.tracker, "/track.js"), (&shop.origins.ads, "/banner")]
    {
        assert_eq!(ask(&origin.join(path).unwrap(), &[], None).await.status, StatusCode::OK, "{path}");
    }
    let video = ask(&shop.origins.cdn.join("kiln.webm").unwrap(), &[("range", "bytes=10-19")], None).await;
    assert_eq!((video.status, video.body.len()), (StatusCode::PARTIAL_CONTENT, 10));
    let fresh = ask(&shop.origins.cdn.join("style.css").unwrap(), &[], None).await;
    let again =
        ask(&shop.origins.cdn.join("style.css").unwrap(), &[("if-none-match", fresh.header("etag"))], None).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_purchase_from_search_to_thanks() {
    let shop = Shop::start().await.unwrap();
    let found = get(&shop, "/api/search?q=KETTLE", &[]).await;
    assert!(found.text().contains("3 things found.") && found.text().contains("gooseneck"), "{}", found.text());

    let added = post(&shop, "/basket/add", &[("cookie", "basket=tea-bowl_1")], "slug=tea-bowl&count=2").await;
    assert_eq!(
        (added.status, added.header("location")),
        (StatusCode::SEE_OTHER, shop.origins.shop.join("/basket").unwrap().as_str())
    );
    assert!(added.header("set-cookie").starts_with("basket=tea-bowl_3; Path=/"), "{}", added.header("set-cookie"));
    let basket = get(&shop, "/basket", &[("cookie", "seen=x; basket=tea-bowl_3")]).await;
    assert!(basket.text().contains("£52.50"));

    assert_eq!(get(&shop, "/checkout", &[]).await.header("location"), "/log-in?next=/checkout");
    let wrong = post(&shop, "/log-in", &[], "name=robin&password=x&next=/checkout").await;
    assert_eq!((wrong.status, wrong.text().contains("password is wrong")), (StatusCode::UNAUTHORIZED, true));
    assert!(wrong.text().contains(r#"value="/checkout""#));
    let right = post(&shop, "/log-in", &[], "name=robin&password=fern&next=/checkout").await;
    assert_eq!(right.header("location"), "/checkout");
    assert!(right.header("set-cookie").contains("HttpOnly"));
    assert_eq!(
        post(&shop, "/log-in", &[], "name=robin&password=fern&next=//evil.example").await.header("location"),
        "/account"
    );

    let cookies = [("cookie", "customer=robin; basket=tea-bowl_3")];
    let half =
        post(&shop, "/checkout", &cookies, "name=Robin+%22Field&country=Ireland&delivery=courier&notes=a%3Cb").await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in [
        "Robin &quot;Field",
        "<option selected>Ireland",
        "value=\"courier\" checked",
        ">a&lt;b</textarea>",
        "5 fields need",
    ] {
        assert!(half.text().contains(kept), "{kept}");
    }
    let full =
        "name=R&national_id=QQ123456C&card=4000000000000002&password=fern&date=2030-01-02&terms=yes&delivery=post";
    assert_eq!(post(&shop, "/checkout", &cookies, full).await.header("location"), "/checkout/thanks");
}

#[tokio::test]
async fn two_pictures_are_for_the_customer_alone() {
    let shop = Shop::start().await.unwrap();
    let customer = [("cookie", "customer=robin")];
    assert_eq!(get(&shop, "/account/card.svg", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(get(&shop, "/account/card.svg", &customer).await.status, StatusCode::OK);
    assert_eq!(
        get(&shop, "/account/voucher.svg?token=0", &customer).await.status,
        StatusCode::GONE,
        "not given out yet"
    );
    assert!(get(&shop, "/account", &customer).await.text().contains("voucher.svg?token=0"));
    assert_eq!(get(&shop, "/account/voucher.svg?token=0", &customer).await.status, StatusCode::OK);
    assert_eq!(get(&shop, "/account/voucher.svg?token=0", &customer).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn redirects_a_download_and_an_upload() {
    let shop = Shop::start().await.unwrap();
    let mut url = shop.origins.shop.join("/old/catalogue").unwrap();
    let mut hops = Vec::new();
    loop {
        let reply = ask(&url, &[], None).await;
        hops.push(reply.status.as_u16());
        if reply.header("location").is_empty() {
            break;
        }
        url = url.join(reply.header("location")).unwrap();
    }
    assert_eq!(hops, [301, 302, 307, 200]);
    let file = get(&shop, "/download/price-list.csv", &[]).await;
    assert!(file.header("content-disposition").starts_with("attachment") && file.text().contains("Tea bowl,17.50"));
    let form = "--b\r\nContent-Disposition: form-data; name=\"about\"\r\n\r\ncup\r\n--b\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n12345\r\n--b--\r\n";
    let sent = [("content-type", "multipart/form-data; boundary=b")];
    let reply = ask(&shop.origins.shop.join("/upload").unwrap(), &sent, Some(form)).await;
    assert!(reply.text().contains("<li>about: 3 bytes</li><li>picture (a.png): 5 bytes</li>"), "{}", reply.text());
}

#[tokio::test]
async fn replies_are_compressed_for_clients_that_take_it() {
    let shop = Shop::start().await.unwrap();
    let accepts = [("accept-encoding", "gzip, br")];
    let plain = get(&shop, "/", &[]).await;
    let packed = get(&shop, "/", &accepts).await;
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), ("", "gzip"));
    let mut text = String::new();
    GzipDecoder::new(&packed.body[..]).read_to_string(&mut text).await.unwrap();
    assert_eq!(text, plain.text());
    let packed = ask(&shop.origins.cdn.join("style.css").unwrap(), &accepts, None).await;
    assert_eq!(packed.header("content-encoding"), "br");
    let mut text = String::new();
    BrotliDecoder::new(&packed.body[..]).read_to_string(&mut text).await.unwrap();
    assert!(text.contains("@import"));
}

#[tokio::test]
async fn stock_and_orders_move_by_themselves() {
    let shop = Shop::start().await.unwrap();
    let mut url = shop.origins.shop.join("/live/stock").unwrap();
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_scheme("ws").unwrap();
    let mut socket = yawc::WebSocket::connect(url).await.unwrap();
    let frame = tokio::time::timeout(Duration::from_secs(10), socket.next_frame()).await.unwrap().unwrap();
    assert!(frame.as_str().contains("Harbour kettle"), "{}", frame.as_str());

    let stream = TcpStream::connect(("127.0.0.1", shop.origins.shop.port().unwrap())).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request =
        Request::builder().uri("/live/orders").header("host", "shop.localhost").body(Full::new(Bytes::new())).unwrap();
    let mut body = sender.send_request(request).await.unwrap().into_body();
    let mut seen = String::new();
    while !seen.contains("KF-2043") {
        let frame = tokio::time::timeout(Duration::from_secs(10), body.frame()).await.unwrap().unwrap().unwrap();
        seen.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
    }
}

#[tokio::test]
async fn each_server_counts_its_requests() {
    let shop = Shop::start().await.unwrap();
    for _ in 0..2 {
        ask(&shop.origins.ads.join("pixel.svg?page=x").unwrap(), &[], None).await;
    }
    let counts = ask(&shop.origins.ads.join(".counts").unwrap(), &[], None).await;
    assert_eq!(counts.text(), r#"{"/pixel.svg":2}"#);
    assert_eq!(ask(&shop.origins.tracker.join(".counts").unwrap(), &[], None).await.text(), "{}");
}

#[tokio::test]
async fn it_stops_when_dropped() {
    let shop = Shop::start().await.unwrap();
    let port = shop.origins.shop.port().unwrap();
    drop(shop);
    let refused = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), refused).await.unwrap();
}

#[test]
fn its_allowlist_has_the_pages_and_not_the_trackers() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let shop = runtime.block_on(Shop::start()).unwrap();
    let policy = crate::policy::Policy::check(&[shop.site()]).unwrap();
    let permits = |url: &Url, usage| policy.permit(url, usage).is_ok();
    use crate::policy::Use::{Load, Page};
    assert!(permits(&shop.origins.shop, Page) && permits(&shop.origins.cdn, Load) && permits(&shop.origins.pay, Load));
    assert!(
        !permits(&shop.origins.cdn, Page) && !permits(&shop.origins.tracker, Load) && !permits(&shop.origins.ads, Load)
    );
}

#[tokio::test]
async fn the_shop_s_rules_hold_on_its_payments() {
    use crate::wash::preview::{Files, Page};
    let shop = Shop::start().await.unwrap();
    let reply = get(&shop, "/account/payments", &[("cookie", "customer=robin")]).await;
    let page = Page {
        domain: std::sync::Arc::new(crate::origin::ViewDomain {
            domain: "view.localhost".to_owned(),
            scheme: crate::origin::Scheme::Http,
            port: 8080,
        }),
        secret: [0; 32],
        sites: vec![shop.site()],
        url: shop.origins().shop.join("/account/payments").unwrap(),
        html: reply.text().to_owned(),
    };
    let sides = page.sides(&Files::default()).unwrap();
    for told in ["GB82 WEST", "robin.field@example.com", "4111 1111", "1,284"] {
        assert!(sides.visitor.contains(told) && !sides.agent.contains(told), "{told}: {}", sides.agent);
    }
    let rules: Vec<_> = sides.marks.iter().map(|mark| mark.rule.as_str()).filter(|rule| !rule.is_empty()).collect();
    assert_eq!(rules, ["privacy.mask.1", "privacy.scrub.1", "privacy.scrub.2", "privacy.mask.0"]);
}
