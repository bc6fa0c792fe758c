//! `alongside demo`.

use std::net::Ipv4Addr;
use std::path::PathBuf;

use serde::Serialize;

use super::run::{self, say};
use crate::config::{Config, Log};
use crate::demo::{Origins, Shop};
use crate::protocol::people::AccountRole;
use crate::rules;
use crate::server::{Server, web};
use crate::session::token::Secret;

/// The agent of the demo.
const NAME: &str = "Justin";
/// Whom the agent may invite or hand over to.
const COLLEAGUE: &str = "Amira";
/// Who looks into others' sessions.
const SUPERVISOR: &str = "Sam";
/// Who sees to rules and accounts.
const ADMINISTRATOR: &str = "Ada";

/// Arguments of `alongside demo`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Port on 127.0.0.1; 0 takes a free one. 8080, or 8443 with `--dev-tls`, unless given.
    #[arg(long)]
    port: Option<u16>,
    /// Listen by HTTPS, with a certificate for development that is made in certs/.
    #[arg(long)]
    dev_tls: bool,
    /// Print one line of JSON instead of the text, for programs.
    #[arg(long)]
    json: bool,
    /// Log filter, such as `alongside=debug`.
    #[arg(long, default_value = "warn")]
    log: String,
}

/// What a program needs to use the demo.
#[derive(Serialize)]
struct Facts<'a> {
    control: &'a str,
    address: String,
    name: &'a str,
    password: &'a str,
    colleague: Login<'a>,
    supervisor: Login<'a>,
    admin: Login<'a>,
    shop: &'a Origins,
}

/// Somebody who can sign in.
#[derive(Serialize)]
struct Login<'a> {
    name: &'a str,
    password: &'a str,
}

impl Login<'_> {
    fn say(&self) -> String {
        format!("{} (password {})", self.name, self.password)
    }
}

/// A folder that goes with the process.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<()> {
        web::check()?;
        run::log(&Log { filter: self.log.clone(), ..Log::default() })?;
        run::block_on(self.serve())
    }

    async fn serve(self) -> anyhow::Result<()> {
        let folder = Folder(std::env::temp_dir().join(format!("alongside-demo-{}", Secret::random()?.expose())));
        let shop = Shop::start().await?;
        let server = Server::bind(self.config(&shop, &folder)?).await?;
        shop.offer_help(server.control_origin());
        let agent = add(&server, NAME, AccountRole::Agent).await?;
        let colleague = add(&server, COLLEAGUE, AccountRole::Agent).await?;
        let supervisor = add(&server, SUPERVISOR, AccountRole::Supervisor).await?;
        let admin = add(&server, ADMINISTRATOR, AccountRole::Admin).await?;
        let facts = Facts {
            control: server.control_origin(),
            address: server.addr().to_string(),
            name: NAME,
            password: agent.expose(),
            colleague: Login { name: COLLEAGUE, password: colleague.expose() },
            supervisor: Login { name: SUPERVISOR, password: supervisor.expose() },
            admin: Login { name: ADMINISTRATOR, password: admin.expose() },
            shop: shop.origins(),
        };
        if self.json {
            say(&serde_json::to_string(&facts)?)?;
        } else {
            say(&welcome(&facts))?;
        }
        server.run(run::stop_asked()).await;
        Ok(())
    }

    fn config(&self, shop: &Shop, folder: &Folder) -> anyhow::Result<Config> {
        let text = rules::write(&[shop.site()]);
        let mut config = Config::parse(&text, "the demo's configuration", std::env::vars())?;
        let address = |port| Some((Ipv4Addr::LOCALHOST, port).into());
        if self.dev_tls {
            config.listen.dev_tls = true;
            config.listen.http = None;
            config.listen.https = address(self.port.unwrap_or(8443));
        } else {
            config.listen.http = address(self.port.unwrap_or(8080));
        }
        config.store.path = folder.0.join("alongside.db");
        Ok(config)
    }
}

/// Adds an account; gives its password.
async fn add(server: &Server, name: &str, role: AccountRole) -> anyhow::Result<Secret> {
    let password = Secret::random_groups()?;
    server.store().add(name, password.expose(), role).await?;
    Ok(password)
}

fn welcome(facts: &Facts<'_>) -> String {
    let Facts { control, name, password, colleague, supervisor, admin, shop, .. } = facts;
    format!(
        "\nAlongside is running, with a made-up shop to browse.\n\n\
         1. As the agent: open {control}\n   and sign in.\n\n   \
         Name      {name}\n   Password  {password}\n\n   \
         A colleague to invite is {colleague}, and {supervisor} is a supervisor.\n\n\
         2. Start a session at the shop. You get a PIN and a link.\n\n\
         3. As the visitor: open the link in a private window or another browser,\n   \
         or type the PIN at {control}/join\n   and choose Allow.\n\n\
         What the visitor does in the shop, the agent now sees.\n\n\
         The other way round: the visitor opens {shop}\n   \
         and chooses \"Need help?\", and you enter their code.\n\n\
         Rules, accounts and the audit trail: sign in as {admin},\n   \
         and open {control}/admin\n\n\
         Ctrl-C stops everything.\n",
        shop = shop.shop,
        colleague = colleague.say(),
        supervisor = supervisor.say(),
        admin = admin.say(),
    )
}
