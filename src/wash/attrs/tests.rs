//! Lists of attributes.

use super::*;

#[test]
fn the_lists_are_sorted_and_need_no_escapes() {
    for list in [GLOBAL, HTML, SVG, MATHML] {
        assert!(list.is_sorted() && list.iter().all(|name| is_name(name)));
    }
}

#[test]
fn nothing_that_runs_or_navigates_is_listed() {
    let never =
        ["onclick", "onerror", "action", "formaction", "target", "ping", "srcdoc", "nonce", "integrity", "autofocus"];
    for element in ["a", "img", "form", "iframe", "input", "svg", "math", "x-y"] {
        for ns in [Namespace::Html, Namespace::Svg, Namespace::Mathml] {
            assert!(never.iter().all(|name| kind(ns, element, name).is_none()));
        }
    }
}
