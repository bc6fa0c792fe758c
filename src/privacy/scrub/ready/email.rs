//! E-mail addresses, also with letters beyond ASCII.

use std::ops::Range;

use memchr::memchr_iter;

use super::joined;

pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    joined(memchr_iter(b'@', text.as_bytes()).filter_map(|at| {
        let (start, end) = (before(text, at)?, at + 1 + domain(text.get(at + 1..)?)?);
        Some(start..end)
    }))
}

/// A name and an at-sign, and nothing behind but what a host's name may begin with.
pub(super) fn growing(text: &str) -> Option<usize> {
    let at = text.rfind('@')?;
    let host = text.get(at + 1..)?.chars().all(|c| in_host(c) || c == '.');
    before(text, at).filter(|_| host)
}

/// Where the name before an at-sign begins.
fn before(text: &str, at: usize) -> Option<usize> {
    let name = text.get(..at)?;
    let start =
        name.char_indices().rev().take_while(|(_, c)| c.is_alphanumeric() || "._%+-'!#$*^{|}~".contains(*c)).last()?.0;
    let quoted = name.get(start..)?.trim_start_matches(['.', '\'', '-', '!', '#', '*', '{', '|', '}', '~', '^']);
    (!quoted.is_empty()).then(|| at - quoted.len())
}

/// The length of the host's name behind an at-sign: at least two labels, of which the last is no number.
fn domain(text: &str) -> Option<usize> {
    let whole = text.char_indices().find(|(_, c)| !in_host(*c) && *c != '.').map_or(text.len(), |(end, _)| end);
    let mut name = text.get(..whole)?;
    loop {
        name = name.trim_end_matches(['.', '-']);
        let last = name.rsplit('.').next().filter(|last| last.len() < name.len())?;
        let labels = name.split('.').all(|label| !label.is_empty());
        if labels
            && last.chars().count() >= 2
            && last.chars().all(|c| c.is_alphanumeric() || c == '-')
            && last.chars().any(char::is_alphabetic)
        {
            return Some(name.len());
        }
        name = name.get(..name.len() - last.len())?;
    }
}

fn in_host(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}
