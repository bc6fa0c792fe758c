//! Text as rules see it: one space for any white space, nothing that shows nothing, ASCII for what looks like it, and in the order in which it is
//! read; with the way back to the bytes of the text as it was.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// A text in its normal form.
#[derive(Debug)]
pub(super) struct Normal<'a> {
    original: &'a str,
    text: Cow<'a, str>,
    /// For each byte of `text` the bytes of the original that its character stands for. Empty: the same bytes.
    map: Vec<(u32, u32)>,
    /// Where the original is read backwards.
    turned: Vec<u32>,
}

/// A character of the original and its bytes there; its level says in how many directions nested it stands.
#[derive(Clone, Copy)]
struct Item {
    shown: char,
    start: u32,
    end: u32,
    level: u8,
}

impl<'a> Normal<'a> {
    /// As it is read.
    pub(super) fn of(original: &'a str) -> Self {
        if is_plain(original) {
            return Self { original, text: Cow::Borrowed(original), map: Vec::new(), turned: Vec::new() };
        }
        let mut items = items(original);
        if items.iter().any(|item| item.level > 0) {
            turn(&mut items);
        }
        Self::collect(original, items)
    }

    /// In the order of its bytes, whatever overrides say. `None`: no override says anything, so that it is the same as [`Self::of`].
    pub(super) fn as_stored(original: &'a str) -> Option<Self> {
        let turned = !original.is_ascii() && original.contains(['\u{202d}', '\u{202e}']);
        turned.then(|| Self::collect(original, items(original)))
    }

