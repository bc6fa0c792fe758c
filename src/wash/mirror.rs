//! The session's copy of the page's tree: what the companion announced, checked against the protocol's invariants and bounded.
//!
//! Nodes lie in a map by id and are linked by ids, so that no depth of a page leads to recursion. The mirror knows nothing of what may be seen; the
//! wash keeps its verdicts about nodes beside them ([`Entry::gap`], [`Entry::below_gap`]).

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use url::Url;

use super::hash::TreeHash;
use super::shade::Ruling;
use crate::protocol::page::{NodeId, Range, Viewport};

mod apply;
mod ends;
mod entry;
mod ids;
mod kept;
mod look;
mod scrubs;
mod tree;

pub(super) use apply::weight_of_rules;
pub(super) use entry::Entry;
use ids::IdMap;
pub use kept::{Attrs, Doctype, Name, Node, Text};
pub use look::{Look, Visit};
pub(super) use scrubs::Touched;
pub(super) use tree::Step;

/// Most nodes of a page.
const NODES: usize = 400_000;
/// Most attributes of an element.
const ATTRIBUTES: usize = 1_000;
/// Most bytes of texts, attributes, values, rules and pictures in all, what they take up beside their texts included.
const BYTES: usize = 96 << 20;
/// Most bytes of an element's or attribute's name.
const NAME: usize = 1_000;
/// Most constructed and changed sheets of a page, and most sheets that one root adopts.
const SHEETS: usize = 10_000;
/// Most rules of a sheet.
const RULES: usize = 50_000;
/// Longest base of a document, and longest path in it, in bytes.
const BASE: (usize, usize) = (64 << 10, 8 << 10);
/// Most `base` elements of a document that are heeded.
const BASES: usize = 100;
/// Most ancestors of a node that is moved.
const DEPTH: usize = 20_000;
/// Most work between two rests, in bytes washed; a node that is looked at counts as [`NODE_WORK`]. Several times what the largest page costs.
const WORK: usize = 256 << 20;
/// A node's share of [`WORK`].
const NODE_WORK: usize = 64;

/// An event does not fit the mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// There is no snapshot yet, or an event before this one did not fit.
    #[error("no snapshot to build on")]
    NoPage,
    /// A snapshot or an added subtree without nodes, or with records that are not below its first.
    #[error("not one subtree")]
    NotOneTree,
    /// The id was announced already.
    #[error("an id was announced twice")]
    Duplicate,
    /// The id was never announced, or went.
    #[error("an unknown node")]
    Unknown,
    /// `before` is no child of the parent.
    #[error("the next sibling is elsewhere")]
    NotASibling,
    /// Such a node cannot stand there.
    #[error("a node where such a node cannot be")]
    Misplaced,
    /// The event makes no sense for such a node.
    #[error("an event that does not fit the kind of the node")]
    WrongKind,
    /// A node would be its own ancestor.
    #[error("a node moved into itself")]
    Cycle,
    /// A rule's place is beyond the sheet's end.
    #[error("a rule beyond the end of its sheet")]
    OutOfRange,
    /// A bound is exceeded.
    #[error("the page is larger than the server keeps")]
    TooLarge,
    /// A few small events ask for the washing of large parts of the page again and again.
    #[error("more to do than one batch may ask for")]
    TooMuch,
}

/// What a document's relative addresses are resolved against.
struct Bases {
    /// Its own address; none: that of the document around it.
    own: Option<Arc<Url>>,
    /// Its own address, or of a frame without one (`about:blank`) that of the document around it.
    url: Option<Arc<Url>>,
    /// Its `base` elements in the order in which they were announced; the first with an address holds.
    elements: Vec<NodeId>,
    /// What holds now.
    now: Option<Arc<Url>>,
}

/// The session's copy of the page's tree.
#[derive(Default)]
pub struct Mirror {
    url: String,
    root: Option<NodeId>,
    /// Boxed, so that a look-up touches little memory, and nodes that came together lie together.
    nodes: IdMap<Box<Entry>>,
    /// Constructed sheets, and changed sheets of elements by the element's id.
    sheets: IdMap<Vec<String>>,
    bases: IdMap<Bases>,
    viewport: Option<Viewport>,
    focus: Option<NodeId>,
    selection: Option<Range>,
    bytes: usize,
    /// Since the last rest, see [`WORK`].
    work: Cell<usize>,
    scrubs: scrubs::Scrubs,
    /// What holds in documents, as far as it was asked for.
    rulings: RefCell<IdMap<Arc<Ruling>>>,
}

