//! A text that is being scrubbed: what stands in it now, where that came from, and where its pieces begin.

use std::borrow::Cow;
use std::ops::Range;

/// Bytes that rules put there.
const OURS: u32 = u32::MAX;

/// One place where a text changes.
#[derive(Debug)]
pub(super) struct Edit {
    pub(super) at: Range<usize>,
    pub(super) with: String,
}

#[derive(Debug)]
pub(super) struct Work<'a> {
    text: Cow<'a, str>,
    /// For each byte its place in the text as it was, or [`OURS`]. Empty as long as nothing changed.
    origin: Vec<u32>,
    /// Where pieces begin.
    cuts: Vec<usize>,
}

impl<'a> Work<'a> {
    pub(super) fn new(text: Cow<'a, str>, cuts: Vec<usize>) -> Self {
        Self { text, origin: Vec::new(), cuts }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn changed(&self) -> bool {
        !self.origin.is_empty()
    }

    pub(super) fn into_text(self) -> Cow<'a, str> {
        self.text
    }

    pub(super) fn into_pieces(self) -> Vec<String> {
        let ends = self.cuts.iter().skip(1).copied().chain([self.text.len()]);
        self.cuts
            .iter()
            .zip(ends)
            .map(|(start, end)| self.text.get(*start..end).unwrap_or_default().to_owned())
            .collect()
    }

    /// All of it is what rules put there.
    pub(super) fn is_ours(&self, spans: &[Range<usize>]) -> bool {
        self.changed()
            && spans.iter().flat_map(|span| self.origin.get(span.clone()).unwrap_or_default()).all(|from| *from == OURS)
    }

    /// The part of the text as it was that spans came from.
    pub(super) fn origin(&self, spans: &[Range<usize>]) -> Option<Range<usize>> {
        if !self.changed() {
            return Some(spans.first()?.start..spans.last()?.end);
        }
        let from = spans
            .iter()
            .flat_map(|span| self.origin.get(span.clone()).unwrap_or_default())
            .filter(|from| **from != OURS);
        let (min, max) = (from.clone().min()?, from.max()?);
        Some(*min as usize..*max as usize + 1)
    }

    /// Parts of the text that came from a part of the text as it was.
    pub(super) fn left_of(&self, was: &Range<usize>) -> Vec<Range<usize>> {
        if !self.changed() {
            return vec![was.clone()];
        }
        let mut parts: Vec<Range<usize>> = Vec::new();
        for (at, from) in self.origin.iter().enumerate() {
            if *from != OURS && was.contains(&(*from as usize)) {
                match parts.last_mut().filter(|last| last.end == at) {
                    Some(last) => last.end += 1,
                    None => parts.push(at..at + 1),
                }
            }
        }
        parts
    }

    /// Makes changes, which must not overlap. What replaces a match stands in the first piece that the match touches.
    pub(super) fn apply(&mut self, mut edits: Vec<Edit>) {
        if edits.is_empty() {
            return;
        }
        edits.sort_by_key(|edit| edit.at.start);
        let mut text = String::with_capacity(self.text.len());
        let mut origin = Vec::with_capacity(self.text.len());
        let mut cuts = self.cuts.iter().copied().peekable();
        let (mut moved, mut done) = (Vec::with_capacity(self.cuts.len()), 0);
        for edit in &edits {
            while let Some(cut) = cuts.next_if(|cut| *cut <= edit.at.start) {
                moved.push(text.len() + cut - done);
            }
            self.keep(done..edit.at.start, &mut text, &mut origin);
            text.push_str(&edit.with);
            origin.extend(std::iter::repeat_n(OURS, edit.with.len()));
            while cuts.next_if(|cut| *cut <= edit.at.end).is_some() {
                moved.push(text.len());
            }
            done = edit.at.end;
        }
        moved.extend(cuts.map(|cut| text.len() + cut - done));
        self.keep(done..self.text.len(), &mut text, &mut origin);
        // Changed, even if nothing is left.
        if origin.is_empty() {
            origin.push(OURS);
        }
        (self.text, self.origin, self.cuts) = (Cow::Owned(text), origin, moved);
    }

    fn keep(&self, part: Range<usize>, text: &mut String, origin: &mut Vec<u32>) {
        text.push_str(self.text.get(part.clone()).unwrap_or_default());
        match self.origin.get(part.clone()).filter(|_| self.changed()) {
            Some(from) => origin.extend_from_slice(from),
            None => origin.extend(part.map(|at| u32::try_from(at).unwrap_or(OURS - 1))),
        }
    }
}
