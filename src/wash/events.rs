//! Page events in, washed events out.

use super::Wash;
use super::attrs::{self, Kind};
use super::elements::{is_html, is_style};
use super::mirror::{Broken, Entry, Mirror, Node};
use super::nodes::{bounded, is_joined, texts};
use super::scrub::within;
use super::shade::Reach;
use crate::protocol::page::{self, NodeId, NodeRecord, NodeState, PageEvent, Pointer, Range, Viewport};

/// Largest density and zoom.
const ZOOM: f64 = 100.0;

impl Wash {
    /// Applies an event to the mirror and appends what watchers get for it.
    ///
    /// # Errors
    /// The event does not fit the mirror: the session asks for a snapshot, and the mirror is empty until it comes.
    pub fn apply(&self, mirror: &mut Mirror, event: PageEvent, out: &mut Vec<PageEvent>) -> Result<(), Broken> {
        let result = self.change(mirror, event, out);
        if result.is_err() {
            mirror.reset();
        }
        result
    }

    fn change(&self, mirror: &mut Mirror, event: PageEvent, out: &mut Vec<PageEvent>) -> Result<(), Broken> {
        match event {
            PageEvent::Snapshot(_) => {
                mirror.apply(event)?;
                mirror.root().into_iter().for_each(|root| self.mark(mirror, root));
                self.scrub_page(mirror);
                out.extend(self.snapshot(mirror));
            }
            PageEvent::Add { ref nodes } => {
                let root = nodes.first().ok_or(Broken::NotOneTree)?.id;
                let style = nodes.first().and_then(|root| style_of(mirror, root.parent));
                let document = |record: &&NodeRecord| matches!(record.node, page::Node::Document { .. });
                let documents: Vec<NodeId> = nodes.iter().filter(document).map(|record| record.id).collect();
                mirror.apply(event)?;
                self.find_rules(mirror, &documents);
                mirror.note_ends(root);
                if !self.frame_changed(mirror, mirror.get(root).and_then(Entry::parent), out) {
                    self.mark(mirror, root);
                    self.add(mirror, root, out);
                }
                self.restyle(mirror, style, None, out);
            }
            PageEvent::Remove { node } => {
                let seen = !mirror.get(node).ok_or(Broken::Unknown)?.below_gap;
                let parent = mirror.get(node).and_then(Entry::parent);
                let style = style_of(mirror, parent);
                mirror.apply(event)?;
                if !self.frame_changed(mirror, parent, out) && seen {
                    out.push(PageEvent::Remove { node });
                }
                self.restyle(mirror, style, None, out);
            }
            PageEvent::Move { node, parent, .. } => self.moved(mirror, node, parent, event, out)?,
            PageEvent::Attribute { node, ref name, .. } => {
                let name = name.clone();
                self.attribute_set(mirror, node, name, event, out)?;
            }
            PageEvent::Text { node, .. } => {
                let style = style_of(mirror, mirror.get(node).and_then(Entry::parent));
                mirror.apply(event)?;
                match style {
                    Some(_) => self.restyle(mirror, style, Some(node), out),
                    None => self.send_text(mirror, node, out),
                }
            }
            PageEvent::State { node, ref state } => {
                let new = state.clone();
                self.state_set(mirror, node, &new, event, out)?;
            }
            PageEvent::Sheet { sheet, .. }
            | PageEvent::InsertRule { sheet, .. }
            | PageEvent::DeleteRule { sheet, .. } => {
                let washed = self.sheet_event(mirror, sheet, &event);
                mirror.apply(event)?;
                out.extend(washed);
            }
            PageEvent::Focus { .. } | PageEvent::Selection { .. } | PageEvent::Viewport(_) | PageEvent::Pointer(_) => {
                mirror.apply(event.clone())?;
                out.extend(self.passing(mirror, event));
            }
            PageEvent::Url { .. } => {
                mirror.apply(event.clone())?;
                let changed = match mirror.root().filter(|_| self.rules_anew(mirror)) {
                    Some(root) => self.remark(mirror, root, Reach::Within),
                    None => Vec::new(),
                };
                let anew = self.find_rules(mirror, &mirror.documents());
                if anew {
                    self.note_page(mirror);
                    out.extend(self.snapshot(mirror));
                } else {
                    self.note_address(mirror);
                    out.extend(self.passing(mirror, event));
                    changed.into_iter().for_each(|node| self.add_again(mirror, node, out));
                }
            }
        }
        Ok(())
    }

