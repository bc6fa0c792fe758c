//! The way in which the page is shown: changed by whoever leads or by the visitor, packed and unpacked, given up.

use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::Task;
use super::sample::Guard;
use crate::policy::{Permit, Wish};
use crate::protocol::act::{Denial, Outcome};
use crate::protocol::agent::ToConsole;
use crate::protocol::hosted::Baggage;
use crate::protocol::image::{ImageOffer, ImageState, ToScreen, Way};
use crate::protocol::people::PersonId;
use crate::protocol::visitor::ToVisitor;
use crate::session::stage::Order;
use crate::session::trail::{Deed, What};

/// How long a page may take to tell what it has.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the task knows of the way.
#[derive(Default)]
pub(super) struct Image {
    packing: Option<Packing>,
    /// Number of the last question for baggage.
    packs: u32,
    /// Whoever drives next gets fields and scrolling of the page before.
    unpack: bool,
    /// The page that said that pictures would show it better.
    suggested: Option<u64>,
    pub(super) guard: Guard,
}

/// A change of way that waits for what the page has.
struct Packing {
    n: u32,
    connection: u64,
    to: Way,
    by: PersonId,
    /// The console that asked, and its request.
    asker: Option<(u64, u32)>,
    until: Instant,
}

impl Image {
    /// When it is waited for no longer.
    pub(super) fn due(&self) -> Option<Instant> {
        self.packing.as_ref().map(|packing| packing.until)
    }

    /// Another page drives.
    pub(super) fn begin_anew(&mut self) {
        self.guard = Guard::default();
    }
}

impl Task {
    pub(super) fn is_image(&self) -> bool {
        self.session.way().is_image()
    }

    /// What the runner wants.
    pub(super) fn obey(&mut self, order: Order) {
        match order {
            Order::Look(n) => self.answer(ToVisitor::Look { n }),
            Order::State(ImageState::Failed) | Order::Left => self.give_up(),
            Order::State(state) if self.is_image() => self.session.update(|status| status.image = state),
            Order::State(_) => {}
            Order::Fresh => {
                self.image.unpack = true;
                self.drop_hosted();
            }
        }
    }

    /// A session that was on the image way before the server was started goes on there, without what its page had in the browser.
    pub(super) fn take_up(&mut self) {
        if !self.is_image() {
            return;
        }
        if self.hand_over_to_runner() {
            self.shown.lock().unwrap_or_else(PoisonError::into_inner).watch(true);
        } else {
            self.leave_at_once(ImageState::Failed);
        }
    }

    /// Whoever leads wants another way; they are told when it is gone.
    pub(super) fn agent_sets_way(&mut self, by: PersonId, asker: (u64, u32), way: &Permit<Way>) -> Result<(), Denial> {
        let way = *way.get();
        if self.image.packing.is_some() {
            return Err(Denial::TooMuch);
        }
        if way == self.session.way() {
            self.tell_desk(asker.0, ToConsole::Outcome { n: asker.1, outcome: Outcome::Done });
            return Ok(());
        }
        if way.is_image() {
            self.offered()?;
            if self.active.is_none() {
                return Err(Denial::Away);
            }
        }
        self.pack(way, by, Some(asker));
        Ok(())
    }

    /// The visitor wants the page itself back.
    pub(super) fn visitor_leaves_image(&mut self) {
        if self.is_image() && self.image.packing.is_none() {
            self.pack(Way::Page, PersonId::VISITOR, None);
        }
    }

    fn offered(&self) -> Result<(), Denial> {
        if *self.session.hosting.offer.borrow() == ImageOffer::Ready { Ok(()) } else { Err(Denial::Unavailable) }
    }

    /// Asks the page that drives what it has; the way changes when it has told.
    fn pack(&mut self, to: Way, by: PersonId, asker: Option<(u64, u32)>) {
        let image = &mut self.image;
        image.packs += 1;
        let (n, until) = (image.packs, Instant::now() + PATIENCE);
        let connection = self.active.unwrap_or_default();
        image.packing = Some(Packing { n, connection, to, by, asker, until });
        match self.active {
            Some(_) => self.answer(ToVisitor::Pack { n }),
            None => self.packed(),
        }
    }

    /// It has told, or is not waited for any more.
    fn packed(&mut self) {
        let Some(Packing { to, by, asker, .. }) = self.image.packing.take() else { return };
        let allowed = if to.is_image() { self.offered().and_then(|()| self.still_may(by)) } else { Ok(()) };
        let set = allowed.and_then(|()| self.set_way(to, ImageState::Off, Some(by)));
        if let Some((desk, n)) = asker {
            let outcome = set.map_or_else(|reason| Outcome::Denied { reason }, |()| Outcome::Done);
            self.tell_desk(desk, ToConsole::Outcome { n, outcome });
        }
    }

    fn still_may(&self, by: PersonId) -> Result<(), Denial> {
        self.permit(by, Wish::Way(Way::Image), ()).map(|_| ())
    }

    pub(super) fn wait_no_longer_to_pack(&mut self) {
        if self.image.due().is_some_and(|due| due <= Instant::now()) {
            self.packed();
        }
    }

    /// A connection is gone, and tells nothing any more.
    pub(super) fn packs_no_more(&mut self, connection: u64) {
        if self.image.packing.as_ref().is_some_and(|packing| packing.connection == connection) {
            self.packed();
        }
    }

