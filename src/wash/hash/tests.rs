//! The hash against its vectors, which `web/shared/hash.ts` is tested against, too.

use serde::{Deserialize, Serialize};

use crate::protocol::page::{PageEvent, Snapshot};
use crate::wash::Mirror;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/hash/vectors.json");

#[derive(Serialize, Deserialize)]
struct Vector {
    name: String,
    snapshot: Snapshot,
    hash: u64,
}

/// `UPDATE=1` writes the hashes.
#[test]
fn vectors() {
    let mut vectors: Vec<Vector> = serde_json::from_str(&std::fs::read_to_string(VECTORS).unwrap()).unwrap();
    assert!(vectors.len() >= 20);
    let update = std::env::var_os("UPDATE").is_some();
    for vector in &mut vectors {
        let mut mirror = Mirror::default();
        mirror.apply(PageEvent::Snapshot(vector.snapshot.clone())).unwrap();
        if update {
            vector.hash = mirror.hash();
        }
        assert_eq!(mirror.hash(), vector.hash, "{}", vector.name);
        assert!(vector.hash < 1 << 53);
    }
    if update {
        std::fs::write(VECTORS, serde_json::to_string_pretty(&vectors).unwrap() + "\n").unwrap();
    }
    for (same, other) in [(8, 9), (9, 10), (24, 25)] {
        assert_eq!(vectors[same].hash, vectors[other].hash, "{}", vectors[other].name);
    }
    assert_ne!(vectors[4].hash, vectors[5].hash);
}

#[test]
fn no_page_has_the_hash_of_nothing() {
    assert_eq!(Mirror::default().hash(), 3_338_908_027_751_811);
}
