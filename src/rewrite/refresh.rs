//! `Refresh`, as header field and as `<meta http-equiv=refresh>` (HTML Standard, "shared declarative refresh steps").

use std::ops::Range;

/// Where the address stands within a refresh. None: it has none, or cannot be read.
pub(super) fn address(text: &str) -> Option<Range<usize>> {
    let space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
    let rest = text.trim_start_matches(space);
    let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if number.len() == rest.len() && !rest.starts_with('.') {
        return None;
    }
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    if !rest.starts_with(|c| space(c) || matches!(c, ';' | ',')) {
        return None;
    }
    let rest = rest.trim_start_matches(space);
    let rest = rest.strip_prefix([';', ',']).unwrap_or(rest).trim_start_matches(space);
    let rest = after_url_equals(rest, space).unwrap_or(rest);
    let (rest, end) = match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inner = &rest[1..];
            (inner, inner.find(quote).unwrap_or(inner.len()))
        }
        _ => (rest, rest.len()),
    };
    let start = text.len() - rest.len();
    (end > 0).then_some(start..start + end)
}

fn after_url_equals(text: &str, space: impl Fn(char) -> bool + Copy) -> Option<&str> {
    let rest = text.get(..3).filter(|word| word.eq_ignore_ascii_case("url")).and_then(|_| text.get(3..))?;
    Some(rest.trim_start_matches(space).strip_prefix('=')?.trim_start_matches(space))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_as_browsers_find_it() {
        for (text, expected) in [
            ("5; url=https://a.example/", Some("https://a.example/")),
            ("0;URL='https://a.example/'", Some("https://a.example/")),
            ("0;url=\"/x\" y", Some("/x")),
            ("0; https://a.example/", Some("https://a.example/")),
            ("0,url = /x", Some("/x")),
            ("1.5 /x", Some("/x")),
            (".5; url=/x", Some("/x")),
            ("0; url='/x", Some("/x")),
            ("0; urlx", Some("urlx")),
            ("5", None),
            ("5;", None),
            ("0; url=", None),
            ("url=/x", None),
            ("5x; url=/x", None),
        ] {
            assert_eq!(address(text).map(|range| &text[range]), expected, "{text:?}");
        }
    }
}
