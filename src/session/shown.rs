//! The page that a session shows: the mirror of the visitor's, and the messages that watchers get of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use url::Url;

use crate::protocol::act::{Act, Denial, Lock};
use crate::protocol::agent::ToViewer;
use crate::protocol::note::{NewNote, Note};
use crate::protocol::page::{NodeId, PageEvent};
use crate::protocol::people::PersonId;
use crate::wash::{Broken, Concerned, Mirror, Wash, Watched};

use super::Terms;
use super::notes::{Notes, Since};

/// Longest title that is told of, in characters.
const TITLE: usize = 200;

/// The mirror with the terms by which it is washed.
pub(super) struct Shown {
    terms: Arc<Terms>,
    mirror: Mirror,
    /// The page is not among those of the session: watchers see nothing of it.
    outside: bool,
    /// Number of the last message to the watchers.
    seq: u64,
    /// The whole page as a message, until something changes: whoever comes meanwhile gets the same.
    snapshot: Option<Bytes>,
    title: String,
    /// The title has changed since it was asked for.
    retitled: bool,
    /// What happened since notes were bound last.
    since: Since,
    /// What is to be covered in pictures of it, while there are any.
    watched: Option<Watched>,
}

/// A message to every watcher.
#[derive(Clone)]
pub(super) struct Message {
    pub(super) json: Bytes,
    /// The terms by which it was washed; none: it has nothing of the page.
    pub(super) edition: Option<u64>,
    /// It begins with a snapshot, so that what came before it need not be sent any more.
    pub(super) begins: bool,
}

impl Message {
    /// Assets that views asked for in vain are there.
    pub(super) fn assets(keys: Vec<String>) -> Option<Self> {
        let json = serialize(&ToViewer::Assets { keys })?;
        Some(Self { json, edition: None, begins: false })
    }
}

impl Shown {
    pub(super) fn new(terms: Arc<Terms>) -> Self {
        Self {
            terms,
            mirror: Mirror::default(),
            outside: false,
            seq: 0,
            snapshot: None,
            title: String::new(),
            retitled: false,
            since: Since::Nothing,
            watched: None,
        }
    }

    /// From now on there are pictures of it, or there are none any more.
    pub(super) fn watch(&mut self, pictures: bool) {
        self.watched = pictures.then(|| self.wash().watched(&self.mirror));
    }

    /// What is to be covered in pictures, if that changed since it was asked for last; of it, none: all.
    pub(super) fn new_watched(&mut self) -> Option<Option<BTreeSet<NodeId>>> {
        self.watched.as_mut().and_then(Watched::news)
    }

    /// Number of the last message to the watchers.
    pub(super) fn seq(&self) -> u64 {
        self.seq
    }

    /// The page's title, washed; none: as it was when it was asked for last.
    pub(super) fn new_title(&mut self) -> Option<String> {
        std::mem::take(&mut self.retitled).then(|| self.title.clone())
    }

    /// The page is not among those of the session.
    pub(super) fn outside(&self) -> bool {
        self.outside
    }

    /// The page's address, where it is a web address and the session may show it.
    pub(super) fn url(&self) -> Option<Url> {
        self.wash().url(&self.mirror).filter(|_| !self.outside)
    }

    /// Whether watchers see a node.
    pub(super) fn shows(&self, node: NodeId) -> bool {
        !self.outside && self.wash().shows(&self.mirror, node)
    }

    /// Whether an act fits the page, see [`Wash::fits`].
    ///
    /// # Errors
    /// Why it does not.
    pub(super) fn fits(&self, act: &Act, by: PersonId, locks: &[Lock]) -> Result<(), Denial> {
        if self.outside { Err(Denial::Gone) } else { self.wash().fits(&self.mirror, act, by, locks) }
    }

    /// Puts a note on the page.
    ///
    /// # Errors
    /// See [`Notes::add`].
    pub(super) fn add_note(&mut self, notes: &mut Notes, by: PersonId, new: NewNote) -> Result<Note, Denial> {
        if self.outside {
            return Err(Denial::Gone);
        }
        if notes.is_empty() {
            // What happened before it does not concern it.
            self.since = Since::Nothing;
        }
        notes.add(by, new, &self.mirror, &self.address())
    }

    /// Binds notes to the page as it is now, see [`Notes::rebind`].
    pub(super) fn rebind(&mut self, notes: &mut Notes) -> Vec<Note> {
        let since = std::mem::replace(&mut self.since, Since::Nothing);
        notes.rebind(&self.mirror, &self.address(), since)
    }

    fn address(&self) -> String {
        self.wash().url(&self.mirror).map(String::from).unwrap_or_default()
    }

