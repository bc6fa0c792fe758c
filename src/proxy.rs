//! The way of a page, from a visitor's request to the visitor's browser.
//!
//! [`Proxy::serve`] reads top to bottom: real address, allowlist, cookies, the site, cookies, body.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use ipnet::IpNet;
use url::Url;

use crate::origin::{LabelOrigin, UpstreamOrigin};
use crate::policy::Permit;
use crate::protocol::visitor::PageConfig;
use crate::rewrite::headers::{self, Kind};
use crate::session::{Credential, Session};
use crate::upstream::{Body, Upstream, UpstreamError, body};

mod asset;
pub mod codec;
mod content;
pub mod pages;
pub mod reserved;
mod socket;
mod visit;

use pages::Problem;
use visit::Visit;

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
        let document = pages::wants_document(request.headers());
        match self.answer(session, credential, origin, request).await {
            Ok(response) => response,
            Err(problem) => pages::reply(&problem, document),
        }
    }

    async fn answer(
        &self,
        session: &Arc<Session>,
        credential: Credential,
        origin: &LabelOrigin,
        mut request: Request<Incoming>,
    ) -> Result<Response<Body>, Problem> {
        let upgrade = visit::wants_web_socket(&request).then(|| hyper::upgrade::on(&mut request));
        let (Parts { method, uri, headers: asked, .. }, incoming) = request.into_parts();
        let visit = Visit::read(session, credential, origin, (method, &uri, asked), upgrade.is_some())?;
        if let Some(name) = visit.real.path().strip_prefix(reserved::PREFIX) {
            return self.reserved(&visit, name);
        }
        if visit.outlives() {
            return Err(Problem::NotInSession);
        }

        let policy = &visit.policy;
        let permit = policy.permit(&visit.real, visit.usage()).map_err(|_| visit.not_allowed())?;
        let networks = policy.networks(&permit);
        let carried = visit.take_carried();
        let mut fields = headers::to_upstream(&visit.exchange());
        visit.attach_cookies(&mut fields);
        if let Some(upgrade) = upgrade {
            return self.web_socket(&visit, (&permit, &networks), fields, upgrade).await;
        }
        let announced = asset::announce(&visit, &mut fields).await;
        let referrer = visit::text(&fields, "referer").unwrap_or_default().to_owned();

        let mut outgoing = Request::new(body::boxed(incoming));
        *outgoing.method_mut() = visit.method.clone();
        *outgoing.headers_mut() = fields;
        let response = self.upstream.fetch(&permit, &networks, outgoing).await;
        let (head, incoming) = response.map_err(|e| visit.failed(e))?.into_parts();

        visit.store_cookies(&head.headers);
        let mut fields = headers::to_visitor(&visit.exchange(), head.status, &head.headers);
        announced.redirect(&visit, head.status, &head.headers);
        let copying = announced.response(&visit, head.status, &head.headers);
        let content = match visit.kind(head.status, &head.headers) {
            Kind::Other => Ok(match copying {
                Some(copying) => copying.tee(incoming),
                None => incoming,
            }),
            Kind::Css => self.sheet(&visit, &head.headers, incoming, copying, &mut fields).await,
            Kind::Html => self.document(&visit, &head.headers, incoming, &referrer, &mut fields).await,
        };
        visit.tell_cookies(&carried, &mut fields);
        let mut response = Response::new(body::until(content.map_err(|e| visit.failed(e))?, visit.ended()));
        *response.status_mut() = head.status;
        *response.headers_mut() = fields;
        Ok(response)
    }

    /// A document: decoded, rewritten while it streams, with the shim in it.
    async fn document(
        &self,
        visit: &Visit<'_>,
        head: &HeaderMap,
        body: Body,
        referrer: &str,
        fields: &mut HeaderMap,
    ) -> Result<Body, UpstreamError> {
        let codings = visit.codings(head)?;
        let content_type = visit::text(head, "content-type");
        let page = visit.page(self.markup(visit, visit.real.as_str(), referrer));
        let (body, encoding) = content::document(page, body, codings, content_type).await?;
        visit::describe(fields, content_type.unwrap_or("text/html"), encoding.output_encoding().name(), codings.1);
        // A tab's document has the key to its socket: no script is given it from the browser's cache.
        fields.append(header::VARY, HeaderValue::from_static("sec-fetch-dest"));
        // The cookies in it are of this moment: it is not to be used again for another one.
        for name in [header::ETAG, header::LAST_MODIFIED, header::EXPIRES] {
            fields.remove(name);
        }
        if !visit::text(fields, "cache-control").is_some_and(|value| value.contains("no-store")) {
            fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
        Ok(body)
    }

    /// A style sheet: rewritten as a whole; its own text is kept for the agents' views.
    async fn sheet(
        &self,
        visit: &Visit<'_>,
        head: &HeaderMap,
        body: Body,
        copying: Option<asset::Copying>,
        fields: &mut HeaderMap,
    ) -> Result<Body, UpstreamError> {
        let codings = visit.codings(head)?;
        let content_type = visit::text(head, "content-type");
        let (own, rewritten) = content::sheet(&visit.page(String::new()), body, codings.0, content_type).await?;
        if let Some(copying) = copying {
            copying.whole(&own);
        }
        visit::describe(fields, content_type.unwrap_or("text/css"), "utf-8", codings.1);
        content::encode(&rewritten, codings.1)
    }

    /// What is put before everything of a document's own: the shim, told where it stands.
    fn markup(&self, visit: &Visit<'_>, url: &str, referrer: &str) -> String {
        let session = visit.session;
        let domain = session.domain();
        let jar = visit.credential.has_jar().then(|| session.jar());
        let cookie = jar.map(|jar| jar.script_visible(&visit.real)).unwrap_or_default();
        let config = PageConfig {
            hosted: visit.credential == Credential::Hosted,
            sid: session.id().to_string(),
            domain: domain.domain.clone(),
            scheme: domain.scheme.as_str().to_owned(),
            port: domain.port,
            url: url.to_owned(),
            origin: visit.real.origin().ascii_serialization(),
            referrer: referrer.to_owned(),
            cookie,
            companion: format!("{}{}", reserved::PREFIX, self.scripts.companion()),
        };
        let config = serde_json::to_string(&config).unwrap_or_default();
        let config = pages::escape(&visit::ascii_json(&config));
        let own = UpstreamOrigin::of(&visit.real).filter(|_| visit.is_for_tab());
        let key = own.and_then(|own| session.page_key(&own, visit.credential));
        let key = key.map(|key| format!(" data-key=\"{}\"", key.expose())).unwrap_or_default();
        format!("<script src=\"{}{}\" data-config=\"{config}\"{key}></script>", reserved::PREFIX, self.scripts.shim())
    }

    /// A WebSocket's handshake with the site; from then on bytes are carried both ways.
    async fn web_socket(
        &self,
        visit: &Visit<'_>,
        permitted: (&Permit<Url>, &[IpNet]),
        fields: HeaderMap,
        visitor: OnUpgrade,
    ) -> Result<Response<Body>, Problem> {
        let request = socket::request(fields, &visit.headers);
        let response = self.upstream.upgrade(permitted.0, permitted.1, request).await;
        let mut response = response.map_err(|e| visit.failed(e))?;
        visit.store_cookies(response.headers());
        let fields = headers::to_visitor(&visit.exchange(), response.status(), response.headers());
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            let ends = (visitor, hyper::upgrade::on(&mut response));
            socket::tunnel(Arc::clone(visit.session), permitted.0.get().clone(), ends);
            return Ok(socket::response(fields, response.headers()));
        }
        let mut refusal = response.map(body::boxed);
        *refusal.headers_mut() = fields;
        Ok(refusal)
    }
}
