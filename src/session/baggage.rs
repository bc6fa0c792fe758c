//! What pages told of themselves beside their address, for the time when another browser goes on with them. It stays in memory, and ends with the session.

use std::collections::HashMap;

use zeroize::Zeroize;

use crate::origin::UpstreamOrigin;
use crate::protocol::hosted::Baggage;

/// Bytes of all that is kept of a session.
const BYTES: usize = 8 << 20;

/// Names and values of a storage area.
type Items = Vec<(String, String)>;

/// What an origin stored in the browser: `localStorage` and `sessionStorage`.
#[derive(Clone, Default)]
pub struct Stored {
    /// The one.
    pub local: Items,
    /// The other.
    pub session: Items,
}

impl Stored {
    fn bytes(&self) -> usize {
        self.local.iter().chain(&self.session).map(|(name, value)| name.len() + value.len()).sum()
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        for (name, value) in self.local.iter_mut().chain(&mut self.session) {
            name.zeroize();
            value.zeroize();
        }
    }
}

/// The baggage of a session.
#[derive(Default)]
pub(super) struct Bags {
    stored: HashMap<UpstreamOrigin, Stored>,
    /// Fields and scrolling of the last page, and where it was.
    page: Option<(UpstreamOrigin, Baggage)>,
}

impl Bags {
    /// A page of an origin told what it has. What is too much is left out: storage of other origins first, then its own, then the page's.
    pub(super) fn put(&mut self, origin: &UpstreamOrigin, mut baggage: Baggage) {
        let (local, session) = (std::mem::take(&mut baggage.local), std::mem::take(&mut baggage.session));
        let stored = Stored { local, session };
        self.wipe_page();
        self.stored.remove(origin);
        let mut page = bytes(&baggage);
        if page > BYTES {
            wipe(&mut baggage);
            page = 0;
        } else {
            self.page = Some((origin.clone(), baggage));
        }
        let room = BYTES.saturating_sub(page);
        let own = stored.bytes();
        if self.stored.values().map(Stored::bytes).sum::<usize>() + own > room {
            self.stored.clear();
        }
        if own <= room {
            self.stored.insert(origin.clone(), stored);
        }
    }

    /// What an origin stored.
    pub(super) fn stored(&self, origin: &UpstreamOrigin) -> Option<&Stored> {
        self.stored.get(origin)
    }

    /// Fields and scrolling of the last page, if it was of this origin.
    pub(super) fn page(&self, origin: &UpstreamOrigin) -> Option<Baggage> {
        self.page.as_ref().filter(|(own, _)| own == origin).map(|(_, baggage)| baggage.clone())
    }

    fn wipe_page(&mut self) {
        if let Some((_, mut baggage)) = self.page.take() {
            wipe(&mut baggage);
        }
    }
}

impl Drop for Bags {
    fn drop(&mut self) {
        self.wipe_page();
    }
}

fn bytes(baggage: &Baggage) -> usize {
    let fields = baggage.fields.iter().map(|field| {
        let selected = field.selected.as_ref().map_or(0, |places| places.len() * size_of::<u32>());
        field.path.len() + field.value.as_ref().map_or(0, String::len) + selected
    });
    let scrolls = baggage.scrolls.iter().map(|(path, ..)| path.len() + 2 * size_of::<f64>());
    baggage.url.len() + fields.chain(scrolls).sum::<usize>()
}

fn wipe(baggage: &mut Baggage) {
    for field in &mut baggage.fields {
        field.value.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::Scheme;
    use crate::protocol::hosted::FieldState;

    fn origin(host: &str) -> UpstreamOrigin {
        UpstreamOrigin { scheme: Scheme::Https, host: host.to_owned(), port: 443 }
    }

    fn baggage(stored: usize, field: usize) -> Baggage {
        let value = Some("x".repeat(field));
        Baggage {
            local: vec![(String::new(), "y".repeat(stored))],
            fields: vec![FieldState { path: String::new(), value, checked: None, selected: None }],
            ..Baggage::default()
        }
    }

    #[test]
    fn storage_is_kept_for_each_origin_and_fields_of_the_last_page() {
        let (shop, help) = (origin("shop.example"), origin("help.example"));
        let mut bags = Bags::default();
        bags.put(&shop, baggage(10, 1));
        bags.put(&help, baggage(20, 2));
        assert_eq!(bags.stored(&shop).unwrap().bytes(), 10);
        assert_eq!(bags.stored(&help).unwrap().bytes(), 20);
        assert!(bags.page(&shop).is_none());
        assert_eq!(bags.page(&help), Some(Baggage { local: Vec::new(), ..baggage(0, 2) }));
    }

    #[test]
    fn what_is_too_much_is_left_out() {
        let (shop, help) = (origin("shop.example"), origin("help.example"));
        let mut bags = Bags::default();
        bags.put(&shop, baggage(BYTES / 2, 0));
        bags.put(&help, baggage(BYTES / 2 + 1, 0));
        assert!(bags.stored(&shop).is_none() && bags.stored(&help).is_some());
        bags.put(&help, baggage(BYTES, 1));
        assert!(bags.stored(&help).is_none() && bags.page(&help).is_some());
        bags.put(&help, baggage(1, BYTES + 1));
        assert!(bags.stored(&help).is_some() && bags.page(&help).is_none());
    }
}
