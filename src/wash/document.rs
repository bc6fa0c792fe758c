//! A document as text into a mirror, for the command line and for tests: the live way gets its tree from a browser.
//!
//! html5ever is quadratic in the depth of its stack and in the number of a tag's attributes, and formatting elements multiply; so what it
//! gets is bounded first ([`bounds`]). The tree of kuchikiki is walked, not descended.

use kuchikiki::iter::NodeEdge;
use kuchikiki::{ElementData, NodeData};
use url::Url;

use super::{Broken, Mirror};
use crate::protocol::page::{Namespace, Node, NodeId, NodeRecord, NodeState, PageEvent, Snapshot, Viewport};

mod bounds;

/// Stands for a visitor's window, of which a document knows nothing.
const WINDOW: Viewport = Viewport { width: 1280.0, height: 800.0, density: 1.0, zoom: 1.0, offset: (0.0, 0.0) };

/// Parses an HTML document; `url` is its real address. Elements deeper than 512 become their ancestor's content, as in browsers.
///
/// # Errors
/// [`Broken::TooLarge`]: it has more nodes or bytes than a mirror keeps.
pub fn parse(html: &str, url: &Url) -> Result<Mirror, Broken> {
    parse_without(html, url, &[])
}

/// The same without some attributes, which are left out of all elements.
///
/// # Errors
/// See [`parse`].
pub fn parse_without(html: &str, url: &Url, left_out: &[&str]) -> Result<Mirror, Broken> {
    let document = bounds::parse(html);
    let mut nodes = Vec::new();
    let mut open: Vec<NodeId> = Vec::new();
    for edge in document.traverse_inclusive() {
        match edge {
            NodeEdge::Start(node) => {
                let id = NodeId(nodes.len() as u64 + 1);
                if let Some(kind) = record(node.data(), left_out) {
                    let parent = open.last().copied();
                    nodes.push(NodeRecord { id, parent, before: None, node: kind, state: NodeState::default() });
                    open.push(id);
                }
            }
            NodeEdge::End(node) => {
                if is_kept(node.data()) {
                    open.pop();
                }
            }
        }
    }
    let mut mirror = Mirror::default();
    let snapshot = Snapshot { url: url.as_str().to_owned(), viewport: WINDOW, nodes, sheets: Vec::new(), focus: None };
    mirror.apply(PageEvent::Snapshot(snapshot))?;
    Ok(mirror)
}

fn is_kept(data: &NodeData) -> bool {
    matches!(data, NodeData::Document(_) | NodeData::Doctype(_) | NodeData::Element(_) | NodeData::Text(_))
}

fn record(data: &NodeData, left_out: &[&str]) -> Option<Node> {
    Some(match data {
        NodeData::Document(document) => {
            Node::Document { url: None, quirks: document.quirks_mode() == html5ever::tree_builder::QuirksMode::Quirks }
        }
        NodeData::Doctype(doctype) => Node::Doctype {
            name: doctype.name.clone(),
            public_id: doctype.public_id.clone(),
            system_id: doctype.system_id.clone(),
        },
        NodeData::Element(element) => self::element(element, left_out),
        NodeData::Text(text) => Node::Text { text: text.borrow().clone() },
        NodeData::Comment(_) | NodeData::ProcessingInstruction(_) | NodeData::DocumentFragment => return None,
    })
}

fn element(element: &ElementData, left_out: &[&str]) -> Node {
    let ns = match &*element.name.ns {
        "http://www.w3.org/1999/xhtml" => Namespace::Html,
        "http://www.w3.org/2000/svg" => Namespace::Svg,
        "http://www.w3.org/1998/Math/MathML" => Namespace::Mathml,
        _ => Namespace::Other,
    };
    let attrs = element.attributes.borrow();
    let kept = attrs.map.iter().filter(|(name, _)| !left_out.contains(&&*name.local));
    let attrs = kept.map(|(name, attribute)| {
        let name = match &attribute.prefix {
            Some(prefix) if !prefix.is_empty() => format!("{prefix}:{}", name.local),
            _ => name.local.to_string(),
        };
        (name, attribute.value.clone())
    });
    Node::Element { name: element.name.local.to_string(), ns, attrs: attrs.collect() }
}

#[cfg(test)]
mod tests;
