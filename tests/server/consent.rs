//! What comes from the visitor's page goes to agents after the visitor has allowed it, and not after the end: bytes counted, over real sockets.

use std::sync::Arc;

use alongside::protocol::agent::{EndedBy, ToViewer};
use alongside::protocol::api::NewSession;
use alongside::protocol::page::PageEvent;
use alongside::protocol::people::Mode;
use alongside::protocol::visitor::FromVisitor;
use alongside::session::Session;
use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{Answer, Browser, Socket, World};
use crate::live::running;
use crate::support::within;
use crate::together::*;

/// Stands in all that comes from the page: title, text, address, chat, assets.
const CANARY: &str = "canary7f3a";

/// Bytes that agents got, and how many of them in messages or bodies that have something of the page in them.
#[derive(Default, Debug)]
struct Count {
    all: usize,
    of_page: usize,
}

impl Count {
    fn add(&mut self, got: &[u8]) {
        self.all += got.len();
        if got.windows(CANARY.len()).any(|bytes| bytes == CANARY.as_bytes()) {
            self.of_page += got.len();
        }
    }

    fn answer(&mut self, answer: &Answer) -> StatusCode {
        self.add(&answer.body);
        answer.status
    }

    /// All that a socket got until a message.
    async fn until(&mut self, socket: &mut Socket, wanted: impl Fn(&Value) -> bool) {
        loop {
            let message: Value = socket.hear().await.expect("closed before the message came");
            self.add(message.to_string().as_bytes());
            if wanted(&message) {
                return;
            }
        }
    }

    /// The rest of what a socket gets: whether the end was told, and last.
    async fn rest(&mut self, socket: &mut Socket) -> bool {
        let mut ended = false;
        while let Some(message) = socket.hear::<Value>().await {
            assert!(!ended, "after the end: {}", message["t"]);
            ended = message["t"] == "ended";
            self.add(message.to_string().as_bytes());
        }
        ended
    }
}

/// What an agent may try over HTTP: the view's page, its frames, an asset. What comes back is counted.
async fn look(agent: &mut Browser, view: &(String, String), key: &str, count: &mut Count) -> Vec<StatusCode> {
    let mut told = Vec::new();
    for rest in ["".to_owned(), "frame/standards".to_owned(), "frame/quirks".to_owned(), format!("a/{key}")] {
        told.push(count.answer(&agent.get(&view.0, &format!("{}{rest}", view.1)).await));
    }
    told
}

fn picture(world: &World, session: &Session) -> String {
    let url = world.site.join("/picture.png").unwrap();
    let key = session.asset_key(&url);
    session.assets().put(key.clone(), url, "image/png", CANARY.as_bytes());
    key
}

/// A visitor who reads what will be shared, and has not chosen.
async fn asked(world: &World, session: &NewSession) -> Browser {
    let mut browser = world.browser();
    let body = json!({ "by": "pin", "pin": session.pin });
    assert_eq!(browser.post(&world.control(), "/api/join", &body).await.status, StatusCode::OK);
    browser
}

async fn until_state(count: &mut Count, console: &mut Console, state: &str) {
    count.until(&mut console.socket, |m| m["t"] == "status" && m["session"]["state"] == state).await;
}

