//! Working together: acts, modes, people, locks, chat, tabs, over real sockets.

use alongside::protocol::act::{Act, Denial, Lock, Outcome};
use alongside::protocol::agent::{FromConsole, FromViewer, Tab, ToConsole, ToViewer};
use alongside::protocol::api::SessionInfo;
use alongside::protocol::page::{PageEvent, PointerAction};
use alongside::protocol::people::{Mode, Person, PersonId, Priority, Role};
use alongside::protocol::visitor::{FromVisitor, Question, ToVisitor};
use http::StatusCode;
use serde_json::json;

use crate::client::World;
use crate::together::*;

const JUSTIN: PersonId = PersonId(1);
const ADA: PersonId = PersonId(2);

fn ids(people: &[Person]) -> Vec<(u32, Role, bool)> {
    people.iter().map(|person| (person.id.0, person.role, person.watching)).collect()
}

#[tokio::test]
async fn an_act_is_done_when_the_page_says_so() {
    let world = World::start().await;
    let Together { mut page, mut view, .. } = Together::new(&world, Mode::Shared).await;
    let n = view.act(click(BUTTON)).await;
    let (id, sent) = page.asked().await;
    assert_eq!(sent, ToVisitor::Act { id, by: JUSTIN, page: PAGE, after: 0, act: click(BUTTON) });
    page.answers(id, Outcome::Asking).await;
    assert_eq!(view.outcome(n).await, Outcome::Asking);
    page.answers(id, Outcome::Done).await;
    assert_eq!(view.outcome(n).await, Outcome::Done);

    // What the page says of an act that it does not know, or twice, is told to nobody: the next outcome is the next act's.
    page.answers(id, denied(Denial::Conflict)).await;
    page.answers(id + 7, Outcome::Done).await;
    let events = vec![PageEvent::Text { node: TEXT, text: "new".to_owned() }];
    page.tell(FromVisitor::Events { page: PAGE, seq: 1, events }).await;
    view.until(|message| matches!(message, ToViewer::Events { .. })).await;
    let n = view.act(typing(FIELD)).await;
    let (id, sent) = page.asked().await;
    assert_eq!(sent, ToVisitor::Act { id, by: JUSTIN, page: PAGE, after: 1, act: typing(FIELD) });
    page.answers(id, denied(Denial::Conflict)).await;
    assert_eq!(view.outcome(n).await, denied(Denial::Conflict));
}

#[tokio::test]
async fn an_act_is_denied_with_the_reason() {
    let world = World::with("[site.agent]\nacts = ['click', 'type', 'choose', 'check', 'navigate', 'submit']\n").await;
    let Together { mut page, mut view, world, visitor, .. } = Together::new(&world, Mode::Shared).await;
    let outside = Act::Navigate { url: "https://elsewhere.example/".to_owned() };
    for (act, reason) in [
        (Act::Back, Denial::Rule),
        (outside, Denial::Address),
        (Act::Navigate { url: "javascript:alert(1)".to_owned() }, Denial::Address),
        (typing(PASSWORD), Denial::Masked),
        (click(NOWHERE), Denial::Gone),
        (click(SCRIPT), Denial::Gone),
        (typing(BUTTON), Denial::Unfit),
        (choice(SELECT, BUTTON), Denial::Unfit),
        (Act::Check { node: FIELD, checked: true }, Denial::Unfit),
        (Act::Submit { node: TITLE }, Denial::Unfit),
    ] {
        assert_eq!(view.refused(act.clone()).await, denied(reason), "{act:?}");
    }
    page.tell(FromVisitor::Locks { locks: vec![Lock { node: FIELD, by: PersonId::VISITOR }] }).await;
    view.until(|message| matches!(message, ToViewer::Locks { locks } if locks.len() == 1)).await;
    assert_eq!(view.refused(typing(FIELD)).await, denied(Denial::Locked));

    // An address goes to the page as a view of it.
    view.act(Act::Navigate { url: world.site.join("/cart?x=1").unwrap().to_string() }).await;
    let (_, sent) = page.asked().await;
    let url = format!("http://{}/cart?x=1", visitor.host);
    assert!(matches!(&sent, ToVisitor::Act { act: Act::Navigate { url: to }, .. } if *to == url), "{sent:?}");
    for _ in 1..32 {
        view.act(click(BUTTON)).await;
    }
    assert_eq!(view.refused(click(BUTTON)).await, denied(Denial::TooMuch));

    // None of these ever came to the page: it was asked for the others, and nothing else.
    for _ in 1..32 {
        let (_, sent) = page.asked().await;
        assert!(matches!(&sent, ToVisitor::Act { act, .. } if *act == click(BUTTON)), "{sent:?}");
    }
}

