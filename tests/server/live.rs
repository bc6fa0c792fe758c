//! Rules that change while sessions run.

use std::time::{Duration, Instant};

use alongside::origin::{Sid, UpstreamOrigin};
use alongside::policy::Policy;
use alongside::protocol::act::{Act, Denial, Outcome};
use alongside::protocol::agent::{FromConsole, Presence, ToConsole, ToViewer};
use alongside::protocol::api::SessionInfo;
use alongside::protocol::page::PageEvent;
use alongside::protocol::people::{Mode, PersonId, Priority, Tool};
use alongside::protocol::visitor::{FromVisitor, ToVisitor};
use alongside::session::{Found, Session};
use alongside::upstream::{Options, body};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

use crate::client::World;
use crate::support::{Rig, Web, loopback, within};
use crate::together::*;

/// The site as it is at first.
const SHOP: &str = "[[site]]\nname = 'Shop'\nstart = '{site}/cart'\npages = ['{site}']\nnetworks = ['127.0.0.0/8']\n";
/// A rule that texts of the page, titles, addresses and chat fall under.
const SECRET: &str = "[[site.privacy.scrub]]\npattern = 'needle\\d+'\nreplacement = '[secret]'\n";

fn json(message: &impl Serialize) -> String {
    serde_json::to_string(message).unwrap()
}

pub(crate) fn running(world: &World, id: &str) -> Arc<Session> {
    match world.sessions.find(&Sid::parse(id).unwrap()) {
        Found::Live(session) => session,
        _ => panic!("it runs"),
    }
}

fn is_of_page(message: &ToViewer) -> bool {
    matches!(message, ToViewer::Events { .. })
}

fn is_snapshot(message: &ToViewer) -> bool {
    matches!(message, ToViewer::Events { events, .. } if matches!(events.first(), Some(PageEvent::Snapshot(_))))
}

#[tokio::test]
async fn stricter_rules_hold_for_what_the_server_has() {
    let world = World::start().await;
    let mut together = Together::at(&world, "/needle0/cart", Mode::ViewOnly).await;
    let told = vec![
        PageEvent::Text { node: TEXT, text: "It is needle1".to_owned() },
        PageEvent::Text { node: TITLE, text: "needle2".to_owned() },
    ];
    together.page.tell(FromVisitor::Events { page: PAGE, seq: 1, events: told }).await;
    together.page.tell(FromVisitor::Chat { text: "needle3, please".to_owned() }).await;
    let Together { session, mut justin, visitor, mut page, mut view, mut console, .. } = together;
    view.until(|message| json(message).contains("needle1")).await;
    console
        .until(
            |m| matches!(m, ToConsole::Status { tabs, .. } if tabs.first().is_some_and(|tab| tab.title == "needle2")),
        )
        .await;
    console.until(|m| matches!(m, ToConsole::Chat { message } if message.text == "needle3, please")).await;

    assert_eq!(world.rules(&format!("{SHOP}{SECRET}")), 1);
    let anew = view.until(is_of_page).await;
    assert!(is_snapshot(&anew), "{anew:?}");
    assert!(json(&anew).contains("[secret]") && !json(&anew).contains("needle"), "{anew:?}");
    let (mut chats, mut titled) = (false, false);
    loop {
        let told: ToConsole = console.until(|_| true).await;
        assert!(!json(&told).contains("needle"), "{told:?}");
        chats |= matches!(&told, ToConsole::Chats { messages } if messages[0].text == "[secret], please");
        titled |=
            matches!(&told, ToConsole::Status { tabs, .. } if tabs.first().is_some_and(|tab| tab.title == "[secret]"));
        if chats && titled {
            break;
        }
    }
    let list: Vec<SessionInfo> = justin.get(&world.control(), "/api/sessions").await.json();
    assert!(list[0].url.ends_with("/cart") && list[0].url.contains("secret"), "{}", list[0].url);
    assert!(!list[0].url.contains("needle"), "{}", list[0].url);

    // What comes later, and whoever comes later: another view, another console.
    let told = vec![PageEvent::Text { node: TEXT, text: "Now needle4".to_owned() }];
    page.tell(FromVisitor::Events { page: PAGE, seq: 2, events: told }).await;
    let told = view.until(|message| json(message).contains("Now")).await;
    assert!(!json(&told).contains("needle"));
    let (host, path) = world.view(&mut justin, &session).await;
    let mut other = justin.socket(&host, &format!("{path}socket"), &format!("http://{host}")).await.unwrap();
    let whole: ToViewer = other.until(is_snapshot).await;
    assert!(!json(&whole).contains("needle"));
    let mut other = Console::open(&world, &justin, &session).await.unwrap();
    let told = other.until(|message| matches!(message, ToConsole::Chats { messages } if !messages.is_empty())).await;
    assert!(!json(&told).contains("needle"));

    // The visitor reads what they wrote.
    let mut again = Page::open(&visitor).await;
    let told = again.until(|message| matches!(message, ToVisitor::Chats { .. })).await;
    assert!(json(&told).contains("needle3, please"));
}

