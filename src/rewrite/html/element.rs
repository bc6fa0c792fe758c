//! What becomes of an element and its attributes.

use std::borrow::Cow;

use lol_html::HandlerResult;
use lol_html::html_content::ContentType;
pub(super) use lol_html::send::Element;

use super::super::address::{Addresses, Base, Verdict};
use super::super::entity::{Place, decode, encode_attribute};
use super::super::table::{self, Kind};
use super::super::{css, refresh, srcset};
use super::State;
use crate::policy::Use;

/// What becomes of an attribute.
enum Change {
    Keep,
    Become(String),
    Remove,
    /// The whole element goes.
    RemoveElement,
}

impl From<Option<String>> for Change {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Keep, Self::Become)
    }
}

/// Puts the shim's markup where it belongs, then maps, drops or removes.
pub(super) fn rewrite(state: &mut State, el: &mut Element<'_, '_>) -> HandlerResult {
    let name = el.tag_name();
    inject(state, el, &name);
    match name.as_str() {
        "base" => return base(state, el),
        "meta" => return meta(state, el),
        // Pages loaded ahead of time would act in the session unseen.
        "script" if attribute(el, "type").is_some_and(|kind| is(&kind, "speculationrules")) => el.remove(),
        "link" if loads_ahead(el) => el.remove(),
        _ => {}
    }
    if !el.removed() {
        attributes(state, el, &name)?;
    }
    Ok(())
}

/// The first thing in the head: within its tag, or before the first tag of any other element, which opens head or body by itself.
fn inject(state: &mut State, el: &mut Element<'_, '_>, name: &str) {
    if state.injected || name == "html" {
        return;
    }
    state.injected = true;
    if name == "head" {
        el.prepend(&state.page.inject, ContentType::Html);
    } else {
        el.before(&state.page.inject, ContentType::Html);
    }
}

fn attributes(state: &State, el: &mut Element<'_, '_>, name: &str) -> HandlerResult {
    let mut changes: Vec<(String, Change)> = Vec::new();
    for attribute in el.attributes() {
        let key = attribute.name();
        let Some(kind) = table::kind(name, &key) else { continue };
        // Of two attributes of one name, browsers heed the first.
        if changes.iter().any(|(seen, _)| *seen == key) {
            continue;
        }
        let written = attribute.value();
        let change = judge(state, el, name, kind, &decode(&written, Place::Attribute));
        changes.push((key, change));
    }
    for (key, change) in changes {
        match change {
            Change::Keep => {}
            Change::Become(value) => el.set_attribute(&key, &encode_attribute(&value))?,
            Change::Remove => el.remove_attribute(&key),
            Change::RemoveElement => el.remove(),
        }
    }
    if name == "link" && el.has_attribute("integrity") && is_style(el) {
        el.remove_attribute("integrity");
    }
    Ok(())
}

fn judge(state: &State, el: &Element<'_, '_>, name: &str, kind: Kind, value: &str) -> Change {
    let addresses = state.addresses();
    let one = |usage, refused| match addresses.judge(value, usage) {
        Verdict::Keep => Change::Keep,
        Verdict::Become(url) => Change::Become(url),
        Verdict::Refuse => refused,
    };
    match kind {
        Kind::Navigate => one(Use::Page, Change::Keep),
        Kind::Load if name == "script" => one(Use::Load, Change::RemoveElement),
        Kind::Load => one(Use::Load, Change::Remove),
        Kind::Link if loads(el) => one(Use::Load, Change::RemoveElement),
        Kind::Link => one(Use::Page, Change::Keep),
        Kind::Loads => list(state, value),
        Kind::Srcset => match srcset::rewrite(value, addresses) {
            Some(text) if text.is_empty() => Change::Remove,
            text => text.into(),
        },
        Kind::Css => match css::rewrite_at(value, addresses) {
            Cow::Borrowed(_) => Change::Keep,
            Cow::Owned(text) => Change::Become(text),
        },
        Kind::Html => super::rewrite_within(state, value).map_or(Change::Remove, Change::Become),
        Kind::Origins => origins(state, value).into(),
        // `base` above does it.
        Kind::Base => Change::Keep,
        Kind::Drop => Change::Remove,
    }
}

