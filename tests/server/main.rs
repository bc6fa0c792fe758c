//! The server's parts over real sockets, with real HTTP servers as upstream.

mod front;
mod proxy;
mod ssrf;
mod support;
mod tls;
