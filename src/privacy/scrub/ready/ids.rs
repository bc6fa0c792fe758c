//! Numbers by which states know people, each with what checks it.

use std::ops::Range;

use super::Look;
use super::card::luhn;

/// How a kind of number looks, and what checks it.
#[derive(Debug)]
pub(super) struct Id {
    /// Fewest characters of a number, without what parts them.
    pub(super) length: u8,
    /// Forms: `d` a digit, `l` a letter, `a` either, `c` a digit or a letter that stands for one.
    shapes: &'static [&'static [u8]],
    /// Characters one of which may stand between two.
    parts: &'static [u8],
    /// How many characters stand together, where numbers are told by that alone; empty: anything goes.
    groups: &'static [&'static [usize]],
    /// What is true of its characters, in upper case.
    check: fn(&[u8]) -> bool,
    /// What a text has that has one, where that is not told by digits.
    pub(super) look: Option<Look>,
}

const LOOSE: &[u8] = b" -./";
/// Letters that stand for digits in tax codes, from 0 to 9.
const CODED: &[u8] = b"LMNPQRSTUV";
/// Longest form, with what parts it.
const LONGEST: usize = 34;

const fn digits(length: u8, shapes: &'static [&'static [u8]], check: fn(&[u8]) -> bool) -> Id {
    Id { length, shapes, parts: LOOSE, groups: &[], check, look: None }
}

pub(super) const US_SSN: Id = Id { parts: b" -.", groups: &[&[9], &[3, 2, 4]], ..digits(9, &[b"ddddddddd"], us_ssn) };
pub(super) const UK_NINO: Id = digits(9, &[b"llddddddl"], uk_nino);
pub(super) const DE_TAX_ID: Id = digits(11, &[b"ddddddddddd"], de_tax_id);
pub(super) const FR_NIR: Id = digits(15, &[b"dddddddaddddddd", b"ddddddaddddddda"], fr_nir);
pub(super) const IT_CODICE_FISCALE: Id =
    Id { look: Some(may_have_codice), ..digits(16, &[b"llllllcclcclcccl"], it_codice_fiscale) };
pub(super) const ES_DNI: Id = digits(9, &[b"ddddddddl", b"ldddddddl"], es_dni);
pub(super) const NL_BSN: Id = digits(9, &[b"ddddddddd"], nl_bsn);
pub(super) const PL_PESEL: Id = digits(11, &[b"ddddddddddd"], pl_pesel);
pub(super) const SE_PERSONNUMMER: Id =
    Id { parts: b" -+", ..digits(10, &[b"dddddddddddd", b"dddddddddd"], se_personnummer) };
pub(super) const BR_CPF: Id = digits(11, &[b"ddddddddddd"], br_cpf);
pub(super) const IN_AADHAAR: Id = digits(12, &[b"dddddddddddd"], in_aadhaar);

