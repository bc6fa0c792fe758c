//! What watchers see of one node.

use super::Wash;
use super::address::{Mapped, Place};
use super::attrs::{self, Kind};
use super::css;
use super::elements::{self, is_html, is_style};
use super::mask;
use super::mirror::{Doctype, Entry, Mirror, Name, Node, Text};
use super::scrub::{GEOMETRY, fragment, scrubbed, scrubbed_attr, scrubbed_value, styled, tells};
use crate::protocol::page::{self, MediaState, Namespace, NodeId, NodeRecord, NodeState};

/// The element in the place of a dropped one.
pub(super) const GAP: &str = "alongside-gap";
/// The name of an element whose own tells something.
const NAMELESS: &str = "alongside-element";
/// Deepest element that is shown. Parsers of browsers stop at 512; a page that a script built some thousands deep ends the process that lays it
/// out, with every other session's view in it.
pub(super) const DEEPEST: u32 = 600;
/// Most bytes of a canvas's picture.
const CANVAS: usize = 4 << 20;
/// Largest offset and time, so that nothing overflows anywhere.
const FAR: f64 = 1e8;

impl Wash {
    /// Whether an element is on no list of those that watchers may see.
    pub(super) fn drops(&self, entry: &Entry) -> bool {
        !elements::allowed(entry) || is_html(entry, "link") && self.stylesheet_link(entry).is_none()
    }

    /// What watchers get of a node, without its place among its siblings.
    pub(super) fn record(&self, mirror: &Mirror, id: NodeId, entry: &Entry) -> NodeRecord {
        mirror.looks_at(1);
        mirror.works(entry.weight());
        let node = match &entry.node {
            _ if let Some(boxed) = entry.boxed => self.box_of(mirror, entry, boxed),
            Node::Element { .. } if entry.gap => page::Node::Element {
                name: GAP.to_owned(),
                ns: Namespace::Html,
                attrs: vec![("style".to_owned(), "display:none!important".to_owned())],
            },
            Node::Element { name, ns, .. } => {
                let name = if name_tells(mirror, entry, name) { NAMELESS } else { name };
                page::Node::Element { name: name.to_owned(), ns: *ns, attrs: self.attributes(mirror, entry) }
            }
            Node::Text { .. } => page::Node::Text { text: self.text_of(mirror, id, entry) },
            Node::Doctype(doctype) => {
                let Doctype { name, public_id, system_id } = doctype.as_ref();
                let [name, public_id, system_id] =
                    [name, public_id, system_id].map(|text| scrubbed(mirror, entry, text));
                page::Node::Doctype { name, public_id, system_id }
            }
            node @ (Node::Document { .. } | Node::ShadowRoot { .. }) => node.into(),
        };
        let state = entry.state.as_deref().filter(|_| !entry.gap);
        let state = state.map(|state| self.state(mirror, entry, state)).unwrap_or_default();
        NodeRecord { id, parent: entry.parent(), before: None, node, state }
    }

    /// What watchers see of an element's attributes.
    pub(super) fn attributes(&self, mirror: &Mirror, entry: &Entry) -> Vec<(String, String)> {
        let Node::Element { attrs, .. } = &entry.node else { return Vec::new() };
        mirror.works(entry.weight());
        let washed = |(name, value): &(Name, Text)| {
            Some((name.as_str().to_owned(), self.attribute(mirror, entry, name, value)?))
        };
        attrs.iter().filter_map(washed).collect()
    }

    /// What watchers see of an attribute; none: nothing.
    pub(super) fn attribute(&self, mirror: &Mirror, entry: &Entry, name: &str, value: &str) -> Option<String> {
        let Node::Element { name: element, ns, .. } = &entry.node else { return None };
        let place = place(mirror, entry);
        let masked = entry.shade.is_masked();
        let css = |text: &str| {
            let washed = css::wash(text, &|address| self.load(address, place));
            let typed = entry.typed_attr(name, value).is_some();
            styled(mirror, entry, if masked { css::stars(&washed) } else { washed }, typed)
        };
        match attrs::kind(*ns, element, name)
            .filter(|_| place.scrubber.is_none_or(|scrubber| !tells(scrubber, name)))?
        {
            Kind::Plain if masked && matches!(name, "checked" | "selected") => None,
            Kind::Plain if masked && mask::tells(name) => Some(mask::text(value)),
            Kind::Plain => Some(scrubbed_attr(mirror, entry, name, value)),
            Kind::Value => value_attribute(mirror, entry, value),
            Kind::Link => Some("#".to_owned()),
            Kind::Load => match self.load(value, place) {
                Mapped::Same if value.trim_matches(|c: char| c <= ' ').starts_with('#') => None,
                Mapped::Same => Some(value.to_owned()),
                Mapped::Asset(address) => Some(address),
                Mapped::Refused => None,
            },
            Kind::LoadSet => self.load_srcset(value, place),
            Kind::Fragment => value.trim().starts_with('#').then(|| fragment(mirror, entry, name, value.trim())),
            Kind::Css if name != "style" && is_script(value) => None,
            // Values of an animation are CSS each: what is a string or a comment over a semicolon is none to a browser.
            Kind::Css if name == "values" => {
                let washed: Vec<String> = value.split(';').map(css).collect();
                Some(washed.join(";"))
            }
            Kind::Css if GEOMETRY.contains(&name) => Some(css::wash(value, &|address| self.load(address, place))),
            Kind::Css => Some(css(value)),
            Kind::Rel => self.stylesheet_link(entry).map(str::to_owned),
        }
    }

