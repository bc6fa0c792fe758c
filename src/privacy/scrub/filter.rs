//! What every match of a rule must have, and whether a text has it: a pass over its bytes says which rules can match at all.
//!
//! Texts are looked at as they are, or, where something in them reads as something else, as rules read them. Looks that cost more (how many digits stand
//! together, forms of letters and digits) are taken only where a rule is left that needs them.

use std::sync::Arc;

use regex_syntax::hir::{Class, Hir, HirKind};

use super::normal;
use super::ready::Look;
use super::words::{self, Word};

/// What every match has.
#[derive(Clone, Debug, Default)]
pub(super) struct Need {
    /// Bytes.
    pub(super) length: usize,
    /// Decimal digits.
    pub(super) digits: usize,
    /// Of them so many in one row, see [`longest_row`].
    pub(super) row: usize,
    /// Of each set one byte at least.
    pub(super) sets: Vec<Bytes>,
    /// Of these words one at least, if there are any.
    pub(super) words: Arc<[Word]>,
    /// A form.
    pub(super) look: Option<Look>,
}

/// A set of ASCII characters, a bit each.
pub(super) type Bytes = u128;

/// Sets that are kept of a rule.
const SETS: usize = 4;
/// A larger set is in nearly every text.
const LARGEST_SET: u32 = 8;

impl Need {
    pub(super) fn of(hir: &Hir) -> Self {
        let mut sets = sets(hir);
        sets.sort_by_key(|set| weight(*set));
        sets.dedup();
        sets.truncate(SETS);
        let length = hir.properties().minimum_len().unwrap_or_default();
        Self { length, digits: digits(hir), row: rows(hir).longest, sets, words: words::of(hir).into(), look: None }
    }

    /// What an end of a text has that tells half of a match.
    pub(super) fn half(&self) -> Self {
        if self.digits > 0 {
            return Self { digits: self.digits.div_ceil(2), ..Self::default() };
        }
        match self.sign() {
            Some(set) => Self { length: 1, sets: vec![set], ..Self::default() },
            None => Self { length: self.length.div_ceil(2).max(3), ..Self::default() },
        }
    }

    /// Whether a text has so many bytes and digits, and those of the sets.
    pub(super) fn is_told(&self, text: &[u8]) -> bool {
        let digits = || text.iter().filter(|byte| byte.is_ascii_digit()).count();
        let has = |set: &Bytes| text.iter().any(|byte| set & bit(*byte) != 0);
        text.len() >= self.length && (self.digits == 0 || digits() >= self.digits) && self.sets.iter().all(has)
    }

    /// A needed character that is rare in words, such as `@`.
    fn sign(&self) -> Option<Bytes> {
        self.sets.iter().copied().find(|set| set & (LETTERS | DIGITS) == 0)
    }
}

pub(super) const fn bit(byte: u8) -> Bytes {
    if byte < 128 { 1 << byte } else { 0 }
}

const DIGITS: Bytes = 0x3ff << b'0';
pub(super) const LETTERS: Bytes = (0x3ff_ffff << b'A') | (0x3ff_ffff << b'a');

/// How likely a text has one of a set: the lower, the better.
fn weight(set: Bytes) -> u32 {
    (set & LETTERS).count_ones() * 3 + (set & DIGITS).count_ones() * 2 + (set & !LETTERS & !DIGITS).count_ones()
}

fn digits(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().filter(|byte| byte.is_ascii_digit()).count(),
        HirKind::Class(class) => usize::from(all_digits(class)),
        HirKind::Repetition(repetition) => (repetition.min as usize).saturating_mul(digits(&repetition.sub)),
        HirKind::Capture(capture) => digits(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(digits).fold(0, usize::saturating_add),
        HirKind::Alternation(parts) => parts.iter().map(digits).min().unwrap_or_default(),
        HirKind::Empty | HirKind::Look(_) => 0,
    }
}

/// Digits that stand together in whatever matches.
#[derive(Clone, Copy, Default)]
struct Rows {
    longest: usize,
    /// It is digits and nothing else.
    whole: bool,
}

