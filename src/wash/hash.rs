//! The hash by which two trees are compared: visitor's DOM and mirror, washed mirror and viewer's DOM.
//!
//! `web/shared/hash.ts` computes the same from a DOM; `fixtures/hash/vectors.json` (snapshots and their hashes) is tested against both.
//!
//! # The stream
//! A tree is written as a stream of 16-bit units. `str(s)` is the UTF-16 units of `s` (made well-formed: a lone surrogate is U+FFFD),
//! then the unit 0xFFFF. A node is written so, its parts in this order:
//!
//! | node | units |
//! |---|---|
//! | document | 1, then 1 if it is in quirks mode else 0, *adopted*, children, 0 |
//! | document type | 2, str(name), str(public id), str(system id) |
//! | element | 3, namespace (HTML 0, SVG 1, MathML 2, other 3), str(qualified name), *attributes*, *state*, *changed sheet*, *inner*, children, 0 |
//! | text, CDATA section | 7, str(data) |
//! | shadow root | 8, *adopted*, children, 0 |
//!
//! - *attributes*: sorted by qualified name (order of UTF-16 units, as JavaScript sorts strings), each 4, str(qualified name), str(value). Of several
//!   attributes with one qualified name, the first alone.
//! - *state*: each of these that applies, in this order:
//!   - 5, str(value): the value is not empty, of an HTML `textarea`, or of an HTML `input` whose `type` attribute in ASCII lower case
//!     is none of `hidden submit image reset button checkbox radio file`.
//!   - 6, 1: checked, of an HTML `input` of type `checkbox` or `radio`.
//!   - 6, 2: indeterminate, of an HTML `input` of type `checkbox`.
//!   - 6, 3: selected, of an HTML `option`.
//!   - 6, 4: shown as a modal dialog (`:modal`), of an HTML `dialog`.
//!   - 6, 5: shown popover (`:popover-open`), of an HTML element.
//! - *changed sheet*: if the rules of the element's sheet were set by a sheet event: 10, str(rule) of each rule, 0. For a DOM these are the rules
//!   that the last events announced (the viewer keeps the texts that it got).
//! - *adopted*: for each adopted sheet in order 9, str(rule) of each rule, 0; a sheet that is not known counts as having no rules.
//! - *inner*: the element's shadow root, or its frame's document, if it is part of the tree.
//! - Children: those that are captured (no comments, no processing instructions, nothing of the companion's own).
//!
//! Not covered: ids, addresses of documents, scroll, focus, selection, media, canvas, `masked`, `defined`, `delegatesFocus`.
//!
//! # The function
//! Two 32-bit halves, all products modulo 2^32, `>>>` the unsigned shift:
//! ```text
//! a = 0xdeadbeef, b = 0x41c6ce57
//! for each unit u: a = (a ^ u) * 2654435761; b = (b ^ u) * 1597334677
//! a = ((a ^ (a >>> 16)) * 2246822507) ^ ((b ^ (b >>> 13)) * 3266489909)
//! b = ((b ^ (b >>> 16)) * 2246822507) ^ ((a ^ (a >>> 13)) * 3266489909)
//! hash = (b & 0x1fffff) * 2^32 + a
//! ```
//! The empty stream (no page) is written as no units at all.

use super::mirror::{self, Doctype};
use crate::protocol::page::{Namespace, Node, NodeId, NodeState};

/// Input types whose value is no state: it is the attribute, or it is not shown.
const NO_VALUE: [&str; 8] = ["hidden", "submit", "image", "reset", "button", "checkbox", "radio", "file"];

/// Takes nodes in document order.
pub(super) struct TreeHash {
    a: u32,
    b: u32,
}

impl TreeHash {
    pub(super) fn new() -> Self {
        Self { a: 0xdead_beef, b: 0x41c6_ce57 }
    }

