//! From sites as they are written to sites that hold.

use std::collections::HashSet;

use ipnet::IpNet;
use url::Url;

use super::{Policy, Site, Use};
use crate::privacy::{Privacy, patterns};
use crate::protocol::rules::{Fault, SiteDraft};

impl Policy {
    /// Checks drafts. Sites that are off are checked, too, and then left out.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn check(drafts: &[SiteDraft]) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
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

fn site(draft: &SiteDraft, i: usize, faults: &mut Vec<Fault>) -> Option<Site> {
    let before = faults.len();
    let start = Url::parse(&draft.start);
    if start.is_err() {
        let message = format!("{:?} is not an address", draft.start);
        faults.push(fault(format!("{i}.start"), message, "such as https://shop.example/"));
    }
    let pages = patterns(&draft.pages, &format!("{i}.pages"), faults);
    let loads = patterns(&draft.loads, &format!("{i}.loads"), faults);
    let networks = networks(draft, i, faults);
    let privacy = match Privacy::check(&draft.privacy, &format!("{i}.privacy")) {
        Ok(privacy) => privacy,
        Err(wrong) => {
            faults.extend(wrong);
            return None;
        }
    };
    let start = start.ok().filter(|_| faults.len() == before)?;
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
        faults.push(fault(format!("{i}.start"), message, "list it in the site's `pages`"));
    }
    Some(site)
}

fn networks(draft: &SiteDraft, i: usize, faults: &mut Vec<Fault>) -> Vec<IpNet> {
    let read = draft.networks.iter().enumerate().filter_map(|(n, text)| {
        let network = text.parse();
        if network.is_err() {
            let message = format!("{text:?} is not a network");
            faults.push(fault(format!("{i}.networks.{n}"), message, "such as 10.0.0.0/8"));
        }
        network.ok()
    });
    read.collect()
}

fn fault(place: String, message: String, hint: &str) -> Fault {
    Fault { place, line: None, span: None, message, hint: hint.to_owned() }
}
