//! The elements that watchers may see. What is not listed leaves a gap.
//!
//! Not here on purpose: whatever runs or loads something of its own (`script`, `object`, `embed`, `meta`, `base`, `track`), whatever is never shown
//! (`noscript`, `template`, `metadata`), and whatever a parser reads as raw text beside `style` (`xmp`, `plaintext`, `noembed`, `noframes`).

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::attrs;
use super::mirror::{Entry, Node};
use crate::protocol::page::Namespace;

/// Sorted.
const HTML: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "listing",
    "main",
    "map",
    "mark",
    "marquee",
    "menu",
    "meter",
    "nav",
    "nobr",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "picture",
    "pre",
    "progress",
    "q",
    "rb",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "samp",
    "search",
    "section",
    "select",
    "selectedcontent",
    "slot",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// Sorted.
const SVG: &[&str] = &[
    "a",
    "animate",
    "animateMotion",
    "animateTransform",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feImage",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "foreignObject",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "mpath",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "set",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
];

/// Sorted, for binary search.
const MATHML: &[&str] = &[
    "maction",
    "math",
    "menclose",
    "merror",
    "mfrac",
    "mi",
    "mlabeledtr",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "none",
    "semantics",
];

/// All of them.
pub(super) const LISTS: [&[&str]; 3] = [HTML, SVG, MATHML];

type Names = LazyLock<FxHashSet<&'static str>>;

static HTML_NAMES: Names = LazyLock::new(|| HTML.iter().copied().collect());
static SVG_NAMES: Names = LazyLock::new(|| SVG.iter().copied().collect());

/// Whether an element may be seen, addresses aside. An animation may be seen if what it animates is an attribute that watchers see
/// and that holds no address.
pub(super) fn allowed(entry: &Entry) -> bool {
    let Node::Element { name, ns, .. } = &entry.node else { return true };
    match ns {
        Namespace::Html => HTML_NAMES.contains(name.as_str()) || is_custom(name),
        Namespace::Svg => {
            let animates = matches!(name.as_str(), "animate" | "animateMotion" | "animateTransform" | "set");
            SVG_NAMES.contains(name.as_str())
                && (!animates || entry.attr("attributeName").is_none_or(|animated| attrs::animatable(animated.trim())))
        }
        Namespace::Mathml => MATHML.binary_search(&name.as_str()).is_ok(),
        Namespace::Other => false,
    }
}

/// A name that a custom element can have (HTML Standard, "valid custom element name", its characters kept to letters, digits, `-`, `.`, `_`).
fn is_custom(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.contains('-')
        && name
            .chars()
            .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-' | '.' | '_') || !c.is_ascii() && c.is_alphanumeric())
}

/// Whether it is this HTML element.
pub(super) fn is_html(entry: &Entry, wanted: &str) -> bool {
    matches!(&entry.node, Node::Element { name, ns: Namespace::Html, .. } if name == wanted)
}

/// Whether its text is a style sheet.
pub(super) fn is_style(entry: &Entry) -> bool {
    matches!(&entry.node, Node::Element { name, ns: Namespace::Html | Namespace::Svg, .. } if name == "style")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!([HTML, SVG, MATHML].iter().all(|list| list.is_sorted()));
    }

    #[test]
    fn custom_names() {
        assert!(["x-y", "my-élément", "a-1.b_c"].into_iter().all(is_custom));
        assert!(["x", "X-y", "-x", "x-y z", "x-y>", "1-a", "x-\u{0}"].into_iter().all(|name| !is_custom(name)));
    }
}
