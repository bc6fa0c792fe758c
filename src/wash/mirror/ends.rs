//! Telling ends of texts that were seen lately, wherever they stood: what goes on from one of them grows, also if each of its states is a new text in a
//! new place, as a list's entry, a frame's document or an address is. They outlast the page, since what grows may go on in the next one.

use std::collections::VecDeque;

use super::scrubs::Typed;
use super::{Entry, Mirror, Node};
use crate::privacy::Scrubber;
use crate::protocol::page::NodeId;

/// Most ends that are kept.
const MOST: usize = 256;
/// Most characters by which one state of a text is longer than the one before.
const STEP: usize = 6;

/// Bytes at the end of a text in which an end stands, or more.
const TAIL: usize = 260;

#[derive(Default)]
pub(super) struct Ends {
    seen: VecDeque<End>,
    /// Of those that grew. What comes with a page grows beside these alone.
    grown: Grown,
    /// How many grew, those that were forgotten included.
    count: usize,
}

/// What ends that grew have in common, so that nearly all texts need no look at what they tell.
struct Grown {
    any: bool,
    /// Of each letter and digit that one begins with: those that one has behind it, a bit each; [`ALONE`].
    pairs: [u64; 36],
    /// One begins with something else.
    others: bool,
    /// One is no longer than [`STEP`], so that an end without letters and digits goes on to it.
    short: bool,
    shortest: usize,
    longest: usize,
}

impl Default for Grown {
    fn default() -> Self {
        Self { any: false, pairs: [0; 36], others: false, short: false, shortest: 0, longest: 0 }
    }
}

/// One has nothing behind its first, or something else than letters and digits of ASCII.
const ALONE: u64 = 1 << 63;

impl Grown {
    fn add(&mut self, end: &str) {
        let mut bytes = end.bytes();
        match bytes.next().and_then(|first| self.pairs.get_mut(place(first)?)) {
            Some(pairs) => *pairs |= bytes.next().and_then(place).map_or(ALONE, |second| 1 << second),
            None => self.others = true,
        }
        self.short |= end.len() <= STEP;
        self.shortest = if self.any { self.shortest.min(end.len()) } else { end.len() };
        self.longest = self.longest.max(end.len());
        self.any = true;
    }

    /// Whether one may begin with a letter or digit and what stands behind it, if anything does.
    fn begins(&self, first: u8, second: Option<u8>) -> bool {
        let pairs = place(first).and_then(|first| self.pairs.get(first)).copied().unwrap_or_default();
        pairs & ALONE != 0 || second.and_then(place).map_or(pairs != 0, |second| pairs >> second & 1 == 1)
    }
}

/// The number of a letter, whatever its case, or digit.
fn place(byte: u8) -> Option<usize> {
    match byte {
        b'0'..=b'9' => Some(usize::from(byte - b'0')),
        b'a'..=b'z' => Some(usize::from(byte - b'a') + 10),
        b'A'..=b'Z' => Some(usize::from(byte - b'A') + 10),
        _ => None,
    }
}

/// A character that is no letter or digit, nor reads as one, nor says in which order others are read.
fn is_aside(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{a9}' | '\u{ab}'..='\u{b1}' | '\u{b4}' | '\u{b6}'..='\u{b8}' | '\u{bb}' | '\u{bf}' | '\u{d7}' | '\u{f7}'
        | '\u{2010}'..='\u{2027}' | '\u{20a0}'..='\u{20bf}' | '\u{2190}'..='\u{21ff}')
}

struct End {
    text: Box<str>,
    grew: bool,
}

impl Ends {
    /// Whether an end goes on from one that was seen, which it is from now on itself; `fresh`: it came with a page, and so is looked at only beside what
    /// grew before.
    fn see(&mut self, text: &str, fresh: bool) -> bool {
        let (mut grew, mut known) = (false, None);
        for (at, end) in self.seen.iter().enumerate() {
            let (now, was) = (text.len(), end.text.len());
            if now == was {
                let same = *end.text == *text;
                known = known.or(same.then_some(at));
                grew |= same && end.grew;
            } else if now.abs_diff(was) <= STEP && (end.grew || !fresh) {
                grew |= text.starts_with(&*end.text) || end.text.starts_with(text);
            }
        }
        if grew || !fresh {
            self.note(End { text: text.into(), grew }, known);
        }
        grew
    }

    /// Notes an end; `known`: its place among those that were seen.
    fn note(&mut self, end: End, known: Option<usize>) {
        let before = known.and_then(|at| self.seen.get(at));
        self.count += usize::from(end.grew && !before.is_some_and(|end| end.grew));
        let full = known.is_none() && self.seen.len() >= MOST;
        let gone = match known {
            Some(at) => self.seen.remove(at),
            None if full => self.seen.pop_front(),
            None => None,
        };
        if end.grew {
            self.grown.add(&end.text);
        }
        self.seen.push_back(end);
        if full && gone.is_some_and(|gone| gone.grew) {
            self.grown = Grown::default();
            self.seen.iter().filter(|end| end.grew).for_each(|end| self.grown.add(&end.text));
        }
    }

