//! One session, one thing at a time.

use std::time::{Duration, Instant};

use alongside::protocol::act::{Act, Outcome};
use alongside::protocol::agent::{FromViewer, ToViewer};
use alongside::protocol::page::PageEvent;
use alongside::protocol::visitor::{FromVisitor, ToVisitor};
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use yawc::{HttpRequest, WebSocket};

use super::figures::Figures;
use super::server::{BUTTON, PAGE, Server, Session, TEXT, holds};
use super::socket::{Socket, options};
use crate::Failure;

/// How often each is measured, and the pause between.
const TIMES: u32 = 1_000;
const PAUSE: Duration = Duration::from_millis(5);

/// Rows of figures.
pub(crate) async fn measure(server: &Server) -> Result<Vec<(&'static str, Figures)>, Failure> {
    let mut session = server.session(2).await?;
    Ok(vec![
        ("echo of a message by the same library, no server", echo().await?),
        ("visitor's event to the slower of two watchers", events(&mut session).await?),
        ("act: view to visitor's page, confirmed, back at the view", acts(&mut session).await?),
    ])
}

/// A text's change from the visitor to both watchers.
async fn events(session: &mut Session) -> Result<Figures, Failure> {
    let mut figures = Figures::default();
    for n in 0..TIMES {
        let mark = format!("event number {n} came");
        let events = vec![PageEvent::Text { node: TEXT, text: mark.clone() }];
        let start = Instant::now();
        session.visitor.tell(&FromVisitor::Events { page: PAGE, seq: session.seq, events }).await?;
        session.seq += 1;
        for watcher in &mut session.watchers {
            while !holds(&watcher.hear().await?, mark.as_bytes()) {}
        }
        figures.note(start.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    Ok(figures)
}

/// A click that the page confirms at once.
async fn acts(session: &mut Session) -> Result<Figures, Failure> {
    let mut figures = Figures::default();
    let Session { visitor, watchers, .. } = session;
    let view = watchers.first_mut().ok_or("no watcher")?;
    // Messages from 1 on: the snapshot, then one for each event.
    let seen = u64::from(TIMES) + 1;
    for n in 1..=TIMES {
        let act = Act::Click { node: BUTTON, at: (0.5, 0.5), count: 1 };
        let start = Instant::now();
        view.tell(&FromViewer::Act { n, seen, act }).await?;
        let asked = |message| match message {
            ToVisitor::Act { id, .. } => Some(id),
            _ => None,
        };
        // A denied act comes to no page: its outcome tells.
        let id =
            tokio::time::timeout(Duration::from_secs(10), visitor.until(asked)).await.map_err(|_| "no act came")??;
        visitor.tell(&FromVisitor::Acted { id, outcome: Outcome::Done }).await?;
        view.until(|message| matches!(message, ToViewer::Outcome { n: of, .. } if of == n).then_some(())).await?;
        figures.note(start.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    Ok(figures)
}

/// What sockets and loopback take by themselves: there and back.
async fn echo() -> Result<Figures, Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        let Ok((stream, _)) = listener.accept().await else { return };
        let _ = stream.set_nodelay(true);
        let service = hyper::service::service_fn(|mut request| async move {
            let (response, socket) = WebSocket::upgrade_with_options(&mut request, options())?;
            tokio::spawn(async move {
                let Ok(mut socket) = socket.await else { return };
                while let Some(frame) = socket.next().await {
                    if socket.send(frame).await.is_err() {
                        return;
                    }
                }
            });
            Ok::<_, yawc::WebSocketError>(response)
        });
        let io = hyper_util::rt::TokioIo::new(stream);
        let _ = hyper::server::conn::http1::Builder::new().serve_connection(io, service).with_upgrades().await;
    });
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let url = format!("ws://{address}/").parse()?;
    let mut socket = Socket(WebSocket::handshake_with_request(url, stream, options(), HttpRequest::builder()).await?);
    let mut figures = Figures::default();
    for n in 0..TIMES {
        let events = vec![PageEvent::Text { node: TEXT, text: format!("event number {n} came") }];
        let start = Instant::now();
        socket.tell(&FromVisitor::Events { page: PAGE, seq: n, events }).await?;
        socket.hear().await?;
        figures.note(start.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    Ok(figures)
}