fn rows(hir: &Hir) -> Rows {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let rows = literal.0.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
            let digits = rows.filter(|row| row.first().is_some_and(u8::is_ascii_digit));
            let whole = literal.0.iter().all(u8::is_ascii_digit);
            Rows { longest: digits.map(<[u8]>::len).max().unwrap_or_default(), whole }
        }
        HirKind::Class(class) => Rows { longest: usize::from(all_digits(class)), whole: all_digits(class) },
        HirKind::Repetition(repetition) => {
            let one = rows(&repetition.sub);
            let times = if one.whole { repetition.min as usize } else { repetition.min.min(1) as usize };
            Rows { longest: one.longest.saturating_mul(times), ..one }
        }
        HirKind::Capture(capture) => rows(&capture.sub),
        HirKind::Concat(parts) => {
            let mut all = Rows { longest: 0, whole: true };
            let mut row = 0_usize;
            for part in parts.iter().map(rows) {
                row = if part.whole { row.saturating_add(part.longest) } else { 0 };
                all = Rows { longest: all.longest.max(row).max(part.longest), whole: all.whole && part.whole };
            }
            all
        }
        HirKind::Alternation(parts) => {
            let parts = || parts.iter().map(rows);
            Rows {
                longest: parts().map(|part| part.longest).min().unwrap_or_default(),
                whole: parts().all(|part| part.whole),
            }
        }
        HirKind::Empty | HirKind::Look(_) => Rows { longest: 0, whole: true },
    }
}

/// A normalised text has no decimal digits but ASCII ones, so that other members of a class do not count if they are digits.
fn all_digits(class: &Class) -> bool {
    match class {
        Class::Bytes(class) => class.ranges().iter().all(|range| range.start() >= b'0' && range.end() <= b'9'),
        Class::Unicode(class) => {
            let ascii = class
                .ranges()
                .iter()
                .all(|range| range.start() > '\x7f' || (range.start() >= '0' && range.end() <= '9'));
            // `\d` has far more members than this; other classes with digits alone are rare, and of no matter.
            ascii
                && class
                    .ranges()
                    .iter()
                    .all(|range| range.end() <= '9' || super::normal::digit(range.start()).is_some())
        }
    }
}

fn sets(hir: &Hir) -> Vec<Bytes> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            literal.0.iter().filter(|byte| byte.is_ascii_graphic()).map(|byte| bit(*byte)).collect()
        }
        HirKind::Class(class) => members(class).filter(|set| set.count_ones() <= LARGEST_SET).into_iter().collect(),
        HirKind::Repetition(repetition) if repetition.min > 0 => sets(&repetition.sub),
        HirKind::Capture(capture) => sets(&capture.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(sets).collect(),
        HirKind::Alternation(parts) => {
            let best = parts.iter().map(|part| sets(part).into_iter().min_by_key(|set| weight(*set)));
            let union = best.collect::<Option<Vec<Bytes>>>().map(|sets| sets.iter().fold(0, |all, set| all | set));
            union.filter(|set| set.count_ones() <= 2 * LARGEST_SET).into_iter().collect()
        }
        HirKind::Repetition(_) | HirKind::Empty | HirKind::Look(_) => Vec::new(),
    }
}

/// The members of a class, if they are ASCII characters that show.
fn members(class: &Class) -> Option<Bytes> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Bytes(class) => class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect(),
        Class::Unicode(class) => {
            class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect()
        }
    };
    let mut set = 0;
    for (start, end) in ranges {
        if start <= 0x20 || end >= 0x7f {
            return None;
        }
        set |= (start..=end).fold(0, |all, member| all | 1 << member);
    }
    Some(set)
}

/// What a text has.
#[derive(Clone, Copy, Debug)]
struct Has {
    length: usize,
    digits: usize,
    /// See [`longest_row`].
    row: usize,
    /// Needed sets, by their bit.
    sets: u64,
}

/// The filter of a list of rules.
#[derive(Debug)]
pub(super) struct Filter {
    /// Of each byte: the sets that it is in, by their bit; [`DIGIT`]; [`FOREIGN`].
    table: Box<[u64; 256]>,
    /// By their rows.
    needs: Vec<Packed>,
    length: usize,
}

#[derive(Clone, Debug)]
struct Packed {
    /// The rule's place.
    at: usize,
    length: usize,
    digits: usize,
    row: usize,
    sets: u64,
    words: Arc<[Word]>,
    look: Option<Look>,
}

/// The byte shows nothing, or it begins a character that may read as another (`normal::reads_otherwise`).
const FOREIGN: u64 = 1 << 63;
/// The byte is a digit.
const DIGIT: u64 = 1 << 62;
/// Sets that a filter can tell; others are not asked for.
const MOST: usize = 62;
/// So many digits are worth the look at how they stand.
const FEW: usize = 4;

