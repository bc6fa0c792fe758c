//! Phone numbers in international form and in common national ones. Dates, prices, times and addresses of hosts are none.

use std::ops::Range;

/// A row of digits, and what stands before it.
#[derive(Debug)]
struct Group {
    at: Range<usize>,
    /// The last character before it that parts it from the group before; 0: it is the first.
    parted: u8,
}

/// Rows of digits that may be one number.
struct Row {
    groups: Vec<Group>,
    start: usize,
    plus: bool,
    paren: bool,
}

const FEWEST: usize = 7;
const MOST: usize = 15;

pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(row) = next_row(bytes, at) {
        let longest =
            (1..=row.groups.len()).rev().find(|count| row.is_number(bytes, *count) && !priced(text, &row, *count));
        let first = row.groups.first().map_or(bytes.len(), |group| group.at.end);
        at = match longest.and_then(|count| row.groups.get(count - 1)) {
            Some(last) => {
                found.push(row.start..last.at.end);
                last.at.end
            }
            None => first,
        };
    }
    found
}

/// Where digits at the end begin that begin like a number.
pub(super) fn growing(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut end = bytes.iter().rev().take(3).skip_while(|byte| parts(**byte));
    if !end.next().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    while let Some(row) = next_row(bytes, at) {
        let last = row.groups.last().map_or(bytes.len(), |group| group.at.end);
        let open = bytes.get(last..).is_some_and(|rest| rest.len() <= 2 && rest.iter().all(|byte| parts(*byte)));
        if open && row.is_beginning(bytes) && !priced(text, &row, row.groups.len()) {
            return Some(row.start);
        }
        at = row.groups.first().map_or(bytes.len(), |group| group.at.end);
    }
    None
}

fn parts(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'/' | b'(' | b')')
}

/// The row whose first digit is the next one from `from` on that can begin one.
fn next_row(text: &[u8], from: usize) -> Option<Row> {
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let byte = |at: Option<usize>| at.and_then(|at| text.get(at)).copied().unwrap_or_default();
    let begins = |at: &usize| {
        let before = byte(at.checked_sub(1));
        let fraction = matches!(before, b'.' | b',' | b':') && at.checked_sub(2).is_some_and(is_digit);
        is_digit(*at) && !before.is_ascii_alphanumeric() && !fraction
    };
    let first = (from..text.len()).find(begins)?;
    let mut row = Row { groups: Vec::new(), start: first, plus: false, paren: false };
    if byte(row.start.checked_sub(1)) == b'(' {
        (row.start, row.paren) = (row.start - 1, true);
    }
    if byte(row.start.checked_sub(1)) == b'+' {
        (row.start, row.plus) = (row.start - 1, true);
    }
    let (mut at, mut parted) = (first, 0);
    while is_digit(at) {
        let end = (at..text.len()).find(|end| !is_digit(*end)).unwrap_or(text.len());
        row.groups.push(Group { at: at..end, parted });
        at =
            (end..text.len().min(end + 3)).find(|at| !parts(text.get(*at).copied().unwrap_or_default())).unwrap_or(end);
        parted = byte(at.checked_sub(1));
    }
    Some(row)
}

impl Row {
    fn digits(&self, text: &[u8], count: usize) -> Vec<u8> {
        let groups = self.groups.iter().take(count);
        groups.flat_map(|group| text.get(group.at.clone()).unwrap_or_default()).copied().collect()
    }

    fn lengths(&self, count: usize) -> Vec<usize> {
        self.groups.iter().take(count).map(|group| group.at.len()).collect()
    }

