//! From sign-in to the end, over real sockets.

use alongside::protocol::act::Outcome;
use alongside::protocol::agent::{EndedBy, FromConsole, Presence, SessionState, ToConsole, ToViewer};
use alongside::protocol::api::{JoinOffer, Me, NewSession, SessionInfo};
use alongside::protocol::page::{Node, NodeId, NodeRecord, NodeState, PageEvent, Snapshot, Viewport};
use alongside::protocol::visitor::{FromVisitor, ToVisitor};
use alongside::store::Store;
use bytes::Bytes;
use http::{Method, StatusCode, header};
use serde_json::json;

use crate::client::{Browser, Socket, Visitor, World};

/// A page with one paragraph.
fn snapshot(url: &str, text: &str) -> PageEvent {
    let element = |id, parent, name: &str| {
        let node = Node::Element { name: name.to_owned(), ns: Default::default(), attrs: Vec::new() };
        record(id, Some(parent), node)
    };
    PageEvent::Snapshot(Snapshot {
        url: url.to_owned(),
        viewport: Viewport { width: 1280.0, height: 800.0, density: 1.0, zoom: 1.0, offset: (0.0, 0.0) },
        nodes: vec![
            record(1, None, Node::Document { url: Some(url.to_owned()), quirks: false }),
            element(2, 1, "html"),
            element(3, 2, "body"),
            element(4, 3, "p"),
            record(5, Some(4), Node::Text { text: text.to_owned() }),
        ],
        sheets: Vec::new(),
        focus: None,
    })
}

fn record(id: u64, parent: Option<u64>, node: Node) -> NodeRecord {
    NodeRecord { id: NodeId(id), parent: parent.map(NodeId), before: None, node, state: NodeState::default() }
}

fn text(content: &str) -> PageEvent {
    PageEvent::Text { node: NodeId(5), text: content.to_owned() }
}

fn batch(seq: u32, events: Vec<PageEvent>) -> FromVisitor {
    FromVisitor::Events { page: 7, seq, events }
}

async fn companion(visitor: &Visitor) -> Socket {
    visitor.companion().await.expect("the companion's socket")
}

async fn view(agent: &Browser, (host, path): &(String, String)) -> Option<Socket> {
    agent.socket(host, &format!("{path}socket"), &format!("http://{host}")).await
}

fn holds(message: &ToViewer, needle: &str) -> bool {
    is_of_the_page(message) && serde_json::to_string(message).unwrap().contains(needle)
}

/// Not how the session stands, nor what is put beside the page.
fn is_of_the_page(message: &ToViewer) -> bool {
    !matches!(message, ToViewer::Session { .. } | ToViewer::Locks { .. } | ToViewer::Notes { .. })
}

/// The rest of a viewer's socket, as far as it is of the page.
async fn rest_of_page(view: &mut Socket) -> Vec<ToViewer> {
    let mut rest: Vec<ToViewer> = view.rest().await;
    rest.retain(is_of_the_page);
    rest
}

