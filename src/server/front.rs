//! The strict front: what a request must look like before hyper sees it.
//!
//! hyper lets pass what two servers in a row may read differently (request smuggling): a missing or second `Host`, bare line feeds, a length
//! beside `Transfer-Encoding`, an absolute address with another host. [`Front`] reads the same bytes first, framing-aware ([`watch`]),
//! and hands on only what is whole and plain (RFC 9112). In place of a bad head, hyper gets a request of ours, which [`Verdicts`] answers with 400 and
//! the connection's end, so that answers to earlier requests stay in order.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::BytesMut;
use http::{HeaderValue, Request, Response, StatusCode, header};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::origin::base32;
use crate::upstream::{Body, body};

pub mod watch;

use watch::{Refusal, Step, Watch};

/// Bytes read at a time.
const PIECE: usize = 16 << 10;
/// Field of the request that stands in for a bad one; the value is a secret of this process.
const MARK: &str = "alongside-refused";

static SECRET: LazyLock<String> = LazyLock::new(|| base32(&rand::random::<[u8; 16]>()));

/// What the bytes and the answers of one HTTP/1 connection tell each other.
#[derive(Clone, Default)]
pub struct Verdicts {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// A body's framing broke: whatever its request is answered, it is answered with 400.
    broken: AtomicBool,
    answers: Mutex<Answers>,
}

#[derive(Default)]
struct Answers {
    /// Answers so far.
    count: u64,
    /// The last one was `101`.
    upgraded: bool,
    /// Who waits for the next one.
    waker: Option<Waker>,
}

impl Verdicts {
    /// Answers a request of the connection: with 400 if it was refused, else by the service.
    pub async fn answer<B, F>(&self, request: Request<B>, service: impl FnOnce(Request<B>) -> F) -> Response<Body>
    where
        F: Future<Output = Response<Body>>,
    {
        let refused = request.headers().get(MARK).is_some_and(|mark| mark.as_bytes() == SECRET.as_bytes());
        let mut response = if refused { bad_request() } else { service(request).await };
        if self.shared.broken.load(Ordering::Acquire) {
            response = bad_request();
        }
        let mut answers = self.lock();
        answers.count += 1;
        answers.upgraded = response.status() == StatusCode::SWITCHING_PROTOCOLS;
        if let Some(waker) = answers.waker.take() {
            waker.wake();
        }
        response
    }

