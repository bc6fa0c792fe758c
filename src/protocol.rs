//! Every type on the wire, in one place, exported to TypeScript (`web/shared/protocol/`).
//!
//! - [`page`]: page events, from the driven end to the session and, washed, to the watchers.
//! - [`visitor`]: the companion's socket.
//! - [`agent`]: the viewer's and the console's sockets.
//! - [`api`]: the control side's JSON requests and replies.

pub mod agent;
pub mod api;
pub mod page;
pub mod visitor;

#[cfg(test)]
mod export;