#[tokio::test]
async fn what_leads_to_another_page_is_done_when_that_comes() {
    let world = World::start().await;
    let Together { mut page, mut view, visitor, .. } = Together::new(&world, Mode::Shared).await;
    let clicked = view.act(click(BUTTON)).await;
    let typed = view.act(typing(FIELD)).await;
    page.asked().await;
    page.asked().await;
    let old = view.seen;
    drop(page);
    assert_eq!(view.outcome(typed).await, denied(Denial::Away), "nobody knows what became of it");
    assert_eq!(view.refused(click(BUTTON)).await, denied(Denial::Away));
    let mut page = Page::open(&visitor).await;
    page.load(8, "Thanks").await;
    assert_eq!(view.outcome(clicked).await, Outcome::Done);

    view.tell(FromViewer::Act { n: 90, seen: old, act: click(BUTTON) }).await;
    assert_eq!(view.outcome(90).await, denied(Denial::Gone), "seen on the page before");
    view.tell(FromViewer::Act { n: 91, seen: old + 1, act: click(BUTTON) }).await;
    assert!(matches!(page.asked().await.1, ToVisitor::Act { page: 8, after: 0, .. }));
}

#[tokio::test]
async fn stepping_up_asks_the_visitor() {
    let world = World::start().await;
    let Together { mut page, mut view, mut console, .. } = Together::new(&world, Mode::ViewOnly).await;
    assert_eq!(view.refused(click(BUTTON)).await, denied(Denial::Mode));
    let up = |n| FromConsole::Mode { n, mode: Mode::Shared };
    let asks = |message: &ToVisitor| matches!(message, ToVisitor::Question { by: JUSTIN, what: Question::Share, .. });
    for allow in [false, true] {
        assert_eq!(console.ask(up(1)).await, Outcome::Asking);
        assert_eq!(console.ask(up(2)).await, denied(Denial::TooMuch), "asked already");
        let ToVisitor::Question { id, .. } = page.until(asks).await else { unreachable!() };
        page.tell(FromVisitor::Answer { id: id + 1, allow: true }).await;
        page.tell(FromVisitor::Answer { id, allow }).await;
        let outcome = if allow { Outcome::Done } else { denied(Denial::Declined) };
        assert_eq!(console.outcome().await, outcome);
        page.until(|message| *message == ToVisitor::Unasked { id }).await;
    }
    view.until(|message| matches!(message, ToViewer::Session { mode: Mode::Shared, .. })).await;

    // Down is at once, from either side, and what was under way is denied.
    let n = view.act(click(BUTTON)).await;
    let (id, _) = page.asked().await;
    page.tell(FromVisitor::Mode { mode: Mode::ViewOnly }).await;
    assert_eq!(view.outcome(n).await, denied(Denial::Mode));
    page.answers(id, Outcome::Done).await;
    assert_eq!(view.refused(click(BUTTON)).await, denied(Denial::Mode));
    page.tell(FromVisitor::Mode { mode: Mode::Shared }).await;
    view.until(|message| matches!(message, ToViewer::Session { mode: Mode::Shared, .. })).await;
    assert_eq!(console.ask(FromConsole::Mode { n: 5, mode: Mode::ViewOnly }).await, Outcome::Done);
    page.until(|message| matches!(message, ToVisitor::Session { mode: Mode::ViewOnly, .. })).await;

    // A page that comes back while the question stands is asked, too.
    assert_eq!(console.ask(up(6)).await, Outcome::Asking);
    page.until(asks).await;
    page.tell(FromVisitor::Mode { mode: Mode::ViewOnly }).await;
    assert_eq!(console.outcome().await, denied(Denial::Declined));
}

