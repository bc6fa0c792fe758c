//! Addresses that a session mapped before: pages name the same ones again and again, and finding out what one stands for costs a hundred times as much as
//! remembering it. What it keeps is bounded, and holds for one policy.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use url::Url;

use crate::origin::UpstreamOrigin;

/// Most addresses.
const ADDRESSES: usize = 2_000;
/// Longest one, in bytes.
const LONGEST: usize = 300;
/// Most bases that addresses are resolved against.
const BASES: usize = 4;
/// Most hosts.
const HOSTS: usize = 32;

/// See the module.
#[derive(Default)]
pub(super) struct Known(Mutex<Maps>);

/// What addresses of assets became.
type Assets = HashMap<Box<str>, Box<str>>;

#[derive(Default)]
struct Maps {
    /// By base.
    assets: Vec<(Url, Assets)>,
    count: usize,
    /// By scheme, host and port: which origins the view addresses of this session stand for.
    hosts: Vec<(Box<str>, UpstreamOrigin)>,
}

impl Known {
    fn maps(&self) -> MutexGuard<'_, Maps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of what an address stands for.
    pub(super) fn asset(&self, base: &Url, address: &str) -> Option<Box<str>> {
        let maps = self.maps();
        let (_, assets) = maps.assets.iter().find(|(known, _)| known == base)?;
        assets.get(address).cloned()
    }

    /// Keeps it.
    pub(super) fn keep_asset(&self, base: &Url, address: &str, key: &str) {
        if address.len() > LONGEST || base.as_str().len() > LONGEST {
            return;
        }
        let mut maps = self.maps();
        if maps.count >= ADDRESSES {
            (maps.assets, maps.count) = (Vec::new(), 0);
        }
        maps.count += 1;
        match maps.assets.iter_mut().find(|(known, _)| known == base) {
            Some((_, assets)) => drop(assets.insert(address.into(), key.into())),
            None => {
                if maps.assets.len() >= BASES {
                    let (_, gone) = maps.assets.remove(0);
                    maps.count -= gone.len();
                }
                maps.assets.push((base.clone(), HashMap::from([(address.into(), key.into())])));
            }
        }
    }

    /// The origin that a view address stands for, by what it has before its path.
    pub(super) fn origin(&self, place: &str) -> Option<UpstreamOrigin> {
        self.maps().hosts.iter().find(|(known, _)| **known == *place).map(|(_, origin)| origin.clone())
    }

    /// Keeps it.
    pub(super) fn keep_origin(&self, place: &str, origin: UpstreamOrigin) {
        let mut maps = self.maps();
        if maps.hosts.len() < HOSTS && place.len() <= LONGEST {
            maps.hosts.push((place.into(), origin));
        }
    }
}

impl fmt::Debug for Known {
    /// Without addresses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Known")
    }
}
