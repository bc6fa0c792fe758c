//! The verdict about each node: hidden, masked or shown. The one place that decides it; whatever shows a page to agents asks for it.
//!
//! A verdict comes about from the top down (`fixtures/masks/README.md`): what rules say of an element holds for all that is within, over shadow roots and
//! frames. It is kept with each node ([`Entry::shade`]) and worked out anew where something that it depends on changes.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use url::Url;

use super::Wash;
use super::elements::is_html;
use super::mask;
use super::mirror::{Entry, Mirror, Node, Step};
use crate::policy::Policy;
use crate::privacy::{Element, Mask, Selector};
use crate::protocol::admin::PreviewKind;
use crate::protocol::page::{Namespace, NodeId};
use crate::protocol::rules::MaskAction;

/// Rules that cost about as much as looking at a node.
const RULES_A_LOOK: usize = 8;
/// Attributes that are rules on every site.
pub(super) const MASK: &str = "data-alongside-mask";
pub(super) const HIDE: &str = "data-alongside-hide";

/// What rules say of a node and of all that it is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shade {
    hide: bool,
    mask: bool,
    show: bool,
    /// It is in a document of a private site.
    private: bool,
}

impl Shade {
    /// An empty box stands in its place.
    pub(crate) fn is_hidden(self) -> bool {
        self.hide
    }

    /// Stars stand for its texts and values, or nothing at all.
    pub(crate) fn is_masked(self) -> bool {
        self.hide || self.mask || self.private && !self.show
    }

    /// It is in a document of a private site.
    pub(crate) fn is_private(self) -> bool {
        self.private
    }
}

/// Why agents see something else than the visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// What happened.
    pub kind: PreviewKind,
    /// The rule's place below its site, such as `privacy.mask.0` or `privacy.private`; empty: it always happens.
    pub rule: String,
}

/// What holds in one document.
pub(super) struct Ruling {
    /// Whose it is: it holds as long as the wash has this policy.
    policy: Arc<Policy>,
    private: bool,
    masks: Vec<Mask>,
    /// Attributes on which a verdict about the element itself depends.
    own: FxHashSet<String>,
    /// Attributes on which verdicts about what is within depend.
    outer: FxHashSet<String>,
}

impl Ruling {
    fn is_same(&self, other: &Self) -> bool {
        let places = |ruling: &Self| ruling.masks.iter().map(Mask::place).collect::<Vec<_>>();
        Arc::ptr_eq(&self.policy, &other.policy) && self.private == other.private && places(self) == places(other)
    }
}

/// What a change of an attribute may change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Nothing,
    /// The verdict about the element, and with it about what is within.
    Element,
    /// Verdicts about what is within, whatever becomes of the element's own.
    Within,
}

impl Wash {
    /// The verdict about a node; none: there is no such node.
    #[allow(dead_code, reason = "image mode will ask it for what it paints")]
    pub(crate) fn shade(&self, mirror: &Mirror, node: NodeId) -> Option<Shade> {
        mirror.get(node).map(|entry| entry.shade)
    }

    /// Why agents see something else in a node's place, or of its texts and values; none: they see it, scrubbing aside, or nothing of what it is in.
    #[must_use]
    pub fn why(&self, mirror: &Mirror, node: NodeId) -> Option<Why> {
        use super::boxes::Boxed;
        let entry = mirror.get(node).filter(|entry| !entry.below_gap)?;
        let always = |kind| Some(Why { kind, rule: String::new() });
        match entry.boxed {
            Some(Boxed::Foreign) => always(PreviewKind::Foreign),
            Some(Boxed::Masked) => always(PreviewKind::Washed),
            None if entry.gap && !entry.shade.hide => always(PreviewKind::Washed),
            _ if entry.shade.hide => {
                Some(Why { kind: PreviewKind::Hidden, rule: self.rule_of(mirror, node, MaskAction::Hide) })
            }
            _ if entry.shade.is_masked() => {
                Some(Why { kind: PreviewKind::Masked, rule: self.rule_of(mirror, node, MaskAction::Mask) })
            }
            _ => None,
        }
    }

    /// Every rule that hides or masks an element itself, those that hide first.
    pub(super) fn also(&self, mirror: &Mirror, node: NodeId) -> Vec<Why> {
        let Some(entry) = mirror.get(node).filter(|entry| matches!(entry.node, Node::Element { .. })) else {
            return Vec::new();
        };
        let ruling = self.ruling(mirror, entry.document);
        let of = |action: MaskAction, kind: PreviewKind| {
            let masks = ruling.masks.iter().filter(move |mask| mask.action == action);
            let found = masks.filter(|mask| mask.selector.matches(Seen { mirror, entry }));
            found.map(|mask| Why { kind, rule: format!("privacy.mask.{}", mask.place()) }).collect::<Vec<_>>()
        };
        [of(MaskAction::Hide, PreviewKind::Hidden), of(MaskAction::Mask, PreviewKind::Masked)].concat()
    }