#[tokio::test]
async fn signing_in_and_out() {
    let world = World::start().await;
    let mut browser = world.browser();
    let control = world.control();
    assert_eq!(browser.get(&control, "/api/me").await.status, StatusCode::UNAUTHORIZED);
    let wrong = json!({ "name": "Justin", "password": "not the password" });
    assert_eq!(browser.post(&control, "/api/sign-in", &wrong).await.code(), "wrong-password");
    let mut agent = world.agent("Justin").await;
    let me: Me = agent.get(&control, "/api/me").await.json();
    assert_eq!((me.name.as_str(), me.sites.len()), ("Justin", 1));
    let before = agent.clone();
    assert_eq!(agent.post(&control, "/api/sign-out", &()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(
        before.clone().get(&control, "/api/me").await.status,
        StatusCode::UNAUTHORIZED,
        "a cookie kept elsewhere"
    );
    for _ in 0..9 {
        assert_eq!(browser.post(&control, "/api/sign-in", &wrong).await.code(), "wrong-password");
    }
    assert_eq!(browser.post(&control, "/api/sign-in", &wrong).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn passwords_that_are_tried_at_once_count_as_tried() {
    let world = World::start().await;
    let tries = (0..30).map(|_| {
        let (mut browser, control) = (world.browser(), world.control());
        tokio::spawn(async move {
            let wrong = json!({ "name": "Justin", "password": "not the password" });
            browser.post(&control, "/api/sign-in", &wrong).await.status
        })
    });
    let mut looked_at = 0;
    for answer in tries.collect::<Vec<_>>() {
        looked_at += usize::from(answer.await.unwrap() == StatusCode::UNAUTHORIZED);
    }
    assert_eq!(looked_at, 10);
}

#[tokio::test]
async fn a_visitor_has_so_many_pages_and_no_more() {
    let world = World::start().await;
    let mut agent = world.agent("Justin").await;
    let session = world.new_session(&mut agent).await;
    let visitor = world.visitor(&session).await;
    let mut sockets = Vec::new();
    for _ in 0..32 {
        sockets.push(companion(&visitor).await);
    }
    assert!(visitor.companion().await.is_none());
    sockets.pop();
    let freed = async {
        while visitor.companion().await.is_none() {
            tokio::task::yield_now().await;
        }
    };
    crate::support::within(freed).await;
}

#[tokio::test]
async fn other_sites_pages_change_nothing() {
    let world = World::start().await;
    let mut agent = world.agent("Justin").await;
    let control = world.control();
    let body = Bytes::from(serde_json::to_vec(&json!({ "url": world.site, "mode": "view-only" })).unwrap());
    for origin in [None, Some("http://evil.example"), Some("null"), Some("http://x.view.localhost")] {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(origin.map(|origin| ("origin", origin)));
        let answer = agent.send(Method::POST, &control, "/api/sessions", &headers, body.clone()).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "cross-site"), "{origin:?}");
    }
    let session = world.new_session(&mut agent).await;
    let path = format!("/api/sessions/{}/socket", session.id);
    assert!(agent.socket(&control, &path, "http://evil.example").await.is_none());
    assert!(agent.socket(&control, &path, &format!("http://{control}")).await.is_some());
}

#[tokio::test]
async fn replies_carry_their_headers() {
    let world = World::start().await;
    let control = world.control();
    let mut browser = world.browser();
    for path in ["/", "/join", "/join/abc", "/api/me", "/health", "/nowhere"] {
        let answer = browser.get(&control, path).await;
        for name in ["content-security-policy", "referrer-policy", "x-content-type-options", "cache-control"] {
            assert!(answer.headers.contains_key(name), "{path}: no {name}");
        }
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"), "{path}: {policy}");
    }
    assert_eq!(browser.get("elsewhere.example", "/").await.status, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(browser.get(&control, "/ready").await.text(), "ready\n");
}

#[tokio::test]
async fn a_pin_joins_once() {
    let world = World::start().await;
    let control = world.control();
    let mut agent = world.agent("Justin").await;
    let session = world.new_session(&mut agent).await;
    let mut visitor = world.browser();
    let wrong = if session.pin == "000000" { "000001" } else { "000000" };
    let refused = visitor.post(&control, "/api/join", &json!({ "by": "pin", "pin": wrong })).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "wrong-pin"));
    let right = json!({ "by": "pin", "pin": session.pin });
    let offer: JoinOffer = visitor.post(&control, "/api/join", &right).await.json();
    assert_eq!((offer.agent.as_str(), offer.site.as_str(), offer.host.as_str()), ("Justin", "Shop", "127.0.0.1"));
    let again = world.browser().post(&control, "/api/join", &right).await;
    assert_eq!((again.status, again.body), (refused.status, refused.body), "used and wrong look alike");
    let reloaded: JoinOffer = visitor.get(&control, "/api/join").await.json();
    assert_eq!(reloaded.agent, "Justin");

    let (sid, port) = (&session.id, world.address.port());
    let view_host = format!("{sid}-q{}-127-0-0-1.view.localhost:{port}", world.site.port().unwrap());
    assert_eq!(visitor.get(&view_host, "/cart").await.status, StatusCode::FORBIDDEN, "nothing before consent");
    assert!(visitor.socket(&view_host, "/.alongside/socket", &format!("http://{view_host}")).await.is_none());
    assert_eq!(visitor.post(&control, "/api/join/deny", &()).await.status, StatusCode::NO_CONTENT);
    let info = agent.get(&control, &format!("/api/sessions/{sid}")).await;
    assert_eq!(info.status, StatusCode::GONE);
    assert!(visitor.post(&control, "/api/join/allow", &json!({ "mode": "shared" })).await.status.is_client_error());
}

#[tokio::test]
async fn a_link_joins_and_a_ticket_works_once() {
    let world = World::start().await;
    let control = world.control();
    let mut agent = world.agent("Justin").await;
    let session = world.new_session(&mut agent).await;
    let token = session.link.rsplit('/').next().unwrap();
    assert_eq!(session.link, format!("http://{control}/join/{token}"));
    let mut browser = world.browser();
    let link = json!({ "by": "link", "token": token });
    assert_eq!(browser.post(&control, "/api/join", &link).await.status, StatusCode::OK);
    assert_eq!(browser.clone().post(&control, "/api/join", &link).await.code(), "wrong-link");
    assert_eq!(world.browser().post(&control, "/api/join", &link).await.code(), "wrong-link");

    let session = world.new_session(&mut agent).await;
    let visitor = world.visitor(&session).await;
    let path = format!("{}?{}", visitor.enter.path(), visitor.enter.query().unwrap());
    let origin = format!("http://{control}");
    let again = world.browser().send(Method::POST, &visitor.host, &path, &[("origin", &origin)], Bytes::new()).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN, "a used ticket");
    let page = visitor.browser.clone().get(&visitor.host, "/cart").await;
    assert!(page.status == StatusCode::OK && page.text().contains("Welcome"), "{} {}", page.status, page.text());
    assert_eq!(
        world.browser().get(&visitor.host, "/cart").await.status,
        StatusCode::FORBIDDEN,
        "a stranger with the label"
    );
}

