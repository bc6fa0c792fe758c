//! Sessions over restarts of the server: two servers, one after the other, on the same store.

use std::time::Duration;

use alongside::config::{Key, Keys};
use alongside::protocol::agent::{EndedBy, FromConsole, Presence, SessionState, ToConsole, ToViewer};
use alongside::protocol::api::{NewSession, SessionInfo};
use alongside::protocol::hosted::Baggage;
use alongside::protocol::image::Way;
use alongside::protocol::people::Mode;
use alongside::protocol::visitor::{FromVisitor, ToVisitor};
use alongside::store::{Seal, Store};
use http::StatusCode;

use crate::client::{Browser, Socket, Visitor, World};
use crate::together::Console;

const KEY: &str = "ALONGSIDE_STORE__KEY";
const PREVIOUS: &str = "ALONGSIDE_STORE__PREVIOUS_KEY";

fn key(byte: u8) -> String {
    Key::new([byte; 32]).to_base64()
}

/// A server that keeps sessions, a session in shared mode, its agent and its visitor, who is logged in at the site.
struct Kept {
    world: World,
    session: NewSession,
    agent: Browser,
    visitor: Visitor,
}

impl Kept {
    async fn start() -> Self {
        Self::on(World::start().await).await
    }

    async fn on(world: World) -> Self {
        let world = world.again(true, &[(KEY, key(1))]).await;
        let mut agent = world.agent("Justin").await;
        let session = world.start_session(&mut agent, "/cart", Mode::Shared).await;
        let mut visitor = world.visitor(&session).await;
        let host = visitor.host.clone();
        assert_eq!(visitor.browser.get(&host, "/log-in").await.status, StatusCode::OK);
        let this = Self { world, session, agent, visitor };
        this.written("customer=needle").await;
        this
    }

    /// The server is started anew with other keys. `notice`: it was stopped rather than killed.
    async fn again(mut self, notice: bool, environment: &[(&str, String)]) -> Self {
        self.world = self.world.again(notice, environment).await;
        self
    }

    async fn row(&self) -> Option<String> {
        self.row_of(&self.session.id).await
    }

    /// A sealed session, opened. None: there is none.
    async fn row_of(&self, id: &str) -> Option<String> {
        let store = Store::open(&self.world.folder.path().join("a.db")).await.unwrap();
        let keys = Keys { current: Key::new([1; 32]), previous: Some(Key::new([2; 32])) };
        let rows = store.sealed_sessions().await.unwrap();
        store.close().await;
        let (sid, sealed) = rows.into_iter().find(|(sid, _)| sid == id)?;
        Some(String::from_utf8(Seal::new(&keys).open(&sid, &sealed).unwrap().to_vec()).unwrap())
    }

    /// Waits until the row holds a text.
    async fn written(&self, text: &str) {
        until(async || self.row().await.is_some_and(|row| row.contains(text))).await;
    }

    async fn who(&mut self) -> String {
        let host = self.visitor.host.clone();
        self.visitor.browser.get(&host, "/who").await.text()
    }

    async fn page(&self) -> Option<Socket> {
        self.visitor.companion().await
    }

    async fn console(&self) -> Option<Socket> {
        let (control, path) = (self.world.control(), format!("/api/sessions/{}/socket", self.session.id));
        self.agent.socket(&control, &path, &format!("http://{control}")).await
    }

    async fn info(&mut self) -> crate::client::Answer {
        self.agent.get(&self.world.control(), &format!("/api/sessions/{}", self.session.id)).await
    }
}

async fn until(reached: impl AsyncFn() -> bool) {
    let reached = async {
        while !reached().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), reached).await.expect("not reached in time");
}

#[tokio::test]
async fn a_session_goes_on_after_a_crash() {
    let mut kept = Kept::start().await;
    let (host, path) = kept.world.view(&mut kept.agent, &kept.session).await;
    let info: SessionInfo = kept.info().await.json();
    let capability = path.trim_matches('/').to_owned();
    until(async || kept.row().await.is_some_and(|row| row.contains("\"role\":\"agent\""))).await;
    let mut kept = kept.again(false, &[(KEY, key(1))]).await;

    assert_eq!(kept.who().await, "customer=needle", "the log-in at the site");
    let after: SessionInfo = kept.info().await.json();
    assert_eq!((after.state, after.mode, after.role), (SessionState::Active, Mode::Shared, info.role));
    let mut console = kept.console().await.unwrap();
    let away = |m: &ToConsole| matches!(m, ToConsole::Status { visitor: Presence::Away, mode: Mode::Shared, .. });
    console.until(away).await;

    let mut page = kept.page().await.unwrap();
    page.until(|m| matches!(m, ToVisitor::Resync { assets: true })).await;
    console.until(|m| matches!(m, ToConsole::Status { visitor: Presence::Here, .. })).await;
    let view = kept.agent.socket(&host, &format!("/{capability}/socket"), &format!("http://{host}")).await;
    view.expect("the capability is as good as before").until(|m| matches!(m, ToViewer::Session { .. })).await;
}

#[tokio::test]
async fn whoever_stops_the_server_ends_no_session() {
    let kept = Kept::start().await;
    let (mut page, mut console) = (kept.page().await.unwrap(), kept.console().await.unwrap());
    page.until(|m| matches!(m, ToVisitor::Session { .. })).await;
    let environment = [(KEY, key(1))];
    let restart = kept.again(true, &environment);
    let hear = async {
        while let Some(message) = page.hear::<ToVisitor>().await {
            assert!(!matches!(message, ToVisitor::Ended { .. }));
        }
        while let Some(message) = console.hear::<ToConsole>().await {
            assert!(!matches!(message, ToConsole::Status { session: SessionState::Ended { .. }, .. }));
        }
        (page.1, console.1)
    };
    let (mut kept, closed) = tokio::join!(restart, hear);
    assert_eq!(closed, (Some(1012), Some(1012)), "service restart (RFC 6455, IANA registry)");
    assert_eq!(kept.who().await, "customer=needle");
    assert!(kept.page().await.is_some());
}