    fn collect(original: &'a str, items: Vec<Item>) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut map: Vec<(u32, u32)> = Vec::with_capacity(original.len());
        let turned = items.iter().filter(|item| item.level % 2 == 1).map(|item| item.start).collect();
        for item in items {
            match map.last_mut().filter(|_| item.shown == ' ' && text.ends_with(' ')) {
                Some(space) => *space = (space.0.min(item.start), space.1.max(item.end)),
                None => {
                    text.push(item.shown);
                    map.extend(std::iter::repeat_n((item.start, item.end), item.shown.len_utf8()));
                }
            }
        }
        Self { original, text: Cow::Owned(text), map, turned }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the first of the spans stands where the original is read backwards.
    pub(super) fn is_turned(&self, spans: &[Range<usize>]) -> bool {
        let first = spans.first().map(|span| small(span.start));
        first.is_some_and(|first| self.turned.contains(&first))
    }

    /// The bytes of the original that a part of the normal form stands for, in order. What shows nothing and lies between them is among them, but
    /// for controls of direction, which hold for other text, too.
    pub(super) fn spans(&self, range: Range<usize>) -> Vec<Range<usize>> {
        if self.map.is_empty() {
            return vec![range];
        }
        let mut parts: Vec<(u32, u32)> = self.map.get(range).unwrap_or_default().to_vec();
        parts.sort_unstable();
        let mut spans: Vec<Range<usize>> = Vec::new();
        for (start, end) in parts {
            let (start, end) = (start as usize, end as usize);
            let joins = |last: &Range<usize>| {
                let between = self.original.get(last.end..start);
                start <= last.end || between.is_some_and(|gap| gap.chars().all(|c| shown(c).is_none() && !directs(c)))
            };
            match spans.last_mut().filter(|last| joins(last)) {
                Some(last) => last.end = last.end.max(end),
                None => spans.push(start..end),
            }
        }
        spans
    }
}

/// Whether some character of a text reads as something else than it is, or depends on where it stands; white space of ASCII aside.
pub(super) fn reads_otherwise(text: &str) -> bool {
    static TABLE: OnceLock<Vec<u64>> = OnceLock::new();
    const PLANES: u32 = 0x2_0000;
    let table = TABLE.get_or_init(|| {
        let mut table = vec![0_u64; PLANES as usize / 64];
        for c in ('\0'..char::MAX).take_while(|c| u32::from(*c) < PLANES).filter(|c| changes(*c)) {
            if let Some(word) = table.get_mut(u32::from(c) as usize / 64) {
                *word |= 1 << (u32::from(c) % 64);
            }
        }
        table
    });
    text.chars().any(|c| {
        let code = u32::from(c);
        match table.get(code as usize / 64) {
            Some(word) => word >> (code % 64) & 1 == 1,
            None => changes(c),
        }
    })
}

fn changes(c: char) -> bool {
    let ascii_space = c.is_ascii() && c.is_whitespace();
    !ascii_space && (shown(c) != Some(c) || directs(c) || !c.is_ascii() && is_combining_mark(c))
}

/// The normal form of a text that is read as it stands; `None`: something says in which direction.
pub(super) fn reading(text: &str) -> Option<String> {
    let mut read = String::with_capacity(text.len());
    for c in text.chars() {
        if directs(c) {
            return None;
        }
        let Some(shown) = shown(c) else { continue };
        let marks = !c.is_ascii() && is_combining_mark(c) && read.ends_with(|last: char| last.is_ascii_digit());
        let again = shown == ' ' && read.ends_with(' ');
        if !marks && !again {
            read.push(shown);
        }
    }
    Some(read)
}

/// Its own normal form.
fn is_plain(text: &str) -> bool {
    let mut before = 0;
    text.bytes().all(|byte| {
        let plain = matches!(byte, b' '..=b'~') && (byte != b' ' || before != b' ');
        before = byte;
        plain
    })
}

fn items(text: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(text.len());
    let mut levels = Levels::default();
    for (at, c) in text.char_indices() {
        if directs(c) {
            levels.heed(c);
        } else if let Some(shown) = shown(c) {
            let marks =
                !c.is_ascii() && is_combining_mark(c) && items.last().is_some_and(|last| last.shown.is_ascii_digit());
            if !marks {
                let end = at + c.len_utf8();
                items.push(Item { shown, start: small(at), end: small(end), level: levels.level(shown) });
            }
        }
    }
    items
}

/// Texts are far below 4 GB; a place beyond would be one of the last.
fn small(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Directions that text is nested in, see Unicode Standard Annex 9: only what overrides say, because of other text the order is the reader's.
#[derive(Default)]
struct Levels {
    within: Vec<Within>,
}

#[derive(Clone, Copy)]
struct Within {
    level: u8,
    overrides: bool,
    isolates: bool,
}

impl Levels {
    const DEEPEST: u8 = 125;

    fn heed(&mut self, control: char) {
        match control {
            '\u{202a}' => self.enter(false, false, false),
            '\u{202b}' => self.enter(true, false, false),
            '\u{202d}' => self.enter(false, true, false),
            '\u{202e}' => self.enter(true, true, false),
            '\u{2066}' | '\u{2068}' => self.enter(false, false, true),
            '\u{2067}' => self.enter(true, false, true),
            '\u{202c}' if self.within.last().is_some_and(|within| !within.isolates) => {
                self.within.pop();
            }
            '\u{2069}' if self.within.iter().any(|within| within.isolates) => {
                while self.within.pop().is_some_and(|within| !within.isolates) {}
            }
            _ => {}
        }
    }

    fn enter(&mut self, backwards: bool, overrides: bool, isolates: bool) {
        let now = self.within.last().map_or(0, |within| within.level);
        let next = if backwards { (now + 1) | 1 } else { (now + 2) & !1 };
        let level = if next > Self::DEEPEST { now } else { next };
        self.within.push(Within { level, overrides, isolates });
    }

    fn level(&self, shown: char) -> u8 {
        let Some(within) = self.within.last() else { return 0 };
        // Letters and digits are read forwards in text that only is embedded.
        let forwards = !within.overrides && within.level % 2 == 1 && shown.is_ascii();
        within.level + u8::from(forwards)
    }
}

/// Puts characters in the order in which they are seen (rule L2).
fn turn(items: &mut [Item]) {
    let highest = items.iter().map(|item| item.level).max().unwrap_or_default();
    for level in (1..=highest).rev() {
        for run in items.chunk_by_mut(|a, b| (a.level >= level) == (b.level >= level)) {
            if run.first().is_some_and(|item| item.level >= level) {
                run.reverse();
            }
        }
    }
}

fn directs(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a character shows, as rules see it; `None`: nothing.
fn shown(c: char) -> Option<char> {
    match c {
        '!'..='~' => Some(c),
        _ if c.is_whitespace() => Some(' '),
        '\u{2800}' => Some(' '),
        _ if c.is_control() || shows_nothing(c) => None,
        _ => Some(to_ascii(c).unwrap_or(c)),
    }
}

/// Code points that Unicode calls default-ignorable.
fn shows_nothing(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The ASCII character that another is a form of.
fn to_ascii(c: char) -> Option<char> {
    match c {
        '\u{58a}'
        | '\u{5be}'
        | '\u{1806}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{207b}'
        | '\u{208b}'
        | '\u{2212}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{fe31}'
        | '\u{fe32}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{ff0d}' => return Some('-'),
        '\u{2044}' | '\u{2215}' => return Some('/'),
        '\u{3002}' | '\u{ff61}' => return Some('.'),
        _ => {}
    }
    if let Some(digit) = digit(c) {
        return Some(digit);
    }
    let (mut only, mut count) = (None, 0);
    decompose_compatible(c, |part| {
        only = Some(part);
        count += 1;
    });
    only.filter(|part| count == 1 && part.is_ascii_graphic())
}

/// The value of a decimal digit of any script, as an ASCII digit.
pub(super) fn digit(c: char) -> Option<char> {
    static RANGES: OnceLock<Vec<(char, char)>> = OnceLock::new();
    let ranges = RANGES.get_or_init(|| match regex_syntax::parse(r"\p{Nd}").map(regex_syntax::hir::Hir::into_kind) {
        Ok(regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(class))) => {
            class.ranges().iter().map(|range| (range.start(), range.end())).collect()
        }
        _ => Vec::new(),
    });
    let after = ranges.partition_point(|(start, _)| *start <= c);
    let (start, end) = ranges.get(after.checked_sub(1)?)?;
    // Each script has its ten digits in a row, from zero on.
    (c <= *end).then(|| char::from_digit((u32::from(c) - u32::from(*start)) % 10, 10)).flatten()
}

#[cfg(test)]
#[path = "normal_tests.rs"]
mod tests;
