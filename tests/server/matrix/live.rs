//! The matrix over real sockets: a session for each place, in which each message is sent and what comes of it is seen, at its sender's and at the visitor's.

use alongside::protocol::act::{Denial, Outcome};
use alongside::protocol::agent::{FromConsole, FromViewer, Stage, ToConsole, ToViewer};
use alongside::protocol::api::NewSession;
use alongside::protocol::image::Way;
use alongside::protocol::people::{Mode, PersonId, Role};
use alongside::protocol::visitor::{FromVisitor, ToVisitor};
use http::StatusCode;
use serde_json::json;

use super::{Message, Place, Rest, Table, messages, person};
use crate::client::{Browser, World};
use crate::together::*;

pub(super) const JUSTIN: PersonId = PersonId(1);
pub(super) const ADA: PersonId = PersonId(2);
pub(super) const EVE: PersonId = PersonId(3);
pub(super) const SAM: PersonId = PersonId(4);

/// Everybody's browser, signed in.
pub(super) struct Staff {
    justin: Browser,
    ada: Browser,
    sam: Browser,
}

impl Staff {
    pub(super) async fn sign_in(world: &World) -> Self {
        Self { justin: world.agent("Justin").await, ada: world.agent("Ada").await, sam: world.agent("Sam").await }
    }

    fn browser(&self, role: Role) -> Browser {
        match role {
            Role::Agent => self.justin.clone(),
            Role::Colleague => self.ada.clone(),
            Role::Supervisor => self.sam.clone(),
        }
    }
}

/// Sends every message at a place: how many there were.
pub(super) async fn run(world: &World, staff: &Staff, table: &Table, place: Place) -> usize {
    let path = format!("/{}/cart", place.profile);
    let page = world.site.join(&path).unwrap().to_string();
    let all = messages(&page);
    let mut justin = staff.justin.clone();
    if !table.rules(&place.profile).modes.contains(&place.mode) {
        let body = json!({ "url": page, "mode": place.mode });
        let refused = justin.post(&world.control(), "/api/sessions", &body).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "rule"), "{place:?}");
        return all.len();
    }
    let mut session = Live::begin(world, staff, justin, &path, place).await;
    let (rest, before): (Vec<_>, Vec<_>) = all.iter().partition(|(_, message)| is_last(message));
    for (name, message) in before {
        session.check(name, message, table.expected(name, &session.place)).await;
    }
    // Whoever leaves cannot end it, and the other way around: what is refused comes first.
    let leads = session.place.role == Role::Agent;
    let (leave, end): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(_, message)| matches!(message, Message::Leave));
    for (name, message) in if leads { [leave, end].concat() } else { [end, leave].concat() } {
        session.check(name, message, table.expected(name, &session.place)).await;
    }
    all.len()
}

fn is_last(message: &Message) -> bool {
    matches!(message, Message::Leave | Message::Rest(Rest::End))
}

/// A session at a place.
struct Live<'a> {
    world: &'a World,
    place: Place,
    session: NewSession,
    browser: Browser,
    /// The colleague's, to hand the session back.
    ada: Browser,
    console: Option<Console>,
    view: Option<View>,
    page: Option<Page>,
}

impl<'a> Live<'a> {
    async fn begin(world: &'a World, staff: &Staff, mut justin: Browser, path: &str, place: Place) -> Self {
        let session = world.start_session(&mut justin, path, place.mode).await;
        let mut leads = Console::open(world, &justin, &session).await.unwrap();
        for name in ["Ada", "Eve"] {
            assert_eq!(leads.ask(FromConsole::Invite { n: 1, name: name.to_owned() }).await, Outcome::Done);
        }
        let mut browser = staff.browser(place.role);
        let mut page = None;
        match place.stage {
            Stage::Waiting => {}
            Stage::Asked => {
                let pin = json!({ "by": "pin", "pin": session.pin });
                assert_eq!(world.browser().post(&world.control(), "/api/join", &pin).await.status, StatusCode::OK);
            }
            Stage::Active | Stage::Ended => {
                let mut open = Page::open(&world.visitor(&session).await).await;
                open.load(PAGE, "Cart").await;
                page = Some(open);
            }
        }
        if place.stage == Stage::Ended {
            let end = format!("/api/sessions/{}/end", session.id);
            assert_eq!(justin.post(&world.control(), &end, &()).await.status, StatusCode::NO_CONTENT);
            page = None;
        }
        let ended = place.stage == Stage::Ended;
        let console = if ended { None } else { Console::open(world, &browser, &session).await };
        let view =
            if place.stage == Stage::Active { Some(View::open(world, &mut browser, &session).await) } else { None };
        assert_eq!(console.is_some(), !ended);
        Self { world, place, session, browser, ada: staff.ada.clone(), console, view, page }
    }

