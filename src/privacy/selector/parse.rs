//! From text to a selector, or to what is wrong with it and where.

use cssparser::{ParseError, ParseErrorKind, Parser, SourcePosition, Token};

use super::{Attribute, Combinator, Complex, Compound, List, Name, Operator, Part, Test};
use crate::protocol::rules::Fault;

/// Most bytes of a selector list.
const LONGEST: usize = 4_000;
/// Deepest nesting of `:is`, `:where` and `:not`.
const DEEPEST: usize = 8;
/// What a selector looks like, for people.
const EXAMPLES: &str = "such as .balance, #total, [data-private] or main p";

/// What is wrong, by bytes of the text.
struct Wrong {
    span: (usize, usize),
    message: String,
    hint: &'static str,
}

type Read<T> = Result<T, Wrong>;

/// Reads a selector list.
pub(super) fn parse(text: &str) -> Result<List, Fault> {
    let mut parser = Parser::new(text);
    let mut reader = Reader { begin: parser.position(), depth: 0 };
    let list = if text.len() > LONGEST {
        let message = format!("a selector has at most {LONGEST} bytes");
        Err(Wrong { span: (0, text.len()), message, hint: "make several rules of it" })
    } else if text.trim().is_empty() {
        Err(Wrong { span: (0, text.len()), message: "the selector is empty".to_owned(), hint: EXAMPLES })
    } else {
        reader.list(&mut parser)
    };
    list.map_err(|Wrong { span: (start, end), message, hint }| {
        let chars = |at: usize| u32::try_from(text.get(..at).unwrap_or(text).chars().count()).unwrap_or(u32::MAX);
        let span = Some((chars(start), chars(end)));
        Fault { place: String::new(), line: None, span, message, hint: hint.to_owned() }
    })
}

struct Reader {
    begin: SourcePosition,
    depth: usize,
}

impl Reader {
    fn at(&self, parser: &Parser<'_>, position: SourcePosition) -> usize {
        parser.slice(self.begin..position).len()
    }

    /// Something is wrong from a place up to where the parser is.
    fn wrong<T>(
        &self,
        parser: &Parser<'_>,
        start: SourcePosition,
        message: impl Into<String>,
        hint: &'static str,
    ) -> Read<T> {
        let span = (self.at(parser, start), self.at(parser, parser.position()));
        Err(Wrong { span, message: message.into(), hint })
    }

    /// Selectors up to the end of the text or of the block.
    fn list(&mut self, parser: &mut Parser<'_>) -> Read<List> {
        let mut list = Vec::new();
        loop {
            let (complex, more) = self.complex(parser)?;
            list.push(complex);
            if !more {
                return Ok(list);
            }
        }
    }

    /// A selector, and whether a comma follows.
    fn complex(&mut self, parser: &mut Parser<'_>) -> Read<(Complex, bool)> {
        let mut compounds: Vec<(Compound, Combinator)> = Vec::new();
        loop {
            parser.skip_whitespace();
            let start = parser.position();
            let Some(compound) = self.compound(parser)? else { return self.missing(parser, start) };
            let mut space = false;
            let (state, start, token) = loop {
                let (state, start) = (parser.state(), parser.position());
                match parser.next_including_whitespace().cloned() {
                    Ok(Token::WhiteSpace(_)) => space = true,
                    token => break (state, start, token),
                }
            };
            match token {
                Err(_) => {
                    compounds.push((compound, Combinator::Child));
                    return Ok((Complex(compounds), false));
                }
                Ok(Token::Comma) => {
                    compounds.push((compound, Combinator::Child));
                    return Ok((Complex(compounds), true));
                }
                Ok(Token::Delim('>')) => compounds.push((compound, Combinator::Child)),
                Ok(Token::Delim(c @ ('+' | '~'))) => {
                    let hint =
                        "name the element itself, or what it is in: a space for anything within, > for its children";
                    return self.wrong(
                        parser,
                        start,
                        format!("{c} looks at what is beside an element; a mask cannot"),
                        hint,
                    );
                }
                Ok(_) if space => {
                    parser.reset(&state);
                    compounds.push((compound, Combinator::Descendant));
                }
                Ok(token) => return self.unexpected(parser, start, &token),
            }
        }
    }

    /// What stands where a compound has to.
    fn missing<T>(&self, parser: &mut Parser<'_>, start: SourcePosition) -> Read<T> {
        match parser.next_including_whitespace().cloned() {
            Err(_) => {
                let end = self.at(parser, start);
                Err(Wrong {
                    span: (end.saturating_sub(1), end),
                    message: "a selector is missing at the end".to_owned(),
                    hint: EXAMPLES,
                })
            }
            Ok(Token::Comma | Token::Delim('>' | '+' | '~')) => {
                self.wrong(parser, start, "a selector is missing before this", EXAMPLES)
            }
            Ok(token) => self.unexpected(parser, start, &token),
        }
    }

