//! Telling ends of texts that were seen lately, wherever they stood: what goes on from one of them grows, also if each of its states is a new text in a
//! new place, as a list's entry, a frame's document or an address is. They outlast the page, since what grows may go on in the next one.

use std::collections::VecDeque;

use super::scrubs::Typed;
use super::{Entry, Mirror};
use crate::privacy::Scrubber;
use crate::protocol::page::{Node, NodeId};

/// Most ends that are kept.
const MOST: usize = 256;
/// Most characters by which one state of a text is longer than the one before.
const STEP: usize = 6;

#[derive(Default)]
pub(super) struct Ends {
    seen: VecDeque<End>,
    /// Some end grew at some time. Until then nothing that comes with a page does.
    grew: bool,
}

struct End {
    text: Box<str>,
    grew: bool,
}

impl Ends {
    /// Whether an end goes on from one that was seen, which it is from now on itself; `fresh`: it came with a page, and so is looked at only beside what
    /// grew before.
    fn see(&mut self, text: &str, fresh: bool) -> bool {
        let goes_on = |end: &End| {
            let (now, was) = (text.len(), end.text.len());
            if now == was {
                return end.grew && *end.text == *text;
            }
            now.abs_diff(was) <= STEP
                && (end.grew || !fresh)
                && (text.starts_with(&*end.text) || end.text.starts_with(text))
        };
        let grew = self.seen.iter().any(goes_on);
        self.grew |= grew;
        if grew || !fresh {
            self.seen.retain(|end| *end.text != *text);
            self.seen.push_back(End { text: text.into(), grew });
            if self.seen.len() > MOST {
                self.seen.pop_front();
            }
        }
        grew
    }
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
        !self.scrubs.fresh || self.scrubs.ends.borrow().grew
    }

    fn sees(&self, scrubber: &Scrubber, text: &str, fresh: bool) -> bool {
        if fresh && !self.scrubs.ends.borrow().grew {
            return false;
        }
        let end = scrubber.telling_end(text);
        end.is_some_and(|end| self.scrubs.ends.borrow_mut().see(&end, fresh))
    }

    /// Notes what in a subtree that came goes on from what was seen: attributes, and values for what comes later.
    pub(in crate::wash) fn note_ends(&mut self, root: NodeId) {
        if !self.is_scrubbed() {
            return;
        }
        for id in self.subtree(root) {
            let Some(entry) = self.get(id) else { continue };
            let Some(scrubber) = self.scrubber(entry.document) else { continue };
            if let Some(value) = &entry.state().value {
                self.sees_now(scrubber, value);
            }
            let Node::Element { attrs, .. } = &entry.node else { continue };
            let grown = attrs.iter().filter(|(_, value)| self.sees_end(scrubber, value));
            let typed: Vec<(String, Typed)> = grown
                .map(|(name, value)| (name.clone(), Typed::new(scrubber, None, value, value, value.len())))
                .collect();
            for (name, typed) in typed {
                self.note_attr(id, &name, Some(typed));
            }
        }
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
    use super::*;

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
}
