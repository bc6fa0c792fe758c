//! Payment card numbers: 13 to 19 digits, a known prefix, Luhn's check digit. Any run of digits within a longer one counts, so that a digit more
//! reveals nothing.

use std::ops::Range;

use super::{joined, parts};

const SHORTEST: usize = 13;
const LONGEST: usize = 19;

pub(super) fn find(text: &[u8]) -> Vec<Range<usize>> {
    joined(runs(text).iter().flat_map(|run| windows(text, run)))
}

/// Digits at the end with which a number begins, half of the shortest one or more.
pub(super) fn growing(text: &[u8]) -> Option<usize> {
    let last = match text {
        [.., last] if last.is_ascii_digit() => text.len() - 1,
        [.., last, part] if last.is_ascii_digit() && parts(*part) => text.len() - 2,
        _ => return None,
    };
    // Of a longer row the last digits that a number may begin with.
    let row = Some(last_row(text, last)).filter(|row| row.len() > SHORTEST / 2)?;
    let digits: Vec<u8> = row.iter().filter_map(|at| text.get(*at)).map(|byte| byte - b'0').collect();
    let begins = |at: &usize| digits.get(*at..at + 4).is_some_and(|four| *lengths(prefix(four)).end() > 0);
    (0..row.len().saturating_sub(SHORTEST / 2)).find(begins).and_then(|at| row.get(at).copied())
}

/// Places of the digits of each row, in which one space or hyphen may stand between two.
fn runs(text: &[u8]) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let digits = text.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit()).map(|(at, _)| at);
    for at in digits {
        let near =
            |last: usize| at - last == 1 || (at - last == 2 && text.get(last + 1).is_some_and(|byte| parts(*byte)));
        match runs.last_mut().filter(|run| run.last().is_some_and(|last| near(*last))) {
            Some(run) => run.push(at),
            None => runs.push(vec![at]),
        }
    }
    runs
}

/// The last places of the row of digits that ends at `last`: as many as a number has that is not yet whole, or fewer.
fn last_row(text: &[u8], last: usize) -> Vec<usize> {
    let is_digit = |at: &usize| text.get(*at).is_some_and(u8::is_ascii_digit);
    let before = |at: &usize| {
        let near = at.checked_sub(1)?;
        let parted = || near.checked_sub(1).filter(|_| text.get(near).is_some_and(|byte| parts(*byte)));
        Some(near).filter(is_digit).or_else(|| parted().filter(is_digit))
    };
    let mut row: Vec<usize> = std::iter::successors(Some(last), before).take(LONGEST - 1).collect();
    row.reverse();
    row
}

fn windows(text: &[u8], run: &[usize]) -> Vec<Range<usize>> {
    let digits: Vec<u8> = run.iter().filter_map(|at| text.get(*at)).map(|byte| byte - b'0').collect();
    let mut found = Vec::new();
    for start in 0..run.len().saturating_sub(SHORTEST - 1) {
        let longest = LONGEST.min(run.len() - start);
        let fits = |length: &usize| digits.get(start..start + length).is_some_and(is_card);
        if let Some(length) = (SHORTEST..=longest).rev().find(fits)
            && let (Some(first), Some(last)) = (run.get(start), run.get(start + length - 1))
        {
            found.push(unbroken(text, *first..last + 1));
        }
    }
    found
}

/// With all digits right before and behind.
fn unbroken(text: &[u8], range: Range<usize>) -> Range<usize> {
    let before =
        text.get(..range.start).unwrap_or_default().iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let behind = text.get(range.end..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count();
    range.start - before..range.end + behind
}

fn is_card(digits: &[u8]) -> bool {
    let (four, rest) = digits.split_at(4.min(digits.len()));
    !rest.is_empty() && lengths(prefix(four)).contains(&digits.len()) && luhn(digits)
}

/// The number that some digits are.
fn prefix(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |all, digit| all * 10 + u32::from(*digit))
}

/// How long numbers that begin with four digits are; 0: no such numbers.
fn lengths(prefix: u32) -> std::ops::RangeInclusive<usize> {
    match prefix {
        4000..=4999 => 13..=19,
        5100..=5599 | 2221..=2720 => 16..=16,
        3400..=3499 | 3700..=3799 => 15..=15,
        3000..=3059 | 3095 | 3600..=3699 | 3800..=3999 => 14..=19,
        3528..=3589 | 6011 | 6440..=6599 | 6200..=6299 | 2200..=2204 => 16..=19,
        9792 => 16..=16,
        1800 | 2131 => 15..=15,
        5000..=5099 | 5600..=5899 | 6000..=6999 => 13..=19,
        8100..=8299 => 16..=19,
        _ => 0..=0,
    }
}

/// Whether the last digit is the one that Luhn's formula gives (ISO/IEC 7812-1).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(*digit) << (at % 2);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}
