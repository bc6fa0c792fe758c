//! What may stand in a document before its first text or tag (HTML Standard, 13.1.1): white space, comments, the document type, `<html>`, stray end tags.
//!
//! Text before any tag opens the body, so that the shim has to stand before it. The streaming parser could be asked for all text to find that
//! one; it is several times quicker when it may skip text.

/// Reads a document's beginning, piece by piece.
pub(super) struct Prolog {
    at: At,
    /// Name of the tag that is being read, as far as it matters.
    name: Vec<u8>,
}

/// Where the reader stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Between,
    /// Behind `<`.
    Open,
    /// Behind `<!`, with so many `-`.
    Declaration(u8),
    /// In a comment, behind so many `-`, and whether `!` follows them; `new`: nothing but `-` has been in it.
    Comment {
        dashes: u8,
        bang: bool,
        new: bool,
    },
    /// In anything that ends at the next `>`.
    Bogus,
    /// Behind `</`.
    EndOpen,
    StartName,
    EndName,
    Attributes,
    /// Behind the `=` of an attribute.
    Value,
    Unquoted,
    Quoted(u8),
    /// A tag other than `<html>`: the rewriter of elements takes over.
    Tag,
    /// Text.
    Text,
}

impl Prolog {
    pub(super) fn new() -> Self {
        Self { at: At::Between, name: Vec::new() }
    }

    /// Reads the next piece. Gives where in it the first text begins, if the prolog ends with text there.
    pub(super) fn text_in(&mut self, piece: &[u8]) -> Option<usize> {
        for (n, byte) in piece.iter().enumerate() {
            if self.is_over() {
                return None;
            }
            let opened = self.at == At::Open;
            self.step(*byte);
            if self.at == At::Text {
                // A `<` that opens nothing is text itself; at the end of the piece before, it stays where it is.
                return Some(if opened { n.saturating_sub(1) } else { n });
            }
        }
        None
    }

    /// Text or a tag has been found.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.at, At::Tag | At::Text)
    }

    fn step(&mut self, byte: u8) {
        let space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c);
        self.at = match (self.at, byte) {
            (At::Between, b'<') => At::Open,
            (At::Between, _) => {
                if space {
                    At::Between
                } else {
                    At::Text
                }
            }
            (At::Open, b'!') => At::Declaration(0),
            (At::Open, b'?') => At::Bogus,
            (At::Open, b'/') => At::EndOpen,
            (At::Open, _) if byte.is_ascii_alphabetic() => {
                self.name = vec![byte.to_ascii_lowercase()];
                At::StartName
            }
            (At::Open, _) => At::Text,
            (At::Declaration(0), b'-') => At::Declaration(1),
            (At::Declaration(1), b'-') => At::Comment { dashes: 0, bang: false, new: true },
            (At::Declaration(_) | At::Bogus, b'>') => At::Between,
            (At::Declaration(_) | At::Bogus, _) => At::Bogus,
            (At::Comment { dashes, bang, new }, _) => in_comment((dashes, bang, new), byte),
            (At::EndOpen, b'>') => At::Between,
            (At::EndOpen, _) => {
                if byte.is_ascii_alphabetic() {
                    At::EndName
                } else {
                    At::Bogus
                }
            }
            (At::StartName, _) if space || matches!(byte, b'/' | b'>') => match (self.name == b"html", byte) {
                (false, _) => At::Tag,
                (true, b'>') => At::Between,
                (true, _) => At::Attributes,
            },
            (At::StartName, _) => {
                self.name.push(byte.to_ascii_lowercase());
                if b"html".starts_with(&self.name) { At::StartName } else { At::Tag }
            }
            (At::EndName | At::Attributes | At::Value | At::Unquoted, b'>') => At::Between,
            (At::EndName, _) => {
                if space || byte == b'/' {
                    At::Attributes
                } else {
                    At::EndName
                }
            }
            (At::Attributes, b'=') => At::Value,
            (At::Attributes, _) => At::Attributes,
            (At::Value, b'"' | b'\'') => At::Quoted(byte),
            (At::Value, _) => {
                if space {
                    At::Value
                } else {
                    At::Unquoted
                }
            }
            (At::Unquoted, _) => {
                if space {
                    At::Attributes
                } else {
                    At::Unquoted
                }
            }
            (At::Quoted(quote), _) => {
                if byte == quote {
                    At::Attributes
                } else {
                    At::Quoted(quote)
                }
            }
            (over @ (At::Tag | At::Text), _) => over,
        };
    }
}

/// Comments end with `-->` and `--!>`, and with `>` or `->` at their very beginning.
fn in_comment((dashes, bang, new): (u8, bool, bool), byte: u8) -> At {
    match byte {
        b'>' if dashes >= 2 || new && !bang => At::Between,
        b'-' if bang => At::Comment { dashes: 1, bang: false, new: false },
        b'-' => At::Comment { dashes: (dashes + 1).min(2), bang: false, new },
        b'!' if dashes == 2 && !bang => At::Comment { dashes, bang: true, new: false },
        _ => At::Comment { dashes: 0, bang: false, new: false },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where text begins, in one piece and byte by byte.
    fn text_at(document: &str) -> Option<usize> {
        let whole = Prolog::new().text_in(document.as_bytes());
        let mut prolog = Prolog::new();
        let bytes = document.as_bytes().chunks(1).enumerate();
        let cut = bytes.filter_map(|(n, piece)| prolog.text_in(piece).map(|_| n)).next();
        // A `<` before it has gone by then.
        assert!(cut == whole || cut == whole.map(|at| at + 1), "{document:?}: {whole:?}, {cut:?}");
        whole
    }

    #[test]
    fn text_before_tags_is_found() {
        let prologs = [
            "",
            " \n\t",
            "<!doctype html>",
            "<!-- a > b -- c -->",
            "<!-->",
            "<!--->",
            "<!---->",
            "<!--a--!>",
            "<!----!>",
            "<!--->-->".split_at(6).0,
            "<?xml version='1.0'?>",
            "<!x>",
            "</>",
            "</ x>",
            "</p a='>'>",
            "<html>",
            "<HTML lang=\"a>b\" class='>' x=> ",
            "<html/>",
            "<html a = '>'>",
            "<!--a--!b-->",
            "<!-- -- > --!x -->",
            "<![CDATA[x>",
        ];
        for prolog in prologs {
            let text = format!("{prolog}text <p>");
            assert_eq!(text_at(&text), Some(prolog.len()), "{text:?}");
            for other in ["<p>text", "<head>", "<htm>text", "<htmlx>text", "<!-- text", "<html a='>text"] {
                assert_eq!(text_at(&format!("{prolog}{other}")), None, "{prolog:?} {other:?}");
            }
        }
        assert_eq!(text_at("<!doctype html> < 3"), Some(16));
        assert_eq!(text_at("<1>"), Some(0));
    }
}
