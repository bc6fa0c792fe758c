//! Content codings (RFC 9110, 8.4), piece by piece: what is pushed in comes out as soon as the coding lets it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use async_compression::Level;
use async_compression::tokio::write as with;
use bytes::Bytes;
use futures_util::FutureExt;
use http::{HeaderMap, header};
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Decoded bytes that are let through whatever they were encoded from.
const FREE: u64 = 4 << 20;
/// Beyond [`FREE`], decoded bytes per encoded byte: no page that people wrote comes near it, a bomb is far above it.
const RATIO: u64 = 300;

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// None.
    Identity,
    /// `gzip` (RFC 1952).
    Gzip,
    /// `deflate`: zlib (RFC 1950), or, from servers that took the name at its word, raw (RFC 1951).
    Deflate,
    /// `br` (RFC 7932).
    Brotli,
    /// `zstd` (RFC 8878).
    Zstd,
}

impl Coding {
    /// The coding of a response. None: one that we cannot read, or several.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
        let Some(value) = values.next() else { return Some(Self::Identity) };
        if values.next().is_some() {
            return None;
        }
        match value.to_str().ok()?.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Some(Self::Identity),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The best of ours that a browser takes.
    #[must_use]
    pub fn accepted(headers: &HeaderMap) -> Self {
        let accept: Vec<&str> =
            headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).collect();
        let accept = accept.join(",").to_ascii_lowercase();
        let takes = |name: &str| {
            accept.split(',').any(|entry| {
                let mut parts = entry.split(';').map(str::trim);
                parts.next() == Some(name)
                    && !parts.any(|p| p.strip_prefix("q=").is_some_and(|q| q.trim().parse() == Ok(0.0_f32)))
            })
        };
        [Self::Zstd, Self::Brotli, Self::Gzip].into_iter().find(|c| takes(c.name())).unwrap_or(Self::Identity)
    }

    /// Name in header fields.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }
}

/// A body cannot be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// It is not what its coding says, or broke off.
    #[error("the body is not what its content coding says")]
    Broken,
    /// It decodes to more than may be.
    #[error("the decoded body is too large")]
    TooLarge,
}

/// Collects what comes out, within bounds.
struct Sink {
    buffer: Vec<u8>,
    total: u64,
    /// Bytes that may come out at most so far.
    allowance: u64,
}

