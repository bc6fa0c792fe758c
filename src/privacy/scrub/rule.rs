//! A rule about text, checked: what it finds and what it puts there.

use std::ops::Range;

use regex_automata::meta;
use regex_automata::util::syntax;
use regex_syntax::hir::{Hir, HirKind, Look};

use super::filter::Need;
use super::growing::Live;
use super::ready::Ready;
use super::template::Template;
use crate::pattern::Pattern;
use crate::protocol::rules::{Fault, ScrubDraft};

/// Longest pattern, in bytes.
const LONGEST: usize = 2000;
/// Largest automaton of a pattern, in bytes.
const LARGEST: usize = 1 << 20;
/// Deepest nesting of a pattern.
const DEEPEST: u32 = 50;

/// A rule that is checked.
#[derive(Debug)]
pub(in crate::privacy) struct Rule {
    /// Its place in the list as it was written.
    index: usize,
    finds: Finds,
    need: Need,
    replacement: Template,
    pages: Vec<Pattern>,
}

#[derive(Debug)]
enum Finds {
    Ready(&'static Ready),
    Pattern(Box<Compiled>),
}

#[derive(Debug)]
struct Compiled {
    regex: meta::Regex,
    live: Option<Live>,
    /// What an end has that tells half of a match.
    half: Need,
}

impl Rule {
    /// Checks a draft. The fault's place is the name of the wrong field.
    pub(in crate::privacy) fn check(index: usize, draft: &ScrubDraft, pages: Vec<Pattern>) -> Result<Self, Fault> {
        let (finds, need, replacement) = match (&draft.ready, &draft.pattern) {
            (Some(name), None) => ready(name, draft.replacement.as_deref())?,
            (None, Some(pattern)) => written(pattern, draft.replacement.as_deref())?,
            (Some(_), Some(_)) => {
                return Err(fault("ready", None, "both `ready` and `pattern`".to_owned(), "keep one of them"));
            }
            (None, None) => {
                return Err(fault("pattern", None, "neither `ready` nor `pattern`".to_owned(), "give one of them"));
            }
        };
        Ok(Self { index, finds, need, replacement, pages })
    }

    pub(in crate::privacy) fn pages(&self) -> &[Pattern] {
        &self.pages
    }

    pub(super) fn index(&self) -> usize {
        self.index
    }

    pub(super) fn need(&self) -> &Need {
        &self.need
    }

    /// All matches in a normalised text, and what stands in place of each. They do not overlap.
    pub(super) fn matches(&self, text: &str) -> Vec<(Range<usize>, String)> {
        match &self.finds {
            Finds::Ready(ready) => ready.find(text).into_iter().map(|at| (at, self.replacement.plain())).collect(),
            Finds::Pattern(compiled) => {
                let all = compiled.regex.captures_iter(text);
                all.filter_map(|groups| Some((groups.get_match()?.range(), self.replacement.fill(&groups, text))))
                    .collect()
            }
        }
    }

