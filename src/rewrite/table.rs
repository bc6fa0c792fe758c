//! Which attributes hold addresses: one table, for the rewriter and, exported to `web/shared/table.ts`, for the shim.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// What an attribute's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One address that nothing loads before somebody follows it. Mapped even where the allowlist refuses it: the proxy then says so.
    Navigate,
    /// One address that the page loads. Goes where the allowlist refuses it.
    Load,
    /// Addresses that the page loads, with white space between. Those that the allowlist refuses go.
    Loads,
    /// Image candidates (HTML Standard, 4.8.4.2.1).
    Srcset,
    /// Declarations or a value of CSS.
    Css,
    /// A document.
    Html,
    /// The address of a `link`: `rel` says whether it is loaded or followed.
    Link,
    /// The base of the document's addresses.
    Base,
    /// A permissions policy, which names origins.
    Origins,
    /// Goes: it would bring policies or reports of the real site into the view.
    Drop,
}

/// An attribute that holds addresses.
#[derive(Clone, Copy, Debug)]
pub struct UrlAttribute {
    /// Local name of the element in lower case, whichever its namespace; `*` is any.
    pub element: &'static str,
    /// Name in lower case, with its prefix.
    pub attribute: &'static str,
    /// What the value is.
    pub kind: Kind,
}

const fn row(element: &'static str, attribute: &'static str, kind: Kind) -> UrlAttribute {
    UrlAttribute { element, attribute, kind }
}

/// Every attribute that holds addresses.
pub const URL_ATTRIBUTES: &[UrlAttribute] = &[
    // What is followed.
    row("a", "href", Kind::Navigate),
    row("a", "xlink:href", Kind::Navigate),
    row("area", "href", Kind::Navigate),
    row("form", "action", Kind::Navigate),
    row("button", "formaction", Kind::Navigate),
    row("input", "formaction", Kind::Navigate),
    row("blockquote", "cite", Kind::Navigate),
    row("q", "cite", Kind::Navigate),
    row("ins", "cite", Kind::Navigate),
    row("del", "cite", Kind::Navigate),
    row("img", "longdesc", Kind::Navigate),
    row("iframe", "longdesc", Kind::Navigate),
    row("frame", "longdesc", Kind::Navigate),
    row("head", "profile", Kind::Navigate),
    row("object", "codebase", Kind::Navigate),
    row("base", "href", Kind::Base),
    row("link", "href", Kind::Link),
    // What is loaded. The HTML parser makes an `img` of `image`.
    row("script", "src", Kind::Load),
    row("script", "href", Kind::Load),
    row("script", "xlink:href", Kind::Load),
    row("img", "src", Kind::Load),
    row("image", "src", Kind::Load),
    row("image", "href", Kind::Load),
    row("image", "xlink:href", Kind::Load),
    row("iframe", "src", Kind::Load),
    row("frame", "src", Kind::Load),
    row("embed", "src", Kind::Load),
    row("object", "data", Kind::Load),
    row("object", "archive", Kind::Loads),
    row("input", "src", Kind::Load),
    row("track", "src", Kind::Load),
    row("audio", "src", Kind::Load),
    row("video", "src", Kind::Load),
    row("video", "poster", Kind::Load),
    row("source", "src", Kind::Load),
    row("html", "manifest", Kind::Load),
    row("body", "background", Kind::Load),
    row("table", "background", Kind::Load),
    row("thead", "background", Kind::Load),
    row("tbody", "background", Kind::Load),
    row("tfoot", "background", Kind::Load),
    row("tr", "background", Kind::Load),
    row("td", "background", Kind::Load),
    row("th", "background", Kind::Load),
    row("img", "srcset", Kind::Srcset),
    row("image", "srcset", Kind::Srcset),
    row("source", "srcset", Kind::Srcset),
    row("link", "imagesrcset", Kind::Srcset),
    row("a", "ping", Kind::Loads),
    row("area", "ping", Kind::Loads),
    // SVG.
    row("use", "href", Kind::Load),
    row("use", "xlink:href", Kind::Load),
    row("feimage", "href", Kind::Load),
    row("feimage", "xlink:href", Kind::Load),
    row("lineargradient", "href", Kind::Load),
    row("lineargradient", "xlink:href", Kind::Load),
    row("radialgradient", "href", Kind::Load),
    row("radialgradient", "xlink:href", Kind::Load),
    row("pattern", "href", Kind::Load),
    row("pattern", "xlink:href", Kind::Load),
    row("filter", "href", Kind::Load),
    row("filter", "xlink:href", Kind::Load),
    row("textpath", "href", Kind::Load),
    row("textpath", "xlink:href", Kind::Load),
    row("mpath", "href", Kind::Load),
    row("mpath", "xlink:href", Kind::Load),
    row("set", "href", Kind::Load),
    row("set", "xlink:href", Kind::Load),
    row("animate", "href", Kind::Load),
    row("animate", "xlink:href", Kind::Load),
    row("animatemotion", "href", Kind::Load),
    row("animatemotion", "xlink:href", Kind::Load),
    row("animatetransform", "href", Kind::Load),
    row("animatetransform", "xlink:href", Kind::Load),
    // CSS: declarations, and SVG's presentation attributes that take `url()`.
    row("*", "style", Kind::Css),
    row("*", "fill", Kind::Css),
    row("*", "stroke", Kind::Css),
    row("*", "filter", Kind::Css),
    row("*", "clip-path", Kind::Css),
    row("*", "mask", Kind::Css),
    row("*", "cursor", Kind::Css),
    row("*", "marker", Kind::Css),
    row("*", "marker-start", Kind::Css),
    row("*", "marker-mid", Kind::Css),
    row("*", "marker-end", Kind::Css),
    // Frames.
    row("iframe", "srcdoc", Kind::Html),
    row("iframe", "allow", Kind::Origins),
    row("iframe", "csp", Kind::Drop),
    row("iframe", "credentialless", Kind::Drop),
    row("a", "attributionsrc", Kind::Drop),
    row("img", "attributionsrc", Kind::Drop),
    row("script", "attributionsrc", Kind::Drop),
];

