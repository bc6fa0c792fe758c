//! Which program is Chrome.

use std::path::{Path, PathBuf};

use headless_chrome::browser::default_executable;

use super::super::pool::{Options, Unavailable};

/// Where it may be, the best first. Debian's /usr/bin/chromium-headless-shell is a script that waits for its child, which would outlive it.
const PLACES: [&str; 7] = [
    "/usr/lib/chromium/chromium-headless-shell",
    "/usr/lib/chromium-browser/chromium-headless-shell",
    "/opt/chrome-headless-shell/chrome-headless-shell",
    "/usr/lib64/chromium-browser/headless_shell",
    "/opt/google/chrome/chrome",
    "/usr/lib/chromium/chromium",
    "/usr/lib64/chromium-browser/chromium-browser",
];

const HINT: &str = "install one (on Debian: apt install chromium-headless-shell), or name it as `chrome` in [image]";

/// A program that is Chrome.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// It never has windows.
    pub(crate) shell: bool,
}

/// Finds it.
pub(crate) fn find(options: &Options) -> Result<Program, Unavailable> {
    let path = match &options.chrome {
        Some(path) if path.is_file() => path.clone(),
        Some(path) => return Err(Unavailable::NoChrome(format!("there is no {}; {HINT}", path.display()))),
        None => installed().ok_or_else(|| Unavailable::NoChrome(HINT.to_owned()))?,
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let shell = name.contains("headless-shell") || name.contains("headless_shell");
    Ok(Program { shell, path })
}

fn installed() -> Option<PathBuf> {
    let place = PLACES.iter().map(Path::new).find(|path| path.is_file());
    place.map(Path::to_owned).or_else(|| default_executable().ok())
}
