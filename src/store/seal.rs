//! Sealing of what is kept of sessions: AES-256-GCM (NIST SP 800-38D) under a key that is not in the store.
//!
//! Sealed: one byte of version, 12 random bytes of nonce, then ciphertext and tag. Version and name are authenticated with it, so that a row put in
//! another's place does not open.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use zeroize::Zeroizing;

use crate::config::{Key, Keys};
use crate::session::token::{self, NoRandomness};

/// Version of the form.
const VERSION: u8 = 1;
/// Bytes of the nonce.
const NONCE: usize = 12;

/// Seals and opens.
pub struct Seal {
    current: Aes256Gcm,
    previous: Option<Aes256Gcm>,
}

/// Something cannot be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// See [`NoRandomness`].
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// It is too long.
    #[error("too much to seal")]
    TooLong,
}

impl Seal {
    /// With these keys.
    #[must_use]
    pub fn new(keys: &Keys) -> Self {
        let cipher = |key: &Key| Aes256Gcm::new(key.expose().into());
        Self { current: cipher(&keys.current), previous: keys.previous.as_ref().map(cipher) }
    }

    /// Seals something under a name.
    ///
    /// # Errors
    /// See [`SealError`].
    pub fn seal(&self, name: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0u8; NONCE];
        token::fill(&mut nonce)?;
        let payload = Payload { msg: plain, aad: &bound(name) };
        let hidden = self.current.encrypt(Nonce::from_slice(&nonce), payload).map_err(|_| SealError::TooLong)?;
        let mut sealed = Vec::with_capacity(1 + NONCE + hidden.len());
        sealed.push(VERSION);
        sealed.extend(nonce);
        sealed.extend(hidden);
        Ok(sealed)
    }

    /// Opens what was sealed under this name. None: it was changed, is another's, or was sealed with a key that is not here.
    #[must_use]
    pub fn open(&self, name: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (&VERSION, rest) = sealed.split_first()? else { return None };
        let (nonce, hidden) = rest.split_at_checked(NONCE)?;
        let ciphers = [Some(&self.current), self.previous.as_ref()];
        ciphers.into_iter().flatten().find_map(|cipher| {
            let payload = Payload { msg: hidden, aad: &bound(name) };
            cipher.decrypt(Nonce::from_slice(nonce), payload).ok().map(Zeroizing::new)
        })
    }
}

/// What is authenticated beside the content.
fn bound(name: &str) -> Vec<u8> {
    [&[VERSION], name.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn with(current: u8, previous: Option<u8>) -> Seal {
        let key = |byte| Key::new([byte; 32]);
        Seal::new(&Keys { current: key(current), previous: previous.map(key) })
    }

    proptest! {
        #[test]
        fn opening_gives_what_was_sealed(plain: Vec<u8>, name in "[a-z2-7]{10}") {
            let sealed = with(1, None).seal(&name, &plain).unwrap();
            prop_assert_eq!(with(1, None).open(&name, &sealed).unwrap().to_vec(), plain.clone());
            prop_assert_eq!(with(2, Some(1)).open(&name, &sealed).unwrap().to_vec(), plain, "after a change of keys");
        }

        #[test]
        fn what_was_changed_does_not_open(plain: Vec<u8>, place: prop::sample::Index, change in 1u8..) {
            let seal = with(1, None);
            let mut sealed = seal.seal("abcdefghij", &plain).unwrap();
            let place = place.index(sealed.len());
            sealed[place] ^= change;
            prop_assert!(seal.open("abcdefghij", &sealed).is_none());
        }

        #[test]
        fn what_was_cut_does_not_open(plain: Vec<u8>, length: prop::sample::Index) {
            let seal = with(1, None);
            let sealed = seal.seal("abcdefghij", &plain).unwrap();
            prop_assert!(seal.open("abcdefghij", &sealed[..length.index(sealed.len())]).is_none());
        }

        #[test]
        fn another_name_or_key_does_not_open(plain: Vec<u8>, name in "[a-z2-7]{10}", other in "[a-z2-7]{10}") {
            prop_assume!(name != other);
            let sealed = with(1, None).seal(&name, &plain).unwrap();
            prop_assert!(with(1, None).open(&other, &sealed).is_none());
            prop_assert!(with(2, Some(3)).open(&name, &sealed).is_none());
        }
    }

    #[test]
    fn the_same_twice_is_sealed_differently() {
        let seal = with(1, None);
        assert_ne!(seal.seal("abcdefghij", b"same").unwrap(), seal.seal("abcdefghij", b"same").unwrap());
    }
}