impl Id {
    pub(super) fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for start in 0..text.len() {
            let free = found.last().is_none_or(|last| last.end <= start);
            if free && begins(text, start) {
                found.extend(self.shapes.iter().find_map(|shape| self.matches(text, start, shape)));
            }
        }
        found
    }

    fn matches(&self, text: &[u8], start: usize, shape: &[u8]) -> Option<Range<usize>> {
        if !self.reaches(text, start, shape) {
            return None;
        }
        let places = self.places(text, start, shape);
        let end = places.last()? + 1;
        if places.len() != shape.len()
            || text.get(end).is_some_and(u8::is_ascii_alphanumeric)
            || !self.is_grouped(&places)
        {
            return None;
        }
        let number: Vec<u8> = places.iter().filter_map(|at| text.get(*at)).map(u8::to_ascii_uppercase).collect();
        (self.check)(&number).then_some(start..end)
    }

    /// Where an end of the text begins that has half of a number, and the form of one.
    pub(super) fn growing(&self, text: &[u8]) -> Option<usize> {
        let last = match text {
            [.., last] if last.is_ascii_alphanumeric() => *last,
            [.., last, part] if self.parts.contains(part) => *last,
            _ => return None,
        };
        // The last one that is there is beyond the half of the form, and not the last of it.
        let ends = |shape: &[u8]| {
            let places = shape.len().div_ceil(2) - 1..shape.len() - 1;
            shape.get(places).is_some_and(|forms| forms.iter().any(|form| fits(last, *form)))
        };
        if !self.shapes.iter().any(|shape| ends(shape)) {
            return None;
        }
        let first = text.len().saturating_sub(LONGEST);
        (first..text.len()).filter(|start| begins(text, *start)).find(|start| {
            self.shapes.iter().any(|shape| {
                let (count, end) = self.extent(text, *start, shape);
                let rest = text.get(end..).unwrap_or_default();
                let open = rest.len() <= 1 && rest.iter().all(|byte| self.parts.contains(byte));
                open && 2 * count >= shape.len() && count < shape.len()
            })
        })
    }

    /// How many of [`Self::places`] there are, and where the last ends.
    fn extent(&self, text: &[u8], start: usize, shape: &[u8]) -> (usize, usize) {
        let (mut count, mut end) = (0, start);
        for (at, byte) in text.iter().enumerate().skip(start) {
            let Some(form) = shape.get(count) else { break };
            if fits(*byte, *form) {
                (count, end) = (count + 1, at + 1);
            } else if count == 0 || at > end || byte.is_ascii_alphanumeric() || !self.parts.contains(byte) {
                break;
            }
        }
        (count, end)
    }

    /// Whether the whole shape is there: the same as counting [`Self::places`], without keeping them, since most words are no number.
    fn reaches(&self, text: &[u8], start: usize, shape: &[u8]) -> bool {
        let mut at = start;
        shape.iter().enumerate().all(|(done, form)| {
            let parted =
                done > 0 && text.get(at).is_some_and(|byte| !byte.is_ascii_alphanumeric() && self.parts.contains(byte));
            at += usize::from(parted) + 1;
            text.get(at - 1).is_some_and(|byte| fits(*byte, *form))
        })
    }

    /// Places of characters that are as the shape says, from the first on.
    fn places(&self, text: &[u8], start: usize, shape: &[u8]) -> Vec<usize> {
        let mut places: Vec<usize> = Vec::with_capacity(shape.len());
        let mut at = start;
        while let (Some(byte), Some(form)) = (text.get(at), shape.get(places.len())) {
            if fits(*byte, *form) {
                places.push(at);
            } else if byte.is_ascii_alphanumeric()
                || !self.parts.contains(byte)
                || places.last().is_none_or(|last| at - last > 1)
            {
                break;
            }
            at += 1;
        }
        places
    }

    fn is_grouped(&self, places: &[usize]) -> bool {
        let lengths = || places.chunk_by(|a, b| b - a == 1).map(<[usize]>::len);
        self.groups.is_empty() || self.groups.iter().any(|group| lengths().eq(group.iter().copied()))
    }
}

fn begins(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    text.get(at).is_some_and(u8::is_ascii_alphanumeric) && !before.is_some_and(u8::is_ascii_alphanumeric)
}

fn fits(byte: u8, form: u8) -> bool {
    match form {
        b'd' => byte.is_ascii_digit(),
        b'l' => byte.is_ascii_alphabetic(),
        b'c' => byte.is_ascii_digit() || CODED.contains(&byte.to_ascii_uppercase()),
        _ => byte.is_ascii_alphanumeric(),
    }
}

/// The value of digits.
fn value(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |all, byte| Some(all * 10 + u64::from(char::from(*byte).to_digit(10)?)))
}

/// The sum of digits, each times its weight.
fn weighted(digits: &[u8], weights: impl IntoIterator<Item = u32>) -> u32 {
    digits.iter().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum()
}

fn is_one_digit(digits: &[u8]) -> bool {
    digits.windows(2).all(|pair| pair.first() == pair.last())
}