/// Addresses with white space between.
fn list(state: &State, value: &str) -> Change {
    let mut changed = false;
    let mut kept = Vec::new();
    for url in value.split_ascii_whitespace() {
        match state.addresses().judge(url, Use::Load) {
            Verdict::Keep => kept.push(url.to_owned()),
            Verdict::Become(url) => {
                changed = true;
                kept.push(url);
            }
            Verdict::Refuse => changed = true,
        }
    }
    match (changed, kept.is_empty()) {
        (false, _) => Change::Keep,
        (true, true) => Change::Remove,
        (true, false) => Change::Become(kept.join(" ")),
    }
}

/// A permissions policy: `camera https://a.example; microphone *`. Each origin that it names is mapped.
fn origins(state: &State, value: &str) -> Option<String> {
    let mut changed = false;
    let pieces = value.split_inclusive([' ', ';', '\t', '\n']).map(|piece| {
        let word = piece.trim_end_matches([' ', ';', '\t', '\n']);
        match word.contains("://").then(|| state.addresses().judge(word, Use::Page)) {
            Some(Verdict::Become(url)) => {
                changed = true;
                format!("{}{}", url.trim_end_matches('/'), &piece[word.len()..])
            }
            _ => piece.to_owned(),
        }
    });
    let text: String = pieces.collect();
    changed.then_some(text)
}

/// The first `base` with an address is what the addresses behind it are resolved against; its own is resolved against the document's.
fn base(state: &mut State, el: &mut Element<'_, '_>) -> HandlerResult {
    let Some(href) = attribute(el, "href") else { return Ok(()) };
    let document = Base::new(&state.page, state.document.clone());
    let addresses = Addresses { base: &document, ..state.addresses() };
    if let Verdict::Become(url) = addresses.judge(&href, Use::Page) {
        el.set_attribute("href", &encode_attribute(&url))?;
    }
    let real = addresses.real_address(&href);
    if !std::mem::replace(&mut state.base_set, true)
        && let Some(real) = real
    {
        state.base = Base::new(&state.page, real);
    }
    Ok(())
}

fn meta(state: &State, el: &mut Element<'_, '_>) -> HandlerResult {
    let Some(what) = attribute(el, "http-equiv") else { return Ok(()) };
    if is(&what, "content-security-policy") || is(&what, "content-security-policy-report-only") {
        el.remove();
    } else if is(&what, "refresh") {
        let Some(content) = attribute(el, "content") else { return Ok(()) };
        let Some(range) = refresh::address(&content) else { return Ok(()) };
        if let Verdict::Become(url) = state.addresses().judge(&content[range.clone()], Use::Page) {
            let text = format!("{}{url}{}", &content[..range.start], &content[range.end..]);
            el.set_attribute("content", &encode_attribute(&text))?;
        }
    }
    Ok(())
}

/// What an attribute means, references decoded.
fn attribute(el: &Element<'_, '_>, name: &str) -> Option<String> {
    el.get_attribute(name).map(|value| decode(&value, Place::Attribute).into_owned())
}

fn is(value: &str, word: &str) -> bool {
    value.trim_ascii().eq_ignore_ascii_case(word)
}

fn rel_has(el: &Element<'_, '_>, words: &[&str]) -> bool {
    let rel = attribute(el, "rel").unwrap_or_default();
    rel.split_ascii_whitespace().any(|token| words.iter().any(|word| token.eq_ignore_ascii_case(word)))
}

/// Link types that fetch, or tell a server that the page may soon (HTML Standard, 4.6.8).
fn loads(el: &Element<'_, '_>) -> bool {
    const WORDS: &[&str] = &[
        "stylesheet",
        "preload",
        "modulepreload",
        "prefetch",
        "preconnect",
        "dns-prefetch",
        "icon",
        "apple-touch-icon",
        "apple-touch-icon-precomposed",
        "apple-touch-startup-image",
        "mask-icon",
        "manifest",
        "compression-dictionary",
    ];
    rel_has(el, WORDS)
}

fn loads_ahead(el: &Element<'_, '_>) -> bool {
    rel_has(el, &["prerender"])
}

/// The body of what is loaded is rewritten on its way, so that no digest of the real one fits.
fn is_style(el: &Element<'_, '_>) -> bool {
    rel_has(el, &["stylesheet"])
        || rel_has(el, &["preload"]) && attribute(el, "as").is_some_and(|kind| is(&kind, "style"))
}
