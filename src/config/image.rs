//! Image mode: which Chrome, with which rights and bounds.

use std::path::PathBuf;

use serde::Deserialize;

use super::check::{Wrong, add};

/// Image mode.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Image {
    /// It may be used. Off unless it is turned on: what agents' pictures cover does not hold yet on pages that move (`make image-suite`).
    pub enabled: bool,
    /// Chrome's program.
    pub chrome: Option<PathBuf>,
    /// Chrome runs in its sandbox or not at all.
    pub sandbox: bool,
    /// Number of the user whose rights Chrome has where we are root.
    pub user: u32,
    /// Sessions at a time.
    pub sessions: usize,
    /// Contexts that wait to be used.
    pub spare: usize,
    /// Megabytes that a process of a page may take.
    pub memory: u64,
    /// Seconds that a page may not answer.
    pub hang_seconds: u64,
}

impl Default for Image {
    fn default() -> Self {
        Self {
            enabled: false,
            chrome: None,
            sandbox: true,
            user: 65534,
            sessions: 8,
            spare: 1,
            memory: 1024,
            hang_seconds: 10,
        }
    }
}

impl Image {
    pub(super) fn check(&self, wrong: &mut Vec<Wrong>) {
        if let Some(path) = self.chrome.as_ref().filter(|path| !path.is_file()) {
            let message = format!("there is no file {}", path.display());
            add(wrong, "image.chrome", message, "leave it out to have the usual places looked through");
        }
        if self.user == 0 {
            let message = "Chrome with the rights of root";
            add(wrong, "image.user", message, "the number of a user who has no other rights, such as 65534 (nobody)");
        }
        if !(1..=64).contains(&self.sessions) {
            let message = format!("{} sessions", self.sessions);
            add(
                wrong,
                "image.sessions",
                message,
                "1 to 64, or enabled = false: each takes up to a core while its page moves",
            );
        }
        if self.spare > self.sessions {
            let message = format!("{} contexts wait for {} sessions", self.spare, self.sessions);
            add(wrong, "image.spare", message, "no more than `sessions`");
        }
        if self.memory < 256 {
            let message = format!("{} MB for a page", self.memory);
            add(wrong, "image.memory", message, "256 or more: many sites take that much");
        }
        if !(2..=120).contains(&self.hang_seconds) {
            let message = format!("a page that hangs after {} seconds", self.hang_seconds);
            add(wrong, "image.hang_seconds", message, "2 to 120");
        }
    }
}
