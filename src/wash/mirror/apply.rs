//! Events into the tree.

use std::cell::OnceCell;
use std::sync::Arc;

use url::Url;

use super::super::mask;
use super::super::runs::EDITED;
use super::entry::ATTRIBUTE;
use super::ids::IdMap;
use super::kept::Link;
use super::{ATTRIBUTES, BASE, BASES, BYTES, Bases, Broken, Entry, Mirror, NAME, NODES, Node, RULES, SHEETS};
use crate::protocol::page::{self, NodeId, NodeRecord, NodeState, PageEvent, Range, Snapshot};

/// Bytes that a rule takes up beside its text.
const RULE: usize = size_of::<String>();
/// So many attributes are compared with each other.
const FEW: usize = 12;
/// Rules that move up or down in the time in which a node is looked at.
const RULES_MOVED: usize = 50;

impl Mirror {
    /// Applies an event.
    ///
    /// # Errors
    /// The event does not fit; the mirror is then empty until the next snapshot.
    pub(in crate::wash) fn apply(&mut self, event: PageEvent) -> Result<(), Broken> {
        let result = match event {
            PageEvent::Snapshot(snapshot) => {
                self.reset();
                self.snapshot(snapshot)
            }
            _ if self.root.is_none() => Err(Broken::NoPage),
            event => self.change(event),
        };
        let result = result.and_then(|()| self.check_work());
        if result.is_err() {
            self.reset();
        }
        result
    }

    fn change(&mut self, event: PageEvent) -> Result<(), Broken> {
        match event {
            PageEvent::Snapshot(_) => {}
            PageEvent::Add { nodes } => return self.add(nodes),
            PageEvent::Remove { node } => return self.remove(node),
            PageEvent::Move { node, parent, before } => return self.move_to(node, parent, before),
            PageEvent::Attribute { node, name, value } => return self.set_attribute(node, name, value),
            PageEvent::Text { node, text } => return self.set_text(node, text),
            PageEvent::State { node, state } => return self.set_state(node, state),
            PageEvent::Sheet { sheet, rules } => return self.set_sheet(sheet, rules),
            PageEvent::InsertRule { sheet, index, rule } => return self.insert_rule(sheet, index, rule),
            PageEvent::DeleteRule { sheet, index } => return self.delete_rule(sheet, index),
            PageEvent::Focus { node } => self.focus = node.filter(|node| self.nodes.contains_key(node)),
            PageEvent::Selection { range } => self.selection = range.filter(|range| self.has(range)),
            PageEvent::Viewport(viewport) => self.viewport = Some(viewport),
            PageEvent::Pointer(_) => {}
            PageEvent::Url { url } => self.set_url(url)?,
        }
        Ok(())
    }

    fn snapshot(&mut self, snapshot: Snapshot) -> Result<(), Broken> {
        self.grow(0, snapshot.url.len())?;
        self.url = snapshot.url;
        self.viewport = Some(snapshot.viewport);
        let mut records = snapshot.nodes.into_iter();
        let root = records.next().ok_or(Broken::NotOneTree)?;
        if root.parent.is_some() || root.before.is_some() {
            return Err(Broken::Misplaced);
        }
        let page::Node::Document { .. } = root.node else { return Err(Broken::Misplaced) };
        let id = root.id;
        self.insert(root, id)?;
        self.root = Some(id);
        let url = Url::parse(&self.url).ok().map(Arc::new);
        self.bases.insert(id, Bases { own: url.clone(), url, elements: Vec::new(), now: None });
        self.rebase(id);
        for record in records {
            self.insert_below(record, true)?;
        }
        for sheet in snapshot.sheets {
            self.set_sheet(sheet.sheet, Some(sheet.rules))?;
        }
        self.focus = snapshot.focus.filter(|node| self.nodes.contains_key(node));
        Ok(())
    }

    fn add(&mut self, nodes: Vec<NodeRecord>) -> Result<(), Broken> {
        let mut added: IdMap<()> = IdMap::default();
        let root = nodes.first().map(|record| record.id);
        for record in nodes {
            let inner = record.parent.is_some_and(|parent| added.contains_key(&parent));
            if !added.is_empty() && !inner {
                return Err(Broken::NotOneTree);
            }
            added.insert(record.id, ());
            self.insert_below(record, inner)?;
        }
        let root = root.ok_or(Broken::NotOneTree)?;
        self.note_come(root);
        self.touch(root);
        Ok(())
    }

