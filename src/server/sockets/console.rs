//! The console's socket: how the session stands, who takes part, chat.

use std::future::pending;
use std::sync::Arc;

use yawc::close::CloseCode;

use super::{Gone, Reader, Socket, concerns, end_of, ended, frame};
use crate::config::Limits;
use crate::protocol::agent::{FromConsole, Stage, ToConsole};
use crate::protocol::image::ImageOffer;
use crate::protocol::people::PersonId;
use crate::server::signin::agent;
use crate::session::{Agent, Desk, Session, Status};
use crate::store::Store;

/// What a console's socket needs beside its session.
pub(in crate::server) struct Credentials {
    pub(in crate::server) agent: Agent,
    pub(in crate::server) token: String,
    pub(in crate::server) store: Store,
}

/// Serves a console until the session ends, the agent is out, or signs out.
pub(in crate::server) async fn console(
    mut socket: Socket,
    session: Arc<Session>,
    credentials: Credentials,
    limits: Limits,
) {
    let code = match session.desk(&credentials.agent) {
        Some(desk) => match run(&mut socket, &session, desk, &credentials, &limits).await {
            Ok(()) => CloseCode::Normal,
            Err(Gone) => CloseCode::Policy,
        },
        None => CloseCode::Policy,
    };
    socket.close(code).await;
}

async fn run(
    socket: &mut Socket,
    session: &Session,
    mut desk: Desk,
    credentials: &Credentials,
    limits: &Limits,
) -> Result<(), Gone> {
    let mut reader = Reader::new(limits.messages_per_second);
    let mut status = session.status();
    status.mark_changed();
    let mut ends = session.status();
    let mut changes = credentials.store.changes();
    // What happened before that.
    still_may(session, credentials).await?;
    let mut offer = session.offer();
    let mut told = None;
    loop {
        tokio::select! {
            biased;
            _ = status.changed() => {
                let now = describe(&status.borrow_and_update(), desk.person(), *offer.borrow());
                let over = end_of(&status).is_some();
                if now.is_some() && told != now {
                    let unless = async { if over { pending().await } else { ended(&mut ends).await } };
                    socket.transmit_unless(frame(&now)?, unless).await?;
                    told = now;
                }
                if over {
                    return Ok(());
                }
            }
            Ok(()) = offer.changed() => status.mark_changed(),
            () = concerns(&mut changes, credentials.agent.account) => still_may(session, credentials).await?,
            news = desk.next() => match news {
                Some(news) => socket.transmit_unless(frame(&news)?, ended(&mut ends)).await?,
                None => return Ok(()),
            },
            message = socket.next() => match message? {
                Some(text) => take(socket, &desk, reader.read(text).await?, &credentials.store).await?,
                None => still_may(session, credentials).await?,
            },
        }
    }
}

/// Whoever has the console open is still signed in, and what the account is now lets it take part.
async fn still_may(session: &Session, credentials: &Credentials) -> Result<(), Gone> {
    let account = credentials.store.signed_in(&credentials.token).await.ok().flatten().ok_or(Gone)?;
    session.role_of(&agent(account)).map(|_| ()).ok_or(Gone)
}

async fn take(socket: &mut Socket, desk: &Desk, message: FromConsole, store: &Store) -> Result<(), Gone> {
    let named = match &message {
        FromConsole::Ping { n, .. } => {
            socket.tell(&ToConsole::Pong { n: *n }).await?;
            None
        }
        FromConsole::Invite { name, .. } => store.account(name).await.map_err(|_| Gone)?.map(agent),
        _ => None,
    };
    desk.send(message, named).await;
    Ok(())
}

/// How the session stands, as one person is told. None: they are out.
fn describe(status: &Status, you: PersonId, offer: ImageOffer) -> Option<ToConsole> {
    let role = status.people.role(you)?;
    let mut people = status.people.told_to(Some(role), status.rules.silent_supervisor);
    if status.stage() == Stage::Ended {
        people.clear();
    }
    Some(ToConsole::Status {
        session: status.session.clone(),
        visitor: status.visitor,
        rtt: status.rtt,
        mode: status.mode,
        asking: status.asking,
        priority: status.priority,
        you,
        role,
        people,
        tabs: status.tabs.clone(),
        rules: Arc::clone(&status.rules),
        outside: status.outside,
        way: status.way,
        image: status.image,
        offer,
        suggest: status.suggest,
        veiled: status.veiled,
    })
}
