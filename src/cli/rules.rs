//! `alongside rules`: rules in files and in the store; and how other subcommands read them.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};

use super::run::{block_on, say};
use crate::config::Config;
use crate::policy::Policy;
use crate::protocol::rules::SiteDraft;
use crate::rules;
use crate::server::rulebook::{Current, after};
use crate::store::Store;

/// Who saved a version, where it was the command line.
const BY: &str = "command line";

/// Arguments of `alongside rules`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Say what is wrong with the rules in a file, each with its line.
    Check {
        /// TOML with `[[site]]`: rules alone, or a whole configuration.
        file: PathBuf,
    },
    /// Print the rules that hold, as TOML: the newest version in the store, or those of the configuration.
    Export {
        #[command(flatten)]
        place: Place,
        /// An older version.
        #[arg(long)]
        version: Option<u32>,
    },
    /// Save the rules in a file as a new version in the store. A server that runs goes by them within a few seconds.
    Import {
        #[command(flatten)]
        place: Place,
        /// TOML with `[[site]]`.
        file: PathBuf,
        /// Why, for those who read the versions.
        #[arg(long, default_value = "")]
        comment: String,
    },
    /// List the versions in the store, the newest first.
    Versions {
        #[command(flatten)]
        place: Place,
    },
}

/// Where the store is.
#[derive(clap::Args)]
struct Place {
    /// The configuration, which says where the store is.
    #[arg(long, env = "ALONGSIDE_CONFIG", default_value = "config/alongside.toml")]
    config: PathBuf,
}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Check { file } => {
                let sites = read(&file)?;
                let names: Vec<_> = sites.iter().map(|site| site.name.as_str()).collect();
                say(&format!("{} is fine. Sites: {}.", file.display(), names.join(", ")))
            }
            Command::Export { place, version } => place.with(async |config, store| {
                let text = match version {
                    Some(version) => {
                        kept(store, version).await?.with_context(|| format!("there is no version {version}"))?
                    }
                    None => current(config, store).await?.1,
                };
                say(text.trim_end())
            }),
            Command::Import { place, file, comment } => {
                let sites = read(&file)?;
                place.with(async |config, store| {
                    let version = import(config, store, &sites, &comment).await?;
                    say(&format!("Version {version} holds: a server that runs goes by it within a few seconds, in running sessions, too."))
                })
            }
            Command::Versions { place } => place.with(async |config, store| {
                let versions = store.rules_versions().await?;
                if versions.is_empty() {
                    say("Nothing was saved yet: the rules of the configuration file hold.")?;
                } else if !config.rules.editable {
                    say("The rules of the configuration file hold ([rules] editable = false). Saved versions:")?;
                }
                versions.iter().try_for_each(|kept| {
                    let (new, (added, removed)) = (&kept.new, kept.new.changed);
                    let at = time::OffsetDateTime::from_unix_timestamp(kept.at)?;
                    let at = at.format(&time::format_description::well_known::Rfc3339)?;
                    let by = if new.by.is_empty() { "configuration file" } else { &new.by };
                    let line = format!("{:>4}  {at}  {by}  +{added} -{removed}  {}", kept.version, new.comment);
                    say(line.trim_end())
                })
            }),
        }
    }
}

impl Place {
    fn with(self, work: impl AsyncFnOnce(&Config, &Store) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let config = Config::load(&self.config)?;
        block_on(async {
            let store = Store::open(&config.store.path).await?;
            let done = work(&config, &store).await;
            store.close().await;
            done
        })
    }
}

/// Number and text of the rules that hold.
async fn current(config: &Config, store: &Store) -> anyhow::Result<(u32, String)> {
    let version = if config.rules.editable { store.newest_rules().await? } else { 0 };
    Ok((version, kept(store, version).await?.unwrap_or_else(|| rules::write(&config.sites))))
}

async fn kept(store: &Store, version: u32) -> anyhow::Result<Option<String>> {
    Ok(store.rules(version).await?.map(|kept| kept.new.toml))
}