    /// Inserts a record below its parent; `appended`: the protocol gives it no `before`.
    fn insert_below(&mut self, mut record: NodeRecord, appended: bool) -> Result<(), Broken> {
        let (id, before) = (record.id, record.before);
        let parent = record.parent.ok_or(Broken::Misplaced)?;
        if appended && before.is_some() {
            return Err(Broken::NotASibling);
        }
        let host = self.nodes.get(&parent).ok_or(Broken::Unknown)?.document;
        let own = match &mut record.node {
            page::Node::Document { url, .. } => Some(url.take().and_then(|url| Url::parse(&url).ok())),
            _ => None,
        };
        let text = matches!(record.node, page::Node::Text { .. });
        self.insert(record, if own.is_some() { id } else { host })?;
        self.link(id, parent, before)?;
        if text {
            self.touch(id);
        }
        if let Some(url) = own {
            let around = self.bases.get(&host).and_then(|bases| bases.now.clone());
            let own = url.filter(|url| !url.cannot_be_a_base()).map(Arc::new);
            let url = own.clone().or(around);
            self.bases.insert(id, Bases { own, url, elements: Vec::new(), now: None });
            self.rebase(id);
            self.refresh_base(id);
        } else if !text && self.get(id).is_some_and(is_base) {
            self.note_base(id, host);
            self.refresh_base(id);
        }
        Ok(())
    }

    /// Puts a record into the map, not yet linked.
    fn insert(&mut self, record: NodeRecord, document: NodeId) -> Result<(), Broken> {
        let NodeRecord { id, mut node, state, .. } = record;
        if self.nodes.contains_key(&id) || self.sheets.contains_key(&id) {
            return Err(Broken::Duplicate);
        }
        if !Link::fits(id) {
            return Err(Broken::Misplaced);
        }
        if let page::Node::Element { attrs, .. } = &mut node {
            keep_first(attrs);
            if attrs.iter().any(|(name, _)| name == EDITED) {
                self.note_edited();
            }
        }
        let base = self.bases.get(&document).and_then(|bases| bases.now.clone());
        let entry = Entry::new(node.into(), state, document, base)?;
        self.grow(0, entry.weight())?;
        self.nodes.insert(id, Box::new(entry));
        if self.nodes.len() > NODES {
            return Err(Broken::TooLarge);
        }
        Ok(())
    }

    fn remove(&mut self, node: NodeId) -> Result<(), Broken> {
        self.note_gone(node);
        self.touch_gap(node);
        self.unlink(node)?;
        for id in self.subtree(node) {
            let Some(entry) = self.nodes.remove(&id) else { continue };
            self.bytes = self.bytes.saturating_sub(entry.weight());
            self.drop_sheet(id);
            self.bases.remove(&id);
            self.forget_scrubber(id);
            self.rulings.get_mut().remove(&id);
            self.forget_base(id, entry.document);
        }
        self.focus = self.focus.filter(|node| self.nodes.contains_key(node));
        self.selection = self.selection.filter(|range| self.has(range));
        Ok(())
    }

    fn move_to(&mut self, node: NodeId, parent: NodeId, before: Option<NodeId>) -> Result<(), Broken> {
        let entry = self.nodes.get(&node).ok_or(Broken::Unknown)?;
        if matches!(entry.node, Node::Document { .. } | Node::ShadowRoot { .. }) {
            return Err(Broken::Misplaced);
        }
        let (from, depth, was_below) = (entry.document, entry.depth, entry.parent());
        if self.is_ancestor(node, parent)? {
            return Err(Broken::Cycle);
        }
        let typed_in = self.is_typed_in(was_below);
        self.touch_gap(node);
        self.unlink(node)?;
        self.link(node, parent, before)?;
        self.touch(node);
        if typed_in != self.is_typed_in(Some(parent)) {
            self.touch_texts(node);
        }
        self.deepen(node, depth);
        let to = self.nodes.get(&parent).ok_or(Broken::Unknown)?.document;
        if from != to {
            self.adopt(node, from, to);
            if self.is_scrubbed() {
                self.touch_all(node);
            }
        }
        Ok(())
    }

    /// The subtree of a moved node is as deep below it as it was.
    fn deepen(&mut self, node: NodeId, before: u32) {
        let Some(now) = self.nodes.get(&node).map(|entry| entry.depth).filter(|now| *now != before) else { return };
        let subtree = self.subtree(node);
        self.looks_at(subtree.len());
        for id in subtree.into_iter().filter(|id| *id != node) {
            self.update(id, |entry| entry.depth = (entry.depth + now).saturating_sub(before));
        }
    }