    /// Whether the first groups are a number.
    fn is_number(&self, text: &[u8], count: usize) -> bool {
        let digits = self.digits(text, count);
        let after = self.groups.get(count - 1).and_then(|group| text.get(group.at.end));
        if digits.len() < FEWEST || digits.len() > MOST + 2 || after.is_some_and(u8::is_ascii_alphanumeric) {
            return false;
        }
        match (digits.as_slice(), self.plus) {
            ([first, ..], true) => *first != b'0' && digits.len() <= MOST,
            ([b'0', b'0', country, ..], _) => *country != b'0' && digits.len() >= 10 && !self.is_other(count),
            ([b'0', second, ..], _) => {
                *second != b'0'
                    && self.groups.first().is_some_and(|group| group.at.len() > 1)
                    && (9..=12).contains(&digits.len())
                    && !self.is_other(count)
            }
            _ if self.paren => (8..=13).contains(&digits.len()),
            _ => self.is_national(&digits, count) && !self.is_other(count),
        }
    }

    /// Forms without a zero in front: of North America, India, and nine digits as in Spain.
    fn is_national(&self, digits: &[u8], count: usize) -> bool {
        let american = |digits: &[u8]| matches!(digits, [b'2'..=b'9', _, _, b'2'..=b'9', ..]) && digits.len() == 10;
        let mobile = matches!(digits, [b'6'..=b'9', ..]);
        match *self.lengths(count).as_slice() {
            [3, 3, 4] | [3, 7] | [6, 4] | [10] => american(digits) || (mobile && count == 1),
            [1, 3, 3, 4] | [1, 10] | [11] => {
                digits.first() == Some(&b'1') && american(digits.get(1..).unwrap_or_default())
            }
            [5, 5] => mobile,
            [3, 3, 3] | [3, 2, 2, 2] => mobile && self.groups.iter().take(count).all(|group| group.parted != b'.'),
            _ => false,
        }
    }

    /// Groups that begin as a date, or are an address of a host.
    fn is_other(&self, count: usize) -> bool {
        let lengths = self.lengths(count);
        let parted = |at: usize| self.groups.get(at).filter(|_| at < count).map_or(0, |group| group.parted);
        let by = parted(1);
        let alone = by == parted(2) && parted(3) != by && matches!(by, b'-' | b'.' | b'/');
        let date = alone && matches!(lengths.as_slice(), [1..=2, 1..=2, 2 | 4, ..] | [4, 1..=2, 1..=2, ..]);
        let host =
            lengths.len() == 4 && lengths.iter().all(|length| *length <= 3) && (1..4).all(|at| parted(at) == b'.');
        date || host
    }

    /// Whether half of a number's digits stand there, as a number's do.
    fn is_beginning(&self, text: &[u8]) -> bool {
        let count = self.groups.len();
        let (digits, lengths) = (self.digits(text, count), self.lengths(count));
        if digits.len() > MOST {
            return false;
        }
        let date = self.is_other(count) && lengths.get(2).is_some_and(|year| *year > 2);
        match (digits.as_slice(), lengths.as_slice()) {
            ([first, ..], _) if self.plus => *first != b'0' && digits.len() > FEWEST / 2,
            _ if self.paren => digits.len() > FEWEST / 2,
            ([b'0', ..], _) => digits.len() > 4 && !date && lengths.first().is_some_and(|first| *first > 1),
            ([b'1', ..], [1, ..] | [11]) => digits.len() > 5,
            (
                [b'2'..=b'9', ..],
                [3] | [3, 1..=3] | [3, 3, 1..=4] | [3, 2, 1..=2] | [3, 2, 2, 1..=2] | [5..=10] | [5, 1..=5],
            ) => digits.len() > 4,
            _ => false,
        }
    }
}

/// A sign or a code of money stands beside it.
fn priced(text: &str, row: &Row, count: usize) -> bool {
    const MONEY: [&str; 9] = ["$", "€", "£", "¥", "₹", "EUR", "USD", "GBP", "CHF"];
    let before = text.get(..row.start).unwrap_or_default().trim_end();
    let end = row.groups.get(count - 1).map_or(text.len(), |group| group.at.end);
    let after = text.get(end..).unwrap_or_default();
    let cents = after.strip_prefix(',').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    cents || MONEY.iter().any(|money| before.ends_with(money) || after.trim_start().starts_with(money))
}
