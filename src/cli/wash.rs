//! `alongside wash`: the wash of the live way, on a document.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use url::Url;

use super::rules;
use crate::origin::{Scheme, Sid, UpstreamOrigin, ViewDomain};
use crate::pattern::Pattern;
use crate::policy::{Policy, Site};
use crate::wash::{Wash, document};

/// Arguments of `alongside wash`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Real address of the document.
    #[arg(long, value_name = "URL")]
    page: Url,
    /// Sites as in the configuration (`[[site]]`). Without it, what the page may load is what its own origin serves.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let policy = match &self.rules {
            Some(path) => rules::policy(path)?,
            None => own_origin(&self.page)?,
        };
        let mut html = Vec::new();
        std::io::stdin().read_to_end(&mut html).context("reading the document")?;
        let (html, _, _) = encoding_rs::UTF_8.decode(&html);
        let washed = wash(&html, &self.page, policy)?;
        std::io::stdout().write_all(washed.as_bytes()).context("writing the document")
    }
}

/// Parses, washes and writes a document. Keys of assets are those of no session: a secret of zeros, so that they are the same each time.
fn wash(html: &str, page: &Url, policy: Policy) -> anyhow::Result<String> {
    let domain = ViewDomain { domain: "view.localhost".to_owned(), scheme: Scheme::Http, port: 8080 };
    let sid = Sid::parse("aaaaaaaaaa").context("a session's id")?;
    let wash = Wash::new(Arc::new(domain), sid, Arc::new(policy), page, [0; 32], Arc::new(|_| None));
    let mut mirror = document::parse(html, page)?;
    wash.review(&mut mirror);
    Ok(wash.html(&mirror))
}

fn own_origin(page: &Url) -> anyhow::Result<Policy> {
    let origin = UpstreamOrigin::of(page).context("the page's address begins with http:// or https://")?;
    let pages: Vec<Pattern> = vec![origin.serialize().parse()?];
    let site = Site::new("page", page.clone(), pages);
    Ok(Policy::new(vec![site]))
}

#[cfg(test)]
mod tests;