#[tokio::test]
async fn a_session_that_ended_is_over_for_good() {
    let mut kept = Kept::start().await;
    let path = format!("/api/sessions/{}/end", kept.session.id);
    assert_eq!(kept.agent.post(&kept.world.control(), &path, &()).await.status, StatusCode::NO_CONTENT);
    until(async || kept.row().await.is_none()).await;
    let mut kept = kept.again(false, &[(KEY, key(1))]).await;
    assert_eq!(kept.info().await.status, StatusCode::GONE);
    let (visitor, origin) = (&kept.visitor, format!("http://{}", kept.visitor.host));
    let late = visitor.browser.socket(&visitor.host, "/.alongside/socket?key=old", &origin).await;
    let ended = late.unwrap().until(|m| matches!(m, ToVisitor::Ended { by: EndedBy::Agent })).await;
    assert!(matches!(ended, ToVisitor::Ended { .. }));
    assert_ne!(kept.who().await, "customer=needle");
}

#[tokio::test]
async fn keys_change_and_a_session_waits_for_its_visitor() {
    let mut kept = Kept::start().await;
    let waiting = kept.world.start_session(&mut kept.agent, "/cart", Mode::ViewOnly).await;
    until(async || kept.row_of(&waiting.id).await.is_some()).await;
    let kept = kept.again(false, &[(KEY, key(2)), (PREVIOUS, key(1))]).await;
    let mut kept = kept.again(true, &[(KEY, key(2))]).await;
    assert_eq!(kept.who().await, "customer=needle", "sealed anew with the new key");
    // With the PIN from before.
    kept.world.visitor(&waiting).await;

    let mut kept = kept.again(true, &[(KEY, key(3))]).await;
    assert_eq!(kept.info().await.status, StatusCode::NOT_FOUND, "no key opens it");
    assert!(kept.row().await.is_none(), "nor will any");
}

#[tokio::test]
async fn a_store_that_fails_holds_nobody_up() {
    let mut kept = Kept::start().await;
    let file = format!("sqlite://{}", kept.world.folder.path().join("a.db").display());
    let pool = sqlx::SqlitePool::connect(&file).await.unwrap();
    sqlx::query("ALTER TABLE session RENAME TO elsewhere").execute(&pool).await.unwrap();
    let host = kept.visitor.host.clone();
    let answer = kept.visitor.browser.get(&host, "/log-in?again").await;
    assert_eq!(answer.status, StatusCode::OK);
    kept.world.view(&mut kept.agent, &kept.session).await;
    assert_eq!(kept.who().await, "customer=needle");
    assert!(kept.page().await.is_some());
    sqlx::query("ALTER TABLE elsewhere RENAME TO session").execute(&pool).await.unwrap();
    pool.close().await;
    let has_capability = |row: &str| {
        !serde_json::from_str::<serde_json::Value>(row).unwrap()["capabilities"].as_array().unwrap().is_empty()
    };
    until(async || kept.row().await.is_some_and(|row| has_capability(&row))).await;
}

#[tokio::test]
async fn without_a_key_nothing_is_written() {
    let world = World::start().await;
    let mut agent = world.agent("Justin").await;
    let session = world.new_session(&mut agent).await;
    let visitor = world.visitor(&session).await;
    let kept = Kept { world, session, agent, visitor };
    let mut kept = kept.again(true, &[]).await;
    assert!(kept.row().await.is_none());
    assert_eq!(kept.info().await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_image_way_is_gone_on_without_baggage_and_with_another_cookie() {
    let kept = Kept::on(World::hosting("").await).await;
    let mut page = kept.page().await.unwrap();
    let mut console = Console::open(&kept.world, &kept.agent, &kept.session).await.unwrap();
    console.socket.tell(&FromConsole::Way { n: 1, way: Way::Image }).await;
    let told: ToVisitor = page.until(|told| matches!(told, ToVisitor::Pack { .. })).await;
    let ToVisitor::Pack { n } = told else { unreachable!() };
    let url = format!("http://{}/cart", kept.visitor.host);
    let baggage = Baggage { url, local: vec![("baggage".to_owned(), "needle".to_owned())], ..Baggage::default() };
    page.tell(&FromVisitor::Baggage { baggage, pack: Some(n) }).await;
    kept.written("\"way\":\"image\"").await;
    let host = kept.world.host().await;
    assert!(host.url().unwrap().path().ends_with("unpack"));
    let (name, cookie) = host.cookie().unwrap();
    let row = kept.row().await.unwrap();
    assert!(!row.contains("baggage") && !row.contains(cookie.expose()), "{row}");

    let mut kept = kept.again(false, &[(KEY, key(1))]).await;
    let host = kept.world.host().await;
    assert!(host.url().unwrap().path() == "/cart" && host.session().way() == Way::Image);
    let mut browser = kept.world.browser();
    browser.cookies = [(name, cookie.expose().to_owned())].into();
    let path = kept.visitor.page.clone();
    assert_eq!(browser.get(&kept.visitor.host, &path).await.status, StatusCode::FORBIDDEN);
    assert!(kept.who().await.contains("customer=needle"), "the visitor's own does");

    // Nobody runs it: the page way is gone.
    drop(host);
    kept.written("\"way\":\"page\"").await;
    assert!(kept.page().await.is_some());
}