    /// A page tells what it has. It speaks for its own origin alone, and only while it drives, or has just done so.
    pub(super) fn take_baggage(&mut self, connection: u64, baggage: Baggage, pack: Option<u32>) {
        let answers = self.image.packing.as_ref().is_some_and(|p| p.connection == connection && Some(p.n) == pack);
        let Some(place) = self.visitors.get(&connection).map(|visitor| &visitor.place) else { return };
        let drives = self.active == Some(connection) && place.hosted && self.is_image();
        if answers || drives {
            let url = baggage.url.parse().ok();
            let hashed = |_: &_, label: &str| self.session.hashed(label);
            let own = url.and_then(|url| {
                let (sid, origin) = self.session.domain.origin_behind(&url, hashed)?;
                (sid == self.session.id && origin == place.origin).then(|| origin.real(&url))?
            });
            if let Some(real) = own {
                let origin = place.origin.clone();
                self.session.stage.put(&origin, baggage);
                self.session.stage.set_page(real);
            }
        }
        if answers {
            self.packed();
        }
    }

    /// Where the page that drives is now, if that is known.
    pub(super) fn note_place(&self, place: Option<Url>) {
        if let Some(place) = place {
            self.session.stage.set_page(place);
        }
    }

    /// A page that drives gets what the one before it had in its fields, once.
    pub(super) fn unpack(&mut self, connection: u64) {
        let Some(origin) = self.visitors.get(&connection).map(|visitor| visitor.place.origin.clone()) else { return };
        if self.image.unpack
            && let Some(baggage) = self.session.stage.page_baggage(&origin)
        {
            self.image.unpack = false;
            self.tell_page(connection, ToVisitor::Unpack { baggage });
        }
    }

    /// Goes the other way. `by`: none, where it could not go on.
    fn set_way(&mut self, way: Way, image: ImageState, by: Option<PersonId>) -> Result<(), Denial> {
        if way == self.session.way() {
            return Ok(());
        }
        let ended = self.acts.deny_all(Denial::Gone);
        self.tell_ended(ended);
        (self.page, self.source, self.resyncing) = (None, None, false);
        (self.image.unpack, self.image.suggested) = (true, None);
        let state = if way.is_image() { ImageState::Starting } else { image };
        self.session.update(|status| {
            (status.way, status.image) = (way, state);
            (status.suggest, status.veiled) = (false, false);
        });
        self.session.note_away();
        if way.is_image() {
            if !self.hand_over_to_runner() {
                self.session.update(|status| (status.way, status.image) = (Way::Page, ImageState::Failed));
                self.ask_snapshot();
                return Err(Denial::Unavailable);
            }
            for connection in self.visitors.keys().copied().collect::<Vec<_>>() {
                self.send_to_screen(connection);
            }
        } else {
            self.session.door.unhost();
            self.session.stage.close();
            self.drop_hosted();
            self.send_from_screens();
        }
        let name = by.map(|by| self.name(by)).unwrap_or_default();
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).watch(way.is_image());
        self.session.trail.note(Deed::new(What::WayChanged).by(&name).within(&self.session.id).with(&way));
        self.choose_active(true);
        Ok(())
    }

    /// False: there is none.
    fn hand_over_to_runner(&self) -> bool {
        let host = self.session.stage.host(&self.session);
        self.session.hosting.hosts.send(host).is_ok()
    }

    /// The image way ends at once: it cannot be gone, or may not be.
    fn give_up(&mut self) {
        if self.is_image() {
            self.leave_at_once(ImageState::Failed);
        }
    }

    fn leave_at_once(&mut self, state: ImageState) {
        let asker = self.image.packing.take().and_then(|packing| packing.asker);
        // The page way can always be gone.
        let _ = self.set_way(Way::Page, state, None);
        if let Some((desk, n)) = asker {
            self.tell_desk(desk, ToConsole::Outcome { n, outcome: Outcome::Done });
        }
    }

    /// Other rules hold: the way may not be gone any more.
    pub(super) fn judge_way_anew(&mut self) {
        if self.is_image() && !self.session.rules().image {
            self.leave_at_once(ImageState::Off);
        }
    }

    /// Hosted pages of before are none any more: their sockets close.
    fn drop_hosted(&mut self) {
        let gone: Vec<u64> =
            self.visitors.iter().filter(|(_, visitor)| visitor.place.hosted).map(|(id, _)| *id).collect();
        for connection in gone {
            self.disconnected(connection);
        }
    }

    /// A page of the visitor's own browser is not the one that is shown: the browser goes to the screen.
    pub(super) fn send_to_screen(&mut self, connection: u64) {
        let url = format!("{}/", self.session.domain.screen_origin(&self.session.id));
        self.tell_page(connection, ToVisitor::Screen { url });
    }

    fn send_from_screens(&mut self) {
        if let Some(url) = self.session.entrance() {
            self.tell_screens(&ToScreen::Leave { url: url.into() });
        }
    }

    /// The page that drives says that pictures would show it better.
    pub(super) fn suggested(&mut self, connection: u64) {
        self.image.suggested = Some(connection);
        self.session.update(|status| status.suggest = true);
    }

    /// Another page is shown than the one that suggested it.
    pub(super) fn suggests_no_more(&mut self) {
        if self.image.suggested.is_some() && self.image.suggested != self.active {
            self.image.suggested = None;
            self.session.update(|status| status.suggest = false);
        }
    }
}
