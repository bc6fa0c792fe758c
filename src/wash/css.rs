//! Style sheets, declarations and values: addresses mapped, what runs or binds dropped, every other byte as it was.
//!
//! Tokens come from cssparser; nothing is parsed beyond them, so that rules of tomorrow pass unharmed. Strings are addresses only where CSS
//! says so: in `url()`, `src()`, `image-set()`, `image()` and `@import`.

use cssparser::{ParseError, Parser, SourcePosition, Token, serialize_string};

use super::address::Mapped;
use crate::sheet;

mod scrub;
mod stars;

pub(super) use scrub::scrub;
pub(super) use stars::stars;

/// Deepest nesting of blocks and functions; what is deeper is left out.
const DEPTH: usize = 100;
/// Stands where an address was refused: fails without a request (CSS Values, "about:invalid").
const INVALID: &str = "url(\"about:invalid\")";
/// Stands where a rule cannot be kept, so that the places of the rules after it stay right. Allowed before `@import`.
const NO_RULE: &str = "@layer alongside-gap;";

/// Maps an address.
type Load<'a> = &'a dyn Fn(&str) -> Mapped;

/// Washes a style sheet, a list of declarations, or a value.
pub(super) fn wash(text: &str, load: Load<'_>) -> String {
    if !sheet::may_name_addresses(text.as_bytes(), &CHANGED) {
        return text.to_owned();
    }
    let mut parser = parser(text);
    let mut washer = Washer { load, out: String::with_capacity(text.len()), depth: 0 };
    washer.tokens(&mut parser);
    washer.out
}

/// Functions that are mapped or dropped. A property that binds does nothing without one of them.
const CHANGED: [&str; 5] = ["url", "src", "image", "image-set", "expression"];

/// Washes one rule of a sheet. What cannot be kept as one rule becomes one that does nothing.
pub(super) fn rule(text: &str, load: Load<'_>) -> String {
    as_rule(wash(text, load))
}

/// Washed text as one rule.
pub(super) fn as_rule(washed: String) -> String {
    if washed.trim().is_empty() || !is_closed(&washed) { NO_RULE.to_owned() } else { washed }
}

/// Whether a text ends at the end of a rule, so that what follows it in the same sheet cannot change what it means.
pub(super) fn is_closed(text: &str) -> bool {
    let mut parser = parser(text);
    let mut closed = true;
    loop {
        let start = parser.position();
        let token = match parser.next_including_whitespace_and_comments() {
            Ok(token) => token.clone(),
            Err(_) => return closed,
        };
        closed = match token {
            Token::WhiteSpace(_) => closed,
            Token::Comment(_) => {
                let slice = parser.slice_from(start);
                closed && slice.len() >= 4 && slice.ends_with("*/")
            }
            Token::Semicolon => true,
            Token::CurlyBracketBlock => {
                let end = nested(&mut parser, |inner| while inner.next_including_whitespace_and_comments().is_ok() {});
                parser.position() > end
            }
            _ => false,
        };
    }
}

fn parser(text: &str) -> Parser<'_> {
    let mut parser = Parser::new(text);
    // The bound is ours: cssparser's own would leave a block half read.
    parser.set_nested_block_limit(0);
    parser
}

/// Runs on the inside of the block that was just entered; gives the place of its end.
fn nested<'i>(parser: &mut Parser<'i>, run: impl FnOnce(&mut Parser<'i>)) -> SourcePosition {
    let start = parser.position();
    let end: Result<SourcePosition, ParseError<()>> = parser.parse_nested_block(|inner| {
        run(inner);
        while inner.next_including_whitespace_and_comments().is_ok() {}
        Ok(inner.position())
    });
    end.unwrap_or(start)
}

struct Washer<'a> {
    load: Load<'a>,
    out: String,
    depth: usize,
}