    /// Whether request number `count`, the last so far, was upgraded.
    fn upgraded(&self, count: u64, cx: &mut Context<'_>) -> Poll<bool> {
        let mut answers = self.lock();
        if answers.count >= count {
            return Poll::Ready(answers.upgraded);
        }
        answers.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Answers> {
        self.shared.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `400`, and the connection's end.
#[must_use]
pub fn bad_request() -> Response<Body> {
    let mut response = Response::new(body::full("Bad request\n"));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// The same rules for HTTP/2, whose framing needs no watching: one authority, and no `Host` that names another. From then on `Host` alone counts.
///
/// # Errors
/// [`Refusal::Host`] or, for a method that is none of ours, [`Refusal::RequestLine`].
pub fn check_http2<B>(request: &mut Request<B>) -> Result<(), Refusal> {
    if request.method() == http::Method::CONNECT {
        return Err(Refusal::RequestLine);
    }
    let authority = request.uri().authority().map(|authority| authority.as_str().to_owned());
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (host, second) = (hosts.next().map(|host| host.as_bytes().to_vec()), hosts.next().is_some());
    let name = match (authority, host) {
        (Some(name), None) => name.into_bytes(),
        (Some(name), Some(host)) if name.as_bytes().eq_ignore_ascii_case(&host) => host,
        (None, Some(host)) => host,
        _ => return Err(Refusal::Host),
    };
    if second || !watch::is_host(&name) {
        return Err(Refusal::Host);
    }
    let name = HeaderValue::from_bytes(&name).map_err(|_| Refusal::Host)?;
    request.headers_mut().insert(header::HOST, name);
    Ok(())
}

/// `400` in HTTP/2, where one request does not end the connection.
#[must_use]
pub fn bad_request_http2() -> Response<Body> {
    let mut response = bad_request();
    response.headers_mut().remove(header::CONNECTION);
    response
}

/// A connection whose requests are watched.
pub struct Front<IO> {
    io: IO,
    watch: Watch,
    verdicts: Verdicts,
    /// Read, not yet judged.
    input: BytesMut,
    /// Judged, not yet handed on.
    output: BytesMut,
    /// Nothing more is handed on.
    refused: bool,
}

impl<IO> Front<IO> {
    /// Watches a connection; its requests are answered through `verdicts`.
    pub fn new(io: IO, verdicts: Verdicts) -> Self {
        Self { io, watch: Watch::default(), verdicts, input: BytesMut::new(), output: BytesMut::new(), refused: false }
    }

    /// Judges what was read.
    fn judge(&mut self, cx: &mut Context<'_>) {
        while !self.refused {
            match self.watch.step(&mut self.input, &mut self.output) {
                Ok(Step::More) => return,
                Ok(Step::Upgrade(count)) => match self.verdicts.upgraded(count, cx) {
                    Poll::Ready(upgraded) => self.watch.decide(upgraded),
                    Poll::Pending => return,
                },
                Err(refusal) => {
                    tracing::debug!(%refusal, "request refused");
                    self.refused = true;
                    if refusal.in_body() {
                        self.verdicts.shared.broken.store(true, Ordering::Release);
                    } else {
                        let instead = format!("GET / HTTP/1.1\r\nhost: refused\r\n{MARK}: {}\r\n\r\n", SECRET.as_str());
                        self.output.extend_from_slice(instead.as_bytes());
                    }
                }
            }
        }
    }
}

impl<IO: AsyncRead + Unpin> AsyncRead for Front<IO> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            this.judge(cx);
            if !this.output.is_empty() {
                let n = this.output.len().min(buf.remaining());
                buf.put_slice(&this.output.split_to(n));
                return Poll::Ready(Ok(()));
            }
            // Reading the body fails, then; its request is still answered.
            if this.verdicts.shared.broken.load(Ordering::Acquire) {
                return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
            }
            // The answer ends the connection; a client that waits for an upgrade's answer has nothing to say until then.
            if this.refused || this.watch.is_waiting() && !this.input.is_empty() {
                return Poll::Pending;
            }
            let start = this.input.len();
            this.input.resize(start + PIECE, 0);
            let mut piece = ReadBuf::new(&mut this.input[start..]);
            let result = Pin::new(&mut this.io).poll_read(cx, &mut piece);
            let n = piece.filled().len();
            this.input.truncate(start + n);
            ready!(result)?;
            if n == 0 {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<IO: AsyncWrite + Unpin> AsyncWrite for Front<IO> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http2_has_one_host() {
        let cases: [(&str, &[&str], Option<&str>); 7] = [
            ("https://a.test/x", &[], Some("a.test")),
            ("https://a.test:8443/x", &["A.test:8443"], Some("A.test:8443")),
            ("/x", &["a.test"], Some("a.test")),
            ("https://a.test/x", &["b.test"], None),
            ("https://a.test/x", &["a.test", "a.test"], None),
            ("/x", &["a.test", "b.test"], None),
            ("/x", &[], None),
        ];
        for (uri, hosts, expected) in cases {
            let mut request = Request::builder().uri(uri);
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            let mut request = request.body(()).unwrap();
            let result = check_http2(&mut request);
            assert_eq!(result.is_ok(), expected.is_some(), "{uri} {hosts:?}");
            if let Some(expected) = expected {
                assert_eq!(request.headers()[header::HOST], expected);
            }
        }
    }
}
