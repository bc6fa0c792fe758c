//! Texts that are typed bit by bit: their end is starred once it tells half of what may become a match, and what was a match once stays one, whatever
//! is typed right behind it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use regex_automata::nfa::thompson::{self, NFA, State};
use regex_automata::util::look::Look;
use regex_automata::util::primitives::StateID;
use regex_syntax::hir::Hir;

use super::filter::Need;
use super::normal::Normal;
use super::work::{Edit, Work};
use super::{Scrubber, join};

/// How far back from its end a text is looked at, in characters.
const BACK: usize = 64;

/// Matches of one text that are held.
const MOST: usize = 64;

/// Bytes at the end of a text in which [`Scrubber::telling_end`] looks.
const TAIL: usize = 256;
/// What forms show where nothing is typed yet: `4111 11__ ____ ____`.
const FILLER: [char; 11] = ['_', '*', '•', '·', '●', '○', '∙', '◦', '…', '?', '□'];

/// What of a growing text was a match before. To be kept beside the text, and given back with its next state.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Held(Vec<Once>);

/// A match that once was.
#[derive(Clone, PartialEq, Eq)]
struct Once {
    start: usize,
    text: String,
    shown: String,
}

impl Once {
    /// Where it stands in the text as it is now, with half of it or more, and with what was typed right behind it.
    fn still_in(&self, text: &str) -> Option<Range<usize>> {
        let common = |start: usize| {
            let now = text.get(start..).unwrap_or_default().bytes();
            now.zip(self.text.bytes()).take_while(|(now, was)| now == was).count()
        };
        let start = if 2 * common(self.start) >= self.text.len() { self.start } else { text.find(&self.text)? };
        let length = common(start).max(self.text.len()).min(text.len() - start);
        let end = (start + length..=text.len()).find(|end| text.is_char_boundary(*end))?;
        let behind = text.get(end..)?;
        let stops = |c: char| c.is_whitespace() || ",;:!?()[]{}<>\"'".contains(c);
        let word = behind.split(stops).next().unwrap_or_default().trim_end_matches('.');
        Some(start..end + word.len())
    }
}

impl fmt::Debug for Held {
    /// Without texts, which are what nobody may see.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Held({})", self.0.len())
    }
}

