//! In which encoding a document is (HTML Standard, 13.2.3).

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// How far a declaration is looked for, in bytes.
const PRESCAN: usize = 1024;

/// Encoding of a document, from its first 1024 bytes and its `Content-Type`. A document that says nothing is UTF-8 if its first bytes are, else
/// windows-1252, in which every byte survives.
#[must_use]
pub fn sniff(first: &[u8], content_type: Option<&str>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(first) {
        return encoding;
    }
    let first = &first[..first.len().min(PRESCAN)];
    content_type.and_then(charset_of).or_else(|| prescan(first)).unwrap_or_else(|| {
        let cut_only = std::str::from_utf8(first).map_or_else(|error| error.error_len().is_none(), |_| true);
        if cut_only { UTF_8 } else { WINDOWS_1252 }
    })
}

/// The `charset` of a `Content-Type` header field.
pub(in crate::rewrite) fn charset_of(content_type: &str) -> Option<&'static Encoding> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        if !name.trim().eq_ignore_ascii_case("charset") {
            return None;
        }
        Encoding::for_label(value.trim().trim_matches(['"', '\'']).as_bytes())
    })
}

/// "Prescan a byte stream to determine its encoding".
fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"<!--") {
            at += find(&rest[2..], b"-->")? + 5;
        } else if rest.len() > 5 && rest[..5].eq_ignore_ascii_case(b"<meta") && is_separator(rest[5]) {
            let mut attributes = Attributes { rest: &rest[5..] };
            if let Some(encoding) = meta(&mut attributes) {
                return Some(encoding);
            }
            at = bytes.len() - attributes.rest.len();
        } else if is_tag(rest) {
            let name = rest.iter().position(|b| b.is_ascii_whitespace() || *b == b'>')?;
            let mut attributes = Attributes { rest: &rest[name..] };
            while attributes.next().is_some() {}
            at = bytes.len() - attributes.rest.len();
        } else if matches!(rest, [b'<', b'!' | b'/' | b'?', ..]) {
            at += find(rest, b">")? + 1;
        } else {
            at += 1;
        }
    }
    None
}

fn is_separator(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b'/'
}

fn is_tag(rest: &[u8]) -> bool {
    matches!(rest, [b'<', b'/', letter, ..] | [b'<', letter, ..] if letter.is_ascii_alphabetic())
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn meta(attributes: &mut Attributes<'_>) -> Option<&'static Encoding> {
    let (mut pragma, mut charset, mut content) = (false, None, None);
    for (name, value) in attributes.by_ref() {
        match name.as_str() {
            "http-equiv" => pragma |= value == "content-type",
            "charset" if charset.is_none() => charset = Encoding::for_label(value.as_bytes()),
            "content" if content.is_none() => content = charset_in(&value),
            _ => {}
        }
    }
    let encoding = charset.or(content.filter(|_| pragma))?;
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return Some(UTF_8);
    }
    Some(if encoding == X_USER_DEFINED { WINDOWS_1252 } else { encoding })
}

/// "Extracting a character encoding from a meta element".
fn charset_in(content: &str) -> Option<&'static Encoding> {
    let mut rest = content;
    loop {
        rest = &rest[rest.find("charset")? + "charset".len()..];
        let Some(value) = rest.trim_ascii_start().strip_prefix('=') else { continue };
        let value = value.trim_ascii_start();
        let label = match value.chars().next()? {
            quote @ ('"' | '\'') => value[1..].split_once(quote)?.0,
            _ => value.split(|c: char| c.is_ascii_whitespace() || c == ';').next()?,
        };
        return Encoding::for_label(label.as_bytes());
    }
}

/// "Get an attribute", one after the other, names and values in lower case.
struct Attributes<'a> {
    rest: &'a [u8],
}

impl Iterator for Attributes<'_> {
    type Item = (String, String);

    fn next(&mut self) -> Option<Self::Item> {
        self.skip(is_separator);
        if matches!(self.rest.first(), None | Some(b'>')) {
            return None;
        }
        // A `=` at the beginning belongs to the name.
        let from = usize::from(self.rest[0] == b'=');
        let name = self.take(from, |b| is_separator(b) || b == b'>' || b == b'=');
        self.skip(|b| b.is_ascii_whitespace());
        if self.rest.first() != Some(&b'=') {
            return Some((name, String::new()));
        }
        self.rest = &self.rest[1..];
        self.skip(|b| b.is_ascii_whitespace());
        let value = match self.rest.first() {
            Some(&quote @ (b'"' | b'\'')) => {
                self.rest = &self.rest[1..];
                let value = self.take(0, |b| b == quote);
                self.rest = self.rest.get(1..).unwrap_or_default();
                value
            }
            _ => self.take(0, |b| b.is_ascii_whitespace() || b == b'>'),
        };
        Some((name, value))
    }
}

impl Attributes<'_> {
    fn skip(&mut self, what: impl Fn(u8) -> bool) {
        let count = self.rest.iter().take_while(|b| what(**b)).count();
        self.rest = &self.rest[count..];
    }

    fn take(&mut self, from: usize, until: impl Fn(u8) -> bool) -> String {
        let end = self.rest[from..].iter().position(|b| until(*b)).map_or(self.rest.len(), |n| from + n);
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        String::from_utf8_lossy(taken).to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{ISO_2022_JP, KOI8_R, SHIFT_JIS};

    use super::*;

    #[test]
    fn the_first_declaration_of_most_weight_counts() {
        let cases: &[(&[u8], Option<&str>, &Encoding)] = &[
            (b"\xef\xbb\xbf<meta charset=koi8-r>", Some("text/html; charset=shift_jis"), UTF_8),
            (b"\xff\xfe<\0", Some("text/html; charset=utf-8"), UTF_16LE),
            (b"\xfe\xff\0<", None, UTF_16BE),
            (b"<meta charset=koi8-r>", Some("text/html; charset=\"Shift_JIS\""), SHIFT_JIS),
            (b"<meta charset=koi8-r>", Some("text/html; Charset = nosuch"), KOI8_R),
            (b"<!-- <meta charset=utf-8> --><META CHARSET='koi8-r'>", None, KOI8_R),
            (b"<meta name=a content='charset=utf-8'><meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", None, KOI8_R),
            (b"<meta content='text/html; charset = \"iso-2022-jp\"' http-equiv=content-type>", None, ISO_2022_JP),
            (b"<p title='<meta charset=koi8-r>'><meta charset=shift_jis>", None, SHIFT_JIS),
            (b"<?xml encoding='koi8-r'?><!doctype html><meta charset=utf-16le>", None, UTF_8),
            (b"<meta charset=x-user-defined>", None, WINDOWS_1252),
            (b"<metacharset=koi8-r>caf\xc3\xa9", None, UTF_8),
            (b"caf\xe9 au lait", None, WINDOWS_1252),
            (b"caf\xc3", None, UTF_8),
            (b"", None, UTF_8),
        ];
        for (first, content_type, expected) in cases {
            assert_eq!(sniff(first, *content_type), *expected, "{}", String::from_utf8_lossy(first));
        }
    }

    #[test]
    fn no_declaration_is_looked_for_behind_1024_bytes() {
        let far = [b" ".repeat(1024).as_slice(), b"<meta charset=koi8-r>"].concat();
        assert_eq!(sniff(&far, None), UTF_8);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80), tail in "[<!/meta charset=\"'>-]{0,60}") {
            let _ = sniff(&[bytes.as_slice(), tail.as_bytes()].concat(), Some(&tail));
        }
    }
}