    /// Sends a message: what comes of it is what is expected.
    async fn check(&mut self, name: &str, message: &Message, expected: Result<(), Denial>) {
        let at = format!("{name} at {:?}", self.place);
        match message {
            Message::Rest(rest) => assert_eq!(self.rest(*rest).await, expected, "{at}"),
            Message::Viewer(message) if self.view.is_some() => self.viewer(message, expected, &at).await,
            // No view opens: no message of one comes.
            Message::Viewer(_) => assert_eq!(expected, Err(self.rest(Rest::View).await.unwrap_err()), "{at}"),
            Message::Console(message) if self.console.is_some() => self.console(message, expected, &at).await,
            Message::Leave if self.console.is_some() => {
                let leave = FromConsole::Remove { n: 7, person: person(self.place.role) };
                self.console(&leave, expected, &at).await;
            }
            // Nor does a console of a session that has ended.
            Message::Console(_) | Message::Leave => {
                assert!(Console::open(self.world, &self.browser, &self.session).await.is_none(), "{at}");
                assert_eq!(expected, Err(Denial::Inactive), "{at}");
            }
        }
        self.nothing_else_at_the_visitors(&at).await;
    }

    async fn rest(&mut self, rest: Rest) -> Result<(), Denial> {
        let rest = match rest {
            Rest::View => "viewer",
            Rest::Pin => "pin",
            Rest::End => "end",
        };
        let path = format!("/api/sessions/{}/{rest}", self.session.id);
        let answer = self.browser.post(&self.world.control(), &path, &()).await;
        if answer.status.is_success() {
            return Ok(());
        }
        match (answer.status, answer.code().as_str()) {
            (StatusCode::CONFLICT, "inactive") | (StatusCode::GONE, "ended") => Err(Denial::Inactive),
            (StatusCode::FORBIDDEN, "role") => Err(Denial::Role),
            other => panic!("{rest}: {other:?}"),
        }
    }

    async fn viewer(&mut self, message: &FromViewer, expected: Result<(), Denial>, at: &str) {
        let (view, page) = (self.view.as_mut().unwrap(), self.page.as_mut().unwrap());
        view.tell(message.clone()).await;
        let n = if let FromViewer::Pointer { .. } = message { 0 } else { 7 };
        if let Err(reason) = expected {
            return assert_eq!(view.outcome(n).await, denied(reason), "{at}");
        }
        match message {
            FromViewer::Resync { .. } => {
                view.until(|message| matches!(message, ToViewer::Events { .. })).await;
            }
            FromViewer::Pointer { .. } => {
                page.until(|message| matches!(message, ToVisitor::Pointer { .. })).await;
            }
            FromViewer::Act { .. } => {
                let (id, _) = page.asked().await;
                page.answers(id, Outcome::Done).await;
                assert_eq!(view.outcome(n).await, Outcome::Done, "{at}");
            }
            FromViewer::Wiggle { .. } => {
                assert_eq!(view.outcome(n).await, Outcome::Done, "{at}");
                page.until(|message| matches!(message, ToVisitor::Wiggle { .. })).await;
            }
            FromViewer::Note { .. } => {
                assert_eq!(view.outcome(n).await, Outcome::Done, "{at}");
                page.until(|message| matches!(message, ToVisitor::Note { .. })).await;
            }
            // Where no note could be made, there is none to take away.
            FromViewer::Unnote { .. } => {
                let outcome = view.outcome(n).await;
                assert!(
                    matches!(outcome, Outcome::Done | Outcome::Denied { reason: Denial::Gone }),
                    "{at}: {outcome:?}"
                );
            }
            FromViewer::Clear { .. } => assert_eq!(view.outcome(n).await, Outcome::Done, "{at}"),
        }
    }