    /// A text node's data. Within a batch, of a page with rules: nothing, see [`Wash::settle`].
    pub(super) fn text_of(&self, mirror: &Mirror, id: NodeId, entry: &Entry) -> String {
        let Node::Text { text } = &entry.node else { return String::new() };
        let Some(parent) = mirror.parent(entry) else { return String::new() };
        if is_style(parent) {
            return self.sheet_text(mirror, id, entry, parent);
        }
        if parent.shade.is_masked() {
            return if is_html(parent, "textarea") { mask::stars(parent, text) } else { mask::text(text) };
        }
        if mirror.is_settled() { entry.scrubbed().unwrap_or(text).to_owned() } else { String::new() }
    }

    /// A text of a `style` element. Where its texts are no whole rules each, they are washed as the one sheet that they are for a browser, in the place of the first.
    fn sheet_text(&self, mirror: &Mirror, id: NodeId, entry: &Entry, style: &Entry) -> String {
        let place = place(mirror, entry);
        let wash = |text: &str| {
            let washed = css::wash(text, &|address| self.load(address, place));
            styled(mirror, entry, if tells_nothing(style) { css::stars(&washed) } else { washed }, false)
        };
        let Node::Text { text } = &entry.node else { return String::new() };
        if !is_joined(mirror, style) {
            return wash(text);
        }
        let mut texts = texts(mirror, style).peekable();
        if texts.peek().is_some_and(|(first, _, _)| *first != id) {
            return String::new();
        }
        let joined = texts.map(|(_, _, text)| text).collect::<String>();
        mirror.works(joined.len());
        wash(&joined)
    }

    /// What watchers see of a state or of a change of it.
    pub(super) fn state(&self, mirror: &Mirror, entry: &Entry, state: &NodeState) -> NodeState {
        let root = matches!(entry.node, Node::Document { .. } | Node::ShadowRoot { .. });
        let input = is_html(entry, "input");
        let has_value = is_html(entry, "textarea") || input && !matches!(input_type(entry).as_str(), "hidden" | "file");
        let masked = entry.shade.is_masked();
        let html = matches!(&entry.node, Node::Element { ns: Namespace::Html, .. });
        let media = is_html(entry, "video") || is_html(entry, "audio");
        let selectable = is_html(entry, "option") && !masked;
        let value = state.value.as_deref().filter(|_| has_value);
        NodeState {
            masked: if value.is_some() && masked { Some(true) } else { state.masked.filter(|_| has_value) },
            value: value.map(|value| {
                if masked { mask::stars(entry, value) } else { scrubbed_value(mirror, entry, None, value) }
            }),
            checked: state.checked.filter(|_| input && !masked),
            indeterminate: state.indeterminate.filter(|_| input && !masked),
            selected: state.selected.filter(|_| selectable),
            scroll: state.scroll.map(|(x, y)| (bounded(x), bounded(y))),
            modal: state.modal.filter(|_| is_html(entry, "dialog")),
            popover: state.popover.filter(|_| html),
            media: state.media.filter(|_| media && !masked).map(|m| MediaState {
                time: bounded(m.time),
                paused: m.paused,
                rate: bounded(m.rate).clamp(0.0, 16.0),
            }),
            canvas: state.canvas.as_ref().filter(|url| is_html(entry, "canvas") && is_picture(url)).cloned(),
            adopted: state.adopted.clone().filter(|_| root),
            size: None,
            defined: state.defined.filter(|_| html),
        }
    }

    /// A rule of a sheet; `base` is what its addresses are resolved against.
    pub(super) fn rule(&self, mirror: &Mirror, sheet: NodeId, rule: &str) -> String {
        let base = self.sheet_base(mirror, sheet);
        let document = mirror.get(sheet).map(|entry| entry.document).or(mirror.root());
        let scrubber = document.and_then(|document| mirror.scrubber(document));
        let place = Place { base: base.as_ref(), prefix: "a/", scrubber };
        let washed = css::rule(rule, &|address| self.load(address, place));
        let owner = mirror.get(sheet).or_else(|| mirror.get(mirror.root()?));
        let washed = if owner.is_some_and(tells_nothing) { css::stars(&washed) } else { washed };
        match scrubber {
            Some(scrubber) => css::as_rule(css::scrub(washed, scrubber, false)),
            None => washed,
        }
    }