    /// Whether what a text that came with a page ends with may go on from an end that grew. False is certain: the end is the last letters and digits of the
    /// text, as many as one that grew has, or [`STEP`] more or fewer, and begins as that does.
    fn may_go_on(&self, scrubber: &Scrubber, text: &str) -> bool {
        let grown = &self.grown;
        if !grown.any || text.is_empty() {
            return false;
        }
        let from = (text.len().saturating_sub(TAIL)..text.len()).find(|at| text.is_char_boundary(*at));
        let tail = from.and_then(|from| text.get(from..)).unwrap_or_default();
        let aside = tail.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).len();
        let bare = tail.get(aside..).filter(|end| grown.short && !end.is_empty());
        let plain = tail.is_ascii() || tail.chars().all(|c| c.is_ascii() || is_aside(c));
        if grown.others || !plain || bare.is_some_and(|end| scrubber.may_grow(end)) {
            return true;
        }
        let told = tail.bytes().rev().filter(u8::is_ascii_alphanumeric).take(grown.longest + STEP);
        let mut behind = None;
        told.zip(1..).any(|(byte, count)| {
            let begins = count + STEP >= grown.shortest && grown.begins(byte, behind);
            behind = Some(byte);
            begins && self.seen.iter().any(|end| end.grew && is_beside(tail.as_bytes(), count, &end.text))
        })
    }
}

/// Whether the last so many letters and digits of an ASCII text go on from an end, or that from them.
fn is_beside(text: &[u8], count: usize, end: &str) -> bool {
    let told = text.iter().rev().filter(|byte| byte.is_ascii_alphanumeric()).take(count);
    let before = told.clone().skip(count.saturating_sub(end.len()));
    let first = end.as_bytes().get(..count.min(end.len())).unwrap_or_default();
    count.abs_diff(end.len()) <= STEP && before.map(u8::to_ascii_lowercase).eq(first.iter().rev().copied())
}

impl Mirror {
    /// Whether a text that a page just got goes on from what was seen lately.
    pub(super) fn sees_now(&self, scrubber: &Scrubber, text: &str) -> bool {
        self.sees(scrubber, text, false)
    }

    /// The same of a text that may have come with the page.
    pub(in crate::wash) fn sees_end(&self, scrubber: &Scrubber, text: &str) -> bool {
        self.sees(scrubber, text, self.scrubs.fresh)
    }

    /// Whether [`Mirror::sees_end`] can say yes of anything, or has anything to note.
    pub(in crate::wash) fn looks_at_ends(&self) -> bool {
        !self.scrubs.fresh || self.scrubs.ends.borrow().grown.any
    }

    /// Whether [`Mirror::sees_end`] can say yes of a text that came with a page. False is certain.
    pub(in crate::wash) fn may_go_on(&self, scrubber: &Scrubber, text: &str) -> bool {
        self.scrubs.ends.borrow().may_go_on(scrubber, text)
    }

    fn sees(&self, scrubber: &Scrubber, text: &str, fresh: bool) -> bool {
        if fresh && !self.scrubs.ends.borrow().may_go_on(scrubber, text) {
            return false;
        }
        let end = scrubber.telling_end(text);
        end.is_some_and(|end| self.scrubs.ends.borrow_mut().see(&end, fresh))
    }

    /// Notes the telling end of a text that a page just got.
    pub(super) fn notes_end(&self, end: Option<&str>) {
        if let Some(end) = end {
            self.scrubs.ends.borrow_mut().see(end, false);
        }
    }

    /// Notes what in a subtree that came goes on from what was seen: attributes, and values for what comes later.
    pub(in crate::wash) fn note_ends(&mut self, root: NodeId) {
        if !self.is_scrubbed() {
            return;
        }
        for id in self.subtree(root) {
            self.note_value_end(id);
            if self.looks_at_ends() {
                self.note_ends_of(id);
            }
        }
    }

    /// Notes how a field's value ends, for what comes later.
    pub(in crate::wash) fn note_value_end(&self, id: NodeId) {
        let Some(entry) = self.get(id) else { return };
        if let (Some(scrubber), Some(value)) = (self.scrubber(entry.document), &entry.state().value) {
            self.sees_now(scrubber, value);
        }
    }

    /// Notes which attributes of an element that came go on from what was seen.
    pub(in crate::wash) fn note_ends_of(&mut self, id: NodeId) {
        let Some(entry) = self.get(id) else { return };
        let Node::Element { attrs, .. } = &entry.node else { return };
        let Some(scrubber) = self.scrubber(entry.document) else { return };
        let grown = attrs.iter().filter(|(_, value)| self.sees_end(scrubber, value));
        let typed: Vec<(String, Typed)> = grown
            .map(|(name, value)| (name.as_str().to_owned(), Typed::new(scrubber, None, value, value, value.len())))
            .collect();
        for (name, typed) in typed {
            self.note_attr(id, &name, Some(typed));
        }
    }