/// What an element's attribute holds, both names in lower case. None: no address.
#[must_use]
pub fn kind(element: &str, attribute: &str) -> Option<Kind> {
    static BY_ATTRIBUTE: LazyLock<FxHashMap<&str, Vec<(&str, Kind)>>> = LazyLock::new(|| {
        let mut map = FxHashMap::<_, Vec<_>>::default();
        for row in URL_ATTRIBUTES {
            map.entry(row.attribute).or_default().push((row.element, row.kind));
        }
        map
    });
    let rows = BY_ATTRIBUTE.get(attribute)?;
    rows.iter().find(|(name, _)| *name == element || *name == "*").map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    const KINDS: [Kind; 10] = [
        Kind::Navigate,
        Kind::Load,
        Kind::Loads,
        Kind::Srcset,
        Kind::Css,
        Kind::Html,
        Kind::Link,
        Kind::Base,
        Kind::Origins,
        Kind::Drop,
    ];

    fn word(kind: Kind) -> String {
        format!("'{}'", format!("{kind:?}").to_lowercase())
    }

    fn typescript() -> String {
        let kinds = KINDS.map(word).join(" | ");
        let mut text = format!(
            "// Which attributes hold addresses. Generated from src/rewrite/table.rs, which says what each kind means;\n\
             // `UPDATE=1 cargo test rewrite::table` writes it.\n\n\
             export type UrlKind = {kinds};\n\n\
             export interface UrlAttribute {{\n  /** Local name in lower case; `*` is any. */\n  readonly element: string;\n  \
             /** Name in lower case, with its prefix. */\n  readonly attribute: string;\n  readonly kind: UrlKind;\n}}\n\n\
             export const URL_ATTRIBUTES: readonly UrlAttribute[] = [\n"
        );
        for UrlAttribute { element, attribute, kind } in URL_ATTRIBUTES {
            let kind = word(*kind);
            writeln!(text, "  {{ element: '{element}', attribute: '{attribute}', kind: {kind} }},").unwrap();
        }
        text.push_str("];\n");
        text
    }

    #[test]
    fn the_typescript_table_is_this_one() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("web/shared/table.ts");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, typescript()).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == typescript(), "web/shared/table.ts is stale: UPDATE=1 cargo test rewrite::table");
    }

    #[test]
    fn every_row_is_found_and_stands_once() {
        for (n, row) in URL_ATTRIBUTES.iter().enumerate() {
            assert_eq!(kind(row.element, row.attribute), Some(row.kind), "{row:?}");
            let again = URL_ATTRIBUTES[..n].iter().any(|r| r.element == row.element && r.attribute == row.attribute);
            assert!(!again, "{row:?} stands twice");
            assert_eq!(row.element, row.element.to_lowercase());
        }
        assert_eq!(kind("div", "src"), None);
        assert_eq!(kind("div", "style"), Some(Kind::Css));
    }
}
