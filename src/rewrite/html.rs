//! Documents, streaming: lol_html finds tags and text, [`element`] says what becomes of them, [`text`] of what stands in styles and import maps.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use encoding_rs::{Decoder, Encoding, UTF_8};
use lol_html::errors::RewritingError;
use lol_html::html_content::{ContentType, DocumentEnd, TextChunk};
use lol_html::send::{ElementContentHandlers, HtmlRewriter, Settings};
use lol_html::{AsciiCompatibleEncoding, DocumentContentHandlers, MemorySettings, OutputSink, Selector};
use url::Url;

use super::address::{Addresses, Base};
use super::{Page, RewriteError};

mod element;
mod encoding;
mod prolog;
mod text;

use prolog::Prolog;

pub(super) use encoding::charset_of;
pub use encoding::sniff;

/// What one document may hold of memory while it streams: open elements, and a tag or text that is not complete yet.
const MEMORY_MAX: usize = 16 << 20;
/// Documents within `srcdoc` within `srcdoc`: deeper ones are left out.
const DEPTH_MAX: u8 = 4;

const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Rewrites one document, piece by piece.
pub struct Rewriter {
    /// None: an error ended it.
    html: Option<HtmlRewriter<'static, Sink>>,
    out: Output,
    /// For encodings that are no superset of ASCII: the output is UTF-8 with a byte order mark, which outranks every other declaration.
    decoder: Option<Decoder>,
    /// First bytes, until it is clear whether they are a byte order mark. That goes out before the shim and is no text.
    mark: Option<Vec<u8>>,
    prolog: Prolog,
    state: Shared,
}

type Output = Arc<Mutex<Vec<u8>>>;

struct Sink(Output);

impl OutputSink for Sink {
    fn handle_chunk(&mut self, chunk: &[u8]) {
        lock(&self.0).extend_from_slice(chunk);
    }
}

/// What the handlers of one document share.
struct State {
    page: Arc<Page>,
    /// Address of the document itself; of the one around it for `srcdoc`.
    document: Url,
    base: Base,
    /// A `base` has been seen: the first one counts.
    base_set: bool,
    encoding: &'static Encoding,
    /// The shim's markup stands in the output.
    injected: bool,
    depth: u8,
}

type Shared = Arc<Mutex<State>>;

