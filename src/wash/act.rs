//! Whether what an agent asks for fits the page, as far as the mirror tells: the element is there, shown, not masked, not disabled, and of a kind that
//! takes such an act. What depends on layout, the visitor's page judges.

use super::Wash;
use super::elements::is_html;
use super::mask;
use super::mirror::{Entry, Mirror, Node};
use crate::protocol::act::{Act, Choice, Denial, Lock, Stroke};
use crate::protocol::page::{Namespace, NodeId};
use crate::protocol::people::PersonId;

/// Most characters that one act types or chooses.
const CHARACTERS: usize = 10_000;
/// Most strokes, and most options, of one act.
const PARTS: usize = 1_000;
/// Input types that text is typed into; one that no browser knows counts as text.
const NOT_TYPED: [&str; 15] = [
    "button",
    "checkbox",
    "color",
    "date",
    "datetime-local",
    "file",
    "hidden",
    "image",
    "month",
    "radio",
    "range",
    "reset",
    "submit",
    "time",
    "week",
];
/// Input types whose value is chosen.
const CHOSEN: [&str; 8] = ["color", "date", "datetime-local", "month", "number", "range", "time", "week"];
/// Elements that do nothing when they are disabled.
const CONTROLS: [&str; 5] = ["button", "input", "option", "select", "textarea"];

impl Wash {
    /// Whether a node is there and watchers see it.
    #[must_use]
    pub fn shows(&self, mirror: &Mirror, node: NodeId) -> bool {
        mirror.get(node).is_some_and(|entry| !entry.gap && !entry.below_gap)
    }

    /// Whether an act fits the page. `locks`: where somebody types.
    ///
    /// # Errors
    /// Why it does not.
    pub fn fits(&self, mirror: &Mirror, act: &Act, by: PersonId, locks: &[Lock]) -> Result<(), Denial> {
        sized(act)?;
        let Some(node) = act.node() else { return Ok(()) };
        let entry = mirror.get(node).filter(|entry| !entry.below_gap).ok_or(Denial::Gone)?;
        if entry.gap {
            return Err(if entry.boxed.is_some() { Denial::Masked } else { Denial::Gone });
        }
        let page = Page { mirror, entry };
        let takes = match act {
            Act::Scroll { .. } => return page.scrolls(),
            Act::Click { .. } => matches!(entry.node, Node::Element { .. }),
            Act::Type { strokes, .. } => page.types(strokes),
            Act::Choose { choice, .. } => page.chooses(choice),
            Act::Check { checked, .. } => match page.input().as_deref() {
                Some("checkbox") => true,
                Some("radio") => *checked,
                _ => false,
            },
            Act::Submit { .. } => return if page.submits() { Ok(()) } else { Err(Denial::Unfit) },
            Act::Navigate { .. } | Act::Back | Act::Forward => true,
        };
        let filled = mask::is_field(entry) || is_html(entry, "option") || matches!(act, Act::Type { .. });
        if filled && entry.shade.is_masked() {
            return Err(Denial::Masked);
        }
        if !takes || page.is_disabled() {
            return Err(Denial::Unfit);
        }
        page.unlocked(node, by, locks)
    }
}

/// What of an act needs no page: places within the box, and no more than a hand does.
fn sized(act: &Act) -> Result<(), Denial> {
    let within = |(x, y): (f64, f64)| (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y);
    let small = |text: &str| text.chars().take(CHARACTERS + 1).count() <= CHARACTERS;
    let fits = match act {
        Act::Click { at, count, .. } => within(*at) && (1..=3).contains(count),
        Act::Scroll { to, .. } => within(*to),
        Act::Type { strokes, .. } => {
            let typed: usize = strokes.iter().map(|s| if let Stroke::Text(text) = s { text.len() } else { 0 }).sum();
            if strokes.len() > PARTS || typed > CHARACTERS * 4 {
                return Err(Denial::TooMuch);
            }
            !strokes.is_empty()
        }
        Act::Choose { choice: Choice::Options(options), .. } => {
            if options.len() > PARTS {
                return Err(Denial::TooMuch);
            }
            true
        }
        Act::Choose { choice: Choice::Value(value), .. } => small(value),
        Act::Navigate { url } => small(url),
        Act::Check { .. } | Act::Submit { .. } | Act::Back | Act::Forward => true,
    };
    if fits { Ok(()) } else { Err(Denial::Unfit) }
}

/// An element of a page.
struct Page<'a> {
    mirror: &'a Mirror,
    entry: &'a Entry,
}

