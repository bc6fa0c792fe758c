//! `alongside key`.

use super::run::say;
use crate::config::Key;
use crate::session::token;

/// Arguments of `alongside key`.
#[derive(clap::Args)]
pub(super) struct Args {}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut bytes = [0u8; 32];
        token::fill(&mut bytes)?;
        say(&Key::new(bytes).to_base64())
    }
}
