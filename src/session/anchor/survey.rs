//! One walk over a page: the elements of each tree by their names, with what their texts come to.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::digest::Digest;
use super::keys;
use crate::protocol::page::NodeId;
use crate::wash::{Look, Mirror, Visit};

/// Digests of a sketch: the smallest of a set stand for it, so that two sets can be compared by what their sketches share.
pub(super) const SKETCH: usize = 8;
/// Elements whose content is no text of the page.
const SILENT: [&str; 4] = ["style", "script", "head", "textarea"];

/// What is known of a shown element.
pub(super) struct Item<'a> {
    pub(super) look: Look<'a>,
    pub(super) tag: Digest,
    /// The element around it in the same tree.
    pub(super) parent: Option<usize>,
    /// Document or shadow root that it belongs to.
    pub(super) root: NodeId,
    /// Place among its siblings of the same name, from 1.
    pub(super) nth: u32,
    /// The name or key of data by which it and what is in it are known.
    pub(super) name: Option<(Digest, Digest)>,
    /// The words in it, frames and shadow trees excepted, and how many.
    pub(super) text: Digest,
    pub(super) words: u32,
}

/// The elements of a page.
pub(super) struct Survey<'a> {
    pub(super) items: Vec<Item<'a>>,
    by_id: FxHashMap<NodeId, usize>,
    by_name: FxHashMap<(NodeId, Digest), Vec<usize>>,
    sketches: RefCell<FxHashMap<NodeId, Vec<(Digest, NodeId)>>>,
}

/// An open node of the walk.
#[derive(Default)]
struct Open {
    /// Its place among the items, if it is a shown element.
    item: Option<usize>,
    root: Option<NodeId>,
    text: Digest,
    words: u32,
    /// Children so far, by name.
    names: FxHashMap<Digest, u32>,
    begins: bool,
    silent: bool,
}

impl<'a> Survey<'a> {
    /// Looks at every node once.
    pub(super) fn new(mirror: &'a Mirror) -> Self {
        let mut survey = Self {
            items: Vec::new(),
            by_id: FxHashMap::default(),
            by_name: FxHashMap::default(),
            sketches: RefCell::default(),
        };
        let mut open: Vec<Open> = Vec::new();
        for visit in mirror.document().into_iter().flat_map(|document| document.walk()) {
            match visit {
                Visit::Enter(look) => {
                    let next = survey.enter(look, open.last_mut());
                    open.push(next);
                }
                Visit::Leave => survey.leave(&mut open),
            }
        }
        survey
    }

    fn enter(&mut self, look: Look<'a>, around: Option<&mut Open>) -> Open {
        if look.is_root() {
            return Open { root: Some(look.id), begins: true, ..Open::default() };
        }
        let Some(around) = around else { return Open::default() };
        let mut open = Open { root: around.root, silent: around.silent, ..Open::default() };
        if !look.is_shown() {
            return open;
        }
        match (look.name(), around.root) {
            (Some(name), Some(root)) => {
                open.silent |= SILENT.contains(&name);
                let (tag, parent) = (Digest::of(name), around.item);
                let nth = around.names.entry(tag).or_default();
                *nth += 1;
                (open.text, open.words) = own_words(&look);
                let (nth, name) = (*nth, keys::name(&look));
                let item = Item { look, tag, parent, root, nth, name, text: Digest::NONE, words: 0 };
                open.item = Some(self.items.len());
                self.by_id.insert(look.id, self.items.len());
                self.by_name.entry((root, tag)).or_default().push(self.items.len());
                self.items.push(item);
            }
            _ if !open.silent => (open.text, open.words) = Digest::of_words(look.text().unwrap_or_default()),
            _ => {}
        }
        open
    }

    fn leave(&mut self, open: &mut Vec<Open>) {
        let Some(done) = open.pop() else { return };
        if let Some(item) = done.item.and_then(|item| self.items.get_mut(item)) {
            (item.text, item.words) = (done.text, done.words);
        }
        if let Some(around) = open.last_mut().filter(|_| !done.begins) {
            around.text = around.text.plus(done.text);
            around.words = around.words.saturating_add(done.words);
        }
    }

    /// A shown element.
    pub(super) fn item(&self, id: NodeId) -> Option<&Item<'a>> {
        self.by_id.get(&id).and_then(|item| self.items.get(*item))
    }

    /// The elements of a name in one tree, in document order.
    pub(super) fn named(&self, root: NodeId, tag: Digest) -> impl Iterator<Item = &Item<'a>> + Clone {
        self.by_name.get(&(root, tag)).into_iter().flatten().filter_map(|item| self.items.get(*item))
    }

    /// An element and those around it, from the inside out, in the same tree.
    pub(super) fn upwards<'s>(&'s self, item: &'s Item<'a>) -> impl Iterator<Item = &'s Item<'a>> {
        std::iter::successors(Some(item), |item| item.parent.and_then(|parent| self.items.get(parent)))
    }

    /// What the content of a node comes to: text, and for elements the name too when `named`.
    fn content(&self, look: &Look<'a>, named: bool) -> Digest {
        match self.item(look.id) {
            Some(item) if named => item.tag.plus(item.text),
            Some(item) => item.text,
            None if look.is_shown() => Digest::of_words(look.text().unwrap_or_default()).0,
            None => Digest::NONE,
        }
    }

    /// Sketch of what an element's children hold, without one of them.
    pub(super) fn sketch(&self, parent: &Look<'a>, without: Option<NodeId>) -> Vec<Digest> {
        let mut sketches = self.sketches.borrow_mut();
        let whole = sketches.entry(parent.id).or_insert_with(|| self.smallest(parent));
        whole.iter().filter(|(_, id)| Some(*id) != without).map(|(digest, _)| *digest).take(SKETCH).collect()
    }

    fn smallest(&self, parent: &Look<'a>) -> Vec<(Digest, NodeId)> {
        let contents = parent.children().map(|child| (self.content(&child, false), child.id));
        let mut contents: Vec<_> = contents.filter(|(digest, _)| *digest != Digest::NONE).collect();
        contents.sort_unstable();
        contents.truncate(SKETCH + 1);
        contents.shrink_to_fit();
        contents
    }

    /// What stands right before and right after an element.
    pub(super) fn beside(&self, item: &Item<'a>) -> (Digest, Digest) {
        let beside = |mut look: Option<Look<'a>>, on: fn(&Look<'a>) -> Option<Look<'a>>| {
            while let Some(at) = look {
                let content = self.content(&at, true);
                if content != Digest::NONE {
                    return content;
                }
                look = on(&at);
            }
            Digest::NONE
        };
        (beside(item.look.previous(), Look::previous), beside(item.look.next(), Look::next))
    }

    /// How many elements of a name in one tree have this value of this attribute.
    pub(super) fn count(&self, root: NodeId, tag: Digest, key: (Digest, Digest)) -> usize {
        let has = |item: &&Item<'a>| keys::keys(&item.look).iter().any(|other| (other.attr, other.value) == key);
        self.named(root, tag).filter(has).count()
    }
}

/// Words that an element has without holding them.
fn own_words(look: &Look<'_>) -> (Digest, u32) {
    let attr =
        |wanted: &str| look.attrs().iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
    let button = look.is_html("input") && matches!(attr("type"), "submit" | "button" | "reset");
    match look.name() {
        Some("img") => Digest::of_words(attr("alt")),
        Some("input") if button => Digest::of_words(attr("value")),
        _ => (Digest::NONE, 0),
    }
}
