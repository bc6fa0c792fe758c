//! A washed page as HTML text.
//!
//! The live way sends no text: viewers build nodes. This is for the command line and for tests. A parser may read the text as another tree than the one
//! that was written (HTML cannot say every tree), so nothing in it may mean something else in another place: every `<`, `>` and `&` of texts and
//! values is escaped, and in style sheets, which a parser reads raw, `<` becomes a CSS escape wherever a parser could see a tag.
//!
//! Gaps are written as empty `template` elements: these stand anywhere, and count for sibling selectors. Shadow roots are written declaratively.

use super::Wash;
use super::boxes::box_name;
use super::mirror::{self, Entry, Mirror, Step};
use super::nodes::GAP;
use super::preview::Dress;
use crate::protocol::page::{Namespace, Node};

/// Elements without an end tag (HTML Standard, "void elements"), and `frame`.
const VOID: [&str; 10] = ["area", "br", "col", "frame", "hr", "img", "input", "link", "source", "wbr"];

impl Wash {
    /// The washed page as HTML text.
    #[must_use]
    pub fn html(&self, mirror: &Mirror) -> String {
        self.dressed(mirror, &Dress::default())
    }

    /// The same with marks, and with style sheets in place of links to them.
    pub(super) fn dressed(&self, mirror: &Mirror, dress: &Dress) -> String {
        let mut out = String::new();
        let mut walk = mirror.root().map(|root| mirror.walk(root));
        while let Some(step) = walk.as_mut().and_then(Iterator::next) {
            match step {
                Step::Enter(id, entry) => {
                    let record = self.record(mirror, id, entry);
                    let parent = mirror.parent(entry);
                    match dress.sheets.get(&id) {
                        Some(sheet) => write_sheet(&mut out, &record.node, sheet, dress.marks.get(&id)),
                        None => write_start(&mut out, &record.node, parent, dress.marks.get(&id)),
                    }
                    if (entry.gap || is_leaf(&record.node))
                        && let Some(walk) = walk.as_mut()
                    {
                        walk.not_below(id);
                    }
                }
                Step::Leave(entry) => write_end(&mut out, entry),
            }
        }
        out
    }
}

/// What is below such a node is not written.
fn is_leaf(node: &Node) -> bool {
    matches!(node, Node::Element { name, ns: Namespace::Html, .. } if name == GAP || name == "iframe" || VOID.contains(&name.as_str()))
}

fn write_start(out: &mut String, node: &Node, parent: Option<&Entry>, mark: Option<&usize>) {
    match node {
        Node::Document { .. } => {}
        Node::Doctype { name, public_id, system_id } => write_doctype(out, [name, public_id, system_id]),
        Node::Element { name, ns: Namespace::Html, .. } if name == GAP => {
            out.push_str("<template");
            write_mark(out, mark);
            out.push('>');
        }
        Node::Element { name, attrs, ns } => {
            out.push('<');
            out.push_str(name);
            for (name, value) in attrs {
                out.push(' ');
                out.push_str(name);
                out.push_str("=\"");
                escape(out, value);
                out.push('"');
            }
            write_mark(out, mark);
            out.push('>');
            if ns.is_html() && matches!(name.as_str(), "pre" | "listing" | "textarea") {
                // The parser drops one line feed after these.
                out.push('\n');
            }
        }
        Node::Text { text } => match parent.map(|parent| &parent.node) {
            Some(mirror::Node::Element { name, ns: Namespace::Html, .. }) if name == "style" => raw(out, text),
            _ if mark.is_some() => {
                out.push_str("<alongside-mark");
                write_mark(out, mark);
                out.push('>');
                escape(out, text);
                out.push_str("</alongside-mark>");
            }
            _ => escape(out, text),
        },
        Node::ShadowRoot { .. } => out.push_str("<template shadowrootmode=\"open\">"),
    }
}

fn write_mark(out: &mut String, mark: Option<&usize>) {
    if let Some(number) = mark {
        out.push_str(&format!(" data-alongside-mark=\"{number}\""));
    }
}

/// A `style` element in place of a link.
fn write_sheet(out: &mut String, link: &Node, sheet: &str, mark: Option<&usize>) {
    let Node::Element { attrs, .. } = link else { return };
    out.push_str("<style");
    if let Some((_, media)) = attrs.iter().find(|(name, _)| name == "media") {
        out.push_str(" media=\"");
        escape(out, media);
        out.push('"');
    }
    write_mark(out, mark);
    out.push('>');
    raw(out, sheet);
    out.push_str("</style>");
}

fn write_end(out: &mut String, entry: &Entry) {
    match &entry.node {
        _ if entry.boxed.is_some() && VOID.contains(&box_name(entry)) => {}
        _ if entry.boxed.is_some() => {
            out.push_str("</");
            out.push_str(box_name(entry));
            out.push('>');
        }
        mirror::Node::Element { .. } if entry.gap => out.push_str("</template>"),
        mirror::Node::Element { name, ns, .. } if !(ns.is_html() && VOID.contains(&name.as_str())) => {
            out.push_str("</");
            out.push_str(name);
            out.push('>');
        }
        mirror::Node::ShadowRoot { .. } => out.push_str("</template>"),
        _ => {}
    }
}

fn write_doctype(out: &mut String, [name, public_id, system_id]: [&String; 3]) {
    let plain = |text: &str| text.chars().filter(|c| !matches!(c, '<' | '>' | '"')).collect::<String>();
    let [name, public_id, system_id] = [name, public_id, system_id].map(|text| plain(text));
    out.push_str("<!DOCTYPE ");
    out.push_str(&name);
    match (public_id.is_empty(), system_id.is_empty()) {
        (true, true) => {}
        (false, true) => out.push_str(&format!(" PUBLIC \"{public_id}\"")),
        (false, false) => out.push_str(&format!(" PUBLIC \"{public_id}\" \"{system_id}\"")),
        (true, false) => out.push_str(&format!(" SYSTEM \"{system_id}\"")),
    }
    out.push('>');
}

fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\u{a0}', '\r']) {
        out.push_str(&rest[..at]);
        let c = rest[at..].chars().next().unwrap_or_default();
        out.push_str(match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\r' => "&#13;",
            _ => "&nbsp;",
        });
        rest = &rest[at + c.len_utf8()..];
    }
    out.push_str(rest);
}

/// A style sheet: a `<` before which a parser would look up is written as its CSS escape, which is the same in strings and addresses.
fn raw(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let tag = rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        out.push_str(if tag { "\\3c " } else { "<" });
    }
    out.push_str(rest);
}
