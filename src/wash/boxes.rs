//! Boxes: what stands in the place of something that agents do not see, so that the layout stays. What took no place leaves a gap.
//!
//! A box has the element's class, id and style, and its size as the companion told it. What a browser draws by itself (pictures, fields, frames, ...) becomes
//! the element `alongside-box`; everything else keeps its name. Nothing below it is sent.

use super::Wash;
use super::address::{Mapped, Place};
use super::css;
use super::elements;
use super::mirror::{Entry, Mirror, Node};
use super::nodes::{DEEPEST, bounded};
use super::shade::Shade;
use crate::policy::Use;
use crate::protocol::page::{self, Namespace};

/// The element in the place of something that a browser draws by itself.
const BOX: &str = "alongside-box";
/// Elements that a browser draws by itself, or gives contents of its own where they have none.
const DRAWN: &[&str] = &[
    "audio", "button", "canvas", "details", "dialog", "embed", "frame", "iframe", "img", "input", "meter", "object",
    "picture", "progress", "select", "textarea", "video",
];
/// Elements that are never drawn.
const SILENT: &[&str] = &[
    "area", "base", "basefont", "bgsound", "col", "link", "meta", "noembed", "noframes", "noscript", "param", "script",
    "source", "style", "template", "track",
];

/// Why a box stands somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boxed {
    /// A rule hides it.
    Hidden,
    /// It is not on the allowlist.
    Foreign,
    /// It is not captured, or not shown to anybody.
    Masked,
}

impl Boxed {
    fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Foreign => "foreign",
            Self::Masked => "masked",
        }
    }
}

impl Wash {
    /// Whether something else stands in a node's place, and whether that is a box; otherwise it is a gap.
    pub(super) fn cover(&self, entry: &Entry, shade: Shade) -> (bool, Option<Boxed>) {
        let Node::Element { name, ns, .. } = &entry.node else { return (false, None) };
        let dropped = self.drops(entry);
        if Self::is_too_deep(entry) {
            return (true, None);
        }
        let sized = entry.state().size.is_some();
        if !sized && !shade.is_hidden() {
            return (dropped, None);
        }
        let drawn = match ns {
            Namespace::Html => !SILENT.contains(&name.as_str()),
            Namespace::Svg => name == "svg",
            Namespace::Mathml => name == "math",
            Namespace::Other => false,
        };
        if shade.is_hidden() {
            return (true, (drawn && (sized || !dropped)).then_some(Boxed::Hidden));
        }
        if !drawn {
            return (dropped, None);
        }
        let missing = match name.as_str() {
            "iframe" | "frame" => !entry.has_inner(),
            "canvas" => entry.state().canvas.is_none(),
            _ => dropped,
        };
        let boxed = self.refused(entry).or(missing.then_some(Boxed::Masked));
        (dropped || boxed.is_some(), boxed)
    }

    /// Deeper than what is laid out.
    pub(super) fn is_too_deep(entry: &Entry) -> bool {
        entry.depth > DEEPEST
    }

    /// An element whose addresses are all refused.
    pub(super) fn refused(&self, entry: &Entry) -> Option<Boxed> {
        let Node::Element { name, ns: Namespace::Html, .. } = &entry.node else { return None };
        let names: &[&str] = match name.as_str() {
            "img" => &["src", "srcset"],
            "iframe" | "frame" if !entry.has_inner() && entry.attr("srcdoc").is_none() => &["src"],
            "video" | "audio" | "embed" | "input" => &["src"],
            "object" => &["data"],
            _ => return None,
        };
        let place = Place { base: entry.base.as_deref(), prefix: "a/", scrubber: None };
        let mut boxed = None;
        for name in names {
            let Some(value) = entry.attr(name).map(str::trim).filter(|value| !value.is_empty()) else { continue };
            if *name == "srcset" {
                if self.load_srcset(value, place).is_some() {
                    return None;
                }
                boxed = boxed.or(Some(Boxed::Foreign));
                continue;
            }
            if self.load(value, place) != Mapped::Refused {
                return None;
            }
            let url = url::Url::options().base_url(place.base).parse(value).ok();
            let real = url.and_then(|url| self.real(&url)).filter(|url| matches!(url.scheme(), "http" | "https"));
            let foreign = real.is_some_and(|real| self.policy.permit(&real, Use::Load).is_err());
            boxed = Some(if foreign { Boxed::Foreign } else { Boxed::Masked });
        }
        boxed
    }

    /// The box in an element's place.
    pub(super) fn box_of(&self, mirror: &Mirror, entry: &Entry, boxed: Boxed) -> page::Node {
        let plain = |name: &str| Some((name.to_owned(), self.attribute(mirror, entry, name, entry.attr(name)?)?));
        let mut attrs: Vec<(String, String)> = ["class", "id"].into_iter().filter_map(plain).collect();
        let style = plain("style").map(|(_, style)| style).unwrap_or_default();
        // The picture behind a hidden element is part of what is hidden.
        let style = if boxed == Boxed::Hidden { css::wash(&style, &|_| Mapped::Refused) } else { style };
        let style = box_style(&style, box_name(entry) == BOX, entry.state().size);
        if !style.is_empty() {
            attrs.push(("style".to_owned(), style));
        }
        attrs.push(("data-alongside-box".to_owned(), boxed.name().to_owned()));
        page::Node::Element { name: box_name(entry).to_owned(), ns: Namespace::Html, attrs }
    }
}

/// Name of the box in an element's place.
pub(super) fn box_name(entry: &Entry) -> &str {
    match &entry.node {
        Node::Element { name, ns: Namespace::Html, .. }
            if !DRAWN.contains(&name.as_str()) && elements::allowed(entry) =>
        {
            name
        }
        _ => BOX,
    }
}

/// The page's declarations, then the size; before them, where nothing else says so, how a picture stands in a line.
fn box_style(style: &str, drawn: bool, size: Option<(f64, f64)>) -> String {
    let mut out = String::new();
    if drawn {
        out.push_str("display:inline-block;");
    }
    let style = style.trim().trim_end_matches(';');
    // What is not closed would take the size in.
    if !style.is_empty() && css::is_closed(&format!("{style};")) {
        out.push_str(style);
        out.push(';');
    }
    if let Some((width, height)) = size {
        let px = |n: f64| (bounded(n).max(0.0) * 100.0).round() / 100.0;
        let (width, height) = (px(width), px(height));
        out.push_str("box-sizing:border-box!important;");
        for (name, n) in [("width", width), ("height", height)] {
            for limit in ["", "min-", "max-"] {
                out.push_str(&format!("{limit}{name}:{n}px!important;"));
            }
        }
    }
    out
}
