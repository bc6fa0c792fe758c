//! Previews: a page as a visitor sees it and as agents would, both as HTML that is complete in itself, with every place marked where the two differ.
//!
//! Both sides are washed, so that neither runs anything or loads anything: the visitor's by no privacy rules, of a page without the attributes that
//! ask for masks by themselves; the agent's by all. Nodes of both have the same ids, since they are read from the same text, and a place differs where
//! what is shown of a node does. Which rule changed a text is found out by washing with each rule alone.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use url::Url;

use super::{Broken, Mirror, Wash, document};
use crate::origin::{Sid, ViewDomain};
use crate::policy::{Policy, Use};
use crate::privacy::Selector;
use crate::protocol::admin::{PreviewKind, PreviewMark};
use crate::protocol::page::NodeId;
use crate::protocol::rules::{MaskAction, PrivacyDraft, SiteDraft};

mod dress;
mod places;

pub(super) use dress::Dress;
use places::Place;

/// Most marks.
const MARKS: usize = 500;
/// Most rules that are tried alone; of a page that large, nobody waits for more.
const RULES: usize = 60;
/// Attributes that mask by themselves, on every site.
const ASKING: [&str; 3] = ["autocomplete", "data-alongside-mask", "data-alongside-hide"];

/// Addresses that a wash gave keys to.
pub(super) type Noted = Arc<Mutex<Vec<(String, Url)>>>;

/// A page that is to be shown.
pub struct Page {
    /// Where view origins live.
    pub domain: Arc<ViewDomain>,
    /// Chance, so that a page cannot name keys of assets.
    pub secret: [u8; 32],
    /// All sites; they are right ([`Policy::check`]).
    pub sites: Vec<SiteDraft>,
    /// Real address of the page.
    pub url: Url,
    /// Its text.
    pub html: String,
}

/// What a page shows beside its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its key, see [`Wash::asset_key`].
    pub key: String,
    /// Its address, which the rules permit.
    pub url: Url,
    /// It is a style sheet.
    pub sheet: bool,
}

/// What came of that, by key: pictures as `data:` addresses, style sheets washed ([`Page::sheet`]).
#[derive(Default)]
pub struct Files {
    /// Pictures.
    pub pictures: FxHashMap<String, String>,
    /// Style sheets.
    pub sheets: FxHashMap<String, String>,
}

/// Both sides.
pub struct Sides {
    /// As the visitor's browser shows it, but for scripts.
    pub visitor: String,
    /// As agents would see it.
    pub agent: String,
    /// Places that differ, in document order.
    pub marks: Vec<PreviewMark>,
    /// What else is to be said, for people.
    pub notes: Vec<String>,
}

impl Page {
    /// What it shows beside its text, in its order, style sheets first.
    ///
    /// # Errors
    /// It is too large.
    pub fn wanted(&self) -> Result<Vec<Wanted>, Broken> {
        let noted = Noted::default();
        let wash = self.wash(self.sites.clone(), Some(Arc::clone(&noted)));
        let mirror = self.mirror(&wash, &[])?;
        let sheets: FxHashSet<String> = places::sheets(&wash, &mirror).into_iter().map(|(_, key)| key).collect();
        let _ = wash.html(&mirror);
        let mut wanted = taken(&noted);
        wanted.iter_mut().for_each(|wanted| wanted.sheet = sheets.contains(&wanted.key));
        wanted.sort_by_key(|wanted| !wanted.sheet);
        Ok(wanted)
    }

    /// A style sheet as it is put into the page, and the pictures that it shows.
    #[must_use]
    pub fn sheet(&self, css: &str, base: &Url) -> (String, Vec<Wanted>) {
        let noted = Noted::default();
        let wash = self.wash(self.without_rules(), Some(Arc::clone(&noted)));
        let washed = wash.stylesheet(css, base);
        (washed, taken(&noted))
    }

    /// Both sides, with what was loaded.
    ///
    /// # Errors
    /// It is too large.
    pub fn sides(&self, files: &Files) -> Result<Sides, Broken> {
        let bare = self.wash(self.without_rules(), None);
        let bare_mirror = self.mirror(&bare, &ASKING)?;
        let wash = self.wash(self.sites.clone(), None);
        let mirror = self.mirror(&wash, &[])?;
        let mut places = places::differing((&wash, &mirror), (&bare, &bare_mirror));
        let mut notes = Vec::new();
        self.attribute(&mut places, &mirror, &mut notes)?;
        if places.len() > MARKS {
            notes.push(format!("{} places differ; the first {MARKS} are marked.", places.len()));
            places.truncate(MARKS);
        }
        let dressed = |wash: &Wash, mirror: &Mirror, places: &[Place]| {
            let sheets = places::sheets(wash, mirror).into_iter();
            let sheets = sheets.map(|(id, key)| (id, files.sheets.get(&key).cloned().unwrap_or_default()));
            let marks = places.iter().enumerate().map(|(number, place)| (place.node, number));
            let dress = Dress { marks: marks.collect(), sheets: sheets.collect() };
            let html = wash.dressed(mirror, &dress);
            dress::complete(&html, &files.pictures)
        };
        let mark = |place: &Place| PreviewMark {
            kind: place.kind,
            rule: place.rule.clone(),
            element: places::described(&mirror, place.node),
        };
        Ok(Sides {
            visitor: dressed(&bare, &bare_mirror, &[]),
            agent: dressed(&wash, &mirror, &places),
            marks: places.iter().map(mark).collect(),
            notes,
        })
    }
}

