//! Our certificates: read from PEM files, or made for development; read again when the files change.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use time::OffsetDateTime;

/// How often the files are looked at, at most.
const LOOK: Duration = Duration::from_secs(10);
/// How long a certificate for development is valid: browsers refuse more than 398 days.
const VALID: time::Duration = time::Duration::days(397);
/// How long before its end a certificate for development is made anew.
const RENEW: time::Duration = time::Duration::days(30);

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
    let files = Files { certificate: certificate.to_owned(), key: key.to_owned() };
    let (stamp, current) = (files.stamp(), files.read()?);
    let certificates = Certificates { files, state: Mutex::new(State { current, stamp, looked: Instant::now() }) };
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| TlsError::Make(e.to_string()))?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(certificates));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// TLS with a certificate of our own making for the control host, `*.{view}`, `localhost` and loopback, kept in `folder` and used again until it is near its end.
///
/// # Errors
/// See [`TlsError`].
pub fn development(folder: &Path, control: &str, view: &str) -> Result<Arc<ServerConfig>, TlsError> {
    let files = Files { certificate: folder.join("development.pem"), key: folder.join("development.key") };
    let names = [control, &format!("*.{view}"), "localhost", "127.0.0.1", "::1"].map(str::to_owned);
    if !is_current(&files, &names) {
        make(&files, folder, &names)?;
    }
    from_files(&files.certificate, &files.key)
}

/// TLS with a certificate for `*.{view}` that lives as long as this process, for whoever need not check it.
///
/// # Errors
/// See [`TlsError::Make`].
#[cfg(feature = "image")]
pub fn passing(view: &str) -> Result<Arc<ServerConfig>, TlsError> {
    let failed = |e: rcgen::Error| TlsError::Make(e.to_string());
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed([format!("*.{view}")]).map_err(failed)?;
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| TlsError::Make(e.to_string()))?
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .map_err(|e| TlsError::Make(e.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Where certificate and key are.
#[derive(Debug)]
struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

/// Tells whether files changed: time and length of both.
type Stamp = [Option<(SystemTime, u64)>; 2];

impl Files {
    fn stamp(&self) -> Stamp {
        [&self.certificate, &self.key].map(|path| {
            let meta = fs::metadata(path).ok()?;
            Some((meta.modified().ok()?, meta.len()))
        })
    }

    fn read(&self) -> Result<Arc<CertifiedKey>, TlsError> {
        let bad = |path: &Path, why: String| TlsError::Content { path: path.to_owned(), why };
        let pem = read_file(&self.certificate)?;
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|e| bad(&self.certificate, format!("not a certificate in PEM: {e}")))?;
        if chain.is_empty() {
            return Err(bad(&self.certificate, "no certificate in it (BEGIN CERTIFICATE)".to_owned()));
        }
        let pem = read_file(&self.key)?;
        let key = PrivateKeyDer::from_pem_slice(&pem)
            .map_err(|e| bad(&self.key, format!("no private key in it (BEGIN PRIVATE KEY): {e}")))?;
        let certified = CertifiedKey::from_der(chain, key, &rustls::crypto::ring::default_provider());
        certified.map(Arc::new).map_err(|e| bad(&self.key, format!("the key does not fit the certificate: {e}")))
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|error| TlsError::Read { path: path.to_owned(), error })
}

/// Gives the certificate, reading it again when its files changed. One that cannot be read leaves the old one in place.
#[derive(Debug)]
struct Certificates {
    files: Files,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    current: Arc<CertifiedKey>,
    stamp: Stamp,
    looked: Instant,
}

impl Certificates {
    fn current(&self, now: Instant) -> Arc<CertifiedKey> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(state.looked) >= LOOK {
            state.looked = now;
            let stamp = self.files.stamp();
            if stamp != state.stamp {
                match self.files.read() {
                    Ok(new) => {
                        (state.current, state.stamp) = (new, stamp);
                        tracing::info!(certificate = %self.files.certificate.display(), "certificate read again");
                    }
                    Err(error) => tracing::warn!(%error, "the old certificate stays in use"),
                }
            }
        }
        Arc::clone(&state.current)
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current(Instant::now()))
    }
}

/// First line of a certificate for development: what it is for, and until when it is good.
fn title(names: &[String], until: i64) -> String {
    format!("for {} until {until}", names.join(" "))
}

