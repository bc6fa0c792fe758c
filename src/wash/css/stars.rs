//! CSS in which no text is told: stars stand for the letters and digits of strings that are shown, or that may be through a custom property. Names of fonts,
//! of areas of a grid and the like stay, so that the layout does; so do the characters of icon fonts, which are neither letters nor digits. Comments go.

use cssparser::{Parser, Token, serialize_string};

use super::{DEPTH, nested, parser};

/// Properties and descriptors whose strings are shown.
const SHOWN: &[&str] = &[
    "additive-symbols",
    "content",
    "hyphenate-character",
    "initial-value",
    "list-style",
    "list-style-type",
    "negative",
    "pad",
    "prefix",
    "quotes",
    "range",
    "string-set",
    "suffix",
    "symbols",
    "text-emphasis",
    "text-emphasis-style",
    "text-overflow",
];
/// Functions whose strings name something.
const NAMING: &[&str] = &["attr", "format", "local", "src", "tech", "type", "url", "var"];

/// Stars in a style sheet, a list of declarations, or a value. Doing it twice changes nothing.
pub(in crate::wash) fn stars(text: &str) -> String {
    if !text.contains(['"', '\'']) && !text.contains("/*") {
        return text.to_owned();
    }
    let mut stars = Stars { out: String::with_capacity(text.len()), depth: 0 };
    stars.tokens(&mut parser(text), false);
    stars.out
}

struct Stars {
    out: String,
    depth: usize,
}

impl Stars {
    /// All tokens of a block; `shown`: strings in it are shown.
    fn tokens(&mut self, parser: &mut Parser<'_>, shown: bool) {
        let mut shown_now = shown;
        loop {
            let start = parser.position();
            let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return };
            match token {
                Token::Comment(_) => self.out.push_str("/**/"),
                Token::QuotedString(text) if shown_now => {
                    // Writing to a string does not fail.
                    let _ = serialize_string(&starred(&text), &mut self.out);
                }
                Token::BadString(_) => self.out.push_str("\"\""),
                Token::Ident(name) => {
                    let source = parser.slice_from(start);
                    self.out.push_str(source);
                    if super::precedes_colon(parser) {
                        shown_now = shown || is_shown(&name);
                    }
                }
                Token::Semicolon => {
                    self.out.push(';');
                    shown_now = shown;
                }
                Token::CurlyBracketBlock => {
                    self.block(parser, start, shown_now && shown);
                    shown_now = shown;
                }
                Token::ParenthesisBlock | Token::SquareBracketBlock => self.block(parser, start, shown_now),
                Token::Function(name) => {
                    let names = NAMING.contains(&name.to_ascii_lowercase().as_str());
                    self.block(parser, start, shown_now && !names);
                }
                _ => self.out.push_str(parser.slice_from(start)),
            }
        }
    }

    /// A block or function whose opening has been read.
    fn block(&mut self, parser: &mut Parser<'_>, start: cssparser::SourcePosition, shown: bool) {
        self.out.push_str(parser.slice_from(start));
        let deep = self.depth >= DEPTH;
        self.depth += 1;
        let end = nested(parser, |inner| {
            if !deep {
                self.tokens(inner, shown)
            }
        });
        self.depth -= 1;
        self.out.push_str(parser.slice_from(end));
    }
}

fn is_shown(property: &str) -> bool {
    property.starts_with("--") || SHOWN.contains(&property.to_ascii_lowercase().as_str())
}

fn starred(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() { '*' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_that_are_shown() {
        for (css, expected) in [
            (".a::before{content:\"Bob 12\"}", ".a::before{content:\"*** **\"}"),
            ("content: 'x' attr(data-x, \"y\") counter(n)", "content: \"*\" attr(data-x, \"y\") counter(n)"),
            ("--name:\"Bob\";color:red", "--name:\"***\";color:red"),
            ("--a:{content:\"b\"};font-family:\"Inter\"", "--a:{content:\"*\"};font-family:\"Inter\""),
            (
                "@font-face{font-family:\"X\";src:url(\"a\")format(\"woff\")}",
                "@font-face{font-family:\"X\";src:url(\"a\")format(\"woff\")}",
            ),
            ("grid-template-areas:\"a b\"", "grid-template-areas:\"a b\""),
            (".i::before{content:\"\\e001\"}", ".i::before{content:\"\u{e001}\"}"),
            ("a[title=\"Bob\"]{CONTENT:\"Bob\"}", "a[title=\"Bob\"]{CONTENT:\"***\"}"),
            (
                "@media print{a{content:\"b\" !important}}b{quotes:\"<\" \"x\"}",
                "@media print{a{content:\"*\" !important}}b{quotes:\"<\" \"*\"}",
            ),
            ("/* Bob */a{color:red/**/}", "/**/a{color:red/**/}"),
            ("a{content:\"Bob\n}", "a{content:\"\"\n}"),
            ("content:\"Bob", "content:\"***\""),
            ("width:1px", "width:1px"),
        ] {
            let once = stars(css);
            assert_eq!(once, expected, "{css}");
            assert_eq!(stars(&once), once, "{css}");
        }
    }
}
