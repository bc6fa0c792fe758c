//! HTTP and WebSockets as browsers use them.

use std::collections::HashMap;
use std::net::SocketAddr;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http::{Method, Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;
use yawc::frame::{Frame, OpCode};
use yawc::{HttpRequest, Options, WebSocket};

use crate::Failure;

/// Keeps cookies by name and sends them everywhere.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) address: SocketAddr,
    pub(crate) cookies: HashMap<String, String>,
}

impl Browser {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, cookies: HashMap::new() }
    }

    /// As a page of `host` posts; what is not a success fails, redirects excepted.
    pub(crate) async fn post(&mut self, host: &str, path: &str, body: &impl Serialize) -> Result<Bytes, Failure> {
        let body = serde_json::to_vec(body)?;
        self.send(Method::POST, host, path, &format!("http://{host}"), body).await
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        host: &str,
        path: &str,
        origin: &str,
        body: Vec<u8>,
    ) -> Result<Bytes, Failure> {
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let request = Request::builder().method(method).uri(path).header(header::HOST, host);
        let request = request
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "text/html");
        let request = request.header(header::COOKIE, self.cookie()).body(Full::new(Bytes::from(body)))?;
        let (parts, body) = sender.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        if !parts.status.is_success() && !parts.status.is_redirection() {
            return Err(format!("{path}: {} {}", parts.status, String::from_utf8_lossy(&body)).into());
        }
        self.keep(&Response::from_parts(parts, ()));
        Ok(body)
    }

    /// Path of the companion's socket, with the key that a document comes with.
    pub(crate) async fn companion(&mut self, host: &str) -> Result<String, Failure> {
        let page = self.send(Method::GET, host, "/.alongside/blank", "null", Vec::new()).await?;
        let page = String::from_utf8_lossy(&page).into_owned();
        let key = page.split_once(" data-key=\"").and_then(|(_, rest)| rest.split('"').next());
        Ok(format!("/.alongside/socket?key={}", key.ok_or("a page without a key")?))
    }

    fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, response: &Response<()>) {
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().ok().and_then(|cookie| cookie.split(';').next()?.split_once('='));
            if let Some((name, value)) = pair {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub(crate) async fn socket(&self, host: &str, path: &str) -> Result<Socket, Failure> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let request = HttpRequest::builder().header("origin", format!("http://{host}"));
        let request = request.header("cookie", self.cookie());
        let url = format!("ws://{host}{path}").parse()?;
        Ok(Socket(WebSocket::handshake_with_request(url, stream, options(), request).await?))
    }
}

/// As browsers do: with permessage-deflate, at a level that takes little of the cores that the server shares with the load.
pub(crate) fn options() -> Options {
    Options::default().with_low_latency_compression().with_compression_threshold(64).with_max_payload_read(16 << 20)
}

pub(crate) struct Socket(pub(crate) WebSocket<TcpStream>);

impl Socket {
    pub(crate) async fn tell(&mut self, message: &impl Serialize) -> Result<(), Failure> {
        Ok(self.0.send(Frame::text(serde_json::to_vec(message)?)).await?)
    }

    /// The next message as text.
    pub(crate) async fn hear(&mut self) -> Result<Bytes, Failure> {
        loop {
            let frame = self.0.next().await.ok_or("a socket closed")?;
            match frame.opcode() {
                OpCode::Text => return Ok(frame.into_payload()),
                OpCode::Close => return Err("a socket was closed".into()),
                _ => {}
            }
        }
    }

    /// Messages until one that gives something.
    pub(crate) async fn until<T: DeserializeOwned, R>(
        &mut self,
        wanted: impl Fn(T) -> Option<R>,
    ) -> Result<R, Failure> {
        loop {
            if let Some(found) = wanted(serde_json::from_slice(&self.hear().await?)?) {
                return Ok(found);
            }
        }
    }
}