    /// A subtree changes documents: its addresses are resolved anew there.
    fn adopt(&mut self, node: NodeId, from: NodeId, to: NodeId) {
        let mut moved = self.subtree(node);
        self.looks_at(moved.len());
        moved.retain(|id| self.nodes.get(id).is_some_and(|entry| entry.document == from));
        for id in moved {
            self.update(id, |entry| entry.document = to);
            if self.get(id).is_some_and(is_base) {
                self.forget_base(id, from);
                self.note_base(id, to);
            }
            self.refresh_base(id);
        }
    }

    fn set_attribute(&mut self, node: NodeId, name: String, value: Option<String>) -> Result<(), Broken> {
        if name == EDITED {
            self.note_edited();
        }
        let typed = self.is_scrubbed().then(|| (name.clone(), self.type_attr(node, &name, value.as_deref())));
        let entry = self.nodes.get_mut(&node).ok_or(Broken::Unknown)?;
        let Node::Element { attrs, .. } = &mut entry.node else { return Err(Broken::WrongKind) };
        let document = entry.document;
        let known = attrs.iter().find(|(known, _)| *known == name);
        let removed = known.map_or(0, |(name, value)| name.len() + value.len() + ATTRIBUTE);
        let added = value.as_ref().map_or(0, |value| name.len() + value.len() + ATTRIBUTE);
        if known.is_none() && value.is_some() && (attrs.len() >= ATTRIBUTES || name.len() > NAME) {
            return Err(Broken::TooLarge);
        }
        attrs.set(name, value);
        self.grow(removed, added)?;
        if let Some((name, typed)) = typed {
            self.note_attr(node, &name, typed);
            if name == EDITED {
                self.touch_texts(node);
            }
        }
        self.note_secret(node);
        if self.get(node).is_some_and(is_base) {
            self.rebase(document);
        }
        Ok(())
    }

    fn set_text(&mut self, node: NodeId, new: String) -> Result<(), Broken> {
        if self.is_scrubbed() {
            self.note_text(node, &new);
        }
        let entry = self.nodes.get_mut(&node).ok_or(Broken::Unknown)?;
        let Node::Text { text } = &mut entry.node else { return Err(Broken::WrongKind) };
        let (removed, added) = (text.len(), new.len());
        *text = new.into();
        entry.closed = OnceCell::new();
        if let Some(parent) = entry.parent() {
            self.update(parent, |parent| parent.joined = OnceCell::new());
        }
        self.touch(node);
        self.grow(removed, added)?;
        self.refresh_base(node);
        Ok(())
    }

    fn set_state(&mut self, node: NodeId, new: NodeState) -> Result<(), Broken> {
        if let Some(value) = new.value.as_deref().filter(|_| self.is_scrubbed()) {
            self.note_value(node, value);
        }
        let entry = self.nodes.get_mut(&node).ok_or(Broken::Unknown)?;
        if matches!(entry.node, Node::Text { .. } | Node::Doctype(_)) {
            return Err(Broken::WrongKind);
        }
        let before = entry.weight();
        entry.merge(new);
        let after = entry.weight();
        self.grow(before, after)
    }

    fn set_sheet(&mut self, sheet: NodeId, rules: Option<Vec<String>>) -> Result<(), Broken> {
        self.check_sheet(sheet)?;
        self.drop_sheet(sheet);
        let Some(rules) = rules else { return Ok(()) };
        if rules.len() > RULES || self.sheets.len() >= SHEETS {
            return Err(Broken::TooLarge);
        }
        self.grow(0, weight_of_rules(&rules))?;
        self.sheets.insert(sheet, rules);
        Ok(())
    }

    fn insert_rule(&mut self, sheet: NodeId, index: u32, rule: String) -> Result<(), Broken> {
        self.grow(0, rule.len() + RULE)?;
        let rules = self.sheets.get_mut(&sheet).ok_or(Broken::Unknown)?;
        let index = usize::try_from(index).map_err(|_| Broken::OutOfRange)?;
        if index > rules.len() {
            return Err(Broken::OutOfRange);
        }
        if rules.len() >= RULES {
            return Err(Broken::TooLarge);
        }
        rules.insert(index, rule);
        let count = rules.len();
        self.looks_at(count / RULES_MOVED);
        Ok(())
    }

    fn delete_rule(&mut self, sheet: NodeId, index: u32) -> Result<(), Broken> {
        let rules = self.sheets.get_mut(&sheet).ok_or(Broken::Unknown)?;
        let index = usize::try_from(index).map_err(|_| Broken::OutOfRange)?;
        if index >= rules.len() {
            return Err(Broken::OutOfRange);
        }
        let rule = rules.remove(index);
        let count = rules.len();
        self.looks_at(count / RULES_MOVED);
        self.grow(rule.len() + RULE, 0)
    }