#[tokio::test]
async fn a_number_that_is_said_in_two_lines_is_taken_back() {
    let card = "[[site.privacy.scrub]]\nready = 'card'\n";
    let world = World::with(card).await;
    let Together { mut page, mut console, .. } = Together::new(&world, Mode::ViewOnly).await;
    for text in ["It is 4111 1111", "1111 1111, and that is all"] {
        page.tell(FromVisitor::Chat { text: text.to_owned() }).await;
    }
    console.until(|m| matches!(m, ToConsole::Chat { message } if message.text == "It is 4111 1111")).await;
    let second = console.until(|m| matches!(m, ToConsole::Chat { .. })).await;
    assert!(!json(&second).contains("1111"), "{second:?}");
    let all = console.until(|m| matches!(m, ToConsole::Chats { .. })).await;
    assert!(!json(&all).contains("1111") && json(&all).contains("and that is all"), "{all:?}");
}

#[tokio::test]
async fn a_mask_hides_what_was_visible() {
    let world = World::start().await;
    let Together { mut page, mut view, .. } = Together::new(&world, Mode::ViewOnly).await;
    world.rules(&format!("{SHOP}[[site.privacy.mask]]\nselector = 'p'\naction = 'mask'\n"));
    let anew = view.until(is_of_page).await;
    assert!(is_snapshot(&anew) && json(&anew).contains("\"****\"") && !json(&anew).contains("\"Text\""), "{anew:?}");
    // The companion goes by it, too, and tells the page anew.
    let told = page.until(
        |message| matches!(message, ToVisitor::Privacy { sites } if sites.iter().any(|site| !site.rules.is_empty())),
    );
    told.await;
    page.until(|message| matches!(message, ToVisitor::Resync { assets: false })).await;
    page.load(PAGE, "Cart").await;
    let anew = view.until(is_snapshot).await;
    assert!(!json(&anew).contains("\"Text\""));
    world.rules(SHOP);
    let anew = view.until(is_snapshot).await;
    assert!(json(&anew).contains("\"Text\""), "laxer rules hold at once, too");
}

