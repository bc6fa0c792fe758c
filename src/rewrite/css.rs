//! Style sheets and `style` attributes: cssparser finds the addresses, everything between them stays byte for byte.

use std::borrow::Cow;
use std::ops::Range;

use cssparser::{ParseError, Parser, Token};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Page;
use super::address::{Addresses, Base, Verdict};
use crate::policy::Use;
use crate::sheet;

/// Deeper blocks are emptied: no sheet has them, and each level costs stack.
const DEPTH_MAX: u32 = 100;
/// Address that loads nothing and is an error everywhere (CSS Values 4, 4.5.4).
const NOTHING: &str = "about:invalid";

/// Maps the addresses of a style sheet; the rest of the text stays byte for byte.
#[must_use]
pub fn rewrite(text: &str, page: &Page) -> String {
    let base = Base::new(page, page.url.clone());
    rewrite_at(text, Addresses::new(page, &base)).into_owned()
}

/// As [`rewrite`], of a sheet's bytes in whichever encoding. UTF-16 becomes UTF-8 with a byte order mark, which outranks what the
/// header field says; the others stay in their own.
#[must_use]
pub fn rewrite_bytes(bytes: &[u8], content_type: Option<&str>, page: &Page) -> Vec<u8> {
    let encoding = sniff(bytes, content_type);
    let (text, had_mark) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding.decode_without_bom_handling(&bytes[mark..]).0, true),
        None => (encoding.decode_without_bom_handling(bytes).0, false),
    };
    let base = Base::new(page, page.url.clone());
    let text = rewrite_at(&text, Addresses { encoding, ..Addresses::new(page, &base) });
    let mark = had_mark || encoding.output_encoding() != encoding;
    let body = encoding.encode(&text).0;
    if mark { [b"\xef\xbb\xbf", body.as_ref()].concat() } else { body.into_owned() }
}

/// A sheet's text, of its bytes in whichever encoding.
#[must_use]
pub fn text(bytes: &[u8], content_type: Option<&str>) -> String {
    sniff(bytes, content_type).decode(bytes).0.into_owned()
}

/// CSS Syntax 3, 3.2. A sheet that says nothing and is not UTF-8 is taken for windows-1252, in which every byte survives.
fn sniff(bytes: &[u8], content_type: Option<&str>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    let declared = content_type.and_then(super::html::charset_of).or_else(|| {
        let rest = bytes.strip_prefix(b"@charset \"")?;
        let label = rest.iter().take(100).position(|b| *b == b'"').map(|end| &rest[..end])?;
        let encoding = Encoding::for_label(label)?;
        Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
    });
    let guess = || if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 };
    declared.unwrap_or_else(guess)
}

/// Maps the addresses of a sheet, of declarations or of a value.
pub(super) fn rewrite_at<'t>(text: &'t str, addresses: Addresses<'_>) -> Cow<'t, str> {
    if !sheet::may_name_addresses(text.as_bytes(), &NAMING) {
        return Cow::Borrowed(text);
    }
    let mut parser = Parser::new(text);
    parser.set_nested_block_limit(0);
    let mut walk = Walk { addresses, edits: Vec::new() };
    walk.tokens(&mut parser, Within::Sheet, 0);
    walk.apply(text)
}

/// Functions whose content is an address, or holds one as a string.
const NAMING: [&str; 3] = ["url", "src", "image-set"];

/// What strings mean in the block or function that is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Nothing. At-rules are looked for.
    Sheet,
    /// An address: `url("...")`, `src("...")`, `image-set("..." 1x)`.
    Address,
}

struct Walk<'a> {
    addresses: Addresses<'a>,
    /// Bytes and what stands there instead, in order, not overlapping.
    edits: Vec<(Range<usize>, String)>,
}