    fn set_url(&mut self, url: String) -> Result<(), Broken> {
        self.grow(self.url.len(), url.len())?;
        self.url = url;
        if let Some(root) = self.root {
            let url = Url::parse(&self.url).ok().map(Arc::new);
            self.bases.entry(root).and_modify(|bases| (bases.own, bases.url) = (url.clone(), url));
            self.rebase(root);
        }
        Ok(())
    }

    /// A sheet's id is of a `style` or `link` element, or of no node.
    fn check_sheet(&self, sheet: NodeId) -> Result<(), Broken> {
        match self.nodes.get(&sheet).map(|entry| &entry.node) {
            None => Ok(()),
            Some(Node::Element { name, .. }) if matches!(name.as_str(), "style" | "link") => Ok(()),
            Some(_) => Err(Broken::WrongKind),
        }
    }

    fn drop_sheet(&mut self, sheet: NodeId) {
        let rules = self.sheets.remove(&sheet).unwrap_or_default();
        self.bytes = self.bytes.saturating_sub(weight_of_rules(&rules));
    }

    fn grow(&mut self, removed: usize, added: usize) -> Result<(), Broken> {
        self.bytes = self.bytes.saturating_sub(removed).saturating_add(added);
        if self.bytes > BYTES { Err(Broken::TooLarge) } else { Ok(()) }
    }

    fn has(&self, range: &Range) -> bool {
        self.nodes.contains_key(&range.start) && self.nodes.contains_key(&range.end)
    }

    fn note_secret(&mut self, id: NodeId) {
        if let Some(entry) = self.nodes.get_mut(&id) {
            entry.was_secret = entry.was_secret || mask::is_secret(entry);
        }
    }

    /// Resolves a node's addresses against what holds in its document now.
    pub(in crate::wash) fn refresh_base(&mut self, id: NodeId) {
        let Some(entry) = self.nodes.get_mut(&id) else { return };
        entry.base = self.bases.get(&entry.document).and_then(|bases| bases.now.clone());
    }

    fn note_base(&mut self, element: NodeId, document: NodeId) {
        let Some(bases) = self.bases.get_mut(&document) else { return };
        if bases.elements.len() < BASES {
            bases.elements.push(element);
            self.rebase(document);
        }
    }

    fn forget_base(&mut self, element: NodeId, document: NodeId) {
        let Some(bases) = self.bases.get_mut(&document) else { return };
        let before = bases.elements.len();
        bases.elements.retain(|known| *known != element);
        if bases.elements.len() != before {
            self.rebase(document);
        }
    }

    fn rebase(&mut self, document: NodeId) {
        let Some(bases) = self.bases.get_mut(&document) else { return };
        let mut hrefs = bases.elements.iter().filter_map(|id| self.nodes.get(id)?.attr("href"));
        let own = bases.url.clone().filter(|url| is_short(url));
        bases.now = match hrefs.next().filter(|href| href.len() <= BASE.0) {
            Some(href) => {
                Url::options().base_url(own.as_deref()).parse(href).ok().filter(is_short).map(Arc::new).or(own)
            }
            None => own,
        };
    }
}

/// Whether addresses are resolved against it. Each of a page's addresses costs the length of its base.
fn is_short(base: &Url) -> bool {
    base.as_str().len() <= BASE.0 && base.path().len() <= BASE.1
}

fn is_base(entry: &Entry) -> bool {
    matches!(&entry.node, Node::Element { name, ns, .. } if name == "base" && ns.is_html())
}

/// Of attributes with one qualified name the first counts, as for `getAttribute`.
fn keep_first(attrs: &mut Vec<(String, String)>) {
    let unique = if attrs.len() <= FEW {
        attrs.iter().enumerate().all(|(at, (name, _))| !attrs.iter().take(at).any(|(before, _)| before == name))
    } else {
        let mut seen = rustc_hash::FxHashSet::default();
        attrs.iter().all(|(name, _)| seen.insert(name.as_str()))
    };
    if !unique {
        let mut seen = std::collections::HashSet::new();
        attrs.retain(|(name, _)| seen.insert(name.clone()));
    }
}

pub(in crate::wash) fn weight_of_rules(rules: &[String]) -> usize {
    rules.iter().map(|rule| rule.len() + RULE).sum()
}
