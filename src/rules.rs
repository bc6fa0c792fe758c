//! Sites as TOML: reading them with the line of everything that is wrong, writing them as a person would, comparing two texts. Pure.

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::policy::Policy;
use crate::protocol::rules::{Fault, SiteDraft};

mod difference;
mod place;
mod write;

pub use difference::{changed, difference};
pub(crate) use place::{hint_of, line_at, span_of};
pub use write::write;

/// Sections of a configuration that may stand beside sites.
pub(crate) const SECTIONS: [&str; 12] = [
    "listen",
    "public",
    "control",
    "view",
    "trusted_proxies",
    "limits",
    "session",
    "store",
    "audit",
    "image",
    "log",
    "rules",
];

/// Most bytes of a text: far more than a person writes, little enough to be read at once.
pub const TEXT: usize = 1 << 20;

/// Reads sites (`[[site]]`), by themselves or as part of a configuration: those that can be read, and all that is wrong, in the order of the text.
#[must_use]
pub fn read(text: &str) -> (Vec<SiteDraft>, Vec<Fault>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return (Vec::new(), errors.iter().map(|error| of_toml(error, text, String::new())).collect());
    }
    let mut faults = unknown_sections(document.get_ref(), text);
    let mut read = Vec::new();
    for (i, site) in tables(&document, text, &mut faults).into_iter().enumerate() {
        match SiteDraft::deserialize(toml::de::ValueDeserializer::from(site)) {
            Ok(draft) => read.push((i, draft)),
            Err(error) => faults.push(of_toml(&error, text, i.to_string())),
        }
    }
    let (numbers, drafts): (Vec<usize>, Vec<SiteDraft>) = read.into_iter().unzip();
    let wrong = Policy::check(&drafts).err().unwrap_or_default();
    faults.extend(wrong.into_iter().map(|fault| {
        let place = renumbered(&fault.place, &numbers);
        let line = span_of(&document, &format!("site.{place}")).map(|span| line_at(text, span.start));
        Fault { place, line: line.and_then(|line| u32::try_from(line).ok()), ..fault }
    }));
    faults.sort_by_key(|fault| fault.line);
    (drafts, faults)
}

/// What is wrong, in one line for a person: which field, what, and at which character.
#[must_use]
pub fn words(fault: &Fault) -> String {
    let field = fault.place.split('.').rfind(|part| !part.is_empty() && part.parse::<usize>().is_err());
    let field = field.map(|field| format!("{field}: ")).unwrap_or_default();
    let at = fault.span.map(|(first, _)| format!(", at character {}", first + 1)).unwrap_or_default();
    format!("{field}{}{at}", fault.message)
}

fn tables<'i>(document: &Spanned<DeTable<'i>>, text: &str, faults: &mut Vec<Fault>) -> Vec<Spanned<DeValue<'i>>> {
    let Some(sites) = document.get_ref().get("site") else { return Vec::new() };
    match sites.get_ref() {
        DeValue::Array(sites) => sites.iter().cloned().collect(),
        _ => {
            let message = "`site` is not a list".to_owned();
            let hint = "begin each site with [[site]]".to_owned();
            let line = u32::try_from(line_at(text, sites.span().start)).ok();
            faults.push(Fault { place: String::new(), line, span: None, message, hint });
            Vec::new()
        }
    }
}

fn unknown_sections(document: &DeTable<'_>, text: &str) -> Vec<Fault> {
    let known = |name: &str| name == "site" || SECTIONS.contains(&name);
    let unknown = document.keys().filter(|name| !known(name.get_ref()));
    let fault = |name: &Spanned<std::borrow::Cow<'_, str>>| Fault {
        place: String::new(),
        line: u32::try_from(line_at(text, name.span().start)).ok(),
        span: None,
        message: format!("unknown section `{}`", name.get_ref()),
        hint: place::nearest(name.get_ref(), ["site"].into_iter().chain(SECTIONS)).map_or_else(
            || "rules are in [[site]] and the sections below it".to_owned(),
            |known| format!("did you mean `{known}`?"),
        ),
    };
    unknown.map(fault).collect()
}

fn of_toml(error: &toml::de::Error, text: &str, place: String) -> Fault {
    let message = error.message().trim().replace('\n', "; ");
    let line = error.span().map(|span| line_at(text, span.start));
    Fault { place, line: line.and_then(|line| u32::try_from(line).ok()), span: None, hint: hint_of(&message), message }
}

/// A place among the sites that could be read, among all.
fn renumbered(place: &str, numbers: &[usize]) -> String {
    let (number, rest) = place.split_once('.').unwrap_or((place, ""));
    let number = number.parse::<usize>().ok().and_then(|i| numbers.get(i));
    number.map_or_else(|| place.to_owned(), |number| format!("{number}.{rest}").trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests;