impl Washer<'_> {
    /// All tokens of a block.
    fn tokens(&mut self, parser: &mut Parser<'_>) {
        while self.token(parser) {}
    }

    /// One token, with what it opens. False: there is none.
    fn token(&mut self, parser: &mut Parser<'_>) -> bool {
        let start = parser.position();
        let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return false };
        match token {
            Token::UnquotedUrl(address) => self.address(&address, parser.slice_from(start)),
            Token::BadUrl(_) => self.out.push_str(INVALID),
            Token::AtKeyword(name) if name.eq_ignore_ascii_case("import") => self.import(parser),
            Token::AtKeyword(name) if name.eq_ignore_ascii_case("namespace") => self.namespace(parser, start),
            Token::Function(name) => self.function(&name.to_ascii_lowercase(), parser, start),
            Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => self.block(parser, start),
            Token::Ident(name) if is_binding(&name) && precedes_colon(parser) => {
                self.out.push_str("-alongside-dropped")
            }
            _ => self.out.push_str(parser.slice_from(start)),
        }
        true
    }

    /// A block or function whose opening has been read.
    fn block(&mut self, parser: &mut Parser<'_>, start: SourcePosition) {
        self.out.push_str(parser.slice_from(start));
        if self.depth < DEPTH {
            self.depth += 1;
            let end = nested(parser, |inner| self.tokens(inner));
            self.depth -= 1;
            self.out.push_str(parser.slice_from(end));
        } else {
            let end = nested(parser, |_| {});
            self.out.push_str(parser.slice_from(end));
        }
    }

    fn function(&mut self, name: &str, parser: &mut Parser<'_>, start: SourcePosition) {
        match name {
            "url" | "src" => match only_string(parser) {
                Some(address) => {
                    let source = parser.slice_from(start).to_owned();
                    let closed = if source.ends_with(')') { source } else { String::new() };
                    self.address(&address, &closed);
                }
                None => self.out.push_str(INVALID),
            },
            "image-set" | "-webkit-image-set" | "image" => self.images(name, parser),
            "expression" => {
                nested(parser, |_| {});
                self.out.push_str("-alongside-dropped()");
            }
            _ => self.block(parser, start),
        }
    }

    /// Functions in which a string is an address. With anything in them that could become a string later (`var()`), they are refused whole.
    fn images(&mut self, name: &str, parser: &mut Parser<'_>) {
        let mut inside = Washer { load: self.load, out: String::new(), depth: self.depth + 1 };
        let mut safe = inside.depth < DEPTH;
        nested(parser, |parser| {
            while safe {
                let start = parser.position();
                let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { break };
                match token {
                    Token::QuotedString(address) => inside.string(&address),
                    Token::UnquotedUrl(address) => inside.address(&address, parser.slice_from(start)),
                    Token::Function(inner) => {
                        let inner = inner.to_ascii_lowercase();
                        safe =
                            matches!(inner.as_str(), "url" | "src" | "type" | "calc") || inner.ends_with("-gradient");
                        if safe {
                            inside.function(&inner, parser, start);
                        }
                    }
                    Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => safe = false,
                    _ => inside.out.push_str(parser.slice_from(start)),
                }
            }
        });
        if safe {
            self.out.push_str(&format!("{name}({})", inside.out));
        } else {
            self.out.push_str(INVALID);
        }
    }

    /// `@import`, up to its semicolon: kept if its address is mapped.
    fn import(&mut self, parser: &mut Parser<'_>) {
        let address = match next_significant(parser) {
            Some(Token::QuotedString(address) | Token::UnquotedUrl(address)) => Some(address.to_string()),
            Some(Token::Function(name)) if name.eq_ignore_ascii_case("url") || name.eq_ignore_ascii_case("src") => {
                only_string(parser)
            }
            Some(Token::Semicolon) | None => return,
            Some(_) => None,
        };
        let mut rest = Washer { load: self.load, out: String::new(), depth: self.depth };
        let mut keep = true;
        loop {
            let state = parser.state();
            match parser.next_including_whitespace_and_comments() {
                Ok(Token::Semicolon) | Err(_) => break,
                Ok(Token::CurlyBracketBlock) => {
                    // Read to its end here: what the parser skips by itself counts as the text before the next token.
                    nested(parser, |_| {});
                    keep = false;
                    break;
                }
                // No rule begins within another's prelude. Read as one, a row of them would cost a level of stack each.
                Ok(Token::AtKeyword(_)) => {
                    keep = false;
                    continue;
                }
                Ok(_) => parser.reset(&state),
            }
            rest.token(parser);
        }
        if let (true, Some(Mapped::Asset(address))) = (keep, address.map(|address| (self.load)(&address))) {
            self.out.push_str("@import ");
            self.url(&address);
            self.out.push_str(&rest.out);
            self.out.push(';');
        }
    }

    /// `@namespace` names, it does not load: nothing of it is mapped.
    fn namespace(&mut self, parser: &mut Parser<'_>, start: SourcePosition) {
        loop {
            let state = parser.state();
            match parser.next_including_whitespace_and_comments() {
                Ok(Token::Semicolon) | Err(_) => break,
                Ok(Token::CurlyBracketBlock) => {
                    parser.reset(&state);
                    break;
                }
                Ok(_) => {}
            }
        }
        self.out.push_str(parser.slice_from(start));
    }

    fn address(&mut self, address: &str, source: &str) {
        match (self.load)(address) {
            Mapped::Same if source.is_empty() => self.url(address),
            Mapped::Same => self.out.push_str(source),
            Mapped::Asset(address) => self.url(&address),
            Mapped::Refused => self.out.push_str(INVALID),
        }
    }

    fn string(&mut self, address: &str) {
        match (self.load)(address) {
            Mapped::Same => self.quoted(address),
            Mapped::Asset(address) => self.quoted(&address),
            Mapped::Refused => self.out.push_str(INVALID),
        }
    }

    fn url(&mut self, address: &str) {
        self.out.push_str("url(");
        self.quoted(address);
        self.out.push(')');
    }

    fn quoted(&mut self, text: &str) {
        // Writing to a string does not fail.
        let _ = serialize_string(text, &mut self.out);
    }
}

