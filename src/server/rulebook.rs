//! The rules that hold: those of the configuration file until somebody saves others, then the newest version in the store.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use tokio::task::spawn_blocking;

use crate::config::Config;
use crate::policy::Policy;
use crate::protocol::admin::{RulesVersion, RulesVersionDetail, SavedRules};
use crate::protocol::rules::{Fault, SiteDraft};
use crate::rules;
use crate::session::Sessions;
use crate::session::trail::{Deed, Trail, What};
use crate::store::{NewVersion, Store, StoreError, Version};

/// Longest comment, in characters.
const COMMENT: usize = 500;
/// How often the store is looked at for rules that were saved at the command line: one look at an index.
const LOOK: Duration = Duration::from_secs(3);

/// Versions of the rules, and which one holds.
pub struct Rulebook {
    store: Store,
    trail: Trail,
    /// They may be changed.
    editable: bool,
    current: RwLock<Arc<Current>>,
    saving: tokio::sync::Mutex<()>,
}

/// The version that holds.
#[derive(Debug)]
pub struct Current {
    /// Its number; 0: the configuration file's.
    pub version: u32,
    /// Its sites.
    pub sites: Vec<SiteDraft>,
}

/// Rules cannot be read, or not be saved.
#[derive(Debug, thiserror::Error)]
pub enum RulebookError {
    /// The file's rules hold, always.
    #[error("the configuration says that rules are changed in its file alone ([rules] editable)")]
    NotEditable,
    /// Somebody saved meanwhile.
    #[error("somebody saved other rules meanwhile")]
    Outdated,
    /// There is no such version.
    #[error("there is no such version of the rules")]
    NoVersion,
    /// Something is wrong in them.
    #[error("{}", said(.0))]
    Wrong(Vec<Fault>),
    /// Whether they are right cannot be told.
    #[error("the rules could not be checked")]
    Unchecked,
    /// The store's newest version is not right: it was saved by another version of the program.
    #[error("version {version} of the rules in the store cannot be used: save another with `alongside rules import FILE`\n{}", said(.faults))]
    Stored {
        /// Its number.
        version: u32,
        /// What is wrong.
        faults: Vec<Fault>,
    },
    /// See [`StoreError`].
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn said(faults: &[Fault]) -> String {
    faults.iter().map(rules::words).collect::<Vec<_>>().join("\n")
}

impl Rulebook {
    /// Takes the store's newest version, if rules are editable and there is one, or the configuration's sites.
    ///
    /// # Errors
    /// See [`RulebookError`]: a version that is not right is never replaced by one that may show more.
    pub async fn open(store: Store, trail: Trail, config: &Config) -> Result<(Self, Policy), RulebookError> {
        let editable = config.rules.editable;
        let version = if editable { store.newest_rules().await? } else { 0 };
        let (sites, policy) = match store.rules(version).await? {
            Some(kept) => checked(&kept)?,
            None => (config.sites.clone(), config.policy()),
        };
        match (version, editable) {
            (0, true) => tracing::info!("the rules of the configuration file hold, until others are saved at /admin"),
            (0, false) => tracing::info!("the rules of the configuration file hold"),
            (version, _) => {
                tracing::info!(version, "rules of the store hold; sites of the configuration file do not count");
            }
        }
        let current = RwLock::new(Arc::new(Current { version, sites }));
        Ok((Self { store, trail, editable, current, saving: tokio::sync::Mutex::new(()) }, policy))
    }

    /// Whether rules may be changed.
    #[must_use]
    pub fn is_editable(&self) -> bool {
        self.editable
    }

    /// The version that holds.
    #[must_use]
    pub fn current(&self) -> Arc<Current> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Saves sites as a new version, after `base`, and lets all sessions go by it. The first one that is saved is 2: the configuration's become 1.
    ///
    /// # Errors
    /// See [`RulebookError`].
    pub async fn save(
        &self,
        sessions: &Sessions,
        base: u32,
        (by, comment): (&str, &str),
        sites: Vec<SiteDraft>,
    ) -> Result<SavedRules, RulebookError> {
        let saved = self.keep(sessions, base, (by, comment), sites).await?;
        self.trail.note(Deed::new(What::RulesSaved).by(by).about(&format!("version {}", saved.version)));
        Ok(saved)
    }

    /// Saves an old version's sites as a new one, after `base`.
    ///
    /// # Errors
    /// See [`RulebookError`].
    pub async fn restore(
        &self,
        sessions: &Sessions,
        base: u32,
        by: &str,
        version: u32,
    ) -> Result<SavedRules, RulebookError> {
        let sites = self.version(version).await?.sites;
        let saved = self.keep(sessions, base, (by, &format!("Version {version} restored")), sites).await?;
        let about = format!("version {version} as {}", saved.version);
        self.trail.note(Deed::new(What::RulesRestored).by(by).about(&about));
        Ok(saved)
    }

