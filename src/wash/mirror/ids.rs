//! Maps by node id.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use crate::protocol::page::NodeId;

/// A map by node id, quick and safe against ids that were chosen to collide.
pub(super) type IdMap<T> = HashMap<NodeId, T, IdState>;

/// A secret for each map.
#[derive(Clone)]
pub(super) struct IdState(u64);

impl Default for IdState {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0u8))
    }
}

impl BuildHasher for IdState {
    type Hasher = IdHasher;

    fn build_hasher(&self) -> IdHasher {
        IdHasher(self.0)
    }
}

/// Mixes the secret and the one number that an id is.
pub(super) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, n: u64) {
        let mut x = (self.0 ^ n).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x ^= x >> 32;
        x = x.wrapping_mul(0x94d0_49bb_1331_11eb);
        self.0 = x ^ (x >> 29);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
