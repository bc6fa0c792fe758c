//! What stands for masked texts, values and attributes, and which fields hold secrets. The companion masks by the same cases (`fixtures/masks/`), so that
//! what is masked never comes here; the stars of stars are the same stars.

use super::elements::is_html;
use super::mirror::Entry;

/// Most stars, so that a long secret costs nothing.
const STARS: usize = 200;
/// Input types that take no stars: they show nothing instead.
const NO_STARS: [&str; 8] = ["number", "range", "color", "date", "time", "month", "week", "datetime-local"];

/// Whether it is something that a person fills in.
pub(super) fn is_field(entry: &Entry) -> bool {
    is_html(entry, "input") || is_html(entry, "textarea") || is_html(entry, "select")
}

/// Whether a field holds a secret as it is now: it is a password, or its `autocomplete` names one. From then on it counts as one, since what
/// was typed is still in it when a page changes what it calls the field.
pub(super) fn is_secret(entry: &Entry) -> bool {
    let password = is_html(entry, "input") && entry.attr("type").is_some_and(|t| t.eq_ignore_ascii_case("password"));
    password || names_a_secret(entry)
}

/// What is shown of a masked value.
pub(super) fn stars(entry: &Entry, value: &str) -> String {
    let kind = entry.attr("type").unwrap_or_default().to_ascii_lowercase();
    if is_html(entry, "input") && NO_STARS.contains(&kind.as_str()) {
        return String::new();
    }
    "*".repeat(value.chars().take(STARS).count())
}

/// What is shown of a masked text: a star for each character but white space.
pub(super) fn text(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { c } else { '*' }).collect()
}

/// Whether an attribute tells something, so that stars stand for its value in a masked element. What is not listed is names, states and layout.
pub(super) fn tells(name: &str) -> bool {
    const TELLING: [&str; 9] =
        ["abbr", "alt", "axis", "content", "datetime", "label", "placeholder", "summary", "title"];
    match name.split_once('-') {
        Some(("data", _)) => true,
        Some(("aria", state)) => !ARIA.contains(&state),
        _ => TELLING.contains(&name),
    }
}

/// Of `aria-`, what names other elements or says how something behaves, and no more.
const ARIA: [&str; 39] = [
    "activedescendant",
    "atomic",
    "autocomplete",
    "busy",
    "colcount",
    "colindex",
    "colspan",
    "controls",
    "current",
    "describedby",
    "details",
    "disabled",
    "dropeffect",
    "errormessage",
    "expanded",
    "flowto",
    "grabbed",
    "haspopup",
    "hidden",
    "invalid",
    "labelledby",
    "level",
    "live",
    "modal",
    "multiline",
    "multiselectable",
    "orientation",
    "owns",
    "posinset",
    "readonly",
    "relevant",
    "required",
    "rowcount",
    "rowindex",
    "rowspan",
    "setsize",
    "sort",
    "valuemax",
    "valuemin",
];

fn names_a_secret(entry: &Entry) -> bool {
    let Some(tokens) = entry.attr("autocomplete") else { return false };
    tokens.split_ascii_whitespace().map(str::to_ascii_lowercase).any(|token| {
        token.starts_with("cc-") || matches!(token.as_str(), "one-time-code" | "current-password" | "new-password")
    })
}
