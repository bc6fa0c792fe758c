//! `alongside audit`.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use super::run::{block_on, say};
use crate::config::{Config, Keys};
use crate::protocol::admin::AuditEntry;
use crate::store::{Break, Ends, Line, Link, Report, Seal, Store, ToldEnds, Walk, hex, of_hex, verify_audit};

/// Arguments of `alongside audit`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The configuration, which says where the trail is, and the key.
    #[arg(long, env = "ALONGSIDE_CONFIG", default_value = "config/alongside.toml", global = true)]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Say whether the audit trail is whole, and where it breaks if it is not: entries changed, taken out, put in, or cut off.
    Verify {
        /// A copy of the trail, as an administrator exports it; the store's own, unless given.
        copy: Option<PathBuf>,
        /// Another store than the configuration's.
        #[arg(long, value_name = "FILE", conflicts_with = "copy")]
        store: Option<PathBuf>,
    },
}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let Command::Verify { copy, store } = self.command;
        let report = match copy {
            Some(copy) => of_copy(&copy)?,
            None => block_on(of_store(&self.config, store))?,
        };
        tell(&report)
    }
}

async fn of_store(config: &Path, store: Option<PathBuf>) -> anyhow::Result<Report> {
    let (path, keys) = match (Config::load(config), store) {
        (Ok(config), None) => (config.store.path.clone(), config.store.keys()?),
        (Ok(config), Some(store)) => (store, config.store.keys()?),
        // A store that was taken elsewhere has no configuration there.
        (Err(_), Some(store)) => (store, None::<Keys>),
        (Err(error), None) => return Err(error.into()),
    };
    ensure!(path.exists(), "there is no store at {}", path.display());
    let (store, seal) = (Store::open(&path).await?, keys.as_ref().map(Seal::new));
    let report = verify_audit(&store, seal.as_ref()).await;
    store.close().await;
    Ok(report?)
}

/// A copy is read twice: its last line says where it begins and ends.
fn of_copy(path: &Path) -> anyhow::Result<Report> {
    let lines = || -> anyhow::Result<_> {
        let file = File::open(path).with_context(|| path.display().to_string())?;
        Ok(BufReader::new(file).lines())
    };
    let last = lines()?.last().transpose()?.unwrap_or_default();
    let told: Option<ToldEnds> = serde_json::from_str(&last).ok();
    let Some(ends) = told.as_ref().and_then(Ends::of) else {
        bail!("the copy is not complete: its last line does not say where the trail ends");
    };
    let mut walk = Walk::after(ends.anchor);
    let mut lines = lines()?.enumerate().peekable();
    while let Some((number, text)) = lines.next() {
        if lines.peek().is_some() {
            let line = line(&text?).with_context(|| format!("line {} is no entry", number + 1))?;
            walk.step(&line);
        }
    }
    Ok(walk.finish(Some(ends.head)))
}

fn line(text: &str) -> anyhow::Result<Line> {
    let AuditEntry { seq, at, what, who, session, about, times, hash } = serde_json::from_str(text)?;
    let hash = of_hex(&hash).context("its hash is none")?;
    Ok(Line { seq, at, what, who, session, about, times, hash })
}

fn tell(report: &Report) -> anyhow::Result<()> {
    let Report { entries, head: Link { seq, hash }, breaks, bounded } = report;
    if let Some(breaks) = breaks {
        bail!("the audit trail is broken: {breaks}{}", advice(breaks));
    }
    say(&format!("The audit trail is whole: {entries} entries. The last is {seq}, with the hash {}.", hex(hash)))?;
    if *bounded {
        return Ok(());
    }
    say("Whether entries were cut off at its ends nobody can tell, for no key is configured ([store] key).")
}

fn advice(breaks: &Break) -> &'static str {
    match breaks {
        Break::Unsealed => ". Was the key changed? See [store] previous_key",
        _ => "",
    }
}
