//! Bodies that are rewritten on their way: documents while they stream, style sheets as a whole.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use encoding_rs::Encoding;
use futures_util::{FutureExt, stream};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};

use super::codec::{CodecError, Coding, Decoder, Encoder};
use crate::rewrite::html::{Rewriter, sniff};
use crate::rewrite::{Page, css};
use crate::upstream::body::{self, BodyError};
use crate::upstream::{Body, UpstreamError};

/// A decoded document at most.
const DOCUMENT: u64 = 64 << 20;
/// A decoded style sheet at most.
const SHEET: u64 = 8 << 20;
/// Bytes in which a document says its encoding (HTML Standard, 13.2.3.2).
const PRESCAN: usize = 1024;
/// How long to wait for them.
const PRESCAN_WAIT: Duration = Duration::from_millis(300);
/// What is rewritten before it is sent, if more is there already.
const BATCH: usize = 64 << 10;

/// A body that is decoded while it comes.
struct Source {
    body: Body,
    decoder: Decoder,
    ended: bool,
}

impl Source {
    fn new(body: Body, coding: Coding, limit: u64) -> Self {
        Self { body, decoder: Decoder::new(coding, limit), ended: false }
    }

    /// The next decoded piece, never empty. Waits nowhere but for the body, so that nothing is lost when it is dropped.
    async fn next(&mut self) -> Option<Result<Bytes, BodyError>> {
        while !self.ended {
            let piece = match self.body.frame().await {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.decoder.push(&data),
                    Err(_trailers) => continue,
                },
                Some(Err(e)) => {
                    self.ended = true;
                    return Some(Err(e));
                }
                None => {
                    self.ended = true;
                    self.decoder.finish()
                }
            };
            match piece {
                Ok(piece) if piece.is_empty() => {}
                Ok(piece) => return Some(Ok(piece)),
                Err(e) => {
                    self.ended = true;
                    return Some(Err(e.into()));
                }
            }
        }
        None
    }

    /// The beginning of the body: enough to tell its encoding, or what came in time.
    async fn beginning(&mut self) -> Result<BytesMut, BodyError> {
        let mut beginning = BytesMut::new();
        let enough = async {
            while beginning.len() < PRESCAN {
                match self.next().await {
                    Some(piece) => beginning.extend_from_slice(&piece?),
                    None => break,
                }
            }
            Ok::<(), BodyError>(())
        };
        tokio::time::timeout(PRESCAN_WAIT, enough).await.unwrap_or(Ok(()))?;
        Ok(beginning)
    }
}

/// A document, rewritten while it streams, with the encoding that it was found to have.
///
/// # Errors
/// If its beginning cannot be read.
pub(super) async fn document(
    page: Page,
    body: Body,
    codings: (Coding, Coding),
    content_type: Option<&str>,
) -> Result<(Body, &'static Encoding), UpstreamError> {
    let (from, to) = codings;
    let mut source = Source::new(body, from, DOCUMENT);
    let beginning = source.beginning().await.map_err(|e| reason(&e))?.freeze();
    let encoding = sniff(&beginning, content_type);
    let rewriting = Rewriting {
        source,
        ready: (!beginning.is_empty()).then_some(beginning),
        rewriter: Some(Rewriter::new(Arc::new(page), encoding)),
        encoder: Encoder::new(to),
    };
    let pieces = stream::unfold(rewriting, |mut rewriting| async move {
        let piece = rewriting.next().await?;
        Some((piece.map(Frame::data), rewriting))
    });
    Ok((body::boxed(StreamBody::new(pieces)), encoding))
}

/// A document on its way.
struct Rewriting {
    source: Source,
    /// Read, but not yet rewritten.
    ready: Option<Bytes>,
    /// None: the end was written, or it broke.
    rewriter: Option<Rewriter>,
    encoder: Encoder,
}

impl Rewriting {
    async fn next(&mut self) -> Option<Result<Bytes, BodyError>> {
        let piece = self.step().await.transpose()?;
        if piece.is_err() {
            self.rewriter = None;
        }
        Some(piece)
    }

    /// What is there now, rewritten and flushed, or the end.
    async fn step(&mut self) -> Result<Option<Bytes>, BodyError> {
        loop {
            let Some(rewriter) = &mut self.rewriter else { return Ok(None) };
            let mut taken = 0;
            let mut next = match self.ready.take() {
                Some(piece) => Some(piece),
                None => self.source.next().await.transpose()?,
            };
            while let Some(piece) = next {
                taken += piece.len();
                self.encoder.push(&rewriter.write(&piece)?)?;
                if taken >= BATCH {
                    break;
                }
                match self.source.next().now_or_never() {
                    Some(Some(piece)) => next = Some(piece?),
                    Some(None) | None => break,
                }
            }
            if taken == 0 && self.source.ended {
                if let Some(rewriter) = self.rewriter.take() {
                    self.encoder.push(&rewriter.end()?)?;
                }
                return Ok(Some(self.encoder.finish()?).filter(|rest| !rest.is_empty()));
            }
            let out = self.encoder.flush()?;
            if !out.is_empty() {
                return Ok(Some(out));
            }
        }
    }
}

/// A style sheet: its own text, and the rewritten one in UTF-8.
///
/// # Errors
/// If it cannot be read, or is larger than 8 MiB.
pub(super) async fn sheet(
    page: &Page,
    body: Body,
    coding: Coding,
    content_type: Option<&str>,
) -> Result<(String, String), UpstreamError> {
    let mut source = Source::new(body, coding, SHEET);
    let mut bytes = BytesMut::new();
    while let Some(piece) = source.next().await {
        bytes.extend_from_slice(&piece.map_err(|e| reason(&e))?);
    }
    let text = css::text(&bytes, content_type);
    let rewritten = css::rewrite(&text, page);
    Ok((text, rewritten))
}

/// A whole text, encoded for the browser.
pub(super) fn encode(text: &str, coding: Coding) -> Result<Body, UpstreamError> {
    let mut encoder = Encoder::new(coding);
    let bytes = encoder.push(text.as_bytes()).and_then(|()| encoder.finish()).map_err(|_| UpstreamError::Protocol)?;
    Ok(body::full(bytes))
}

/// The reason of ours for an error in the middle of a body.
fn reason(error: &BodyError) -> UpstreamError {
    if let Some(ours) = error.downcast_ref::<UpstreamError>() {
        return ours.clone();
    }
    match error.downcast_ref::<CodecError>() {
        Some(CodecError::TooLarge) => UpstreamError::TooLarge,
        _ => UpstreamError::Protocol,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_of_a_sheet() {
        let cases: [(&[u8], Option<&str>, &str); 5] = [
            (b"a{content:'\xe9'}", Some("text/css; charset=iso-8859-1"), "a{content:'\u{e9}'}"),
            (b"@charset \"windows-1252\";\xe9", None, "@charset \"windows-1252\";\u{e9}"),
            ("\u{feff}\u{e9}".as_bytes(), Some("text/css; charset=iso-8859-1"), "\u{e9}"),
            ("\u{e9}".as_bytes(), None, "\u{e9}"),
            (b"@charset \"utf-16\";a", None, "@charset \"utf-16\";a"),
        ];
        for (bytes, content_type, text) in cases {
            assert_eq!(css::text(bytes, content_type), text);
        }
    }
}
