//! What is not answered in time, and what comes too often.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::policy::Use;
use crate::protocol::act::{Act, Denial, Outcome};
use crate::protocol::agent::{EndedBy, FromConsole, FromViewer, ToConsole, ToViewer};
use crate::protocol::page::{NodeId, PageEvent, Pointer, PointerAction};
use crate::protocol::people::{AccountRole, Mode, Priority};
use crate::protocol::visitor::{FromVisitor, ToVisitor};
use crate::session::assets::Bounds;
use crate::session::token::Secret;
use crate::session::{Agent, Desk, Page, Session, Sessions, Settings, Times, Watcher};
use crate::wash::document;

const AWAY: Duration = Duration::from_secs(900);

const SITES: &str = "[[site]]\nname = 'Shop'\nstart = 'https://shop.example/'\npages = ['https://shop.example']\n";

/// A session with a page, a view and a console, without sockets: time is the test's.
struct Rig {
    sessions: Arc<Sessions>,
    session: Arc<Session>,
    page: Page,
    view: Watcher,
    desk: Desk,
}

impl Rig {
    async fn new(mode: Mode) -> Self {
        let config = crate::config::Config::parse(SITES, "test", []).unwrap();
        let hours = Duration::from_secs(4 * 3600);
        let sessions = Sessions::new(Settings {
            domain: config.view_domain((crate::origin::Scheme::Http, 8080)),
            policy: config.policy(),
            times: Times { pin: AWAY, away: AWAY, longest: hours },
            assets: Bounds { total: 1 << 20, one: 1 << 20 },
            sessions: 1,
            per_agent: 1,
            pepper: Secret::random().unwrap(),
            kept: false,
            trail: crate::session::Trail::default(),
            hosting: crate::session::Hosting::default(),
        });
        let agent = Agent { account: 1, name: "Ada".to_owned(), role: AccountRole::Agent };
        let url = "https://shop.example/".parse().unwrap();
        let start = sessions.policy().permit(&url, Use::Page).unwrap();
        let (session, ways) = sessions.create(agent.clone(), start, mode, Priority::Normal).unwrap();
        let (_, cookie) = sessions.join_by_pin(ways.pin.expose(), IpAddr::V4(Ipv4Addr::LOCALHOST)).unwrap();
        sessions.allow(cookie.expose(), mode).unwrap();
        let origin = crate::origin::UpstreamOrigin::of(&url).unwrap();
        let (page, desk) = (session.connect(false, origin), session.desk(&agent).unwrap());
        let view = session.watch(&agent).unwrap();
        let mut rig = Self { sessions, session, page, view, desk };
        let mirror = document::parse("<button>Go</button>", &url).unwrap();
        let events = vec![rig.session.wash().snapshot(&mirror).unwrap()];
        rig.tell(FromVisitor::Events { page: 7, seq: 0, events }).await;
        rig.hears(|message| matches!(message, ToViewer::Events { .. })).await;
        rig
    }

    async fn tell(&self, message: FromVisitor) {
        let room = self.page.room(100).await.unwrap();
        assert!(self.page.send(message, room).await);
    }

    async fn hears(&mut self, wanted: impl Fn(&ToViewer) -> bool) -> ToViewer {
        loop {
            let message = serde_json::from_slice(&self.view.next().await.unwrap()).unwrap();
            if wanted(&message) {
                return message;
            }
        }
    }

    async fn outcome(&mut self) -> ToViewer {
        self.hears(|message| matches!(message, ToViewer::Outcome { .. })).await
    }

    async fn decided(&mut self) -> Outcome {
        loop {
            if let Some(ToConsole::Outcome { outcome, .. }) = self.desk.next().await {
                return outcome;
            }
        }
    }

    async fn asked(&mut self) -> ToVisitor {
        loop {
            let answer = self.page.answer().await.unwrap();
            if !matches!(answer, ToVisitor::Ack { .. } | ToVisitor::Chats { .. } | ToVisitor::Privacy { .. }) {
                return answer;
            }
        }
    }

    async fn act(&mut self, n: u32) -> u32 {
        self.view.send(FromViewer::Act { n, seen: 1, act: Act::Back }).await;
        let ToVisitor::Act { id, .. } = self.asked().await else { panic!("an act") };
        id
    }
}

