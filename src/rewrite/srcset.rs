//! Image candidates, by the HTML Standard's own algorithm (4.8.4.2.1): a comma within an address is part of it.

use super::address::{Addresses, Verdict};
use crate::policy::Use;

/// One candidate: an address and what is said of it.
#[derive(Debug, PartialEq, Eq)]
struct Candidate<'a> {
    url: &'a str,
    descriptors: &'a str,
}

/// Maps the addresses; candidates that may not load go. None: nothing changes. An empty text: no candidate is left.
pub(super) fn rewrite(text: &str, addresses: Addresses<'_>) -> Option<String> {
    let mut changed = false;
    let mut kept = Vec::new();
    for Candidate { url, descriptors } in parse(text) {
        let url = match addresses.judge(url, Use::Load) {
            Verdict::Keep => url.to_owned(),
            Verdict::Become(url) => {
                changed = true;
                url
            }
            Verdict::Refuse => {
                changed = true;
                continue;
            }
        };
        kept.push(if descriptors.is_empty() { url } else { format!("{url} {descriptors}") });
    }
    changed.then(|| kept.join(", "))
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

fn parse(text: &str) -> Vec<Candidate<'_>> {
    let mut candidates = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c| is_space(c) || c == ',');
        if rest.is_empty() {
            return candidates;
        }
        let (url, after) = rest.split_at(rest.bytes().position(|b| is_space(char::from(b))).unwrap_or(rest.len()));
        let bare = url.trim_end_matches(',');
        if bare.len() < url.len() {
            candidates.push(Candidate { url: bare, descriptors: "" });
            rest = after;
        } else {
            let end = descriptors_end(after);
            candidates.push(Candidate { url, descriptors: after[..end].trim_matches(is_space) });
            rest = &after[end..];
        }
    }
}

/// Descriptors end at a comma outside parentheses.
fn descriptors_end(text: &str) -> usize {
    let mut within = false;
    for at in memchr::memchr3_iter(b'(', b')', b',', text.as_bytes()) {
        match text.as_bytes()[at] {
            b'(' => within = true,
            b')' => within = false,
            _ if !within => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_split_as_browsers_split_them() {
        for (text, expected) in [
            ("a.png", vec![("a.png", "")]),
            ("a.png 1x, b.png 2x", vec![("a.png", "1x"), ("b.png", "2x")]),
            ("a.png,b.png", vec![("a.png,b.png", "")]),
            ("a.png, b.png", vec![("a.png", ""), ("b.png", "")]),
            ("a,b.png 1x,c.png", vec![("a,b.png", "1x"), ("c.png", "")]),
            ("data:image/png;base64,AA= 1x, b.png 2x", vec![("data:image/png;base64,AA=", "1x"), ("b.png", "2x")]),
            (" ,, a.png 100w 50h ,\n\tb.png\t2x ,", vec![("a.png", "100w 50h"), ("b.png", "2x")]),
            ("a.png x(1, 2) 1x, b.png", vec![("a.png", "x(1, 2) 1x"), ("b.png", "")]),
            ("a.png,,, 1x", vec![("a.png", ""), ("1x", "")]),
            ("", vec![]),
        ] {
            let expected: Vec<_> =
                expected.into_iter().map(|(url, descriptors)| Candidate { url, descriptors }).collect();
            assert_eq!(parse(text), expected, "{text:?}");
        }
    }
}