impl Walk<'_> {
    fn tokens(&mut self, parser: &mut Parser<'_>, within: Within, depth: u32) {
        loop {
            let start = parser.position().byte_index();
            let Ok(token) = parser.next_including_whitespace_and_comments() else { return };
            match token {
                Token::UnquotedUrl(url) => {
                    let url = url.clone();
                    self.replace(&url, start, parser, |url| format!("url(\"{url}\")"));
                }
                Token::QuotedString(url) if within == Within::Address => {
                    let url = url.clone();
                    self.replace(&url, start, parser, |url| format!("\"{url}\""));
                }
                Token::AtKeyword(name) if name.eq_ignore_ascii_case("import") => self.import(parser, start),
                Token::AtKeyword(name) if name.eq_ignore_ascii_case("namespace") => skip_statement(parser),
                Token::Function(name) => {
                    let within = if holds_addresses(name) { Within::Address } else { Within::Sheet };
                    self.block(parser, within, depth);
                }
                Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => {
                    self.block(parser, Within::Sheet, depth);
                }
                _ => {}
            }
        }
    }

    fn block(&mut self, parser: &mut Parser<'_>, within: Within, depth: u32) {
        if depth < DEPTH_MAX {
            let _ = parser.parse_nested_block(|parser| {
                self.tokens(parser, within, depth + 1);
                Ok::<_, ParseError<()>>(())
            });
            return;
        }
        let start = parser.position();
        skip_block(parser);
        let content = parser.slice_from(start);
        let end = content.strip_suffix([')', ']', '}']).unwrap_or(content).len();
        self.edits.push((start.byte_index()..start.byte_index() + end, String::new()));
    }

    /// `@import` and the address behind it. One that may not load is cut out whole.
    fn import(&mut self, parser: &mut Parser<'_>, at: usize) {
        let Some((url, range)) = import_address(parser) else { return };
        match self.addresses.judge(&url, Use::Load) {
            Verdict::Keep => {}
            Verdict::Become(url) => self.edits.push((range, format!("url(\"{url}\")"))),
            Verdict::Refuse => {
                skip_statement(parser);
                self.edits.push((at..parser.position().byte_index(), String::new()));
            }
        }
    }

    fn replace(&mut self, url: &str, start: usize, parser: &Parser<'_>, write: impl Fn(&str) -> String) {
        let text = match self.addresses.judge(url, Use::Load) {
            Verdict::Keep => return,
            Verdict::Become(url) => write(&url),
            Verdict::Refuse => write(NOTHING),
        };
        self.edits.push((start..parser.position().byte_index(), text));
    }

    fn apply(self, text: &str) -> Cow<'_, str> {
        if self.edits.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len() + 64 * self.edits.len());
        let mut done = 0;
        for (range, new) in &self.edits {
            out.push_str(&text[done..range.start]);
            out.push_str(new);
            done = range.end;
        }
        out.push_str(&text[done..]);
        Cow::Owned(out)
    }
}

/// The address behind `@import`, and where it stands with its `url(` and `)`.
fn import_address(parser: &mut Parser<'_>) -> Option<(String, Range<usize>)> {
    loop {
        let start = parser.position().byte_index();
        let url = match parser.next_including_whitespace_and_comments().ok()? {
            Token::WhiteSpace(_) | Token::Comment(_) => continue,
            Token::QuotedString(url) | Token::UnquotedUrl(url) => url.as_ref().to_owned(),
            Token::Function(name) if holds_addresses(name) => parser
                .parse_nested_block(|parser| Ok::<_, ParseError<()>>(parser.expect_string()?.as_ref().to_owned()))
                .ok()?,
            Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => {
                skip_block(parser);
                return None;
            }
            _ => return None,
        };
        return Some((url, start..parser.position().byte_index()));
    }
}

fn holds_addresses(function: &str) -> bool {
    ["url", "src", "image-set", "-webkit-image-set"].iter().any(|name| function.eq_ignore_ascii_case(name))
}

/// To the end of an at-rule: its semicolon or its block.
fn skip_statement(parser: &mut Parser<'_>) {
    loop {
        match parser.next_including_whitespace_and_comments() {
            Ok(Token::Semicolon) | Err(_) => return,
            Ok(Token::CurlyBracketBlock) => return skip_block(parser),
            Ok(Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock) => skip_block(parser),
            Ok(_) => {}
        }
    }
}

/// To the end of the block that was just opened. Content that is not read is an error of the nested parser, which then skips it.
fn skip_block(parser: &mut Parser<'_>) {
    let _ = parser.parse_nested_block(|_| Ok::<_, ParseError<()>>(()));
}