#[tokio::test]
async fn a_site_may_have_no_shared_mode() {
    let world = World::with("[site.agent]\nmodes = ['view-only']\n").await;
    let control = world.control();
    let mut justin = world.agent("Justin").await;
    let body = json!({ "url": world.site, "mode": "shared" });
    let refused = justin.post(&control, "/api/sessions", &body).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "rule"));
    let Together { mut page, mut view, mut console, .. } = Together::new(&world, Mode::ViewOnly).await;
    assert_eq!(console.ask(FromConsole::Mode { n: 1, mode: Mode::Shared }).await, denied(Denial::Rule));
    page.tell(FromVisitor::Mode { mode: Mode::Shared }).await;
    assert_eq!(view.refused(click(BUTTON)).await, denied(Denial::Mode), "the visitor cannot either");
}

#[tokio::test]
async fn the_visitor_may_allow_less_than_was_asked_for() {
    let world = World::start().await;
    let mut justin = world.agent("Justin").await;
    let control = world.control();
    for (asked, allowed, mode) in [
        ("shared", "view-only", Mode::ViewOnly),
        ("view-only", "shared", Mode::ViewOnly),
        ("shared", "shared", Mode::Shared),
    ] {
        let start = json!({ "url": world.site, "mode": asked });
        let session: alongside::protocol::api::NewSession = justin.post(&control, "/api/sessions", &start).await.json();
        let mut visitor = world.browser();
        visitor.post(&control, "/api/join", &json!({ "by": "pin", "pin": session.pin })).await;
        let answer = visitor.post(&control, "/api/join/allow", &json!({ "mode": allowed })).await;
        assert_eq!(answer.status, StatusCode::OK);
        let info: SessionInfo = justin.get(&control, &format!("/api/sessions/{}", session.id)).await.json();
        assert_eq!(info.mode, mode, "{asked}, {allowed}");
    }
}

#[tokio::test]
async fn two_agents_and_the_visitor_see_each_other() {
    let world = World::start().await;
    let mut all = Together::new(&world, Mode::Shared).await;
    assert!(Console::open(&world, &world.agent("Ada").await, &all.session).await.is_none(), "not invited");
    let unknown = FromConsole::Invite { n: 1, name: "Nobody".to_owned() };
    assert_eq!(all.console.ask(unknown).await, denied(Denial::Gone));
    let mut ada = all.invite("Ada").await;
    let mut console = Console::open(&world, &ada, &all.session).await.unwrap();
    let status = console.until(|message| matches!(message, ToConsole::Status { .. })).await;
    assert!(matches!(status, ToConsole::Status { you: ADA, role: Role::Colleague, .. }), "{status:?}");
    let mut view = View::open(&world, &mut ada, &all.session).await;
    let both = [(1, Role::Agent, true), (2, Role::Colleague, true)];
    all.page.until(|m| matches!(m, ToVisitor::Session { people, .. } if ids(people) == both)).await;
    all.view.until_people(|people| ids(people) == both).await;
    all.console.until(|m| matches!(m, ToConsole::Status { people, .. } if ids(people) == both)).await;

    // Hers reach the visitor and Justin, not herself; what is below a gap or nowhere reaches nobody.
    for (action, node) in [(PointerAction::Move, SCRIPT), (PointerAction::Move, NOWHERE), (PointerAction::Down, BUTTON)]
    {
        view.tell(pointer(action, node)).await;
    }
    let of_ada = |m: &ToVisitor| matches!(m, ToVisitor::Pointer { by: ADA, .. });
    let ToVisitor::Pointer { pointer: shown, .. } = all.page.until(of_ada).await else { unreachable!() };
    assert_eq!((shown.action, shown.node), (PointerAction::Down, Some(BUTTON)));
    all.view.until(|m| matches!(m, ToViewer::Pointer { by: ADA, pointer, .. } if *pointer == shown)).await;
    view.tell(FromViewer::Wiggle { n: 40, node: FIELD }).await;
    all.page.until(|m| *m == ToVisitor::Wiggle { by: ADA, node: FIELD }).await;
    let next = view.until(|m| matches!(m, ToViewer::Outcome { .. } | ToViewer::Pointer { .. })).await;
    assert_eq!(next, ToViewer::Outcome { n: 40, outcome: Outcome::Done });

    let n = view.act(click(BUTTON)).await;
    let (id, sent) = all.page.asked().await;
    assert!(matches!(sent, ToVisitor::Act { by: ADA, .. }));
    all.page.answers(id, Outcome::Done).await;
    assert_eq!(view.outcome(n).await, Outcome::Done);
    for refused in [
        FromConsole::Mode { n: 1, mode: Mode::ViewOnly },
        FromConsole::HandOver { n: 1, to: ADA },
        FromConsole::Remove { n: 1, person: JUSTIN },
        FromConsole::Priority { n: 1, priority: Priority::High },
    ] {
        assert_eq!(console.ask(refused.clone()).await, denied(Denial::Role), "{refused:?}");
    }
}

