//! Attributes by which an element is known, and which of their values a framework made up.

use super::digest::Digest;
use crate::wash::Look;

/// Longest value that names anything, in bytes.
const LONGEST: usize = 500;
/// Attributes whose value is what the page's author calls the element for tests.
const TEST_IDS: [&str; 6] = ["data-testid", "data-test-id", "data-test", "data-cy", "data-qa", "data-automation-id"];
/// Inputs whose `value` is theirs from the start, and nothing that anybody typed.
const FIXED_VALUES: [&str; 5] = ["radio", "checkbox", "submit", "button", "reset"];
/// What begins identifiers that frameworks count up.
const COUNTERS: [&str; 20] = [
    "ember",
    "mui-",
    "radix-",
    "headlessui-",
    "cdk-",
    "mat-",
    "ng-",
    "react-select-",
    "ext-gen",
    "yui_",
    "rc-",
    "rc_",
    "downshift-",
    "ui-id-",
    "el-id-",
    "svelte-",
    "uid",
    "gen",
    "auto",
    "v-",
];

/// How much a value says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub(super) enum Trust {
    /// The page's author chose it: another one means another element.
    Name,
    /// A key of data: another one means another thing.
    Item,
    /// It says something, and may change.
    Hint,
}

/// One attribute of an element.
#[derive(Clone, Copy)]
pub(super) struct Key {
    /// Digest of the attribute's name.
    pub(super) attr: Digest,
    /// Digest of its value.
    pub(super) value: Digest,
    pub(super) trust: Trust,
    /// How much it weighs among an element's features.
    pub(super) weight: f32,
}

/// The attributes of an element that tell it from others.
pub(super) fn keys(look: &Look<'_>) -> Vec<Key> {
    let kind = look.attrs().iter().find(|(name, _)| name == "type").map(|(_, value)| value.to_ascii_lowercase());
    let fixed = look.is_html("option")
        || (look.is_html("input") || look.is_html("button"))
            && kind.as_deref().is_some_and(|kind| FIXED_VALUES.contains(&kind));
    let keys = look.attrs().iter().filter_map(|(name, value)| {
        let (trust, weight) = rank(name, value, fixed)?;
        Some(Key { attr: Digest::of(name), value: Digest::of(value.trim()), trust, weight })
    });
    keys.collect()
}

/// The attribute by which an element, and what is in it, is known: a name or a key of data.
pub(super) fn name(look: &Look<'_>) -> Option<(Digest, Digest)> {
    let key = keys(look).into_iter().find(|key| key.trust != Trust::Hint && key.weight >= 4.0)?;
    Some((key.attr, key.value))
}

/// How much an attribute says; None: nothing.
fn rank(name: &str, value: &str, fixed: bool) -> Option<(Trust, f32)> {
    let value = value.trim();
    if value.is_empty() || value.len() > LONGEST {
        return None;
    }
    let counted = value.bytes().any(|byte| byte.is_ascii_digit());
    Some(match name {
        "id" if is_generated(value) => return None,
        "id" if counted => (Trust::Hint, 2.0),
        "id" => (Trust::Name, 5.0),
        "name" if is_generated(value) => return None,
        "name" if counted => (Trust::Hint, 2.0),
        "name" => (Trust::Name, 4.0),
        "for" if is_generated(value) => return None,
        "for" => (Trust::Hint, 2.0),
        "type" => (Trust::Item, 1.0),
        "value" if fixed => (Trust::Item, 4.0),
        "aria-label" | "placeholder" | "alt" => (Trust::Hint, 3.0),
        "title" => (Trust::Hint, 2.0),
        "href" if value.starts_with('#') || value.starts_with("javascript:") => return None,
        "href" => (Trust::Hint, 4.0),
        "src" => (Trust::Hint, 3.0),
        _ if TEST_IDS.contains(&name) && is_generated(value) => return None,
        _ if TEST_IDS.contains(&name) && counted => (Trust::Hint, 3.0),
        _ if TEST_IDS.contains(&name) => (Trust::Name, 5.0),
        _ if is_item_key(name) && !is_generated(value) => (Trust::Item, 4.0),
        _ => return None,
    })
}

/// `data-id`, `data-row-key` and the like: what list code keeps its items apart by.
fn is_item_key(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("data-") else { return false };
    rest != "reactid" && rest.rsplit('-').next().is_some_and(|last| matches!(last, "id" | "key" | "uuid" | "sku"))
}

/// Whether a framework made a value up, so that it will be another one next time: counters (`ember123`, `:r1:`, `mat-input-0`) and
/// hashes (`Button_x7Yz3`).
pub(super) fn is_generated(value: &str) -> bool {
    let counted = value.bytes().any(|byte| byte.is_ascii_digit());
    let counter = counted && COUNTERS.iter().any(|prefix| value.starts_with(prefix));
    // React: `:r1:`, `:R2d6:`, `«r1»`, `_r_1_`.
    let react = value.contains(":r") || value.contains(":R") || value.contains('«') || value.starts_with("_r_");
    counter || react || value.split(|c: char| !c.is_ascii_alphanumeric()).any(is_hash)
}

/// Letters and digits mixed as nobody writes them, or a long row of hexadecimal digits.
fn is_hash(token: &str) -> bool {
    if token.len() < 5 {
        return false;
    }
    let digits = token.bytes().map(|byte| byte.is_ascii_digit());
    let turns = digits.clone().zip(digits.clone().skip(1)).filter(|(a, b)| a != b).count();
    let hexadecimal = token.len() >= 8 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    turns >= 2 || hexadecimal && digits.clone().any(|digit| digit) && !digits.clone().all(|digit| digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_frameworks_make_up_does_not_count() {
        for made_up in [
            ":r1:",
            ":R2d6:",
            "«r3»",
            "_r_4_",
            "ember123",
            "mui-42",
            "radix-:r5:",
            "mat-input-0",
            "ui-id-7",
            "rc_select_3",
            "Button_root__x7Yz3",
            "css-1a2b3c4",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "field-9f8e7d6c5b",
            "ext-gen1023",
        ] {
            assert!(is_generated(made_up), "{made_up}");
        }
        for written in
            ["save", "row-42", "shippingAddress", "address_line_2", "step2", "h1-title", "q", "item-1001", "checkout"]
        {
            assert!(!is_generated(written), "{written}");
        }
    }

    #[test]
    fn keys_of_lists_by_their_names() {
        for key in ["data-id", "data-row-key", "data-item-id", "data-sku"] {
            assert!(is_item_key(key), "{key}");
        }
        for other in ["data-reactid", "data-v-7ba5bd90", "data-state", "id", "data-grid"] {
            assert!(!is_item_key(other), "{other}");
        }
    }
}
