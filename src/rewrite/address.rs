//! What becomes of one address: the question that every part of the rewriter asks.

use std::borrow::Cow;
use std::cell::RefCell;

use encoding_rs::{Encoding, UTF_8};
use rustc_hash::FxHashMap;
use url::{Position, Url};

use super::Page;
use crate::origin::{Label, LabelOrigin, UpstreamOrigin};
use crate::policy::{Coverage, Refused, Use};

/// Most origins that are remembered for one document.
const KNOWN_MAX: usize = 1_000;

/// What addresses of a document are resolved against, and what is known of the origins that they name.
pub(super) struct Base {
    real: Url,
    /// The same in the visitor's browser. None: the base is not of a site, so nothing can be told.
    view: Option<Url>,
    /// What of its own origin may be loaded. None: each address has to be parsed to tell.
    own: Option<Coverage>,
    /// By what stands before the path in an address. None: such addresses have to be parsed.
    origins: RefCell<FxHashMap<String, Option<Known>>>,
}

/// An origin as addresses name it.
struct Known {
    /// `scheme://host[:port]` in the visitor's browser.
    view: String,
    /// What of it may be loaded.
    loads: Coverage,
    /// Itself, if its label is hashed.
    hashed: Option<UpstreamOrigin>,
}

impl Base {
    pub(super) fn new(page: &Page, real: Url) -> Self {
        let view = page.domain.map(&page.sid, &real);
        let own = Known::of(page, &real).map(|known| known.loads);
        Self { real, view, own, origins: RefCell::default() }
    }

    pub(super) fn real(&self) -> &Url {
        &self.real
    }

    /// What is known of the origin that `before_path` names: `//host[:port]`, with a scheme or without, in its one canonical spelling.
    fn known<T>(&self, page: &Page, before_path: &str, then: impl FnOnce(&Known) -> T) -> Option<T> {
        let mut origins = self.origins.borrow_mut();
        if let Some(known) = origins.get(before_path) {
            return known.as_ref().map(then);
        }
        let url = self.real.join(&format!("{before_path}/")).ok()?;
        let canonical = url.as_str().strip_suffix('/').is_some_and(|url| url.ends_with(before_path));
        let known = if canonical { Known::of(page, &url) } else { None };
        let result = known.as_ref().map(then);
        if origins.len() < KNOWN_MAX {
            origins.insert(before_path.to_owned(), known);
        }
        result
    }
}

impl Known {
    /// None: not the origin of a site, or one of ours.
    fn of(page: &Page, url: &Url) -> Option<Self> {
        let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        let origin = UpstreamOrigin::of(url).filter(|_| plain)?;
        if origin.host.ends_with(&page.domain.domain) {
            return None;
        }
        let view = page.domain.view_origin(&page.sid, &origin);
        let loads = page.policy.coverage(url, Use::Load);
        let hashed = is_hashed(&origin).then_some(origin);
        Some(Self { view, loads, hashed })
    }

    /// An address of the origin in the visitor's browser; the session hears of a hashed origin.
    fn map(&self, page: &Page, rest: &str) -> String {
        if let Some(origin) = &self.hashed {
            (page.hashed)(origin);
        }
        [&self.view, rest].concat()
    }
}

/// What becomes of an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It stays as it is written.
    Keep,
    /// It is written like this instead (ASCII, without quotes, white space and `<`).
    Become(String),
    /// The allowlist does not let it load.
    Refuse,
}

/// Judges addresses of one document or sheet.
#[derive(Clone, Copy)]
pub(super) struct Addresses<'a> {
    pub(super) page: &'a Page,
    pub(super) base: &'a Base,
    /// In which queries are percent-encoded (URL Standard, 4.3).
    pub(super) encoding: &'static Encoding,
}

impl<'a> Addresses<'a> {
    pub(super) fn new(page: &'a Page, base: &'a Base) -> Self {
        Self { page, base, encoding: UTF_8 }
    }

