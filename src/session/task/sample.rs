//! Samples of where things stand that are not for agents: which nodes the hosted page is to watch, and whether a sample names all of them.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use super::Task;
use crate::protocol::hosted::Sample;
use crate::protocol::page::NodeId;
use crate::protocol::visitor::ToVisitor;
use crate::session::host::{HostEvent, Judged};

/// What the hosted page was told to watch.
#[derive(Default)]
pub(super) struct Guard {
    /// Number of the last message; 0: none.
    n: u32,
    nodes: BTreeSet<NodeId>,
    /// It cannot be said what is to be watched: agents get no picture.
    everything: bool,
    /// The runner did not take a sample.
    missed: bool,
}

impl Task {
    /// The page changed, or the terms: the hosted page is told what it is to watch from now on, where that changed.
    pub(super) fn guard_anew(&mut self) {
        if !self.is_image() {
            return;
        }
        let watched = self.shown.lock().unwrap_or_else(PoisonError::into_inner).new_watched();
        let Some(watched) = watched else { return };
        let guard = &mut self.image.guard;
        guard.everything = watched.is_none();
        if let Some(nodes) = watched
            && nodes != guard.nodes
        {
            guard.n += 1;
            guard.nodes = nodes;
            let (n, nodes) = (guard.n, guard.nodes.iter().copied().collect());
            self.answer(ToVisitor::Guard { n, nodes });
        }
        let veiled = self.image.guard.everything;
        self.session.update(|status| status.veiled = veiled);
    }

    /// A sample is handed to the runner with what is known of it. It names everything if it is of the page as the mirror has it, after all that came
    /// before it, and obeys the newest of what the hosted page was told; and the mirror is washed by the terms that hold.
    pub(super) fn judge(&mut self, sample: Sample) {
        let Sample { page, seq, guard, at, look, stands } = sample;
        let next = Some((page, seq.saturating_add(1)));
        let in_step = self.page == next && self.source == self.active && !self.resyncing;
        let edition = self.terms.edition;
        let by_terms = self.turn.is_none() && self.session.terms.borrow().edition == edition;
        let known = &mut self.image.guard;
        let complete = in_step && by_terms && at.is_finite() && guard == known.n && !known.everything && !known.missed;
        let judged = Judged { at, page, edition, complete, outside: self.outside, look, stands };
        known.missed = !self.session.stage.try_hand(HostEvent::Judged(judged));
    }
}
