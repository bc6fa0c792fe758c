//! What agents ask for in their views: acts, pointers, notes. Everything passes [`Task::permit`]; everything that was asked under a number gets its outcome.

use std::sync::Arc;

use url::Url;

use super::Task;
use crate::origin::UpstreamOrigin;
use crate::policy::{Permit, Use, Wish};
use crate::protocol::act::{Act, ActKind, Denial, Outcome};
use crate::protocol::agent::{FromViewer, ToViewer};
use crate::protocol::page::{NodeId, Pointer, PointerAction};
use crate::protocol::people::PersonId;
use crate::protocol::visitor::ToVisitor;
use crate::session::acts::{Asker, Ended};
use crate::session::rate::Rate;
use crate::session::shown::serialize;
use crate::session::trail::What;
use crate::session::watcher::Queue;

/// Pointers of one view in a second, and at once; what comes more often is left out.
const POINTERS: (u32, u32) = (40, 20);

/// An agent's view.
pub(super) struct View {
    pub(super) person: PersonId,
    pub(super) queue: Arc<Queue>,
    pointers: Rate,
    /// Refusals of what has no number that are told.
    refusals: Rate,
}

impl Task {
    pub(super) async fn watch(&mut self, watcher: u64, person: PersonId, queue: Arc<Queue>) {
        if self.permit(person, Wish::View, ()).is_err() {
            return queue.close();
        }
        let (pointers, refusals) = (Rate::new(POINTERS.0, POINTERS.1), Rate::new(1, 1));
        self.views.insert(watcher, View { person, queue, pointers, refusals });
        self.send_snapshot(watcher).await;
        self.tell_view(watcher, &ToViewer::Locks { locks: self.locks.clone() });
        self.tell_view(watcher, &ToViewer::Notes { notes: self.told_notes() });
        self.announce();
    }

    pub(super) async fn view_asks(&mut self, view: u64, message: FromViewer) {
        let Some(person) = self.views.get(&view).map(|view| view.person) else { return };
        let wish = Wish::from(&message);
        let (n, outcome) = match message {
            // Views ask for it in another way, see `Watcher::send`.
            FromViewer::Resync { .. } => return,
            FromViewer::Act { n, seen, act } => {
                let asked = self.permit(person, wish, act);
                let sent = asked.and_then(|act| self.act(Asker { view, n, person }, seen, act));
                let Err(reason) = sent else { return };
                (n, Err(reason))
            }
            FromViewer::Pointer { pointer, laser } => {
                return match self.permit(person, wish, pointer) {
                    Ok(pointer) => self.point(view, person, &pointer, laser),
                    Err(reason) => self.refuse_pointer(view, reason),
                };
            }
            FromViewer::Wiggle { n, node } => {
                (n, self.permit(person, wish, node).and_then(|node| self.wiggle(view, person, &node)))
            }
            FromViewer::Note { n, note } => match self.permit(person, wish, note) {
                Ok(note) => (n, self.add_note(person, note).await),
                Err(reason) => (n, Err(reason)),
            },
            FromViewer::Unnote { n, id } => {
                (n, self.permit(person, wish, id).and_then(|id| self.remove_note(person, &id)))
            }
            FromViewer::Clear { n } => (n, self.permit(person, wish, ()).map(|_| self.clear_notes(person))),
        };
        let outcome = outcome.unwrap_or_else(|reason| Outcome::Denied { reason });
        self.tell_view(view, &ToViewer::Outcome { n, outcome });
    }

    /// Sends a permitted act to the page that is shown, if it fits it.
    fn act(&mut self, asker: Asker, seen: u64, act: Permit<Act>) -> Result<(), Denial> {
        let connection = self.active.ok_or(Denial::Away)?;
        let (page, next) = self.page.filter(|_| self.source == self.active).ok_or(Denial::Gone)?;
        self.acts.room(asker.person)?;
        let after = match act.get() {
            // Where the agent wants to go does not depend on where the visitor is.
            Act::Navigate { .. } => next.saturating_sub(1),
            _ => self.seen.batch(seen, page)?,
        };
        self.look(|shown| shown.fits(act.get(), asker.person, &self.locks))?;
        let kind = ActKind::from(act.get());
        let act = self.addressed(act.into_inner())?;
        let id = self.acts.begin(asker, kind, connection, page);
        self.answer(ToVisitor::Act { id, by: asker.person, page, after, act });
        Ok(())
    }

