//! Which values watchers never see, and what they see instead. The one place that decides it on the server; the companion masks
//! passwords before that, so that they never come here.

use super::elements::is_html;
use super::mirror::{Entry, Mirror};

/// Most stars, so that a long secret costs nothing.
const STARS: usize = 200;
/// How far above an option its select may be.
const LEVELS: usize = 64;
/// Input types that take no stars: they show nothing instead.
const NO_STARS: [&str; 8] = ["number", "range", "color", "date", "time", "month", "week", "datetime-local"];

/// Whether a field's value is masked: it is or was a secret, or the companion masked it.
pub(super) fn masks(entry: &Entry) -> bool {
    let field = is_html(entry, "input") || is_html(entry, "textarea") || is_html(entry, "select");
    field && (entry.was_secret || entry.state().masked == Some(true))
}

/// Whether a field holds a secret as it is now: it is a password, or its `autocomplete` names one. From then on it counts as one, since what
/// was typed is still in it when a page changes what it calls the field.
pub(super) fn is_secret(entry: &Entry) -> bool {
    let password = is_html(entry, "input") && entry.attr("type").is_some_and(|t| t.eq_ignore_ascii_case("password"));
    password || names_a_secret(entry)
}

/// Whether a node is within a masked select: which option is selected is the select's value.
pub(super) fn in_masked_select(mirror: &Mirror, entry: &Entry) -> bool {
    let mut at = mirror.parent(entry);
    for _ in 0..LEVELS {
        match at {
            Some(above) if is_html(above, "select") => return masks(above),
            Some(above) => at = mirror.parent(above),
            None => return false,
        }
    }
    false
}

/// What is shown of a masked value.
pub(super) fn stars(entry: &Entry, value: &str) -> String {
    let kind = entry.attr("type").unwrap_or_default().to_ascii_lowercase();
    if is_html(entry, "input") && NO_STARS.contains(&kind.as_str()) {
        return String::new();
    }
    "*".repeat(value.chars().take(STARS).count())
}

fn names_a_secret(entry: &Entry) -> bool {
    let Some(tokens) = entry.attr("autocomplete") else { return false };
    tokens.split_ascii_whitespace().map(str::to_ascii_lowercase).any(|token| {
        token.starts_with("cc-") || matches!(token.as_str(), "one-time-code" | "current-password" | "new-password")
    })
}
