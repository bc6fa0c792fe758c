//! CSS selectors of masks.

use crate::protocol::rules::Fault;

/// A list of selectors that look at an element and at what it is in, so that whether one matches never depends on siblings, on state or on time.
#[derive(Clone, Debug)]
pub struct Selector {
    text: String,
}

impl Selector {
    /// Reads a selector list.
    ///
    /// # Errors
    /// What is wrong, with its place within the text.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Ok(Self { text: text.to_owned() })
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}
