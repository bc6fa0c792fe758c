//! A whole server with a site behind it, and browsers that talk to it.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use alongside::config::Config;
use alongside::protocol::agent::{FromViewer, ToViewer};
use alongside::protocol::api::{Admitted, NewSession, ViewerAddress};
use alongside::protocol::image::ImageOffer;
use alongside::protocol::people::{AccountRole, Mode};
use alongside::server::Server;
use alongside::session::{Host, Hosting, Sessions};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::{Mutex, watch};
use url::Url;
use yawc::frame::{Frame, OpCode};
use yawc::{HttpRequest, Options, WebSocket};

use crate::support::{Running, within};

pub(crate) const PASSWORD: &str = "a long password";

/// A server, and a site that it may open.
pub(crate) struct World {
    pub(crate) address: SocketAddr,
    /// The site's root.
    pub(crate) site: Url,
    pub(crate) server: Running,
    pub(crate) sessions: Arc<Sessions>,
    /// The configuration, but for the environment.
    text: String,
    _site: Running,
    pub(crate) folder: TempDir,
    /// Whether sessions may go the image way, and those that do.
    offer: ImageOffer,
    hosts: Mutex<UnboundedReceiver<Host>>,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with("").await
    }

    /// `more`: configuration after that of the site, `{site}` its root; the rules of the site, or other sites.
    pub(crate) async fn with(more: &str) -> Self {
        let shop = "[[site]]\nname = 'Shop'\nstart = '{site}/cart'\npages = ['{site}']\nnetworks = ['127.0.0.0/8']\n";
        Self::sites(&format!("{shop}{more}")).await
    }

    /// The same, and the test runs the sessions that go the image way.
    pub(crate) async fn hosting(more: &str) -> Self {
        let shop = "[[site]]\nname = 'Shop'\nstart = '{site}/cart'\npages = ['{site}']\nnetworks = ['127.0.0.0/8']\n";
        Self::offering(&format!("{shop}{more}"), ImageOffer::Ready).await
    }

    /// The next session that goes the image way.
    pub(crate) async fn host(&self) -> Host {
        within(self.hosts.lock().await.recv()).await.unwrap()
    }

    /// `sites`: configuration of all sites, `{site}` the root of the one that answers.
    pub(crate) async fn sites(sites: &str) -> Self {
        Self::offering(sites, ImageOffer::Off).await
    }

    async fn offering(sites: &str, offer: ImageOffer) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = axum::Router::new()
            .route("/log-in", axum::routing::get(async || [(header::SET_COOKIE, "customer=needle; HttpOnly")]))
            .route("/who", axum::routing::get(who))
            .fallback(async || ([(header::CONTENT_TYPE, "text/html")], "<!doctype html><title>Shop</title><p>Welcome"));
        let site_server = Running::new(address, |shutdown| async move {
            axum::serve(listener, router).with_graceful_shutdown(shutdown).await.unwrap();
        });
        let site = format!("http://{address}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let text = format!(
            "[listen]\nhttp = '127.0.0.1:0'\n[store]\npath = '{}'\n[image]\nenabled = false\n{sites}",
            path.display()
        );
        let text = text.replace("{site}", &site);
        let (hosting, hosts) = Hosting::new(watch::channel(offer).1);
        let server = Server::bind_with(Config::parse(&text, "test", []).unwrap(), hosting).await.unwrap();
        let others = [("Sam", AccountRole::Supervisor), ("Ines", AccountRole::Admin)];
        for (name, role) in ["Justin", "Ada", "Eve"].map(|name| (name, AccountRole::Agent)).into_iter().chain(others) {
            server.store().add(name, PASSWORD, role).await.unwrap();
        }
        let (address, sessions) = (server.addr(), Arc::clone(server.sessions()));
        let server = Running::new(address, |shutdown| server.run(shutdown));
        let (site, hosts) = (site.parse().unwrap(), Mutex::new(hosts));
        Self { address, site, server, sessions, text, _site: site_server, folder, offer, hosts }
    }

    /// The server is stopped, or without notice just gone, and another one is started in its place. `environment`: its keys.
    pub(crate) async fn again(self, notice: bool, environment: &[(&str, String)]) -> Self {
        let Self { address, site, server, text, _site, folder, offer, .. } = self;
        if notice {
            server.stop().await;
        } else {
            server.crash().await;
        }
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let there = text.replace("127.0.0.1:0'", &format!("{address}'"));
        let (hosting, hosts) = Hosting::new(watch::channel(offer).1);
        let server = Server::bind_with(Config::parse(&there, "test", environment).unwrap(), hosting).await.unwrap();
        let sessions = Arc::clone(server.sessions());
        let server = Running::new(address, |shutdown| server.run(shutdown));
        Self { address, site, server, sessions, text, _site, folder, offer, hosts: Mutex::new(hosts) }
    }

    /// Other rules from now on: configuration of all sites, `{site}` the root of the one that answers. How many sessions go by them.
    pub(crate) fn rules(&self, sites: &str) -> usize {
        let root = self.site.as_str().trim_end_matches('/');
        let config = Config::parse(&sites.replace("{site}", root), "test", []).unwrap();
        self.sessions.set_policy(config.policy())
    }

    pub(crate) fn control(&self) -> String {
        format!("alongside.localhost:{}", self.address.port())
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser { address: self.address, source: IpAddr::V4(Ipv4Addr::LOCALHOST), cookies: HashMap::new() }
    }

    /// A browser with a signed-in agent.
    pub(crate) async fn agent(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        let body = serde_json::json!({ "name": name, "password": PASSWORD });
        assert_eq!(browser.post(&self.control(), "/api/sign-in", &body).await.status, StatusCode::OK);
        browser
    }

    pub(crate) async fn new_session(&self, agent: &mut Browser) -> NewSession {
        self.start_session(agent, "/cart", Mode::ViewOnly).await
    }

    pub(crate) async fn start_session(&self, agent: &mut Browser, path: &str, mode: Mode) -> NewSession {
        let body = serde_json::json!({ "url": self.site.join(path).unwrap(), "mode": mode });
        agent.post(&self.control(), "/api/sessions", &body).await.json()
    }

    /// A visitor who allowed the session and is on the site.
    pub(crate) async fn visitor(&self, session: &NewSession) -> Visitor {
        let mut browser = self.browser();
        let body = serde_json::json!({ "by": "pin", "pin": session.pin });
        assert_eq!(browser.post(&self.control(), "/api/join", &body).await.status, StatusCode::OK);
        let allowed = serde_json::json!({ "mode": "shared" });
        let admitted: Admitted = browser.post(&self.control(), "/api/join/allow", &allowed).await.json();
        let enter: Url = admitted.url.parse().unwrap();
        let host = format!("{}:{}", enter.host_str().unwrap(), enter.port().unwrap());
        let path = format!("{}?{}", enter.path(), enter.query().unwrap());
        let asked = format!("http://{}", self.control());
        for (method, origin) in
            [(Method::GET, asked.as_str()), (Method::POST, "http://elsewhere.example"), (Method::POST, "null")]
        {
            let handed_on = browser.clone().send(method, &host, &path, &[("origin", origin)], Bytes::new()).await;
            assert_eq!(handed_on.status, StatusCode::FORBIDDEN, "a ticket that the join page does not post");
        }
        let answer = browser.send(Method::POST, &host, &path, &[("origin", &asked)], Bytes::new()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let location = answer.headers[header::LOCATION].to_str().unwrap();
        assert!(location.starts_with(&format!("http://{host}/")) && location.ends_with("/cart"), "{location}");
        let page = location.parse::<Url>().unwrap().path().to_owned();
        Visitor { browser, host, enter, page }
    }

    /// Host and path (up to the capability's slash) of a view of a session.
    pub(crate) async fn view(&self, agent: &mut Browser, session: &NewSession) -> (String, String) {
        let path = format!("/api/sessions/{}/viewer", session.id);
        let ViewerAddress { url } = agent.post(&self.control(), &path, &()).await.json();
        let url: Url = url.parse().unwrap();
        (format!("{}:{}", url.host_str().unwrap(), url.port().unwrap()), url.path().to_owned())
    }
}

