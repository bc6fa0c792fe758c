//! Addresses: what they say once percent-encoding is undone.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use url::{Position, Url};

use super::Scrubber;

/// What a replacement must not have as it is.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'/')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`');
/// What an address must not have as it is.
const WITHIN: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'`');
/// What stands between parts of an address.
const PARTS: [char; 6] = ['/', '?', '#', '&', '=', ';'];
/// How many layers of encoding are undone beside the first.
const ROUNDS: usize = 3;

impl Scrubber {
    /// An address as agents may see it: what stands behind its host is matched decoded, once and again, and `+` of a query as space, too. `None`:
    /// nothing changed.
    #[must_use]
    pub fn scrub_url(&self, url: &Url) -> Option<Url> {
        let (site, rest) = (&url[..Position::BeforePath], &url[Position::BeforePath..]);
        let rest = self.scrub_encoded(rest)?;
        let plain = || Url::parse(site).ok();
        Url::parse(&format!("{site}{rest}")).ok().or_else(plain)
    }

    /// The same of an address that is continued bit by bit: each of its parts may be what grows.
    #[must_use]
    pub fn scrub_growing_url(&self, url: &Url) -> Option<Url> {
        let scrubbed = self.scrub_url(url);
        let now = scrubbed.as_ref().unwrap_or(url);
        let (site, rest) = (&now[..Position::BeforePath], &now[Position::BeforePath..]);
        let mut grown = site.to_owned();
        for part in rest.split_inclusive(PARTS) {
            let (part, stop) = part.strip_suffix(PARTS).map_or((part, ""), |told| (told, &part[told.len()..]));
            let told = read_part(part);
            match self.scrub_growing(&told, None).0 {
                Cow::Owned(starred) if starred != told => grown.extend(utf8_percent_encode(&starred, ENCODED)),
                _ => grown.push_str(part),
            }
            grown.push_str(stop);
        }
        if grown == now.as_str() { scrubbed } else { Url::parse(&grown).ok().or(scrubbed) }
    }

    /// The same as [`Self::scrub_url`] for a text that is an address or a part of one, such as a relative reference.
    #[must_use]
    pub fn scrub_encoded(&self, text: &str) -> Option<String> {
        self.scrub_layer(text, ROUNDS)
    }

    /// Undoes one layer of encoding, and those within as long as `left` is not zero.
    fn scrub_layer(&self, text: &str, left: usize) -> Option<String> {
        let mut now = Cow::Borrowed(text);
        for spaced in [false, true] {
            if let Some(changed) = self.scrub_units(&now, spaced) {
                now = Cow::Owned(changed);
            }
        }
        let within = decode(&now);
        if left > 0
            && within != now
            && let Some(changed) = self.scrub_layer(&within, left - 1)
        {
            now = Cow::Owned(utf8_percent_encode(&changed, WITHIN).to_string());
        }
        if let Cow::Owned(changed) = now { Some(changed) } else { None }
    }

    fn scrub_units(&self, text: &str, spaced: bool) -> Option<String> {
        if spaced && !text.contains('+') {
            return None;
        }
        let read = |unit: &str| if spaced && unit == "+" { " ".to_owned() } else { decode(unit).into_owned() };
        if let Cow::Borrowed(_) =
            self.scrub(&if spaced { decode(&text.replace('+', " ")).into_owned() } else { read(text) })
        {
            return None;
        }
        let units = units(text);
        let decoded: Vec<String> = units.iter().map(|unit| read(unit)).collect();
        let pieces: Vec<&str> = decoded.iter().map(String::as_str).collect();
        let scrubbed = self.scrub_run(&pieces)?;
        let both = units.iter().zip(decoded.iter().zip(scrubbed));
        Some(
            both.map(
                |(unit, (was, now))| {
                    if *was == now { (*unit).to_owned() } else { utf8_percent_encode(&now, ENCODED).to_string() }
                },
            )
            .collect(),
        )
    }
}

/// The parts of what stands behind an address's host, decoded.
pub fn address_parts(url: &Url) -> impl Iterator<Item = String> {
    url[Position::BeforePath..].split(PARTS).filter(|part| !part.is_empty()).map(read_part)
}

/// A part of an address as it is read.
fn read_part(part: &str) -> String {
    let mut told = part.replace('+', " ");
    for _ in 0..=ROUNDS {
        match decode(&told) {
            Cow::Owned(within) if within != told => told = within,
            _ => break,
        }
    }
    told
}

fn decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// Parts that are decoded by themselves: characters, and rows of encoded bytes.
fn units(text: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let mut length = 0;
        while is_encoded(rest.as_bytes().get(length..).unwrap_or_default()) {
            length += 3;
        }
        let (unit, after) = rest.split_at(length.max(first.len_utf8()));
        units.push(unit);
        rest = after;
    }
    units
}

fn is_encoded(bytes: &[u8]) -> bool {
    matches!(bytes, [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}
