//! Servers to test with.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alongside::origin::{Label, Scheme, UpstreamOrigin, ViewDomain};
use alongside::policy::{Policy, Site, Use};
use alongside::protocol::people::{AccountRole, Mode, Priority};
use alongside::proxy::pages::{self, Problem};
use alongside::proxy::{Proxy, Scripts};
use alongside::server::listen;
use alongside::session::assets::Bounds;
use alongside::session::ticket::cookie_name;
use alongside::session::token::Secret;
use alongside::session::{Agent, Found, Session, Sessions, Settings, Times};
use alongside::upstream::{self, Body, Upstream, body};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

/// How long anything may take in a test.
const DEADLINE: Duration = Duration::from_secs(20);

/// The result of something that must not take forever.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future).await.expect("it takes too long")
}

/// A server that stops when it is dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Running {
    pub(crate) fn new<F>(address: SocketAddr, serve: impl FnOnce(BoxedShutdown) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown: BoxedShutdown = Box::pin(async move {
            let _ = stopped.await;
        });
        Self { address, stop: Some(stop), task: tokio::spawn(serve(shutdown)) }
    }

    /// Takes it away without notice.
    pub(crate) async fn crash(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        within(&mut self.task).await.unwrap();
    }
}

pub(crate) type BoxedShutdown = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Title and bytes of each case of a file of raw requests (`fixtures/front`).
pub(crate) fn raw_cases(file: &str) -> Vec<(String, Vec<u8>)> {
    let mut cases: Vec<(String, Vec<u8>)> = Vec::new();
    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix("== ") {
            Some(title) => cases.push((title.to_owned(), Vec::new())),
            None => cases.last_mut().expect("a title comes first").1.extend(unescape(line)),
        }
    }
    cases
}

fn unescape(line: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = line.bytes();
    while let Some(byte) = bytes.next() {
        let escaped = if byte == b'\\' { bytes.next() } else { None };
        out.push(match escaped {
            None => byte,
            Some(b'r') => b'\r',
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'0') => 0,
            Some(b'x') => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            Some(other) => panic!("an unknown escape: {}", char::from(other)),
        });
    }
    out
}

/// A real HTTP server as upstream, which remembers what it was asked.
pub(crate) struct Web {
    pub(crate) running: Running,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// A request that an upstream got.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) headers: HeaderMap,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Web {
    pub(crate) async fn start<F>(answer: impl Fn(Request<Incoming>) -> F + Clone + Send + 'static) -> Self
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let remember = Arc::clone(&seen);
        let serve = move |listener: TcpListener| async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, seen) = (answer.clone(), Arc::clone(&remember));
                let service = service_fn(move |request: Request<Incoming>| {
                    seen.lock().unwrap().push(Seen { headers: request.headers().clone() });
                    let answer = answer(request);
                    async move { Ok::<_, std::convert::Infallible>(answer.await) }
                });
                let connection =
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(connection.with_upgrades());
            }
        };
        let running = Running::new(listener.local_addr().unwrap(), |_| serve(listener));
        Self { running, seen }
    }

    /// Address of a path of it.
    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.running.address)).unwrap()
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn last(&self) -> Seen {
        self.seen().pop().expect("a request")
    }
}

/// A response with a content type.
pub(crate) fn reply(content_type: &str, content: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(body::full(content));
    response.headers_mut().insert(header::CONTENT_TYPE, content_type.parse().unwrap());
    response
}

/// Everything on loopback, any port.
pub(crate) fn loopback() -> Site {
    site(&["http://127.0.0.1:*", "https://127.0.0.1:*"], &["127.0.0.0/8"])
}

pub(crate) fn site(pages: &[&str], networks: &[&str]) -> Site {
    let pages = pages.iter().map(|pattern| pattern.parse().unwrap()).collect();
    let networks = networks.iter().map(|net| net.parse().unwrap()).collect();
    Site { networks, ..Site::new("Test", Url::parse("http://127.0.0.1/").unwrap(), pages) }
}

struct Ours;

impl Scripts for Ours {
    fn shim(&self) -> &'static str {
        "shim-1.js"
    }

    fn companion(&self) -> &'static str {
        "companion-1.js"
    }

    fn get(&self, name: &str) -> Option<Bytes> {
        (name == "shim-1.js").then(|| Bytes::from_static(b"shim()"))
    }
}

/// A session whose visitor has come, behind a listener of its own.
pub(crate) struct Rig {
    pub(crate) running: Running,
    pub(crate) session: Arc<Session>,
    pub(crate) sessions: Arc<Sessions>,
    cookie: String,
}

