//! Listeners, TLS, the control side's API, sockets, replies, shutdown.
//!
//! A request comes through `listen` and `front` (or TLS) to [`State::serve`], which sends it by its host to the control side, a session's view, or a
//! session's viewer.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use http::{Request, Response};
use hyper::body::Incoming;

use crate::config::Config;
use crate::upstream::{Body, body};

pub mod front;
pub mod listen;
pub mod tls;

/// What every request shares.
pub struct State {
    config: Config,
}

impl State {
    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Answers one request that the front let through. `peer`: the visitor's or agent's own address, a trusted proxy in front looked through.
    pub async fn serve(self: Arc<Self>, _request: Request<Incoming>, _peer: IpAddr) -> Response<Body> {
        Response::new(body::empty())
    }
}

/// The server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// An address cannot be bound.
    #[error("cannot listen on {0}: {1}")]
    Bind(SocketAddr, std::io::Error),
}

/// A server that holds its addresses and has not begun to answer.
pub struct Server {
    state: Arc<State>,
}

impl Server {
    /// Opens the store and binds the addresses.
    ///
    /// # Errors
    /// See [`ServerError`].
    pub async fn bind(config: Config) -> Result<Self, ServerError> {
        Ok(Self { state: Arc::new(State { config }) })
    }

    /// What every request shares.
    #[must_use]
    pub fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// Answers until `shutdown` is done, then ends every session and closes what is open.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        shutdown.await;
    }
}
