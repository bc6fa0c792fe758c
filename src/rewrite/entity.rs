//! Character references in attribute values and text (HTML Standard, 13.2.5.72 and on): the streaming parser hands them over as they are written.

use std::borrow::Cow;

use web_atoms::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Longest name of a reference, with its semicolon.
const NAME_MAX: usize = 33;

/// Where a text stands: a name without semicolon counts less in attributes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Attribute,
    Text,
}

/// The text that is meant.
pub(super) fn decode(text: &str, place: Place) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        out.push_str(before);
        let taken = numeric(reference, &mut out).or_else(|| named(reference, place, &mut out));
        let taken = taken.unwrap_or_else(|| {
            out.push('&');
            1
        });
        rest = &reference[taken..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A text as the value of an attribute; the writer adds `&quot;`.
pub(super) fn encode_attribute(text: &str) -> Cow<'_, str> {
    if text.contains('&') { Cow::Owned(text.replace('&', "&amp;")) } else { Cow::Borrowed(text) }
}

/// A text as the content of an element.
pub(super) fn encode_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `&#65;`, `&#x41;`, with or without semicolon. Gives the bytes taken.
fn numeric(reference: &str, out: &mut String) -> Option<usize> {
    let digits = reference.strip_prefix("&#")?;
    let (prefix, radix, digits) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (3, 16, digits),
        None => (2, 10, digits),
    };
    let count = digits.bytes().take_while(|b| char::from(*b).is_digit(radix)).count();
    if count == 0 {
        return None;
    }
    let code = u32::from_str_radix(&digits[..count], radix).unwrap_or(u32::MAX);
    let c1 = code.checked_sub(0x80).and_then(|n| C1_REPLACEMENTS.get(n as usize).copied().flatten());
    let char = if code == 0 { None } else { c1.or_else(|| char::from_u32(code)) };
    out.push(char.unwrap_or(char::REPLACEMENT_CHARACTER));
    Some(prefix + count + usize::from(digits[count..].starts_with(';')))
}

/// `&amp;`: the longest name that there is. Gives the bytes taken.
fn named(reference: &str, place: Place, out: &mut String) -> Option<usize> {
    let name = &reference[1..];
    let letters = name.bytes().take(NAME_MAX).take_while(u8::is_ascii_alphanumeric).count();
    let with_semicolon = name[letters..].starts_with(';').then_some(letters + 1);
    let lengths = with_semicolon.into_iter().chain((1..=letters).rev());
    let (length, code) = lengths
        .filter_map(|length| NAMED_ENTITIES.get(&name[..length]).map(|code| (length, *code)))
        .find(|(_, code)| code.0 != 0)?;
    let next = name.as_bytes().get(length);
    let ended = name.as_bytes()[length - 1] == b';';
    if place == Place::Attribute && !ended && next.is_some_and(|b| *b == b'=' || b.is_ascii_alphanumeric()) {
        return None;
    }
    out.extend(char::from_u32(code.0));
    if code.1 != 0 {
        out.extend(char::from_u32(code.1));
    }
    Some(length + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn references_are_read_as_browsers_read_them() {
        for (written, attribute, text) in [
            ("a&amp;b", "a&b", "a&b"),
            ("a&ampb", "a&ampb", "a&b"),
            ("?a=1&copy=2", "?a=1&copy=2", "?a=1\u{a9}=2"),
            ("?a=1&copy", "?a=1\u{a9}", "?a=1\u{a9}"),
            ("&copy;=2", "\u{a9}=2", "\u{a9}=2"),
            ("&notit;", "&notit;", "\u{ac}it;"),
            ("&notin;", "\u{2209}", "\u{2209}"),
            ("&#104;&#x74;&#X74;p", "http", "http"),
            ("&#104ttp", "http", "http"),
            ("&colon;&sol;&sol;", "://", "://"),
            ("&Tab;&NewLine;", "\t\n", "\t\n"),
            (
                "&#0;&#xD800;&#x110000;&#99999999999;",
                "\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
                "\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
            ),
            ("&#x80;&#x81;", "\u{20ac}\u{81}", "\u{20ac}\u{81}"),
            ("&NotEqualTilde;", "\u{2242}\u{338}", "\u{2242}\u{338}"),
            ("&;&#;&#x;& &nosuch;", "&;&#;&#x;& &nosuch;", "&;&#;&#x;& &nosuch;"),
            ("&&amp;", "&&", "&&"),
        ] {
            assert_eq!(decode(written, Place::Attribute), attribute, "{written} in an attribute");
            assert_eq!(decode(written, Place::Text), text, "{written} in text");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_read_back(text in "[&#a-z;0-9x=<>ä]{0,40}") {
            let (attribute, content) = (encode_attribute(&text), encode_text(&text));
            prop_assert_eq!(decode(&attribute, Place::Attribute), text.as_str());
            prop_assert_eq!(decode(&content, Place::Text), text);
        }
    }
}