    /// What is below a node came or went: a frame of which nothing was captured is a box, one with a document is none. True: the frame was sent anew.
    fn frame_changed(&self, mirror: &mut Mirror, parent: Option<NodeId>, out: &mut Vec<PageEvent>) -> bool {
        let Some(frame) = parent.filter(|id| mirror.get(*id).is_some_and(|entry| entry.state().size.is_some())) else {
            return false;
        };
        let changed = self.remark(mirror, frame, Reach::Element);
        changed.iter().for_each(|node| self.add_again(mirror, *node, out));
        !changed.is_empty()
    }

    /// Adds what watchers see of a subtree, with the changed sheets in it.
    fn add(&self, mirror: &Mirror, root: NodeId, out: &mut Vec<PageEvent>) {
        let Some(entry) = mirror.get(root).filter(|entry| !entry.below_gap) else { return };
        let (mut nodes, sheets) = self.subtree(mirror, root);
        if let Some(first) = nodes.first_mut() {
            first.before =
                entry.next().filter(|_| !matches!(entry.node, Node::Document { .. } | Node::ShadowRoot { .. }));
        }
        out.push(PageEvent::Add { nodes });
        out.extend(
            sheets.into_iter().map(|record| PageEvent::Sheet { sheet: record.sheet, rules: Some(record.rules) }),
        );
    }

    /// Sends a subtree anew, as it was marked. The page's document is the page.
    fn add_again(&self, mirror: &Mirror, root: NodeId, out: &mut Vec<PageEvent>) {
        if mirror.root() == Some(root) {
            out.extend(self.snapshot(mirror));
        } else if mirror.get(root).is_some_and(|entry| !entry.below_gap) {
            out.push(PageEvent::Remove { node: root });
            self.add(mirror, root, out);
        }
    }

    fn moved(
        &self,
        mirror: &mut Mirror,
        node: NodeId,
        parent: NodeId,
        event: PageEvent,
        out: &mut Vec<PageEvent>,
    ) -> Result<(), Broken> {
        let entry = mirror.get(node).ok_or(Broken::Unknown)?;
        let was_below = entry.below_gap;
        let (document, from) = (entry.document, entry.parent());
        let textual = |mirror: &Mirror, entry: &Entry| {
            mirror.parent(entry).is_some_and(|p| is_style(p) || is_html(p, "textarea"))
        };
        let mut anew = textual(mirror, entry);
        let styles = [style_of(mirror, entry.parent()), style_of(mirror, Some(parent))];
        let styles = if styles[0].map(|s| s.0) == styles[1].map(|s| s.0) { [styles[0], None] } else { styles };
        mirror.apply(event.clone())?;
        let entry = mirror.get(node).ok_or(Broken::Unknown)?;
        anew |= textual(mirror, entry) || entry.document != document;
        if entry.document != document {
            self.find_rules(mirror, &mirror.documents());
        }
        if from != Some(parent) {
            anew |= !self.remark(mirror, node, Reach::Within).is_empty();
        }
        let below = mirror.get(parent).is_some_and(|parent| parent.gap || parent.below_gap);
        match (was_below, below) {
            (true, true) => {}
            (false, false) if !anew => out.push(event),
            (false, false) => self.add_again(mirror, node, out),
            (false, true) => out.push(PageEvent::Remove { node }),
            (true, false) => self.add(mirror, node, out),
        }
        styles.into_iter().for_each(|style| self.restyle(mirror, style, None, out));
        Ok(())
    }

