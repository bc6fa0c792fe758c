//! Replacing texts by rules. A text is matched in its normal form (`normal`) by the rules that can match it at all (`filter`), and changed in place
//! as it was (`work`). Rules go in their order, each over what those before it left; what a rule put there is never matched by itself alone.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use crate::protocol::rules::ReadyRule;

mod filter;
mod growing;
mod normal;
mod ready;
mod rule;
mod template;
mod url;
mod words;
mod work;

pub use growing::Held;
pub(super) use rule::Rule;
pub use url::address_parts;

use filter::Filter;
use normal::Normal;
use work::{Edit, Work};

/// How often rules go over what they made of a text; removing a match may join what makes the next.
const ROUNDS: usize = 8;

/// Most choices among rules that are kept, see [`Scrubber::only`].
const PARTS: usize = 16;

/// The rules that hold on one page, in their order. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Scrubber(Arc<Rules>);

#[derive(Debug)]
struct Rules {
    rules: Vec<Arc<Rule>>,
    filter: Filter,
    /// The same for beginnings of matches.
    growing: Filter,
    /// Those of its rules that hold on pages that were asked for.
    parts: Mutex<Vec<Scrubber>>,
}

/// A match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The rule's place in the site's list as it was written, with rules that are off: `privacy.scrub.N`.
    pub rule: usize,
    /// Bytes of the text as it was, from the first to the last that matched; of a run, of its pieces joined.
    pub at: Range<usize>,
}

impl Default for Scrubber {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Scrubber {
    pub(super) fn new(rules: Vec<Arc<Rule>>) -> Self {
        let filter = Filter::new(rules.iter().map(|rule| rule.need().clone()));
        let growing = Filter::new(rules.iter().map(|rule| rule.need().half()));
        Self(Arc::new(Rules { rules, filter, growing, parts: Mutex::default() }))
    }

    pub(super) fn rules(&self) -> &[Arc<Rule>] {
        &self.0.rules
    }

    /// With those of its rules that hold. Those that hold on some page hold on more of them: the last few choices are kept.
    pub(super) fn only(&self, holds: impl Fn(&Rule) -> bool) -> Self {
        let rules = &self.0.rules;
        if rules.iter().all(|rule| holds(rule)) {
            return self.clone();
        }
        let held: Vec<Arc<Rule>> = rules.iter().filter(|rule| holds(rule)).cloned().collect();
        let mut parts = self.0.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = parts.iter().find(|part| part.has(&held)) {
            return known.clone();
        }
        let made = Self::new(held);
        if parts.len() >= PARTS {
            parts.remove(0);
        }
        parts.push(made.clone());
        made
    }

    /// It has no rule, so nothing is ever replaced.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.rules.is_empty()
    }