impl Scrubber {
    /// A text that is typed bit by bit, as agents may see it; `before`: what this gave for its state before. The second value is to be kept, and is
    /// `None` where there is nothing to hold.
    #[must_use]
    pub fn scrub_growing<'a>(&self, text: &'a str, before: Option<&Held>) -> (Cow<'a, str>, Option<Held>) {
        let (shown, held, _) = self.scrub_typed(text, before);
        (shown, held)
    }

    /// The same, with what [`Self::telling_end`] gives for the text.
    #[must_use]
    pub fn scrub_typed<'a>(
        &self,
        text: &'a str,
        before: Option<&Held>,
    ) -> (Cow<'a, str>, Option<Held>, Option<String>) {
        if before.is_none() && !self.0.growing.any(text) {
            return (Cow::Borrowed(text), None, None);
        }
        let mut work = Work::new(Cow::Borrowed(text), Vec::new());
        let (held, end) = self.grow(&mut work, text, before);
        let end = if text.len() > TAIL { self.telling_end(text) } else { end };
        (work.into_text(), held, end)
    }

    /// The same for a run whose end grows. `None`: nothing changed.
    #[must_use]
    pub fn scrub_growing_run(&self, pieces: &[&str], before: Option<&Held>) -> (Option<Vec<String>>, Option<Held>) {
        let (text, cuts) = join(pieces);
        if before.is_none() && !self.0.growing.any(&text) {
            return (None, None);
        }
        let mut work = Work::new(Cow::Borrowed(&*text), cuts);
        let (held, _) = self.grow(&mut work, &text, before);
        (work.changed().then(|| work.into_pieces()), held)
    }

    /// What is held, and how the text ends, see [`Self::telling_end`].
    fn grow(&self, work: &mut Work, text: &str, before: Option<&Held>) -> (Option<Held>, Option<String>) {
        let mut once: Vec<(Range<usize>, String)> = Vec::new();
        self.work(work, &mut |found, shown| once.push((found.at, shown.to_owned())));
        for cover in before.iter().flat_map(|held| &held.0) {
            let Some(at) = cover.still_in(text) else { continue };
            let found = once.iter_mut().find(|(found, _)| found.start < at.end && at.start < found.end);
            let mut shown = if found.is_none() { cover.shown.clone() } else { String::new() };
            let left = work.left_of(&at).into_iter();
            work.apply(left.map(|at| Edit { at, with: std::mem::take(&mut shown) }).collect());
            match found {
                Some((found, _)) => *found = found.start.min(at.start)..found.end.max(at.end),
                None => once.push((at, cover.shown.clone())),
            }
        }
        let end = self.star_end(work, text);
        let one = |(at, shown): (Range<usize>, String)| Once {
            start: at.start,
            text: text.get(at).unwrap_or_default().to_owned(),
            shown,
        };
        let held: Vec<Once> = once.into_iter().take(MOST).map(one).collect();
        ((!held.is_empty()).then_some(Held(held)), end)
    }

    /// The end of a text that may become a match and tells half of one: its letters and digits alone, so that it goes on in whatever way the text is
    /// written. `None`: there is none.
    #[must_use]
    pub fn telling_end(&self, text: &str) -> Option<String> {
        let from = (text.len().saturating_sub(TAIL)..text.len()).find(|at| text.is_char_boundary(*at))?;
        let text = text.get(from..)?;
        let mut normal = None;
        let start =
            self.growing_from(text, || without_filler(normal.get_or_insert_with(|| Normal::of(text)).as_str()))?;
        Some(bare(without_filler(normal?.as_str()).get(start..)?))
    }

    /// Where in a text's normal form, `told`, its end begins that may become a match.
    fn growing_from<'a>(&self, text: &str, told: impl FnOnce() -> &'a str) -> Option<usize> {
        let (mut told, mut told_as, mut start) = (Some(told), "", None);
        self.0.growing.each(text, |at| {
            if let Some(told) = told.take() {
                told_as = told();
            }
            let begins = self.0.rules.get(at).and_then(|rule| rule.growing(told_as));
            start = begins.into_iter().chain(start).min();
            true
        });
        start
    }

    /// Stars the end of a text that may become a match; gives it as it is read.
    fn star_end(&self, work: &mut Work, text: &str) -> Option<String> {
        let end = self.star_form(work, text, &Normal::of(text));
        if let Some(stored) = Normal::as_stored(text) {
            self.star_form(work, text, &stored);
        }
        end
    }

    fn star_form(&self, work: &mut Work, text: &str, normal: &Normal<'_>) -> Option<String> {
        let told = without_filler(normal.as_str());
        let start = self.growing_from(text, || told)?;
        let parts: Vec<Range<usize>> =
            normal.spans(start..told.len()).iter().flat_map(|span| work.left_of(span)).collect();
        let now = work.text();
        // A star each, so that those of a run stay in their pieces.
        let stars = parts.iter().flat_map(|part| {
            let characters =
                now.get(part.clone()).unwrap_or_default().char_indices().filter(|(_, c)| !c.is_whitespace());
            characters.map(|(at, c)| part.start + at..part.start + at + c.len_utf8())
        });
        let edits = stars.map(|at| Edit { at, with: "*".to_owned() }).collect();
        work.apply(edits);
        told.get(start..).map(bare)
    }
}

/// The letters and digits of a text, in lower case.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A text without what stands for characters to come at its end.
fn without_filler(text: &str) -> &str {
    let told = text.trim_end_matches(|c: char| c == ' ' || matches!(c, '-' | '/' | '.') || FILLER.contains(&c));
    if text.get(told.len()..).is_some_and(|rest| rest.contains(FILLER)) { told } else { text }
}

/// A pattern's automaton, to see whether an end of a text may become a match.
#[derive(Debug)]
pub(super) struct Live {
    nfa: NFA,
    /// Of each byte: whether a match may begin with it.
    first: Box<[bool; 256]>,
}

impl Live {
    /// `None`: the automaton would be larger than `largest` bytes.
    pub(super) fn new(hir: &Hir, largest: usize) -> Option<Self> {
        let config =
            thompson::Config::new().which_captures(thompson::WhichCaptures::None).nfa_size_limit(Some(largest));
        let mut live = Self {
            nfa: thompson::Compiler::new().configure(config).build_from_hir(hir).ok()?,
            first: Box::new([true; 256]),
        };
        let mut threads = Threads::new(live.nfa.states().len());
        // At the end of a text, all that looks about holds.
        live.follow(live.nfa.start_anchored(), b"", 0, &mut threads);
        for (byte, may) in (0..=u8::MAX).zip(live.first.iter_mut()) {
            *may = threads.states.iter().any(|state| step(live.nfa.state(*state), byte).is_some());
        }
        Some(live)
    }

