//! `alongside agent`.

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use strum::VariantNames;

use super::run::{block_on, say};
use crate::config::Config;
use crate::protocol::people::AccountRole;
use crate::session::token::Secret;
use crate::store::Store;

/// Arguments of `alongside agent`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The configuration, which says where the accounts are.
    #[arg(long, env = "ALONGSIDE_CONFIG", default_value = "config/alongside.toml", global = true)]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Add an agent. A password is made and shown once, unless one is given.
    Add {
        /// Name as visitors will see it.
        name: String,
        /// What the account may do: a supervisor looks into others' sessions, an admin manages accounts and rules, too.
        #[arg(long, default_value_t, value_parser = roles())]
        role: AccountRole,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the agents and what their accounts may do.
    List,
    /// Remove an agent. Sessions that run are not ended.
    Remove {
        /// Name.
        name: String,
    },
}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let config = Config::load(&self.config)?;
        block_on(async {
            let store = Store::open(&config.store.path).await?;
            let done = self.command.run(&store).await;
            store.close().await;
            done
        })
    }
}

fn roles() -> impl TypedValueParser<Value = AccountRole> {
    PossibleValuesParser::new(AccountRole::VARIANTS).try_map(|name| name.parse::<AccountRole>())
}

impl Command {
    async fn run(self, store: &Store) -> anyhow::Result<()> {
        match self {
            Self::Add { name, role, password_stdin: true } => {
                let mut password = String::new();
                std::io::stdin().take(4096).read_to_string(&mut password).context("standard input")?;
                let account = store.add(&name, password.trim_end_matches(['\r', '\n']), role).await?;
                say(&format!("{} can sign in now.", account.name))
            }
            Self::Add { name, role, password_stdin: false } => {
                let password = Secret::random_groups()?;
                let account = store.add(&name, password.expose(), role).await?;
                say(&format!(
                    "{} can sign in now, with this password, which is not shown again:\n{}",
                    account.name,
                    password.expose()
                ))
            }
            Self::List => store
                .accounts()
                .await?
                .iter()
                .try_for_each(|account| say(&format!("{} ({})", account.name, account.role))),
            Self::Remove { name } => {
                ensure!(store.remove(&name).await?, "there is no agent {name:?}");
                say(&format!("{name} cannot sign in any more."))
            }
        }
    }
}
