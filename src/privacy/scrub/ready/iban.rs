//! International bank account numbers (ISO 13616): a country's length, and check digits modulo 97. What stands around does not matter.

use std::ops::Range;

use super::{joined, parts};

/// Countries and how long their numbers are.
const LENGTHS: &[u8] = b"AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18\
GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25\
QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";
const SHORTEST: usize = 15;
/// Characters that tell half of the shortest number.
const HALF: usize = 8;

pub(super) fn find(text: &[u8]) -> Vec<Range<usize>> {
    joined((0..text.len()).filter_map(|start| {
        let length = length(text, start)?;
        let places = places(text, start, length);
        let number: Vec<u8> = places.iter().filter_map(|at| text.get(*at)).copied().collect();
        (places.len() == length && is_valid(&number)).then(|| Some(start..places.last()? + 1)).flatten()
    }))
}

/// Whether a country's letters and two digits stand somewhere, and as much behind them as the shortest number has.
pub(super) fn may_have(text: &[u8]) -> bool {
    // The last characters, the last one lowest, and how many there are since a head.
    let (mut last, mut since, mut parted) = (0_u32, 0, 0);
    for byte in text {
        if byte.is_ascii_alphanumeric() {
            last = last << 8 | u32::from(*byte);
            parted = 0;
            if since > 0 {
                since += 1;
            } else if byte.is_ascii_digit() && is_head(last.to_be_bytes()) {
                since = 4;
            }
            if since >= SHORTEST {
                return true;
            }
            continue;
        }
        let space = matches!(byte, b'\t'..=b'\r' | b' ');
        // White space that follows white space is the same.
        if !(space && parted == 2) {
            if parted != 0 || !space && *byte != b'-' {
                (last, since) = (0, 0);
            }
            parted = if space { 2 } else { 1 };
        }
    }
    false
}

fn is_head([first, second, tens, ones]: [u8; 4]) -> bool {
    let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
    digits && first.is_ascii_alphabetic() && second.is_ascii_alphabetic() && country([first, second]).is_some()
}

pub(super) fn growing(text: &[u8]) -> Option<usize> {
    let first = text.len().saturating_sub(2 * 34 + 2);
    let digits = || text.iter().skip(first).filter(|byte| byte.is_ascii_digit()).count();
    let open = match text {
        [.., before, last] => last.is_ascii_alphanumeric() || parts(*last) && before.is_ascii_alphanumeric(),
        _ => false,
    };
    if !open || digits() < 2 {
        return None;
    }
    (first..text.len()).find(|start| {
        let places = length(text, *start).map(|length| places(text, *start, length));
        let rest = places.as_ref().and_then(|places| text.get(places.last()? + 1..));
        places.as_ref().is_some_and(|places| places.len() >= HALF && Some(places.len()) < length(text, *start))
            && rest.is_some_and(|rest| rest.len() <= 1 && rest.iter().all(|byte| parts(*byte)))
    })
}

/// The length of the number that begins somewhere: a country's letters and two digits.
fn length(text: &[u8], start: usize) -> Option<usize> {
    let head = text.get(start..start + 2)?;
    // Most letters are within words: not worth a look at countries.
    let ends = text.get(start + 2).is_some_and(|byte| byte.is_ascii_digit() || parts(*byte));
    if !ends || !head.iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let digits = country([*head.first()?, *head.last()?])?;
    let places = places(text, start, 4);
    let checks = places.get(2..4)?.iter().all(|at| text.get(*at).is_some_and(u8::is_ascii_digit));
    checks.then_some(digits)
}

/// How long a country's numbers are.
fn country(letters: [u8; 2]) -> Option<usize> {
    let country =
        LENGTHS.chunks(4).find(|country| country.get(..2).is_some_and(|name| name.eq_ignore_ascii_case(&letters)))?;
    Some(country.get(2..)?.iter().fold(0, |all, digit| all * 10 + usize::from(digit - b'0')))
}

/// Places of up to `count` letters and digits, in which one space or hyphen may stand between two.
fn places(text: &[u8], start: usize, count: usize) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::with_capacity(count);
    let mut at = start;
    while let Some(byte) = text.get(at).filter(|_| places.len() < count) {
        if byte.is_ascii_alphanumeric() {
            places.push(at);
        } else if !parts(*byte) || places.last().is_none_or(|last| at - last > 1) {
            break;
        }
        at += 1;
    }
    places
}

fn is_valid(number: &[u8]) -> bool {
    let Some((head, rest)) = number.split_at_checked(4) else { return false };
    let remainder = rest.iter().chain(head).fold(0_u32, |all, byte| match byte {
        b'0'..=b'9' => (all * 10 + u32::from(byte - b'0')) % 97,
        letter => (all * 100 + u32::from(letter.to_ascii_uppercase() - b'A') + 10) % 97,
    });
    remainder == 1
}
