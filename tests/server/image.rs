//! Image mode without a Chrome: the test plays the hosted page, the screen and the runner over real sockets.

use alongside::protocol::act::{Denial, Outcome};
use alongside::protocol::agent::{FromConsole, FromViewer, SessionState, ToConsole, ToViewer};
use alongside::protocol::hosted::{AskAct, List, Sample};
use alongside::protocol::image::{
    Dialog, DialogKind, FromPictures, FromScreen, ImageState, Input, ToPictures, ToScreen, Way,
};
use alongside::protocol::page::NodeId;
use alongside::protocol::people::{Mode, PersonId};
use alongside::protocol::visitor::{FromVisitor, ToVisitor};
use alongside::session::{HostEvent, Side};
use bytes::Bytes;
use http::{Method, StatusCode, header};
use url::Url;

use crate::client::World;
use crate::support::within;
use crate::together::*;

mod rig;

use rig::*;

const CARD: &str = "4111 1111 1111 1111";
const RULES: &str =
    "[[site.privacy.scrub]]\nready = 'card'\n[[site.privacy.mask]]\nselector = 'form'\naction = 'mask'\n";

#[tokio::test]
async fn the_way_there_and_back_keeps_what_the_page_had() {
    let world = World::hosting("").await;
    let mut rig = Rig::new(&world, Mode::ViewOnly).await;
    rig.together.console.until(|told| matches!(told, ToConsole::Status { way: Way::Image, .. })).await;
    assert_eq!(rig.host.device(), Some(device()));

    // Chrome is sent through the page's storage, which stands in a document of its origin alone.
    let entrance = rig.host.url().unwrap();
    assert!(entrance.path() == "/.alongside/unpack", "{entrance}");
    let path = &entrance[url::Position::BeforePath..];
    let page = rig.hosted.browser.send(Method::GET, &rig.hosted.host, path, &TAB, Bytes::new()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("page\\u003c/script>") && page.text().contains("\"to\":\"/cart\""), "{}", page.text());
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'nonce-"), "{policy}");

    // Fields and scrolling come to the first page of that origin that drives, and no other.
    let unpacked = rig.unpacked.take().unwrap();
    assert_eq!(unpacked.fields, baggage(&unpacked.url, "page").fields);
    let mut again = Page::open(&rig.hosted).await;
    let url = format!("http://{}/cart", rig.hosted.host);
    again.tell(FromVisitor::Events { page: PAGE + 2, seq: 0, events: vec![snapshot(&url, "Cart")] }).await;
    again
        .until(|told| {
            assert!(!matches!(told, ToVisitor::Unpack { .. }), "once");
            matches!(told, ToVisitor::Ack { .. })
        })
        .await;
    drop(again);
    rig.page.until(|told| matches!(told, ToVisitor::Resync { .. })).await;

    // Back, by the visitor's own wish: what the hosted page has by now.
    rig.screen.tell(&FromScreen::Leave).await;
    let told = rig.page.until(|told| matches!(told, ToVisitor::Pack { .. })).await;
    let ToVisitor::Pack { n } = told else { unreachable!() };
    let url = format!("http://{}/other?a=b", rig.hosted.host);
    rig.page.tell(FromVisitor::Baggage { baggage: baggage(&url, "hosted"), pack: Some(n) }).await;
    let leave = rig.screen.until(|told: &ToScreen| matches!(told, ToScreen::Leave { .. })).await;
    let ToScreen::Leave { url } = leave else { unreachable!() };
    assert_eq!(url, format!("http://{}/.alongside/unpack?to=%2Fother%3Fa%3Db", rig.hosted.host));
    rig.way(Way::Page).await;
    while within(rig.host.next()).await.is_some() {}
    assert!(rig.host.over().is_cancelled());
    assert!(rig.page.socket.hear::<ToVisitor>().await.is_none(), "the hosted page's socket closes");
    let cookie_is_void = rig.hosted.browser.send(Method::GET, &rig.hosted.host, "/cart", &TAB, Bytes::new()).await;
    assert_eq!(cookie_is_void.status, StatusCode::FORBIDDEN);

    let visitor = &mut rig.together.visitor;
    let unpack = visitor.browser.send(Method::GET, &visitor.host, "/.alongside/unpack?to=%2Fother", &TAB, Bytes::new());
    assert!(unpack.await.text().contains("hosted\\u003c/script>"));
    let mut page = Page::open(visitor).await;
    let told = page.until(|told| matches!(told, ToVisitor::Unpack { .. })).await;
    let ToVisitor::Unpack { baggage } = told else { unreachable!() };
    assert_eq!(baggage.fields[0].value.as_deref(), Some("hosted"));
    assert!(baggage.local.is_empty() && baggage.session.is_empty(), "storage is there already");
}