    fn wash(&self) -> &Wash {
        &self.terms.wash
    }

    /// Bytes of the page's content, about which everything here takes its time.
    pub(super) fn bytes(&self) -> usize {
        self.mirror.bytes()
    }

    /// Applies a batch and gives what watchers get for it; none: nothing, or nobody watches.
    ///
    /// # Errors
    /// The page lost step, and is empty until the next snapshot.
    pub(super) fn apply(&mut self, events: Vec<PageEvent>, watched: bool) -> Result<Option<Message>, Broken> {
        self.snapshot = None;
        self.mirror.rest();
        let mut washed = Vec::new();
        let mut concerned = Concerned::default();
        if self.watched.is_some() {
            events.iter().for_each(|event| concerned.note(event));
        }
        let moves = events.iter().any(|e| matches!(e, PageEvent::Snapshot(_) | PageEvent::Url { .. }));
        let structural = events.iter().any(is_structural);
        let since =
            if events.iter().any(|e| matches!(e, PageEvent::Snapshot(_))) { Since::Snapshot } else { Since::Change };
        for event in events {
            self.terms.wash.apply(&mut self.mirror, event, &mut washed)?;
        }
        self.terms.wash.settle(&mut self.mirror, &mut washed)?;
        if let Some(watched) = &mut self.watched {
            washed.iter().for_each(|event| concerned.note(event));
            self.terms.wash.watch_again(&self.mirror, watched, &concerned);
        }
        let was_outside = self.outside;
        if moves {
            self.outside = !self.wash().covers(&self.mirror);
        }
        if structural || self.outside != was_outside {
            self.since = self.since.max(since);
            self.note_title();
        }
        if washed.is_empty() {
            return Ok(None);
        }
        self.seq += 1;
        if !watched || self.outside && was_outside {
            return Ok(None);
        }
        if self.outside != was_outside {
            return Ok(self.anew());
        }
        let begins = matches!(washed.first(), Some(PageEvent::Snapshot(_)));
        let whole = begins && washed.len() == 1;
        let message = serialize(&ToViewer::Events { seq: self.seq, events: washed });
        if whole {
            self.snapshot.clone_from(&message);
        }
        Ok(message.map(|json| Message { json, edition: Some(self.terms.edition), begins }))
    }

    fn note_title(&mut self) {
        let title = if self.outside { None } else { self.wash().title(&self.mirror) };
        let title: String = title.unwrap_or_default().chars().take(TITLE).collect();
        self.retitled |= title != self.title;
        self.title = title;
    }

    /// Goes by other terms: the page as it is, judged anew, for all who watch. None: there is no page.
    pub(super) fn go_by(&mut self, terms: Arc<Terms>) -> Option<Message> {
        self.terms = terms;
        self.snapshot = None;
        if !Wash::has_page(&self.mirror) {
            return None;
        }
        self.terms.wash.review(&mut self.mirror);
        if self.watched.is_some() {
            self.watch(true);
        }
        let outside = !self.wash().covers(&self.mirror);
        let was_outside = std::mem::replace(&mut self.outside, outside);
        self.since = self.since.max(Since::Change);
        self.note_title();
        // Titles that were told by the terms before are told no more.
        self.retitled = true;
        self.seq += 1;
        if self.outside && was_outside { None } else { self.anew() }
    }

    /// All that watchers may see, in place of what they saw: the page, or nothing.
    fn anew(&mut self) -> Option<Message> {
        let json = if self.outside { self.nothing() } else { self.snapshot().map(|message| message.json) }?;
        Some(Message { json, edition: Some(self.terms.edition), begins: true })
    }

    /// The whole page as a message; none before the visitor's first snapshot, and while the page is none of the session's.
    pub(super) fn snapshot(&mut self) -> Option<Message> {
        if self.outside {
            return None;
        }
        if self.snapshot.is_none() {
            let events = vec![self.wash().snapshot(&self.mirror)?];
            self.snapshot = serialize(&ToViewer::Events { seq: self.seq, events });
        }
        let json = self.snapshot.clone()?;
        Some(Message { json, edition: Some(self.terms.edition), begins: true })
    }

    /// An empty page as a message, of the size of the visitor's window.
    fn nothing(&self) -> Option<Bytes> {
        serialize(&ToViewer::Events { seq: self.seq, events: vec![self.wash().nothing(&self.mirror)?] })
    }

    /// Hash of the visitor's page as the mirror has it.
    pub(super) fn hash(&self) -> u64 {
        self.mirror.hash()
    }

