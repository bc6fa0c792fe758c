//! A site, a pool, and a tab whose events are waited for.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use alongside::image::{Open, Options, Pool, Shot, Tab, TabEvent};
use alongside::protocol::image::{Device, Input, MouseAction};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::time::timeout;
use url::Url;

/// Nothing here takes longer, on a slow machine with other work.
pub(crate) const LONG: Duration = Duration::from_secs(30);

/// A request: its path, and the fields of its head.
type Asked = (String, HashMap<String, String>);

/// A server of pages. What pages tell comes by POST to `/tell`.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    told: Arc<Mutex<Vec<String>>>,
    requests: Arc<Mutex<Vec<Asked>>>,
}

impl Site {
    pub(crate) async fn start(pages: &'static [(&'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = Self {
            address: listener.local_addr().unwrap(),
            connections: Arc::default(),
            told: Arc::default(),
            requests: Arc::default(),
        };
        let (connections, told, requests) =
            (Arc::clone(&site.connections), Arc::clone(&site.told), Arc::clone(&site.requests));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                let (told, requests) = (Arc::clone(&told), Arc::clone(&requests));
                let service =
                    service_fn(move |request| answer(request, pages, Arc::clone(&told), Arc::clone(&requests)));
                let serve = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(serve.with_upgrades());
            }
        });
        site
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }

    /// Waits for what a page tells.
    pub(crate) async fn tells(&self, what: impl Fn(&str) -> bool) -> String {
        self.tells_within(LONG, what).await
    }

    pub(crate) async fn tells_within(&self, patience: Duration, what: impl Fn(&str) -> bool) -> String {
        let began = Instant::now();
        loop {
            if let Some(found) = self.told().into_iter().find(|told| what(told)) {
                return found;
            }
            assert!(began.elapsed() < patience, "the page told only {:?}", self.told());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until a path was asked for.
    pub(crate) async fn waits_for(&self, path: &str) {
        let began = Instant::now();
        while !self.asked(path) {
            assert!(began.elapsed() < LONG, "nobody asked for {path}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(crate) fn asked(&self, path: &str) -> bool {
        self.requests.lock().unwrap().iter().any(|(asked, _)| asked == path)
    }

    /// Whether a request had this host.
    pub(crate) fn host_asked(&self, host: &str) -> bool {
        let requests = self.requests.lock().unwrap();
        requests.iter().any(|(_, head)| head.get("host").is_some_and(|named| named.starts_with(host)))
    }

    /// Head fields of the first request for a path.
    pub(crate) fn head(&self, path: &str) -> HashMap<String, String> {
        let requests = self.requests.lock().unwrap();
        requests.iter().find(|(asked, _)| asked == path).map(|(_, head)| head.clone()).unwrap_or_default()
    }

    /// A view host's address at this site.
    pub(crate) fn url(&self, host: &str, path: &str) -> Url {
        format!("http://{host}.view.localhost:{}{path}", self.address.port()).parse().unwrap()
    }

    /// The page at `path` of the host `a`, for a session whose hosts begin with `a`.
    pub(crate) fn open(&self, path: &str) -> Open {
        Open {
            url: self.url("a", path),
            device: desktop(),
            cookies: Vec::new(),
            views: Arc::new(|host| host.starts_with('a') && host.ends_with(".view.localhost")),
            port: self.address.port(),
            gateway: self.address,
        }
    }
}

async fn answer(
    request: Request<Incoming>,
    pages: &'static [(&'static str, &'static str)],
    told: Arc<Mutex<Vec<String>>>,
    requests: Arc<Mutex<Vec<Asked>>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let head = request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    requests.lock().unwrap().push((path.clone(), head));
    let query = request.uri().query().unwrap_or_default().to_owned();
    if path == "/tell" {
        let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        told.lock().unwrap().push(String::from_utf8_lossy(&body).into_owned());
        return Ok(Response::new(Full::default()));
    }
    if path == "/redirect" {
        let to = percent_encoding::percent_decode_str(&query).decode_utf8_lossy().into_owned();
        return Ok(Response::builder().status(302).header("location", to).body(Full::default()).unwrap());
    }
    let found = pages.iter().find(|(at, _)| *at == path);
    let status = if found.is_some() { 200 } else { 404 };
    let page = found.map_or("", |(_, page)| page);
    let kind = if path.ends_with(".bin") { "application/octet-stream" } else { "text/html; charset=utf-8" };
    Ok(Response::builder().status(status).header("content-type", kind).body(Full::from(page)).unwrap())
}

pub(crate) fn desktop() -> Device {
    Device {
        width: 800,
        height: 600,
        languages: vec!["en-GB".to_owned()],
        time_zone: "Europe/Berlin".to_owned(),
        ..Device::default()
    }
}

/// Options whose browser has its folder in `folder`.
pub(crate) fn options(folder: &Path) -> Options {
    Options {
        chrome: std::env::var_os("CHROMIUM").map(PathBuf::from),
        keeper: Some(keeper()),
        sandbox: std::env::var("ALONGSIDE_IMAGE__SANDBOX").map_or(true, |value| value != "false"),
        user: 65534,
        sessions: 4,
        spare: 1,
        memory: 1024,
        hang: Duration::from_secs(10),
        folder: folder.to_owned(),
    }
}

/// The program that starts the browser, where the browser's user can get at it.
fn keeper() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_alongside"))
}

/// A pool with a folder of its own, which others may pass through.
pub(crate) struct Run {
    pub(crate) pool: Arc<Pool>,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) fn folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

impl Run {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let lines = tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env());
        let _ = lines.with_test_writer().try_init();
        let folder = folder();
        let mut options = options(folder.path());
        change(&mut options);
        let began = Instant::now();
        let pool = Pool::start(options).await.unwrap_or_else(|error| panic!("{error}"));
        eprintln!("launch: {:?}", began.elapsed());
        Self { pool, folder }
    }
}

