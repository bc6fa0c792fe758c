//! The server's parts over real sockets, with real HTTP servers as upstream.

mod client;
mod front;
mod proxy;
mod sessions;
mod ssrf;
mod support;
mod tls;
