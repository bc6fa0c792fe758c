//! A session on the image way, with the test at all its ends.

use std::sync::Arc;

use alongside::protocol::act::Outcome;
use alongside::protocol::agent::{FromConsole, ToConsole};
use alongside::protocol::hosted::{Baggage, FieldState, Sample, Stand};
use alongside::protocol::image::{Device, FromScreen, Way};
use alongside::protocol::page::NodeId;
use alongside::protocol::people::Mode;
use alongside::protocol::visitor::{FromVisitor, ToVisitor};
use alongside::session::{Feed, Found, Host, HostEvent, Judged, Session, Side};

use crate::client::{Browser, Socket, Visitor, World};
use crate::support::within;
use crate::together::*;

/// A session on the image way: everybody's ends.
pub(super) struct Rig<'a> {
    pub(super) together: Together<'a>,
    pub(super) session: Arc<Session>,
    pub(super) host: Host,
    pub(super) hosted: Visitor,
    pub(super) page: Page,
    pub(super) screen: Socket,
    pub(super) visitor_feed: Feed,
    /// What the hosted page was told to put in place.
    pub(super) unpacked: Option<Baggage>,
}

pub(super) fn device() -> Device {
    Device {
        width: 390,
        height: 844,
        density: 3.0,
        touch: true,
        mobile: true,
        landscape: false,
        languages: vec!["de".to_owned()],
        time_zone: "Europe/Berlin".to_owned(),
        ..Device::default()
    }
}

pub(super) fn live(world: &World, id: &str) -> Arc<Session> {
    match world.sessions.find(&id.to_owned().try_into().unwrap()) {
        Found::Live(session) => session,
        _ => panic!("no session"),
    }
}

pub(super) fn screen_host(visitor: &Visitor) -> String {
    let (sid, rest) = visitor.host.split_at(10);
    format!("{sid}-i.{}", rest.split_once('.').unwrap().1)
}

pub(super) async fn screen(browser: &Browser, host: &str) -> Option<Socket> {
    browser.socket(host, "/socket", &format!("http://{host}")).await
}

/// The page in Chrome's browser.
pub(super) fn hosted(visitor: &Visitor, host: &Host) -> Visitor {
    let (name, value) = host.cookie().unwrap();
    let mut browser = visitor.browser.clone();
    browser.cookies = [(name, value.expose().to_owned())].into();
    Visitor { browser, host: visitor.host.clone(), enter: visitor.enter.clone(), page: visitor.page.clone() }
}

pub(super) async fn event(host: &mut Host, wanted: impl Fn(&HostEvent) -> bool) -> HostEvent {
    loop {
        let event = within(host.next()).await.expect("over");
        if wanted(&event) {
            return event;
        }
    }
}

pub(super) async fn judged(host: &mut Host) -> Judged {
    let HostEvent::Judged(judged) = event(host, |event| matches!(event, HostEvent::Judged(_))).await else {
        unreachable!()
    };
    judged
}

pub(super) async fn feed(host: &mut Host, side: Side) -> Feed {
    let found = event(host, |event| matches!(event, HostEvent::Feed(feed) if feed.side == side)).await;
    let HostEvent::Feed(feed) = found else { unreachable!() };
    feed
}

impl<'a> Rig<'a> {
    pub(super) async fn new(world: &'a World, mode: Mode) -> Self {
        let mut together = Together::new(world, mode).await;
        let session = live(world, &together.session.id);
        together.console.socket.tell(&FromConsole::Way { n: 5, way: Way::Image }).await;
        let pack = together.page.until(|told| matches!(told, ToVisitor::Pack { .. })).await;
        let ToVisitor::Pack { n } = pack else { unreachable!() };
        let url = format!("http://{}{}", together.visitor.host, together.visitor.page);
        together.page.tell(FromVisitor::Baggage { baggage: baggage(&url, "page"), pack: Some(n) }).await;
        assert_eq!(together.console.outcome().await, Outcome::Done);
        let there = together.page.until(|told| matches!(told, ToVisitor::Screen { .. })).await;
        let host_name = screen_host(&together.visitor);
        assert_eq!(there, ToVisitor::Screen { url: format!("http://{host_name}/") });
        let mut host = world.host().await;
        let mut screen = screen(&together.visitor.browser, &host_name).await.unwrap();
        screen.tell(&FromScreen::Device { device: device() }).await;
        let visitor_feed = feed(&mut host, Side::Visitor).await;
        let hosted = hosted(&together.visitor, &host);
        let mut page = Page::open(&hosted).await;
        let told = page.until(|told| matches!(told, ToVisitor::Unpack { .. })).await;
        let ToVisitor::Unpack { baggage } = told else { unreachable!() };
        page.load(PAGE + 1, "Cart").await;
        Self { together, session, host, hosted, page, screen, visitor_feed, unpacked: Some(baggage) }
    }

    pub(super) async fn pictures(&mut self) -> (Socket, Feed) {
        let Together { world, justin, session, .. } = &mut self.together;
        let (host, path) = world.view(justin, session).await;
        let pictures = justin.socket(&host, &format!("{path}pictures"), &format!("http://{host}")).await.unwrap();
        (pictures, feed(&mut self.host, Side::Agent).await)
    }

    pub(super) async fn sample(&mut self, seq: u32, guard: u32, at: f64) -> Judged {
        let stands = vec![Stand { node: FORM, boxes: vec![(1.0, 2.0, 3.0, 4.0)] }];
        let sample = Sample { page: PAGE + 1, seq, guard, at, look: None, stands };
        self.page.tell(FromVisitor::Sample { sample }).await;
        judged(&mut self.host).await
    }

    pub(super) async fn guard(&mut self) -> (u32, Vec<NodeId>) {
        let told = self.page.until(|told| matches!(told, ToVisitor::Guard { .. })).await;
        let ToVisitor::Guard { n, nodes } = told else { unreachable!() };
        (n, nodes)
    }

    pub(super) async fn way(&mut self, way: Way) -> ToConsole {
        self.together.console.until(|told| matches!(told, ToConsole::Status { way: now, .. } if *now == way)).await
    }
}

pub(super) fn baggage(url: &str, value: &str) -> Baggage {
    Baggage {
        url: url.to_owned(),
        local: vec![("cart".to_owned(), format!("{value}</script><script>alert(1)"))],
        session: vec![("tab".to_owned(), value.to_owned())],
        fields: vec![FieldState {
            path: "input".to_owned(),
            value: Some(value.to_owned()),
            checked: None,
            selected: None,
        }],
        scrolls: vec![(String::new(), 0.0, 40.0)],
    }
}

pub(super) const TAB: [(&str, &str); 3] =
    [("sec-fetch-dest", "document"), ("sec-fetch-mode", "navigate"), ("accept", "text/html")];