/// The string that is all there is in the function just entered.
fn only_string(parser: &mut Parser<'_>) -> Option<String> {
    let mut found = None;
    nested(parser, |inner| {
        if let Some(Token::QuotedString(address)) = next_significant(inner) {
            found = next_significant(inner).is_none().then(|| address.to_string());
        }
    });
    found
}

fn next_significant<'i>(parser: &mut Parser<'i>) -> Option<Token<'i>> {
    parser.next().ok().cloned()
}

/// Properties that bind script.
fn is_binding(name: &str) -> bool {
    ["behavior", "-ms-behavior", "-moz-binding"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn precedes_colon(parser: &mut Parser<'_>) -> bool {
    let state = parser.state();
    let colon = matches!(parser.next(), Ok(Token::Colon));
    parser.reset(&state);
    colon
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_sheets_cost_little() {
        let refuse = |_: &str| Mapped::Refused;
        let started = std::time::Instant::now();
        for piece in [
            "@import a ",
            "@import url(a) ",
            "@import \"a\" ",
            "@import a (",
            "@import a {",
            "@namespace a ",
            "@namespace (",
            "a{",
            "(",
            "[",
            "url(",
            "url(\"",
            "src(",
            "image-set(",
            "image-set(calc(",
            "image-set(url(a),",
            "var(",
            "/*",
            "\"",
            "'\n",
            "\\",
            "@",
            "url(a b",
            "behavior",
            "behavior:",
            "@import url(",
            "@import a;",
            "expression(",
            "<!--",
            "-->",
            "@layer a{@import b ",
        ] {
            let text = piece.repeat(200_000 / piece.len());
            assert!(!wash(&text, &refuse).contains("url(a)"));
            rule(&text, &refuse);
        }
        assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    }

    #[test]
    fn an_import_within_an_import_is_none() {
        let refuse = |_: &str| Mapped::Refused;
        for (text, washed) in [
            ("@import a @import \"//evil.example/\"; a{}", " a{}"),
            ("@import \"x\" @media { a{} } b{}", " b{}"),
            ("@import \"x\" { a{background:url(//evil.example/)} } b{}", " b{}"),
            ("@import {a{background:url(//evil.example/)}} b{}", ""),
            ("@import a(;a{background:url(//evil.example/)}); b{}", " b{}"),
            ("@import (;a{background:url(//evil.example/)}) ; b{}", " b{}"),
            ("@import url(a) @import url(//evil.example/)", ""),
        ] {
            assert_eq!(wash(text, &refuse), washed, "{text}");
        }
    }
}
