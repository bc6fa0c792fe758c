//! The server's parts over real sockets, with real HTTP servers as upstream.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests and their helpers fail by panicking")]

mod accounts;
mod audit;
mod client;
mod consent;
mod front;
mod help;
mod image;
mod live;
mod matrix;
mod notes;
mod proxy;
mod restart;
mod rules;
mod sessions;
mod ssrf;
mod support;
mod tls;
mod together;
mod working;
