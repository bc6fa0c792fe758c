//! Files that the visitor sends for a page in our own Chrome. They lie in a folder of the session's that nobody else can list, each under a name that
//! nobody can guess, since Chrome may have other rights than we; and they go when the session ends or goes another way.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::token::{NoRandomness, Secret};

/// Files of a session at once.
const FILES: usize = 100;
/// Longest name, in bytes.
const NAME: usize = 120;

/// A file cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// There are too many, or they are too large together.
    #[error("too many or too large files")]
    TooMuch,
    /// The session takes none now.
    #[error("no files are taken now")]
    Closed,
    /// It cannot be written.
    #[error("cannot be written: {0}")]
    Io(#[from] io::Error),
    /// See [`NoRandomness`].
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// The files of one session.
#[derive(Clone, Default)]
pub(super) struct Uploads(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    folder: Option<Arc<Folder>>,
    files: Vec<(String, PathBuf)>,
    bytes: usize,
}

/// A folder that goes with its last file.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A file that is being taken. One that is dropped before it is whole goes.
pub struct Upload {
    key: String,
    path: PathBuf,
    /// Bytes so far.
    bytes: usize,
    folder: Arc<Folder>,
    whole: bool,
    among: Uploads,
}

impl Uploads {
    /// Makes a file of this name. Blocks.
    pub(super) fn begin(&self, name: &str) -> Result<Upload, UploadError> {
        let key = Secret::random()?.expose().to_owned();
        let mut inner = self.lock();
        if inner.files.len() >= FILES {
            return Err(UploadError::TooMuch);
        }
        let folder = match &inner.folder {
            Some(folder) => Arc::clone(folder),
            None => {
                let path = std::env::temp_dir().join(format!("alongside-files-{}", Secret::random()?.expose()));
                let folder = Arc::new(Folder(path));
                make(&folder.0)?;
                Arc::clone(inner.folder.insert(folder))
            }
        };
        drop(inner);
        make(&folder.0.join(&key))?;
        let path = folder.0.join(&key).join(cleaned(name));
        Ok(Upload { key, path, bytes: 0, folder, whole: false, among: self.clone() })
    }

    /// Where files are, by their keys. Unknown ones are left out.
    pub(super) fn paths(&self, keys: &[String]) -> Vec<PathBuf> {
        let inner = self.lock();
        let path = |key: &String| inner.files.iter().find(|(known, _)| known == key).map(|(_, path)| path.clone());
        keys.iter().filter_map(path).collect()
    }

    /// All of them go, at once; one that is being taken has no place any more.
    pub(super) fn clear(&self) {
        let before = std::mem::take(&mut *self.lock());
        if let Some(folder) = before.folder {
            let _ = fs::remove_dir_all(&folder.0);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Whether a file is one of those that are kept now, not of those before they were cleared.
    fn holds(&self, upload: &Upload) -> bool {
        self.folder.as_ref().is_some_and(|folder| Arc::ptr_eq(folder, &upload.folder))
    }
}

impl Upload {
    /// Where it is written to.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// So many bytes more are to be written, of `most` for all files of the session.
    ///
    /// # Errors
    /// See [`UploadError`].
    pub fn grow(&mut self, by: usize, most: usize) -> Result<(), UploadError> {
        let mut inner = self.among.lock();
        if !inner.holds(self) {
            return Err(UploadError::Closed);
        }
        if inner.bytes + by > most {
            return Err(UploadError::TooMuch);
        }
        inner.bytes += by;
        self.bytes += by;
        Ok(())
    }

    /// It is whole: its key.
    ///
    /// # Errors
    /// See [`UploadError`].
    pub fn keep(mut self) -> Result<String, UploadError> {
        let among = self.among.clone();
        let mut inner = among.lock();
        if !inner.holds(&self) {
            return Err(UploadError::Closed);
        }
        if inner.files.len() >= FILES {
            return Err(UploadError::TooMuch);
        }
        self.whole = true;
        inner.files.push((self.key.clone(), self.path.clone()));
        Ok(self.key.clone())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if self.whole {
            return;
        }
        let mut inner = self.among.lock();
        if inner.holds(self) {
            inner.bytes = inner.bytes.saturating_sub(self.bytes);
        }
        drop(inner);
        if let Some(folder) = self.path.parent() {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// A folder that is passed through by whoever knows what is in it, and listed by us alone.
fn make(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    fs::DirBuilder::new().mode(0o711).create(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o711))
}

/// A name that is one, without a path.
fn cleaned(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = last.chars().filter(|c| !c.is_control()).collect::<String>();
    let kept = kept.trim().trim_start_matches('.');
    let mut end = kept.len().min(NAME);
    while !kept.is_char_boundary(end) {
        end -= 1;
    }
    // The end of a name says what kind of file it is.
    let short = match kept.rsplit_once('.') {
        Some((stem, kind)) if kept.len() > NAME && kind.len() < 16 => {
            let mut end = (NAME - kind.len() - 1).min(stem.len());
            while !stem.is_char_boundary(end) {
                end -= 1;
            }
            format!("{}.{kind}", &stem[..end])
        }
        _ => kept[..end].to_owned(),
    };
    if short.is_empty() { "file".to_owned() } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names() {
        for (name, expected) in [
            ("a.pdf", "a.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\x\\y.txt", "y.txt"),
            ("..", "file"),
            (".bashrc", "bashrc"),
            ("a\0b\n.txt", "ab.txt"),
            ("", "file"),
            ("über.txt", "über.txt"),
        ] {
            assert_eq!(cleaned(name), expected, "{name:?}");
        }
        let long = cleaned(&format!("{}.pdf", "ü".repeat(200)));
        assert!(long.len() <= NAME && long.ends_with("ü.pdf"), "{long}");
    }

    #[test]
    fn files_are_bounded_and_go() {
        let uploads = Uploads::default();
        let mut first = uploads.begin("a.txt").unwrap();
        first.grow(60, 100).unwrap();
        fs::write(first.path(), "content").unwrap();
        let path = first.path().to_owned();
        let folder = path.parent().unwrap().parent().unwrap().to_owned();
        let key = first.keep().unwrap();
        assert_eq!(uploads.paths(&[key.clone(), "unknown".to_owned()]), std::slice::from_ref(&path));

        let mut second = uploads.begin("b.txt").unwrap();
        assert!(matches!(second.grow(41, 100), Err(UploadError::TooMuch)));
        second.grow(40, 100).unwrap();
        let own = second.path().parent().unwrap().to_owned();
        drop(second);
        assert!(!own.exists(), "one that does not become whole goes");
        let mut third = uploads.begin("c.txt").unwrap();
        third.grow(40, 100).unwrap();

        uploads.clear();
        assert!(!path.exists() && uploads.paths(&[key]).is_empty());
        assert!(matches!(third.grow(1, 100), Err(UploadError::Closed)), "from before");
        drop(third);
        assert!(!folder.exists());
    }
}
