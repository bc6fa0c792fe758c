//! Scrubbing within CSS: what shows or tells is scrubbed as a browser reads it, with escapes decoded and neighbouring strings as one text (`"4111 " "1111"`),
//! and written back as CSS. What stands between two of `;`, `{`, `}` and brackets is one run. Comments go.

use std::borrow::Cow;
use std::fmt::Write;

use cssparser::{Parser, Token, serialize_identifier, serialize_name, serialize_string};

use super::super::KEY_CHARS;
use super::super::scrub::tells;
use super::{DEPTH, INVALID, is_binding, nested, parser};
use crate::privacy::Scrubber;

/// Stands for a name that told something.
const NAME: &str = "-alongside-scrubbed";

/// Scrubs washed CSS: a sheet, declarations, a value, a rule. `typed`: it is continued bit by bit.
pub(in crate::wash) fn scrub(text: String, scrubber: &Scrubber, typed: bool) -> String {
    let grows = (typed || text.contains(['"', '\''])) && scrubber.may_grow(&text);
    if !text.contains('\\') && !grows && !scrubber.may_match_parts(&text) {
        return text;
    }
    let mut reader = Reader { scrubber, parts: Vec::new(), depth: 0, sought: false };
    reader.tokens(&mut parser(&text), false);
    let parts = reader.parts;
    let told: String = parts.iter().map(|part| part.text.as_ref()).collect();
    let comments = parts.iter().any(|part| part.kind == Kind::Fixed);
    if !comments && !grows && !scrubber.may_match(&told) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = parts.as_slice();
    while !rest.is_empty() {
        let end = rest.iter().position(|part| part.kind == Kind::End).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        write_run(&mut out, run, scrubber, typed);
        if let Some((end, after)) = after.split_first() {
            out.push_str(end.source);
            rest = after;
        } else {
            rest = after;
        }
    }
    out
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    String,
    /// A string that a selector looks for.
    Sought,
    Space,
    Ident,
    Hash,
    At,
    Function,
    Other,
    /// It stays as it is, and is not read: what stands in the place of something that went.
    Fixed,
    /// It stays as it is, and a run ends.
    End,
}

/// A token.
struct Part<'a> {
    kind: Kind,
    source: &'a str,
    /// As it is read.
    text: Cow<'a, str>,
}

struct Reader<'a> {
    scrubber: &'a Scrubber,
    parts: Vec<Part<'a>>,
    depth: usize,
    /// Within square brackets.
    sought: bool,
}

impl<'a> Reader<'a> {
    fn push(&mut self, kind: Kind, source: &'a str, text: Cow<'a, str>) {
        self.parts.push(Part { kind, source, text });
    }

    /// All tokens of a block; `loads`: it is a function in which strings are addresses.
    fn tokens(&mut self, parser: &mut Parser<'a>, loads: bool) {
        loop {
            let start = parser.position();
            let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return };
            let source = parser.slice_from(start);
            let plain = || if source.contains('\\') { unescaped(source).into() } else { Cow::Borrowed(source) };
            match token {
                Token::WhiteSpace(_) => self.push(Kind::Space, source, " ".into()),
                Token::Comment(_) => self.push(Kind::Fixed, "/**/", "".into()),
                Token::QuotedString(address) if loads => self.address(&address, source),
                Token::QuotedString(text) if self.sought => self.push(Kind::Sought, source, text.to_string().into()),
                Token::QuotedString(text) => self.push(Kind::String, source, text.to_string().into()),
                // What makes it a bad one, without what is in it.
                Token::BadString(_) => self.push(Kind::Fixed, source.get(..1).unwrap_or_default(), "".into()),
                Token::BadUrl(_) => self.push(Kind::Fixed, INVALID, "".into()),
                Token::UnquotedUrl(address) => self.address(&address, source),
                Token::Ident(name) => self.push(Kind::Ident, source, name.to_string().into()),
                Token::Hash(_) | Token::IDHash(_) => self.push(Kind::Hash, source, plain()),
                Token::AtKeyword(_) => self.push(Kind::At, source, plain()),
                Token::Semicolon => self.push(Kind::End, source, "".into()),
                Token::Function(name) => {
                    let loads = matches!(&*name.to_ascii_lowercase(), "url" | "src");
                    self.push(Kind::Function, source, plain());
                    self.push(Kind::End, "", "".into());
                    self.block(parser, loads);
                }
                Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => {
                    self.push(Kind::End, source, "".into());
                    let around = std::mem::replace(&mut self.sought, source == "[");
                    self.block(parser, false);
                    self.sought = around;
                }
                _ => self.push(Kind::Other, source, plain()),
            }
        }
    }

    /// What is in the block or function that was just opened, and its end.
    fn block(&mut self, parser: &mut Parser<'a>, loads: bool) {
        if self.depth >= DEPTH {
            let end = nested(parser, |_| {});
            self.push(Kind::End, parser.slice_from(end), "".into());
            return;
        }
        self.depth += 1;
        let end = nested(parser, |inner| self.tokens(inner, loads));
        self.depth -= 1;
        self.push(Kind::End, parser.slice_from(end), "".into());
    }

    /// An address that was mapped is a key, which tells nothing; another may.
    fn address(&mut self, address: &str, source: &'a str) {
        let tells = !is_key(address) && tells(self.scrubber, address);
        let source = match (tells, source.starts_with(['"', '\''])) {
            (false, _) => return self.push(Kind::End, source, "".into()),
            (true, true) => "\"about:invalid\"",
            (true, false) => INVALID,
        };
        self.push(Kind::Fixed, source, "".into());
    }
}

