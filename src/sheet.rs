//! Where a style sheet can name an address, found by a scan of its bytes: what rewriter and wash ask before they parse one.

/// Whether one of `functions` or an `@import` may stand in a sheet, in declarations or in a value. Names may be written with escapes: a text that has any, and
/// anything that could begin such a name's content, counts as one that may.
#[must_use]
pub fn may_name_addresses(text: &[u8], functions: &[&str]) -> bool {
    let (mut opens, mut escapes) = (false, false);
    for at in memchr::memchr3_iter(b'(', b'@', b'\\', text) {
        let (before, from) = text.split_at(at);
        let named = match from {
            [b'(', ..] => functions.iter().any(|name| ends_with(before, name)),
            [b'@', behind @ ..] => behind.get(..6).is_some_and(|name| name.eq_ignore_ascii_case(b"import")),
            _ => false,
        };
        if named {
            return true;
        }
        if from[0] == b'\\' { escapes = true } else { opens = true }
    }
    opens && escapes
}

fn ends_with(text: &[u8], name: &str) -> bool {
    text.len().checked_sub(name.len()).is_some_and(|start| text[start..].eq_ignore_ascii_case(name.as_bytes()))
}
