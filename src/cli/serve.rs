//! `alongside serve`.

use std::path::PathBuf;

use super::run;
use crate::config::Config;
use crate::server::{Server, web};

/// Where HTTPS listens when `--dev-tls` asks for it and the configuration does not say.
pub(super) const DEV_TLS: ([u8; 4], u16) = ([127, 0, 0, 1], 8443);

/// Arguments of `alongside serve`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The configuration.
    #[arg(long, env = "ALONGSIDE_CONFIG", default_value = "config/alongside.toml")]
    config: PathBuf,
    /// Listen by HTTPS too, with a certificate for development that is made in certs/.
    #[arg(long)]
    dev_tls: bool,
}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut config = Config::load(&self.config)?;
        if self.dev_tls {
            config.listen.dev_tls = true;
            config.listen.https.get_or_insert(DEV_TLS.into());
        }
        web::check()?;
        run::log(&config.log)?;
        for warning in config.store.warnings() {
            tracing::warn!("{warning}");
        }
        run::block_on(async {
            let server = Server::bind(config).await?;
            tracing::info!(control = server.control_origin(), address = %server.addr(), "listening");
            if server.store().accounts().await?.is_empty() {
                tracing::warn!("nobody can sign in yet: add an agent with `alongside agent add NAME`");
            }
            server.run(run::stop_asked()).await;
            Ok(())
        })
    }
}
