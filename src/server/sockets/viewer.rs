//! The socket of an agent's view: the washed page, and what is put beside it.

use std::sync::Arc;

use yawc::close::CloseCode;
use yawc::frame::Frame;

use super::{Gone, Reader, Socket, concerns, end_of, ended, still_may};
use crate::config::Limits;
use crate::protocol::agent::ToViewer;
use crate::protocol::people::PersonId;
use crate::session::{Session, Status, Viewing, Watcher};
use crate::store::Store;

/// Serves a view until the session ends or its capability is void.
pub(in crate::server) async fn viewer(
    mut socket: Socket,
    session: Arc<Session>,
    viewing: Viewing,
    (limits, store): (Limits, Store),
) {
    let result = match session.watch(&viewing.agent) {
        Some(watcher) => run(&mut socket, &session, watcher, &viewing, (&limits, &store)).await,
        None => Ok(()),
    };
    if result.is_err() {
        return socket.close(CloseCode::Policy).await;
    }
    if let Some(by) = end_of(&session.status()) {
        let _ = socket.tell(&ToViewer::Ended { by }).await;
    }
    socket.close(CloseCode::Normal).await;
}

async fn run(
    socket: &mut Socket,
    session: &Session,
    mut watcher: Watcher,
    viewing: &Viewing,
    (limits, store): (&Limits, &Store),
) -> Result<(), Gone> {
    let mut reader = Reader::new(limits.messages_per_second);
    let mut status = session.status();
    status.mark_changed();
    let mut ends = session.status();
    let mut changes = store.changes();
    let mut told = None;
    loop {
        tokio::select! {
            biased;
            () = ended(&mut ends) => return Ok(()),
            () = viewing.revoked.cancelled() => return Ok(()),
            _ = status.changed() => {
                let now = describe(&status.borrow_and_update(), watcher.person());
                if now.is_some() && told != now {
                    socket.tell(&now).await?;
                    told = now;
                }
            }
            () = concerns(&mut changes, viewing.agent.account) => still_may(session, viewing, store).await?,
            message = watcher.next() => {
                let message = message.ok_or(Gone)?;
                let over = async {
                    tokio::select! {
                        () = ended(&mut ends) => {}
                        () = viewing.revoked.cancelled() => {}
                        () = watcher.outdated() => {}
                    }
                };
                socket.transmit_unless(Frame::text(message), over).await?;
            }
            message = socket.next() => match message? {
                Some(text) => watcher.send(reader.read(text).await?).await,
                None => still_may(session, viewing, store).await?,
            },
        }
    }
}

/// How the session stands, as the agent who looks at the view is told. None: they are out.
fn describe(status: &Status, you: PersonId) -> Option<ToViewer> {
    let role = status.people.role(you)?;
    let rules = Arc::clone(&status.rules);
    let people = status.people.told_to(Some(role), rules.silent_supervisor);
    let (mode, visitor, way) = (status.mode, status.visitor, status.way);
    Some(ToViewer::Session { you, role, mode, people, rules, visitor, way })
}