/// Tells which cookies came.
async fn who(headers: http::HeaderMap) -> String {
    headers.get(header::COOKIE).map_or("nobody", |cookie| cookie.to_str().unwrap()).to_owned()
}

/// A visitor's browser and the view origin that it is on.
pub(crate) struct Visitor {
    pub(crate) browser: Browser,
    pub(crate) host: String,
    pub(crate) enter: Url,
    /// Path of the page that the session started at.
    pub(crate) page: String,
}

impl Visitor {
    /// The companion's socket, with the key of the page's document. None: refused.
    pub(crate) async fn companion(&self) -> Option<Socket> {
        self.companion_at(&self.page).await
    }

    /// The same of a page at another path.
    pub(crate) async fn companion_at(&self, path: &str) -> Option<Socket> {
        let key = self.key_at(path, "document").await?;
        self.browser
            .socket(&self.host, &format!("/.alongside/socket?key={key}"), &format!("http://{}", self.host))
            .await
    }

    /// The key that a document for a tab (`document`), a frame (`iframe`) or a script (`empty`) comes with.
    pub(crate) async fn key(&self, dest: &str) -> Option<String> {
        self.key_at(&self.page, dest).await
    }

    async fn key_at(&self, path: &str, dest: &str) -> Option<String> {
        let mode = if dest == "empty" { "cors" } else { "navigate" };
        let fields = [("sec-fetch-dest", dest), ("sec-fetch-mode", mode), ("accept", "text/html")];
        let page = self.browser.clone().send(Method::GET, &self.host, path, &fields, Bytes::new()).await.text();
        let key = page.split_once(" data-key=\"")?.1.split('"').next()?;
        Some(key.to_owned())
    }
}