    fn attribute_set(
        &self,
        mirror: &mut Mirror,
        node: NodeId,
        name: String,
        event: PageEvent,
        out: &mut Vec<PageEvent>,
    ) -> Result<(), Broken> {
        let entry = mirror.get(node).ok_or(Broken::Unknown)?;
        let Node::Element { name: element, ns, .. } = &entry.node else { return Err(Broken::WrongKind) };
        let kind = attrs::kind(*ns, element, &name);
        let loads = matches!(kind, Some(Kind::Load | Kind::LoadSet | Kind::Css | Kind::Rel));
        let stale = loads && entry.base != mirror.base(entry.document);
        let reach = self.reach(mirror, entry, &name);
        let sized = entry.state().size.is_some() || entry.boxed.is_some();
        if stale || sized || reach != Reach::Nothing || attrs::is_pivot(*ns, element, &name) {
            return self.whole_element(mirror, node, event, stale, reach, out).map(drop);
        }
        mirror.apply(event)?;
        let Some(entry) = mirror.get(node).filter(|entry| !entry.gap && !entry.below_gap) else { return Ok(()) };
        if kind.is_some() {
            let value = entry.attr(&name).and_then(|value| self.attribute(mirror, entry, &name, value));
            out.push(PageEvent::Attribute { node, name, value });
        }
        Ok(())
    }

    /// Applies an event on which several things about an element depend, and sends what differs. True: the element was sent anew.
    fn whole_element(
        &self,
        mirror: &mut Mirror,
        node: NodeId,
        event: PageEvent,
        stale: bool,
        reach: Reach,
        out: &mut Vec<PageEvent>,
    ) -> Result<bool, Broken> {
        let view = |mirror: &Mirror| {
            let entry = mirror.get(node).filter(|entry| !entry.below_gap)?;
            let record = self.record(mirror, node, entry);
            let page::Node::Element { attrs, .. } = record.node else { return None };
            Some((attrs, record.state))
        };
        let before = view(mirror);
        mirror.apply(event)?;
        if stale {
            mirror.refresh_base(node);
        }
        let reach = if reach == Reach::Nothing { Reach::Element } else { reach };
        let changed = self.remark(mirror, node, reach);
        if changed.first() == Some(&node) {
            self.add_again(mirror, node, out);
            return Ok(true);
        }
        if let (Some(before), Some(now)) = (before, view(mirror)) {
            differences(node, before, now, out);
        }
        changed.into_iter().for_each(|node| self.add_again(mirror, node, out));
        Ok(false)
    }

    fn state_set(
        &self,
        mirror: &mut Mirror,
        node: NodeId,
        new: &NodeState,
        event: PageEvent,
        out: &mut Vec<PageEvent>,
    ) -> Result<(), Broken> {
        let entry = mirror.get(node).ok_or(Broken::Unknown)?;
        let masked = new.masked.is_some() && entry.state().masked != new.masked;
        let sized = new.size.is_some() || new.canvas.is_some() && entry.state().size.is_some();
        if (masked || sized) && matches!(entry.node, Node::Element { .. }) {
            if self.whole_element(mirror, node, event, false, Reach::Element, out)? {
                return Ok(());
            }
        } else {
            mirror.apply(event)?;
        }
        let Some(entry) = mirror.get(node).filter(|entry| !entry.gap && !entry.below_gap) else { return Ok(()) };
        let state = self.state(mirror, entry, new);
        if !state.is_empty() {
            out.push(PageEvent::State { node, state });
        }
        Ok(())
    }

    /// Sends what a change among a style element's texts changed in the others: see [`Wash::sheet_text`].
    fn restyle(
        &self,
        mirror: &Mirror,
        style: Option<(NodeId, bool)>,
        changed: Option<NodeId>,
        out: &mut Vec<PageEvent>,
    ) {
        let Some((style, was_joined)) = style else { return };
        let Some(entry) = mirror.get(style) else { return };
        let joined = is_joined(mirror, entry);
        let many = if joined == was_joined { 2 } else { usize::MAX };
        if joined || was_joined {
            texts(mirror, entry).take(many).for_each(|(id, _, _)| self.send_text(mirror, id, out));
        } else if let Some(changed) = changed {
            self.send_text(mirror, changed, out);
        }
    }

