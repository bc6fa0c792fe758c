//! The command line. Each subcommand is a module.

use clap::{Parser, Subcommand};

mod agent;
mod audit;
mod check;
mod demo;
mod health;
#[cfg(feature = "image")]
mod image_browser;
mod key;
mod rewrite;
mod rules;
mod run;
mod serve;
mod wash;

/// Alongside: an agent and a visitor on the same page.
#[derive(Parser)]
#[command(version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run it.
    Serve(serve::Args),
    /// Run it with a made-up shop to browse and an agent account to sign in with.
    Demo(demo::Args),
    /// What an agent would see of a document (standard input to standard output).
    Wash(wash::Args),
    /// What a visitor's browser would get of a document (standard input to standard output).
    Rewrite(rewrite::Args),
    /// Say what is wrong with a configuration.
    Check(check::Args),
    /// Add, list, change and remove agents.
    Agent(agent::Args),
    /// Check, export and import rules; list their versions.
    Rules(rules::Args),
    /// Verify the audit trail.
    Audit(audit::Args),
    /// Print a fresh key for sealing sessions.
    Key(key::Args),
    /// Ask a running server how it is, for a container's health check.
    Health(health::Args),
    /// Start Chrome for image mode; the server does that by itself.
    #[cfg(feature = "image")]
    #[command(hide = true)]
    ImageBrowser(image_browser::Args),
}

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// A message for the person at the command line.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(args) => args.run(),
            Command::Demo(args) => args.run(),
            Command::Wash(args) => args.run(),
            Command::Rewrite(args) => args.run(),
            Command::Check(args) => args.run(),
            Command::Agent(args) => args.run(),
            Command::Rules(args) => args.run(),
            Command::Audit(args) => args.run(),
            Command::Key(args) => args.run(),
            Command::Health(args) => args.run(),
            #[cfg(feature = "image")]
            Command::ImageBrowser(args) => args.run(),
        }
    }
}