#[tokio::test]
async fn agents_have_their_own_sessions_only() {
    let world = World::start().await;
    let control = world.control();
    let (mut justin, mut ada) = (world.agent("Justin").await, world.agent("Ada").await);
    let session = world.new_session(&mut justin).await;
    let path = |rest: &str| format!("/api/sessions/{}{rest}", session.id);
    assert_eq!(ada.get(&control, "/api/sessions").await.json::<Vec<SessionInfo>>().len(), 0);
    assert_eq!(justin.get(&control, "/api/sessions").await.json::<Vec<SessionInfo>>().len(), 1);
    assert_eq!(ada.get(&control, &path("")).await.status, StatusCode::NOT_FOUND);
    for rest in ["/pin", "/viewer", "/end"] {
        assert_eq!(ada.post(&control, &path(rest), &()).await.status, StatusCode::NOT_FOUND, "{rest}");
    }
    assert!(ada.socket(&control, &path("/socket"), &format!("http://{control}")).await.is_none());
    let renewed: NewSession = justin.post(&control, &path("/pin"), &()).await.json();
    assert_ne!(renewed.link, session.link);
    assert_eq!(justin.post(&control, &path("/end"), &()).await.status, StatusCode::NO_CONTENT);
    let refused =
        justin.post(&control, "/api/sessions", &json!({ "url": "http://10.0.0.1/", "mode": "view-only" })).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "not-allowed"));
}

