//! The page: batches into the mirror, washed out to views; comparing; starting over.

use std::sync::{Arc, PoisonError};

use tokio::time::Instant;

use super::Task;
use crate::policy::Wish;
use crate::protocol::page::PageEvent;
use crate::protocol::visitor::ToVisitor;
use crate::session::shown::{Message, Shown};
use crate::session::watcher::Why;

/// Comparing the copies takes one part in so many of a session's time at most, however often its page asks for it.
const COMPARE_SHARE: u32 = 4;
/// Bytes of a batch, or of a page to be looked through, from which on the work is done on a thread of its own.
const LARGE: usize = 64 << 10;

impl Task {
    pub(super) async fn batch(&mut self, page: u64, seq: u32, events: Vec<PageEvent>, bytes: usize) {
        let begins = matches!(events.first(), Some(PageEvent::Snapshot(_)));
        let expected = self.page.is_some_and(|(current, next)| current == page && next == seq) && !self.resyncing;
        let repeated = self.page.is_some_and(|(current, next)| current == page && seq < next) && !begins;
        if repeated {
            return;
        }
        if !begins && !expected {
            self.ask_snapshot();
            return;
        }
        self.resyncing = false;
        let watched = !self.views.is_empty();
        let moves = events.iter().any(|event| matches!(event, PageEvent::Snapshot(_) | PageEvent::Url { .. }));
        let apply = move |shown: &mut Shown| {
            let applied = shown.apply(events, watched);
            let place = if moves { shown.url() } else { None };
            (applied, shown.seq(), shown.new_title(), (shown.outside(), place))
        };
        match self.work(bytes > LARGE || self.is_large(), apply).await {
            Some((Ok(message), number, title, (outside, place))) => {
                self.page = Some((page, seq.saturating_add(1)));
                self.source = self.active;
                self.seen.note(number, page, seq);
                self.fan_out(message);
                if begins {
                    self.answer(ToVisitor::Ack { seq });
                    self.loaded(page);
                }
                self.guard_anew();
                self.note_place(place);
                self.rebind_notes(begins).await;
                self.is_outside(outside);
                if let Some(title) = title {
                    self.title(title);
                }
            }
            Some((Err(broken), ..)) => {
                tracing::info!(session = %self.session.id(), %broken, "the page lost step");
                self.start_over();
            }
            None => self.start_over(),
        }
    }

    /// The visitor's page is idle and says what it looks like: both pairs are compared.
    pub(super) async fn compare(&mut self, page: u64, seq: u32, hash: u64) {
        if self.page != Some((page, seq.saturating_add(1))) || self.resyncing {
            return;
        }
        // A page that asks too often waits for itself: nobody else does.
        if let Some((at, cost)) = self.compared {
            tokio::time::sleep_until(at + cost * COMPARE_SHARE).await;
        }
        let start = Instant::now();
        let (watched, large) = (!self.views.is_empty(), self.is_large());
        let compared = self.work(large, move |shown| {
            let same = shown.hash() == hash;
            (same, if same && watched { shown.washed_hash() } else { None })
        });
        let compared = compared.await;
        self.compared = Some((Instant::now(), start.elapsed()));
        match compared {
            Some((true, message)) => self.fan_out(message),
            Some((false, _)) => {
                self.count_divergence("visitor");
                self.ask_snapshot();
            }
            None => self.start_over(),
        }
    }

    /// Work on the page. What would hold up other sessions runs on a thread of its own, while this one waits, so that everything stays in order.
    /// None: it failed.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        large: bool,
        work: impl FnOnce(&mut Shown) -> T + Send + 'static,
    ) -> Option<T> {
        let shown = Arc::clone(&self.shown);
        let work = move || work(&mut shown.lock().unwrap_or_else(PoisonError::into_inner));
        if large { tokio::task::spawn_blocking(work).await.ok() } else { Some(work()) }
    }

    /// A short look at the page.
    pub(super) fn look<T>(&self, look: impl FnOnce(&Shown) -> T) -> T {
        look(&self.shown.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn is_large(&self) -> bool {
        self.look(Shown::bytes) > LARGE
    }

    fn start_over(&mut self) {
        self.page = None;
        self.ask_snapshot();
    }

    fn count_divergence(&mut self, side: &'static str) {
        self.diverged += 1;
        tracing::warn!(session = %self.session.id(), side, count = self.diverged, "two copies of the page differed; healed by a snapshot");
    }

    pub(super) fn ask_snapshot(&mut self) {
        self.resyncing = true;
        self.answer(ToVisitor::Resync { assets: false });
    }

    /// A view needs the current state.
    pub(super) async fn resync(&mut self, watcher: u64, why: Why) {
        let Some(person) = self.views.get(&watcher).map(|view| view.person) else { return };
        if self.permit(person, Wish::Resync, ()).is_err() {
            return;
        }
        match why {
            Why::Asked => {}
            Why::Diverged => self.count_divergence("viewer"),
            Why::Lagged => tracing::info!(session = %self.session.id(), "a watcher lagged behind"),
        }
        self.send_snapshot(watcher).await;
    }

    pub(super) async fn send_snapshot(&mut self, watcher: u64) {
        let Some(queue) = self.views.get(&watcher).map(|view| Arc::clone(&view.queue)) else { return };
        if let Some(Some(snapshot)) = self.work(self.is_large(), Shown::snapshot).await {
            queue.restart(snapshot);
        }
    }

    pub(super) fn fan_out(&self, message: Option<Message>) {
        let Some(message) = message else { return };
        for view in self.views.values() {
            if message.begins {
                view.queue.restart(message.clone());
            } else {
                view.queue.push(message.clone());
            }
        }
    }
}
