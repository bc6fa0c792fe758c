//! The browser's own folder. Contexts keep everything in memory; what the browser itself writes is here, and goes with it. One that was left behind, since we were
//! killed, is known by its lock, which nobody holds any more.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use data_encoding::BASE32_NOPAD;
use rand::RngCore;
use rustix::fs::FlockOperation;

const PREFIX: &str = "alongside-chrome-";
const LOCK: &str = "lock";
const HOME: &str = "home";

/// A folder that goes when it is dropped.
pub(crate) struct Folder {
    path: PathBuf,
    home: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes one. Others may pass through it; what is in it is the browser's alone.
    pub(crate) fn make(below: &Path, user: Option<u32>) -> io::Result<Self> {
        let mut name = [0; 10];
        rand::rng().fill_bytes(&mut name);
        let path = below.join(format!("{PREFIX}{}", BASE32_NOPAD.encode(&name).to_lowercase()));
        let home = path.join(HOME);
        DirBuilder::new().mode(if user.is_some() { 0o711 } else { 0o700 }).create(&path)?;
        let lock = File::create_new(path.join(LOCK))?;
        rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        DirBuilder::new().mode(0o700).create(&home)?;
        if user.is_some() {
            std::os::unix::fs::chown(&home, user, user)?;
        }
        Ok(Self { path, home, _lock: lock })
    }

    /// The browser's part of it.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// Removes folders that nobody uses any more.
pub(crate) fn sweep(below: &Path) {
    let Ok(entries) = fs::read_dir(below) else { return };
    let ours = rustix::process::geteuid().as_raw();
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        let named = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if named && fs::symlink_metadata(&path).is_ok_and(|entry| entry.is_dir() && entry.uid() == ours) && left(&path)
        {
            remove(&path);
        }
    }
}

fn left(path: &Path) -> bool {
    let lock = File::open(path.join(LOCK));
    lock.is_ok_and(|lock| rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok())
}

/// The browser's last process may still write while it is ended: what is there is removed until nothing is.
fn remove(path: &Path) {
    for _ in 0..20 {
        match fs::remove_dir_all(path) {
            Ok(()) => return,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(_) => std::thread::sleep(std::time::Duration::from_millis(25)),
        }
    }
    tracing::warn!("the browser's folder could not be removed");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_were_left_go_and_those_in_use_stay() {
        let below = tempfile::tempdir().unwrap();
        let used = Folder::make(below.path(), None).unwrap();
        let left = below.path().join(format!("{PREFIX}left"));
        fs::create_dir_all(left.join(HOME)).unwrap();
        fs::write(left.join(LOCK), "").unwrap();
        fs::create_dir(below.path().join("another")).unwrap();
        sweep(below.path());
        assert!(!left.exists() && used.home().exists() && below.path().join("another").exists());
        let path = used.path.clone();
        drop(used);
        assert!(!path.exists());
    }
}
