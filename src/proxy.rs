//! The way of a page, from a visitor's request to the visitor's browser.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;

use crate::origin::LabelOrigin;
use crate::session::{Credential, Session};
use crate::upstream::{Body, Upstream};

pub mod pages;

/// Our own scripts for the visitor's page.
pub trait Scripts: Send + Sync {
    /// File name of the shim, with its hash: `shim-{hash}.js`.
    fn shim(&self) -> &str;
    /// File name of the companion, with its hash: `companion-{hash}.js`.
    fn companion(&self) -> &str;
    /// Content of one of them.
    fn get(&self, name: &str) -> Option<Bytes>;
}

/// What every request of every session shares.
#[derive(Clone)]
pub struct Proxy {
    /// Gate to the real web.
    pub upstream: Upstream,
    /// Our own scripts.
    pub scripts: Arc<dyn Scripts>,
}

impl Proxy {
    /// Answers a request to a view origin of a session, from the session's visitor. Reserved paths too, but for `enter` and `socket`.
    pub async fn serve(
        &self,
        session: &Arc<Session>,
        credential: Credential,
        origin: &LabelOrigin,
        request: Request<Incoming>,
    ) -> Response<Body> {
        let _ = (session, credential, origin, request, &self.upstream, &self.scripts);
        pages::reply(&pages::Problem::NoSession, false)
    }
}
