//! What two texts differ in, line by line.

use similar::{ChangeTag, TextDiff};

use crate::protocol::admin::{DiffChange, DiffLine};

/// Lines that are the same around each change.
const AROUND: usize = 3;

/// Lines of both, with a few that are the same around each change; `Skipped` stands for all others. Nothing: they are the same.
#[must_use]
pub fn difference(before: &str, after: &str) -> Vec<DiffLine> {
    let diff = TextDiff::from_lines(before, after);
    let groups = diff.grouped_ops(AROUND);
    let mut lines = Vec::new();
    let skipped = || DiffLine { change: DiffChange::Skipped, text: String::new() };
    let mut shown = 0;
    for group in &groups {
        let begins = group.first().map_or(0, |op| op.old_range().start);
        if begins > shown {
            lines.push(skipped());
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let kind = match change.tag() {
                ChangeTag::Equal => DiffChange::Same,
                ChangeTag::Insert => DiffChange::Added,
                ChangeTag::Delete => DiffChange::Removed,
            };
            lines.push(DiffLine { change: kind, text: change.value().trim_end_matches(['\r', '\n']).to_owned() });
        }
        shown = group.last().map_or(0, |op| op.old_range().end);
    }
    if !groups.is_empty() && shown < before.lines().count() {
        lines.push(skipped());
    }
    lines
}

/// How many lines were added and taken away.
#[must_use]
pub fn changed(before: &str, after: &str) -> (u32, u32) {
    let count = |lines: &[DiffLine], change| lines.iter().filter(|line| line.change == change).count();
    let lines = difference(before, after);
    let number = |change| u32::try_from(count(&lines, change)).unwrap_or(u32::MAX);
    (number(DiffChange::Added), number(DiffChange::Removed))
}