impl State {
    fn addresses(&self) -> Addresses<'_> {
        Addresses { page: &self.page, base: &self.base, encoding: self.encoding }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Rewriter {
    /// Of a document in an encoding (see [`sniff`]).
    #[must_use]
    pub fn new(page: Arc<Page>, encoding: &'static Encoding) -> Self {
        let base = page.url.clone();
        Self::within(page, base, encoding, 0)
    }

    fn within(page: Arc<Page>, base: Url, encoding: &'static Encoding, depth: u8) -> Self {
        let ascii = AsciiCompatibleEncoding::new(encoding);
        let decoder = ascii.is_none().then(|| encoding.new_decoder());
        let (document, base) = (base.clone(), Base::new(&page, base));
        let injected = page.inject.is_empty();
        let encoding = if ascii.is_some() { encoding } else { UTF_8 };
        let state = State { page, document, base, base_set: false, encoding, injected, depth };
        let out = Output::default();
        if decoder.is_some() {
            lock(&out).extend_from_slice(UTF_8_MARK);
        }
        let ascii = ascii.unwrap_or_else(AsciiCompatibleEncoding::utf_8);
        let state = Arc::new(Mutex::new(state));
        let html = HtmlRewriter::new(settings(Arc::clone(&state), ascii), Sink(Arc::clone(&out)));
        let mark = decoder.is_none().then(Vec::new);
        Self { html: Some(html), out, decoder, mark, prolog: Prolog::new(), state }
    }

    /// Takes the next piece and gives what is ready.
    ///
    /// # Errors
    /// See [`RewriteError`]; the rewriter gives nothing more after one.
    pub fn write(&mut self, piece: &[u8]) -> Result<Bytes, RewriteError> {
        match &mut self.decoder {
            Some(decoder) => {
                let mut text = String::with_capacity(decoder.max_utf8_buffer_length(piece.len()).unwrap_or(0));
                let _ = decoder.decode_to_string(piece, &mut text, false);
                self.feed(text.as_bytes())?;
            }
            None => self.feed_behind_mark(piece)?,
        }
        Ok(self.take())
    }

    /// Gives the rest.
    ///
    /// # Errors
    /// See [`RewriteError`].
    pub fn end(mut self) -> Result<Bytes, RewriteError> {
        if let Some(mut decoder) = self.decoder.take() {
            let mut text = String::with_capacity(decoder.max_utf8_buffer_length(0).unwrap_or(0));
            let _ = decoder.decode_to_string(&[], &mut text, true);
            self.feed(text.as_bytes())?;
        }
        if let Some(first) = self.mark.take() {
            self.feed(&first)?;
        }
        self.html.take().map_or(Ok(()), HtmlRewriter::end).map_err(RewriteError::from)?;
        Ok(self.take())
    }

    fn feed_behind_mark(&mut self, piece: &[u8]) -> Result<(), RewriteError> {
        let Some(mut first) = self.mark.take() else { return self.feed(piece) };
        first.extend_from_slice(piece);
        if first.len() < UTF_8_MARK.len() && UTF_8_MARK.starts_with(&first) {
            self.mark = Some(first);
            return Ok(());
        }
        match first.strip_prefix(UTF_8_MARK) {
            Some(rest) => {
                lock(&self.out).extend_from_slice(UTF_8_MARK);
                self.feed(rest)
            }
            None => self.feed(&first),
        }
    }

    /// Feeds the parser, and puts the shim before text that comes before any tag.
    fn feed(&mut self, bytes: &[u8]) -> Result<(), RewriteError> {
        let text = self.prolog.text_in(bytes);
        let Some(text) = text else { return self.parse(bytes) };
        self.parse(&bytes[..text])?;
        let mut state = lock(&self.state);
        if !std::mem::replace(&mut state.injected, true) {
            lock(&self.out).extend_from_slice(&state.encoding.encode(&state.page.inject).0);
        }
        drop(state);
        self.parse(&bytes[text..])
    }

    fn parse(&mut self, bytes: &[u8]) -> Result<(), RewriteError> {
        let Some(html) = &mut self.html else { return Ok(()) };
        let result = html.write(bytes);
        if result.is_err() {
            self.html = None;
        }
        result.map_err(RewriteError::from)
    }

    fn take(&self) -> Bytes {
        std::mem::take(&mut *lock(&self.out)).into()
    }
}

impl From<RewritingError> for RewriteError {
    fn from(error: RewritingError) -> Self {
        match error {
            RewritingError::MemoryLimitExceeded(_) => Self::TooLarge,
            RewritingError::ContentHandlerError(inner) => match inner.downcast::<Self>() {
                Ok(error) => *error,
                Err(other) => Self::Broken(other.to_string()),
            },
            other => Self::Broken(other.to_string()),
        }
    }
}

/// A whole document at once, within another: `srcdoc`. None: it is nested too deep, or cannot be rewritten.
fn rewrite_within(outer: &State, document: &str) -> Option<String> {
    if outer.depth >= DEPTH_MAX {
        return None;
    }
    let page = Arc::clone(&outer.page);
    let mut rewriter = Rewriter::within(page, outer.base.real().clone(), UTF_8, outer.depth + 1);
    let mut out = rewriter.write(document.as_bytes()).ok()?.to_vec();
    out.extend_from_slice(&rewriter.end().ok()?);
    String::from_utf8(out).ok()
}

fn settings(state: Shared, encoding: AsciiCompatibleEncoding) -> Settings<'static, 'static> {
    let settings = Settings::new_send()
        .with_encoding(encoding)
        // A document that the streaming parser cannot tell for sure still goes through: what it misses, the content security policy stops.
        .with_strict(false)
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY_MAX));
    let elements = Arc::clone(&state);
    let mut settings = with(settings, "*", move |handlers| {
        handlers.element(move |el: &mut element::Element<'_, '_>| element::rewrite(&mut lock(&elements), el))
    });
    for (selector, kind) in [("style", text::Kind::Style), ("script[type='importmap' i]", text::Kind::ImportMap)] {
        let mut collector = text::Collector::new(Arc::clone(&state), kind);
        settings = with(settings, selector, move |handlers| {
            handlers.text(move |chunk: &mut TextChunk<'_>| collector.take(chunk))
        });
    }
    inject_at_end(settings, state)
}

fn with(
    settings: Settings<'static, 'static>,
    selector: &str,
    add: impl FnOnce(ElementContentHandlers<'static>) -> ElementContentHandlers<'static>,
) -> Settings<'static, 'static> {
    // The selectors are constants, and read in every test.
    match selector.parse::<Selector>() {
        Ok(selector) => settings.append_element_content_handler((
            std::borrow::Cow::Owned(selector),
            add(ElementContentHandlers::default()),
        )),
        Err(_) => settings,
    }
}

/// A document may have nothing at all.
fn inject_at_end(settings: Settings<'static, 'static>, state: Shared) -> Settings<'static, 'static> {
    let handlers = DocumentContentHandlers::default().end(move |end: &mut DocumentEnd<'_>| {
        let mut state = lock(&state);
        if !state.injected {
            state.injected = true;
            end.append(&state.page.inject, ContentType::Html);
        }
        Ok(())
    });
    settings.append_document_content_handler(handlers)
}