    fn unexpected<T>(&self, parser: &Parser<'_>, start: SourcePosition, token: &Token<'_>) -> Read<T> {
        match token {
            Token::Delim('|') => self.wrong(
                parser,
                start,
                "namespaces cannot be named",
                "write the name alone: it means elements of all namespaces",
            ),
            Token::Delim('&') => self.wrong(parser, start, "& means nothing here", "write the selector out"),
            Token::Number { .. } | Token::Dimension { .. } | Token::Percentage { .. } => self.wrong(
                parser,
                start,
                "a name cannot begin with a digit",
                "write the digit as an escape: .\\31 st for the class 1st",
            ),
            _ => self.wrong(parser, start, format!("{} has no place here", parser.slice_from(start)), EXAMPLES),
        }
    }

    /// What is said of one element; none: nothing that could begin it follows.
    fn compound(&mut self, parser: &mut Parser<'_>) -> Read<Option<Compound>> {
        let (mut compound, mut some) = (Compound::default(), false);
        loop {
            let (state, start) = (parser.state(), parser.position());
            let Ok(token) = parser.next_including_whitespace().cloned() else { break };
            match token {
                Token::Ident(name) if !some => compound.name = Some(self::name(&name)),
                Token::Delim('*') if !some => {}
                Token::IDHash(id) => compound.parts.push(Part::Id(id.to_string())),
                Token::Hash(_) => {
                    return self.wrong(
                        parser,
                        start,
                        "an id cannot begin with a digit",
                        "write the digit as an escape: #\\31 st for the id 1st",
                    );
                }
                Token::Delim('.') => compound.parts.push(self.class(parser, start)?),
                Token::SquareBracketBlock => {
                    let read = self.block(parser, start, |reader, inner| reader.attribute(inner));
                    compound.parts.push(Part::Attribute(read?));
                }
                Token::Colon => compound.parts.push(self.pseudo(parser, start)?),
                Token::Delim('|') => return self.unexpected(parser, start, &token),
                Token::Ident(_) | Token::Delim('*') => {
                    return self.wrong(
                        parser,
                        start,
                        "a name stands before all else",
                        "as in p.secret, not .secret p or [x]p",
                    );
                }
                _ => {
                    parser.reset(&state);
                    break;
                }
            }
            some = true;
        }
        Ok(some.then_some(compound))
    }

    fn class(&self, parser: &mut Parser<'_>, start: SourcePosition) -> Read<Part> {
        match parser.next_including_whitespace().cloned() {
            Ok(Token::Ident(class)) => Ok(Part::Class(class.to_string())),
            _ => self.wrong(parser, start, "the name of a class is missing", "such as .balance"),
        }
    }

    /// What follows a colon.
    fn pseudo(&mut self, parser: &mut Parser<'_>, start: SourcePosition) -> Read<Part> {
        match parser.next_including_whitespace().cloned() {
            Ok(Token::Function(name)) => {
                let lower = name.to_ascii_lowercase();
                let listed = matches!(lower.as_str(), "is" | "where" | "not");
                if listed && self.depth >= DEEPEST {
                    return self.wrong(parser, start, "this is nested too deep", "make several rules of it");
                }
                if listed {
                    let list = self.block(parser, start, |reader, inner| {
                        reader.depth += 1;
                        let list = reader.list(inner);
                        reader.depth -= 1;
                        list
                    })?;
                    return Ok(if lower == "not" { Part::Not(list) } else { Part::Is(list) });
                }
                // Read to its end, so that the whole of it is pointed at.
                let _ = parser.parse_nested_block(|inner| -> Result<(), ParseError<()>> {
                    while inner.next_including_whitespace().is_ok() {}
                    Ok(())
                });
                self.wrong(parser, start, format!(":{name}() cannot be used in a mask"), pseudo_hint(&lower))
            }
            Ok(Token::Ident(name)) => self.wrong(
                parser,
                start,
                format!(":{name} cannot be used in a mask"),
                pseudo_hint(&name.to_ascii_lowercase()),
            ),
            Ok(Token::Colon) => {
                let _ = parser.next_including_whitespace();
                self.wrong(
                    parser,
                    start,
                    "parts such as ::before are no elements",
                    "name the element that they belong to",
                )
            }
            _ => {
                self.wrong(parser, start, "the name after the colon is missing", "there are :is(), :where() and :not()")
            }
        }
    }

