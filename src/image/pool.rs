//! One Chrome for all, one context for each session: what is opened, and what is done when something dies.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use url::Url;
use zeroize::Zeroizing;

use super::tab::Tab;
use crate::config;
use crate::protocol::image::{Device, ImageOffer};

/// How Chrome is run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program; none: the usual places are looked through.
    pub chrome: Option<PathBuf>,
    /// The program that starts it, `alongside` itself (`alongside image-browser`): it lets the browser die with us. None: it is started directly, and outlives a SIGKILL.
    pub keeper: Option<PathBuf>,
    /// Chrome's sandbox must be on.
    pub sandbox: bool,
    /// The user whose rights it has, where we are root.
    pub user: u32,
    /// Contexts at a time.
    pub sessions: usize,
    /// Contexts that wait to be used.
    pub spare: usize,
    /// Megabytes that a page's process may take.
    pub memory: u64,
    /// How long a page may not answer until it counts as hanging.
    pub hang: Duration,
    /// The folder in which the browser has its own one.
    pub folder: PathBuf,
}

impl From<&config::Image> for Options {
    fn from(image: &config::Image) -> Self {
        Self {
            chrome: image.chrome.clone(),
            keeper: std::env::current_exe().ok(),
            sandbox: image.sandbox,
            user: image.user,
            sessions: image.sessions,
            spare: image.spare,
            memory: image.memory,
            hang: Duration::from_secs(image.hang_seconds),
            folder: std::env::temp_dir(),
        }
    }
}

/// Why there is no Chrome to be had.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// None is installed where it was looked for.
    #[error("no Chrome was found: {0}")]
    NoChrome(String),
    /// It does not start with its sandbox.
    #[error("Chrome does not start with its sandbox: {0}")]
    NoSandbox(String),
    /// It does not start.
    #[error("Chrome does not start: {0}")]
    Failed(String),
}

impl Unavailable {
    /// As consoles are told.
    #[must_use]
    pub fn offer(&self) -> ImageOffer {
        match self {
            Self::NoChrome(_) | Self::Failed(_) => ImageOffer::NoChrome,
            Self::NoSandbox(_) => ImageOffer::NoSandbox,
        }
    }
}

/// A cookie that the page is to have.
#[derive(Clone)]
pub struct Cookie {
    /// Name.
    pub name: String,
    /// Value.
    pub value: Zeroizing<String>,
    /// The domain that it is for, with all below it.
    pub domain: String,
    /// For TLS alone.
    pub secure: bool,
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cookie({})", self.name)
    }
}

/// Says which hosts (lower case, without port) a context may reach.
pub type Views = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// What is to be opened.
#[derive(Clone)]
pub struct Open {
    /// The first address.
    pub url: Url,
    /// The visitor's device.
    pub device: Device,
    /// Cookies that are set before.
    pub cookies: Vec<Cookie>,
    /// Hosts that it may reach; all other requests are refused.
    pub views: Views,
    /// Port of these hosts.
    pub port: u16,
    /// The listener of ours that serves them: all connections end there, whatever the host's name.
    pub gateway: SocketAddr,
}

/// A page was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// As many contexts as may be are open.
    #[error("as many sessions as may be use it")]
    Full,
    /// The browser is being started anew.
    #[error("the browser is being started")]
    Starting,
    /// The browser did not do it.
    #[error("the browser did not open the page: {0}")]
    Failed(String),
}

/// The browser and its contexts.
#[derive(Debug)]
pub struct Pool {
    options: Options,
}

impl Pool {
    /// Starts the browser.
    ///
    /// # Errors
    /// See [`Unavailable`].
    #[expect(clippy::unused_async, reason = "the browser is waited for")]
    pub async fn start(options: Options) -> Result<Arc<Self>, Unavailable> {
        let pool = Self { options };
        Err(Unavailable::NoChrome(format!("{:?}", pool.options.chrome)))
    }

    /// Whether one more session may go the image way.
    #[must_use]
    pub fn offer(&self) -> ImageOffer {
        ImageOffer::NoChrome
    }

    /// Opens a page in a context of its own. Waits for a browser that is being started, a few seconds at most.
    ///
    /// # Errors
    /// See [`OpenError`].
    #[expect(clippy::unused_async, reason = "the browser is waited for")]
    pub async fn open(self: &Arc<Self>, open: Open) -> Result<Tab, OpenError> {
        let _ = open;
        Err(OpenError::Starting)
    }

    /// Stops the browser; all tabs die.
    #[expect(clippy::unused_async, reason = "the browser is waited for")]
    pub async fn stop(&self) {}
}
