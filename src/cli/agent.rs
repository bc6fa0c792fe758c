//! `alongside agent`.

use std::io::Read;
use std::path::PathBuf;

use anyhow::Context;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use strum::VariantNames;

use super::run::{block_on, say};
use crate::config::Config;
use crate::protocol::people::AccountRole;
use crate::session::token::Secret;
use crate::session::trail::{Deed, What};
use crate::store::{Account, Store};

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
    /// Remove an agent. Sessions that run are not ended. The last administrator stays.
    Remove {
        /// Name.
        name: String,
    },
    /// Say what an account may do from now on. The last administrator stays one.
    Role {
        /// Name.
        name: String,
        /// What it may do.
        #[arg(value_parser = roles())]
        role: AccountRole,
    },
    /// Give an account another password; its sign-ins end. One is made and shown once, unless one is given.
    Password {
        /// Name.
        name: String,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Let unknown browsers try again at once, after too many wrong passwords.
    Unlock {
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
            Self::Add { name, role, password_stdin } => {
                let (password, made) = password(password_stdin)?;
                let account = store.add(&name, password.expose(), role).await?;
                note(store, What::AccountAdded, &format!("{} ({role})", account.name)).await?;
                say_password(&account.name, &password, made)
            }
            Self::List => store
                .accounts()
                .await?
                .iter()
                .try_for_each(|account| say(&format!("{} ({})", account.name, account.role))),
            Self::Remove { name } => {
                let account = found(store, &name).await?;
                store.remove(account.id).await?;
                note(store, What::AccountRemoved, &account.name).await?;
                say(&format!("{} cannot sign in any more.", account.name))
            }
            Self::Role { name, role } => {
                let account = found(store, &name).await?;
                store.set_role(account.id, role).await?;
                note(store, What::AccountRole, &format!("{} ({role})", account.name)).await?;
                say(&format!("{} is {role} from now on.", account.name))
            }
            Self::Password { name, password_stdin } => {
                let account = found(store, &name).await?;
                let (password, made) = password(password_stdin)?;
                store.set_password(account.id, password.expose(), None).await?;
                note(store, What::AccountPassword, &account.name).await?;
                say_password(&account.name, &password, made)
            }
            Self::Unlock { name } => {
                let account = found(store, &name).await?;
                store.unlock(&account.name).await?;
                note(store, What::AccountUnlocked, &account.name).await?;
                say(&format!("{} can be signed in to from any browser again.", account.name))
            }
        }
    }
}

async fn found(store: &Store, name: &str) -> anyhow::Result<Account> {
    store.account(name).await?.with_context(|| format!("there is no agent {name:?}"))
}

/// For the audit trail: a running server takes it up within seconds, another one when it starts.
async fn note(store: &Store, what: What, about: &str) -> anyhow::Result<()> {
    Ok(store.audit_later(&Deed::new(what).about(about)).await?)
}

/// From standard input, or a fresh one; whether it was made here.
fn password(from_stdin: bool) -> anyhow::Result<(Secret, bool)> {
    if !from_stdin {
        return Ok((Secret::random_groups()?, true));
    }
    let mut password = String::new();
    std::io::stdin().take(4096).read_to_string(&mut password).context("standard input")?;
    password.truncate(password.trim_end_matches(['\r', '\n']).len());
    Ok((Secret::of(password), false))
}

fn say_password(name: &str, password: &Secret, made: bool) -> anyhow::Result<()> {
    if !made {
        return say(&format!("{name} can sign in now."));
    }
    say(&format!("{name} can sign in now, with this password, which is not shown again:\n{}", password.expose()))
}