#[tokio::test]
async fn what_the_visitor_does_reaches_the_agents() {
    let world = World::start().await;
    let mut agent = world.agent("Justin").await;
    let session = world.new_session(&mut agent).await;
    let visitor = world.visitor(&session).await;
    let url = format!("http://{}/cart", visitor.host);
    let address = world.view(&mut agent, &session).await;
    let mut early = view(&agent, &address).await.unwrap();
    let mut page = companion(&visitor).await;
    page.until(
        |m| matches!(m, ToVisitor::Session { agent, people, .. } if agent == "Justin" && people.iter().any(|p| p.watching)),
    )
    .await;

    page.tell(&batch(0, vec![snapshot(&url, "one")])).await;
    let first: ToViewer = early.until(is_of_the_page).await;
    assert!(holds(&first, "\"snapshot\"") && holds(&first, "one") && !holds(&first, "view.localhost"), "{first:?}");
    page.until(|m| matches!(m, ToVisitor::Ack { seq: 0 })).await;
    page.tell(&batch(1, vec![text("two")])).await;
    early.until(|m| holds(m, "two")).await;

    let mut late = view(&agent, &address).await.unwrap();
    let first: ToViewer = late.until(is_of_the_page).await;
    assert!(holds(&first, "\"snapshot\"") && holds(&first, "two") && !holds(&first, "one"), "{first:?}");
    late.refresh().await;
    late.until(|m| holds(m, "\"snapshot\"")).await;

    page.tell(&batch(3, vec![text("four")])).await;
    page.until(|m| matches!(m, ToVisitor::Resync { .. })).await;
    page.tell(&batch(4, vec![text("ignored")])).await;
    page.tell(&batch(5, vec![snapshot(&url, "five")])).await;
    let healed: ToViewer = early.until(|m| !holds(m, "two")).await;
    assert!(holds(&healed, "five"), "{healed:?}");

    page.tell(&FromVisitor::Hash { page: 7, seq: 5, hash: 1 }).await;
    page.until(|m| matches!(m, ToVisitor::Resync { .. })).await;
    drop(page);
    let mut back = companion(&visitor).await;
    back.tell(&FromVisitor::Events { page: 8, seq: 0, events: vec![snapshot(&url, "reloaded")] }).await;
    late.until(|m| holds(m, "reloaded")).await;
}

#[tokio::test]
async fn the_tab_in_front_is_the_one_that_is_shown() {
    let world = World::start().await;
    let mut agent = world.agent("Justin").await;
    let session = world.new_session(&mut agent).await;
    let visitor = world.visitor(&session).await;
    let url = format!("http://{}/cart", visitor.host);
    let address = world.view(&mut agent, &session).await;
    let mut watcher = view(&agent, &address).await.unwrap();
    let (mut first, tab) = (companion(&visitor).await, |page, seq, events| FromVisitor::Events { page, seq, events });
    first.tell(&tab(1, 0, vec![snapshot(&url, "first tab")])).await;
    watcher.until(|m| holds(m, "first tab")).await;
    let mut second = companion(&visitor).await;
    second.tell(&tab(2, 0, vec![snapshot(&url, "second tab")])).await;
    watcher.until(|m| holds(m, "second tab")).await;
    first.tell(&tab(1, 1, vec![text("behind")])).await;
    second.tell(&FromVisitor::Visible { visible: false }).await;
    first.until(|m| matches!(m, ToVisitor::Resync { .. })).await;
    first.tell(&tab(1, 2, vec![snapshot(&url, "in front")])).await;
    let shown: ToViewer = watcher.until(is_of_the_page).await;
    assert!(holds(&shown, "in front"), "the tab behind was not shown: {shown:?}");
}