impl Mirror {
    pub(super) fn ruling(&self, document: NodeId) -> Option<Arc<Ruling>> {
        self.rulings.borrow().get(&document).cloned()
    }

    pub(super) fn set_ruling(&self, document: NodeId, ruling: Arc<Ruling>) {
        self.rulings.borrow_mut().insert(document, ruling);
    }

    pub(super) fn forget_rulings(&self) {
        self.rulings.borrow_mut().clear();
    }

    /// Address as the companion gave it (a view URL); empty before the first snapshot.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Bytes of its texts, attributes, values, rules and pictures.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// There is no page.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// A new batch of events begins: what the ones before cost counts no more.
    pub fn rest(&mut self) {
        self.work.set(0);
    }

    /// Notes work.
    pub(super) fn works(&self, bytes: usize) {
        self.work.set(self.work.get().saturating_add(bytes));
    }

    /// Notes the work of looking at so many nodes.
    pub(super) fn looks_at(&self, nodes: usize) {
        self.works(nodes.saturating_mul(NODE_WORK));
    }

    /// Whether the batch may go on.
    pub(super) fn check_work(&self) -> Result<(), Broken> {
        if self.work.get() > WORK { Err(Broken::TooMuch) } else { Ok(()) }
    }

    /// 53-bit hash of the tree, see `wash::hash`.
    #[must_use]
    pub fn hash(&self) -> u64 {
        let mut hash = TreeHash::new();
        let mut walk = self.root.map(|root| self.walk(root));
        while let Some(step) = walk.as_mut().and_then(Iterator::next) {
            match step {
                Step::Enter(id, entry) => hash.enter_kept(id, &entry.node, entry.state(), |id| self.rules(id)),
                Step::Leave(entry) => hash.leave(&entry.node),
            }
        }
        hash.finish()
    }

    /// What a document's relative addresses are resolved against now.
    pub(super) fn base(&self, document: NodeId) -> Option<Arc<Url>> {
        self.bases.get(&document).and_then(|bases| bases.now.clone())
    }

    /// Address that a document was loaded from, as the companion gave it; of one without an address of its own (`about:`, `srcdoc`), that of the
    /// document around it.
    pub(super) fn address(&self, document: NodeId) -> Option<&Arc<Url>> {
        let mut at = document;
        loop {
            self.looks_at(1);
            match &self.bases.get(&at)?.own {
                Some(own) => return Some(own),
                None => at = self.parent(self.get(at)?)?.document,
            }
        }
    }

    pub(super) fn documents(&self) -> Vec<NodeId> {
        self.bases.keys().copied().collect()
    }

    pub(super) fn root(&self) -> Option<NodeId> {
        self.root
    }

    pub(super) fn get(&self, id: NodeId) -> Option<&Entry> {
        self.nodes.get(&id).map(Box::as_ref)
    }

    pub(super) fn get_mut(&mut self, id: NodeId) -> Option<&mut Entry> {
        self.nodes.get_mut(&id).map(Box::as_mut)
    }

    /// Rules that a sheet event set for a constructed sheet or an element.
    pub(super) fn rules(&self, id: NodeId) -> Option<&[String]> {
        self.sheets.get(&id).map(Vec::as_slice)
    }

    pub(super) fn sheets(&self) -> impl Iterator<Item = (NodeId, &[String])> {
        self.sheets.iter().map(|(id, rules)| (*id, rules.as_slice()))
    }

    pub(super) fn viewport(&self) -> Option<Viewport> {
        self.viewport
    }

    pub(super) fn focus(&self) -> Option<NodeId> {
        self.focus
    }
}

#[cfg(test)]
impl Mirror {
    /// Shows every element to a test: its name, its attributes, and what is CSS of it.
    pub(crate) fn check(&self, look: impl Fn(&str, &[(Name, Text)], &str)) {
        for id in self.root.map(|root| self.subtree(root)).unwrap_or_default() {
            let Some(entry) = self.get(id) else { continue };
            if let Node::Element { name, attrs, .. } = &entry.node {
                let style = name == "style";
                let css: String = super::nodes::texts(self, entry).filter(|_| style).map(|(_, _, text)| text).collect();
                look(name, attrs, &css);
            }
        }
    }
}
