//! The session goes by other terms: what is shown, told and allowed by the ones before, and is not any more, ends.

use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;

use super::Task;
use crate::policy::Wish;
use crate::protocol::act::{Denial, Outcome};
use crate::protocol::agent::ToViewer;
use crate::protocol::people::{Mode, PersonId, Tool};
use crate::protocol::visitor::ToVisitor;
use crate::session::Terms;

/// The wait for a turn.
pub(super) type Turn = Pin<Box<dyn Future<Output = Option<OwnedSemaphorePermit>> + Send + Sync>>;

/// Done when it is its turn, if it waits for one.
pub(super) async fn turn(turn: &mut Option<Turn>) -> Option<OwnedSemaphorePermit> {
    match turn {
        Some(turn) => turn.await,
        None => std::future::pending().await,
    }
}

impl Task {
    /// Goes by the session's terms as they are now. Whoever changed them has seen to it that nothing of the page goes out by the ones before. All
    /// sessions have their page to judge anew at the same moment: so many at a time as there are processors, while the others go on.
    pub(super) fn go_by_new_terms(&mut self) {
        let terms = self.session.terms();
        let before = std::mem::replace(&mut self.terms, Arc::clone(&terms));
        if before.edition == terms.edition {
            return;
        }
        let turns = Arc::clone(&self.session.turns);
        self.turn = Some(Box::pin(async move { turns.acquire_owned().await.ok() }));
        self.judge_acts_anew();
        self.judge_way_anew();
        self.forget_titles();
        self.say_anew();
        self.tell_masks(&before, &terms);
        self.forget_assets(terms);
        self.announce();
    }

    /// The page as the mirror has it is judged by the terms, and all who watch see what comes of it. `turn`: held until it is done.
    pub(super) async fn show_anew(&mut self, turn: Option<OwnedSemaphorePermit>) {
        let terms = Arc::clone(&self.terms);
        let shown = self.work(true, move |shown| (shown.go_by(terms), shown.new_title(), shown.outside())).await;
        drop(turn);
        self.turn = None;
        let (message, title, outside) = shown.unwrap_or_default();
        self.fan_out(message);
        self.guard_anew();
        self.is_outside(outside);
        if let Some(title) = title {
            self.title(title);
        }
        self.lock(self.locks.clone());
        self.rebind_notes(true).await;
        self.announce();
    }

    /// What was asked of the page, and of the visitor, and may not be asked any more.
    fn judge_acts_anew(&mut self) {
        let rules = self.session.rules();
        if !rules.modes.contains(&Mode::Shared) {
            self.stop_asking(Outcome::Denied { reason: Denial::Rule });
        }
        let asked = self.acts.asked();
        for (id, person, kind) in asked {
            if let Err(reason) = self.permit(person, Wish::Act(kind), ()) {
                let ended = self.acts.deny(id, reason);
                self.tell_ended(ended);
            }
        }
        for person in self.writing.clone() {
            let may = match person {
                PersonId::VISITOR => self.visitor_may(Tool::Chat),
                _ => self.permit(person, Wish::Use(Tool::Chat), ()).is_ok(),
            };
            if !may {
                self.write(person, false);
            }
        }
    }

    /// The companions go by other masks, and the page that is shown comes anew.
    fn tell_masks(&mut self, before: &Terms, now: &Terms) {
        let start = self.session.start();
        let sites = now.policy.mask_sites(start);
        if sites != before.policy.mask_sites(start) {
            self.tell_pages(&ToVisitor::Privacy { sites });
            self.ask_snapshot();
        }
    }

    /// The page that is shown is, or is not, one of the session's.
    pub(super) fn is_outside(&mut self, outside: bool) {
        if std::mem::replace(&mut self.outside, outside) != outside {
            self.announce();
        }
        self.reload_if_outside();
    }

    /// A page that came before the terms changed, and would not be given to the visitor's browser now, is loaded anew: the proxy says that it is not
    /// part of the session. One that went elsewhere by itself stays: what the visitor does there is not to be lost.
    fn reload_if_outside(&mut self) {
        let connection = self.active.filter(|id| self.outside && self.source == Some(*id));
        if let Some(connection) = connection
            && self.visitors.get_mut(&connection).is_some_and(|page| page.is_of_before(self.terms.edition))
        {
            self.tell_page(connection, ToVisitor::Reload);
        }
    }

    /// What is kept of addresses that may not be loaded any more goes. It is not served from the moment of the change; this frees what it takes.
    fn forget_assets(&self, terms: Arc<Terms>) {
        let assets = Arc::clone(self.session.assets());
        tokio::task::spawn_blocking(move || assets.retain(|url| terms.loads(url)));
    }

    /// The terms by which a message was made that has texts of the visitor's in it.
    pub(super) fn edition_of(&self, message: &ToViewer) -> Option<u64> {
        matches!(message, ToViewer::Note { .. } | ToViewer::Notes { .. }).then_some(self.terms.edition)
    }
}
