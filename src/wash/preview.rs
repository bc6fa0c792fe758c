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

/// What came of that, by key.
#[derive(Default)]
pub struct Files {
    /// Pictures and fonts, as `data:` addresses.
    pub data: FxHashMap<String, String>,
    /// Style sheets.
    pub sheets: FxHashMap<String, Sheet>,
}

/// A style sheet as its site has it.
pub struct Sheet {
    /// Its text.
    pub text: String,
    /// Its address in the end.
    pub base: Url,
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
        let wash = self.wash(self.sites.clone());
        let mirror = self.mirror(&wash, &[])?;
        let html = wash.html(&mirror);
        let links = places::sheets(&wash, &mirror);
        let sheets = links.iter().map(|(_, key)| key.as_str()).chain(dress::imports(&html)).collect();
        let mut wanted = taken(&wash, &sheets);
        wanted.sort_by_key(|wanted| !wanted.sheet);
        Ok(wanted)
    }

    /// What a style sheet shows, and imports.
    #[must_use]
    pub fn wanted_by(&self, sheet: &Sheet) -> Vec<Wanted> {
        let wash = self.wash(self.without_rules());
        let washed = wash.stylesheet(&sheet.text, &sheet.base);
        taken(&wash, &dress::imports(&washed).collect())
    }

    /// Both sides, with what was loaded.
    ///
    /// # Errors
    /// It is too large.
    pub fn sides(&self, files: &Files) -> Result<Sides, Broken> {
        let bare = self.wash(self.without_rules());
        let bare_mirror = self.mirror(&bare, &ASKING)?;
        let wash = self.wash(self.sites.clone());
        let mirror = self.mirror(&wash, &[])?;
        let mut places = places::differing((&wash, &mirror), (&bare, &bare_mirror));
        let mut notes = Vec::new();
        self.attribute(&mut places, (&wash, &mirror), &mut notes)?;
        if places.len() > MARKS {
            notes.push(format!("{} places differ; the first {MARKS} are marked.", places.len()));
            places.truncate(MARKS);
        }
        let dressed = |wash: &Wash, mirror: &Mirror| {
            let mut filler = dress::Filler::new(wash, files);
            let sheets = places::sheets(wash, mirror).into_iter().map(|(id, key)| (id, filler.sheet(&key))).collect();
            let marks = places.iter().map(|place| (place.node, place.number)).collect();
            let html = wash.dressed(mirror, &Dress { marks, sheets });
            filler.fill(&html)
        };
        let agent = dressed(&wash, &mirror) + &dress::look(&mirror, &places);
        let mark = |place: &Place| PreviewMark {
            place: u32::try_from(place.number).unwrap_or(u32::MAX),
            kind: place.kind,
            rule: place.rule.clone(),
            element: places::described(&mirror, place.node),
            shows: place.shows.clone(),
        };
        let marks = places.iter().map(mark).collect();
        Ok(Sides { visitor: dressed(&bare, &bare_mirror), agent, marks, notes })
    }
}

impl Page {
    fn wash(&self, sites: Vec<SiteDraft>) -> Wash {
        let policy = Policy::check(&sites).unwrap_or_default();
        let sid = Sid::random();
        let wash =
            Wash::new(Arc::clone(&self.domain), sid, Arc::new(policy), &self.url, self.secret, Arc::new(|_| None));
        Wash { noted: Some(Noted::default()), ..wash }
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

    /// Finds out which rules changed each text, and which rules changed nothing.
    fn attribute(
        &self,
        places: &mut Vec<Place>,
        side: (&Wash, &Mirror),
        notes: &mut Vec<String>,
    ) -> Result<(), Broken> {
        let Some((number, site)) = self.site() else { return Ok(()) };
        for (i, mask) in site.privacy.mask.iter().enumerate().filter(|(_, mask)| !mask.off) {
            let rule = named(&mask.name, "Mask", i);
            if mask.action == MaskAction::Show && !site.privacy.private {
                notes.push(format!("{rule} shows what is shown anyway: the site is not private."));
            } else if !side.0.holds(side.1, i) {
                notes.push(format!("{rule} is for other pages."));
            } else if Selector::parse(&mask.selector).is_ok_and(|selector| !Wash::finds(side.1, &selector)) {
                notes.push(format!("{rule} matches nothing on this page."));
            }
        }
        let bare = self.wash(self.without_rules());
        let bare_mirror = self.mirror(&bare, &[])?;
        let mut by_rule: FxHashMap<NodeId, Vec<(String, String)>> = FxHashMap::default();
        for (i, scrub) in site.privacy.scrub.iter().enumerate().filter(|(_, scrub)| !scrub.off).take(RULES) {
            let mut alone = self.without_rules();
            alone[number].privacy.scrub = vec![scrub.clone()];
            let alone = self.wash(alone);
            let alone_mirror = self.mirror(&alone, &[])?;
            let found = places::differing((&alone, &alone_mirror), (&bare, &bare_mirror));
            let mut found = found.into_iter().filter(|place| place.kind == PreviewKind::Scrubbed).peekable();
            if found.peek().is_none() {
                notes.push(format!("{} matches nothing on this page.", named(&scrub.name, "Scrub rule", i)));
            }
            found.for_each(|place| {
                by_rule.entry(place.node).or_default().push((format!("privacy.scrub.{i}"), place.shows))
            });
        }
        let each = |place: Place| match by_rule.get(&place.node).filter(|_| place.kind == PreviewKind::Scrubbed) {
            Some(rules) => rules.iter().map(|(rule, shows)| place.of_rule(rule.clone(), shows.clone())).collect(),
            None => vec![place],
        };
        *places = std::mem::take(places).into_iter().flat_map(each).collect();
        Ok(())
    }
}

fn named(name: &str, what: &str, i: usize) -> String {
    if name.is_empty() { format!("{what} {}", i + 1) } else { format!("{what} {} ({name})", i + 1) }
}

/// What a wash noted; which of it is a style sheet.
fn taken(wash: &Wash, sheets: &FxHashSet<&str>) -> Vec<Wanted> {
    let mut seen = FxHashSet::default();
    let first = wash.take_noted().into_iter().filter(|(key, _)| seen.insert(key.clone()));
    first.map(|(key, url)| Wanted { sheet: sheets.contains(key.as_str()), key, url }).collect()
}

impl Wash {
    /// Addresses that it gave keys to since this was asked last.
    fn take_noted(&self) -> Vec<(String, Url)> {
        let taken = |noted: &Noted| std::mem::take(&mut *noted.lock().unwrap_or_else(PoisonError::into_inner));
        self.noted.as_ref().map(taken).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