    /// Base of a sheet: a linked one's is its own address, any other's is its document's.
    fn sheet_base(&self, mirror: &Mirror, sheet: NodeId) -> Option<url::Url> {
        let Some(entry) = mirror.get(sheet) else { return mirror.base(mirror.root()?).map(|base| (*base).clone()) };
        let base = entry.base.as_deref();
        let href = if is_html(entry, "link") { entry.attr("href") } else { None };
        mirror.works(href.map_or(0, str::len));
        match href {
            Some(href) => url::Url::options().base_url(base).parse(href.trim()).ok(),
            None => base.cloned(),
        }
    }

    /// The `rel` of a link to a style sheet whose address may be loaded; none: any other link.
    fn stylesheet_link(&self, entry: &Entry) -> Option<&'static str> {
        let rel = entry.attr("rel")?.to_ascii_lowercase();
        let tokens = || rel.split_ascii_whitespace();
        let place = Place { base: entry.base.as_deref(), prefix: "a/", scrubber: None };
        if !tokens().any(|token| token == "stylesheet") {
            return None;
        }
        let Mapped::Asset(_) = self.load(entry.attr("href")?, place) else { return None };
        Some(if tokens().any(|token| token == "alternate") { "alternate stylesheet" } else { "stylesheet" })
    }
}

/// Where addresses of an element stand.
pub(super) fn place<'a>(mirror: &'a Mirror, entry: &'a Entry) -> Place<'a> {
    Place { base: entry.base.as_deref(), prefix: "a/", scrubber: mirror.scrubber(entry.document) }
}

/// Whether an element's name, which is the page's own, tells something or begins to.
fn name_tells(mirror: &Mirror, entry: &Entry, name: &str) -> bool {
    let scrubber = if name.contains('-') { mirror.scrubber(entry.document) } else { None };
    scrubber.is_some_and(|scrubber| tells(scrubber, name) || scrubber.telling_end(name).is_some())
}

fn value_attribute(mirror: &Mirror, entry: &Entry, value: &str) -> Option<String> {
    if entry.shade.is_masked() {
        return Some(if mask::is_field(entry) { mask::stars(entry, value) } else { mask::text(value) });
    }
    if !is_html(entry, "input") {
        return Some(scrubbed_attr(mirror, entry, "value", value));
    }
    match input_type(entry).as_str() {
        "hidden" | "file" => None,
        "submit" | "reset" | "button" | "checkbox" | "radio" => Some(scrubbed_attr(mirror, entry, "value", value)),
        _ => Some(scrubbed_value(mirror, entry, Some("value"), value)),
    }
}

/// Strings in the style sheets of an element, or of a document, are starred.
fn tells_nothing(owner: &Entry) -> bool {
    owner.shade.is_masked() || owner.shade.is_private()
}

/// The texts of a style element are washed as one.
pub(super) fn is_joined(mirror: &Mirror, style: &Entry) -> bool {
    *style.joined.get_or_init(|| {
        let mut texts = texts(mirror, style).peekable();
        while let Some((_, entry, text)) = texts.next() {
            mirror.looks_at(1);
            if texts.peek().is_some() && !entry.closed.get_or_init(|| css::is_closed(text)) {
                return true;
            }
        }
        false
    })
}

/// The text nodes among an element's children.
pub(super) fn texts<'a>(mirror: &'a Mirror, parent: &'a Entry) -> impl Iterator<Item = (NodeId, &'a Entry, &'a str)> {
    mirror.siblings(parent.first()).filter_map(|(id, entry)| match &entry.node {
        Node::Text { text } => Some((id, entry, text.as_str())),
        _ => None,
    })
}

/// The `type` of an input.
fn input_type(entry: &Entry) -> String {
    entry.attr("type").unwrap_or_default().to_ascii_lowercase()
}

/// No attribute that may be animated runs an address; but what looks like a script's need not be shown.
fn is_script(value: &str) -> bool {
    let bare: String = value.chars().filter(|c| *c > ' ').collect();
    bare.to_ascii_lowercase().contains("javascript:")
}

fn is_picture(url: &str) -> bool {
    let heads = ["data:image/png;base64,", "data:image/jpeg;base64,", "data:image/webp;base64,"];
    let body = heads.iter().find_map(|head| url.strip_prefix(head));
    body.is_some_and(|body| {
        body.len() <= CANVAS && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
    })
}

pub(super) fn bounded(n: f64) -> f64 {
    if n.is_finite() { n.clamp(-FAR, FAR) } else { 0.0 }
}
