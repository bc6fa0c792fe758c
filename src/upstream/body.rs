//! Bodies on their way, streamed and timed.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::{BodyExt, Empty, Full, combinators::UnsyncBoxBody};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::UpstreamError;

/// Bytes of a piece of [`pieces`].
const PIECE: usize = 32 << 10;

/// What went wrong in the middle of a body.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// Any body, of a request to a site or of a response to a visitor.
pub type Body = UnsyncBoxBody<Bytes, BodyError>;

/// No body.
#[must_use]
pub fn empty() -> Body {
    Empty::new().map_err(|e: Infallible| match e {}).boxed_unsync()
}

/// A body that is all there.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|e: Infallible| match e {}).boxed_unsync()
}

/// A body that is all there, sent a piece at a time: what breaks it off ([`until`]) finds most of it not sent.
pub fn pieces(bytes: impl Into<Bytes>) -> Body {
    boxed(Pieces(bytes.into()))
}

/// See [`pieces`].
struct Pieces(Bytes);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let length = self.0.len().min(PIECE);
        let piece = self.0.split_to(length);
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}

/// Any body as a [`Body`].
pub fn boxed<B>(body: B) -> Body
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    body.map_err(Into::into).boxed_unsync()
}

/// A body that breaks off when `end` is done.
pub fn until(body: Body, end: impl Future<Output = ()> + Send + 'static) -> Body {
    boxed(Until { body, end: Box::pin(end) })
}

/// See [`until`].
struct Until {
    body: Body,
    end: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl HttpBody for Until {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.end.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err("it ended".into())));
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A body that fails when nothing comes for too long.
pub(super) struct Idle<B> {
    body: B,
    patience: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl<B> Idle<B> {
    pub(super) fn new(body: B, patience: Duration) -> Self {
        Self { body, patience, sleep: Box::pin(sleep(patience)) }
    }
}

impl<B> HttpBody for Idle<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: Into<BodyError>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            this.sleep.as_mut().reset(Instant::now() + this.patience);
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        ready!(this.sleep.as_mut().poll(cx));
        Poll::Ready(Some(Err(UpstreamError::TimedOut.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// When something last moved: patience counts from there.
#[derive(Clone)]
pub(crate) struct Progress {
    last: Arc<Mutex<Instant>>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { last: Arc::new(Mutex::new(Instant::now())) }
    }

    /// Something moved.
    pub(crate) fn touch(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// A body that tells when it moves.
    pub(super) fn watch<B: Unpin>(&self, body: B) -> Watched<B> {
        Watched { body, progress: self.clone() }
    }

    /// Returns when nothing has moved for `patience`.
    pub(crate) async fn silence(&self, patience: Duration) {
        loop {
            let deadline = *self.last.lock().unwrap_or_else(PoisonError::into_inner) + patience;
            if deadline <= Instant::now() {
                return;
            }
            sleep_until(deadline).await;
        }
    }
}

/// See [`Progress::watch`].
pub(super) struct Watched<B> {
    body: B,
    progress: Progress,
}

impl<B: HttpBody + Unpin> HttpBody for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        self.progress.touch();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