    async fn console(&mut self, message: &FromConsole, expected: Result<(), Denial>, at: &str) {
        let console = self.console.as_mut().unwrap();
        if let FromConsole::Ping { n, .. } = message {
            console.socket.tell(message).await;
            console.until(|told| *told == ToConsole::Pong { n: *n }).await;
            return assert_eq!(expected, Ok(()), "{at}");
        }
        if let (FromConsole::Writing { .. }, Ok(())) = (message, expected) {
            console.socket.tell(message).await;
            let page = self.page.as_mut().unwrap();
            page.until(|told| matches!(told, ToVisitor::Writing { writing: true, .. })).await;
            return;
        }
        let outcome = console.ask(message.clone()).await;
        match (message, expected) {
            (_, Err(reason)) => assert_eq!(outcome, denied(reason), "{at}"),
            // No session of these tests has a Chrome.
            (FromConsole::Way { way: Way::Image, .. }, Ok(())) => {
                assert_eq!(outcome, denied(Denial::Unavailable), "{at}");
            }
            (FromConsole::Mode { mode, .. }, Ok(())) => self.mode(*mode, outcome, at).await,
            (FromConsole::Chat { .. }, Ok(())) => {
                assert_eq!(outcome, Outcome::Done, "{at}");
                self.page.as_mut().unwrap().until(|told| matches!(told, ToVisitor::Chat { .. })).await;
            }
            (FromConsole::HandOver { .. }, Ok(())) => {
                assert_eq!(outcome, Outcome::Done, "{at}");
                let mut ada = Console::open(self.world, &self.ada, &self.session).await.unwrap();
                assert_eq!(ada.ask(FromConsole::HandOver { n: 1, to: JUSTIN }).await, Outcome::Done);
            }
            (_, Ok(())) => assert_eq!(outcome, Outcome::Done, "{at}"),
        }
    }

    /// What was chosen is so, once the visitor who was asked has allowed it; then all is as before.
    async fn mode(&mut self, mode: Mode, outcome: Outcome, at: &str) {
        let (console, page) = (self.console.as_mut().unwrap(), self.page.as_mut().unwrap());
        let asks = mode == Mode::Shared && self.place.mode == Mode::ViewOnly;
        if asks {
            assert_eq!(outcome, Outcome::Asking, "{at}");
            let question = page.until(|told| matches!(told, ToVisitor::Question { .. })).await;
            let ToVisitor::Question { id, .. } = question else { unreachable!() };
            page.tell(FromVisitor::Answer { id, allow: true }).await;
            assert_eq!(console.outcome().await, Outcome::Done, "{at}");
        } else {
            assert_eq!(outcome, Outcome::Done, "{at}");
        }
        if mode != self.place.mode {
            page.until(|told| matches!(told, ToVisitor::Session { mode: now, .. } if *now == mode)).await;
            let before = self.place.mode;
            page.tell(FromVisitor::Mode { mode: before }).await;
            page.until(|told| matches!(told, ToVisitor::Session { mode, .. } if *mode == before)).await;
        }
    }

    /// What was not permitted never came to the visitor's page: what waits for it is no more than how things stand.
    async fn nothing_else_at_the_visitors(&mut self, at: &str) {
        let Some(page) = &mut self.page else { return };
        page.tell(FromVisitor::Ping { n: 5, rtt: None }).await;
        loop {
            let told = page.until(|_| true).await;
            match told {
                ToVisitor::Pong { n: 5 } => return,
                ToVisitor::Session { .. } | ToVisitor::Unasked { .. } | ToVisitor::Ack { .. } => {}
                ToVisitor::NoteGone { .. } | ToVisitor::Notes { .. } | ToVisitor::Writing { writing: false, .. } => {}
                ToVisitor::Ended { .. } => {
                    self.page = None;
                    return;
                }
                other => panic!("{at}: {other:?} came to the visitor's page"),
            }
        }
    }
}