#[tokio::test]
async fn the_end_from_either_side_is_at_once() {
    for by in [EndedBy::Agent, EndedBy::Visitor] {
        let world = World::start().await;
        let control = world.control();
        let mut agent = world.agent("Justin").await;
        let session = world.new_session(&mut agent).await;
        let visitor = world.visitor(&session).await;
        let url = format!("http://{}/cart", visitor.host);
        let address = world.view(&mut agent, &session).await;
        let mut watcher = view(&agent, &address).await.unwrap();
        let console = format!("/api/sessions/{}/socket", session.id);
        let mut console = agent.socket(&control, &console, &format!("http://{control}")).await.unwrap();
        let mut page = companion(&visitor).await;
        page.tell(&batch(0, vec![snapshot(&url, "one")])).await;
        watcher.until(|m| holds(m, "one")).await;
        console.until(|m| matches!(m, ToConsole::Status { visitor: Presence::Here, .. })).await;
        console.tell(&FromConsole::Ping { n: 3, rtt: None }).await;
        console.until(|m: &ToConsole| *m == ToConsole::Pong { n: 3 }).await;

        if by == EndedBy::Agent {
            agent.post(&control, &format!("/api/sessions/{}/end", session.id), &()).await;
            page.tell(&batch(1, vec![text("after the end")])).await;
        } else {
            page.tell(&FromVisitor::End).await;
        }
        assert_eq!(rest_of_page(&mut watcher).await, [ToViewer::Ended { by }]);
        console
            .until(|m| matches!(m, ToConsole::Status { session: SessionState::Ended { by: b }, .. } if *b == by))
            .await;
        page.until(|m: &ToVisitor| *m == ToVisitor::Ended { by }).await;

        assert!(view(&agent, &address).await.is_none(), "the capability is void");
        let origin = format!("http://{}", visitor.host);
        let late = visitor.browser.socket(&visitor.host, "/.alongside/socket?key=old", &origin).await;
        let mut late = late.expect("a socket, to be told");
        assert_eq!(late.hear::<ToVisitor>().await, Some(ToVisitor::Ended { by }), "a page that comes back is told");
        assert_eq!(late.hear::<ToVisitor>().await, None);
        let mut browser = visitor.browser.clone();
        let headers = [("sec-fetch-dest", "document")];
        let over = browser.send(Method::GET, &visitor.host, "/cart?x=1", &headers, Bytes::new()).await;
        let who = if by == EndedBy::Agent { "Justin ended it" } else { "You ended it" };
        assert_eq!(over.status, StatusCode::GONE);
        assert!(
            over.text().contains(who) && over.text().contains(&format!("{}cart?x=1", world.site)),
            "{}",
            over.text()
        );
        assert!(!over.text().contains("evil"));
    }
}

