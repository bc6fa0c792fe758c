//! The socket of the visitor's screen: pictures, input, and what the overlay of a page would be told and say.

use std::sync::Arc;

use tokio::sync::watch;
use yawc::close::CloseCode;
use yawc::frame::Frame;

use super::{Gone, Reader, Socket, end_of, ended, visitor};
use crate::config::Limits;
use crate::protocol::agent::EndedBy;
use crate::protocol::image::{FromScreen, ToScreen};
use crate::protocol::visitor::{FromVisitor, ToVisitor};
use crate::session::{Board, Rate, Screen, Seat, Session, Status};

/// Messages a second: every move of a pointer is one.
const MESSAGES: u32 = 500;
/// Seconds' worth of what is no input that may come at once.
const BURST: u32 = 5;

/// The socket of a screen whose session ended while the connection was away.
pub(in crate::server) async fn late_screen(mut socket: Socket, by: EndedBy) {
    let _ = socket.tell(&told(ToVisitor::Ended { by })).await;
    socket.close(CloseCode::Normal).await;
}

/// Serves a screen until the session ends.
pub(in crate::server) async fn screen(mut socket: Socket, session: Arc<Session>, _seat: Seat, limits: Limits) {
    let result = run(&mut socket, &session, session.screen(), &limits).await;
    if result.is_err() {
        return socket.close(CloseCode::Policy).await;
    }
    if let Some(by) = end_of(&session.status()) {
        let _ = socket.tell(&told(ToVisitor::Ended { by })).await;
    }
    socket.close(CloseCode::Normal).await;
}

async fn run(socket: &mut Socket, session: &Session, mut screen: Screen, limits: &Limits) -> Result<(), Gone> {
    let mut reader = Reader::new(MESSAGES);
    let mut rest = Rate::new(limits.messages_per_second, limits.messages_per_second.saturating_mul(BURST));
    let mut status = session.status();
    status.mark_changed();
    let mut ends = session.status();
    let mut shown = (Vec::new(), Board::default());
    screen.board.mark_changed();
    loop {
        let (answers, frames, board) = screen.ends();
        tokio::select! {
            biased;
            _ = status.changed() => {
                let now = describe(&status.borrow_and_update());
                if end_of(&status).is_some() {
                    return Ok(());
                }
                for message in now.iter().filter(|message| !shown.0.contains(*message)) {
                    socket.tell(message).await?;
                }
                shown.0 = now;
            }
            answer = answers.recv() => socket.tell(&answer.ok_or(Gone)?).await?,
            _ = board.changed() => put_up(socket, &mut shown.1, board).await?,
            message = socket.next() => if let Some(text) = message? {
                let message: FromScreen = reader.read(text).await?;
                if let FromScreen::Visitor { message } = &message {
                    if !rest.take() {
                        return Err(Gone);
                    }
                    if let FromVisitor::Ping { n, .. } = message {
                        socket.tell(&told(ToVisitor::Pong { n: *n })).await?;
                    }
                }
                if !screen.send(message).await {
                    return Err(Gone);
                }
            },
            frame = frames.next() => {
                let over = async {
                    tokio::select! {
                        () = ended(&mut ends) => {}
                        () = frames.outdated() => {}
                    }
                };
                socket.transmit_unless(Frame::binary(frame), over).await?;
                frames.is_sent();
            }
        }
    }
}

fn told(message: ToVisitor) -> ToScreen {
    ToScreen::Visitor { message }
}

/// Tells what stands on screens and is not on this one yet.
async fn put_up(socket: &mut Socket, shown: &mut Board, board: &mut watch::Receiver<Board>) -> Result<(), Gone> {
    let now = board.borrow_and_update().clone();
    for message in news(shown, &now) {
        socket.tell(&message).await?;
    }
    *shown = now;
    Ok(())
}

fn news(before: &Board, now: &Board) -> Vec<ToScreen> {
    let mut news = Vec::new();
    if before.page != now.page {
        news.extend(now.page.clone());
    }
    if before.cursor != now.cursor && !now.cursor.is_empty() {
        news.push(ToScreen::Cursor { cursor: now.cursor.clone() });
    }
    if before.field != now.field {
        news.push(ToScreen::Field { field: now.field.clone() });
    }
    if before.dialog != now.dialog {
        let dialog = now.dialog.clone();
        news.push(dialog.map_or(ToScreen::DialogGone, |dialog| ToScreen::Dialog { dialog }));
    }
    if before.list != now.list {
        let list = now.list.clone();
        news.push(list.map_or(ToScreen::ListGone, |list| ToScreen::List { list }));
    }
    if before.chooser != now.chooser {
        news.extend(now.chooser.clone());
    }
    if before.ask != now.ask {
        if let Some(ask) = &before.ask {
            news.push(ToScreen::AskGone { id: ask.id });
        }
        news.extend(now.ask.clone().map(|ask| ToScreen::Ask { ask }));
    }
    news
}

/// How the session stands, as the screen is told.
fn describe(status: &Status) -> Vec<ToScreen> {
    vec![told(visitor::session(status, true)), ToScreen::State { state: status.image }]
}