#[tokio::test]
async fn storage_is_told_to_its_own_origin_and_to_no_script() {
    let world = World::hosting("").await;
    let mut rig = Rig::new(&world, Mode::ViewOnly).await;
    let host = rig.hosted.host.clone();
    let elsewhere = host.replace("-q", "-p");
    let mut ask = async |path: &str, host: &str, fields: &[(&str, &str)]| {
        rig.hosted.browser.send(Method::GET, host, path, fields, Bytes::new()).await
    };
    let unpack = "/.alongside/unpack?to=%2Fcart";
    for fields in [
        [("sec-fetch-dest", "empty"), ("sec-fetch-mode", "cors"), ("accept", "text/html")],
        [("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "navigate"), ("accept", "text/html")],
        [("sec-fetch-dest", "script"), ("sec-fetch-mode", "no-cors"), ("accept", "*/*")],
    ] {
        let answer = ask(unpack, &host, &fields).await;
        assert!(answer.status == StatusCode::NOT_FOUND && !answer.text().contains("cart"), "{fields:?}");
    }
    let crossing = [TAB[0], TAB[1], ("sec-fetch-site", "cross-site")];
    assert_eq!(ask(unpack, &host, &crossing).await.status, StatusCode::NOT_FOUND);
    let other = ask(unpack, &elsewhere, &TAB).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER, "nothing is stored there: {}", other.text());
    for to in ["https://evil.example/", "//evil.example/", "/\\evil.example", "/%09/evil.example", "/.alongside/enter"]
    {
        let to: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
        let answer = ask(&format!("/.alongside/unpack?to={to}"), &host, &TAB).await;
        let text = answer.text();
        let stays = answer.status == StatusCode::BAD_REQUEST || text.contains("\"to\":\"/%09/evil.example\"");
        assert!(stays && !text.contains("\"to\":\"//"), "{to}: {} {text}", answer.status);
    }

    // A page speaks for its own origin's storage alone.
    let forged = baggage(&format!("http://{elsewhere}/cart"), "forged");
    rig.page.tell(FromVisitor::Baggage { baggage: forged, pack: None }).await;
    let own = baggage(&format!("http://{host}/cart"), "newer");
    rig.page.tell(FromVisitor::Baggage { baggage: own, pack: None }).await;
    rig.page
        .tell(FromVisitor::Sample { sample: Sample { page: 0, seq: 0, guard: 0, at: 0.0, look: None, stands: vec![] } })
        .await;
    judged(&mut rig.host).await;
    let mut browser = rig.hosted.browser.clone();
    assert_eq!(browser.send(Method::GET, &elsewhere, unpack, &TAB, Bytes::new()).await.status, StatusCode::SEE_OTHER);
    assert!(browser.send(Method::GET, &host, unpack, &TAB, Bytes::new()).await.text().contains("newer"));
}

#[tokio::test]
async fn each_credential_opens_its_own_side_alone() {
    let world = World::hosting("").await;
    let mut rig = Rig::new(&world, Mode::ViewOnly).await;
    let screen_host = screen_host(&rig.together.visitor);

    // The visitor's own browser: documents lead to the screen, and its page does not drive.
    let visitor = &mut rig.together.visitor;
    let there = visitor.browser.send(Method::GET, &visitor.host, "/cart", &TAB, Bytes::new()).await;
    assert_eq!(there.status, StatusCode::SEE_OTHER);
    assert_eq!(there.headers[header::LOCATION], format!("http://{screen_host}/"));
    assert!(visitor.companion().await.is_none(), "no document, no key");
    let hosted_key = rig.hosted.key("document").await.unwrap();
    let path = format!("/.alongside/socket?key={hosted_key}");
    let own = format!("http://{}", visitor.host);
    assert!(visitor.browser.socket(&visitor.host, &path, &own).await.is_none(), "another's key");
    rig.together.page.tell(FromVisitor::Events { page: PAGE, seq: 1, events: vec![] }).await;
    rig.together.page.tell(FromVisitor::Mode { mode: Mode::Shared }).await;

    // The hosted page: no screen, no files, no word of the visitor's.
    let mut hosted = rig.hosted.browser.clone();
    let page = hosted.send(Method::GET, &screen_host, "/", &TAB, Bytes::new()).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(screen(&hosted, &screen_host).await.is_none());
    let origin = format!("http://{screen_host}");
    let from_screen = [("origin", origin.as_str())];
    let upload = hosted.send(Method::POST, &screen_host, "/upload?name=a", &from_screen, Bytes::from("x")).await;
    assert_eq!(upload.status, StatusCode::FORBIDDEN);
    let enter = format!("{}?{}", rig.hosted.enter.path(), rig.hosted.enter.query().unwrap());
    assert_eq!(
        hosted.send(Method::POST, &rig.hosted.host, &enter, &[], Bytes::new()).await.status,
        StatusCode::FORBIDDEN
    );
    for word in
        [FromVisitor::Mode { mode: Mode::Shared }, FromVisitor::Chat { text: "forged".to_owned() }, FromVisitor::End]
    {
        rig.page.tell(word).await;
    }
    rig.sample(0, 0, 1.0).await;
    assert_eq!((rig.session.mode(), rig.session.state()), (Mode::ViewOnly, SessionState::Active));

    // The screen: the session's cookie and the screen's own origin.
    let visitor = &mut rig.together.visitor;
    let view = format!("http://{}", visitor.host);
    assert!(visitor.browser.socket(&screen_host, "/socket", &view).await.is_none(), "a page of the site");
    let fields = [("origin", view.as_str())];
    let upload = visitor.browser.send(Method::POST, &screen_host, "/upload?name=a", &fields, Bytes::from("x")).await;
    assert_eq!(upload.status, StatusCode::FORBIDDEN);
    assert!(screen(&world.browser(), &screen_host).await.is_none(), "a stranger");
    let mut justin = world.agent("Ada").await;
    let other = world.new_session(&mut justin).await;
    let stranger = world.visitor(&other).await;
    assert!(screen(&stranger.browser, &screen_host).await.is_none(), "another session's visitor");

    // A fresh cookie: the one before is void, and what came by it is gone.
    let fresh = rig::hosted(&rig.together.visitor, &rig.host);
    assert!(rig.page.socket.rest_is_silent().await, "the socket of before closes");
    assert_eq!(
        rig.hosted.browser.send(Method::GET, &rig.hosted.host, "/cart", &TAB, Bytes::new()).await.status,
        StatusCode::FORBIDDEN
    );
    assert!(fresh.companion().await.is_some());
}

#[tokio::test]
async fn what_only_a_person_answers_goes_to_the_screen() {
    let world = World::hosting("").await;
    let mut rig = Rig::new(&world, Mode::ViewOnly).await;
    let ask = AskAct {
        id: 3,
        by: PersonId(1),
        act: (&click(BUTTON)).into(),
        text: "May Justin press it?".to_owned(),
        place: None,
    };
    rig.page.tell(FromVisitor::Ask { ask: ask.clone() }).await;
    rig.screen.until(|told: &ToScreen| *told == ToScreen::Ask { ask: ask.clone() }).await;
    rig.screen.tell(&FromScreen::Allow { id: 3, allow: true }).await;
    rig.page.until(|told| *told == ToVisitor::Allow { id: 3, allow: true }).await;
    rig.screen.until(|told: &ToScreen| *told == ToScreen::AskGone { id: 3 }).await;
    let list = List { id: 9, place: (0.0, 0.0, 1.0, 1.0), multiple: false, options: Vec::new() };
    rig.page.tell(FromVisitor::List { list: Some(list.clone()) }).await;
    rig.screen.until(|told: &ToScreen| *told == ToScreen::List { list: list.clone() }).await;
    rig.screen.tell(&FromScreen::Choose { id: 9, options: Some(vec![1]) }).await;
    rig.page.until(|told| *told == ToVisitor::Choose { id: 9, options: Some(vec![1]) }).await;

    // A clipboard's text goes to the screen that asked for it.
    let mut other = screen(&rig.together.visitor.browser, &screen_host(&rig.together.visitor)).await.unwrap();
    other.until(|told| matches!(told, ToScreen::State { .. })).await;
    rig.screen.tell(&FromScreen::Copy { cut: false }).await;
    rig.page.until(|told| matches!(told, ToVisitor::Copy { cut: false })).await;
    rig.page.tell(FromVisitor::Copied { text: "selected".to_owned() }).await;
    rig.screen.until(|told: &ToScreen| *told == ToScreen::Copied { text: "selected".to_owned() }).await;
    let ping = FromScreen::Visitor { message: FromVisitor::Ping { n: 7, rtt: None } };
    other.tell(&ping).await;
    other
        .until(|told: &ToScreen| {
            assert!(!matches!(told, ToScreen::Copied { .. }));
            matches!(told, ToScreen::Visitor { message: ToVisitor::Pong { n: 7 } })
        })
        .await;

    // Agents' questions come to the screen, and its answers count; what is a page's to say does not.
    let visitor = |message| FromScreen::Visitor { message };
    rig.screen.tell(&visitor(FromVisitor::Events { page: PAGE, seq: 0, events: vec![snapshot("x", "Forged")] })).await;
    let asked = rig.together.console.until_outcome_of(8, FromConsole::Mode { n: 8, mode: Mode::Shared }).await;
    assert_eq!(asked, Outcome::Asking);
    let question = |told: &ToScreen| matches!(told, ToScreen::Visitor { message: ToVisitor::Question { .. } });
    let told = rig.screen.until(question).await;
    let ToScreen::Visitor { message: ToVisitor::Question { id, .. } } = told else { unreachable!() };
    rig.screen.tell(&visitor(FromVisitor::Answer { id, allow: true })).await;
    assert_eq!(rig.together.console.outcome().await, Outcome::Done);
    rig.together.view.until(|_| rig.session.mode() == Mode::Shared).await;

    // An act comes to the hosted page, as ever.
    rig.together.view.tell(FromViewer::Resync { diverged: false }).await;
    rig.together.view.until(|told| matches!(told, ToViewer::Events { .. })).await;
    let n = rig.together.view.act(click(BUTTON)).await;
    let (id, _) = rig.page.asked().await;
    rig.page.answers(id, Outcome::Done).await;
    assert_eq!(rig.together.view.outcome(n).await, Outcome::Done);

    // Input is the runner's.
    let input = Input::Text { text: "typed".to_owned() };
    rig.screen.tell(&FromScreen::Input { n: 1, input: input.clone() }).await;
    let came = event(&mut rig.host, |event| matches!(event, HostEvent::Screen(FromScreen::Input { .. }))).await;
    assert!(matches!(came, HostEvent::Screen(FromScreen::Input { n: 1, input: typed }) if typed == input));
}

#[tokio::test]
async fn samples_are_complete_by_the_page_and_the_rules_of_the_moment() {
    let world = World::hosting(RULES).await;
    let mut rig = Rig::new(&world, Mode::ViewOnly).await;
    let (n, nodes) = rig.guard().await;
    assert_eq!((n, nodes), (1, vec![FORM, SCRIPT]));
    assert!(!rig.sample(0, 0, 1.0).await.complete, "it does not obey yet");
    let judged = rig.sample(0, 1, 2.0).await;
    assert!(judged.complete && !judged.outside && judged.edition == rig.host.edition());
    assert_eq!((judged.at, judged.stands.len()), (2.0, 1));
    assert!(!rig.sample(1, 1, 3.0).await.complete, "the mirror has not come so far");

    let events = vec![alongside::protocol::page::PageEvent::Text { node: TEXT, text: format!("No. {CARD}") }];
    rig.page.tell(FromVisitor::Events { page: PAGE + 1, seq: 1, events }).await;
    assert_eq!(rig.guard().await, (2, vec![FORM, SCRIPT, TEXT]));
    assert!(!rig.sample(0, 1, 4.0).await.complete, "of before");
    assert!(!rig.sample(1, 1, 5.0).await.complete, "it does not watch the text yet");
    assert!(rig.sample(1, 2, 6.0).await.complete);

    // Other rules: by these, more is to be watched, or everything.
    let shop = "[[site]]\nname = 'Shop'\nstart = '{site}/cart'\npages = ['{site}']\nnetworks = ['127.0.0.0/8']\n";
    assert_eq!(world.rules(&format!("{shop}{RULES}[[site.privacy.mask]]\nselector = 'p'\naction = 'hide'\n")), 1);
    let edition = rig.host.edition();
    rig.page.until(|told| matches!(told, ToVisitor::Privacy { .. })).await;
    rig.page.until(|told| matches!(told, ToVisitor::Resync { .. })).await;
    assert!(!rig.sample(1, 2, 7.0).await.complete, "masks changed, and the page has not come anew");
    let (n, nodes) = rig.guard().await;
    assert!(nodes.contains(&NodeId(19)), "{nodes:?}");
    rig.page.load(PAGE + 1, "Cart").await;
    let judged = rig.sample(0, n, 8.0).await;
    assert!(judged.complete && judged.edition == edition);
    assert_eq!(world.rules(&format!("{shop}[site.privacy]\nprivate = true\n")), 1);
    rig.together.console.until(|told| matches!(told, ToConsole::Status { veiled: true, .. })).await;
    rig.page.load(PAGE + 1, "Cart").await;
    assert!(!rig.sample(0, n, 9.0).await.complete, "nothing of it can be shown");
}

#[tokio::test]
async fn agents_get_no_frame_before_consent_outside_by_other_rules_or_after_the_end() {
    let world = World::hosting("").await;
    // Before consent there is no image way at all.
    let mut justin = world.agent("Justin").await;
    let waiting = world.new_session(&mut justin).await;
    let mut console = Console::open(&world, &justin, &waiting).await.unwrap();
    let refused = console.ask(FromConsole::Way { n: 1, way: Way::Image }).await;
    assert_eq!(refused, denied(Denial::Inactive));
    drop(console);
    let path = format!("/api/sessions/{}/end", waiting.id);
    assert_eq!(justin.post(&world.control(), &path, &()).await.status, StatusCode::NO_CONTENT);

    let mut rig = Rig::new(&world, Mode::ViewOnly).await;
    let (mut pictures, feed) = rig.pictures().await;
    let edition = rig.host.edition();
    rig.visitor_feed.put("bare", edition);
    assert_eq!(rig.screen.picture().await, "bare");
    feed.put("covered", edition);
    assert_eq!(pictures.picture().await, "covered");
    pictures.tell(&FromPictures::Drawn { frame: 12 }).await;
    let drawn = event(&mut rig.host, |event| matches!(event, HostEvent::Drawn { .. })).await;
    assert!(matches!(drawn, HostEvent::Drawn { feed: id, frame: 12 } if id == feed.id));

    // By rules that hold no more, nothing goes out: to agents.
    let shop = "[[site]]\nname = 'Shop'\nstart = '{site}/cart'\npages = ['{site}']\nnetworks = ['127.0.0.0/8']\n";
    world.rules(&format!("{shop}{RULES}"));
    feed.put("by old rules", edition);
    event(&mut rig.host, |event| matches!(event, HostEvent::Lost { feed: id } if *id == feed.id)).await;
    rig.visitor_feed.put("bare again", edition);
    assert_eq!(rig.screen.picture().await, "bare again");
    let edition = rig.host.edition();
    feed.put("by new rules", edition);
    assert_eq!(pictures.picture().await, "by new rules");

    // Outside the session, nothing is shown to agents.
    rig.page.until(|told| matches!(told, ToVisitor::Resync { .. })).await;
    rig.page
        .tell(FromVisitor::Events { page: PAGE + 2, seq: 0, events: vec![snapshot("https://elsewhere.example/", "x")] })
        .await;
    rig.together.console.until(|told| matches!(told, ToConsole::Status { outside: true, .. })).await;
    feed.put("outside", edition);
    event(&mut rig.host, |event| matches!(event, HostEvent::Lost { .. })).await;
    rig.page.load(PAGE + 3, "Cart").await;
    rig.together.console.until(|told| matches!(told, ToConsole::Status { outside: false, .. })).await;

    // Dialogs are scrubbed for agents.
    let text = format!("Pay with {CARD}?");
    let dialog = Dialog { kind: DialogKind::Prompt, text: text.clone(), value: CARD.to_owned() };
    rig.host.tell(ToScreen::Dialog { dialog: dialog.clone() });
    rig.screen.until(|told: &ToScreen| *told == ToScreen::Dialog { dialog: dialog.clone() }).await;
    let told = pictures.until(|told| matches!(told, ToPictures::Dialog { .. })).await;
    let ToPictures::Dialog { dialog } = told else { unreachable!() };
    assert!(!dialog.text.contains("4111") && dialog.value.is_empty(), "{dialog:?}");

    // The end.
    feed.put("waits", edition);
    rig.visitor_feed.put("waits", edition);
    rig.screen.tell(&FromScreen::Visitor { message: FromVisitor::End }).await;
    let ended = |told: &ToScreen| matches!(told, ToScreen::Visitor { message: ToVisitor::Ended { .. } });
    rig.screen.until(ended).await;
    feed.put("after the end", edition);
    rig.visitor_feed.put("after the end", edition);
    assert_eq!(rig.screen.pictures_left().await, 0, "nothing comes after the end");
    let left = pictures.pictures_left().await;
    assert!(left <= 1, "{left}: at most what was on its way before the end");
    while within(rig.host.next()).await.is_some() {}
    assert!(rig.hosted.companion().await.is_none());
}

#[tokio::test]
async fn who_sees_pictures_takes_part_and_is_named() {
    let world = World::hosting("").await;
    let mut rig = Rig::new(&world, Mode::ViewOnly).await;
    let (mut pictures, feed) = rig.pictures().await;
    let ada = world.agent("Ada").await;
    let (host, path) = world.view(&mut rig.together.justin.clone(), &rig.together.session).await;
    let elsewhere = ada.socket(&host, "/wrong/pictures", &format!("http://{host}")).await;
    assert!(elsewhere.is_none(), "no capability");
    assert!(ada.socket(&host, &format!("{path}pictures"), "http://evil.example").await.is_none(), "another origin");
    let mut ada = rig.together.invite("Ada").await;
    let (host, path) = world.view(&mut ada, &rig.together.session).await;
    let mut hers = ada.socket(&host, &format!("{path}pictures"), &format!("http://{host}")).await.unwrap();
    let sees = |told: &ToScreen, sees: bool| {
        let ToScreen::Visitor { message: ToVisitor::Session { people, .. } } = told else { return false };
        people.iter().any(|person| person.name == "Ada" && person.watching == sees)
    };
    rig.screen.until(|told| sees(told, true)).await;
    rig::feed(&mut rig.host, Side::Agent).await;
    let removed = rig.together.console.until_outcome_of(9, FromConsole::Remove { n: 9, person: PersonId(2) }).await;
    assert_eq!(removed, Outcome::Done);
    assert!(hers.rest_is_silent().await, "whoever is out sees nothing more");
    event(&mut rig.host, |event| matches!(event, HostEvent::FeedGone(_))).await;
    rig.visitor_feed.put("on", 0);
    assert_eq!(rig.screen.picture().await, "on");
    feed.put("on", rig.host.edition());
    assert_eq!(pictures.picture().await, "on");
}

#[tokio::test]
async fn files_are_bounded_private_and_gone_in_the_end() {
    let world = World::hosting("[limits]\nupload = 1000\n").await;
    let mut rig = Rig::new(&world, Mode::ViewOnly).await;
    let host = screen_host(&rig.together.visitor);
    let origin = format!("http://{host}");
    let mut browser = rig.together.visitor.browser.clone();
    let mut send = async |name: &str, bytes: usize| {
        let path = format!("/upload?name={name}");
        browser.send(Method::POST, &host, &path, &[("origin", &origin)], vec![7; bytes].into()).await
    };
    let key = send("..%2F..%2Fa.txt", 600).await.json::<serde_json::Value>()["key"].as_str().unwrap().to_owned();
    assert_eq!(send("b.txt", 401).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(send("b.txt", 2000).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let keys = vec![key, "unknown".to_owned()];
    rig.screen.tell(&FromScreen::Files { id: 4, keys }).await;
    let chosen = event(&mut rig.host, |event| matches!(event, HostEvent::Files { .. })).await;
    let HostEvent::Files { id: 4, files } = chosen else { panic!("{chosen:?}") };
    let [file] = files.as_slice() else { panic!("{files:?}") };
    assert!(file.ends_with("a.txt"), "{file:?}");
    assert_eq!(std::fs::read(file).unwrap(), [7; 600]);
    rig.session.end(alongside::protocol::agent::EndedBy::Agent);
    assert!(!file.parent().unwrap().parent().unwrap().exists());
    assert_eq!(send("c.txt", 1).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn it_is_left_when_rules_or_the_runner_want_it() {
    let world = World::hosting("").await;
    let mut rig = Rig::new(&world, Mode::ViewOnly).await;
    rig.host.set_state(ImageState::Live);
    rig.together.console.until(|told| matches!(told, ToConsole::Status { image: ImageState::Live, .. })).await;
    rig.screen.until(|told: &ToScreen| *told == ToScreen::State { state: ImageState::Live }).await;
    rig.host.set_state(ImageState::Failed);
    rig.screen.until(|told| matches!(told, ToScreen::Leave { .. })).await;
    let ToConsole::Status { image, .. } = rig.way(Way::Page).await else { unreachable!() };
    assert_eq!(image, ImageState::Failed);

    // Once more; whoever drives is asked what it has for two seconds at most.
    let mut page = Page::open(&rig.together.visitor).await;
    page.load(PAGE + 5, "Cart").await;
    rig.together.console.socket.tell(&FromConsole::Way { n: 6, way: Way::Image }).await;
    page.until(|told| matches!(told, ToVisitor::Pack { .. })).await;
    rig.way(Way::Image).await;
    let host = world.host().await;
    drop(host);
    rig.way(Way::Page).await;

    let mut page = Page::open(&rig.together.visitor).await;
    page.load(PAGE + 6, "Cart").await;
    rig.together.console.socket.tell(&FromConsole::Way { n: 7, way: Way::Image }).await;
    rig.way(Way::Image).await;
    let mut host = world.host().await;
    let shop = "[[site]]\nname = 'Shop'\nstart = '{site}/cart'\npages = ['{site}']\nnetworks = ['127.0.0.0/8']\n";
    world.rules(&format!("{shop}[site.agent]\nimage = false\n"));
    rig.way(Way::Page).await;
    assert!(within(host.next()).await.is_none());
    let refused = rig.together.console.until_outcome_of(10, FromConsole::Way { n: 10, way: Way::Image }).await;
    assert_eq!(refused, denied(Denial::Rule));
}

#[tokio::test]
async fn pages_suggest_it_until_another_one_is_shown() {
    let world = World::hosting("").await;
    let mut together = Together::new(&world, Mode::ViewOnly).await;
    together.page.tell(FromVisitor::Suggest).await;
    together.console.until(|told| matches!(told, ToConsole::Status { suggest: true, .. })).await;
    let mut page = Page::open(&together.visitor).await;
    page.load(PAGE + 1, "Cart").await;
    together.console.until(|told| matches!(told, ToConsole::Status { suggest: false, .. })).await;
    let url: Url = format!("http://{}/", screen_host(&together.visitor)).parse().unwrap();
    let mut browser = together.visitor.browser.clone();
    let there = browser.send(Method::GET, url.authority(), "/", &TAB, Bytes::new()).await;
    assert_eq!(there.status, StatusCode::SEE_OTHER, "while the page is shown, the screen leads to it");
    let mut early = screen(&browser, url.authority()).await.unwrap();
    early.until(|told| matches!(told, ToScreen::Leave { .. })).await;
    together.view.tell(FromViewer::Resync { diverged: false }).await;
}