#[tokio::test]
async fn nothing_before_the_visitor_has_allowed_it() {
    for deny in [false, true] {
        let world = World::start().await;
        let mut agent = world.agent("Justin").await;
        let session = world.new_session(&mut agent).await;
        let mut console = Console::open(&world, &agent, &session).await.unwrap();
        let (mut count, viewer) = (Count::default(), format!("/api/sessions/{}/viewer", session.id));
        let host = world.sessions.domain().viewer_origin(running(&world, &session.id).id()).replace("http://", "");
        let view = (host.clone(), format!("/{}/", "a".repeat(43)));
        for state in ["waiting", "asked"] {
            let mut visitor = None;
            if state == "asked" {
                visitor = Some(asked(&world, &session).await);
            }
            until_state(&mut count, &mut console, state).await;
            // What might be of a page before consent: nobody gets so far, so it is put there.
            let key = picture(&world, &running(&world, &session.id));
            assert_eq!(count.answer(&agent.post(&world.control(), &viewer, &()).await), StatusCode::CONFLICT);
            let told = look(&mut agent, &view, &key, &mut count).await;
            assert!(told.iter().all(|status| *status == StatusCode::NOT_FOUND), "{told:?}");
            let origin = format!("http://{host}");
            assert!(agent.socket(&host, &format!("{}socket", view.1), &origin).await.is_none());
            if let Some(mut visitor) = visitor.filter(|_| deny) {
                visitor.post(&world.control(), "/api/join/deny", &()).await;
                until_state(&mut count, &mut console, "ended").await;
                count.rest(&mut console.socket).await;
            }
        }
        println!("before consent (denied: {deny}): {count:?}");
        assert!(count.all > 0 && count.of_page == 0, "{count:?}");
    }
}

/// How a session ends.
const ENDS: [EndedBy; 4] = [EndedBy::Visitor, EndedBy::Agent, EndedBy::Expired, EndedBy::Shutdown];

async fn end(world: &World, session: &Arc<Session>, page: &mut Page, agent: &mut Browser, by: EndedBy) {
    match by {
        EndedBy::Visitor => page.tell(FromVisitor::End).await,
        EndedBy::Agent => {
            let path = format!("/api/sessions/{}/end", session.id());
            assert_eq!(agent.post(&world.control(), &path, &()).await.status, StatusCode::NO_CONTENT);
        }
        EndedBy::Shutdown => world.sessions.shut_down(),
        by => session.end(by),
    }
    within(session.ended()).await;
}

/// A text of so many bytes that does not compress.
fn noise(bytes: usize, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        letters[(state >> 33) as usize % letters.len()] as char
    };
    std::iter::once(CANARY.to_owned()).chain((0..bytes).map(|_| next().to_string())).collect()
}

/// Batches for a watcher that does not read: more than sockets on the way hold.
const BATCHES: u32 = 28;
const BATCH: usize = 512 << 10;