    /// Whether a rule about elements, by its number, is for this page.
    pub(super) fn holds(&self, mirror: &Mirror, number: usize) -> bool {
        let document = mirror.root().unwrap_or(NodeId(0));
        self.ruling(mirror, document).masks.iter().any(|mask| mask.place() == number)
    }

    /// Whether a selector of a rule matches an element of the page.
    pub(super) fn finds(mirror: &Mirror, selector: &Selector) -> bool {
        let mut walk = mirror.root().map(|root| mirror.walk(root));
        std::iter::from_fn(|| walk.as_mut().and_then(Iterator::next)).any(|step| match step {
            Step::Enter(_, entry) if matches!(entry.node, Node::Element { .. }) => {
                selector.matches(Seen { mirror, entry })
            }
            _ => false,
        })
    }

    /// Place of the innermost rule that hides, or masks, a node.
    fn rule_of(&self, mirror: &Mirror, node: NodeId, action: MaskAction) -> String {
        let mut at = mirror.get(node).map(|entry| (node, entry));
        while let Some((_, entry)) = at {
            let ruling = self.ruling(mirror, entry.document);
            let look = Seen { mirror, entry };
            let mut masks = ruling.masks.iter().filter(|mask| mask.action == action);
            let found = masks.find(|mask| matches!(entry.node, Node::Element { .. }) && mask.selector.matches(look));
            let always = || match action {
                MaskAction::Hide => entry.attr(HIDE).is_some(),
                _ => entry.attr(MASK).is_some() || mask::is_field(entry) && entry.was_secret,
            };
            match found {
                Some(mask) => return format!("privacy.mask.{}", mask.place()),
                None if always() => return String::new(),
                None if action == MaskAction::Hide && is_html(entry, "canvas") => {
                    return self.rule_of(mirror, node, MaskAction::Mask);
                }
                None => at = entry.parent().and_then(|parent| Some((parent, mirror.get(parent)?))),
            }
        }
        if mirror.get(node).is_some_and(|entry| entry.shade.private) {
            "privacy.private".to_owned()
        } else {
            String::new()
        }
    }

    /// What holds in a document.
    pub(super) fn ruling(&self, mirror: &Mirror, document: NodeId) -> Arc<Ruling> {
        if let Some(known) = mirror.ruling(document).filter(|known| Arc::ptr_eq(&known.policy, &self.policy)) {
            return known;
        }
        let address = mirror.address(document).and_then(|url| self.real(url));
        let ruling = Arc::new(self.rules_of(address.as_ref().unwrap_or(&self.start)));
        mirror.set_ruling(document, Arc::clone(&ruling));
        ruling
    }

    fn rules_of(&self, page: &Url) -> Ruling {
        let privacy = self.policy.privacy(page, &self.start);
        let masks: Vec<Mask> = privacy.masks().iter().filter(|mask| mask.holds(page)).cloned().collect();
        let mut own: FxHashSet<String> = [MASK, HIDE].map(str::to_owned).into_iter().collect();
        let mut outer = FxHashSet::default();
        for mask in &masks {
            own.extend(mask.selector.attributes().iter().cloned());
            outer.extend(mask.selector.outer_attributes().iter().cloned());
        }
        Ruling { policy: Arc::clone(&self.policy), private: privacy.private, masks, own, outer }
    }

    /// What a change of an element's attribute may change.
    pub(super) fn reach(&self, mirror: &Mirror, entry: &Entry, name: &str) -> Reach {
        let ruling = self.ruling(mirror, entry.document);
        let secret = mask::is_field(entry) && matches!(name, "type" | "autocomplete");
        if ruling.outer.contains(name) {
            Reach::Within
        } else if secret || ruling.own.contains(name) {
            Reach::Element
        } else {
            Reach::Nothing
        }
    }

    /// The page's address changed. True: what holds in it is something else now.
    pub(super) fn rules_anew(&self, mirror: &Mirror) -> bool {
        let Some(root) = mirror.root() else { return false };
        let before = self.ruling_known(mirror, root);
        mirror.forget_rulings();
        let now = self.ruling(mirror, root);
        before.is_none_or(|before| !before.is_same(&now))
    }

    fn ruling_known(&self, mirror: &Mirror, document: NodeId) -> Option<Arc<Ruling>> {
        mirror.ruling(document)
    }

    /// Notes for a subtree what is to be seen of each node.
    pub(super) fn mark(&self, mirror: &mut Mirror, root: NodeId) {
        self.mark_changes(mirror, root, true);
    }

    /// The same, and gives the nodes of which something else is to be seen than before, without what is within these. `reach`: without
    /// [`Reach::Within`], nothing has changed within unless the verdict about the root itself has.
    pub(super) fn remark(&self, mirror: &mut Mirror, root: NodeId, reach: Reach) -> Vec<NodeId> {
        if reach == Reach::Nothing { Vec::new() } else { self.mark_changes(mirror, root, reach == Reach::Within) }
    }