impl Page {
    fn wash(&self, sites: Vec<SiteDraft>, noted: Option<Noted>) -> Wash {
        let policy = Policy::check(&sites).unwrap_or_default();
        let sid = Sid::random();
        let wash =
            Wash::new(Arc::clone(&self.domain), sid, Arc::new(policy), &self.url, self.secret, Arc::new(|_| None));
        Wash { noted, ..wash }
    }

    fn mirror(&self, wash: &Wash, without: &[&str]) -> Result<Mirror, Broken> {
        let mut mirror = document::parse_without(&self.html, &self.url, without)?;
        wash.review(&mut mirror);
        Ok(mirror)
    }

    /// The sites with no privacy rules.
    fn without_rules(&self) -> Vec<SiteDraft> {
        let bare = |site: &SiteDraft| SiteDraft { privacy: PrivacyDraft::default(), ..site.clone() };
        self.sites.iter().map(bare).collect()
    }

    /// The site whose rules hold, and its place among all.
    fn site(&self) -> Option<(usize, &SiteDraft)> {
        let policy = Policy::check(&self.sites).unwrap_or_default();
        let holds = policy.site_of(&self.url, Use::Page)?.name.clone();
        self.sites.iter().enumerate().find(|(_, site)| !site.off && site.name.trim() == holds)
    }

    /// Finds out which rule changed each text, and which rules changed nothing.
    fn attribute(&self, places: &mut [Place], mirror: &Mirror, notes: &mut Vec<String>) -> Result<(), Broken> {
        let Some((number, site)) = self.site() else { return Ok(()) };
        let name = |name: &str, what: &str, i: usize| {
            if name.is_empty() { format!("{what} {}", i + 1) } else { format!("{what} {} ({name})", i + 1) }
        };
        for (i, mask) in site.privacy.mask.iter().enumerate().filter(|(_, mask)| !mask.off) {
            if mask.action == MaskAction::Show && !site.privacy.private {
                let rule = name(&mask.name, "Mask", i);
                notes.push(format!("{rule} shows what is shown anyway: the site is not private."));
            } else if Selector::parse(&mask.selector).is_ok_and(|selector| !Wash::finds(mirror, &selector)) {
                notes.push(format!("{} matches nothing on this page.", name(&mask.name, "Mask", i)));
            }
        }
        let bare = self.wash(self.without_rules(), None);
        let bare_mirror = self.mirror(&bare, &[])?;
        for (i, scrub) in site.privacy.scrub.iter().enumerate().filter(|(_, scrub)| !scrub.off).take(RULES) {
            let mut alone = self.without_rules();
            alone[number].privacy.scrub = vec![scrub.clone()];
            let alone = self.wash(alone, None);
            let alone_mirror = self.mirror(&alone, &[])?;
            let found = places::differing((&alone, &alone_mirror), (&bare, &bare_mirror));
            let found: FxHashSet<NodeId> =
                found.iter().filter(|place| place.kind == PreviewKind::Scrubbed).map(|place| place.node).collect();
            if found.is_empty() {
                notes.push(format!("{} matches nothing on this page.", name(&scrub.name, "Scrub rule", i)));
            }
            let unknown =
                places.iter_mut().filter(|place| place.kind == PreviewKind::Scrubbed && place.rule.is_empty());
            unknown
                .filter(|place| found.contains(&place.node))
                .for_each(|place| place.rule = format!("privacy.scrub.{i}"));
        }
        Ok(())
    }
}

fn taken(noted: &Noted) -> Vec<Wanted> {
    let noted = std::mem::take(&mut *noted.lock().unwrap_or_else(PoisonError::into_inner));
    let mut seen = FxHashSet::default();
    let first = noted.into_iter().filter(|(key, _)| seen.insert(key.clone()));
    first.map(|(key, url)| Wanted { key, url, sheet: false }).collect()
}

#[cfg(test)]
mod tests;