fn unanswered() -> Outcome {
    Outcome::Denied { reason: Denial::Unanswered }
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_the_page_for_ever() {
    let mut rig = Rig::new(Mode::Shared).await;
    let begun = Instant::now();
    rig.act(1).await;
    assert_eq!(rig.outcome().await, ToViewer::Outcome { n: 1, outcome: unanswered() });
    assert_eq!(begun.elapsed().as_secs(), 10);
    let id = rig.act(2).await;
    rig.tell(FromVisitor::Acted { id, outcome: Outcome::Asking }).await;
    assert_eq!(rig.outcome().await, ToViewer::Outcome { n: 2, outcome: Outcome::Asking });
    assert_eq!(rig.outcome().await, ToViewer::Outcome { n: 2, outcome: unanswered() });
    assert_eq!(begun.elapsed().as_secs(), 50);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_the_visitor_for_ever() {
    let mut rig = Rig::new(Mode::ViewOnly).await;
    let begun = Instant::now();
    rig.desk.send(FromConsole::Mode { n: 1, mode: Mode::Shared }, None).await;
    assert_eq!(rig.decided().await, Outcome::Asking);
    assert!(rig.session.status().borrow().asking);
    let ToVisitor::Question { id, .. } = rig.asked().await else { panic!("a question") };
    assert_eq!(rig.decided().await, unanswered());
    assert_eq!((begun.elapsed().as_secs(), rig.asked().await), (30, ToVisitor::Unasked { id }));
    rig.tell(FromVisitor::Answer { id, allow: true }).await;
    rig.tell(FromVisitor::Acted { id: 99, outcome: Outcome::Done }).await;
    rig.desk.send(FromConsole::Priority { n: 2, priority: Priority::High }, None).await;
    assert_eq!(rig.decided().await, Outcome::Done);
    assert_eq!((rig.session.mode(), rig.session.status().borrow().asking), (Mode::ViewOnly, false), "too late");
}

#[tokio::test(start_paused = true)]
async fn what_waits_does_not_keep_a_session_alive() {
    let mut rig = Rig::new(Mode::Shared).await;
    rig.act(1).await;
    let Rig { session, page, .. } = rig;
    let begun = Instant::now();
    drop(page);
    assert_eq!(session.ended().await, EndedBy::Expired);
    assert_eq!(begun.elapsed(), AWAY);
}

#[tokio::test(start_paused = true)]
async fn pointers_beyond_what_a_hand_does_are_left_out() {
    let mut rig = Rig::new(Mode::ViewOnly).await;
    for n in 0..1000 {
        let pointer = Pointer { action: PointerAction::Move, node: Some(NodeId(2)), at: (0.0, f64::from(n) / 1000.0) };
        rig.view.send(FromViewer::Pointer { pointer, laser: true }).await;
    }
    rig.view.send(FromViewer::Wiggle { n: 1, node: NodeId(2) }).await;
    assert_eq!(rig.outcome().await, ToViewer::Outcome { n: 1, outcome: Outcome::Denied { reason: Denial::TooMuch } });
    let ToVisitor::Pointer { pointer, laser: true, .. } = rig.asked().await else { panic!("a pointer") };
    assert!(pointer.at.1 < 0.1, "the newest of those that were taken, and no queue of them");
    tokio::time::advance(Duration::from_secs(1)).await;
    rig.view.send(FromViewer::Wiggle { n: 2, node: NodeId(2) }).await;
    assert!(matches!(rig.asked().await, ToVisitor::Wiggle { .. }));
}

#[tokio::test]
async fn nothing_more_goes_out_by_rules_that_hold_no_more() {
    let mut rig = Rig::new(Mode::ViewOnly).await;
    // Document, html, head, body and button come before it.
    let text = |seq: u32| PageEvent::Text { node: NodeId(6), text: format!("needle{seq}") };
    for seq in 1..50 {
        rig.tell(FromVisitor::Events { page: 7, seq, events: vec![text(seq)] }).await;
        rig.tell(FromVisitor::Chat { text: format!("needle{seq}") }).await;
    }
    rig.desk.send(FromConsole::Priority { n: 1, priority: Priority::High }, None).await;
    while rig.session.status().borrow().priority != Priority::High {
        tokio::task::yield_now().await;
    }
    let scrub = "[[site.privacy.scrub]]\npattern = 'needle[0-9]+'\nreplacement = 'gone'\n";
    let config = crate::config::Config::parse(&format!("{SITES}{scrub}"), "test", []).unwrap();
    // All of it waits to be read, and from here on the change is made.
    assert_eq!(rig.sessions.set_policy(config.policy()), 1);
    let anew = rig.hears(|message| matches!(message, ToViewer::Events { .. })).await;
    let told = serde_json::to_string(&anew).unwrap();
    assert!(told.contains("snapshot") && told.contains("gone") && !told.contains("needle"), "{told}");
    rig.tell(FromVisitor::Events { page: 7, seq: 50, events: vec![text(50)] }).await;
    let next = rig.hears(|message| matches!(message, ToViewer::Events { .. })).await;
    assert!(!serde_json::to_string(&next).unwrap().contains("needle"), "{next:?}");
    loop {
        match rig.desk.next().await.unwrap() {
            ToConsole::Chats { messages } if !messages.is_empty() => {
                assert!(messages.len() == 49 && messages.iter().all(|message| message.text == "gone"), "{messages:?}");
                break;
            }
            told => assert!(!serde_json::to_string(&told).unwrap().contains("needle"), "{told:?}"),
        }
    }
}