#[tokio::test]
async fn nothing_after_the_end() {
    for by in ENDS {
        let world = World::start().await;
        let Together { session, mut justin, mut page, mut view, mut console, .. } =
            Together::new(&world, Mode::ViewOnly).await;
        let running = running(&world, &session.id);
        let (key, address) = (picture(&world, &running), world.view(&mut justin, &session).await);
        let (mut before, mut slow, mut after) = (Count::default(), Count::default(), Count::default());

        // While it runs, all of it comes: what is counted can be there.
        let url = format!("{}/cart?{CANARY}", address.0);
        let told = vec![
            PageEvent::Text { node: TITLE, text: CANARY.to_owned() },
            PageEvent::Text { node: TEXT, text: format!("{CANARY} {url}") },
        ];
        page.tell(FromVisitor::Events { page: PAGE, seq: 1, events: told }).await;
        page.tell(FromVisitor::Chat { text: CANARY.to_owned() }).await;
        before.until(&mut view.socket, |m| m.to_string().contains(CANARY)).await;
        before.until(&mut console.socket, |m| m["t"] == "status" && m["tabs"][0]["title"] == CANARY).await;
        before.until(&mut console.socket, |m| m["t"] == "chat").await;
        assert_eq!(look(&mut justin, &address, &key, &mut before).await, [StatusCode::OK; 4]);

        // A view that does not read, an asset that is waited for, a large one on its way, a snapshot being built.
        let waited = world.site.join("/waits.png").unwrap();
        let mut loading = running.assets().begin(running.asset_key(&waited), waited.clone());
        let path = format!("{}a/{}", address.1, running.asset_key(&waited));
        let (mut other, host) = (justin.clone(), address.0.clone());
        let waiting = tokio::spawn(async move { other.get(&host, &path).await });
        let large = world.site.join("/large.png").unwrap();
        running.assets().put(running.asset_key(&large), large.clone(), "image/png", noise(15 << 20, 1).as_bytes());
        let mut body = TcpStream::connect(world.address).await.unwrap();
        let head = format!("GET {}a/{} HTTP/1.1\r\nhost: {}\r\n\r\n", address.1, running.asset_key(&large), address.0);
        within(body.write_all(head.as_bytes())).await.unwrap();
        within(body.read_exact(&mut [0; 64])).await.unwrap();
        for seq in 2..2 + BATCHES {
            let text = noise(BATCH, seq.into());
            page.tell(FromVisitor::Events { page: PAGE, seq, events: vec![PageEvent::Text { node: TEXT, text }] })
                .await;
        }
        page.tell(FromVisitor::Chat { text: "all sent".to_owned() }).await;
        before.until(&mut console.socket, |m| m["t"] == "chat" && m["message"]["text"] == "all sent").await;
        page.tell(FromVisitor::Events { page: 8, seq: 0, events: vec![snapshot(&url, CANARY)] }).await;

        end(&world, &running, &mut page, &mut justin, by).await;
        loading.push(CANARY.as_bytes());
        loading.finish("image/png");
        let told_end = slow.rest(&mut view.socket).await;
        let sent = BATCHES as usize * BATCH;
        assert!(slow.of_page < sent / 2, "what waited was sent: {slow:?}");
        let mut rest = Vec::new();
        let _ = within(body.read_to_end(&mut rest)).await;
        assert!(rest.len() < 8 << 20, "{} bytes of 15 MiB", rest.len());

        // After it: what waited, what is asked for now, the console.
        assert_eq!(after.answer(&within(waiting).await.unwrap()), StatusCode::NOT_FOUND);
        assert_eq!(look(&mut justin, &address, &key, &mut after).await, [StatusCode::GONE; 4]);
        let origin = format!("http://{}", address.0);
        assert!(justin.socket(&address.0, &format!("{}socket", address.1), &origin).await.is_none());
        assert!(Console::open(&world, &justin, &session).await.is_none());
        for path in ["", "/viewer", "/pin"] {
            let path = format!("/api/sessions/{}{path}", session.id);
            let method = if path.ends_with(&session.id) { Method::GET } else { Method::POST };
            let origin = format!("http://{}", world.control());
            let headers = [("origin", origin.as_str()), ("content-type", "application/json")];
            after.answer(&justin.send(method, &world.control(), &path, &headers, Bytes::from("null")).await);
        }
        until_state(&mut after, &mut console, "ended").await;
        after.rest(&mut console.socket).await;
        println!(
            "ended by {by:?}: before {before:?}; of {sent} bytes that a slow view had not read, sockets on the way held {} (end told: {told_end}); \
             of an asset of 15 MiB {}; after {after:?}",
            slow.of_page,
            rest.len()
        );
        assert!(before.of_page > 0 && after.of_page == 0, "{before:?} {after:?}");
    }
}

#[tokio::test]
async fn a_view_that_reads_gets_nothing_after_the_word_of_the_end() {
    let world = World::start().await;
    let Together { session, mut page, mut view, .. } = Together::new(&world, Mode::ViewOnly).await;
    let running = running(&world, &session.id);
    let writing = tokio::spawn(async move {
        for seq in 1..2_000 {
            let text = format!("{CANARY} {seq}");
            page.tell(FromVisitor::Events { page: PAGE, seq, events: vec![PageEvent::Text { node: TEXT, text }] })
                .await;
        }
        page
    });
    view.until(|message| matches!(message, ToViewer::Events { seq, .. } if *seq > 20)).await;
    running.end(EndedBy::Agent);
    let mut count = Count::default();
    assert!(count.rest(&mut view.socket).await, "the end is told last");
    writing.abort();
}