    /// An act as the page gets it: with a view URL in place of a real address.
    fn addressed(&self, act: Act) -> Result<Act, Denial> {
        let Act::Navigate { url } = act else { return Ok(act) };
        let url = Url::parse(url.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let policy = self.session.policy();
        let url = url.and_then(|url| policy.permit(&url, Use::Page).ok()).ok_or(Denial::Address)?;
        let origin = UpstreamOrigin::of(url.get()).ok_or(Denial::Address)?;
        self.session.register_hashed(&origin);
        let view = self.session.domain.map(&self.session.id, url.get()).ok_or(Denial::Address)?;
        Ok(Act::Navigate { url: view.into() })
    }

    /// To the visitor's page and the other agents' views.
    fn point(&mut self, view: u64, by: PersonId, pointer: &Permit<Pointer>, laser: bool) {
        let Pointer { action, node, at: (x, y) } = *pointer.get();
        if !x.is_finite() || !y.is_finite() {
            return;
        }
        let pointer = Pointer { action, node, at: (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0)) };
        let allowed = self.views.get_mut(&view).is_some_and(|view| view.pointers.take());
        let shown = pointer.node.is_none_or(|node| self.look(|shown| shown.shows(node)));
        if !allowed || !shown {
            return;
        }
        let pressed = pointer.action == PointerAction::Down;
        if let Some(visitor) = self.active.and_then(|id| self.visitors.get(&id)) {
            visitor.pointers.put(by, pressed, ToVisitor::Pointer { by, pointer, laser });
        }
        let others: Vec<_> = self.views.values().filter(|view| view.person != by).collect();
        if !others.is_empty()
            && let Some(json) = serialize(&ToViewer::Pointer { by, pointer, laser })
        {
            others.iter().for_each(|view| view.queue.point(by, pressed, json.clone()));
        }
    }

    fn refuse_pointer(&mut self, view: u64, reason: Denial) {
        if self.views.get_mut(&view).is_some_and(|view| view.refusals.take()) {
            self.tell_view(view, &ToViewer::Outcome { n: 0, outcome: Outcome::Denied { reason } });
        }
    }

    fn wiggle(&mut self, view: u64, by: PersonId, node: &Permit<NodeId>) -> Result<Outcome, Denial> {
        let node = *node.get();
        if !self.views.get_mut(&view).is_some_and(|view| view.pointers.take()) {
            return Err(Denial::TooMuch);
        }
        if self.active.is_none() {
            return Err(Denial::Away);
        }
        if !self.look(|shown| shown.shows(node)) {
            return Err(Denial::Gone);
        }
        self.answer(ToVisitor::Wiggle { by, node });
        Ok(Outcome::Done)
    }

    /// Tells each what became of their acts.
    pub(super) fn tell_ended(&mut self, ended: Ended) {
        for (person, kind) in self.acts.done() {
            let deed = self.deed(What::Acted, person).with(&kind);
            self.session.trail.count(deed);
        }
        for (Asker { view, n, .. }, outcome) in ended {
            self.tell_view(view, &ToViewer::Outcome { n, outcome });
        }
    }

    /// To one view.
    pub(super) fn tell_view(&self, view: u64, message: &ToViewer) {
        if let (Some(view), Some(json)) = (self.views.get(&view), serialize(message)) {
            view.queue.tell(json, self.edition_of(message));
        }
    }

    /// To all views: what is no event of the page.
    pub(super) fn tell_views(&self, message: &ToViewer) {
        if self.views.is_empty() {
            return;
        }
        if let Some(json) = serialize(message) {
            let edition = self.edition_of(message);
            self.views.values().for_each(|view| view.queue.tell(json.clone(), edition));
        }
    }
}