    /// An address that is followed: [`Use::Page`] is never refused here, so that the proxy can say what is wrong. One that is loaded may be.
    ///
    /// An address is only written anew where the browser would otherwise come to another place than the mapped one. So relative addresses, fragments and
    /// view addresses of the same session stay, as does what is not of the web or no address at all.
    pub(super) fn judge(&self, written: &str, usage: Use) -> Verdict {
        let trimmed = written.trim_matches(|c| c <= ' ');
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return Verdict::Keep;
        }
        self.judge_unparsed(written, usage).unwrap_or_else(|| self.judge_parsed(written, usage))
    }

    /// The verdict on any address that is one.
    pub(super) fn judge_parsed(&self, written: &str, usage: Use) -> Verdict {
        let Some(real) = self.resolve(&self.base.real, written).and_then(|url| self.real(url)) else {
            return Verdict::Keep;
        };
        match self.page.policy.permit(&real, usage) {
            Err(Refused::Scheme) => return Verdict::Keep,
            Err(Refused::NotListed | Refused::UserInfo) if usage == Use::Load => return Verdict::Refuse,
            _ => {}
        }
        if is_plainly_relative(written.as_bytes()) {
            return Verdict::Keep;
        }
        let Some(wanted) = self.map(&real) else { return Verdict::Keep };
        let arrives = self.base.view.as_ref().and_then(|view| self.resolve(view, written));
        if arrives.is_some_and(|url| url.as_str() == wanted) { Verdict::Keep } else { Verdict::Become(wanted) }
    }

    /// The verdict on what most addresses are: plainly relative, or absolute with nothing in it that a parser would write in another way.
    /// None: it has to be parsed.
    pub(super) fn judge_unparsed(&self, written: &str, usage: Use) -> Option<Verdict> {
        if is_plainly_relative(written.as_bytes()) {
            let covered = usage == Use::Page || self.base.own == Some(Coverage::Everything);
            return (covered && self.base.own.is_some()).then_some(Verdict::Keep);
        }
        let (before_path, rest) = split_canonical(written)?;
        let page = self.page;
        self.base.known(page, before_path, |known| match (usage, known.loads) {
            (Use::Page, _) | (Use::Load, Coverage::Everything) => Some(Verdict::Become(known.map(page, rest))),
            (Use::Load, Coverage::Nothing) => Some(Verdict::Refuse),
            (Use::Load, Coverage::Paths) => None,
        })?
    }

    /// An upstream address as a view address of this session.
    fn map(&self, real: &Url) -> Option<String> {
        let (before_path, rest) = (&real[..Position::BeforePath], &real[Position::BeforePath..]);
        let known = self.base.known(self.page, before_path, |known| known.map(self.page, rest));
        known.or_else(|| self.page.map(real).map(String::from))
    }

    /// The upstream's address that a written one stands for.
    pub(super) fn real_address(&self, written: &str) -> Option<Url> {
        let real = self.resolve(&self.base.real, written).and_then(|url| self.real(url))?;
        UpstreamOrigin::of(&real).map(|_| real)
    }

    fn resolve(&self, base: &Url, written: &str) -> Option<Url> {
        let options = Url::options().base_url(Some(base));
        if self.encoding.output_encoding() == UTF_8 {
            return options.parse(written).ok();
        }
        let encode = encoder(self.encoding);
        options.encoding_override(Some(&encode)).parse(written).ok()
    }

    /// The upstream's address behind a view address; any other as it is. None: a view address whose origin only the session knows.
    fn real(&self, url: Url) -> Option<Url> {
        match url.host_str().and_then(|host| self.page.domain.parse_host(host)) {
            Some(Label::View(sid, LabelOrigin::Hashed(_))) if sid == self.page.sid => None,
            Some(Label::View(sid, _)) if sid == self.page.sid => {
                Some(self.page.domain.unmap(&url, |_, _| None).map_or(url, |(_, real)| real))
            }
            _ => Some(url),
        }
    }
}

impl Page {
    /// An upstream address as a view address of this session; the session hears of a hashed origin.
    pub(super) fn map(&self, real: &Url) -> Option<Url> {
        let mapped = self.domain.map(&self.sid, real)?;
        let origin = UpstreamOrigin::of(real)?;
        if is_hashed(&origin) {
            (self.hashed)(&origin);
        }
        Some(mapped)
    }
}

/// Readable labels begin with other letters.
fn is_hashed(origin: &UpstreamOrigin) -> bool {
    origin.encode().starts_with('x')
}

/// Percent-encode after encoding (URL Standard, 1.3): a character that the encoding lacks becomes a reference, encoded itself.
fn encoder(encoding: &'static Encoding) -> impl Fn(&str) -> Cow<'_, [u8]> {
    move |text| {
        let (bytes, _, lacking) = encoding.encode(text);
        if !lacking {
            return bytes;
        }
        let each = |c: char| match encoding.encode(c.encode_utf8(&mut [0; 4])) {
            (_, _, true) => format!("%26%23{}%3B", u32::from(c)).into_bytes(),
            (bytes, ..) => bytes.into_owned(),
        };
        Cow::Owned(text.chars().flat_map(each).collect())
    }
}

/// No scheme, no host, nothing that the URL parser would drop or turn: the same origin in any case.
fn is_plainly_relative(written: &[u8]) -> bool {
    if written.starts_with(b"//") || memchr::memchr3(b'\\', b'\t', b'\n', written).is_some() {
        return false;
    }
    // Behind a slash or a question mark stands neither scheme nor host.
    let rooted = matches!(written, [b'/' | b'?', ..]);
    let ends_it = |at: usize| written[at] != b'/' || written.get(at + 1) == Some(&b'/');
    !memchr::memchr3_iter(b'\r', b':', b'/', written).any(|at| written[at] == b'\r' || !rooted && ends_it(at))
}

/// An absolute address, cut before its path. None: it has none, or a parser might write it in another way.
fn split_canonical(written: &str) -> Option<(&str, &str)> {
    let authority = ["https://", "http://", "//"].iter().find_map(|start| written.strip_prefix(start))?;
    let path = memchr::memchr(b'/', authority.as_bytes())?;
    let (before_path, rest) = written.split_at(written.len() - authority.len() + path);
    is_canonical(rest.as_bytes()).then_some((before_path, rest))
}

/// A path, with query and fragment, in which every parser leaves everything as it is: no segment with a dot at its beginning, no character that would
/// be percent-encoded anywhere.
fn is_canonical(rest: &[u8]) -> bool {
    let mut at = 0;
    while at < rest.len() {
        match rest[at] {
            b'/' => {
                let next = &rest[at + 1..];
                if matches!(next, [b'.', ..] | [b'%', b'2', b'e' | b'E', ..]) {
                    return false;
                }
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {}
            b'-' | b'_' | b'.' | b'~' | b'%' | b'?' | b'#' | b'=' | b'&' | b'+' | b',' | b';' | b':' | b'@' | b'!'
            | b'$' | b'*' => {}
            _ => return false,
        }
        at += 1;
    }
    true
}
