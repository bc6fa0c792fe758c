//! A jar as it is kept while the server is down.

use std::sync::Mutex;

use cookie_store::{Cookie, CookieStore};
use serde::{Deserialize, Serialize};

use super::super::changes::Mark;
use super::{Inner, Jar, Key, key_of};

/// Cookies of a session, in order of creation.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeptCookies(Vec<Cookie<'static>>);

impl Jar {
    /// What is in it, to be kept.
    #[must_use]
    pub fn kept(&self) -> KeptCookies {
        let inner = self.lock();
        let of =
            |key: &Key| inner.store.get(&key.domain, &key.path, &key.name).map(|cookie| cookie.clone().into_owned());
        KeptCookies(inner.order.iter().filter_map(of).collect())
    }

    /// A jar with what was kept, but for what has expired meanwhile. `mark` is told of changes.
    #[must_use]
    pub fn restore(KeptCookies(mut cookies): KeptCookies, mark: Mark) -> Self {
        cookies.retain(|cookie| !cookie.is_expired());
        let order = cookies.iter().map(key_of).collect();
        let store: Result<_, std::convert::Infallible> = CookieStore::from_cookies(cookies.into_iter().map(Ok), false);
        let store = match store {
            Ok(store) => store,
            Err(never) => match never {},
        };
        Self { inner: Mutex::new(Inner { store, order, wiped: false }), mark }
    }
}

#[cfg(test)]
impl KeptCookies {
    /// Time has passed for the first.
    pub(super) fn expire_first(&mut self) {
        self.0[0].expires = time::OffsetDateTime::UNIX_EPOCH.into();
    }
}
