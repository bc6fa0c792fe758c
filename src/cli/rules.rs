//! Sites in a file of their own, as the configuration has them.

use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::policy::Site;

/// The part of a configuration that says what is allowed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub(super) site: Vec<Site>,
}

impl Rules {
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))
    }
}
