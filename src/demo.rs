//! The demo's made-up shop, "Kettle & Fern": five small servers on loopback ports of this process, so that one can try everything
//! with no internet. The content is in `fixtures/shop/`. Nothing on its pages depends on chance or on the clock, but for the
//! page `/live`; `/design` is for image mode, and on `/moving` everything that agents do not see moves, frame by frame.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use crate::protocol::rules::{MaskAction, MaskDraft, PrivacyDraft, ScrubDraft, SiteDraft};

mod account;
mod basket;
mod checkout;
mod files;
mod live;
mod oddities;
mod others;
mod shop;
mod wire;

/// Where the shop's servers are reached, as absolute addresses of their root. The names are under `.localhost`, which browsers resolve to loopback
/// by themselves; every server listens on 127.0.0.1 alone.
#[derive(Clone, Debug, Serialize)]
pub struct Origins {
    /// The shop itself.
    pub shop: Url,
    /// Its style sheet, pictures and font; to be allowlisted.
    pub cdn: Url,
    /// The payment frame; to be allowlisted.
    pub pay: Url,
    /// A tracker's script; not to be allowlisted.
    pub tracker: Url,
    /// Advertisements; not to be allowlisted.
    pub ads: Url,
}

/// The running shop. It stops when this is dropped.
#[derive(Debug)]
pub struct Shop {
    origins: Origins,
    site: Arc<shop::Site>,
    _stop: DropGuard,
}

impl Shop {
    /// Binds five free ports of 127.0.0.1 and serves from tasks of the current runtime.
    ///
    /// # Errors
    /// A port cannot be bound.
    pub async fn start() -> io::Result<Self> {
        let mut listeners = Vec::new();
        let mut urls = Vec::new();
        for host in ["shop.localhost", "cdn.shop.localhost", "pay.localhost", "tracker.localhost", "ads.localhost"] {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let url = format!("http://{host}:{}/", listener.local_addr()?.port());
            urls.push(Url::parse(&url).map_err(io::Error::other)?);
            listeners.push(listener);
        }
        let [shop, cdn, pay, tracker, ads] =
            <[Url; 5]>::try_from(urls).map_err(|_| io::Error::other("five origins"))?;
        let origins = Origins { shop, cdn, pay, tracker, ads };
        let site = Arc::new(shop::Site::new(origins.clone())?);
        let routers = [
            shop::router(site.clone()),
            others::cdn(),
            others::pay(Arc::clone(&site)),
            others::tracker(),
            others::ads(),
        ];
        let stop = CancellationToken::new();
        for (listener, router) in listeners.into_iter().zip(routers) {
            let router = outfit(router);
            let stopped = stop.clone().cancelled_owned();
            tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(stopped).await });
        }
        Ok(Self { origins, site, _stop: stop.drop_guard() })
    }

    /// Where its servers are.
    #[must_use]
    pub fn origins(&self) -> &Origins {
        &self.origins
    }

    /// Puts "Need help?" on every page from now on, as a button and as a link: it leads to the control origin `control`.
    pub fn offer_help(&self, control: &str) {
        let _ = self.site.control.set(control.to_owned());
    }

    /// The shop as a site: pages of the shop, loads from its CDN and from the payment origin, on loopback.
    #[must_use]
    pub fn site(&self) -> SiteDraft {
        let text = |url: &Url| url.as_str().to_owned();
        SiteDraft {
            name: "Kettle & Fern".to_owned(),
            start: text(&self.origins.shop),
            pages: vec![text(&self.origins.shop)],
            loads: vec![text(&self.origins.cdn), text(&self.origins.pay)],
            networks: vec!["127.0.0.0/8".to_owned()],
            privacy: privacy(),
            ..SiteDraft::default()
        }
    }
}

/// What agents do not see of the shop: the account's payments, and numbers of cards and bank accounts wherever they stand.
fn privacy() -> PrivacyDraft {
    let mask = |name: &str, selector: &str, action| MaskDraft {
        name: name.to_owned(),
        off: false,
        selector: selector.to_owned(),
        action,
        pages: Vec::new(),
    };
    let ready = |name: &str| ScrubDraft { ready: Some(name.to_owned()), ..ScrubDraft::default() };
    PrivacyDraft {
        private: false,
        mask: vec![mask("Payments", ".payments", MaskAction::Hide), mask("Points", ".points", MaskAction::Mask)],
        scrub: vec![ready("card"), ready("iban"), ready("email")],
    }
}

/// What every server has around its routes.
fn outfit(router: Router) -> Router {
    router.layer(from_fn(wire::compress)).layer(from_fn_with_state(wire::Counts::default(), wire::count))
}

#[cfg(test)]
pub(crate) mod tests;
