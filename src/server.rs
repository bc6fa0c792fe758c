//! Listeners, TLS, the control side's API, sockets, replies, shutdown.
//!
//! A request comes through `listen` and `front` (or TLS) to [`Service::serve`], which sends it by its host to the control side (`control`), a session's
//! view (`view`), or a session's viewer (`viewer`).

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use http::header::LOCATION;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use tracing::Instrument;

use crate::config::{Config, KeyError};
use crate::origin::Scheme;
use crate::proxy::Proxy;
use crate::session::assets::Bounds;
use crate::session::help::Help;
use crate::session::pin::Guesses;
use crate::session::token::{NoRandomness, Secret};
use crate::session::{Hosting, Sessions, Settings, Times, Trail};
use crate::store::{Seal, Store, StoreError};
use crate::upstream::{self, Body, Timeouts, Upstream, UpstreamError, body};

mod account;
mod admin;
mod control;
mod device;
pub mod front;
mod help;
#[cfg(feature = "image")]
mod image;
mod join;
mod keeper;
pub mod listen;
mod recorder;
mod reply;
mod route;
pub mod rulebook;
mod screen;
mod sessions;
mod signin;
mod sockets;
mod stills;
pub mod tls;
mod unpack;
mod view;
mod viewer;
pub mod web;

use keeper::Vault;
use listen::Peer;
use recorder::Recorder;
use route::Target;
use rulebook::{Rulebook, RulebookError};
use stills::Stills;
use web::PageScripts;

/// How long running requests may take after the shutdown has begun.
const GRACE: Duration = Duration::from_secs(5);
/// Folder of the certificate for development.
const CERTIFICATES: &str = "certs";

/// What every request shares.
pub struct State {
    config: Config,
    /// `scheme://host[:port]` of the control side.
    control_origin: String,
    sessions: Arc<Sessions>,
    store: Store,
    rulebook: Rulebook,
    /// Keeps sessions over restarts; none: there is no key.
    vault: Option<Vault>,
    proxy: Proxy,
    /// Wrong passwords.
    passwords: Guesses,
    /// Wrong old passwords, by account.
    old_passwords: Guesses<i64>,
    /// Visitors who ask for help.
    help: Help,
    /// What people do.
    trail: Trail,
    /// Keeps it.
    recorder: Recorder,
    /// Screenshots that agents ask for.
    stills: Stills,
}

