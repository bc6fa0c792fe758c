//! Where something stands in a TOML text, and what was meant by it.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where `section.key` or `site.2.start` stands: the innermost part that the text has.
pub(crate) fn span_of(document: &Spanned<DeTable<'_>>, place: &str) -> Option<Range<usize>> {
    let mut parts = place.split('.');
    let value = document.get_ref().get(parts.next()?)?;
    let mut span = value.span();
    let mut value = value.get_ref();
    for part in parts {
        let next = match value {
            DeValue::Table(table) => table.get(part),
            DeValue::Array(array) => part.parse::<usize>().ok().and_then(|i| array.get(i)),
            _ => None,
        };
        let Some(next) = next else { break };
        span = next.span();
        value = next.get_ref();
    }
    Some(span)
}

/// The line of a byte, from 1.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count() + 1
}

/// What to do about a message of the TOML reader.
pub(crate) fn hint_of(message: &str) -> String {
    const SEE: &str = "config/alongside.toml has every option with its meaning";
    let Some(rest) = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("unknown variant `"))
    else {
        return SEE.to_owned();
    };
    let mut names = rest.split('`').step_by(2);
    let unknown = names.next().unwrap_or_default();
    nearest(unknown, names).map_or_else(|| SEE.to_owned(), |known| format!("did you mean `{known}`?"))
}

/// The known name that was meant, if one is near enough.
pub(crate) fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.map(|known| (distance(unknown, known), known)).filter(|(far, _)| *far <= 3).min().map(|(_, known)| known)
}

/// Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.chars().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
