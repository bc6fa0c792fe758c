//! `alongside image-browser`: not for people. The server starts Chrome by it.

use std::ffi::OsString;

use crate::image::chrome::keeper;

/// Arguments of `alongside image-browser`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Number of the process that it must not outlive.
    #[arg(long)]
    parent: u32,
    /// Chrome's program.
    program: OsString,
    /// What Chrome is told.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<()> {
        Err(keeper::become_chrome(self.parent, &self.program, &self.arguments).into())
    }
}
