//! From sites as they are written to sites that hold.

use std::collections::HashSet;
use std::net::IpAddr;
use std::ops::Range;

use ipnet::IpNet;
use url::Url;

use super::{Policy, Refused, Site, Use};
use crate::privacy::{Privacy, patterns};
use crate::protocol::rules::{Fault, SiteDraft};

mod selector;

/// Most sites, and of a site most entries of a list, most rules about elements and most about texts.
const MOST: Bounds = Bounds { sites: 500, entries: 1_000, masks: 500, scrubs: 100 };
/// Most patterns of all sites: each is an automaton of up to a megabyte.
const PATTERNS: usize = 500;

struct Bounds {
    sites: usize,
    entries: usize,
    masks: usize,
    scrubs: usize,
}

impl Policy {
    /// Checks drafts. Sites that are off are checked, too, and then left out.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn check(drafts: &[SiteDraft]) -> Result<Self, Vec<Fault>> {
        let mut faults = too_many(drafts);
        if !faults.is_empty() {
            return Err(faults);
        }
        let (mut sites, mut names) = (Vec::new(), HashSet::new());
        for (i, draft) in drafts.iter().enumerate() {
            if draft.name.trim().is_empty() || !names.insert(draft.name.trim()) {
                let message = format!("a site's name {:?} is empty or taken", draft.name);
                faults.push(fault(format!("{i}.name"), message, "give each site a name of its own"));
            }
            let site = site(draft, i, &mut faults);
            sites.extend(site.filter(|_| !draft.off));
        }
        if faults.is_empty() { Ok(Self::new(sites)) } else { Err(faults) }
    }
}

/// Lists that are longer than anybody writes them. Nothing else is looked at then.
fn too_many(drafts: &[SiteDraft]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut check = |place: String, number: usize, most: usize, what: &str| {
        if number > most {
            faults.push(fault(place, format!("there are {number} {what}, {most} at most"), "take some out"));
        }
    };
    check(String::new(), drafts.len(), MOST.sites, "sites");
    let own = |draft: &SiteDraft| draft.privacy.scrub.iter().filter(|scrub| scrub.pattern.is_some()).count();
    check(String::new(), drafts.iter().map(own).sum(), PATTERNS, "patterns of all sites");
    for (i, draft) in drafts.iter().enumerate() {
        let SiteDraft { pages, loads, networks, agent, privacy, .. } = draft;
        let scoped = privacy.mask.iter().map(|mask| &mask.pages).chain(privacy.scrub.iter().map(|scrub| &scrub.pages));
        check(format!("{i}.privacy.mask"), privacy.mask.len(), MOST.masks, "rules about elements");
        check(format!("{i}.privacy.scrub"), privacy.scrub.len(), MOST.scrubs, "rules about texts");
        check(format!("{i}.privacy"), scoped.map(Vec::len).sum(), MOST.entries, "pages of rules");
        for (name, list) in [
            ("pages", pages),
            ("loads", loads),
            ("networks", networks),
            ("agent.ask_selectors", &agent.ask_selectors),
            ("agent.never", &agent.never),
        ] {
            check(format!("{i}.{name}"), list.len(), MOST.entries, "entries");
        }
    }
    faults
}

fn site(draft: &SiteDraft, i: usize, faults: &mut Vec<Fault>) -> Option<Site> {
    let before = faults.len();
    let start = start(draft, i, faults);
    let pages = patterns(&draft.pages, &format!("{i}.pages"), faults);
    let loads = patterns(&draft.loads, &format!("{i}.loads"), faults);
    let networks = networks(draft, i, faults);
    selectors(&draft.agent.ask_selectors, &format!("{i}.agent.ask_selectors"), faults);
    selectors(&draft.agent.never, &format!("{i}.agent.never"), faults);
    let privacy = Privacy::check(&draft.privacy, &format!("{i}.privacy"));
    let privacy = privacy.map_err(|wrong| faults.extend(wrong)).ok()?;
    let start = start.filter(|_| faults.len() == before)?;
    let site = Site {
        name: draft.name.trim().to_owned(),
        start,
        pages,
        loads,
        networks,
        agent: draft.agent.clone(),
        visitor: draft.visitor.clone(),
        privacy,
    };
    let alone = Policy::new(vec![site.clone()]);
    if let Err(refused) = alone.permit(&site.start, Use::Page) {
        let message = format!("site {:?} cannot start at {}: {refused}", site.name, site.start);
        let hint = match refused {
            Refused::NotListed => "list it in the site's `pages`",
            Refused::Scheme => "it begins with http:// or https://",
            Refused::UserInfo => "leave out what stands before the @",
        };
        faults.push(Fault { span: wrong_part(&draft.start, refused), ..fault(format!("{i}.start"), message, hint) });
    }
    Some(site)
}

fn start(draft: &SiteDraft, i: usize, faults: &mut Vec<Fault>) -> Option<Url> {
    let start = Url::parse(&draft.start);
    if let Err(why) = start {
        let message = format!("{:?} is not an address: {why}", draft.start);
        let whole = Some(span(&draft.start, 0..draft.start.len()));
        faults.push(Fault { span: whole, ..fault(format!("{i}.start"), message, "such as https://shop.example/") });
    }
    start.ok()
}

/// What of a start's address is refused.
fn wrong_part(start: &str, refused: Refused) -> Option<(u32, u32)> {
    match refused {
        Refused::NotListed => None,
        Refused::Scheme => Some(span(start, 0..start.find(':')?)),
        Refused::UserInfo => Some(span(start, start.find("//")? + 2..start.find('@')? + 1)),
    }
}

fn networks(draft: &SiteDraft, i: usize, faults: &mut Vec<Fault>) -> Vec<IpNet> {
    let read = draft.networks.iter().enumerate().filter_map(|(n, text)| {
        let network = text.parse();
        if network.is_err() {
            let (address, length) = text.split_once('/').map_or((text.as_str(), None), |(a, l)| (a, Some(l)));
            let known = address.parse::<IpAddr>();
            let (wrong, hint) = match (&known, length) {
                (Err(_), _) => (0..address.len(), "an address and a length, such as 10.0.0.0/8".to_owned()),
                (Ok(known), None) => (0..text.len(), format!("for this address alone, {}", IpNet::from(*known))),
                (Ok(known), Some(_)) => {
                    let most = if known.is_ipv4() { 32 } else { 128 };
                    (address.len() + 1..text.len(), format!("the length is a number from 0 to {most}"))
                }
            };
            let message = format!("{text:?} is not a network");
            faults.push(Fault { span: Some(span(text, wrong)), ..fault(format!("{i}.networks.{n}"), message, &hint) });
        }
        network.ok()
    });
    read.collect()
}

fn selectors(texts: &[String], place: &str, faults: &mut Vec<Fault>) {
    for (n, text) in texts.iter().enumerate() {
        if let Err(wrong) = selector::check(text) {
            let hint = "a CSS selector, such as .danger or button[name=delete]";
            let span = Some(span(text, wrong.at));
            faults.push(Fault { span, ..fault(format!("{place}.{n}"), wrong.message, hint) });
        }
    }
}

/// Bytes of a text as characters.
fn span(text: &str, bytes: Range<usize>) -> (u32, u32) {
    let characters =
        |end: usize| text.get(..end).map_or(0, |text| u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
    (characters(bytes.start), characters(bytes.end))
}

fn fault(place: String, message: String, hint: &str) -> Fault {
    Fault { place, line: None, span: None, message, hint: hint.to_owned() }
}

#[cfg(test)]
mod tests;
