//! Whether a browser can read a CSS selector (Selectors Level 4) of `ask_selectors` or `never`. One that it cannot read matches nothing there, without a word.

use std::ops::Range;

use cssparser::{ParseError, Parser, Token};

/// Pseudo-classes without an argument that browsers know, as far as they make sense for a rule.
const STATES: [&str; 32] = [
    "active",
    "any-link",
    "autofill",
    "checked",
    "default",
    "defined",
    "disabled",
    "empty",
    "enabled",
    "first-child",
    "first-of-type",
    "focus",
    "focus-visible",
    "focus-within",
    "fullscreen",
    "hover",
    "in-range",
    "indeterminate",
    "invalid",
    "last-child",
    "last-of-type",
    "link",
    "only-child",
    "only-of-type",
    "optional",
    "out-of-range",
    "placeholder-shown",
    "read-only",
    "read-write",
    "required",
    "root",
    "valid",
];
/// Pseudo-classes with an argument that is no selector.
const FUNCTIONS: [&str; 6] = ["dir", "lang", "nth-child", "nth-last-child", "nth-last-of-type", "nth-of-type"];
/// Pseudo-classes with selectors.
const LISTS: [&str; 4] = ["has", "is", "not", "where"];
/// Deepest nesting.
const DEPTH: u32 = 16;

/// What is wrong, with the bytes that are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) at: Range<usize>,
    pub(super) message: String,
}

/// Reads a selector list.
pub(super) fn check(text: &str) -> Result<(), Wrong> {
    let mut parser = Parser::new(text);
    Reader { text, depth: 0, relative: false }.list(&mut parser)
}

struct Reader<'t> {
    text: &'t str,
    depth: u32,
    /// Within `:has()`, a selector may begin with a combinator.
    relative: bool,
}

/// What a selector needs next.
#[derive(PartialEq)]
enum Need {
    /// Something that says which elements.
    Compound,
    /// Nothing: it may go on or end.
    Nothing,
}

impl Reader<'_> {
    fn list(&self, parser: &mut Parser<'_>) -> Result<(), Wrong> {
        let mut need = Need::Compound;
        let mut combinator = self.relative;
        // Whether what is next stands right after a compound's part, so that a type selector cannot follow.
        let mut joined = false;
        loop {
            let start = parser.position().byte_index();
            let Ok(token) = parser.next_including_whitespace().cloned() else { break };
            let at = start..parser.position().byte_index();
            let wrong = |message: &str| Err(Wrong { at: at.clone(), message: message.to_owned() });
            match token {
                Token::WhiteSpace(_) | Token::Comment(_) => {
                    joined = false;
                    continue;
                }
                Token::Comma if need == Need::Compound => return wrong("a selector is missing before the comma"),
                Token::Comma => (need, combinator, joined) = (Need::Compound, self.relative, false),
                Token::Delim('>' | '+' | '~') if need == Need::Nothing || combinator => {
                    (need, combinator, joined) = (Need::Compound, false, false);
                }
                Token::Delim('>' | '+' | '~') => return wrong("a selector is missing before the combinator"),
                Token::Ident(_) | Token::Delim('*') if joined => return wrong("an element's name comes first"),
                Token::Ident(_) | Token::Delim('*') | Token::IDHash(_) => {
                    (need, combinator, joined) = (Need::Nothing, false, true);
                }
                Token::Delim('.') => {
                    let Ok(Token::Ident(_)) = parser.next_including_whitespace() else {
                        return wrong("a class's name is missing after the dot");
                    };
                    (need, combinator, joined) = (Need::Nothing, false, true);
                }
                Token::SquareBracketBlock => {
                    self.nested(parser, &at, |_, inner| attribute(inner))?;
                    (need, combinator, joined) = (Need::Nothing, false, true);
                }
                Token::Colon => {
                    self.pseudo(parser, at.start)?;
                    (need, combinator, joined) = (Need::Nothing, false, true);
                }
                Token::Hash(_) => return wrong("this is no name: an id does not begin with a digit"),
                _ => return wrong("this is not part of a selector"),
            }
        }
        match need {
            Need::Nothing => Ok(()),
            Need::Compound => {
                let end = parser.position().byte_index().min(self.text.len());
                Err(Wrong { at: end..end, message: "a selector is missing here".to_owned() })
            }
        }
    }

    fn pseudo(&self, parser: &mut Parser<'_>, start: usize) -> Result<(), Wrong> {
        let token = parser.next_including_whitespace().cloned();
        let at = start..parser.position().byte_index();
        let wrong = |message: String| Err(Wrong { at: at.clone(), message });
        match token {
            Ok(Token::Colon) => wrong("a pseudo-element is no element of the page".to_owned()),
            Ok(Token::Ident(name)) if STATES.contains(&&*name.to_ascii_lowercase()) => Ok(()),
            Ok(Token::Function(name)) => {
                let name = name.to_ascii_lowercase();
                if FUNCTIONS.contains(&name.as_str()) {
                    self.nested(
                        parser,
                        &at,
                        |_, inner| {
                            if inner.is_exhausted() { Err("an argument is missing") } else { Ok(()) }
                        },
                    )
                } else if LISTS.contains(&name.as_str()) {
                    self.selectors(parser, &at, name == "has")
                } else {
                    wrong(format!("there is no `:{name}()`"))
                }
            }
            Ok(Token::Ident(name)) => wrong(format!("there is no `:{name}` that a rule can use")),
            _ => wrong("a name is missing after the colon".to_owned()),
        }
    }

    /// Selectors in parentheses.
    fn selectors(&self, parser: &mut Parser<'_>, at: &Range<usize>, relative: bool) -> Result<(), Wrong> {
        if self.depth >= DEPTH {
            return Err(Wrong { at: at.clone(), message: "it is nested too deeply".to_owned() });
        }
        let reader = Reader { text: self.text, depth: self.depth + 1, relative };
        let mut inner_wrong = None;
        let _: Result<(), ParseError<()>> = parser.parse_nested_block(|inner| {
            inner_wrong = reader.list(inner).err();
            rest(inner);
            Ok(())
        });
        inner_wrong.map_or(Ok(()), Err)
    }

    fn nested(
        &self,
        parser: &mut Parser<'_>,
        at: &Range<usize>,
        read: impl FnOnce(&Self, &mut Parser<'_>) -> Result<(), &'static str>,
    ) -> Result<(), Wrong> {
        let mut wrong = None;
        let _: Result<(), ParseError<()>> = parser.parse_nested_block(|inner| {
            wrong = read(self, inner).err();
            rest(inner);
            Ok(())
        });
        let end = parser.position().byte_index();
        wrong.map_or(Ok(()), |message| Err(Wrong { at: at.start..end, message: message.to_owned() }))
    }
}

