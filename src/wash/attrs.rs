//! The attributes that watchers may see, and what becomes of their values.
//!
//! Not here on purpose: handlers (`on*`), whatever navigates or posts (`action`, `target`, `ping`, `srcdoc`), whatever a scriptless view has no use for
//! (`nonce`, `integrity`, `autofocus`, `autoplay`, `contenteditable`). `id` and `name` may shadow properties of `document`; no script runs
//! beside them in a view.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::protocol::page::Namespace;

/// What becomes of an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It stays.
    Plain,
    /// It is a field's value, or a button's label.
    Value,
    /// It navigates: `#`.
    Link,
    /// It loads: the session's copy.
    Load,
    /// It loads one of several.
    LoadSet,
    /// It is a reference within the document: kept if it is a fragment.
    Fragment,
    /// It is CSS: declarations or a value.
    Css,
    /// It is the `rel` of a style sheet's link.
    Rel,
}

/// On any HTML or SVG element. Sorted.
const GLOBAL: &[&str] = &[
    "class",
    "dir",
    "draggable",
    "exportparts",
    "hidden",
    "id",
    "inert",
    "itemprop",
    "lang",
    "part",
    "popover",
    "role",
    "slot",
    "spellcheck",
    "tabindex",
    "title",
    "translate",
    "xml:lang",
    "xml:space",
];

/// On any HTML element: how it looks, and what state a form is in. Sorted.
const HTML: &[&str] = &[
    "abbr",
    "align",
    "alink",
    "alt",
    "axis",
    "behavior",
    "bgcolor",
    "border",
    "bordercolor",
    "bottommargin",
    "cellpadding",
    "cellspacing",
    "char",
    "charoff",
    "checked",
    "clear",
    "color",
    "cols",
    "colspan",
    "compact",
    "controls",
    "coords",
    "datetime",
    "decoding",
    "default",
    "direction",
    "dirname",
    "disabled",
    "face",
    "fetchpriority",
    "for",
    "frame",
    "frameborder",
    "headers",
    "height",
    "high",
    "hspace",
    "label",
    "leftmargin",
    "link",
    "loading",
    "loop",
    "low",
    "marginheight",
    "marginwidth",
    "max",
    "maxlength",
    "media",
    "min",
    "minlength",
    "multiple",
    "muted",
    "name",
    "noresize",
    "noshade",
    "nowrap",
    "open",
    "optimum",
    "pattern",
    "placeholder",
    "playsinline",
    "readonly",
    "required",
    "reversed",
    "rightmargin",
    "rows",
    "rowspan",
    "rules",
    "scope",
    "scrollamount",
    "scrolling",
    "selected",
    "shape",
    "size",
    "sizes",
    "span",
    "start",
    "step",
    "summary",
    "text",
    "topmargin",
    "truespeed",
    "type",
    "usemap",
    "valign",
    "vlink",
    "vspace",
    "width",
    "wrap",
];

/// On any SVG element: geometry, presentation, filters, animation. Values may hold `url()`. Sorted.
const SVG: &[&str] = &[
    "accumulate",
    "additive",
    "alignment-baseline",
    "amplitude",
    "attributeName",
    "attributeType",
    "azimuth",
    "baseFrequency",
    "baseline-shift",
    "begin",
    "bias",
    "by",
    "calcMode",
    "clip",
    "clip-path",
    "clip-rule",
    "clipPathUnits",
    "color",
    "color-interpolation",
    "color-interpolation-filters",
    "color-rendering",
    "cursor",
    "cx",
    "cy",
    "d",
    "diffuseConstant",
    "direction",
    "display",
    "divisor",
    "dominant-baseline",
    "dur",
    "dx",
    "dy",
    "edgeMode",
    "elevation",
    "end",
    "exponent",
    "fill",
    "fill-opacity",
    "fill-rule",
    "filter",
    "filterUnits",
    "flood-color",
    "flood-opacity",
    "font-family",
    "font-size",
    "font-size-adjust",
    "font-stretch",
    "font-style",
    "font-variant",
    "font-weight",
    "fr",
    "from",
    "fx",
    "fy",
    "glyph-orientation-horizontal",
    "glyph-orientation-vertical",
    "gradientTransform",
    "gradientUnits",
    "height",
    "image-rendering",
    "in",
    "in2",
    "intercept",
    "k1",
    "k2",
    "k3",
    "k4",
    "kernelMatrix",
    "kernelUnitLength",
    "keyPoints",
    "keySplines",
    "keyTimes",
    "lengthAdjust",
    "letter-spacing",
    "lighting-color",
    "limitingConeAngle",
    "marker-end",
    "marker-mid",
    "marker-start",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "mask",
    "mask-type",
    "maskContentUnits",
    "maskUnits",
    "max",
    "media",
    "method",
    "min",
    "mode",
    "numOctaves",
    "offset",
    "opacity",
    "operator",
    "order",
    "orient",
    "origin",
    "overflow",
    "paint-order",
    "path",
    "pathLength",
    "patternContentUnits",
    "patternTransform",
    "patternUnits",
    "pointer-events",
    "points",
    "pointsAtX",
    "pointsAtY",
    "pointsAtZ",
    "preserveAlpha",
    "preserveAspectRatio",
    "primitiveUnits",
    "r",
    "radius",
    "refX",
    "refY",
    "repeatCount",
    "repeatDur",
    "requiredExtensions",
    "restart",
    "result",
    "rotate",
    "rx",
    "ry",
    "scale",
    "seed",
    "shape-rendering",
    "side",
    "slope",
    "spacing",
    "specularConstant",
    "specularExponent",
    "spreadMethod",
    "startOffset",
    "stdDeviation",
    "stitchTiles",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "surfaceScale",
    "systemLanguage",
    "tableValues",
    "targetX",
    "targetY",
    "text-anchor",
    "text-decoration",
    "text-rendering",
    "textLength",
    "to",
    "transform",
    "transform-origin",
    "type",
    "unicode-bidi",
    "values",
    "vector-effect",
    "version",
    "viewBox",
    "visibility",
    "white-space",
    "width",
    "word-spacing",
    "writing-mode",
    "x",
    "x1",
    "x2",
    "xChannelSelector",
    "y",
    "y1",
    "y2",
    "yChannelSelector",
    "z",
    "zoomAndPan",
];

