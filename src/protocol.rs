//! Every type on the wire, in one place, exported to TypeScript (`web/shared/protocol/`).
//!
//! - [`people`]: who takes part, modes, rules.
//! - [`act`]: what agents ask of the visitor's page, and what becomes of it.
//! - [`note`]: labels, highlights, marks.
//! - [`chat`]: text between the sides.
//! - [`page`]: page events, from the driven end to the session and, washed, to the watchers.
//! - [`visitor`]: the companion's socket.
//! - [`image`], [`hosted`]: image mode: the screen's and the pictures' sockets, the hosted page.
//! - [`agent`]: the viewer's and the console's sockets.
//! - [`api`]: the control side's JSON requests and replies.

pub mod act;
pub mod admin;
pub mod agent;
pub mod api;
pub mod chat;
pub mod frame;
pub mod hosted;
pub mod image;
pub mod note;
pub mod page;
pub mod people;
pub mod rules;
pub mod visitor;

#[cfg(test)]
mod export;