    /// Hash of the washed page as a message; none while watchers see none.
    pub(super) fn washed_hash(&self) -> Option<Message> {
        if self.outside {
            return None;
        }
        let json = serialize(&ToViewer::Hash { seq: self.seq, hash: self.wash().hash(&self.mirror) })?;
        Some(Message { json, edition: Some(self.terms.edition), begins: false })
    }
}

/// Whether an event may change the title.
fn is_structural(event: &PageEvent) -> bool {
    use PageEvent as E;
    matches!(event, E::Snapshot(_) | E::Add { .. } | E::Remove { .. } | E::Move { .. } | E::Text { .. } | E::Url { .. })
}

/// JSON of a message. Wire types always have one.
pub(super) fn serialize(message: &ToViewer) -> Option<Bytes> {
    serde_json::to_vec(message).ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::origin::{Scheme, Sid, ViewDomain};
    use crate::policy::{Policy, Site};
    use crate::protocol::page::NodeId;

    /// Document, html, head, body and p come before it.
    const TEXT: NodeId = NodeId(6);

    fn policy(pages: &str) -> Arc<Policy> {
        let start: Url = "https://shop.example/".parse().unwrap();
        Arc::new(Policy::new(vec![Site::new("Shop", start, vec![pages.parse().unwrap()])]))
    }

    fn terms(edition: u64, pages: &str) -> Arc<Terms> {
        let domain = ViewDomain { domain: "view.localhost".to_owned(), scheme: Scheme::Http, port: 8080 };
        let start: Url = "https://shop.example/".parse().unwrap();
        let policy = policy(pages);
        let domain = Arc::new(domain);
        let wash = Wash::new(domain, Sid::random(), Arc::clone(&policy), &start, [0; 32], Arc::new(|_| None));
        Arc::new(Terms { edition, ..Terms::new(&policy, wash, &start) })
    }

    fn shown() -> Shown {
        Shown::new(terms(0, "https://shop.example"))
    }

    fn page() -> Vec<PageEvent> {
        let document = crate::wash::document::parse("<p>Hello</p>", &"https://shop.example/".parse().unwrap()).unwrap();
        vec![shown().wash().snapshot(&document).unwrap()]
    }

    fn says(message: &Message, text: &str) -> bool {
        std::str::from_utf8(&message.json).unwrap().contains(text)
    }

    #[test]
    fn a_page_is_washed_once_for_all_who_come_until_it_changes() {
        let mut shown = shown();
        assert!(shown.snapshot().is_none());
        let sent = shown.apply(page(), true).unwrap().unwrap();
        assert!(sent.begins);
        let first = shown.snapshot().unwrap().json;
        assert_eq!(first.as_ptr(), sent.json.as_ptr());

        let change = shown.apply(vec![PageEvent::Text { node: TEXT, text: "Bye".to_owned() }], true).unwrap().unwrap();
        assert!(!change.begins);
        let second = shown.snapshot().unwrap().json;
        assert_ne!(first, second);
        assert_eq!(second.as_ptr(), shown.snapshot().unwrap().json.as_ptr());
    }

    #[test]
    fn what_nobody_watches_counts_and_can_be_seen_later() {
        let mut shown = shown();
        assert!(shown.apply(page(), false).unwrap().is_none());
        assert!(says(&shown.snapshot().unwrap(), "\"seq\":1"));
    }

    #[test]
    fn a_page_that_the_rules_do_not_cover_any_more_is_an_empty_one_until_they_do() {
        let mut shown = shown();
        assert!(shown.go_by(terms(1, "https://shop.example/help")).is_none(), "nobody saw anything");
        let mut shown = self::shown();
        shown.apply(page(), true).unwrap();
        let nothing = shown.go_by(terms(1, "https://shop.example/help")).unwrap();
        assert!(nothing.begins && nothing.edition == Some(1) && !says(&nothing, "Hello") && says(&nothing, "1280"));
        assert!(shown.outside() && shown.snapshot().is_none() && shown.washed_hash().is_none());
        assert!(!shown.shows(TEXT) && shown.url().is_none());
        let change = vec![PageEvent::Text { node: TEXT, text: "Bye".to_owned() }];
        assert!(shown.apply(change, true).unwrap().is_none());
        let moved = vec![PageEvent::Url { url: "https://shop.example/help".to_owned() }];
        let back = shown.apply(moved, true).unwrap().unwrap();
        assert!(back.begins && says(&back, "Bye"), "the page went to where it is shown");
        let moved = vec![PageEvent::Url { url: "https://shop.example/".to_owned() }];
        assert!(!says(&shown.apply(moved, true).unwrap().unwrap(), "Bye"), "and away again");
        assert!(says(&shown.go_by(terms(2, "https://shop.example")).unwrap(), "Bye"), "laxer rules");
    }
}
