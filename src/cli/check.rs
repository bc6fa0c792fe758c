//! `alongside check`.

use std::path::PathBuf;

use super::run::say;
use crate::config::Config;

/// Arguments of `alongside check`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The configuration.
    #[arg(long, env = "ALONGSIDE_CONFIG", default_value = "config/alongside.toml")]
    config: PathBuf,
}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let config = Config::load(&self.config)?;
        let sites: Vec<_> = config.sites.iter().map(|site| site.name.as_str()).collect();
        for warning in config.store.warnings() {
            say(&format!("warning: {warning}"))?;
        }
        say(&format!("{} is fine. Sites: {}.", self.config.display(), sites.join(", ")))
    }
}
