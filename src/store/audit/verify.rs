//! Whether a chain of entries holds, and where it breaks. Pure.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::{Digest, Line, Link};
use crate::session::trail::Deed;

/// Where a chain breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// An entry is not what it was: it was changed, put in, or follows another one than it did.
    Changed(i64),
    /// Entries are not there: the first of them.
    Missing(i64),
    /// Entries came after the last one that was written.
    Extra(i64),
    /// The chain does not begin where it did.
    Beginning,
    /// The sealed ends are gone, or no key opens them.
    Unsealed,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(seq) => write!(f, "entry {seq} is not what it was, or does not follow the one before it"),
            Self::Missing(seq) => write!(f, "entry {seq} is missing"),
            Self::Extra(seq) => write!(f, "entry {seq} was added by somebody else"),
            Self::Beginning => f.write_str("entries at the beginning are missing"),
            Self::Unsealed => f.write_str("what is kept sealed of the chain's ends is missing, or no key opens it"),
        }
    }
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Entries looked at.
    pub entries: u64,
    /// The last of them.
    pub head: Link,
    /// Where the chain breaks first.
    pub breaks: Option<Break>,
    /// The ends were compared with what was kept of them elsewhere than in the chain: cutting it shows.
    pub bounded: bool,
}

/// Goes along a chain.
#[derive(Clone, Debug)]
pub struct Walk {
    head: Link,
    entries: u64,
    breaks: Option<Break>,
}

impl Walk {
    /// From the entry that it begins after.
    #[must_use]
    pub fn after(anchor: Link) -> Self {
        Self { head: anchor, entries: 0, breaks: None }
    }

    /// The next entry.
    pub fn step(&mut self, line: &Line) {
        let expected = self.head.seq.saturating_add(1);
        let breaks = if line.seq > expected {
            Some(Break::Missing(expected))
        } else if line.seq < expected || chained(&self.head.hash, line) != line.hash {
            Some(Break::Changed(line.seq))
        } else {
            None
        };
        self.breaks = self.breaks.or(breaks);
        (self.head, self.entries) = (line.link(), self.entries + 1);
    }

    /// The number of the last entry.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.head.seq
    }

    /// There is no more. `last`: what the last entry should be, where that is known.
    #[must_use]
    pub fn finish(self, last: Option<Link>) -> Report {
        let Self { head, entries, breaks } = self;
        let end = last.and_then(|last| match head.seq {
            seq if seq < last.seq => Some(Break::Missing(seq.saturating_add(1))),
            _ if head.seq > last.seq => Some(Break::Extra(last.seq.saturating_add(1))),
            seq if head.hash != last.hash => Some(Break::Changed(seq)),
            _ => None,
        });
        Report { entries, head, breaks: breaks.or(end), bounded: last.is_some() }
    }
}

/// The hash of an entry that follows another one: SHA-256 of lines, each ended by a line feed: the hash before it in hexadecimal, then the entry's
/// fields, empty where there is none. No field has a line feed in it.
#[must_use]
pub(super) fn chained(previous: &Digest, line: &Line) -> Digest {
    let Line { seq, at, what, who, session, about, times, hash: _ } = line;
    let (previous, session) = (hex(previous), session.as_deref().unwrap_or_default());
    let times = times.map(|times| times.to_string()).unwrap_or_default();
    Sha256::digest(format!("{previous}\n{seq}\n{at}\n{what}\n{who}\n{session}\n{about}\n{times}\n")).into()
}

/// A deed as an entry that follows another one.
pub(super) fn line(previous: &Link, seq: i64, deed: &Deed) -> Line {
    let mut line = Line {
        seq,
        at: deed.at,
        what: deed.what.to_string(),
        who: deed.who.clone(),
        session: deed.session.clone(),
        about: deed.about.clone(),
        times: deed.times,
        hash: Digest::default(),
    };
    line.hash = chained(&previous.hash, &line);
    line
}

/// Of hexadecimal.
#[must_use]
pub fn of_hex(text: &str) -> Option<Digest> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// In hexadecimal.
#[must_use]
pub fn hex(hash: &Digest) -> String {
    data_encoding::HEXLOWER.encode(hash)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::trail::What;

    fn chain(length: usize) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for number in 0..length {
            let previous = lines.last().map_or(Link::START, Line::link);
            let deed = Deed::new(What::Acted).by("Justin").about(&format!("press {number}"));
            lines.push(line(&previous, previous.seq + 1, &deed));
        }
        lines
    }

    fn walked(anchor: Link, lines: &[Line], last: Option<Link>) -> Report {
        let mut walk = Walk::after(anchor);
        lines.iter().for_each(|line| walk.step(line));
        walk.finish(last)
    }

    #[test]
    fn the_form_is_as_documented() {
        // Worked out with another tool: docs/audit.md.
        let first = Line {
            seq: 1,
            at: 1_790_000_000_000,
            what: "session-started".to_owned(),
            who: "Justin".to_owned(),
            session: Some("abcdefghij".to_owned()),
            about: "Shop".to_owned(),
            times: None,
            hash: Digest::default(),
        };
        assert_eq!(
            hex(&chained(&Link::START.hash, &first)),
            "5779657792cdf69dd464958c3dd4e95677217c8c78ce6adb82f1eae08820790b"
        );
    }

    proptest! {
        #[test]
        fn whatever_was_done_to_it_shows(length in 2usize..20, place: prop::sample::Index, how in 0u8..8, other: prop::sample::Index) {
            let lines = chain(length);
            let last = lines.last().unwrap().link();
            prop_assert_eq!(walked(Link::START, &lines, Some(last)).breaks, None);
            let at = place.index(length);
            let mut changed = lines.clone();
            match how {
                0 => changed[at].about.push('x'),
                1 => changed[at].at += 1,
                2 => changed[at].times = Some(2),
                3 => drop(changed.remove(at)),
                4 => changed.insert(at, lines[other.index(length)].clone()),
                5 => changed.truncate(at),
                6 => {
                    // Somebody who knows the form puts one at the end.
                    changed.push(line(&last, last.seq + 1, &Deed::new(What::SignIn)));
                }
                _ => {
                    // The same within, all that follows made anew.
                    changed[at].who = "Ada".to_owned();
                    for place in at..length {
                        let previous = if place == 0 { Link::START.hash } else { changed[place - 1].hash };
                        changed[place].hash = chained(&previous, &changed[place]);
                    }
                }
            }
            prop_assert!(walked(Link::START, &changed, Some(last)).breaks.is_some());
        }

        #[test]
        fn what_is_left_after_pruning_holds(length in 2usize..20, place: prop::sample::Index) {
            let lines = chain(length);
            let cut = place.index(length);
            let report = walked(lines[cut].link(), &lines[cut + 1..], Some(lines[length - 1].link()));
            prop_assert_eq!(report.breaks, None);
            prop_assert_eq!(report.entries, u64::try_from(length - 1 - cut).unwrap());
            prop_assert!(cut + 1 == length || walked(Link::START, &lines[cut + 1..], None).breaks.is_some());
        }
    }
}