    /// How many ends grew so far.
    pub(in crate::wash) fn grown_ends(&self) -> usize {
        self.scrubs.ends.borrow().count
    }

    /// Whether [`Mirror::note_ends_of`] may find any in an element that came with a page. False is certain.
    pub(in crate::wash) fn has_ends(&self, entry: &Entry) -> bool {
        let Node::Element { attrs, .. } = &entry.node else { return false };
        let Some(scrubber) = self.scrubber(entry.document) else { return false };
        let ends = self.scrubs.ends.borrow();
        attrs.iter().any(|(_, value)| ends.may_go_on(scrubber, value))
    }

    /// Notes whether the page's address goes on from what was seen; `parts`: what it consists of.
    pub(in crate::wash) fn note_address(&mut self, parts: impl Iterator<Item = String>) {
        let Some(scrubber) = self.root.and_then(|root| self.scrubber(root)) else { return };
        let grows = parts.filter(|part| self.sees_now(scrubber, part)).count() > 0;
        self.scrubs.address_grows = grows;
    }

    /// The page's address is continued bit by bit.
    pub(in crate::wash) fn address_grows(&self) -> bool {
        self.scrubs.address_grows
    }

    /// Notes that a text is continued at its end.
    pub(in crate::wash) fn grows_at(&mut self, text: NodeId) {
        self.update(text, |entry: &mut Entry| entry.scrubbed.get_or_insert_default().grows = Some(usize::MAX));
    }

    /// What is to be looked at next came with a page.
    pub(in crate::wash) fn set_fresh(&mut self, fresh: bool) {
        self.scrubs.fresh = fresh;
    }

    /// Empties it. What grows may go on all the same.
    pub(in crate::wash) fn reset(&mut self) {
        let ends = std::mem::take(&mut self.scrubs.ends);
        *self = Self { work: self.work.clone(), ..Self::default() };
        self.scrubs.ends = ends;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::privacy::Privacy;
    use crate::protocol::rules::{PrivacyDraft, ScrubDraft};

    fn scrubber(ready: &str) -> Scrubber {
        let scrub = vec![ScrubDraft { ready: Some(ready.to_owned()), ..ScrubDraft::default() }];
        let privacy = Privacy::check(&PrivacyDraft { scrub, ..PrivacyDraft::default() }, "").unwrap();
        privacy.scrubber(&"https://shop.example/".parse().unwrap())
    }

    #[test]
    fn what_is_aside_is_in_no_end() {
        let scrubber = scrubber("card");
        for c in ('\u{80}'..='\u{ffff}').filter(|c| is_aside(*c)) {
            let end =
                scrubber.telling_end(&format!("{c}4111111{c}1")).or(scrubber.telling_end(&format!("{c}41111111")));
            assert!(end.is_some_and(|end| "41111111".ends_with(&end)), "{c:?}");
        }
    }

    #[test]
    fn what_goes_on_grows() {
        let mut ends = Ends::default();
        assert!(!ends.see("41111111", false));
        assert!(!ends.see("41111111", false), "the same is no more than it was");
        assert!(ends.see("411111112", false));
        assert!(ends.see("411111112", false), "the same in another place");
        assert!(ends.see("41111111", false), "characters go, too");
        assert!(!ends.see("52222222", false));
        assert!(!ends.see("411111112333333333", false), "too much at once");
    }

    #[test]
    fn a_page_as_it_comes_grows_by_what_grew_before() {
        let mut ends = Ends::default();
        assert!(!ends.see("41111111", true));
        assert!(!ends.see("411111112", true), "two numbers of one page");
        assert!(!ends.see("52222222", false));
        assert!(!ends.see("522222223", true), "nothing grew yet");
        assert!(ends.see("522222223", false));
        assert!(ends.see("5222222233", true));
    }

    proptest! {
        #[test]
        fn what_goes_on_from_an_end_is_looked_at(
            typed in prop::collection::vec("[ab1]{1,9}", 1..4),
            text in "[abAB1 _.@\u{1}é€]{0,12}",
            last in 0..12_usize,
        ) {
            let mut ends = Ends::default();
            for typed in &typed {
                ends.see(typed, false);
                ends.see(&format!("{typed}1"), false);
            }
            let told: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            let end: String = told.iter().skip(told.len().saturating_sub(last)).collect();
            // Only a text that ends with what a rule is about has an end without letters and digits.
            let tells = !end.is_empty() || text.ends_with('@');
            let looked_at = ends.may_go_on(&scrubber("email"), &text);
            prop_assert!(looked_at || !tells || !ends.see(&end, true), "{end:?}");
        }
    }
}