impl Rig {
    pub(crate) async fn new(sites: Vec<Site>, options: upstream::Options) -> Self {
        Self::own(sites, options, false).await
    }

    /// `own`: the upstream knows the rig's own listener.
    pub(crate) async fn own(sites: Vec<Site>, mut options: upstream::Options, own: bool) -> Self {
        let listener = listen::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let address = listener.local_addr().unwrap();
        if own {
            options.own.push(address);
        }
        let domain = ViewDomain { domain: "view.localhost".to_owned(), scheme: Scheme::Http, port: address.port() };
        let hour = Duration::from_secs(3600);
        let start = sites[0].start.clone();
        let sessions = Sessions::new(Settings {
            domain,
            policy: Policy::new(sites),
            times: Times { pin: hour, away: hour, longest: hour },
            assets: Bounds { total: 64 << 20, one: 16 << 20 },
            sessions: 4,
            per_agent: 4,
            pepper: Secret::random().unwrap(),
            kept: false,
            trail: alongside::session::Trail::default(),
            hosting: alongside::session::Hosting::default(),
        });
        // Where it starts does not matter here; the policy of this permit is its own.
        let anywhere = Policy::new(vec![site(&["http://127.0.0.1"], &[])]).permit(&start, Use::Page).unwrap();
        let agent = Agent { account: 1, name: "Ada".to_owned(), role: AccountRole::Agent };
        let (session, ways) = sessions.create(agent, anywhere, Mode::ViewOnly, Priority::Normal).unwrap();
        let (_, join) = sessions.join_by_pin(ways.pin.expose(), address.ip()).unwrap();
        let (_, ticket) = sessions.allow(join.expose(), Mode::ViewOnly).unwrap();
        let secret = session.redeem(ticket.expose()).unwrap();
        let cookie = format!("{}={}", cookie_name(session.id()), secret.expose());
        let proxy = Proxy { upstream: Upstream::new(options).unwrap(), scripts: Arc::new(Ours) };
        let all = Arc::clone(&sessions);
        let service = move |request, peer: listen::Peer| dispatch(Arc::clone(&all), proxy.clone(), request, peer);
        let running = Running::new(address, |shutdown| {
            listen::serve(listener, None, listen::Options::default(), service, shutdown)
        });
        Self { running, session, sessions, cookie }
    }

    pub(crate) fn domain(&self) -> &ViewDomain {
        self.session.domain()
    }

    /// Asks for a real address as the visitor's browser would.
    pub(crate) async fn get(&self, url: &Url, headers: &[(&str, &str)]) -> Response<Incoming> {
        self.send(Method::GET, url, headers, body::empty()).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        url: &Url,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Response<Incoming> {
        let mut cookie = self.cookie.clone();
        for (_, value) in headers.iter().filter(|(name, _)| *name == "cookie") {
            cookie = format!("{cookie}; {value}");
        }
        let mut headers: Vec<(&str, &str)> = headers.iter().filter(|(name, _)| *name != "cookie").copied().collect();
        headers.push(("cookie", &cookie));
        self.send_bare(method, url, &headers, body).await
    }

    /// Without the session's cookie.
    pub(crate) async fn send_bare(
        &self,
        method: Method,
        url: &Url,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Response<Incoming> {
        let origin = UpstreamOrigin::of(url).unwrap();
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("host", self.domain().view_host(self.session.id(), &origin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let stream = TcpStream::connect(self.running.address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection.with_upgrades());
        within(sender.send_request(request.body(body).unwrap())).await.unwrap()
    }

    /// The view address of a real one.
    pub(crate) fn view(&self, url: &Url) -> String {
        self.domain().map(self.session.id(), url).unwrap().to_string()
    }
}

/// What the server does with a request to a view origin, without the rest of it.
async fn dispatch(
    sessions: Arc<Sessions>,
    proxy: Proxy,
    request: Request<Incoming>,
    peer: listen::Peer,
) -> Response<Body> {
    let host = request.headers()[header::HOST].to_str().unwrap().to_owned();
    let document = pages::wants_document(request.headers());
    if let Some(Label::View(sid, origin)) = sessions.domain().parse_host(&host)
        && let Found::Live(session) = sessions.find(&sid)
        && let Some(credential) = session.visitor(request.headers(), peer.address)
    {
        return proxy.serve(&session, credential, &origin, request).await;
    }
    pages::reply(&Problem::NoSession, document)
}

/// Status, header fields and the whole body.
pub(crate) async fn whole(response: Response<Incoming>) -> (StatusCode, HeaderMap, Bytes) {
    let (head, body) = response.into_parts();
    (head.status, head.headers, within(body.collect()).await.unwrap().to_bytes())
}
