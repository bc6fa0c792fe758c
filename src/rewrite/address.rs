//! What becomes of one address: the question that every part of the rewriter asks.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use url::Url;

use super::Page;
use crate::origin::{Label, LabelOrigin, UpstreamOrigin};
use crate::policy::{Refused, Use};

/// What addresses of a document are resolved against.
#[derive(Clone)]
pub(super) struct Base {
    real: Url,
    /// The same in the visitor's browser. None: the base is not of a site, so nothing can be told.
    view: Option<Url>,
}

impl Base {
    pub(super) fn new(page: &Page, real: Url) -> Self {
        let view = page.domain.map(&page.sid, &real);
        Self { real, view }
    }

    pub(super) fn real(&self) -> &Url {
        &self.real
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
        let Some(real) = self.resolve(&self.base.real, written).and_then(|url| self.real(url)) else {
            return Verdict::Keep;
        };
        match self.page.policy.permit(&real, usage) {
            Err(Refused::Scheme) => return Verdict::Keep,
            Err(Refused::NotListed | Refused::UserInfo) if usage == Use::Load => return Verdict::Refuse,
            _ => {}
        }
        if is_plainly_relative(written) {
            return Verdict::Keep;
        }
        let Some(wanted) = self.page.map(&real) else { return Verdict::Keep };
        let arrives = self.base.view.as_ref().and_then(|view| self.resolve(view, written));
        if arrives.as_ref() == Some(&wanted) { Verdict::Keep } else { Verdict::Become(wanted.into()) }
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
        if origin.encode().starts_with('x') {
            (self.hashed)(&origin);
        }
        Some(mapped)
    }
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
fn is_plainly_relative(written: &str) -> bool {
    !written.contains("//") && !written.contains([':', '\\', '\t', '\n', '\r'])
}
