//! Sites in a file of their own, as the configuration has them.

use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::policy::Policy;
use crate::protocol::rules::SiteDraft;

/// The part of a configuration that says what is allowed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub(super) site: Vec<SiteDraft>,
}

impl Rules {
    /// The sites of a file, checked.
    pub(super) fn read(path: &Path) -> anyhow::Result<Policy> {
        let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let rules: Self = toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))?;
        let wrong = |fault: &crate::protocol::rules::Fault| format!("{}: {}", fault.place, fault.message);
        Policy::check(&rules.site).map_err(|faults| {
            anyhow::anyhow!(
                "{} is not right\n{}",
                path.display(),
                faults.iter().map(wrong).collect::<Vec<_>>().join("\n")
            )
        })
    }
}