impl<'a> Page<'a> {
    /// The element and all around it in its own tree, the innermost first.
    fn around(&self) -> impl Iterator<Item = &'a Entry> {
        let mirror = self.mirror;
        let parent = move |entry: &&'a Entry| mirror.parent(entry);
        std::iter::successors(Some(self.entry), parent).take_while(|entry| matches!(entry.node, Node::Element { .. }))
    }

    /// The type of an `input`, in lower case.
    fn input(&self) -> Option<String> {
        is_html(self.entry, "input").then(|| match self.entry.attr("type") {
            Some(kind) if !kind.is_empty() => kind.to_ascii_lowercase(),
            _ => "text".to_owned(),
        })
    }

    fn scrolls(&self) -> Result<(), Denial> {
        let html = matches!(self.entry.node, Node::Element { ns: Namespace::Html, .. } | Node::Document { .. });
        if html { Ok(()) } else { Err(Denial::Unfit) }
    }

    fn types(&self, strokes: &[Stroke]) -> bool {
        let control = |c: char| c.is_control() && c != '\n' && c != '\t';
        if strokes.iter().any(|stroke| matches!(stroke, Stroke::Text(text) if text.chars().any(control))) {
            return false;
        }
        let typed = self.input().is_some_and(|kind| !NOT_TYPED.contains(&kind.as_str()));
        if typed || is_html(self.entry, "textarea") {
            return self.entry.attr("readonly").is_none();
        }
        self.input().is_none() && self.is_editable()
    }

    /// Within an element that is edited as a whole (HTML, "contenteditable").
    fn is_editable(&self) -> bool {
        let says = |entry: &Entry| match entry.attr("contenteditable")?.to_ascii_lowercase().as_str() {
            "" | "true" | "plaintext-only" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        self.around().find_map(says) == Some(true)
    }

    fn chooses(&self, choice: &Choice) -> bool {
        match choice {
            Choice::Options(options) => {
                let multiple = self.entry.attr("multiple").is_some();
                is_html(self.entry, "select")
                    && (multiple || options.len() == 1)
                    && options.iter().all(|option| self.has_option(*option))
            }
            Choice::Value(_) => {
                let chosen = self.input().is_some_and(|kind| CHOSEN.contains(&kind.as_str()));
                chosen && self.entry.attr("readonly").is_none()
            }
        }
    }

    /// Whether an option can be chosen in this select.
    fn has_option(&self, option: NodeId) -> bool {
        let Some(entry) = self.mirror.get(option).filter(|entry| is_html(entry, "option")) else { return false };
        let option = Page { mirror: self.mirror, entry };
        let select = option.around().find(|entry| is_html(entry, "select"));
        let enabled =
            option.around().take_while(|entry| !is_html(entry, "select")).all(|e| e.attr("disabled").is_none());
        enabled && select.is_some_and(|select| std::ptr::eq(select, self.entry))
    }

    fn submits(&self) -> bool {
        let control = ["button", "input", "select", "textarea"].iter().any(|name| is_html(self.entry, name));
        let owned = || self.entry.attr("form").is_some() || self.around().any(|entry| is_html(entry, "form"));
        is_html(self.entry, "form") || control && !self.is_disabled() && owned()
    }

    /// It is, or is within, a control that is disabled by itself, by its `optgroup`, or by a `fieldset` but for its first `legend`.
    fn is_disabled(&self) -> bool {
        let (mut control, mut inner): (bool, Option<&Entry>) = (false, None);
        for entry in self.around() {
            let itself = CONTROLS.iter().any(|name| is_html(entry, name));
            control |= itself;
            let legend = || self.mirror.siblings(entry.first()).map(|(_, child)| child).find(|c| is_html(c, "legend"));
            let group = is_html(entry, "optgroup")
                || is_html(entry, "fieldset") && !inner.is_some_and(|i| legend().is_some_and(|l| std::ptr::eq(l, i)));
            if control && (itself || group) && entry.attr("disabled").is_some() {
                return true;
            }
            inner = Some(entry);
        }
        false
    }

    /// Nobody else types in it or in something around it.
    fn unlocked(&self, node: NodeId, by: PersonId, locks: &[Lock]) -> Result<(), Denial> {
        let mut next = Some(node);
        while let Some(id) = next {
            if locks.iter().any(|lock| lock.node == id && lock.by != by) {
                return Err(Denial::Locked);
            }
            next = self.mirror.get(id).and_then(Entry::parent);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