#[tokio::test]
async fn a_session_is_handed_over_and_left() {
    let world = World::start().await;
    let control = world.control();
    let mut all = Together::new(&world, Mode::Shared).await;
    let mut ada = all.invite("Ada").await;
    let mut console = Console::open(&world, &ada, &all.session).await.unwrap();
    assert_eq!(all.console.ask(FromConsole::Priority { n: 1, priority: Priority::High }).await, Outcome::Done);
    assert_eq!(all.console.ask(FromConsole::HandOver { n: 1, to: PersonId(3) }).await, denied(Denial::Gone));
    assert_eq!(all.console.ask(FromConsole::HandOver { n: 1, to: ADA }).await, Outcome::Done);
    all.page.until(|m| matches!(m, ToVisitor::Session { agent, .. } if agent == "Ada")).await;
    console.until(|m| matches!(m, ToConsole::Status { role: Role::Agent, priority: Priority::High, .. })).await;
    all.view.until(|m| matches!(m, ToViewer::Session { role: Role::Colleague, .. })).await;
    assert_eq!(all.console.ask(FromConsole::Invite { n: 1, name: "Sam".to_owned() }).await, denied(Denial::Role));
    assert_eq!(console.ask(FromConsole::Remove { n: 1, person: ADA }).await, denied(Denial::Role), "who leads stays");

    // Whoever is out is so at once: view, console, and the session itself.
    let path = format!("/api/sessions/{}", all.session.id);
    let info: SessionInfo = all.justin.get(&control, &path).await.json();
    assert_eq!((info.agent.as_str(), info.role), ("Ada", Role::Colleague));
    assert_eq!(console.ask(FromConsole::Remove { n: 1, person: JUSTIN }).await, Outcome::Done);
    while all.view.socket.hear::<ToViewer>().await.is_some() {}
    while all.console.socket.hear::<ToConsole>().await.is_some() {}
    assert_eq!(all.justin.get(&control, &path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(all.justin.get(&control, "/api/sessions").await.json::<Vec<SessionInfo>>().len(), 0);
    all.page.until(|m| matches!(m, ToVisitor::Session { people, .. } if people.len() == 1)).await;

    // Back with the same number, and gone by themselves.
    assert_eq!(console.ask(FromConsole::Invite { n: 1, name: "justin".to_owned() }).await, Outcome::Done);
    let mut back = Console::open(&world, &all.justin, &all.session).await.unwrap();
    back.until(|m| matches!(m, ToConsole::Status { you: JUSTIN, role: Role::Colleague, .. })).await;
    assert_eq!(back.ask(FromConsole::Remove { n: 9, person: JUSTIN }).await, Outcome::Done);
    while back.socket.hear::<ToConsole>().await.is_some() {}
    assert_eq!(ada.post(&control, &format!("{path}/end"), &()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(all.justin.get(&control, &path).await.status, StatusCode::GONE, "it had them once");
}

#[tokio::test]
async fn a_supervisor_is_named_unless_the_rules_let_them_be_silent() {
    for silent in [false, true] {
        let world = World::with(&format!("[site.agent]\nsilent_supervisor = {silent}\n")).await;
        let control = world.control();
        let mut all = Together::new(&world, Mode::Shared).await;
        let mut sam = world.agent("Sam").await;
        let info: SessionInfo = sam.get(&control, &format!("/api/sessions/{}", all.session.id)).await.json();
        assert_eq!(info.role, Role::Supervisor);
        for (rest, status) in [("/end", StatusCode::FORBIDDEN), ("/pin", StatusCode::CONFLICT)] {
            let answer = sam.post(&control, &format!("/api/sessions/{}{rest}", all.session.id), &()).await;
            assert_eq!(answer.status, status, "{rest}");
        }
        let mut view = View::open(&world, &mut sam, &all.session).await;
        let both = [(1, Role::Agent, true), (2, Role::Supervisor, true)];
        view.until_people(|people| ids(people) == both).await;
        // Justin's next status comes after the supervisor's arrival, and tells of it or not.
        let high = FromConsole::Priority { n: 1, priority: Priority::High };
        all.console.socket.tell(&high).await;
        let told = all.console.until(|m| matches!(m, ToConsole::Status { priority: Priority::High, .. })).await;
        let ToConsole::Status { people, .. } = told else { unreachable!() };
        assert_eq!(people.len(), if silent { 1 } else { 2 });
        all.page.tell(FromVisitor::Mode { mode: Mode::ViewOnly }).await;
        let told = all.page.until(|m| matches!(m, ToVisitor::Session { mode: Mode::ViewOnly, .. })).await;
        let ToVisitor::Session { people, .. } = told else { unreachable!() };
        assert_eq!(people.len(), if silent { 1 } else { 2 });
        assert_eq!(view.refused(click(BUTTON)).await, denied(Denial::Role));
        let over = FromConsole::HandOver { n: 2, to: ADA };
        let outcome = if silent { denied(Denial::Gone) } else { Outcome::Done };
        assert_eq!(all.console.until_outcome_of(2, over).await, outcome, "nobody is found out by trying");
    }
}

#[tokio::test]
async fn locks_are_told_as_far_as_they_are_seen_and_go_with_the_page() {
    let world = World::start().await;
    let mut all = Together::new(&world, Mode::Shared).await;
    let lock = |node, by| Lock { node, by };
    let by_visitor = lock(FIELD, PersonId::VISITOR);
    let locks =
        vec![by_visitor, lock(FIELD, JUSTIN), lock(SCRIPT, JUSTIN), lock(NOWHERE, JUSTIN), lock(BOX, PersonId(9))];
    all.page.tell(FromVisitor::Locks { locks }).await;
    all.view.until(|m| *m == ToViewer::Locks { locks: vec![by_visitor] }).await;
    let mut ada = all.invite("Ada").await;
    let mut late = View::open(&world, &mut ada, &all.session).await;
    late.until(|m| *m == ToViewer::Locks { locks: vec![by_visitor] }).await;
    drop(all.page);
    for view in [&mut all.view, &mut late] {
        view.until(|m| *m == ToViewer::Locks { locks: vec![] }).await;
    }
}

#[tokio::test]
async fn chat_is_told_to_all_and_kept_for_those_who_come() {
    let world = World::start().await;
    let mut all = Together::new(&world, Mode::ViewOnly).await;
    let ada = all.invite("Ada").await;
    let mut console = Console::open(&world, &ada, &all.session).await.unwrap();
    console.until(|m| matches!(m, ToConsole::Chats { .. })).await;
    all.console.socket.tell(&FromConsole::Writing { writing: true }).await;
    all.page.until(|m| *m == ToVisitor::Writing { by: JUSTIN, writing: true }).await;
    console.until(|m| *m == ToConsole::Writing { by: JUSTIN, writing: true }).await;
    let line = |text: &str| FromConsole::Chat { n: 1, text: text.to_owned() };
    assert_eq!(all.console.ask(line(" Hello\u{7} ")).await, Outcome::Done);
    assert_eq!(all.console.ask(line("\u{0} ")).await, denied(Denial::Unfit));
    let said = |by, id, text: &str| {
        let text = text.to_owned();
        move |m: &alongside::protocol::chat::ChatMessage| (m.by, m.id, m.text.as_str()) == (by, id, text.as_str())
    };
    let hello = said(JUSTIN, 1, "Hello");
    all.page.until(|m| *m == ToVisitor::Writing { by: JUSTIN, writing: false }).await;
    all.page.until(|m| matches!(m, ToVisitor::Chat { message } if hello(message))).await;
    console.until(|m| matches!(m, ToConsole::Chat { message } if hello(message))).await;
    all.page.tell(FromVisitor::Writing { writing: true }).await;
    console.until(|m| *m == ToConsole::Writing { by: PersonId::VISITOR, writing: true }).await;
    all.page.tell(FromVisitor::Chat { text: "Hi".to_owned() }).await;
    let hi = said(PersonId::VISITOR, 2, "Hi");
    console.until(|m| matches!(m, ToConsole::Chat { message } if hi(message))).await;
    all.page.until(|m| matches!(m, ToVisitor::Chat { message } if hi(message))).await;

    let whole = |messages: &[_]| messages.len() == 2 && hello(&messages[0]) && hi(&messages[1]);
    let mut late = Console::open(&world, &ada, &all.session).await.unwrap();
    late.until(|m| matches!(m, ToConsole::Chats { messages } if whole(messages))).await;
    let mut reloaded = Page::open(&all.visitor).await;
    reloaded.until(|m| matches!(m, ToVisitor::Chats { messages } if whole(messages))).await;
}

#[tokio::test]
async fn the_rules_may_leave_chat_to_one_side_or_none() {
    let world = World::with("[site.agent]\ntools = []\n[site.visitor]\ntools = ['chat']\n").await;
    let mut all = Together::new(&world, Mode::ViewOnly).await;
    let line = FromConsole::Chat { n: 1, text: "Hello".to_owned() };
    assert_eq!(all.console.ask(line).await, denied(Denial::Rule));
    assert_eq!(all.console.ask(FromConsole::Writing { writing: true }).await, denied(Denial::Rule));
    all.page.tell(FromVisitor::Chat { text: "Hi".to_owned() }).await;
    all.console.until(|m| matches!(m, ToConsole::Chat { message } if message.text == "Hi" && message.id == 1)).await;
    all.view.tell(pointer(PointerAction::Move, FIELD)).await;
    assert_eq!(all.view.outcome(0).await, denied(Denial::Rule));
}

#[tokio::test]
async fn tabs_and_round_trips_are_told() {
    let world = World::start().await;
    let mut all = Together::new(&world, Mode::ViewOnly).await;
    let titles = |tabs: &[Tab]| tabs.iter().map(|t| (t.title.clone(), t.shown, t.front)).collect::<Vec<_>>();
    let tab = |title: &str, shown, front| (title.to_owned(), shown, front);
    all.console
        .until(|m| matches!(m, ToConsole::Status { tabs, .. } if titles(tabs) == [tab("Cart", true, true)]))
        .await;
    let mut second = Page::open(&all.visitor).await;
    second.until(|m| matches!(m, ToVisitor::Session { shown: true, .. })).await;
    all.page.until(|m| matches!(m, ToVisitor::Session { shown: false, .. })).await;
    second.load(8, "Help").await;
    let both = [tab("Cart", false, false), tab("Help", true, true)];
    all.console.until(|m| matches!(m, ToConsole::Status { tabs, .. } if titles(tabs) == both)).await;
    let retitled = vec![PageEvent::Text { node: TITLE, text: "Help (1)".to_owned() }];
    second.tell(FromVisitor::Events { page: 8, seq: 1, events: retitled }).await;
    second.tell(FromVisitor::Visible { visible: false }).await;
    let both = [tab("Cart", true, true), tab("Help (1)", false, false)];
    all.console.until(|m| matches!(m, ToConsole::Status { tabs, .. } if titles(tabs) == both)).await;

    all.page.tell(FromVisitor::Ping { n: 3, rtt: Some(12) }).await;
    all.page.until(|m| *m == ToVisitor::Pong { n: 3 }).await;
    all.console.until(|m| matches!(m, ToConsole::Status { rtt: Some(12), .. })).await;
    all.console.socket.tell(&FromConsole::Ping { n: 4, rtt: Some(u32::MAX) }).await;
    all.console.until(|m| *m == ToConsole::Pong { n: 4 }).await;
    let slow = |people: &[Person]| people.iter().any(|person| person.rtt == Some(60_000));
    all.page.until(|m| matches!(m, ToVisitor::Session { people, .. } if slow(people))).await;
}
