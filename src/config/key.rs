//! The key that seals sessions at rest: 32 bytes in base64, from the environment or from a file that does not lie beside the store.

use std::fmt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf, absolute};

use data_encoding::{BASE64, BASE64_NOPAD};
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Store;
use super::check::{Wrong, add};

/// A key for AES-256. It never prints.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

/// The key in use, and the one before it.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Seals and opens.
    pub current: Key,
    /// Opens what was sealed before the keys were changed.
    pub previous: Option<Key>,
}

/// A key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Its file cannot be read.
    #[error("cannot read the key in {}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file holds something else.
    #[error("there is no key in {}: it is 32 bytes in base64", .0.display())]
    NotAKey(PathBuf),
}

impl Key {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads one: 32 bytes in base64, white space around it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().as_bytes();
        let mut bytes = BASE64.decode(text).or_else(|_| BASE64_NOPAD.decode(text)).ok()?;
        let key = <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Self);
        bytes.zeroize();
        key
    }

    /// The bytes, to be used.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// As text, to be handed out.
    #[must_use]
    pub fn to_base64(&self) -> String {
        BASE64.encode(&self.0)
    }

    fn read(path: &Path) -> Result<Self, KeyError> {
        let read = std::fs::read_to_string(path);
        let mut text = read.map_err(|error| KeyError::Read { path: path.to_owned(), error })?;
        let key = Self::parse(&text);
        text.zeroize();
        key.ok_or_else(|| KeyError::NotAKey(path.to_owned()))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = String::deserialize(deserializer)?;
        let key = Self::parse(&text);
        text.zeroize();
        key.ok_or_else(|| D::Error::custom("a key is 32 bytes in base64"))
    }
}

impl Store {
    /// The keys that sessions are sealed with. None: sessions are not kept over a restart.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub fn keys(&self) -> Result<Option<Keys>, KeyError> {
        let one = |key: &Option<Key>, file: &Option<PathBuf>| match (key, file) {
            (Some(key), _) => Ok(Some(key.clone())),
            (None, Some(file)) => Key::read(file).map(Some),
            (None, None) => Ok(None),
        };
        let Some(current) = one(&self.key, &self.key_file)? else { return Ok(None) };
        Ok(Some(Keys { current, previous: one(&self.previous_key, &self.previous_key_file)? }))
    }

    /// What does not stop anything but should be put right.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let files = [("store.key_file", &self.key_file), ("store.previous_key_file", &self.previous_key_file)];
        let files = files.into_iter().filter_map(|(place, file)| Some((place, file.as_ref()?)));
        let open = files.filter(|(_, file)| {
            std::fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
        });
        open.map(|(place, file)| {
            format!("{place}: others than its owner may read {}; make it theirs alone (chmod 600)", file.display())
        })
        .collect()
    }

    pub(super) fn check_keys(&self, wrong: &mut Vec<Wrong>) {
        let pairs = [
            ("store.key", &self.key, "store.key_file", &self.key_file),
            ("store.previous_key", &self.previous_key, "store.previous_key_file", &self.previous_key_file),
        ];
        for (key_place, key, file_place, file) in pairs {
            if key.is_some() && file.is_some() {
                let message = format!("two keys: `{key_place}` and `{file_place}`");
                add(wrong, file_place, message, "remove one of them");
            }
            let Some(file) = file else { continue };
            if is_below(file, self.folder()) {
                let message = format!("the key must not lie beside the store: {}", file.display());
                let hint =
                    "keep it in another folder, one that is not copied together with the store, such as /run/secrets";
                add(wrong, file_place, message, hint);
            } else if let Err(error) = Key::read(file) {
                add(wrong, file_place, error.to_string(), "`alongside key` prints a fresh key");
            }
        }
        let has = |key: &Option<Key>, file: &Option<PathBuf>| key.is_some() || file.is_some();
        if has(&self.previous_key, &self.previous_key_file) && !has(&self.key, &self.key_file) {
            add(wrong, "store.previous_key", "a key of before, but none of now", "set `key` or `key_file`, too");
        }
    }

    /// The folder that the store lies in.
    fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }
}

/// Whether a file is in a folder or below it, by name or by where links lead.
fn is_below(file: &Path, folder: &Path) -> bool {
    let forms = |path: &Path| [absolute(path).ok(), path.canonicalize().ok()].into_iter().flatten().collect::<Vec<_>>();
    let folders = forms(folder);
    forms(file).iter().any(|file| folders.iter().any(|folder| file.starts_with(folder)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_never_print() {
        let key = Key::new([7; 32]);
        let text = key.to_base64();
        assert_eq!(Key::parse(&format!(" {text}\n")), Some(key.clone()));
        assert_eq!(Key::parse(text.trim_end_matches('=')), Some(key.clone()));
        assert!(!format!("{key:?}").contains(&text) && !format!("{key:?}").contains('7'));
        for wrong in ["", "short", &BASE64.encode(&[7; 31]), &BASE64.encode(&[7; 33]), &"7".repeat(44)] {
            assert_eq!(Key::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_key_does_not_lie_beside_the_store() {
        let folder = tempfile::tempdir().unwrap();
        let (data, secrets) = (folder.path().join("data"), folder.path().join("secrets"));
        for made in [&data, &secrets] {
            std::fs::create_dir(made).unwrap();
        }
        let beside = data.join("key");
        std::fs::write(&beside, Key::new([1; 32]).to_base64()).unwrap();
        let link = secrets.join("link");
        std::os::unix::fs::symlink(&beside, &link).unwrap();
        let apart = secrets.join("key");
        std::fs::write(&apart, Key::new([2; 32]).to_base64()).unwrap();
        let with = |key_file: &Path| {
            let store = Store { path: data.join("a.db"), key_file: Some(key_file.to_owned()), ..Store::default() };
            let mut wrong = Vec::new();
            store.check_keys(&mut wrong);
            (store, wrong.into_iter().map(|wrong| wrong.message).collect::<Vec<_>>())
        };
        for refused in [&beside, &link, &data.join("below/key")] {
            let (_, wrong) = with(refused);
            assert!(wrong[0].starts_with("the key must not lie beside the store"), "{wrong:?}");
        }
        let (store, wrong) = with(&apart);
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(store.keys().unwrap().unwrap().current, Key::new([2; 32]));
        std::fs::set_permissions(&apart, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(store.warnings().len(), 1);
        std::fs::set_permissions(&apart, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(store.warnings().is_empty());
        std::fs::write(&apart, "not a key").unwrap();
        assert!(with(&apart).1[0].starts_with("there is no key in"));
        assert!(with(&secrets.join("none")).1[0].starts_with("cannot read the key in"));
    }
}
