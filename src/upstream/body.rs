//! Bodies on their way, streamed.

use std::convert::Infallible;

use bytes::Bytes;
use http_body::Body as HttpBody;
use http_body_util::{BodyExt, Empty, Full, combinators::UnsyncBoxBody};

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

/// Any body as a [`Body`].
pub fn boxed<B>(body: B) -> Body
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    body.map_err(Into::into).boxed_unsync()
}