impl Filter {
    pub(super) fn new(needs: impl Iterator<Item = Need>) -> Self {
        let mut kinds: Vec<Bytes> = Vec::new();
        let mut pack = |(at, need): (usize, Need)| {
            let mut sets = if need.digits > 0 { DIGIT } else { 0 };
            for set in &need.sets {
                let known = kinds.iter().position(|kind| kind == set).or_else(|| {
                    kinds.push(*set);
                    Some(kinds.len() - 1)
                });
                sets |= known.filter(|bit| *bit < MOST).map_or(0, |bit| 1 << bit);
            }
            let Need { length, digits, row, words, look, .. } = need;
            Packed { at, length, digits, row, sets, words, look }
        };
        let mut needs: Vec<Packed> = needs.enumerate().map(&mut pack).collect();
        needs.sort_by_key(|need| need.row);
        let mut table = Box::new([0; 256]);
        for (byte, bits) in (0..=u8::MAX).zip(table.iter_mut()) {
            let within = kinds.iter().take(MOST).enumerate().filter(|(_, kind)| *kind & self::bit(byte) != 0);
            *bits = within.fold(0, |all, (at, _)| all | 1 << at)
                | if byte.is_ascii_digit() { DIGIT } else { 0 }
                | if is_foreign(byte) { FOREIGN } else { 0 };
        }
        Self { table, length: needs.iter().map(|need| need.length).min().unwrap_or(usize::MAX), needs }
    }

    /// Whether any rule can match. False is certain.
    pub(super) fn any(&self, text: &str) -> bool {
        let mut any = false;
        self.each(text, |_| {
            any = true;
            false
        });
        any
    }

    /// Whether any rule can match parts of a text, joined: so it matters what is there, and not what stands beside what.
    pub(super) fn any_of_parts(&self, text: &str) -> bool {
        if text.len() < self.length {
            return false;
        }
        let has = self.look(text.as_bytes());
        has.sets & FOREIGN != 0
            || self
                .needs
                .iter()
                .any(|need| has.length >= need.length && has.digits >= need.digits && has.sets & need.sets == need.sets)
    }

    /// The rules that can match, by their place, in order.
    pub(super) fn those(&self, text: &str) -> Vec<usize> {
        let mut those = Vec::new();
        self.each(text, |at| {
            those.push(at);
            true
        });
        those.sort_unstable();
        those
    }

    /// Tells of each rule that can match, until that says no.
    pub(super) fn each(&self, text: &str, tell: impl FnMut(usize) -> bool) {
        if text.len() < self.length {
            return;
        }
        let has = self.look(text.as_bytes());
        if has.sets & FOREIGN == 0 || !normal::reads_otherwise(text) {
            return self.meet(text.as_bytes(), has, tell);
        }
        match normal::reading(text) {
            Some(text) => self.meet(text.as_bytes(), self.look(text.as_bytes()), tell),
            // In what order it is read depends.
            None => {
                let mut tell = tell;
                self.needs.iter().all(|need| tell(need.at));
            }
        }
    }

    fn look(&self, text: &[u8]) -> Has {
        let (mut sets, mut digits) = (0, 0);
        for byte in text {
            let bits = self.table[usize::from(*byte)];
            sets |= bits;
            digits += (bits >> 62 & 1) as usize;
        }
        Has { length: text.len(), digits, row: if digits < FEW { digits } else { longest_row(text) }, sets }
    }

    fn meet(&self, text: &[u8], has: Has, mut tell: impl FnMut(usize) -> bool) {
        for need in self.needs.iter().take_while(|need| need.row <= has.row) {
            let met = has.length >= need.length && has.digits >= need.digits && has.sets & need.sets == need.sets;
            let has_word = || need.words.is_empty() || need.words.iter().any(|word| word.is_in(text));
            if met && has_word() && need.look.is_none_or(|look| look(text)) && !tell(need.at) {
                return;
            }
        }
    }
}

/// The most digits in a row in which up to two others stand between one and the next: white space, which counts once, and what parts numbers.
fn longest_row(text: &[u8]) -> usize {
    let (mut longest, mut row, mut between, mut space) = (0, 0, 0, false);
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                row += 1;
                longest = longest.max(row);
                (between, space) = (0, false);
                continue;
            }
            b'\t'..=b'\r' | b' ' => {
                between += usize::from(!space);
                space = true;
            }
            b'(' | b')' | b'+' | b'-' | b'.' | b'/' => {
                between += 1;
                space = false;
            }
            _ => between = 3,
        }
        if between > 2 {
            row = 0;
        }
    }
    longest
}

/// See [`FOREIGN`].
const fn is_foreign(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0e..=0x1f | 0x7f | 0xc2 | 0xc4..=0xff)
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