/// The server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Chrome has no way in.
    #[cfg(feature = "image")]
    #[error("no way in for image mode's browser: {0}")]
    Entrance(std::io::Error),
    /// An address cannot be bound.
    #[error("cannot listen on {0}: {1}")]
    Bind(SocketAddr, std::io::Error),
    /// No address is configured.
    #[error("no address to listen on")]
    NoAddress,
    /// See [`tls::TlsError`].
    #[error(transparent)]
    Tls(#[from] tls::TlsError),
    /// See [`StoreError`].
    #[error(transparent)]
    Store(#[from] StoreError),
    /// See [`RulebookError`].
    #[error(transparent)]
    Rules(#[from] RulebookError),
    /// See [`KeyError`].
    #[error(transparent)]
    Key(#[from] KeyError),
    /// See [`NoRandomness`].
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The way out cannot be made.
    #[error("cannot reach out: {0}")]
    Upstream(#[from] UpstreamError),
}

/// A server that holds its addresses and has not begun to answer.
pub struct Server {
    service: Service,
    http: Option<TcpListener>,
    https: Option<(TcpListener, Arc<ServerConfig>)>,
    #[cfg(feature = "image")]
    images: image::Images,
    address: SocketAddr,
}

impl Server {
    /// Opens the store and binds the addresses.
    ///
    /// # Errors
    /// See [`ServerError`].
    pub async fn bind(config: Config) -> Result<Self, ServerError> {
        Self::prepare(config, None).await
    }

    /// The same; the holder of the other end of `hosting` runs sessions that go the image way.
    ///
    /// # Errors
    /// See [`ServerError`].
    pub async fn bind_with(mut config: Config, hosting: Hosting) -> Result<Self, ServerError> {
        config.image.enabled = false;
        Self::prepare(config, Some(hosting)).await
    }

    async fn prepare(config: Config, hosting: Option<Hosting>) -> Result<Self, ServerError> {
        let http = bind(config.listen.http).await?;
        let https = match bind(config.listen.https).await? {
            Some(listener) => Some((listener, certificate(&config)?)),
            None => None,
        };
        let local = |listener: &TcpListener| listener.local_addr().ok();
        let (plain, secure) = (http.as_ref().and_then(local), https.as_ref().and_then(|(listener, _)| local(listener)));
        let address = secure.or(plain).ok_or(ServerError::NoAddress)?;
        let public = config.public_address(plain.map(|a| a.port()), secure.map(|a| a.port()));
        let timeouts =
            Timeouts { connect: config.limits.connect(), head: config.limits.reply(), ..Timeouts::default() };
        let own = plain.into_iter().chain(secure).collect();
        let upstream = Upstream::new(upstream::Options { own, timeouts, ..upstream::Options::default() })?;
        let store = Store::open(&config.store.path).await?;
        let seal = config.store.keys()?.map(|keys| Arc::new(Seal::new(&keys)));
        let vault = seal.clone().map(|seal| Vault::new(store.clone(), seal));
        let trail = Trail::new();
        let recorder = Recorder::open(store.clone(), seal, trail.clone(), config.audit.days).await?;
        let pepper = match &vault {
            Some(vault) => vault.pepper().await?,
            None => Secret::random()?,
        };
        let (rulebook, policy) = Rulebook::open(store.clone(), trail.clone(), &config).await?;
        let stills = Stills::default();
        #[cfg(feature = "image")]
        let (images, own) = image::Images::bind(&config, public, stills.clone()).await?;
        #[cfg(not(feature = "image"))]
        let own = Hosting::default();
        let sessions = Sessions::new(Settings {
            domain: config.view_domain(public),
            policy,
            times: Times { pin: config.session.pin(), away: config.session.away(), longest: config.session.longest() },
            assets: Bounds { total: config.limits.assets, one: config.limits.asset },
            sessions: config.limits.sessions,
            per_agent: config.limits.sessions_per_agent,
            pepper,
            kept: vault.is_some(),
            trail: trail.clone(),
            hosting: hosting.unwrap_or(own),
        });
        match &vault {
            Some(vault) => vault.restore(&sessions).await?,
            None => tracing::info!(
                "sessions end when the server stops: to keep them, give [store] a key (`alongside key` prints one)"
            ),
        }
        let state = Arc::new(State {
            control_origin: config.control_origin(public),
            store,
            rulebook,
            vault,
            sessions,
            proxy: Proxy { upstream, scripts: Arc::new(PageScripts::load()) },
            passwords: Guesses::default(),
            old_passwords: Guesses::default(),
            help: Help::new()?,
            trail,
            recorder,
            stills,
            config,
        });
        let router = control::router(Arc::clone(&state));
        Ok(Self {
            service: Service { state, router },
            http,
            https,
            #[cfg(feature = "image")]
            images,
            address,
        })
    }

    /// The address that browsers use: that of HTTPS, where there is one.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// `scheme://host[:port]` of the control side.
    #[must_use]
    pub fn control_origin(&self) -> &str {
        &self.service.state.control_origin
    }

    /// Accounts and sign-ins.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.service.state.store
    }

    /// All sessions.
    #[must_use]
    pub fn sessions(&self) -> &Arc<Sessions> {
        &self.service.state.sessions
    }

    /// Answers until `shutdown` is done, then ends every session, or keeps it for the next start, and lets what runs finish within a few seconds.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        #[cfg(feature = "image")]
        let images = self.images;
        let Self { service, http, https, .. } = self;
        let config = &service.state.config;
        let options = listen::Options {
            trusted: config.trusted_proxies.networks.clone().into(),
            connections: config.limits.connections,
            head: config.limits.head(),
            grace: GRACE,
        };
        let closing = CancellationToken::new();
        let serve = |listener: Option<(TcpListener, Option<Arc<ServerConfig>>)>| {
            let (options, closing, service) = (options.clone(), closing.clone(), service.clone());
            async move {
                let Some((listener, tls)) = listener else { return };
                let answer = move |request, peer| service.clone().serve(request, peer);
                listen::serve(listener, tls, options, answer, closing.cancelled_owned()).await;
            }
        };
        let stop = async {
            shutdown.await;
            tracing::info!("shutting down");
            match service.state.vault {
                Some(_) => service.state.sessions.leaving().cancel(),
                None => service.state.sessions.shut_down(),
            }
            closing.cancel();
        };
        let plain = serve(http.map(|listener| (listener, None)));
        let secure = serve(https.map(|(listener, tls)| (listener, Some(tls))));
        let serving = async { tokio::join!(plain, secure, stop) };
        let state = &service.state;
        let over = CancellationToken::new();
        let working = async {
            match &state.vault {
                Some(vault) => {
                    tokio::select! {
                        _ = serving => {}
                        () = vault.keep(&state.sessions) => {}
                    }
                    vault.finish(&state.sessions).await;
                }
                None => {
                    serving.await;
                }
            }
            over.cancel();
        };
        let watching = state.rulebook.watch(&state.sessions, &over);
        let looking_after = async { tokio::join!(state.recorder.keep(&over), watching) };
        #[cfg(feature = "image")]
        tokio::join!(working, looking_after, images.serve(service.clone(), &closing));
        #[cfg(not(feature = "image"))]
        tokio::join!(working, looking_after);
        state.store.close().await;
    }
}

async fn bind(address: Option<SocketAddr>) -> Result<Option<TcpListener>, ServerError> {
    let Some(address) = address else { return Ok(None) };
    listen::bind(address).await.map(Some).map_err(|error| ServerError::Bind(address, error))
}

fn certificate(config: &Config) -> Result<Arc<ServerConfig>, tls::TlsError> {
    match (&config.listen.cert, &config.listen.key) {
        (Some(cert), Some(key)) => tls::from_files(cert, key),
        _ => tls::development(Path::new(CERTIFICATES), &config.control.host, &config.view.domain),
    }
}

/// Answers requests. Cheap to clone.
#[derive(Clone)]
struct Service {
    state: Arc<State>,
    router: Router,
}

impl Service {
    /// Answers one request that the front let through.
    async fn serve(self, request: Request<Incoming>, peer: Peer) -> Response<Body> {
        static REQUESTS: AtomicU64 = AtomicU64::new(1);
        let state = Arc::clone(&self.state);
        let target = route::target(route::host(&request), &state.config.control.host, state.sessions.domain());
        let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
        let span =
            tracing::debug_span!("request", number, method = %request.method(), target = named(&target, &request));
        async move {
            let start = std::time::Instant::now();
            let response = self.dispatch(target, request, peer).await;
            tracing::debug!(
                status = response.status().as_u16(),
                milliseconds = start.elapsed().as_millis() as u64,
                "answered"
            );
            response
        }
        .instrument(span)
        .await
    }

    /// Answers our own Chrome, which gets view origins and nothing else.
    #[cfg(feature = "image")]
    async fn serve_hosted(self, request: Request<Incoming>, peer: Peer) -> Response<Body> {
        match route::target(route::host(&request), &self.state.config.control.host, self.state.sessions.domain()) {
            Target::View(..) => self.serve(request, peer).await,
            _ => reply::line(StatusCode::MISDIRECTED_REQUEST, "This host is not served here.\n"),
        }
    }

    async fn dispatch(self, target: Target, mut request: Request<Incoming>, peer: Peer) -> Response<Body> {
        let state = &self.state;
        if let Some(elsewhere) = to_https(state, &target, &request, peer) {
            return elsewhere;
        }
        match target {
            Target::View(sid, origin) => view::serve(state, sid, origin, request, peer).await,
            Target::Viewer(sid) => viewer::serve(state, sid, request).await,
            Target::Screen(sid) => screen::serve(state, sid, request, peer).await,
            Target::Control => {
                request.extensions_mut().insert(peer);
                match self.router.oneshot(request.map(axum::body::Body::new)).await {
                    Ok(response) => response.map(body::boxed),
                    Err(never) => match never {},
                }
            }
            Target::Unknown => reply::line(StatusCode::MISDIRECTED_REQUEST, "This host is not served here.\n"),
        }
    }
}

/// Where browsers reach us by HTTPS, what comes by plain HTTP is sent there, but for health checks.
fn to_https(state: &State, target: &Target, request: &Request<Incoming>, peer: Peer) -> Option<Response<Body>> {
    let domain = state.sessions.domain();
    let health = matches!(request.uri().path(), "/health" | "/ready");
    if peer.secure || domain.scheme == Scheme::Http || *target == Target::Unknown || health {
        return None;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Some(reply::line(StatusCode::FORBIDDEN, "This works by HTTPS alone.\n"));
    }
    let host = route::host(request);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let location = HeaderValue::from_str(&format!("https://{name}:{}{path}", domain.port)).ok()?;
    let mut response = reply::line(StatusCode::TEMPORARY_REDIRECT, "");
    response.headers_mut().insert(LOCATION, location);
    Some(response)
}

/// A request's target for the log: no address of a site, no capability, ticket or token.
fn named(target: &Target, request: &Request<Incoming>) -> String {
    match target {
        Target::Control if request.uri().path().starts_with("/join/") => "control /join/…".to_owned(),
        Target::Control => format!("control {}", request.uri().path()),
        Target::View(sid, _) => format!("view {sid}"),
        Target::Viewer(sid) => format!("viewer {sid}"),
        Target::Screen(sid) => format!("screen {sid}"),
        Target::Unknown => "unknown".to_owned(),
    }
}
