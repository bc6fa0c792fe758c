//! Words that whatever matches a pattern must have, in whatever case: what stands in most texts letter by letter seldom stands there in a row.

use memchr::memchr2_iter;
use regex_syntax::hir::literal::rank;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Shortest word that is worth a search, in bytes.
const SHORTEST: usize = 2;
/// Bytes that are compared of a longer one.
const LONGEST: usize = 8;
/// Most words of which a match has one.
const MOST: usize = 8;

/// ASCII characters in a row that show: such stand in a text as in its normal form, unless something in it reads as something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    lower: Vec<u8>,
    /// The place of the byte that texts have least of.
    rarest: usize,
}

impl Word {
    /// `None`: it is too short.
    fn new(mut lower: Vec<u8>) -> Option<Self> {
        lower.truncate(LONGEST);
        let (rarest, _) = lower.iter().enumerate().min_by_key(|(_, byte)| rank(**byte))?;
        (lower.len() >= SHORTEST).then_some(Self { lower, rarest })
    }

    /// Whether a text has it, in whatever case.
    pub(super) fn is_in(&self, text: &[u8]) -> bool {
        let Some(rarest) = self.lower.get(self.rarest) else { return true };
        memchr2_iter(*rarest, rarest.to_ascii_uppercase(), text).any(|at| {
            let from = at.checked_sub(self.rarest).and_then(|start| text.get(start..));
            let part = from.and_then(|from| from.get(..self.lower.len()));
            part.is_some_and(|part| part.eq_ignore_ascii_case(&self.lower))
        })
    }
}

/// Words of which every match has one; empty: there are none such.
pub(super) fn of(hir: &Hir) -> Vec<Word> {
    let mut row = Vec::new();
    spell(hir, &mut row);
    let longest = row.split(Option::is_none).max_by_key(|part| part.len()).unwrap_or_default();
    match Word::new(longest.iter().copied().flatten().collect()) {
        Some(word) => vec![word],
        None => of_choice(hir).unwrap_or_default(),
    }
}

/// The same, of a choice: one of each of its ways.
fn of_choice(hir: &Hir) -> Option<Vec<Word>> {
    match hir.kind() {
        HirKind::Capture(capture) => of_choice(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => of_choice(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().find_map(of_choice),
        HirKind::Alternation(ways) => {
            let words: Vec<Vec<Word>> = ways.iter().map(of).collect();
            let all = !words.iter().any(Vec::is_empty);
            Some(words.concat()).filter(|words| all && words.len() <= MOST)
        }
        _ => None,
    }
}

/// What every match has in a row, in lower case; `None` where anything may stand, or nothing.
fn spell(hir: &Hir, row: &mut Vec<Option<u8>>) {
    match hir.kind() {
        HirKind::Literal(literal) => {
            row.extend(literal.0.iter().map(|byte| byte.is_ascii_graphic().then(|| byte.to_ascii_lowercase())));
        }
        HirKind::Class(class) => row.push(letter(class)),
        HirKind::Capture(capture) => spell(&capture.sub, row),
        HirKind::Concat(parts) => parts.iter().for_each(|part| spell(part, row)),
        HirKind::Repetition(repetition) => {
            row.push(None);
            if repetition.min > 0 {
                spell(&repetition.sub, row);
                row.push(None);
            }
        }
        HirKind::Alternation(_) => row.push(None),
        HirKind::Empty | HirKind::Look(_) => {}
    }
}

/// The lower case of the only character of a class, whatever its case.
fn letter(class: &Class) -> Option<u8> {
    let mut members = Vec::new();
    match class {
        Class::Bytes(class) => {
            members.extend(class.ranges().iter().map(|range| (u32::from(range.start()), u32::from(range.end()))));
        }
        Class::Unicode(class) => {
            members.extend(class.ranges().iter().map(|range| (u32::from(range.start()), u32::from(range.end()))));
        }
    }
    let mut lower = members.iter().map(|(start, end)| {
        let byte = u8::try_from(*start).ok().filter(|byte| start == end && byte.is_ascii_graphic());
        byte.map(|byte| byte.to_ascii_lowercase())
    });
    let first = lower.next()??;
    lower.all(|other| other == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(pattern: &str) -> Vec<String> {
        let hir = regex_syntax::parse(pattern).unwrap();
        of(&hir).into_iter().map(|word| String::from_utf8(word.lower).unwrap()).collect()
    }

    #[test]
    fn patterns_say_which_words_they_need() {
        for (pattern, needed) in [
            (r"(?i-u)customer no\. ?(\d+)", &["customer"] as &[&str]),
            // U+017F is an `s`, too, so that it is not known which of them stands there.
            (r"(?i)Customer no", &["tomer"]),
            (r"\bKN-\d{6}\b", &["kn-"]),
            (r"a(?:bc)?d", &[]),
            (r"(ab)+c", &["ab"]),
            (r"x(?:order|(?i:bill)) \d", &["order", "bill"]),
            (r"order|\d", &[]),
            (r"a b[cC]d", &["bcd"]),
            (r"[a-c]{4}é", &[]),
        ] {
            assert_eq!(words(pattern), needed, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn what_matches_has_a_word(which in 0..6_usize, text in "[aAbBcC \\-.1é]{0,16}") {
            let pattern = [r"(?i)ab\b", "(ab)+c", "(?:ab|bc)1", r"a(?i:b)c?-1", r"\bab(-|\.)ca", "(?i)(a.b|ca{2}b)"][which];
            let needed = of(&regex_syntax::parse(pattern).unwrap());
            let found = regex::Regex::new(pattern).unwrap().is_match(&text);
            prop_assert!(!found || needed.is_empty() || needed.iter().any(|word| word.is_in(text.as_bytes())));
        }
    }
}