impl AsyncWrite for Sink {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, piece: &[u8]) -> Poll<io::Result<usize>> {
        self.total += piece.len() as u64;
        if self.total > self.allowance {
            return Poll::Ready(Err(io::ErrorKind::FileTooLarge.into()));
        }
        self.buffer.extend_from_slice(piece);
        Poll::Ready(Ok(piece.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Does one step of a coder. The sink is always ready, so the step is done at once.
fn at_once(step: impl Future<Output = io::Result<()>>) -> Result<(), CodecError> {
    match step.now_or_never() {
        Some(Ok(())) => Ok(()),
        Some(Err(e)) if e.kind() == io::ErrorKind::FileTooLarge => Err(CodecError::TooLarge),
        Some(Err(_)) | None => Err(CodecError::Broken),
    }
}

/// Does the same to the coder of every coding.
macro_rules! each {
    ($stage:expr, $coder:ident => $step:expr) => {
        match $stage {
            Stage::Identity($coder) => $step,
            Stage::GzipDecoder($coder) => $step,
            Stage::ZlibDecoder($coder) => $step,
            Stage::DeflateDecoder($coder) => $step,
            Stage::BrotliDecoder($coder) => $step,
            Stage::ZstdDecoder($coder) => $step,
            Stage::GzipEncoder($coder) => $step,
            Stage::BrotliEncoder($coder) => $step,
            Stage::ZstdEncoder($coder) => $step,
        }
    };
}

enum Stage {
    Identity(Plain),
    GzipDecoder(Box<with::GzipDecoder<Sink>>),
    ZlibDecoder(Box<with::ZlibDecoder<Sink>>),
    DeflateDecoder(Box<with::DeflateDecoder<Sink>>),
    BrotliDecoder(Box<with::BrotliDecoder<Sink>>),
    ZstdDecoder(Box<with::ZstdDecoder<Sink>>),
    GzipEncoder(Box<with::GzipEncoder<Sink>>),
    BrotliEncoder(Box<with::BrotliEncoder<Sink>>),
    ZstdEncoder(Box<with::ZstdEncoder<Sink>>),
}

/// No coding, with a coder's methods.
struct Plain(Sink);

impl Plain {
    fn get_mut(&mut self) -> &mut Sink {
        &mut self.0
    }

    async fn write_all(&mut self, piece: &[u8]) -> io::Result<()> {
        self.0.write_all(piece).await
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.0.flush().await
    }

    async fn shutdown(&mut self) -> io::Result<()> {
        self.0.shutdown().await
    }
}

/// Decodes a body that comes in pieces.
pub struct Decoder {
    coding: Coding,
    /// Made when the first byte is there: it tells what `deflate` means.
    stage: Option<Stage>,
    taken: u64,
    limit: u64,
}

impl Decoder {
    /// `limit`: decoded bytes at most. What decodes to much more than it was is refused as well.
    #[must_use]
    pub fn new(coding: Coding, limit: u64) -> Self {
        Self { coding, stage: None, taken: 0, limit }
    }

    /// Takes a piece and gives what is decoded.
    ///
    /// # Errors
    /// See [`CodecError`]; the decoder is of no use after one.
    pub fn push(&mut self, piece: &[u8]) -> Result<Bytes, CodecError> {
        let Some(first) = piece.first() else { return Ok(Bytes::new()) };
        self.taken += piece.len() as u64;
        let allowance = self.limit.min(FREE.max(self.taken.saturating_mul(RATIO)));
        let stage = self.stage.get_or_insert_with(|| decoder(self.coding, *first));
        each!(stage, coder => {
            coder.get_mut().allowance = allowance;
            at_once(coder.write_all(piece))?;
            at_once(coder.flush())?;
            Ok(std::mem::take(&mut coder.get_mut().buffer).into())
        })
    }

    /// Gives the rest; the body is whole.
    ///
    /// # Errors
    /// See [`CodecError`].
    pub fn finish(&mut self) -> Result<Bytes, CodecError> {
        let Some(mut stage) = self.stage.take() else { return Ok(Bytes::new()) };
        each!(&mut stage, coder => {
            at_once(coder.shutdown())?;
            Ok(std::mem::take(&mut coder.get_mut().buffer).into())
        })
    }
}

fn decoder(coding: Coding, first: u8) -> Stage {
    let sink = Sink { buffer: Vec::new(), total: 0, allowance: 0 };
    match coding {
        Coding::Identity => Stage::Identity(Plain(sink)),
        Coding::Gzip => Stage::GzipDecoder(Box::new(with::GzipDecoder::new(sink))),
        // The low four bits of zlib's first byte name the method, which is always 8.
        Coding::Deflate if first & 0x0f == 8 => Stage::ZlibDecoder(Box::new(with::ZlibDecoder::new(sink))),
        Coding::Deflate => Stage::DeflateDecoder(Box::new(with::DeflateDecoder::new(sink))),
        Coding::Brotli => Stage::BrotliDecoder(Box::new(with::BrotliDecoder::new(sink))),
        Coding::Zstd => Stage::ZstdDecoder(Box::new(with::ZstdDecoder::new(sink))),
    }
}

/// Encodes a body that comes in pieces, quickly rather than tightly.
pub struct Encoder {
    stage: Stage,
}

impl Encoder {
    /// `deflate` is never chosen for a browser; it counts as no coding.
    #[must_use]
    pub fn new(coding: Coding) -> Self {
        let sink = Sink { buffer: Vec::new(), total: 0, allowance: u64::MAX };
        let stage = match coding {
            Coding::Identity | Coding::Deflate => Stage::Identity(Plain(sink)),
            Coding::Gzip => Stage::GzipEncoder(Box::new(with::GzipEncoder::with_quality(sink, Level::Precise(4)))),
            Coding::Brotli => {
                Stage::BrotliEncoder(Box::new(with::BrotliEncoder::with_quality(sink, Level::Precise(4))))
            }
            Coding::Zstd => Stage::ZstdEncoder(Box::new(with::ZstdEncoder::with_quality(sink, Level::Precise(2)))),
        };
        Self { stage }
    }

    /// Takes a piece.
    ///
    /// # Errors
    /// See [`CodecError`].
    pub fn push(&mut self, piece: &[u8]) -> Result<(), CodecError> {
        each!(&mut self.stage, coder => at_once(coder.write_all(piece)))
    }

    /// Gives everything that was pushed, so that the browser can decode it now.
    ///
    /// # Errors
    /// See [`CodecError`].
    pub fn flush(&mut self) -> Result<Bytes, CodecError> {
        each!(&mut self.stage, coder => {
            at_once(coder.flush())?;
            Ok(std::mem::take(&mut coder.get_mut().buffer).into())
        })
    }

    /// Gives the rest.
    ///
    /// # Errors
    /// See [`CodecError`].
    pub fn finish(&mut self) -> Result<Bytes, CodecError> {
        each!(&mut self.stage, coder => {
            at_once(coder.shutdown())?;
            Ok(std::mem::take(&mut coder.get_mut().buffer).into())
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CODINGS: [Coding; 4] = [Coding::Identity, Coding::Gzip, Coding::Brotli, Coding::Zstd];

    fn encode(coding: Coding, pieces: &[Vec<u8>]) -> Vec<u8> {
        let mut encoder = Encoder::new(coding);
        let mut out = Vec::new();
        for piece in pieces {
            encoder.push(piece).unwrap();
            out.extend_from_slice(&encoder.flush().unwrap());
        }
        out.extend_from_slice(&encoder.finish().unwrap());
        out
    }

    proptest! {
        #[test]
        fn what_went_in_comes_out(pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..8), step in 1usize..64) {
            for coding in CODINGS {
                let encoded = encode(coding, &pieces);
                let mut decoder = Decoder::new(coding, 1 << 20);
                let mut out = Vec::new();
                for piece in encoded.chunks(step) {
                    out.extend_from_slice(&decoder.push(piece).unwrap());
                }
                out.extend_from_slice(&decoder.finish().unwrap());
                prop_assert_eq!(&out, &pieces.concat(), "{:?}", coding);
            }
        }
    }

    #[test]
    fn a_flushed_piece_can_be_read_before_the_end() {
        for coding in CODINGS {
            let mut encoder = Encoder::new(coding);
            let mut decoder = Decoder::new(coding, 1 << 20);
            encoder.push(b"<p>first").unwrap();
            let mut read = decoder.push(&encoder.flush().unwrap()).unwrap().to_vec();
            assert_eq!(read, b"<p>first", "{coding:?}");
            encoder.push(b"second").unwrap();
            read.extend_from_slice(&decoder.push(&encoder.flush().unwrap()).unwrap());
            assert_eq!(read, b"<p>firstsecond", "{coding:?}");
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        for coding in [Coding::Gzip, Coding::Brotli, Coding::Zstd] {
            let bomb = encode(coding, &[vec![0; 64 << 20]]);
            let mut decoder = Decoder::new(coding, 256 << 20);
            assert_eq!(decoder.push(&bomb).unwrap_err(), CodecError::TooLarge, "{coding:?}");
        }
        let mut decoder = Decoder::new(Coding::Identity, 10);
        assert_eq!(decoder.push(&[0; 11]).unwrap_err(), CodecError::TooLarge);
    }

    #[test]
    fn deflate_is_zlib_or_raw() {
        let zlib = [0x78, 0x9c, 0x4b, 0x04, 0x00, 0x00, 0x62, 0x00, 0x62];
        let raw = [0x4b, 0x04, 0x00];
        for body in [&zlib[..], &raw[..]] {
            let mut decoder = Decoder::new(Coding::Deflate, 100);
            let mut out = decoder.push(body).unwrap().to_vec();
            out.extend_from_slice(&decoder.finish().unwrap());
            assert_eq!(out, b"a");
        }
    }

    #[test]
    fn a_body_that_breaks_off_is_broken() {
        for coding in [Coding::Gzip, Coding::Zstd] {
            let encoded = encode(coding, &[b"hello, hello, hello".to_vec()]);
            let mut decoder = Decoder::new(coding, 100);
            let result = decoder.push(&encoded[..encoded.len() - 6]).and_then(|_| decoder.finish());
            assert_eq!(result.unwrap_err(), CodecError::Broken, "{coding:?}");
        }
    }

    #[test]
    fn a_browser_is_heard() {
        let cases = [
            ("gzip, deflate, br, zstd", Coding::Zstd),
            ("gzip, deflate, br", Coding::Brotli),
            ("zstd;q=0, gzip;q=0.5", Coding::Gzip),
            ("identity", Coding::Identity),
            ("", Coding::Identity),
        ];
        for (accept, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accept.parse().unwrap());
            assert_eq!(Coding::accepted(&headers), expected, "{accept}");
        }
    }
}