fn is_current(files: &Files, names: &[String]) -> bool {
    let Ok(pem) = fs::read_to_string(&files.certificate) else { return false };
    let first = pem.lines().next().unwrap_or_default();
    let until = first.rsplit(' ').next().and_then(|until| until.parse().ok()).unwrap_or(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let good = i64::try_from(now.as_secs()).unwrap_or(i64::MAX) < until - RENEW.whole_seconds();
    good && first == title(names, until) && files.key.exists()
}

fn make(files: &Files, folder: &Path, names: &[String]) -> Result<(), TlsError> {
    let failed = |e: rcgen::Error| TlsError::Make(e.to_string());
    let now = OffsetDateTime::now_utc();
    let mut params = CertificateParams::new(names).map_err(failed)?;
    params.not_before = now - time::Duration::days(1);
    params.not_after = params.not_before + VALID;
    params.distinguished_name.push(DnType::CommonName, "Alongside, for development");
    let key = KeyPair::generate().map_err(failed)?;
    let certificate = params.self_signed(&key).map_err(failed)?;
    let pem = format!("{}\n{}", title(names, params.not_after.unix_timestamp()), certificate.pem());

    let write = |path: &Path, text: &str| {
        write_private(path, text).map_err(|error| TlsError::Read { path: path.to_owned(), error })
    };
    fs::create_dir_all(folder).map_err(|error| TlsError::Read { path: folder.to_owned(), error })?;
    write(&files.key, &key.serialize_pem())?;
    write(&files.certificate, &pem)
}

/// Writes a file that only its owner may read, as a whole or not at all.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let new = path.with_extension("new");
    match fs::remove_file(&new) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn made(folder: &Path, view: &str) -> String {
        development(folder, "alongside.localhost", view).unwrap();
        fs::read_to_string(folder.join("development.pem")).unwrap()
    }

    #[test]
    fn a_certificate_for_development_is_made_once_and_its_key_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let first = made(folder.path(), "view.localhost");
        assert_eq!(first, made(folder.path(), "view.localhost"));
        assert_ne!(first, made(folder.path(), "other.localhost"));
        let mode = fs::metadata(folder.path().join("development.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_certificate_near_its_end_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let first = made(folder.path(), "view.localhost");
        let title = first.lines().next().unwrap().to_owned();
        let until: i64 = title.rsplit(' ').next().unwrap().parse().unwrap();
        let soon = title.replace(&until.to_string(), &(until - 390 * 86_400).to_string());
        let path = folder.path().join("development.pem");
        fs::write(&path, first.replace(&title, &soon)).unwrap();
        assert_ne!(fs::read_to_string(&path).unwrap(), made(folder.path(), "view.localhost"));
    }

    #[test]
    fn what_is_wrong_with_the_files_is_said() {
        let folder = tempfile::tempdir().unwrap();
        made(folder.path(), "view.localhost");
        let (pem, key) = (folder.path().join("development.pem"), folder.path().join("development.key"));
        let other = tempfile::tempdir().unwrap();
        made(other.path(), "view.localhost");
        let cases = [
            (folder.path().join("none.pem"), key.clone(), "none.pem: No such file"),
            (key.clone(), key.clone(), "development.key: no certificate in it"),
            (pem.clone(), pem.clone(), "development.pem: no private key in it"),
            (pem, other.path().join("development.key"), "development.key: the key does not fit"),
        ];
        for (certificate, key, why) in cases {
            let error = from_files(&certificate, &key).unwrap_err().to_string();
            assert!(error.contains(why), "{error:?} does not say {why:?}");
        }
    }

    #[test]
    fn changed_files_are_read_again_and_broken_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        made(folder.path(), "view.localhost");
        let files =
            Files { certificate: folder.path().join("development.pem"), key: folder.path().join("development.key") };
        let (current, stamp, looked) = (files.read().unwrap(), files.stamp(), Instant::now());
        let certificates = Certificates { files, state: Mutex::new(State { current, stamp, looked }) };
        let at = |seconds| certificates.current(looked + Duration::from_secs(seconds)).cert.clone();
        let first = at(0);
        made(folder.path(), "longer.view.localhost");
        assert_eq!(at(9), first);
        let second = at(11);
        assert_ne!(second, first);
        fs::write(folder.path().join("development.pem"), "broken").unwrap();
        assert_eq!(at(30), second);
    }
}