/// Keeps cookies by name and sends them everywhere: what the server makes of them is what is tested.
#[derive(Clone)]
pub(crate) struct Browser {
    address: SocketAddr,
    /// Where it connects from.
    source: IpAddr,
    pub(crate) cookies: HashMap<String, String>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The stable word of a refusal.
    pub(crate) fn code(&self) -> String {
        let error: alongside::protocol::api::ApiError = serde_json::from_slice(&self.body).unwrap();
        error.code
    }
}

impl Browser {
    /// The same at another address.
    pub(crate) fn from(self, source: IpAddr) -> Self {
        Self { source, ..self }
    }

    async fn connect(&self) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((self.source, 0).into()).unwrap();
        within(socket.connect(self.address)).await.unwrap()
    }

    pub(crate) async fn get(&mut self, host: &str, path: &str) -> Answer {
        self.send(Method::GET, host, path, &[], Bytes::new()).await
    }

    /// As a page of `host` posts.
    pub(crate) async fn post(&mut self, host: &str, path: &str, body: &impl Serialize) -> Answer {
        let origin = format!("http://{host}");
        let headers = [("origin", origin.as_str()), ("content-type", "application/json")];
        self.send(Method::POST, host, path, &headers, serde_json::to_vec(body).unwrap().into()).await
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        host: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Answer {
        let stream = self.connect().await;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, host);
        if !self.cookies.is_empty() {
            request = request.header(header::COOKIE, self.cookie_header());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = within(sender.send_request(request.body(Full::new(body)).unwrap())).await.unwrap();
        let (parts, body) = response.into_parts();
        self.keep(&Response::from_parts(parts.clone(), ()));
        let body = within(body.collect()).await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    fn cookie_header(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, response: &Response<()>) {
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            assert!(attributes.contains("HttpOnly") && attributes.contains("Secure"), "{attributes}");
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Opens a WebSocket as a page of `origin` does. None: refused.
    pub(crate) async fn socket(&self, host: &str, path: &str, origin: &str) -> Option<Socket> {
        let stream = self.connect().await;
        let url = format!("ws://{host}{path}").parse().unwrap();
        let mut request = HttpRequest::builder().header("origin", origin);
        if !self.cookies.is_empty() {
            request = request.header("cookie", self.cookie_header());
        }
        let options = Options::default().with_balanced_compression().with_max_payload_read(64 << 20);
        let socket = within(WebSocket::handshake_with_request(url, stream, options, request)).await.ok()?;
        Some(Socket(socket, None))
    }
}

/// With the code that it was closed with.
pub(crate) struct Socket(WebSocket<TcpStream>, pub(crate) Option<u16>);

impl Socket {
    pub(crate) async fn tell(&mut self, message: &impl Serialize) {
        within(self.0.send(Frame::text(serde_json::to_vec(message).unwrap()))).await.unwrap();
    }

    /// The next message. None: closed.
    pub(crate) async fn hear<T: DeserializeOwned>(&mut self) -> Option<T> {
        loop {
            let frame = within(self.0.next()).await?;
            match frame.opcode() {
                OpCode::Text => return Some(serde_json::from_slice(frame.payload()).unwrap()),
                OpCode::Close => {
                    self.1 = frame.close_code().map(u16::from);
                    return None;
                }
                _ => {}
            }
        }
    }

    /// Messages until one that is looked for.
    pub(crate) async fn until<T: DeserializeOwned>(&mut self, wanted: impl Fn(&T) -> bool) -> T {
        loop {
            let message = self.hear().await.expect("closed before the message came");
            if wanted(&message) {
                return message;
            }
        }
    }

    /// The next picture.
    pub(crate) async fn picture(&mut self) -> String {
        loop {
            let frame = within(self.0.next()).await.expect("closed before a picture came");
            if frame.opcode() == OpCode::Binary {
                return String::from_utf8(frame.payload().to_vec()).unwrap();
            }
        }
    }

    /// How many pictures come until it is closed.
    pub(crate) async fn pictures_left(&mut self) -> usize {
        let mut left = 0;
        while let Some(frame) = within(self.0.next()).await {
            left += usize::from(frame.opcode() == OpCode::Binary);
        }
        left
    }

    /// Whether it is closed without another picture.
    pub(crate) async fn rest_is_silent(&mut self) -> bool {
        self.pictures_left().await == 0
    }

    /// A ping, at which the server looks whether this one still may.
    pub(crate) async fn ping(&mut self) {
        // It may have been closed already.
        let _ = within(self.0.send(Frame::ping(Bytes::new()))).await;
    }

    pub(crate) async fn refresh(&mut self) {
        self.tell(&FromViewer::Resync { diverged: false }).await;
    }

    /// The rest of a viewer's socket.
    pub(crate) async fn rest(&mut self) -> Vec<ToViewer> {
        let mut rest = Vec::new();
        while let Some(message) = self.hear().await {
            rest.push(message);
        }
        rest
    }
}