#[tokio::test]
async fn a_page_that_is_not_covered_any_more_is_not_seen_any_more() {
    let world = World::start().await;
    let Together { session, mut justin, mut visitor, mut page, mut view, mut console, .. } =
        Together::new(&world, Mode::Shared).await;
    let running = running(&world, &session.id);
    let picture = world.site.join("/picture.png").unwrap();
    let key = running.asset_key(&picture);
    running.assets().put(key.clone(), picture, "image/png", b"picture");
    let (host, path) = world.view(&mut justin, &session).await;
    let asset = format!("{path}a/{key}");
    assert_eq!(justin.get(&host, &asset).await.status, StatusCode::OK);
    let acted = view.act(click(BUTTON)).await;
    page.asked().await;

    world.rules(&SHOP.replace("/cart'", "/help'").replace("pages = ['{site}']", "pages = ['{site}/help']"));
    assert_eq!(justin.get(&host, &asset).await.status, StatusCode::NOT_FOUND, "at once");
    let (mut empty, mut outcome) = (None, None);
    while empty.is_none() || outcome.is_none() {
        match view.until(|message| is_of_page(message) || matches!(message, ToViewer::Outcome { .. })).await {
            ToViewer::Outcome { n, outcome: what } => outcome = Some((n, what)),
            page => empty = Some(page),
        }
    }
    assert_eq!(outcome, Some((acted, denied(Denial::Mode))));
    let empty = empty.unwrap();
    assert!(is_snapshot(&empty) && !json(&empty).contains("Text") && !json(&empty).contains("cart"), "{empty:?}");
    console.until(|m| matches!(m, ToConsole::Status { outside: true, mode: Mode::ViewOnly, .. })).await;
    page.until(|message| matches!(message, ToVisitor::Reload)).await;
    assert_eq!(view.refused(click(BUTTON)).await, denied(Denial::Mode), "its site is gone: the strictest rules");

    let document = [("sec-fetch-dest", "document"), ("sec-fetch-mode", "navigate")];
    let answer = visitor.browser.send(Method::GET, &visitor.host, "/cart", &document, Bytes::new()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(
        answer.text().contains("not part of the session") && answer.text().contains("/cart\""),
        "{}",
        answer.text()
    );
    assert!(!answer.text().contains("where the session began"), "it began at a page that is not covered either");

    // The visitor goes on at a page that is: it is seen. And back, without a load: it is not, and stays as it is at the visitor's.
    drop(page);
    console.until(|m| matches!(m, ToConsole::Status { visitor: Presence::Away, outside: true, .. })).await;
    let help = visitor.browser.send(Method::GET, &visitor.host, "/help", &document, Bytes::new()).await;
    assert_eq!(help.status, StatusCode::OK);
    let mut page = Page::open_at(&visitor, "/help").await;
    page.load(8, "Help").await;
    let seen = view.until(is_snapshot).await;
    assert!(json(&seen).contains("Help"));
    console.until(|m| matches!(m, ToConsole::Status { outside: false, .. })).await;
    let url = format!("http://{}/cart", visitor.host);
    let moved = vec![PageEvent::Url { url }, PageEvent::Text { node: TEXT, text: "needle".to_owned() }];
    page.tell(FromVisitor::Events { page: 8, seq: 1, events: moved }).await;
    let empty = view.until(is_of_page).await;
    assert!(is_snapshot(&empty) && !json(&empty).contains("needle"), "{empty:?}");
    console.until(|m| matches!(m, ToConsole::Status { outside: true, .. })).await;

    // Laxer rules: seen again. The visitor's way back is the start.
    world.rules(SHOP);
    let seen = view.until(is_snapshot).await;
    assert!(json(&seen).contains("needle"));
    let answer = visitor.browser.send(Method::GET, &visitor.host, "/cart", &document, Bytes::new()).await;
    assert_eq!(answer.status, StatusCode::OK);
    world.rules(&SHOP.replace("pages = ['{site}']", "pages = ['{site}/cart']"));
    let answer = visitor.browser.send(Method::GET, &visitor.host, "/else", &document, Bytes::new()).await;
    let back = format!("href=\"http://{}/cart\"", visitor.host);
    assert!(answer.status == StatusCode::FORBIDDEN && answer.text().contains(&back), "{}", answer.text());
}

#[tokio::test]
async fn a_mode_and_tools_that_are_not_allowed_any_more_end() {
    let world = World::start().await;
    let mut together = Together::new(&world, Mode::Shared).await;
    let ada = together.invite("Ada").await;
    let Together { session, mut page, mut view, mut console, .. } = together;
    let mut colleague = Console::open(&world, &ada, &session).await.unwrap();
    let (back, clicked) = (view.act(Act::Back).await, view.act(click(BUTTON)).await);
    let back_asked = page.asked().await.0;
    let (asked, _) = page.asked().await;

    // An act of a kind that is not allowed any more ends; another goes on.
    let rules = "[site.agent]\nacts = ['click']\ntools = ['pointer']\n";
    world.rules(&format!("{SHOP}{rules}"));
    assert_eq!(view.outcome(back).await, denied(Denial::Rule));
    page.answers(back_asked, Outcome::Done).await;
    page.answers(asked, Outcome::Done).await;
    assert_eq!(view.outcome(clicked).await, Outcome::Done);
    let lacks_chat = |tools: &[Tool]| tools == [Tool::Pointer];
    for console in [&mut console, &mut colleague] {
        console.until(|m| matches!(m, ToConsole::Status { rules, .. } if lacks_chat(&rules.tools))).await;
        let said = console.ask(FromConsole::Chat { n: 3, text: "Hello".to_owned() }).await;
        assert_eq!(said, denied(Denial::Rule));
    }
    page.until(|m| matches!(m, ToVisitor::Session { rules, .. } if lacks_chat(&rules.tools))).await;

    // The mode steps down, and the visitor is not asked any more.
    world.rules(&format!("{SHOP}[site.agent]\nmodes = ['view-only']\n"));
    view.until(|m| matches!(m, ToViewer::Session { mode: Mode::ViewOnly, rules, .. } if rules.tools.len() > 1)).await;
    page.until(|m| matches!(m, ToVisitor::Session { mode: Mode::ViewOnly, .. })).await;
    console.until(|m| matches!(m, ToConsole::Status { mode: Mode::ViewOnly, .. })).await;
    assert_eq!(view.refused(click(BUTTON)).await, denied(Denial::Mode));
    page.tell(FromVisitor::Mode { mode: Mode::Shared }).await;
    assert_eq!(console.ask(FromConsole::Mode { n: 5, mode: Mode::Shared }).await, denied(Denial::Rule));
    assert_eq!(running(&world, &session.id).mode(), Mode::ViewOnly, "the visitor cannot step up either");
    world.rules(SHOP);
    assert_eq!(running(&world, &session.id).mode(), Mode::ViewOnly, "nobody steps up by a rule");
    console.until(|m| matches!(m, ToConsole::Status { rules, .. } if rules.modes.contains(&Mode::Shared))).await;
    assert_eq!(console.ask(FromConsole::Mode { n: 6, mode: Mode::Shared }).await, Outcome::Asking);
    world.rules(&format!("{SHOP}[site.agent]\nmodes = ['view-only']\n"));
    assert_eq!(console.outcome().await, denied(Denial::Rule));
    page.until(|m| matches!(m, ToVisitor::Unasked { .. })).await;
}

#[tokio::test]
async fn style_sheets_are_washed_by_the_rules_of_the_moment() {
    let world = World::start().await;
    let Together { session, mut justin, .. } = Together::new(&world, Mode::ViewOnly).await;
    let running = running(&world, &session.id);
    let sheet = world.site.join("/shop.css").unwrap();
    let key = running.asset_key(&sheet);
    running.assets().put(key.clone(), sheet, "text/css", b"p::after { content: \"needle1\" }");
    let (host, path) = world.view(&mut justin, &session).await;
    let asset = format!("{path}a/{key}");
    assert!(justin.get(&host, &asset).await.text().contains("needle1"));
    world.rules(&format!("{SHOP}{SECRET}"));
    let text = justin.get(&host, &asset).await.text();
    assert!(text.contains("content") && !text.contains("needle1"), "{text}");
}

#[tokio::test]
async fn a_tunnel_ends_with_the_rule_that_allowed_it() {
    let web = Web::start(|mut request: Request<Incoming>| async move {
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let (mut read, mut write) = tokio::io::split(TokioIo::new(upgrade.await.unwrap()));
            tokio::io::copy(&mut read, &mut write).await
        });
        let mut response = Response::new(body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        for (name, value) in [("connection", "Upgrade"), ("upgrade", "websocket")] {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        response
    })
    .await;
    let rig = Rig::new(vec![loopback()], Options::default()).await;
    let url = Url::parse(&web.url("/chat").as_str().replace("http://", "ws://")).unwrap();
    let origin = rig.view(&web.url("/"));
    let headers = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-version", "13"),
        ("origin", origin.trim_end_matches('/')),
        ("sec-fetch-dest", "websocket"),
    ];
    let response = rig.get(&url, &headers).await;
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    let mut io = TokioIo::new(within(hyper::upgrade::on(response)).await.unwrap());
    assert_eq!(rig.sessions.set_policy(Policy::new(vec![loopback()])), 1);
    let mut got = [0; 4];
    within(io.write_all(b"here")).await.unwrap();
    within(io.read_exact(&mut got)).await.unwrap();
    assert_eq!(&got, b"here", "what is allowed goes on");
    rig.sessions.set_policy(Policy::new(Vec::new()));
    assert_eq!(within(io.read(&mut [0; 16])).await.unwrap_or(0), 0, "the tunnel outlived its rule");
}