    /// A node begins. `sheet` finds the rules that a sheet event set for an id.
    pub(super) fn enter<'a>(
        &mut self,
        id: NodeId,
        node: &Node,
        state: &NodeState,
        sheet: impl Fn(NodeId) -> Option<&'a [String]>,
    ) {
        match node {
            Node::Document { quirks, .. } => self.document(*quirks, state, sheet),
            Node::Doctype { name, public_id, system_id } => self.doctype([name, public_id, system_id]),
            Node::Element { name, ns, attrs } => self.element((name, *ns), attrs, state, sheet(id)),
            Node::Text { text } => self.text(text),
            Node::ShadowRoot { .. } => self.shadow_root(state, sheet),
        }
    }

    /// The same of a node as a mirror keeps it.
    pub(super) fn enter_kept<'a>(
        &mut self,
        id: NodeId,
        node: &mirror::Node,
        state: &NodeState,
        sheet: impl Fn(NodeId) -> Option<&'a [String]>,
    ) {
        match node {
            mirror::Node::Document { quirks } => self.document(*quirks, state, sheet),
            mirror::Node::Doctype(doctype) => {
                let Doctype { name, public_id, system_id } = doctype.as_ref();
                self.doctype([name, public_id, system_id]);
            }
            mirror::Node::Element { name, ns, attrs } => self.element((name, *ns), attrs, state, sheet(id)),
            mirror::Node::Text { text } => self.text(text),
            mirror::Node::ShadowRoot { .. } => self.shadow_root(state, sheet),
        }
    }

    /// A node and all below it have been written.
    pub(super) fn leave(&mut self, node: &mirror::Node) {
        if !matches!(node, mirror::Node::Text { .. } | mirror::Node::Doctype(_)) {
            self.unit(0);
        }
    }

    fn document<'a>(&mut self, quirks: bool, state: &NodeState, sheet: impl Fn(NodeId) -> Option<&'a [String]>) {
        self.unit(1);
        self.unit(u16::from(quirks));
        self.adopted(state, sheet);
    }

    fn doctype(&mut self, parts: [&str; 3]) {
        self.unit(2);
        parts.into_iter().for_each(|part| self.str(part));
    }

    fn element(
        &mut self,
        (name, ns): (&str, Namespace),
        attrs: &[(impl AsRef<str>, impl AsRef<str>)],
        state: &NodeState,
        sheet: Option<&[String]>,
    ) {
        self.unit(3);
        self.unit(ns as u16);
        self.str(name);
        self.attributes(attrs);
        self.state(name, ns, attrs, state);
        if let Some(rules) = sheet {
            self.rules(10, rules);
        }
    }

    fn text(&mut self, text: &str) {
        self.unit(7);
        self.str(text);
    }

    fn shadow_root<'a>(&mut self, state: &NodeState, sheet: impl Fn(NodeId) -> Option<&'a [String]>) {
        self.unit(8);
        self.adopted(state, sheet);
    }

    pub(super) fn finish(self) -> u64 {
        let Self { mut a, mut b } = self;
        a = (a ^ (a >> 16)).wrapping_mul(2_246_822_507) ^ (b ^ (b >> 13)).wrapping_mul(3_266_489_909);
        b = (b ^ (b >> 16)).wrapping_mul(2_246_822_507) ^ (a ^ (a >> 13)).wrapping_mul(3_266_489_909);
        u64::from(b & 0x001f_ffff) << 32 | u64::from(a)
    }

    fn unit(&mut self, unit: u16) {
        self.a = (self.a ^ u32::from(unit)).wrapping_mul(2_654_435_761);
        self.b = (self.b ^ u32::from(unit)).wrapping_mul(1_597_334_677);
    }

    fn str(&mut self, text: &str) {
        if text.is_ascii() {
            text.bytes().for_each(|byte| self.unit(u16::from(byte)));
        } else {
            text.encode_utf16().for_each(|unit| self.unit(unit));
        }
        self.unit(0xffff);
    }

    fn rules(&mut self, kind: u16, rules: &[String]) {
        self.unit(kind);
        rules.iter().for_each(|rule| self.str(rule));
        self.unit(0);
    }

    fn adopted<'a>(&mut self, state: &NodeState, sheet: impl Fn(NodeId) -> Option<&'a [String]>) {
        for id in state.adopted.iter().flatten() {
            self.rules(9, sheet(*id).unwrap_or_default());
        }
    }

    fn attributes(&mut self, attrs: &[(impl AsRef<str>, impl AsRef<str>)]) {
        let mut sorted: Vec<(&str, &str)> = attrs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        sorted.sort_by(|(a, _), (b, _)| match a.is_ascii() && b.is_ascii() {
            true => a.cmp(b),
            false => a.encode_utf16().cmp(b.encode_utf16()),
        });
        sorted.dedup_by(|(b, _), (a, _)| a == b);
        for (name, value) in sorted {
            self.unit(4);
            self.str(name);
            self.str(value);
        }
    }

    fn state(&mut self, name: &str, ns: Namespace, attrs: &[(impl AsRef<str>, impl AsRef<str>)], state: &NodeState) {
        if ns != Namespace::Html || state.is_empty() {
            return;
        }
        let kind = attrs.iter().find(|(name, _)| name.as_ref() == "type");
        let kind = kind.map(|(_, value)| value.as_ref().to_ascii_lowercase());
        let kind = kind.as_deref().unwrap_or_default();
        let input = name == "input";
        if let Some(value) = state.value.as_deref().filter(|v| !v.is_empty())
            && (name == "textarea" || input && !NO_VALUE.contains(&kind))
        {
            self.unit(5);
            self.str(value);
        }
        let flags = [
            (1, state.checked, input && matches!(kind, "checkbox" | "radio")),
            (2, state.indeterminate, input && kind == "checkbox"),
            (3, state.selected, name == "option"),
            (4, state.modal, name == "dialog"),
            (5, state.popover, true),
        ];
        for (unit, _, _) in flags.into_iter().filter(|(_, set, applies)| *set == Some(true) && *applies) {
            self.unit(6);
            self.unit(unit);
        }
    }
}

#[cfg(test)]
mod tests;