    async fn keep(
        &self,
        sessions: &Sessions,
        base: u32,
        (by, comment): (&str, &str),
        sites: Vec<SiteDraft>,
    ) -> Result<SavedRules, RulebookError> {
        if !self.editable {
            return Err(RulebookError::NotEditable);
        }
        let _saving = self.saving.lock().await;
        self.catch_up(sessions).await?;
        let current = self.current();
        if current.version != base {
            return Err(RulebookError::Outdated);
        }
        let (sites, checked) = spawn_blocking(move || {
            let checked = Policy::check(&sites);
            (sites, checked)
        })
        .await
        .map_err(|_| RulebookError::Unchecked)?;
        let policy = checked.map_err(RulebookError::Wrong)?;
        let new = after(&current, (by, comment), &sites);
        let version = base + u32::try_from(new.len()).unwrap_or(1);
        if !self.store.keep_rules(base, &new).await? {
            return Err(RulebookError::Outdated);
        }
        let sessions = self.apply(sessions, version, sites, policy);
        tracing::info!(version, sessions, "rules saved");
        Ok(SavedRules { version, sessions: u32::try_from(sessions).unwrap_or(u32::MAX) })
    }

    /// Takes a version that was saved at the command line meanwhile.
    ///
    /// # Errors
    /// See [`RulebookError`].
    pub async fn refresh(&self, sessions: &Sessions) -> Result<(), RulebookError> {
        let _saving = self.saving.lock().await;
        self.catch_up(sessions).await
    }

    /// Takes every version that is saved at the command line, within a few seconds, until `over`.
    pub(super) async fn watch(&self, sessions: &Sessions, over: &CancellationToken) {
        if !self.editable {
            return;
        }
        let mut failed = String::new();
        while over.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
            let error = self.refresh(sessions).await.err().map(|error| error.to_string()).unwrap_or_default();
            if !error.is_empty() && error != failed {
                tracing::error!(error, "newer rules of the store cannot be used: those from before hold on");
            }
            failed = error;
        }
    }

    async fn catch_up(&self, sessions: &Sessions) -> Result<(), RulebookError> {
        if !self.editable {
            return Ok(());
        }
        let newest = self.store.newest_rules().await?;
        if newest > self.current().version
            && let Some(kept) = self.store.rules(newest).await?
        {
            let (sites, policy) = checked(&kept)?;
            let sessions = self.apply(sessions, newest, sites, policy);
            tracing::info!(version = newest, sessions, "rules saved at the command line");
        }
        Ok(())
    }

    /// All versions, the newest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn versions(&self) -> Result<Vec<RulesVersion>, StoreError> {
        Ok(self.store.rules_versions().await?.iter().map(told).collect())
    }

    /// One of them, with what it changed.
    ///
    /// # Errors
    /// See [`RulebookError`].
    pub async fn version(&self, version: u32) -> Result<RulesVersionDetail, RulebookError> {
        let kept = self.store.rules(version).await?.ok_or(RulebookError::NoVersion)?;
        let before = self.store.rules(version.saturating_sub(1)).await?;
        let before = before.map(|before| before.new.toml).unwrap_or_default();
        let difference = rules::difference(&before, &kept.new.toml);
        Ok(RulesVersionDetail { version: told(&kept), sites: rules::read(&kept.new.toml).0, difference })
    }

    fn apply(&self, sessions: &Sessions, version: u32, sites: Vec<SiteDraft>, policy: Policy) -> usize {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Current { version, sites });
        sessions.set_policy(policy)
    }
}

/// What is kept when sites are saved after those that hold: those of the configuration first, if they do.
pub(crate) fn after(current: &Current, (by, comment): (&str, &str), sites: &[SiteDraft]) -> Vec<NewVersion> {
    let version = |(by, comment): (&str, &str), before: &str, toml: String| NewVersion {
        by: by.to_owned(),
        comment: comment.trim().chars().filter(|c| !c.is_control()).take(COMMENT).collect(),
        changed: rules::changed(before, &toml),
        toml,
    };
    let before = rules::write(&current.sites);
    let new = version((by, comment), &before, rules::write(sites));
    let seed = (current.version == 0).then(|| version(("", "From the configuration file"), "", before));
    seed.into_iter().chain([new]).collect()
}

fn checked(kept: &Version) -> Result<(Vec<SiteDraft>, Policy), RulebookError> {
    let wrong = |faults| RulebookError::Stored { version: kept.version, faults };
    let (sites, faults) = rules::read(&kept.new.toml);
    if !faults.is_empty() {
        return Err(wrong(faults));
    }
    let policy = Policy::check(&sites).map_err(wrong)?;
    Ok((sites, policy))
}

fn told(kept: &Version) -> RulesVersion {
    let NewVersion { by, comment, changed: (added, removed), .. } = &kept.new;
    let (by, comment) = (by.clone(), comment.clone());
    RulesVersion { version: kept.version, at: kept.at, by, comment, added: *added, removed: *removed }
}
