//! The socket of an agent's pictures: frames, covered, and what stands beside them.

use std::sync::Arc;

use yawc::close::CloseCode;
use yawc::frame::Frame;

use super::{Gone, Reader, Socket, concerns, ended, frame, still_may};
use crate::config::Limits;
use crate::protocol::image::{FromPictures, ToPictures};
use crate::session::{Pictures, Session, Viewing};
use crate::store::Store;

/// Serves pictures until the session ends or the view's capability is void.
pub(in crate::server) async fn pictures(
    mut socket: Socket,
    session: Arc<Session>,
    viewing: Viewing,
    (limits, store): (Limits, Store),
) {
    let result = match session.pictures(&viewing.agent) {
        Some(pictures) => run(&mut socket, &session, pictures, &viewing, (&limits, &store)).await,
        None => Ok(()),
    };
    socket.close(if result.is_ok() { CloseCode::Normal } else { CloseCode::Policy }).await;
}

async fn run(
    socket: &mut Socket,
    session: &Session,
    mut pictures: Pictures,
    viewing: &Viewing,
    (limits, store): (&Limits, &Store),
) -> Result<(), Gone> {
    let mut reader = Reader::new(limits.messages_per_second);
    let mut ends = session.status();
    let mut changes = store.changes();
    let mut shown: Vec<ToPictures> = Vec::new();
    loop {
        tokio::select! {
            biased;
            () = ended(&mut ends) => return Ok(()),
            () = viewing.revoked.cancelled() => return Ok(()),
            (now, terms) = pictures.beside.next() => {
                for message in now.iter().filter(|message| !shown.contains(*message)) {
                    let over = async {
                        tokio::select! {
                            () = ended(&mut ends) => {}
                            () = viewing.revoked.cancelled() => {}
                            () = session.outgrows(&terms) => {}
                        }
                    };
                    socket.transmit_unless(frame(message)?, over).await?;
                }
                shown = now;
            }
            () = concerns(&mut changes, viewing.agent.account) => still_may(session, viewing, store).await?,
            message = socket.next() => match message? {
                Some(text) => {
                    let FromPictures::Drawn { frame } = reader.read(text).await?;
                    pictures.frames.drawn(frame);
                }
                None => still_may(session, viewing, store).await?,
            },
            picture = pictures.frames.next() => {
                let over = async {
                    tokio::select! {
                        () = ended(&mut ends) => {}
                        () = viewing.revoked.cancelled() => {}
                        () = pictures.frames.outdated() => {}
                    }
                };
                socket.transmit_unless(Frame::binary(picture), over).await?;
                pictures.frames.is_sent();
            }
        }
    }
}