    /// Where the end of a normalised text begins that may become a match, and tells half of one already.
    pub(super) fn growing(&self, text: &str) -> Option<usize> {
        match &self.finds {
            Finds::Ready(ready) => ready.growing(text),
            Finds::Pattern(compiled) => compiled.live.as_ref()?.growing(text, &compiled.half),
        }
    }
}

type Parts = (Finds, Need, Template);

fn ready(name: &str, replacement: Option<&str>) -> Result<Parts, Fault> {
    let Some(ready) = Ready::named(name) else {
        let names: Vec<&str> = Ready::all().iter().map(|ready| ready.name).collect();
        return Err(fault(
            "ready",
            None,
            format!("no ready-made rule {name:?}"),
            &format!("one of {}", names.join(", ")),
        ));
    };
    let template = Template::parse(replacement.unwrap_or(ready.replacement), &[])?;
    Ok((Finds::Ready(ready), ready.need(), template))
}

fn written(pattern: &str, replacement: Option<&str>) -> Result<Parts, Fault> {
    let Some(replacement) = replacement else {
        return Err(fault(
            "replacement",
            None,
            "no replacement".to_owned(),
            "what stands in place of a match; may be empty",
        ));
    };
    let hir = parse(pattern)?;
    if hir.properties().minimum_len() == Some(0) {
        let whole = Some((0, chars(pattern, pattern.len())));
        return Err(fault(
            "pattern",
            whole,
            "it matches the empty text".to_owned(),
            "make at least one character needed",
        ));
    }
    let config = meta::Config::new()
        .nfa_size_limit(Some(LARGEST))
        .onepass_size_limit(Some(LARGEST))
        .hybrid_cache_capacity(LARGEST);
    let regex = meta::Builder::new().configure(config).build_from_hir(&hir).map_err(|_| {
        let whole = Some((0, chars(pattern, pattern.len())));
        fault("pattern", whole, "it is too large once compiled".to_owned(), "use smaller numbers in braces")
    })?;
    let names: Vec<Option<&str>> = regex.group_info().pattern_names(regex_automata::PatternID::ZERO).collect();
    let template = Template::parse(replacement, &names)?;
    let need = Need::of(&hir);
    let live = Live::new(&hir, LARGEST);
    let half = need.half();
    Ok((Finds::Pattern(Box::new(Compiled { regex, live, half })), need, template))
}

/// Reads a pattern, with ASCII classes where that can be: a Unicode `\b` costs 40 times as much as an ASCII one.
fn parse(pattern: &str) -> Result<Hir, Fault> {
    if pattern.len() > LONGEST {
        let span = Some((chars(pattern, LONGEST), chars(pattern, pattern.len())));
        return Err(fault("pattern", span, format!("it is longer than {LONGEST} bytes"), "make several rules of it"));
    }
    let config = syntax::Config::new().nest_limit(DEEPEST);
    if let Ok(hir) = syntax::parse_with(pattern, &config.unicode(false)) {
        return Ok(hir);
    }
    let mut parser = regex_syntax::ParserBuilder::new().nest_limit(DEEPEST).build();
    parser.parse(pattern).map(|hir| ascii_words(&hir)).map_err(|error| {
        let (message, span) = match &error {
            regex_syntax::Error::Parse(error) => (error.kind().to_string(), *error.span()),
            regex_syntax::Error::Translate(error) => (error.kind().to_string(), *error.span()),
            other => return fault("pattern", None, other.to_string(), "see the syntax of Rust's regex crate"),
        };
        let (start, end) = (chars(pattern, span.start.offset), chars(pattern, span.end.offset));
        // An error at the end of the text spans nothing: the last character is what can be pointed at.
        let span = if start == end {
            (start.saturating_sub(u32::from(start == chars(pattern, pattern.len()))), end.max(1))
        } else {
            (start, end)
        };
        fault("pattern", Some(span), message, "a backslash before a character makes it stand for itself")
    })
}

/// The same, but that words end where ASCII words do.
fn ascii_words(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Look(Look::WordUnicode) => Hir::look(Look::WordAscii),
        HirKind::Look(Look::WordStartUnicode) => Hir::look(Look::WordStartAscii),
        HirKind::Look(Look::WordEndUnicode) => Hir::look(Look::WordEndAscii),
        HirKind::Repetition(repetition) => Hir::repetition(repetition.with(ascii_words(&repetition.sub))),
        HirKind::Capture(capture) => {
            let mut capture = capture.clone();
            capture.sub = Box::new(ascii_words(&capture.sub));
            Hir::capture(capture)
        }
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(ascii_words).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(ascii_words).collect()),
        _ => hir.clone(),
    }
}

/// How many characters stand before a byte.
fn chars(text: &str, byte: usize) -> u32 {
    u32::try_from(text.char_indices().take_while(|(at, _)| *at < byte).count()).unwrap_or(u32::MAX)
}

pub(super) fn fault(place: &str, span: Option<(u32, u32)>, message: String, hint: &str) -> Fault {
    Fault { place: place.to_owned(), line: None, span, message, hint: hint.to_owned() }
}
