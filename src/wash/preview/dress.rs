//! What a written page carries beside what is washed, and making it complete in itself: files stand within it, and nothing in it is left to be asked of anybody.

use data_encoding::BASE64;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Files, Place};
use crate::protocol::admin::PreviewKind;
use crate::protocol::page::NodeId;
use crate::wash::mirror::{Mirror, Node, Step};
use crate::wash::{KEY_CHARS, Wash};

/// In place of a picture that was not loaded: one without a pixel to see. As a font or a style sheet it is nothing.
const EMPTY: &str = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
/// How the wash writes an import. No text of a page can be followed by a key, so this is always one.
const IMPORT: &str = "@import url(\"";
/// Most sheets within one another by imports.
pub(super) const IMPORTS: usize = 5;
/// Most bytes of files within one side, each counted as often as it is shown.
const ROOM: usize = 12 << 20;
/// Characters of a line, roughly, and most lines of a box.
const LINE: usize = 60;
const LINES: usize = 20;
/// Fills what stands for something else.
const HATCH: &str = "repeating-linear-gradient(135deg,#8882 0 4px,#8884 4px 8px)";
/// How boxes look: what the viewer draws over them, without it.
const LOOK: &str = "[data-alongside-box]{min-width:5em!important;min-height:1.5em;background:HATCH!important}\
    [data-alongside-box]::after{font:12px/1.5 sans-serif;padding:0 .5em;color:#444;background:#fffc}\
    [data-alongside-box=hidden]::after{content:\"Hidden\"}[data-alongside-box=foreign]::after{content:\"Not on the allowlist\"}\
    [data-alongside-box=masked]::after{content:\"Not shown\"}";

/// Marks of nodes, and texts of linked style sheets by the link's node.
#[derive(Default)]
pub(in crate::wash) struct Dress {
    pub(in crate::wash) marks: FxHashMap<NodeId, usize>,
    pub(in crate::wash) sheets: FxHashMap<NodeId, String>,
}

/// Keys of the sheets that a washed text imports.
pub(super) fn imports(text: &str) -> impl Iterator<Item = &str> {
    text.split(IMPORT).skip(1).filter_map(|after| after.strip_prefix("a/").unwrap_or(after).get(..KEY_CHARS))
}

/// How boxes look, those at marks as high as what they stand for may have been.
pub(super) fn look(mirror: &Mirror, places: &[Place]) -> String {
    let mut css = LOOK.replace("HATCH", HATCH);
    for place in places {
        let style = match place.kind {
            PreviewKind::Hidden => format!("min-height:{}em!important", height(mirror, place.node) * 1.5),
            PreviewKind::Foreign => format!("background:{HATCH}!important"),
            _ => continue,
        };
        css.push_str(&format!("[data-alongside-mark=\"{}\"]{{{style}}}", place.number));
    }
    format!("<style>{css}</style>")
}

/// Lines that something may take: a guess, since nothing is laid out here.
fn height(mirror: &Mirror, node: NodeId) -> f64 {
    let mut lines = 0;
    for step in mirror.walk(node) {
        let Step::Enter(_, entry) = step else { continue };
        lines += match &entry.node {
            Node::Text { text } => {
                text.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>().div_ceil(LINE)
            }
            Node::Element { name, .. } if matches!(name.as_str(), "img" | "svg" | "canvas" | "video" | "iframe") => {
                entry.attr("height").and_then(|height| height.parse::<usize>().ok()).map_or(4, |height| height / 24)
            }
            _ => 0,
        };
    }
    f64::from(u32::try_from(lines.clamp(1, LINES)).unwrap_or(1))
}

/// Puts files in place of their keys.
pub(super) struct Filler<'a> {
    wash: &'a Wash,
    files: &'a Files,
    /// Keys that may stand in what is filled. A page cannot name one.
    keys: FxHashSet<String>,
    /// Sheets that are being filled, outermost first.
    open: Vec<String>,
    sheets: FxHashMap<String, String>,
    room: usize,
}

impl<'a> Filler<'a> {
    pub(super) fn new(wash: &'a Wash, files: &'a Files) -> Self {
        Self { wash, files, keys: FxHashSet::default(), open: Vec::new(), sheets: FxHashMap::default(), room: ROOM }
    }

    /// A sheet, washed, with all that it shows and imports within it; empty: there is none.
    pub(super) fn sheet(&mut self, key: &str) -> String {
        if let Some(known) = self.sheets.get(key) {
            return known.clone();
        }
        let Some(sheet) = self.files.sheets.get(key).filter(|_| self.open.len() < IMPORTS) else {
            return String::new();
        };
        if self.open.iter().any(|open| open == key) {
            return String::new();
        }
        self.open.push(key.to_owned());
        let washed = self.wash.stylesheet(&sheet.text, &sheet.base);
        let filled = self.fill(&washed);
        self.open.pop();
        self.sheets.insert(key.to_owned(), filled.clone());
        filled
    }

    /// A washed text with files in place of their keys; of those that are not there, nothing.
    pub(super) fn fill(&mut self, text: &str) -> String {
        self.keys.extend(self.wash.take_noted().into_iter().map(|(key, _)| key));
        let mut out = String::with_capacity(text.len());
        let (mut written, mut from) = (0, 0);
        let bytes = text.as_bytes();
        let is_key = |byte: &u8| byte.is_ascii_lowercase() || (b'2'..=b'7').contains(byte);
        while let Some(begins) = bytes[from..].iter().position(is_key).map(|at| from + at) {
            from = begins + bytes[begins..].iter().take_while(|byte| is_key(byte)).count();
            let key = &text[begins..from];
            if key.len() != KEY_CHARS || !self.keys.contains(key) {
                continue;
            }
            let before = if text[..begins].ends_with("a/") { begins - 2 } else { begins };
            out.push_str(&text[written..before]);
            out.push_str(&self.address(key, text[..before].ends_with(IMPORT)));
            written = from;
        }
        out.push_str(&text[written..]);
        out
    }

    fn address(&mut self, key: &str, import: bool) -> String {
        let sheet = |this: &mut Self| {
            format!("data:text/css;charset=utf-8;base64,{}", BASE64.encode(this.sheet(key).as_bytes()))
        };
        let address = if import { Some(sheet(self)) } else { self.files.data.get(key).cloned() };
        match address.and_then(|address| Some((self.room.checked_sub(address.len())?, address))) {
            Some((room, address)) => {
                self.room = room;
                address
            }
            None => EMPTY.to_owned(),
        }
    }
}
