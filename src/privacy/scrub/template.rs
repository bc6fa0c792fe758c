//! What stands in place of a match: text in which `$1` and `${name}` are groups of the pattern, and `$$` is a dollar.

use regex_automata::util::captures::Captures;

use super::rule::fault;
use crate::protocol::rules::Fault;

/// A replacement that is checked.
#[derive(Debug)]
pub(super) struct Template(Vec<Part>);

#[derive(Debug)]
enum Part {
    Text(String),
    Group(usize),
}

impl Template {
    /// Reads a replacement; `groups` are the names of a pattern's groups, from group 0 on, none of a ready-made rule.
    pub(super) fn parse(text: &str, groups: &[Option<&str>]) -> Result<Self, Fault> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            let (before, from) = rest.split_at(at);
            parts.push(Part::Text(before.to_owned()));
            let after = from.get(1..).unwrap_or_default();
            let (name, length) = match after.strip_prefix('{') {
                Some(within) => match within.split_once('}') {
                    Some((name, _)) => (name, name.len() + 3),
                    None => return Err(wrong(text, rest, from.len(), "a brace that is not closed".to_owned())),
                },
                None => {
                    let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                    (after.get(..end).unwrap_or_default(), end + 1)
                }
            };
            if after.starts_with('$') {
                parts.push(Part::Text("$".to_owned()));
                rest = after.get(1..).unwrap_or_default();
                continue;
            }
            if name.is_empty() && length == 1 {
                parts.push(Part::Text("$".to_owned()));
            } else {
                let number = name.parse::<usize>().ok().filter(|number| *number < groups.len());
                let named = || groups.iter().position(|group| *group == Some(name));
                let group = number.or_else(named).ok_or_else(|| wrong(text, rest, length, no_group(name, groups)))?;
                parts.push(Part::Group(group));
            }
            rest = from.get(length..).unwrap_or_default();
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self(parts))
    }

    /// With groups as they matched in `text`.
    pub(super) fn fill(&self, groups: &Captures, text: &str) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Group(group) => {
                groups.get_group(*group).and_then(|span| text.get(span.range())).unwrap_or_default().to_owned()
            }
        };
        self.0.iter().map(part).collect()
    }

    /// Without groups.
    pub(super) fn plain(&self) -> String {
        self.0.iter().map(|part| if let Part::Text(text) = part { text.as_str() } else { "" }).collect()
    }
}

fn no_group(name: &str, groups: &[Option<&str>]) -> String {
    if groups.is_empty() {
        "a ready-made rule has no groups".to_owned()
    } else {
        format!("the pattern has no group {name:?}, but {} groups", groups.len() - 1)
    }
}

/// A fault of `length` bytes from the first dollar of `rest` on, which is the end of `text`.
fn wrong(text: &str, rest: &str, length: usize, message: String) -> Fault {
    let start = text.len() - rest.len() + rest.find('$').unwrap_or_default();
    let count = |part: Option<&str>| u32::try_from(part.unwrap_or_default().chars().count()).unwrap_or(u32::MAX);
    let first = count(text.get(..start));
    let span = (first, first + count(text.get(start..start + length)));
    fault("replacement", Some(span), message, "write `$$` for a dollar, `${1}` for a group before letters or digits")
}