    /// Where the first end of a text begins that may become a match and tells half of one; `half`: see [`Need::half`].
    pub(super) fn growing(&self, text: &str, half: &Need) -> Option<usize> {
        let from = text.char_indices().rev().take(BACK).last().map_or(0, |(at, _)| at);
        let bytes = text.as_bytes();
        let tells = |at: usize| half.is_told(bytes.get(at..).unwrap_or_default());
        // The longer an end, the more it tells.
        if !tells(from) {
            return None;
        }
        let begins = |at: &usize| bytes.get(*at).is_some_and(|byte| self.first[usize::from(*byte)]);
        let mut starts = (from..text.len()).filter(|at| text.is_char_boundary(*at)).filter(begins).peekable();
        starts.peek()?;
        let mut threads = [Threads::new(self.nfa.states().len()), Threads::new(self.nfa.states().len())];
        starts.take_while(|at| tells(*at)).find(|start| self.lives(bytes, *start, &mut threads))
    }

    /// Whether what begins at `start` may go on to a match.
    fn lives(&self, text: &[u8], start: usize, [now, next]: &mut [Threads; 2]) -> bool {
        now.clear();
        self.follow(self.nfa.start_anchored(), text, start, now);
        for at in start..text.len() {
            let Some(byte) = text.get(at) else { return false };
            next.clear();
            for state in &now.states {
                if let Some(to) = step(self.nfa.state(*state), *byte) {
                    self.follow(to, text, at + 1, next);
                }
            }
            std::mem::swap(now, next);
            if now.states.is_empty() {
                return false;
            }
        }
        !now.states.is_empty()
    }

    /// Adds all states that can be reached without a byte and that take one.
    fn follow(&self, from: StateID, text: &[u8], at: usize, threads: &mut Threads) {
        let mut left = std::mem::take(&mut threads.left);
        left.push(from);
        while let Some(id) = left.pop() {
            if !threads.insert(id) {
                continue;
            }
            match self.nfa.state(id) {
                // What comes next decides at the end of the text, and is not there yet.
                State::Look { look, next } if at == text.len() || self.holds(*look, text, at) => left.push(*next),
                State::Union { alternates } => left.extend(alternates.iter().copied()),
                State::BinaryUnion { alt1, alt2 } => left.extend([*alt1, *alt2]),
                State::Capture { next, .. } => left.push(*next),
                State::ByteRange { .. } | State::Sparse(_) | State::Dense(_) => threads.states.push(id),
                State::Look { .. } | State::Fail | State::Match { .. } => {}
            }
        }
        threads.left = left;
    }

    fn holds(&self, look: Look, text: &[u8], at: usize) -> bool {
        // A Unicode word boundary without its tables holds: that stars more, not less.
        match look {
            Look::WordUnicode | Look::WordUnicodeNegate | Look::WordStartUnicode | Look::WordEndUnicode => true,
            Look::WordStartHalfUnicode | Look::WordEndHalfUnicode => true,
            look => self.nfa.look_matcher().matches(look, text, at),
        }
    }
}

fn step(state: &State, byte: u8) -> Option<StateID> {
    match state {
        State::ByteRange { trans } => trans.matches_byte(byte).then_some(trans.next),
        State::Sparse(sparse) => sparse.matches_byte(byte),
        State::Dense(dense) => dense.matches_byte(byte),
        _ => None,
    }
}

/// States that an automaton is in.
struct Threads {
    seen: Vec<bool>,
    all: Vec<StateID>,
    states: Vec<StateID>,
    /// To be looked at.
    left: Vec<StateID>,
}

impl Threads {
    fn new(count: usize) -> Self {
        Self { seen: vec![false; count], all: Vec::new(), states: Vec::new(), left: Vec::new() }
    }

    /// Whether it is new.
    fn insert(&mut self, id: StateID) -> bool {
        let Some(seen) = self.seen.get_mut(id.as_usize()) else { return false };
        let new = !std::mem::replace(seen, true);
        if new {
            self.all.push(id);
        }
        new
    }

    fn clear(&mut self) {
        for id in self.all.drain(..) {
            if let Some(seen) = self.seen.get_mut(id.as_usize()) {
                *seen = false;
            }
        }
        self.states.clear();
    }
}
