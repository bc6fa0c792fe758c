//! Many sessions at once.

use std::time::{Duration, Instant};

use alongside::protocol::page::PageEvent;
use alongside::protocol::visitor::FromVisitor;
use tokio::task::JoinSet;

use super::figures::Figures;
use super::server::{PAGE, Session, TEXT};
use super::socket::Socket;
use crate::Failure;

/// What marks an event's time, in nanoseconds since the start, within its text.
const MARK: &str = "sent at ";

/// So many events a second in each session, spread over it; each time is from just before an event was sent until a watcher had it.
pub(crate) async fn measure(
    sessions: Vec<Session>,
    rate: u32,
    lasts: Duration,
) -> Result<(Figures, Vec<Session>), Failure> {
    let every = Duration::from_secs(1) / rate;
    let count = sessions.len();
    let start = Instant::now() + Duration::from_millis(200);
    let mut tasks = JoinSet::new();
    for (n, session) in sessions.into_iter().enumerate() {
        let first = start + every.mul_f64(n as f64 / count as f64);
        tasks.spawn(one(session, first, every, start + lasts));
    }
    let (mut figures, mut kept) = (Figures::default(), Vec::new());
    while let Some(done) = tasks.join_next().await {
        let (session, times) = done??;
        figures.add(times);
        kept.push(session);
    }
    Ok((figures, kept))
}

async fn one(session: Session, first: Instant, every: Duration, until: Instant) -> Result<(Session, Figures), Failure> {
    let Session { mut visitor, watchers, mut seq } = session;
    let times = (until - first).as_nanos() / every.as_nanos();
    let events = u32::try_from(times)?;
    let listening: Vec<_> = watchers.into_iter().map(|socket| tokio::spawn(watch(socket, first, events))).collect();
    for n in 0..events {
        let due = tokio::time::Instant::from_std(first + every * n);
        // What the server says to the visitor is read meanwhile, as a page does.
        while let Ok(heard) = tokio::time::timeout_at(due, visitor.hear()).await {
            heard?;
        }
        let text = format!("{MARK}{:020}", first.elapsed().as_nanos());
        let events = vec![PageEvent::Text { node: TEXT, text }];
        visitor.tell(&FromVisitor::Events { page: PAGE, seq, events }).await?;
        seq += 1;
    }
    let (mut figures, mut watchers) = (Figures::default(), Vec::new());
    for listening in listening {
        let (socket, times) = listening.await??;
        figures.add(times);
        watchers.push(socket);
    }
    Ok((Session { visitor, watchers, seq }, figures))
}

/// Hears as many events, and how long each took.
async fn watch(mut socket: Socket, first: Instant, events: u32) -> Result<(Socket, Figures), Failure> {
    let mut figures = Figures::default();
    while figures.count() < events as usize {
        let message =
            tokio::time::timeout(Duration::from_secs(60), socket.hear()).await.map_err(|_| "an event is missing")??;
        let Some(at) = memchr::memmem::find(&message, MARK.as_bytes()).map(|at| at + MARK.len()) else { continue };
        let digits = message.get(at..at + 20).ok_or("a time is missing")?;
        let sent: u64 = std::str::from_utf8(digits)?.parse()?;
        figures.note(first.elapsed().saturating_sub(Duration::from_nanos(sent)));
    }
    Ok((socket, figures))
}