/// On any MathML element. Sorted.
const MATHML: &[&str] = &[
    "accent",
    "accentunder",
    "align",
    "class",
    "columnalign",
    "columnlines",
    "columnspacing",
    "columnspan",
    "depth",
    "dir",
    "display",
    "displaystyle",
    "fence",
    "form",
    "frame",
    "framespacing",
    "height",
    "id",
    "largeop",
    "linethickness",
    "lspace",
    "mathbackground",
    "mathcolor",
    "mathsize",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "notation",
    "rowalign",
    "rowlines",
    "rowspacing",
    "rowspan",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

type Names = LazyLock<FxHashSet<&'static str>>;

/// All of them.
pub(super) const LISTS: [&[&str]; 4] = [GLOBAL, HTML, SVG, MATHML];

static GLOBAL_NAMES: Names = LazyLock::new(|| GLOBAL.iter().copied().collect());
static HTML_NAMES: Names = LazyLock::new(|| GLOBAL.iter().chain(HTML).copied().collect());
static SVG_NAMES: Names = LazyLock::new(|| SVG.iter().copied().collect());
static MATHML_NAMES: Names = LazyLock::new(|| MATHML.iter().copied().collect());

/// What becomes of an attribute; none: it is dropped.
pub(super) fn kind(ns: Namespace, element: &str, name: &str) -> Option<Kind> {
    if name == "style" {
        return Some(Kind::Css);
    }
    match ns {
        Namespace::Html => html(element, name),
        Namespace::Svg => svg(element, name),
        Namespace::Mathml => MATHML_NAMES.contains(name).then_some(Kind::Plain).or_else(|| described(name)),
        Namespace::Other => None,
    }
}

/// Whether an SVG animation may change an attribute: one that watchers see and that holds no address but within CSS.
pub(super) fn animatable(name: &str) -> bool {
    name == "class" || SVG_NAMES.contains(name) && name != "attributeName"
}

/// Attributes that other attributes, the state, or the element's being shown depend on.
pub(super) fn is_pivot(ns: Namespace, element: &str, name: &str) -> bool {
    match ns {
        Namespace::Html => match element {
            "input" => matches!(name, "type" | "autocomplete"),
            "textarea" | "select" => name == "autocomplete",
            "link" => matches!(name, "rel" | "href"),
            _ => false,
        },
        Namespace::Svg => name == "attributeName",
        Namespace::Mathml | Namespace::Other => false,
    }
}

fn html(element: &str, name: &str) -> Option<Kind> {
    match (element, name) {
        ("a" | "area", "href") => Some(Kind::Link),
        ("link", "href") => Some(Kind::Load),
        ("link", "rel") => Some(Kind::Rel),
        ("img" | "source" | "video" | "audio" | "input", "src") | ("video", "poster") => Some(Kind::Load),
        ("img" | "source", "srcset") => Some(Kind::LoadSet),
        ("body" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th", "background") => Some(Kind::Load),
        ("input" | "button" | "option" | "li" | "meter" | "progress" | "data", "value") => Some(Kind::Value),
        ("marquee", "behavior") => Some(Kind::Plain),
        (_, "behavior") => None,
        _ => HTML_NAMES.contains(name).then_some(Kind::Plain).or_else(|| described(name)),
    }
}

fn svg(element: &str, name: &str) -> Option<Kind> {
    match (element, name) {
        ("a", "href" | "xlink:href") => Some(Kind::Link),
        ("image" | "feImage", "href" | "xlink:href") => Some(Kind::Load),
        (
            "use" | "linearGradient" | "radialGradient" | "pattern" | "textPath" | "mpath" | "filter" | "animate"
            | "animateMotion" | "animateTransform" | "set",
            "href" | "xlink:href",
        ) => Some(Kind::Fragment),
        ("style", "type") => Some(Kind::Plain),
        _ if GLOBAL_NAMES.contains(name) => Some(Kind::Plain),
        _ if SVG_NAMES.contains(name) => Some(Kind::Css),
        _ => described(name),
    }
}

/// Attributes that a page describes its elements with.
fn described(name: &str) -> Option<Kind> {
    let ours = name.get(..OURS.len()).is_some_and(|head| head.eq_ignore_ascii_case(OURS));
    ((name.starts_with("aria-") || name.starts_with("data-")) && !ours && is_name(name)).then_some(Kind::Plain)
}

/// Attributes that the wash alone sets.
const OURS: &str = "data-alongside-";

/// A name that every viewer can set and no writer has to escape.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| {
            matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' | ':')
                || !c.is_ascii() && c.is_alphanumeric()
        })
}

#[cfg(test)]
mod tests;
