//! What every match of a rule must have, and whether a text has it: one pass over its bytes says which rules can match at all.

use regex_syntax::hir::{Class, Hir, HirKind};

/// What every match has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Need {
    /// Bytes.
    pub(super) length: usize,
    /// Decimal digits.
    pub(super) digits: usize,
    /// Of each set one byte at least.
    pub(super) sets: Vec<Bytes>,
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
        Self { length: hir.properties().minimum_len().unwrap_or_default(), digits: digits(hir), sets }
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

    pub(super) fn is_half_told(&self, text: &[u8]) -> bool {
        let half = self.half();
        let digits = || text.iter().filter(|byte| byte.is_ascii_digit()).count();
        let has = |set: &Bytes| text.iter().any(|byte| set & bit(*byte) != 0);
        text.len() >= half.length && (half.digits == 0 || digits() >= half.digits) && half.sets.iter().all(has)
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
    /// Characters that may be a form of an ASCII one.
    foreign: usize,
    /// Needed sets, by their bit.
    sets: u64,
}

/// The filter of a list of rules.
#[derive(Debug)]
pub(super) struct Filter {
    /// Of each byte: the sets that it is in, by their bit; [`FOREIGN`].
    table: Box<[u64; 256]>,
    needs: Vec<Packed>,
    /// The least of all rules that need no set.
    digits: usize,
    length: usize,
    /// Sets of rules that need one.
    any: u64,
}

#[derive(Clone, Copy, Debug)]
struct Packed {
    length: usize,
    digits: usize,
    sets: u64,
}

/// The byte begins a character that may be a form of an ASCII one.
const FOREIGN: u64 = 1 << 63;
/// Sets that a filter can tell; others are not asked for.
const MOST: usize = 62;

impl Filter {
    pub(super) fn new(needs: impl Iterator<Item = Need>) -> Self {
        let mut kinds: Vec<Bytes> = Vec::new();
        let mut pack = |need: &Need| {
            let mut sets = 0;
            for set in &need.sets {
                let known = kinds.iter().position(|kind| kind == set).or_else(|| {
                    kinds.push(*set);
                    Some(kinds.len() - 1)
                });
                sets |= known.filter(|bit| *bit < MOST).map_or(0, |bit| 1 << bit);
            }
            Packed { length: need.length, digits: need.digits, sets }
        };
        let needs: Vec<Packed> = needs.map(|need| pack(&need)).collect();
        let mut table = Box::new([0; 256]);
        for (byte, bits) in (0..=u8::MAX).zip(table.iter_mut()) {
            let within = kinds.iter().take(MOST).enumerate().filter(|(_, kind)| *kind & self::bit(byte) != 0);
            *bits = within.fold(0, |all, (at, _)| all | 1 << at) | if is_foreign(byte) { FOREIGN } else { 0 };
        }
        Self {
            table,
            digits: needs.iter().filter(|need| need.sets == 0).map(|need| need.digits).min().unwrap_or(usize::MAX),
            length: needs.iter().map(|need| need.length).min().unwrap_or(usize::MAX),
            any: needs.iter().fold(0, |all, need| all | need.sets),
            needs,
        }
    }

    /// Whether any rule can match. False is certain.
    pub(super) fn any(&self, text: &[u8]) -> bool {
        let Some(has) = self.look(text) else { return false };
        self.needs.iter().any(|need| has.meets(need))
    }

    /// The rules that can match, by their place.
    pub(super) fn those<'a>(&'a self, text: &[u8]) -> impl Iterator<Item = usize> + use<'a> {
        let has = self.look(text);
        let met =
            has.into_iter().flat_map(|has| self.needs.iter().enumerate().filter(move |(_, need)| has.meets(need)));
        met.map(|(at, _)| at)
    }

    /// `None`: no rule can match.
    fn look(&self, text: &[u8]) -> Option<Has> {
        if text.len() < self.length {
            return None;
        }
        let (mut sets, mut digits, mut foreign) = (0, 0, 0);
        for byte in text {
            let bits = self.table[usize::from(*byte)];
            sets |= bits;
            digits += usize::from(byte.is_ascii_digit());
            foreign += (bits >> 63) as usize;
        }
        let can = sets & self.any != 0 || digits + foreign >= self.digits || foreign > 0;
        can.then_some(Has { length: text.len(), digits, foreign, sets })
    }
}

impl Has {
    fn meets(&self, need: &Packed) -> bool {
        self.length >= need.length
            && self.digits + self.foreign >= need.digits
            && (self.foreign > 0 || self.sets & need.sets == need.sets)
    }
}

/// First bytes of characters that may be a form of an ASCII one (`normal::shown`).
const fn is_foreign(byte: u8) -> bool {
    matches!(
        byte,
        0xc2 | 0xc4 | 0xc5 | 0xc7 | 0xca | 0xcb | 0xcd | 0xd6 | 0xd9 | 0xdb | 0xdf..=0xe3 | 0xea | 0xef | 0xf0
    )
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