/// Whether an address is that of a session's copy.
fn is_key(address: &str) -> bool {
    let key = address.strip_prefix("a/").unwrap_or(address);
    key.len() == KEY_CHARS && key.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
}

fn write_run(out: &mut String, run: &[Part<'_>], scrubber: &Scrubber, typed: bool) {
    let string = |part: Option<&Part<'_>>| part.is_some_and(|part| part.kind == Kind::String);
    let mut shown = run.iter().enumerate().filter(|(_, part)| part.kind != Kind::Fixed).map(|(at, _)| at).peekable();
    let (mut last, mut pieces) = (None, vec![""; run.len()]);
    while let Some(at) = shown.next() {
        let Some(part) = run.get(at) else { continue };
        // Strings beside each other are shown as one, whatever stands between them.
        let between = part.kind == Kind::Space && string(last) && string(shown.peek().and_then(|next| run.get(*next)));
        if let (Some(piece), false) = (pieces.get_mut(at), between) {
            *piece = &part.text;
        }
        last = Some(part);
    }
    let mut scrubbed: Vec<Cow<'_, str>> = match scrubber.scrub_run(&pieces) {
        Some(scrubbed) => scrubbed.into_iter().map(Cow::Owned).collect(),
        None => pieces.iter().map(|piece| Cow::Borrowed(*piece)).collect(),
    };
    let read = run.iter().find(|part| !matches!(part.kind, Kind::Space | Kind::Fixed));
    if typed && read.is_some_and(|part| part.kind == Kind::Ident && part.text.starts_with("--")) {
        let texts: Vec<&str> = scrubbed.iter().map(Cow::as_ref).collect();
        if let (Some(starred), _) = scrubber.scrub_growing_run(&texts, None) {
            scrubbed = starred.into_iter().map(Cow::Owned).collect();
        }
    } else {
        star_ends(run, &mut scrubbed, scrubber);
    }
    for ((part, was), is) in run.iter().zip(pieces).zip(scrubbed) {
        if was == is { out.push_str(part.source) } else { write_part(out, part.kind, &is) }
    }
}

/// Stars ends of strings that may become a match. Which rules there were before is not looked at: a new one may be one more state of what somebody types,
/// and hardly any style sheet has strings that end so for another reason.
fn star_ends(run: &[Part<'_>], texts: &mut [Cow<'_, str>], scrubber: &Scrubber) {
    let mut from = 0;
    while let Some(first) = run.iter().skip(from).position(|part| part.kind == Kind::String) {
        let start = from + first;
        let row = run.iter().skip(start);
        let count = row.take_while(|part| matches!(part.kind, Kind::String | Kind::Space | Kind::Fixed)).count();
        let of = |(text, part): (&Cow<'_, str>, &Part<'_>)| {
            if part.kind == Kind::String { text.to_string() } else { String::new() }
        };
        let row: Vec<String> = texts.iter().zip(run).skip(start).take(count).map(of).collect();
        let pieces: Vec<&str> = row.iter().map(String::as_str).collect();
        if let (Some(starred), _) = scrubber.scrub_growing_run(&pieces, None) {
            for ((text, was), is) in texts.iter_mut().skip(start).zip(&row).zip(starred) {
                if *was != is {
                    *text = is.into();
                }
            }
        }
        from = start + count;
    }
}

/// Writes a part that changed. Where nothing is left, a comment keeps its neighbours apart.
fn write_part(out: &mut String, kind: Kind, text: &str) {
    // Writing to a string does not fail.
    let _ = match kind {
        Kind::String | Kind::Sought => serialize_string(text, out),
        Kind::At => write!(out, "@{NAME}"),
        Kind::Function => write!(out, "{NAME}("),
        _ if text.trim().is_empty() => write!(out, "/**/"),
        Kind::Ident if !is_binding(text) => serialize_identifier(text, out),
        Kind::Hash if text.len() > 1 && text.starts_with('#') => {
            out.push('#');
            serialize_name(&text[1..], out)
        }
        _ => serialize_string(text, out),
    };
}

/// A name as it is read (CSS Syntax, "consume an escaped code point").
fn unescaped(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let escape = &escape[1..];
        let digits = escape.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        if digits == 0 {
            let mut chars = escape.chars();
            out.extend(chars.next());
            rest = chars.as_str();
        } else {
            let code = u32::from_str_radix(&escape[..digits], 16).ok().and_then(char::from_u32);
            out.push(code.filter(|c| *c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER));
            let after = &escape[digits..];
            rest = after
                .strip_prefix("\r\n")
                .or_else(|| after.strip_prefix([' ', '\t', '\n', '\r', '\u{c}']))
                .unwrap_or(after);
        }
    }
    out.push_str(rest);
    out
}