    /// It has the same rules.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.has(&other.0.rules)
    }

    fn has(&self, rules: &[Arc<Rule>]) -> bool {
        let ours = &self.0.rules;
        ours.len() == rules.len() && ours.iter().zip(rules).all(|(our, their)| Arc::ptr_eq(our, their))
    }

    /// Whether a rule may match a text, or a run whose pieces are joined. False is certain; ordinary texts cost a pass over their bytes, and no more.
    #[must_use]
    pub fn may_match(&self, text: &str) -> bool {
        self.0.filter.any(text)
    }

    /// The same for a text of which only parts are read, joined.
    #[must_use]
    pub fn may_match_parts(&self, text: &str) -> bool {
        self.0.filter.any_of_parts(text)
    }

    /// The same for a text that is typed bit by bit, whose end may become a match.
    #[must_use]
    pub fn may_grow(&self, text: &str) -> bool {
        self.0.growing.any(text)
    }

    /// A text as agents may see it.
    #[must_use]
    pub fn scrub<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if !self.may_match(text) {
            return Cow::Borrowed(text);
        }
        let mut work = Work::new(Cow::Borrowed(text), Vec::new());
        self.work(&mut work, &mut |_, _| ());
        work.into_text()
    }

    /// The same, and which rules matched where, in the order in which they did.
    #[must_use]
    pub fn scrub_traced<'a>(&self, text: &'a str) -> (Cow<'a, str>, Vec<Found>) {
        let (mut found, mut work) = (Vec::new(), Work::new(Cow::Borrowed(text), Vec::new()));
        self.work(&mut work, &mut |one, _| found.push(one));
        (work.into_text(), found)
    }

    /// The pieces of one run, matched joined. What replaces a match stands in the first piece that the match touches; the rest of the match is taken
    /// out of the others. `None`: nothing changed.
    #[must_use]
    pub fn scrub_run(&self, pieces: &[&str]) -> Option<Vec<String>> {
        self.scrub_run_traced(pieces).0
    }

    /// The same, and which rules matched where.
    #[must_use]
    pub fn scrub_run_traced(&self, pieces: &[&str]) -> (Option<Vec<String>>, Vec<Found>) {
        let (text, cuts) = join(pieces);
        let mut found = Vec::new();
        if !self.may_match(&text) {
            return (None, found);
        }
        let mut work = Work::new(text, cuts);
        self.work(&mut work, &mut |one, _| found.push(one));
        (work.changed().then(|| work.into_pieces()), found)
    }

    /// Lets all rules do their work.
    fn work(&self, work: &mut Work, found: &mut dyn FnMut(Found, &str)) {
        for _ in 0..ROUNDS {
            let (mut next, mut again) = (0, 0);
            while let Some((at, edits)) = self.first_change(work, next, found) {
                work.apply(edits);
                // Once more, for the text as it is stored, where that is another order.
                let twice = again > 0 && at == next;
                (next, again) = if twice { (at + 1, 1) } else { (at, again + 1) };
            }
            if again == 0 {
                break;
            }
        }
    }

    /// What the first of the rules from `next` on changes that changes anything. A change may make a match for later rules of what was none, so
    /// that the filter is asked anew after each.
    fn first_change(&self, work: &Work, next: usize, found: &mut dyn FnMut(Found, &str)) -> Option<(usize, Vec<Edit>)> {
        let those = self.0.filter.those(work.text()).into_iter().filter(|at| *at >= next).collect::<Vec<_>>();
        if those.is_empty() {
            return None;
        }
        let forms = [Some(Normal::of(work.text())), Normal::as_stored(work.text())];
        those.into_iter().find_map(|at| {
            let rule = self.0.rules.get(at)?;
            let edits = forms
                .iter()
                .flatten()
                .map(|normal| edits(rule, work, normal, found))
                .find(|edits| !edits.is_empty())?;
            Some((at, edits))
        })
    }
}

fn edits(rule: &Rule, work: &Work, normal: &Normal, found: &mut dyn FnMut(Found, &str)) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (range, replacement) in rule.matches(normal.as_str()) {
        let spans = normal.spans(range);
        if spans.is_empty() || work.is_ours(&spans) {
            continue;
        }
        if let Some(at) = work.origin(&spans) {
            found(Found { rule: rule.index(), at }, &replacement);
        }
        let mut with = if normal.is_turned(&spans) { replacement.chars().rev().collect() } else { replacement };
        edits.extend(spans.into_iter().map(|at| Edit { at, with: std::mem::take(&mut with) }));
    }
    edits
}

/// The text of a run, and where its pieces begin.
fn join<'a>(pieces: &[&'a str]) -> (Cow<'a, str>, Vec<usize>) {
    let mut cuts = Vec::with_capacity(pieces.len());
    let mut length = 0;
    for piece in pieces {
        cuts.push(length);
        length += piece.len();
    }
    (if let [one] = pieces { Cow::Borrowed(*one) } else { Cow::Owned(pieces.concat()) }, cuts)
}

/// The ready-made rules.
#[must_use]
pub fn ready_rules() -> Vec<ReadyRule> {
    let rule = |ready: &ready::Ready| ReadyRule {
        ready: ready.name.to_owned(),
        title: ready.title.to_owned(),
        example: ready.example.to_owned(),
        replacement: ready.replacement.to_owned(),
    };
    ready::Ready::all().iter().map(rule).collect()
}

#[cfg(test)]
mod tests;
