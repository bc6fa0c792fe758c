//! One Chrome for all, one context for each session: what is opened, and what is done when something dies.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use url::Url;
use zeroize::Zeroizing;

use super::chrome::{self, Chrome, Program};
use super::pipe::CallError;
use super::tab::Tab;
use super::tab::core::Core;
use crate::config;
use crate::protocol::image::{Device, ImageOffer};

mod keep;

/// How long it is waited for a browser that is being started.
const WAIT: Duration = Duration::from_secs(8);

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
            keeper: Some(PathBuf::from("/proc/self/exe")),
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
pub struct Pool {
    options: Options,
    program: Program,
    places: Arc<Semaphore>,
    browser: watch::Sender<Option<Arc<Chrome>>>,
    spares: Mutex<Vec<Spare>>,
    refill: Arc<Notify>,
    over: CancellationToken,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({})", self.program.path.display())
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.over.cancel();
    }
}

impl Pool {
    /// Starts the browser.
    ///
    /// # Errors
    /// See [`Unavailable`].
    pub async fn start(options: Options) -> Result<Arc<Self>, Unavailable> {
        let program = chrome::find(&options)?;
        chrome::sweep(&options.folder);
        let chrome = Arc::new(Chrome::start(&options, &program).await?);
        tracing::info!(program = %program.path.display(), version = chrome.version.product, sandbox = options.sandbox, "Chrome is there for image mode");
        let pool = Arc::new(Self {
            places: Arc::new(Semaphore::new(options.sessions)),
            browser: watch::Sender::new(Some(chrome)),
            spares: Mutex::default(),
            refill: Arc::default(),
            over: CancellationToken::new(),
            options,
            program,
        });
        let over = pool.over.clone();
        tokio::spawn(over.clone().run_until_cancelled_owned(keep::alive(Arc::downgrade(&pool))));
        tokio::spawn(over.run_until_cancelled_owned(keep::spares(Arc::downgrade(&pool))));
        Ok(pool)
    }

    /// Whether one more session may go the image way.
    #[must_use]
    pub fn offer(&self) -> ImageOffer {
        if self.places.available_permits() == 0 { ImageOffer::Full } else { ImageOffer::Ready }
    }

    /// Opens a page in a context of its own. Waits for a browser that is being started, a few seconds at most.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(&self, open: Open) -> Result<Tab, OpenError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| OpenError::Full)?;
        let mut chrome = self.running().await?;
        let core = match self.context(&chrome).await {
            Ok(core) => core,
            // It died at this moment, or a context that waited died with it.
            Err(_) => {
                chrome = self.running().await?;
                self.context(&chrome).await.map_err(|error| OpenError::Failed(error.to_string()))?
            }
        };
        let tab = Tab::new(Arc::clone(&core), chrome, place);
        core.open(open, self.options.hang).await.map_err(|error| OpenError::Failed(error.to_string()))?;
        Ok(tab)
    }

    /// Stops the browser; all tabs die.
    pub async fn stop(&self) {
        self.over.cancel();
        self.places.close();
        lock(&self.spares).clear();
        let Some(chrome) = self.browser.send_replace(None) else { return };
        chrome.stop().await;
    }

    /// The browser that runs, once it does.
    async fn running(&self) -> Result<Arc<Chrome>, OpenError> {
        let mut browser = self.browser.subscribe();
        let runs =
            |chrome: &Option<Arc<Chrome>>| chrome.as_ref().is_some_and(|chrome| !chrome.pipe.gone().is_cancelled());
        let found = timeout(WAIT, browser.wait_for(runs)).await.map_err(|_| OpenError::Starting)?;
        found.ok().and_then(|found| found.clone()).ok_or(OpenError::Starting)
    }

    /// A context that waits, or a new one.
    async fn context(&self, chrome: &Chrome) -> Result<Arc<Core>, CallError> {
        let spare = lock(&self.spares).pop();
        self.refill.notify_one();
        match spare.and_then(|mut spare| spare.0.take()).filter(|core| core.is_of(&chrome.pipe)) {
            Some(core) => Ok(core),
            None => Core::new(chrome).await,
        }
    }
}

/// A context that waits to be used; one that is not is disposed of.
struct Spare(Option<Arc<Core>>);

impl Drop for Spare {
    fn drop(&mut self) {
        if let Some(core) = &self.0 {
            core.close();
        }
    }
}

/// A lock whose holder panicked is still a lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
