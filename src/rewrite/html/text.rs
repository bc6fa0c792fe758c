//! Text that holds addresses: style sheets and import maps. A text comes in chunks; it is judged when it is whole.

use lol_html::HandlerResult;
use lol_html::html_content::{TextChunk, TextType};

use super::super::entity::{Place, decode, encode_text};
use super::super::{RewriteError, css, importmap};
use super::{MEMORY_MAX, Shared, lock};

/// What the text is.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Style,
    ImportMap,
}

/// Gathers the chunks of one text after the other.
pub(super) struct Collector {
    state: Shared,
    kind: Kind,
    text: String,
}

impl Collector {
    pub(super) fn new(state: Shared, kind: Kind) -> Self {
        Self { state, kind, text: String::new() }
    }

    pub(super) fn take(&mut self, chunk: &mut TextChunk<'_>) -> HandlerResult {
        if self.text.len() + chunk.as_str().len() > MEMORY_MAX {
            return Err(RewriteError::TooLarge.into());
        }
        self.text.push_str(chunk.as_str());
        if !chunk.last_in_text_node() {
            chunk.set_str(String::new());
            return Ok(());
        }
        let text = std::mem::take(&mut self.text);
        let new = self.rewrite(&text, chunk.text_type());
        chunk.set_str(new.unwrap_or(text));
        Ok(())
    }

    fn rewrite(&self, text: &str, text_type: TextType) -> Option<String> {
        let state = lock(&self.state);
        let addresses = state.addresses();
        match self.kind {
            // Within SVG a style's text has character references like any other.
            Kind::Style if text_type == TextType::Data => {
                let meant = decode(text, Place::Text);
                let new = css::rewrite_at(&meant, addresses);
                (new != meant).then(|| encode_text(&new))
            }
            Kind::Style => Some(css::rewrite_at(text, addresses).into_owned()),
            Kind::ImportMap => importmap::rewrite(text, addresses),
        }
    }
}