#[tokio::test]
async fn a_view_needs_its_capability() {
    let world = World::start().await;
    let control = world.control();
    let mut agent = world.agent("Justin").await;
    let session = world.new_session(&mut agent).await;
    let early = agent.post(&control, &format!("/api/sessions/{}/viewer", session.id), &()).await;
    assert_eq!((early.status, early.code().as_str()), (StatusCode::CONFLICT, "inactive"), "before consent");
    let _visitor = world.visitor(&session).await;
    let (host, path) = world.view(&mut agent, &session).await;
    let mut stranger = world.browser();
    for path in ["/", "/aaaa/", "/aaaa/a/key", "/aaaa/socket", "/aaaa/frame/standards"] {
        assert_eq!(stranger.get(&host, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let frame = stranger.get(&host, &format!("{path}frame/standards")).await;
    let policy = frame.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; img-src 'self' data:") && !policy.contains("script-src"),
        "{policy}"
    );
    assert!(frame.text().starts_with("<!doctype html>"));
    assert!(
        agent.socket(&host, &format!("{path}socket"), &format!("http://{control}")).await.is_none(),
        "another origin"
    );
    let mut watcher = agent.socket(&host, &format!("{path}socket"), &format!("http://{host}")).await.unwrap();
    agent.post(&control, "/api/sign-out", &()).await;
    assert_eq!(rest_of_page(&mut watcher).await, [], "signing out closes the view");
    assert_eq!(stranger.get(&host, &format!("{path}frame/standards")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_shutdown_tells_everybody() {
    let world = World::start().await;
    let mut agent = world.agent("Justin").await;
    let session = world.new_session(&mut agent).await;
    let visitor = world.visitor(&session).await;
    let address = world.view(&mut agent, &session).await;
    let mut watcher = view(&agent, &address).await.unwrap();
    let mut page = companion(&visitor).await;
    page.until(|m| matches!(m, ToVisitor::Session { .. })).await;
    let stopping = tokio::spawn(world.server.stop());
    assert_eq!(rest_of_page(&mut watcher).await, [ToViewer::Ended { by: EndedBy::Shutdown }]);
    page.until(|m: &ToVisitor| *m == ToVisitor::Ended { by: EndedBy::Shutdown }).await;
    drop((watcher, page));
    stopping.await.unwrap();
}

#[tokio::test]
async fn only_a_tabs_document_gets_the_visitors_socket() {
    let world = World::start().await;
    let mut agent = world.agent("Justin").await;
    let session = world.new_session(&mut agent).await;
    let visitor = world.visitor(&session).await;
    for dest in ["iframe", "frame", "object", "embed", "empty", "script", "image", "worker"] {
        assert_eq!(visitor.key(dest).await, None, "{dest}");
    }
    let key = visitor.key("document").await.unwrap();
    assert_eq!(key.len(), 52);
    let origin = format!("http://{}", visitor.host);
    let long = "a".repeat(5000);
    for query in
        ["", "?", "?key=", "?key=a", &format!("?key={long}"), &format!("?x=1&key={key}"), &format!("?key={key}a")]
    {
        let path = format!("/.alongside/socket{query}");
        assert!(visitor.browser.socket(&visitor.host, &path, &origin).await.is_none(), "{query}");
    }
    let path = format!("/.alongside/socket?key={key}");
    let other = format!("{}-s{}.view.localhost:{}", session.id, "shop-example", world.address.port());
    assert!(visitor.browser.socket(&other, &path, &format!("http://{other}")).await.is_none(), "another origin's page");
    let mut bare = visitor.browser.clone();
    bare.cookies.clear();
    assert!(bare.socket(&visitor.host, &path, &origin).await.is_none(), "a key is nothing without the cookie");
    assert!(visitor.browser.socket(&visitor.host, &path, &origin).await.is_some());
    let next = world.new_session(&mut agent).await;
    assert_ne!(world.visitor(&next).await.key("document").await, Some(key), "each visitor's own");
}

#[tokio::test]
async fn an_account_that_is_gone_sees_nothing_more() {
    let world = World::start().await;
    let store = Store::open(&world.folder.path().join("a.db")).await.unwrap();
    let control = world.control();
    let mut leads = world.agent("Ada").await;
    let session = world.new_session(&mut leads).await;
    let visitor = world.visitor(&session).await;
    let mut page = companion(&visitor).await;
    page.tell(&batch(0, vec![snapshot(&format!("http://{}/cart", visitor.host), "one")])).await;
    let path = format!("/api/sessions/{}/socket", session.id);
    let mut ada = leads.socket(&control, &path, &format!("http://{control}")).await.unwrap();
    ada.tell(&FromConsole::Invite { n: 1, name: "Justin".to_owned() }).await;
    ada.until(|m| matches!(m, ToConsole::Outcome { n: 1, outcome: Outcome::Done })).await;
    for (seq, name) in [(1, "Justin"), (2, "Sam")] {
        let mut agent = world.agent(name).await;
        let mut desk = agent.socket(&control, &path, &format!("http://{control}")).await.unwrap();
        let address = world.view(&mut agent, &session).await;
        let mut watcher = view(&agent, &address).await.unwrap();
        watcher.until(|m| holds(m, "one") || holds(m, "now")).await;
        watcher.ping().await;
        let now = format!("now {seq}");
        page.tell(&batch(seq, vec![text(&now)])).await;
        watcher.until(|m| holds(m, &now)).await;

        let account = store.account(name).await.unwrap().unwrap();
        assert!(store.remove(account.id).await.unwrap().is_some());
        watcher.ping().await;
        desk.ping().await;
        assert!(rest_of_page(&mut watcher).await.is_empty(), "{name}'s view closes");
        while desk.hear::<ToConsole>().await.is_some() {}
    }
}