    fn mark_changes(&self, mirror: &mut Mirror, root: NodeId, within: bool) -> Vec<NodeId> {
        let before = mirror.get(root).map(|entry| (entry.shade, entry.gap, entry.below_gap));
        let mut last = None;
        let root_changed = self.mark_one(mirror, root, &mut last);
        let after = mirror.get(root).map(|entry| (entry.shade, entry.gap, entry.below_gap));
        if !within && before == after {
            return if root_changed { vec![root] } else { Vec::new() };
        }
        let subtree = mirror.subtree(root);
        let (mut changed, mut covered) = (Vec::new(), FxHashSet::default());
        for id in subtree {
            let differs = if id == root { root_changed } else { self.mark_one(mirror, id, &mut last) };
            let parent = mirror.get(id).and_then(Entry::parent).filter(|_| id != root);
            if parent.is_some_and(|parent| covered.contains(&parent)) {
                covered.insert(id);
            } else if differs {
                covered.insert(id);
                changed.push(id);
            }
        }
        changed
    }

    /// Notes what is to be seen of a node, by what was noted of its parent. True: something else than before. `last`: what holds in the document of the
    /// node before.
    fn mark_one(&self, mirror: &mut Mirror, id: NodeId, last: &mut Option<(NodeId, Arc<Ruling>)>) -> bool {
        let Some(entry) = mirror.get(id) else { return false };
        let parent = mirror.parent(entry);
        let below = parent.is_some_and(|parent| parent.gap || parent.below_gap);
        let document = entry.document;
        if last.as_ref().is_none_or(|(known, _)| *known != document) {
            *last = Some((document, self.ruling(mirror, document)));
        }
        let Some((_, ruling)) = last else { return false };
        let shade = judge(mirror, ruling, entry, parent.map(|parent| parent.shade).unwrap_or_default());
        let (gap, boxed) = self.cover(entry, shade);
        let seen = |entry: &Entry| (entry.gap, entry.boxed, entry.shade.is_masked(), entry.shade.private);
        let before = seen(entry);
        let Some(entry) = mirror.get_mut(id) else { return false };
        (entry.shade, entry.gap, entry.below_gap, entry.boxed) = (shade, gap, below, boxed);
        entry.was_secret |= mask::is_field(entry) && shade.is_masked();
        seen(entry) != before
    }
}

/// The verdict about a node, given that about what it is in.
fn judge(mirror: &Mirror, ruling: &Ruling, entry: &Entry, above: Shade) -> Shade {
    mirror.looks_at(1 + ruling.masks.len() / RULES_A_LOOK);
    let mut shade = Shade { private: above.private || ruling.private, ..above };
    if !matches!(entry.node, Node::Element { .. }) || Wash::is_too_deep(entry) {
        return shade;
    }
    for mask in &ruling.masks {
        let flag = match mask.action {
            MaskAction::Hide => &mut shade.hide,
            MaskAction::Mask => &mut shade.mask,
            MaskAction::Show => &mut shade.show,
        };
        *flag = *flag || mask.selector.matches(Seen { mirror, entry });
    }
    shade.hide |= entry.attr(HIDE).is_some();
    shade.mask |= entry.attr(MASK).is_some();
    shade.mask |= mask::is_field(entry) && (entry.was_secret || entry.state().masked == Some(true));
    // What was typed is still in it when rules no longer mask it.
    shade.mask |= mask::is_field(entry) && shade.is_masked();
    // No star stands for a picture.
    shade.hide |= is_html(entry, "canvas") && shade.is_masked();
    shade
}

/// An element of the mirror as selectors see it.
#[derive(Clone, Copy)]
struct Seen<'a> {
    mirror: &'a Mirror,
    entry: &'a Entry,
}

impl Element for Seen<'_> {
    fn parent(self) -> Option<Self> {
        self.mirror.looks_at(1);
        let parent = self.mirror.parent(self.entry)?;
        matches!(parent.node, Node::Element { .. }).then_some(Self { entry: parent, ..self })
    }

    fn is_html(&self) -> bool {
        matches!(self.entry.node, Node::Element { ns: Namespace::Html, .. })
    }

    fn name(&self) -> &str {
        match &self.entry.node {
            Node::Element { name, ns: Namespace::Html, .. } => name,
            Node::Element { name, .. } => name.split_once(':').map_or(name, |(_, local)| local),
            _ => "",
        }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        let prefixed = |name: &str| ["xlink:", "xml:", "xmlns:"].iter().any(|prefix| name.starts_with(prefix));
        self.entry.attr(name).filter(|_| self.is_html() || !prefixed(name))
    }

    fn quirks(&self) -> bool {
        let document = self.mirror.get(self.entry.document);
        document.is_some_and(|document| matches!(document.node, Node::Document { quirks: true, .. }))
    }
}

#[cfg(test)]
mod tests;
