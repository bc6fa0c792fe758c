//! Replacing texts by rules.

use std::borrow::Cow;

use regex::Regex;

use crate::pattern::Pattern;
use crate::protocol::rules::{Fault, ReadyRule, ScrubDraft};

/// A rule that is checked.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pattern: Regex,
    replacement: String,
    pages: Vec<Pattern>,
}

impl Rule {
    /// Checks a draft. The fault's place is the name of the wrong field.
    pub(super) fn check(draft: &ScrubDraft, pages: Vec<Pattern>) -> Result<Self, Fault> {
        let fault = |message: String| Fault {
            place: "pattern".to_owned(),
            line: None,
            span: None,
            message,
            hint: "give `ready`, or `pattern` and `replacement`".to_owned(),
        };
        let text = draft.pattern.as_deref().ok_or_else(|| fault("no pattern".to_owned()))?;
        let pattern = Regex::new(text).map_err(|error| fault(error.to_string()))?;
        Ok(Self { pattern, replacement: draft.replacement.clone().unwrap_or_default(), pages })
    }

    pub(super) fn pages(&self) -> &[Pattern] {
        &self.pages
    }
}

/// The rules that hold on one page, in their order. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Scrubber {
    rules: Vec<Rule>,
}

impl Scrubber {
    pub(super) fn new<'a>(rules: impl Iterator<Item = &'a Rule>) -> Self {
        Self { rules: rules.cloned().collect() }
    }

    /// It has no rule, so nothing is ever replaced.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// A text as agents may see it.
    #[must_use]
    pub fn scrub<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut out = Cow::Borrowed(text);
        for rule in &self.rules {
            if let Cow::Owned(changed) = rule.pattern.replace_all(&out, &rule.replacement) {
                out = Cow::Owned(changed);
            }
        }
        out
    }
}

/// The ready-made rules.
#[must_use]
pub fn ready_rules() -> Vec<ReadyRule> {
    Vec::new()
}