/// The inside of `[…]`: a name, and what its value is compared with.
fn attribute(inner: &mut Parser<'_>) -> Result<(), &'static str> {
    let Ok(Token::Ident(_)) = inner.next() else { return Err("an attribute's name is missing") };
    match inner.next().cloned() {
        Err(_) => return Ok(()),
        Ok(
            Token::Delim('=')
            | Token::IncludeMatch
            | Token::DashMatch
            | Token::PrefixMatch
            | Token::SuffixMatch
            | Token::SubstringMatch,
        ) => {}
        Ok(_) => return Err("an attribute is compared with =, ~=, |=, ^=, $= or *="),
    }
    let Ok(Token::Ident(_) | Token::QuotedString(_)) = inner.next() else {
        return Err("a value is a name, or stands in quotes");
    };
    match inner.next().cloned() {
        Err(_) => Ok(()),
        Ok(Token::Ident(flag)) if flag.eq_ignore_ascii_case("i") || flag.eq_ignore_ascii_case("s") => Ok(()),
        Ok(_) => Err("only i or s may follow the value"),
    }
}

/// Reads to the end, whatever comes.
fn rest(inner: &mut Parser<'_>) {
    while inner.next_including_whitespace().is_ok() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_read_is_fine() {
        for text in [
            "a",
            ".danger",
            "#buy",
            "button.buy[data-kind='x' i] > span, form :is(a, b) + .c",
            "*",
            ":not(.x, [href^=http])",
            "li:nth-child(2n + 1 of .x)",
            "div:has(> img, + p)",
            "input:checked ~ label",
            "[aria-label]",
            " a  ,\n b ",
            "a/* x */.b",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_they_do_not_read_is_pointed_at() {
        for (text, at, message) in [
            ("", "", "a selector is missing here"),
            ("a,", "", "a selector is missing here"),
            ("a >", "", "a selector is missing here"),
            (",a", ",", "a selector is missing before the comma"),
            ("> a", ">", "a selector is missing before the combinator"),
            ("a..b", ".", "a class's name is missing after the dot"),
            (".danger a:hovr", ":hovr", "there is no `:hovr` that a rule can use"),
            ("p::before", "::", "a pseudo-element is no element of the page"),
            ("a:matches(b)", ":matches(", "there is no `:matches()`"),
            ("[href=http://x]", "[href=http://x]", "only i or s may follow the value"),
            ("[=x]", "[=x]", "an attribute's name is missing"),
            ("a:is(b, )", "", "a selector is missing here"),
            ("#1a", "#1a", "this is no name: an id does not begin with a digit"),
            ("a{b}", "{", "this is not part of a selector"),
            ("a $ b", "$", "this is not part of a selector"),
            (".a b*", "*", "an element's name comes first"),
        ] {
            let wrong = check(text).unwrap_err();
            assert_eq!((text.get(wrong.at.clone()), wrong.message.as_str()), (Some(at), message), "{text}: {wrong:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn anything_is_read_without_a_panic(text in r#"([a-z.#:>+~*,()\[\]="' ]|:not\(|é|\PC){0,40}"#) {
            if let Err(wrong) = check(&text) {
                proptest::prop_assert!(text.get(wrong.at).is_some());
            }
        }
    }
}
