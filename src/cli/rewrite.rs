//! `alongside rewrite`: what a visitor's browser would get of a document or style sheet, by the code of the live way.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use url::Url;

use super::rules;
use crate::origin::{Scheme, Sid, ViewDomain};
use crate::pattern::Pattern;
use crate::policy::{Policy, Site};
use crate::rewrite::{Page, css, html};

/// Session whose addresses are written.
const SID: &str = "examplesid";
/// As the live way gives a document to the rewriter, in bytes.
const PIECE: usize = 16 << 10;

/// Arguments of `alongside rewrite`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Real address of the document or style sheet.
    #[arg(long)]
    page: Url,
    /// What standard input is.
    #[arg(long = "type", value_enum, default_value = "html")]
    kind: Kind,
    /// File with `[[site]]` entries as in the configuration. Without it, every address in the input counts as allowlisted.
    #[arg(long)]
    rules: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Kind {
    Html,
    Css,
}

impl Args {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut input = Vec::new();
        std::io::stdin().read_to_end(&mut input).context("standard input cannot be read")?;
        let policy = match &self.rules {
            Some(path) => rules::policy(path)?,
            None => Policy::new(vec![all_in(&self.page, &input)]),
        };
        let page = Page {
            sid: Sid::parse(SID).context("the example session has no proper id")?,
            domain: Arc::new(ViewDomain { domain: "view.localhost".to_owned(), scheme: Scheme::Http, port: 8080 }),
            policy: Arc::new(policy),
            url: self.page,
            inject: String::new(),
            hashed: Arc::new(|_| {}),
        };
        let mut out = std::io::stdout().lock();
        match self.kind {
            Kind::Css => out.write_all(&css::rewrite_bytes(&input, None, &page))?,
            Kind::Html => {
                let mut rewriter = html::Rewriter::new(Arc::new(page), html::sniff(&input, None));
                for piece in input.chunks(PIECE) {
                    out.write_all(&rewriter.write(piece)?)?;
                }
                out.write_all(&rewriter.end()?)?;
            }
        }
        Ok(out.flush()?)
    }
}

/// A site of the page's own origin and of every host that the input names.
fn all_in(page: &Url, input: &[u8]) -> Site {
    let text = String::from_utf8_lossy(input);
    let named = text.split("//").skip(1).flat_map(|rest| {
        let authority = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
        let host = rest.split(|c: char| !authority(c)).next().unwrap_or_default();
        ["http", "https"].map(|scheme| format!("{scheme}://{host}"))
    });
    let own = page.origin().ascii_serialization();
    let pages: Vec<Pattern> = std::iter::once(own).chain(named).filter_map(|text| text.parse().ok()).collect();
    Site::new("standard input", page.clone(), pages)
}