    pub(super) fn send_text(&self, mirror: &Mirror, node: NodeId, out: &mut Vec<PageEvent>) {
        if let Some(entry) = mirror.get(node).filter(|entry| !entry.below_gap) {
            let text = self.text_of(mirror, node, entry);
            mirror.works(text.len());
            out.push(PageEvent::Text { node, text });
        }
    }

    /// What watchers get of a change of a sheet: of constructed ones all, of elements' those that are shown.
    fn sheet_event(&self, mirror: &Mirror, sheet: NodeId, event: &PageEvent) -> Option<PageEvent> {
        if mirror.get(sheet).is_some_and(|entry| entry.gap || entry.below_gap) {
            return None;
        }
        let rule = |rule: &String| self.rule(mirror, sheet, rule);
        Some(match event {
            PageEvent::Sheet { rules, .. } => {
                PageEvent::Sheet { sheet, rules: rules.as_ref().map(|rules| rules.iter().map(rule).collect()) }
            }
            PageEvent::InsertRule { index, rule: text, .. } => {
                PageEvent::InsertRule { sheet, index: *index, rule: rule(text) }
            }
            other => other.clone(),
        })
    }

    /// Events that change no tree: they pass when their nodes are shown.
    fn passing(&self, mirror: &Mirror, event: PageEvent) -> Option<PageEvent> {
        let shown = |id: &NodeId| mirror.get(*id).is_some_and(|entry| !entry.gap && !entry.below_gap);
        Some(match event {
            PageEvent::Focus { node } => PageEvent::Focus { node: node.filter(shown) },
            PageEvent::Selection { range } => {
                let text = |id: &NodeId| {
                    let plain = |entry: &Entry| matches!(entry.node, Node::Text { .. }) && !entry.shade.is_masked();
                    shown(id) && mirror.get(*id).is_some_and(plain)
                };
                let range = range.filter(|Range { start, end, .. }| text(start) && text(end));
                PageEvent::Selection { range: range.map(|range| within(mirror, range)) }
            }
            PageEvent::Viewport(viewport) => PageEvent::Viewport(window(viewport)),
            PageEvent::Pointer(Pointer { action, node, at: (x, y) }) => PageEvent::Pointer(Pointer {
                action,
                node: node.filter(shown),
                at: (bounded(x).clamp(0.0, 1.0), bounded(y).clamp(0.0, 1.0)),
            }),
            PageEvent::Url { .. } => PageEvent::Url { url: self.told_url(mirror)?.into() },
            _ => return None,
        })
    }
}

/// What watchers are told of an element whose attributes and state are something else now.
fn differences(
    node: NodeId,
    (before, state_before): (Vec<(String, String)>, NodeState),
    (after, state): (Vec<(String, String)>, NodeState),
    out: &mut Vec<PageEvent>,
) {
    for (name, _) in before.iter().filter(|(name, _)| !after.iter().any(|(other, _)| other == name)) {
        out.push(PageEvent::Attribute { node, name: name.clone(), value: None });
    }
    for (name, value) in after.into_iter().filter(|pair| !before.contains(pair)) {
        out.push(PageEvent::Attribute { node, name, value: Some(value) });
    }
    let changed = NodeState {
        value: state.value.filter(|value| state_before.value.as_ref() != Some(value)),
        masked: if state.masked == state_before.masked { None } else { Some(state.masked == Some(true)) },
        ..NodeState::default()
    };
    if !changed.is_empty() {
        out.push(PageEvent::State { node, state: changed });
    }
}

/// The style element that a parent is, and whether its texts are washed as one now.
fn style_of(mirror: &Mirror, parent: Option<NodeId>) -> Option<(NodeId, bool)> {
    let id = parent?;
    let entry = mirror.get(id).filter(|entry| is_style(entry))?;
    Some((id, is_joined(mirror, entry)))
}

/// A viewport within bounds.
pub(super) fn window(v: Viewport) -> Viewport {
    Viewport {
        width: bounded(v.width).max(0.0),
        height: bounded(v.height).max(0.0),
        density: bounded(v.density).clamp(0.0, ZOOM),
        zoom: bounded(v.zoom).clamp(0.0, ZOOM),
        offset: (bounded(v.offset.0), bounded(v.offset.1)),
    }
}

#[cfg(test)]
mod tests;