/// Waits for an event.
pub(crate) async fn until<T>(tab: &Tab, mut wanted: impl FnMut(TabEvent) -> Option<T>) -> T {
    let mut seen = Vec::new();
    let search = async {
        loop {
            let event = tab.next().await;
            if !matches!(event, TabEvent::Frame(_)) {
                seen.push(format!("{event:?}"));
            }
            if let Some(found) = wanted(event) {
                return found;
            }
        }
    };
    match timeout(LONG, search).await {
        Ok(found) => found,
        Err(_) => panic!("it did not come, but {seen:#?}"),
    }
}

pub(crate) async fn frame(tab: &Tab) -> Shot {
    until(tab, |event| match event {
        TabEvent::Frame(shot) => Some(shot),
        _ => None,
    })
    .await
}

pub(crate) fn pixels(shot: &Shot) -> Vec<u8> {
    zune_jpeg::JpegDecoder::new(zune_jpeg::zune_core::bytestream::ZCursor::new(&shot.jpeg)).decode().unwrap()
}

/// Colour of a pixel of a frame.
pub(crate) fn pixel(shot: &Shot, x: u32, y: u32) -> [u8; 3] {
    let rgb = pixels(shot);
    let at = ((y * shot.width + x) * 3) as usize;
    [rgb[at], rgb[at + 1], rgb[at + 2]]
}

pub(crate) fn near(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.abs_diff(b) < 24)
}

/// Waits for a frame whose pixel has a colour.
pub(crate) async fn shows(tab: &Tab, (x, y): (u32, u32), colour: [u8; 3]) -> Shot {
    let mut last = None;
    let search = async {
        loop {
            if let TabEvent::Frame(shot) = tab.next().await {
                last = Some((pixel(&shot, x, y), shot.width, shot.height));
                if near(last.unwrap().0, colour) {
                    return shot;
                }
            }
        }
    };
    match timeout(LONG, search).await {
        Ok(shot) => shot,
        Err(_) => panic!("no frame with {colour:?} at {x}, {y}; the last has {last:?}"),
    }
}

pub(crate) fn click(tab: &Tab, x: f64, y: f64) {
    let mouse = |action, buttons| Input::Mouse { action, x, y, button: 0, buttons, count: 1, held: 0 };
    tab.input(mouse(MouseAction::Move, 0));
    tab.input(mouse(MouseAction::Down, 1));
    tab.input(mouse(MouseAction::Up, 0));
}