    /// Reads the block that begins at `start`, which has to be closed.
    fn block<T>(
        &mut self,
        parser: &mut Parser<'_>,
        start: SourcePosition,
        read: impl FnOnce(&mut Self, &mut Parser<'_>) -> Read<T>,
    ) -> Read<T> {
        let opened = parser.position();
        let result = parser.parse_nested_block(|inner| match read(self, inner) {
            Ok(read) => {
                let rest = inner.position();
                while inner.next_including_whitespace().is_ok() {}
                Ok((read, rest, inner.position()))
            }
            Err(wrong) => Err(ParseError { kind: ParseErrorKind::Custom(wrong) }),
        });
        match result {
            Ok((_, _, end)) if parser.position() <= end => {
                let span = (self.at(parser, start), self.at(parser, opened));
                Err(Wrong { span, message: "this bracket is not closed".to_owned(), hint: "add the closing bracket" })
            }
            Ok((read, _, _)) => Ok(read),
            Err(ParseError { kind: ParseErrorKind::Custom(wrong), .. }) => Err(wrong),
            Err(_) => self.wrong(parser, start, "this cannot be read", EXAMPLES),
        }
    }

    /// What stands in square brackets.
    fn attribute(&mut self, parser: &mut Parser<'_>) -> Read<Attribute> {
        const HINT: &str = "such as [data-private] or [data-kind=\"salary\"]";
        parser.skip_whitespace();
        let start = parser.position();
        let name = match parser.next_including_whitespace().cloned() {
            Ok(Token::Ident(name)) => self::name(&name),
            Ok(Token::Delim('|' | '*')) => return self.unexpected(parser, start, &Token::Delim('|')),
            _ => return self.wrong(parser, start, "the name of an attribute is missing", HINT),
        };
        parser.skip_whitespace();
        let start = parser.position();
        let operator = match parser.next_including_whitespace().cloned() {
            Err(_) => return Ok(Attribute { name, test: None }),
            Ok(Token::Delim('=')) => Operator::Equals,
            Ok(Token::IncludeMatch) => Operator::Word,
            Ok(Token::DashMatch) => Operator::Dash,
            Ok(Token::PrefixMatch) => Operator::Begins,
            Ok(Token::SuffixMatch) => Operator::Ends,
            Ok(Token::SubstringMatch) => Operator::Contains,
            Ok(Token::Delim('|')) => return self.unexpected(parser, start, &Token::Delim('|')),
            Ok(_) => return self.wrong(parser, start, "here stands =, ~=, |=, ^=, $= or *=", HINT),
        };
        parser.skip_whitespace();
        let start = parser.position();
        let value = match parser.next_including_whitespace().cloned() {
            Ok(Token::Ident(value) | Token::QuotedString(value)) => value.to_string(),
            Ok(_) => return self.wrong(parser, start, "this value needs quotes", HINT),
            Err(_) => return self.wrong(parser, start, "the value is missing", HINT),
        };
        let any_case = self.flag(parser)?;
        Ok(Attribute { name, test: Some(Test { operator, value, any_case }) })
    }

    /// The `i` that makes the case of a value not count.
    fn flag(&self, parser: &mut Parser<'_>) -> Read<bool> {
        parser.skip_whitespace();
        let start = parser.position();
        let any_case = match parser.next_including_whitespace().cloned() {
            Err(_) => return Ok(false),
            Ok(Token::Ident(flag)) if flag.eq_ignore_ascii_case("i") => true,
            Ok(_) => {
                return self.wrong(
                    parser,
                    start,
                    "after the value only i may follow",
                    "i means: in any case; put values with spaces in quotes",
                );
            }
        };
        parser.skip_whitespace();
        let start = parser.position();
        match parser.next_including_whitespace() {
            Err(_) => Ok(any_case),
            Ok(_) => self.wrong(parser, start, "after i the bracket ends", "as in [data-kind=\"salary\" i]"),
        }
    }
}

fn name(written: &str) -> Name {
    Name { written: written.to_owned(), lower: written.to_ascii_lowercase() }
}

/// What to do in place of a pseudo-class.
fn pseudo_hint(name: &str) -> &'static str {
    match name {
        "has" => {
            "a mask looks at an element and at what it is in, not at what it holds: name the element by a class or an attribute"
        }
        "root" => "write html",
        "before" | "after" | "first-line" | "first-letter" => "name the element that they belong to",
        "host" | "host-context" | "part" | "slotted" => {
            "a mask looks at one tree alone: name elements within a shadow root as on any page"
        }
        "matches" | "any" | "-webkit-any" | "-moz-any" => "write :is()",
        "checked" | "disabled" | "enabled" | "read-only" | "required" | "optional" | "open" => {
            "state changes while the page is shown: name an attribute, such as [disabled]"
        }
        _ if name.starts_with("nth-") || name.ends_with("-child") || name.ends_with("-of-type") || name == "empty" => {
            "a mask cannot count elements: give the element a class or an attribute"
        }
        _ => "there are :is(), :where() and :not(); state and place change while the page is shown",
    }
}
