//! Image mode: one runner for each session that goes the image way joins a tab of our Chrome, the session, and the pictures.
//!
//! Chrome gets to us by a listener of its own on loopback, which serves view origins alone; so the way that browsers take to us (proxies in front,
//! certificates) does not matter to it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::stills::Stills;
use super::{ServerError, Service, listen, tls};
use crate::config::Config;
use crate::image::pool::{Options, Pool};
use crate::origin::Scheme;
use crate::protocol::image::ImageOffer;
use crate::session::{Host, Hosting};

mod easel;
mod runner;
mod still;

use runner::{Runner, Way};

/// How often it is looked whether the browser can be had.
const LOOK: Duration = Duration::from_secs(1);
/// How long to wait with another try where it cannot.
const AGAIN: Duration = Duration::from_secs(60);

/// Runs Chrome, and a runner for each session that wants one.
pub(super) struct Images {
    options: Options,
    /// Where Chrome comes in; none: image mode is off.
    entrance: Option<(TcpListener, Option<Arc<ServerConfig>>)>,
    offer: watch::Sender<ImageOffer>,
    hosts: mpsc::UnboundedReceiver<Host>,
    stills: Stills,
}

impl Images {
    /// With what sessions are to have.
    ///
    /// # Errors
    /// [`ServerError::Entrance`], [`ServerError::Tls`].
    pub(super) async fn bind(
        config: &Config,
        public: (Scheme, u16),
        stills: Stills,
    ) -> Result<(Self, Hosting), ServerError> {
        let (offer, offered) = watch::channel(ImageOffer::Off);
        let (hosting, hosts) = Hosting::new(offered);
        let domain = config.view_domain(public);
        let entrance = if config.image.enabled {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(ServerError::Entrance)?;
            let secure = domain.scheme == Scheme::Https;
            let certificate = if secure { Some(tls::passing(&domain.domain)?) } else { None };
            Some((listener, certificate))
        } else {
            None
        };
        Ok((Self { options: Options::from(&config.image), entrance, offer, hosts, stills }, hosting))
    }

    /// Serves until `closing`. `service`: what Chrome gets view origins from.
    pub(super) async fn serve(mut self, service: Service, closing: &CancellationToken) {
        let Some((listener, certificate)) = self.entrance.take() else { return };
        let Ok(gateway) = listener.local_addr() else { return };
        let answer = move |request, peer| service.clone().serve_hosted(request, peer);
        let options = listen::Options::default();
        let entrance = listen::serve(listener, certificate, options, answer, closing.clone().cancelled_owned());
        tokio::join!(entrance, self.look_after(gateway, closing));
    }

    async fn look_after(&mut self, gateway: SocketAddr, over: &CancellationToken) {
        loop {
            match Pool::start(self.options.clone()).await {
                Ok(pool) => {
                    self.run(&pool, gateway, over).await;
                    pool.stop().await;
                    return;
                }
                Err(unavailable) => {
                    tracing::info!(%unavailable, "image mode is not offered");
                    self.offer.send_replace(unavailable.offer());
                }
            }
            tokio::select! {
                () = over.cancelled() => return,
                () = tokio::time::sleep(AGAIN) => {}
            }
        }
    }

    async fn run(&mut self, pool: &Arc<Pool>, gateway: SocketAddr, over: &CancellationToken) {
        let mut runners = JoinSet::new();
        loop {
            let now = pool.offer();
            self.offer.send_if_modified(|offer| std::mem::replace(offer, now) != now);
            tokio::select! {
                () = over.cancelled() => break,
                Some(host) = self.hosts.recv() => {
                    let (stills, way) = (self.stills.clone(), Way { pool: Arc::clone(pool), gateway });
                    runners.spawn(async move {
                        let (asks, asked) = mpsc::channel(1);
                        let sid = host.session().id().clone();
                        stills.put(&sid, asks);
                        Runner::new(host, way, asked).run().await;
                        stills.remove(&sid);
                    });
                }
                Some(_) = runners.join_next() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        runners.shutdown().await;
    }
}
