//! Addresses: from what an attribute or a style of the visitor's DOM says to what may stand in its place at an agent's.

use std::sync::PoisonError;

use percent_encoding::percent_decode_str;
use url::{Position, Url};

use super::Wash;
use super::scrub::tells;
use crate::policy::Use;
use crate::privacy::Scrubber;

mod srcset;

/// Most bytes of a `data:` picture.
const DATA_MAX: usize = 2 << 20;
/// Where a view origin takes addresses that the shim cannot map.
const TO: &str = "/.alongside/to";

/// What may stand in an address's place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mapped {
    /// The address itself: a fragment of the document, or a picture within the address.
    Same,
    /// The session's copy.
    Asset(String),
    /// Nothing.
    Refused,
}

/// Where addresses stand.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// What relative ones are resolved against, a view address or a real one.
    pub(super) base: Option<&'a Url>,
    /// What stands before the key: `a/` in documents, nothing in style sheets.
    pub(super) prefix: &'static str,
    /// The rules of the document about texts.
    pub(super) scrubber: Option<&'a Scrubber>,
}

impl Wash {
    /// Maps the address of something to load.
    pub(super) fn load(&self, address: &str, place: Place<'_>) -> Mapped {
        let address = address.trim_matches(|c: char| c <= ' ');
        if address.is_empty() {
            return Mapped::Refused;
        }
        if address.starts_with('#') {
            let tells = place.scrubber.is_some_and(|scrubber| tells(scrubber, address));
            return if tells { Mapped::Refused } else { Mapped::Same };
        }
        // A fragment is judged by rules about texts, and what is noted, is noted each time.
        let base = place.base.filter(|_| self.noted.is_none() && !address.contains('#'));
        if let Some(key) = base.and_then(|base| self.known.asset(base, address)) {
            return Mapped::Asset(format!("{}{key}", place.prefix));
        }
        match Url::options().base_url(place.base).parse(address) {
            Ok(url) if url.scheme() == "data" => data(address, place),
            Ok(url) => {
                let asset = self.asset(&url, place);
                if let (Some(base), Some(key)) = (base, asset.as_deref().and_then(|key| key.strip_prefix(place.prefix)))
                {
                    self.known.keep_asset(base, address, key);
                }
                asset.map_or(Mapped::Refused, Mapped::Asset)
            }
            Err(_) => Mapped::Refused,
        }
    }

    /// Maps every candidate of a `srcset`; none is left: none.
    pub(super) fn load_srcset(&self, text: &str, place: Place<'_>) -> Option<String> {
        let mut mapped = String::new();
        for candidate in srcset::parse(text) {
            let address = match self.load(candidate.address, place) {
                Mapped::Same => candidate.address.to_owned(),
                Mapped::Asset(address) => address,
                Mapped::Refused => continue,
            };
            if !mapped.is_empty() {
                mapped.push_str(", ");
            }
            mapped.push_str(&address);
            for descriptor in candidate.descriptors {
                mapped.push(' ');
                mapped.push_str(descriptor);
            }
        }
        (!mapped.is_empty()).then_some(mapped)
    }

    fn asset(&self, url: &Url, place: Place<'_>) -> Option<String> {
        let real = self.real(url)?;
        self.policy.check_address(&real, Use::Load).ok()?;
        if !matches!(real.scheme(), "http" | "https") {
            return None;
        }
        let tells = |fragment: &&str| place.scrubber.is_some_and(|scrubber| tells(scrubber, fragment));
        let fragment = real
            .fragment()
            .filter(|fragment| !tells(fragment))
            .map(|fragment| format!("#{fragment}"))
            .unwrap_or_default();
        let key = self.asset_key(&real);
        if let Some(noted) = &self.noted {
            noted.lock().unwrap_or_else(PoisonError::into_inner).push((key.clone(), real.clone()));
        }
        Some(format!("{}{key}{fragment}", place.prefix))
    }

    /// The real address behind one of the visitor's DOM: a view address of this session is unmapped, one of another session is none,
    /// any other is real already.
    pub(super) fn real(&self, url: &Url) -> Option<Url> {
        let host = url.host_str()?;
        let ours =
            host.strip_suffix(self.domain.domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if !ours {
            return Some(url.clone());
        }
        let place = &url[..Position::BeforePath];
        let origin = match self.known.origin(place) {
            Some(origin) => origin,
            None => {
                let (sid, origin) = self.domain.origin_behind(url, |_, hash| (self.hashed)(hash))?;
                if sid != self.sid {
                    return None;
                }
                self.known.keep_origin(place, origin.clone());
                origin
            }
        };
        let real = origin.real(url)?;
        if real.path() == TO {
            let (_, target) = real.query_pairs().find(|(name, _)| name == "url")?;
            return Url::parse(&target).ok();
        }
        Some(real)
    }
}

/// A picture within its address; any other content is refused.
fn data(address: &str, place: Place<'_>) -> Mapped {
    let head = address.as_bytes().get(..11).unwrap_or_default();
    let tells = || place.scrubber.is_some_and(|scrubber| picture_tells(scrubber, address));
    if head.eq_ignore_ascii_case(b"data:image/") && address.len() <= DATA_MAX && !tells() {
        Mapped::Same
    } else {
        Mapped::Refused
    }
}

/// Whether a picture within its address is one of text, which tells something.
fn picture_tells(scrubber: &Scrubber, address: &str) -> bool {
    let Some((head, body)) = address.split_once(',').filter(|(head, _)| head.to_ascii_lowercase().contains("svg"))
    else {
        return false;
    };
    let body: Vec<u8> = percent_decode_str(body).collect();
    if !head.to_ascii_lowercase().ends_with(";base64") {
        return tells(scrubber, &String::from_utf8_lossy(&body));
    }
    tells(scrubber, &String::from_utf8_lossy(&base64(&body)))
}

/// Bytes of a text in base64; what is no character of it is passed over.
fn base64(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut bits, mut held) = (Vec::with_capacity(text.len() / 4 * 3), 0u32, 0u32);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    bytes
}
