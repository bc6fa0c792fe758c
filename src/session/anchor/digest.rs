//! Digests of names and words. They are stored, so they are the same in every build and process; and they are all that is stored of a page.

use serde::{Deserialize, Serialize};

/// 64 bits of a name, or the sum of those of a text's words, in which their order does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::session) struct Digest(u64);

/// Bytes of one text that count.
const TEXT: usize = 1_000;

impl Digest {
    /// Nothing: no words.
    pub(in crate::session) const NONE: Self = Self(0);

    pub(in crate::session) fn of(name: &str) -> Self {
        // FNV-1a, then the finish of SplitMix64, so that sums of digests spread, too.
        let mut x = 0xcbf2_9ce4_8422_2325_u64;
        for byte in name.bytes() {
            x = (x ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
        }
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self((x ^ (x >> 31)).max(1))
    }

    /// The words of a text, and how many there are. White space and the case of ASCII letters do not count.
    pub(in crate::session) fn of_words(text: &str) -> (Self, u32) {
        let mut end = text.len().min(TEXT);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let words = text.get(..end).unwrap_or_default().split_whitespace();
        words.fold((Self::NONE, 0), |(sum, count), word| (sum.plus(Self::of(word)), count + 1))
    }

    pub(in crate::session) fn plus(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}