/// Sessions with a page each, to be told of a change at once.
const MANY: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_holds_nobody_up() {
    let limits = format!("{SHOP}[limits]\nsessions = 500\nsessions_per_agent = 500\nmessages_per_second = 100000\n");
    let world = World::sites(&limits).await;
    let mut together = Together::new(&world, Mode::ViewOnly).await;
    let ada = alongside::session::Agent {
        account: 7,
        name: "Ada".to_owned(),
        role: alongside::protocol::people::AccountRole::Agent,
    };
    let start = world.site.join("/cart").unwrap();
    let mut all = Vec::new();
    for _ in 1..MANY {
        let permit = world.sessions.policy().permit(&start, alongside::policy::Use::Page).unwrap();
        let (session, ways) = world.sessions.create(ada.clone(), permit, Mode::ViewOnly, Priority::Normal).unwrap();
        let (_, join) = world.sessions.join_by_pin(ways.pin.expose(), world.address.ip()).unwrap();
        world.sessions.allow(join.expose(), Mode::ViewOnly).unwrap();
        let origin = UpstreamOrigin::of(&start).unwrap();
        let (page, mut view) = (session.connect(false, origin.clone()), session.watch(&ada).unwrap());
        let url = session.domain().map(session.id(), &start).unwrap();
        assert!(origin.encode().len() > 1);
        let events = vec![large(url.as_str())];
        let room = page.room(100_000).await.unwrap();
        assert!(page.send(FromVisitor::Events { page: 1, seq: 0, events }, room).await);
        within(view.next()).await.unwrap();
        all.push((session, page, view));
    }
    let begun = Instant::now();
    assert_eq!(world.rules(&format!("{SHOP}{SECRET}")), MANY);
    let call = begun.elapsed();
    // Another session's chat, there and back, while all the others work.
    let mut longest = Duration::ZERO;
    let mut done = tokio::spawn(async move {
        for (_, _, view) in &mut all {
            let anew = within(view.next()).await.unwrap();
            assert!(!anew.windows(6).any(|bytes| bytes == b"needle"));
        }
        all
    });
    let mut n = 0;
    let all = loop {
        n += 1;
        let begun = Instant::now();
        together.console.until_outcome_of(n, FromConsole::Priority { n, priority: Priority::High }).await;
        longest = longest.max(begun.elapsed());
        tokio::select! {
            biased;
            all = &mut done => break all.unwrap(),
            () = tokio::task::yield_now() => {}
        }
    };
    println!(
        "{MANY} sessions: the call {call:?}, all told anew after {:?}, a socket waited {longest:?} at most ({n} times asked)",
        begun.elapsed()
    );
    assert!(call < Duration::from_millis(500) && longest < Duration::from_secs(2));
    assert_eq!(all.len(), MANY - 1);
    assert!(all.iter().all(|(session, ..)| session.status().borrow().people.get(PersonId(1)).is_some()));
}

/// A page of some 60 KB.
fn large(url: &str) -> PageEvent {
    let PageEvent::Snapshot(mut page) = snapshot(url, "needle1") else { unreachable!() };
    for n in 0..500 {
        let text = format!("A paragraph with some words in it, and needle{n} among them.");
        page.nodes.extend(paragraph(100 + 2 * n, &text));
    }
    PageEvent::Snapshot(page)
}
