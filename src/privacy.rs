//! What agents may not see of a site's pages: rules that mask or hide elements, and rules that replace texts. Compiled and checked here; the
//! wash is where they hold. Pure: no I/O, no clock.
//!
//! Masks hold twice: in the visitor's browser, so that what is masked never leaves it (`web/companion/privacy/`), and here again, by the same cases
//! (`fixtures/masks/`). Texts are scrubbed here alone.

use std::sync::Arc;

use url::Url;

use crate::pattern::Pattern;
use crate::protocol::rules::{Fault, MaskAction, MaskRule, MaskSite, PrivacyDraft};

mod scrub;
mod selector;

pub use scrub::{Found, Held, Scrubber, address_parts, ready_rules};
pub use selector::{Element, Selector};

/// The privacy rules of one site, checked.
#[derive(Clone, Debug, Default)]
pub struct Privacy {
    /// All text and values are masked but what a rule shows.
    pub private: bool,
    masks: Vec<Mask>,
    /// With all rules about texts that are on.
    scrubber: Scrubber,
}

/// A rule about elements that is on.
#[derive(Clone, Debug)]
pub struct Mask {
    /// Which elements.
    pub selector: Selector,
    /// What becomes of them.
    pub action: MaskAction,
    pages: Vec<Pattern>,
    place: usize,
}

impl Mask {
    /// Its place among the rules as they are written, those that are off included, from 0.
    #[must_use]
    pub fn place(&self) -> usize {
        self.place
    }

    /// Whether it holds on a page.
    #[must_use]
    pub fn holds(&self, page: &Url) -> bool {
        holds(&self.pages, page)
    }
}

impl Privacy {
    /// Everything is masked.
    #[must_use]
    pub fn strict() -> Self {
        Self { private: true, ..Self::default() }
    }

    /// Checks a draft. Places of faults begin with `place`, such as `2.privacy`.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn check(draft: &PrivacyDraft, place: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut masks = Vec::new();
        for (i, mask) in draft.mask.iter().enumerate() {
            let place = format!("{place}.mask.{i}");
            let pages = patterns(&mask.pages, &format!("{place}.pages"), &mut faults);
            match Selector::parse(&mask.selector) {
                Ok(selector) if !mask.off => masks.push(Mask { selector, action: mask.action, pages, place: i }),
                Ok(_) => {}
                Err(wrong) => faults.push(Fault { place: format!("{place}.selector"), ..wrong }),
            }
        }
        let mut scrubs = Vec::new();
        for (i, scrub) in draft.scrub.iter().enumerate() {
            let place = format!("{place}.scrub.{i}");
            let pages = patterns(&scrub.pages, &format!("{place}.pages"), &mut faults);
            match scrub::Rule::check(i, scrub, pages) {
                Ok(rule) if !scrub.off => scrubs.push(Arc::new(rule)),
                Ok(_) => {}
                Err(wrong) => faults.push(Fault { place: format!("{place}.{}", wrong.place), ..wrong }),
            }
        }
        if faults.is_empty() {
            Ok(Self { private: draft.private, masks, scrubber: Scrubber::new(scrubs) })
        } else {
            Err(faults)
        }
    }

    /// Rules about elements that are on, in their order.
    #[must_use]
    pub fn masks(&self) -> &[Mask] {
        &self.masks
    }

    /// What replaces texts on a page.
    #[must_use]
    pub fn scrubber(&self, page: &Url) -> Scrubber {
        self.scrubber.only(|rule| holds(rule.pages(), page))
    }

    /// What replaces texts on any page of these sites.
    #[must_use]
    pub fn scrubber_of_all<'a>(sites: impl Iterator<Item = &'a Self>) -> Scrubber {
        let scrubbers: Vec<&Scrubber> =
            sites.map(|site| &site.scrubber).filter(|scrubber| !scrubber.is_empty()).collect();
        match scrubbers.as_slice() {
            [one] => (*one).clone(),
            several => Scrubber::new(several.iter().flat_map(|scrubber| scrubber.rules()).cloned().collect()),
        }
    }

    /// As the companion is told of it; `scope`: the site's pages and loads.
    #[must_use]
    pub fn told(&self, scope: Vec<String>) -> MaskSite {
        let rule = |mask: &Mask| MaskRule {
            selector: mask.selector.as_str().to_owned(),
            action: mask.action,
            pages: mask.pages.iter().map(|page| page.as_str().to_owned()).collect(),
        };
        MaskSite { scope, private: self.private, rules: self.masks.iter().map(rule).collect() }
    }
}

/// A rule without pages holds on all.
fn holds(pages: &[Pattern], page: &Url) -> bool {
    pages.is_empty() || pages.iter().any(|pattern| pattern.matches(page))
}

/// Reads allowlist entries; what cannot be read becomes a fault at `place.N`.
pub(crate) fn patterns(texts: &[String], place: &str, faults: &mut Vec<Fault>) -> Vec<Pattern> {
    let read = texts.iter().enumerate().filter_map(|(i, text)| match text.parse::<Pattern>() {
        Ok(pattern) => Some(pattern),
        Err(bad) => {
            let hint = "scheme://host[:port][/path], such as https://shop.example/account".to_owned();
            faults.push(Fault {
                place: format!("{place}.{i}"),
                line: None,
                span: Some(bad.span()),
                message: bad.to_string(),
                hint,
            });
            None
        }
    });
    read.collect()
}
