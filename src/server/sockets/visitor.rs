//! The socket of a page of the visitor's.

use std::sync::Arc;

use yawc::close::CloseCode;

use super::{Gone, Reader, Socket, end_of};
use crate::config::Limits;
use crate::protocol::agent::{EndedBy, Tab};
use crate::protocol::people::Mode;
use crate::protocol::visitor::{FromVisitor, ToVisitor};
use crate::session::{Page, Seat, Session, Status};

/// The socket of a page whose session ended while the connection was away: it is told, and shows why.
pub(in crate::server) async fn late_visitor(mut socket: Socket, by: EndedBy) {
    let _ = socket.tell(&ToVisitor::Ended { by }).await;
    socket.close(CloseCode::Normal).await;
}

/// Serves a page until the session ends.
pub(in crate::server) async fn visitor(
    mut socket: Socket,
    session: Arc<Session>,
    (page, _seat): (Page, Seat),
    limits: Limits,
) {
    let result = run(&mut socket, &session, page, &limits).await;
    if result.is_err() {
        return socket.close(CloseCode::Policy).await;
    }
    if let Some(by) = end_of(&session.status()) {
        let _ = socket.tell(&ToVisitor::Ended { by }).await;
    }
    socket.close(CloseCode::Normal).await;
}

async fn run(socket: &mut Socket, session: &Session, mut page: Page, limits: &Limits) -> Result<(), Gone> {
    let mut reader = Reader::new(limits.messages_per_second);
    let mut status = session.status();
    status.mark_changed();
    let mut told = None;
    loop {
        tokio::select! {
            biased;
            _ = status.changed() => {
                let now = describe(&status.borrow_and_update(), page.tab());
                if end_of(&status).is_some() {
                    return Ok(());
                }
                if now.is_some() && told != now {
                    socket.tell(&now).await?;
                    told = now;
                }
            }
            answer = page.answer() => {
                let answer = answer.ok_or(Gone)?;
                // An act that waited while it was withdrawn: its agent has been told that it is denied.
                if !is_withdrawn(session, &answer) {
                    socket.tell(&answer).await?;
                }
            }
            message = socket.next() => if let Some(text) = message? {
                let room = page.room(text.len()).await.ok_or(Gone)?;
                let message = reader.read(text).await?;
                if let FromVisitor::Ping { n, .. } = message {
                    socket.tell(&ToVisitor::Pong { n }).await?;
                }
                if !page.send(message, room).await {
                    status.mark_changed();
                }
            },
        }
    }
}

/// An act that is not allowed any more: the visitor stepped down, or the rules have changed.
fn is_withdrawn(session: &Session, answer: &ToVisitor) -> bool {
    let ToVisitor::Act { act, .. } = answer else { return false };
    session.mode() != Mode::Shared || !session.rules().acts.contains(&act.into())
}

/// How the session stands, as one page of the visitor's is told. None: the session does not know of the page yet.
fn describe(status: &Status, tab: u32) -> Option<ToVisitor> {
    let shown = status.tabs.iter().find(|known| known.id == tab).map(|Tab { shown, .. }| *shown)?;
    Some(session(status, shown))
}

/// How the session stands, as the visitor's side is told. `shown`: where they are told so is what agents see.
pub(super) fn session(status: &Status, shown: bool) -> ToVisitor {
    let rules = Arc::clone(&status.rules);
    let people = status.people.told_to(None, rules.silent_supervisor);
    let agent = status.people.leader().map(|leader| leader.name.clone()).unwrap_or_default();
    ToVisitor::Session { agent, people, mode: status.mode, rules, shown }
}
