//! Random secrets, and what is kept of them: a hash.

use std::fmt;

use data_encoding::{BASE32_NOPAD, BASE64};
use rand::TryRngCore;
use rand::rngs::OsRng;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A secret that is handed out once. It never prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// No randomness is to be had from the operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random numbers")]
pub struct NoRandomness;

impl Secret {
    /// A new one of 160 bits, as 32 characters of `[a-z2-7]`.
    ///
    /// # Errors
    /// See [`NoRandomness`].
    pub fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0u8; 20];
        fill(&mut bytes)?;
        Ok(Self(BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()))
    }

    /// A password of 100 bits to be typed: five groups of four characters.
    ///
    /// # Errors
    /// See [`NoRandomness`].
    pub fn random_groups() -> Result<Self, NoRandomness> {
        let Self(characters) = Self::random()?;
        let groups: Vec<_> = characters.as_bytes()[..20].chunks(4).map(String::from_utf8_lossy).collect();
        Ok(Self(groups.join("-")))
    }

    /// Six digits, each PIN equally likely.
    ///
    /// # Errors
    /// See [`NoRandomness`].
    pub fn random_pin() -> Result<Self, NoRandomness> {
        Self::random_digits(1_000_000)
    }

    /// As many digits as numbers below `below`, a power of ten, have; each equally likely.
    ///
    /// # Errors
    /// See [`NoRandomness`].
    pub fn random_digits(below: u32) -> Result<Self, NoRandomness> {
        loop {
            let mut bytes = [0u8; 4];
            fill(&mut bytes)?;
            let number = u32::from_le_bytes(bytes);
            if number < u32::MAX / below * below {
                return Ok(Self::of_digits(number, below));
            }
        }
    }

    /// The last digits of a number, as many as numbers below `below`, a power of ten, have.
    #[must_use]
    pub fn of_digits(number: u32, below: u32) -> Self {
        Self(format!("{:0width$}", number % below, width = below.ilog10() as usize))
    }

    /// One that was kept.
    #[must_use]
    pub fn of(text: String) -> Self {
        Self(text)
    }

    /// The secret itself, to be handed out.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256 of a secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Of a text that somebody showed.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// Whether somebody showed the secret, in a time that does not depend on it.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.0.ct_eq(&Self::of(text).0).into()
    }

    /// As bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| D::Error::custom("not a hash"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash(…)")
    }
}

/// Random bytes for secrets.
///
/// # Errors
/// See [`NoRandomness`].
pub fn fill(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    OsRng.try_fill_bytes(bytes).map_err(|_| NoRandomness)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_print_and_are_recognised() {
        let secret = Secret::random().unwrap();
        assert_eq!(secret.expose().len(), 32);
        assert!(!format!("{secret:?}{:?}", secret.hash()).contains(secret.expose()));
        assert!(secret.hash().is(secret.expose()));
        assert!(!secret.hash().is("other"));
        assert_ne!(secret, Secret::random().unwrap());
    }

    #[test]
    fn a_hash_can_be_kept() {
        let hash = Hash::of("a secret");
        let kept = serde_json::to_string(&hash).unwrap();
        assert_eq!(serde_json::from_str::<Hash>(&kept).unwrap(), hash);
        assert!(serde_json::from_str::<Hash>("\"AAAA\"").is_err());
    }

    #[test]
    fn pins_are_six_digits() {
        for _ in 0..1000 {
            let pin = Secret::random_pin().unwrap();
            assert!(pin.expose().len() == 6 && pin.expose().bytes().all(|b| b.is_ascii_digit()));
        }
    }
}