async fn import(config: &Config, store: &Store, sites: &[SiteDraft], comment: &str) -> anyhow::Result<u32> {
    ensure!(
        config.rules.editable,
        "the configuration says that its own rules hold ([rules] editable = false): put these into the file"
    );
    let (version, text) = current(config, store).await?;
    // A version that cannot be read any more is one to replace.
    let before = Current { version, sites: rules::read(&text).0 };
    let new = after(&before, (BY, comment), sites);
    ensure!(store.keep_rules(version, &new).await?, "somebody saved other rules meanwhile: try again");
    Ok(store.newest_rules().await?)
}

/// The sites of a file.
///
/// # Errors
/// All that is wrong, as `FILE:LINE: …` with hints.
fn read(path: &Path) -> anyhow::Result<Vec<SiteDraft>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    if text.len() > rules::TEXT {
        bail!("{} is larger than rules can be ({} bytes)", path.display(), rules::TEXT);
    }
    let (sites, faults) = rules::read(&text);
    if !faults.is_empty() {
        return Err(anyhow!(said(&path.display().to_string(), &faults)));
    }
    ensure!(!sites.is_empty(), "{}: no site\n  hint: add a [[site]] with name, start and pages", path.display());
    Ok(sites)
}

/// The sites of a file, checked.
pub(super) fn policy(path: &Path) -> anyhow::Result<Policy> {
    let sites = read(path)?;
    Policy::check(&sites).map_err(|faults| anyhow!(said(&path.display().to_string(), &faults)))
}

fn said(file: &str, faults: &[crate::protocol::rules::Fault]) -> String {
    let line = |fault: &crate::protocol::rules::Fault| {
        let at = fault.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("{file}{at}: {}\n  hint: {}", rules::words(fault), fault.hint)
    };
    format!("rules that cannot be used\n{}", faults.iter().map(line).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str =
        "[[site]]\nname = \"Shop\"\nstart = \"https://shop.example/\"\npages = [\"https://shop.example\"]\n";

    #[test]
    fn a_file_that_is_wrong_is_told_by_lines() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rules.toml");
        std::fs::write(
            &file,
            format!(
                "{SITE}loads = [\"cdn.example\"]\n\n[[site.privacy.scrub]]\npattern = \"(a\"\nreplacement = \"x\"\n"
            ),
        )
        .unwrap();
        let said = read(&file).unwrap_err().to_string().replace(&file.display().to_string(), "FILE");
        assert!(said.contains("FILE:5: loads: \"cdn.example\" is not an allowlist entry"), "{said}");
        assert!(said.contains("FILE:8: pattern: ") && said.matches("\n  hint: ").count() == 2, "{said}");
        std::fs::write(&file, "").unwrap();
        assert!(read(&file).is_err(), "no site");
        std::fs::write(&file, SITE).unwrap();
        assert_eq!(policy(&file).unwrap().sites().len(), 1);
    }

    #[tokio::test]
    async fn a_file_is_imported_after_the_configuration_s_rules() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db")).await.unwrap();
        let config = Config::parse(SITE, "test", []).unwrap();
        assert_eq!(current(&config, &store).await.unwrap(), (0, SITE.to_owned()));
        let (mut sites, _) = rules::read(SITE);
        sites[0].loads.push("https://cdn.example".to_owned());
        assert_eq!(import(&config, &store, &sites, "a CDN").await.unwrap(), 2);
        let (version, text) = current(&config, &store).await.unwrap();
        assert_eq!((version, rules::read(&text).0), (2, sites.clone()));
        assert_eq!(kept(&store, 1).await.unwrap().unwrap(), SITE, "the configuration's are version 1");
        assert_eq!(import(&config, &store, &sites, "").await.unwrap(), 3);
        let locked = Config::parse(&format!("{SITE}[rules]\neditable = false\n"), "test", []).unwrap();
        assert!(import(&locked, &store, &sites, "").await.is_err());
        assert_eq!(current(&locked, &store).await.unwrap().0, 0, "the file holds");
    }
}