/// No check digit, but numbers that are never given out.
fn us_ssn(number: &[u8]) -> bool {
    let part = |range: Range<usize>| number.get(range).and_then(value).unwrap_or_default();
    !matches!(part(0..3), 0 | 666 | 900..) && part(3..5) != 0 && part(5..9) != 0
}

/// No check digit, but letters that are never used.
fn uk_nino(number: &[u8]) -> bool {
    let [first, second, .., last] = number else { return false };
    let never = [b"BG", b"GB", b"NK", b"KN", b"TN", b"NT", b"ZZ"];
    !b"DFIQUV".contains(first)
        && !b"DFIOQUV".contains(second)
        && !never.contains(&&[*first, *second])
        && (b'A'..=b'D').contains(last)
}

/// ISO/IEC 7064, MOD 11,10; of the first ten digits one stands there twice or three times.
fn de_tax_id(number: &[u8]) -> bool {
    let Some((last, ten)) = number.split_last() else { return false };
    let count = |digit: u8| ten.iter().filter(|byte| **byte == digit).count();
    let repeats = (b'0'..=b'9').filter(|digit| count(*digit) > 1).count();
    let product = ten.iter().fold(10, |product, byte| {
        let sum = (u32::from(byte - b'0') + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    let check = (11 - product) % 10;
    ten.first() != Some(&b'0')
        && repeats == 1
        && (b'0'..=b'9').all(|digit| count(digit) <= 3)
        && u32::from(last - b'0') == check
}

/// 97 less the rest by 97; Corsica's 2A and 2B count as 19 and 18.
fn fr_nir(number: &[u8]) -> bool {
    let mut digits = number.to_vec();
    if let Some(corsica) = digits.get_mut(5..7) {
        match corsica {
            [b'2', b'A'] => corsica.copy_from_slice(b"19"),
            [b'2', b'B'] => corsica.copy_from_slice(b"18"),
            _ => {}
        }
    }
    let part = |range: Range<usize>| digits.get(range).and_then(value);
    let (Some(body), Some(key), Some(month)) = (part(0..13), part(13..15), part(3..5)) else { return false };
    let sex = matches!(digits.first(), Some(b'1'..=b'4' | b'7' | b'8'));
    sex && matches!(month, 1..=12 | 20..=42 | 50..=99) && key == 97 - body % 97
}

/// A letter of the sum of values, which differ in odd places. Digits may be letters where two people would have the same code.
fn it_codice_fiscale(number: &[u8]) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let digit = |at: &usize| number.get(*at).is_some_and(|byte| byte.is_ascii_digit() || CODED.contains(byte));
    let month = number.get(8).is_some_and(|byte| b"ABCDEHLMPRST".contains(byte));
    let Some((last, rest)) = number.split_last() else { return false };
    let worth = |(at, byte): (usize, &u8)| {
        let even = if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' };
        if at % 2 == 0 { ODD.get(usize::from(even)).copied().unwrap_or_default() } else { u32::from(even) }
    };
    let sum: u32 = rest.iter().enumerate().map(worth).sum();
    month && [6, 7, 9, 10, 12, 13, 14].iter().all(digit) && u32::from(last - b'A') == sum % 26
}

/// Whether somewhere letters, and what stands for digits, stand as in a tax code, and words begin and end where it does.
fn may_have_codice(text: &[u8]) -> bool {
    // A bit for each of the last characters, the last one lowest.
    const LETTERS: u32 = 0b1111_1100_1001_0001;
    const DIGITS: u32 = 0b0000_0011_0110_1110;
    const FIRST: u32 = 1 << 15;
    const CODES: u32 = letters(CODED);
    let (mut letters, mut digits, mut firsts) = (0_u32, 0_u32, 0_u32);
    let (mut begins, mut parted) = (1, 0);
    let is_one = |letters: u32, digits: u32, firsts: u32| {
        letters & LETTERS == LETTERS && digits & DIGITS == DIGITS && firsts & FIRST != 0
    };
    for byte in text {
        let letter = (byte | 0x20).wrapping_sub(b'a');
        if letter < 26 || byte.is_ascii_digit() {
            let is_letter = u32::from(letter < 26);
            letters = letters << 1 | is_letter;
            digits = digits << 1 | (1 - is_letter) | (CODES >> (letter & 31) & is_letter);
            firsts = firsts << 1 | begins;
            (begins, parted) = (0, 0);
            continue;
        }
        if begins == 0 && is_one(letters, digits, firsts) {
            return true;
        }
        begins = 1;
        let space = matches!(byte, b'\t'..=b'\r' | b' ');
        // White space that follows white space is the same.
        if !(space && parted == 2) {
            if parted != 0 || !space && !LOOSE.contains(byte) {
                firsts = 0;
            }
            parted = if space { 2 } else { 1 };
        }
    }
    is_one(letters, digits, firsts)
}

/// A bit for each of these letters.
const fn letters(of: &[u8]) -> u32 {
    let (mut all, mut at) = (0, 0);
    while at < of.len() {
        all |= 1 << (of[at] - b'A');
        at += 1;
    }
    all
}

/// A letter by the rest by 23; of a foreigner's number the first letter is a digit.
fn es_dni(number: &[u8]) -> bool {
    let mut digits = number.to_vec();
    let Some(first) = digits.first_mut() else { return false };
    match *first {
        b'X' => *first = b'0',
        b'Y' => *first = b'1',
        b'Z' => *first = b'2',
        _ => {}
    }
    let rest = digits.get(..8).and_then(value).and_then(|value| usize::try_from(value % 23).ok());
    rest.and_then(|rest| b"TRWAGMYFPDXBNJZSQVHLCKE".get(rest)) == digits.last()
}

/// The test by eleven.
fn nl_bsn(number: &[u8]) -> bool {
    let Some((last, eight)) = number.split_last() else { return false };
    let sum = weighted(eight, (2..=9).rev());
    !is_one_digit(number) && sum % 11 == u32::from(last - b'0')
}

fn pl_pesel(number: &[u8]) -> bool {
    let part = |range: Range<usize>| number.get(range).and_then(value).unwrap_or_default();
    let sum = weighted(number, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
    matches!(part(2..4) % 20, 1..=12) && matches!(part(4..6), 1..=31) && sum.is_multiple_of(10)
}

fn se_personnummer(number: &[u8]) -> bool {
    let ten = number.get(number.len().saturating_sub(10)..).unwrap_or_default();
    let part = |range: Range<usize>| ten.get(range).and_then(value).unwrap_or_default();
    let century = number.len() == 10 || matches!(number, [b'1', b'8' | b'9', ..] | [b'2', b'0', ..]);
    let digits: Vec<u8> = ten.iter().map(|byte| byte - b'0').collect();
    century && matches!(part(2..4), 1..=12) && matches!(part(4..6), 1..=31 | 61..=91) && luhn(&digits)
}

/// Two check digits by eleven.
fn br_cpf(number: &[u8]) -> bool {
    let check = |count: u32| {
        let sum = weighted(number.get(..count as usize).unwrap_or_default(), (2..=count + 1).rev());
        number.get(count as usize).is_some_and(|byte| u32::from(byte - b'0') == sum * 10 % 11 % 10)
    };
    !is_one_digit(number) && check(9) && check(10)
}

/// Verhoeff's check digit, in the dihedral group of order ten.
fn in_aadhaar(number: &[u8]) -> bool {
    const TURNS: [usize; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let product = |a: usize, b: usize| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let turned = |digit: usize, times: usize| {
        (0..times % 8).fold(digit, |digit, _| TURNS.get(digit).copied().unwrap_or_default())
    };
    let digits = number.iter().rev().map(|byte| usize::from(byte - b'0'));
    let all = digits.enumerate().fold(0, |all, (at, digit)| product(all, turned(digit, at)));
    number.first().is_some_and(|first| *first > b'1') && all == 0
}
