//! Ready-made rules: what they find is checked by more than a pattern.

use std::ops::Range;

use super::filter::{Need, bit};

mod card;
mod email;
mod iban;
mod ids;
mod phone;

/// A cheap look at a text of which all that is not ASCII reads as it is, and white space is not yet one space: false is certain.
pub(super) type Look = fn(&[u8]) -> bool;

/// A rule that is ready made. It reads normalised text.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) example: &'static str,
    pub(super) replacement: &'static str,
    /// Least count of a match's characters, of its digits, and of those in one row.
    least: (usize, usize, usize),
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Card,
    Iban,
    Email,
    Phone,
    Id(ids::Id),
}

impl Ready {
    pub(super) fn all() -> &'static [Self] {
        &ALL
    }

    pub(super) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|ready| ready.name == name)
    }

    pub(super) fn need(&self) -> Need {
        let (length, digits, row) = self.least;
        let sets = if let Kind::Email = self.kind { vec![bit(b'@')] } else { Vec::new() };
        let look: Option<Look> = match &self.kind {
            Kind::Iban => Some(iban::may_have),
            Kind::Id(id) => id.look,
            Kind::Card | Kind::Email | Kind::Phone => None,
        };
        Need { length, digits, row, sets, look, ..Need::default() }
    }

    /// All matches, in order; they do not overlap.
    pub(super) fn find(&self, text: &str) -> Vec<Range<usize>> {
        match &self.kind {
            Kind::Card => card::find(text.as_bytes()),
            Kind::Iban => iban::find(text.as_bytes()),
            Kind::Email => email::find(text),
            Kind::Phone => phone::find(text),
            Kind::Id(id) => id.find(text.as_bytes()),
        }
    }

    /// Where the end of the text begins that may become a match, and tells half of one.
    pub(super) fn growing(&self, text: &str) -> Option<usize> {
        match &self.kind {
            Kind::Card => card::growing(text.as_bytes()),
            Kind::Iban => iban::growing(text.as_bytes()),
            Kind::Email => email::growing(text),
            Kind::Phone => phone::growing(text),
            Kind::Id(id) => id.growing(text.as_bytes()),
        }
    }
}

const fn ready(
    (name, title): (&'static str, &'static str),
    example: &'static str,
    replacement: &'static str,
    least: (usize, usize, usize),
    kind: Kind,
) -> Ready {
    Ready { name, title, example, replacement, least, kind }
}

const fn id(
    names: (&'static str, &'static str),
    example: &'static str,
    replacement: &'static str,
    (digits, row): (usize, usize),
    id: ids::Id,
) -> Ready {
    ready(names, example, replacement, (id.length as usize, digits, row), Kind::Id(id))
}

static ALL: [Ready; 15] = [
    ready(("card", "Payment card numbers"), "4111 1111 1111 1111", "[card number]", (13, 13, 13), Kind::Card),
    ready(
        ("iban", "Bank account numbers (IBAN)"),
        "DE89 3704 0044 0532 0130 00",
        "[bank account]",
        (15, 2, 2),
        Kind::Iban,
    ),
    ready(("email", "E-mail addresses"), "ada@example.com", "[email address]", (6, 0, 0), Kind::Email),
    ready(("phone", "Phone numbers"), "+44 20 7946 0958", "[phone number]", (7, 7, 7), Kind::Phone),
    id(
        ("us-ssn", "Social security numbers (United States)"),
        "123-45-6789",
        "[social security number]",
        (9, 9),
        ids::US_SSN,
    ),
    id(
        ("uk-nino", "National insurance numbers (United Kingdom)"),
        "AB 12 34 56 C",
        "[national insurance number]",
        (6, 6),
        ids::UK_NINO,
    ),
    id(
        ("de-tax-id", "Tax identification numbers (Germany)"),
        "86 095 742 719",
        "[tax number]",
        (11, 11),
        ids::DE_TAX_ID,
    ),
    id(
        ("fr-nir", "Social security numbers (France)"),
        "1 85 05 78 006 084 91",
        "[social security number]",
        (13, 7),
        ids::FR_NIR,
    ),
    id(("it-codice-fiscale", "Tax codes (Italy)"), "RSSMRA85T10A562S", "[tax code]", (0, 0), ids::IT_CODICE_FISCALE),
    id(("es-dni", "Identity numbers DNI and NIE (Spain)"), "12345678-Z", "[identity number]", (7, 7), ids::ES_DNI),
    id(
        ("nl-bsn", "Citizen service numbers (Netherlands)"),
        "1112.22.333",
        "[citizen service number]",
        (9, 9),
        ids::NL_BSN,
    ),
    id(("pl-pesel", "PESEL numbers (Poland)"), "44051401359", "[identity number]", (11, 11), ids::PL_PESEL),
    id(
        ("se-personnummer", "Personal identity numbers (Sweden)"),
        "811228-9874",
        "[identity number]",
        (10, 10),
        ids::SE_PERSONNUMMER,
    ),
    id(("br-cpf", "CPF numbers (Brazil)"), "111.444.777-35", "[tax number]", (11, 11), ids::BR_CPF),
    id(("in-aadhaar", "Aadhaar numbers (India)"), "2341 2341 2346", "[identity number]", (12, 12), ids::IN_AADHAAR),
];

/// A character may stand between two others of a number.
fn parts(byte: u8) -> bool {
    matches!(byte, b' ' | b'-')
}

/// Joins ranges that overlap. They come in the order of their starts.
fn joined(ranges: impl IntoIterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match all.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => all.push(range),
        }
    }
    all
}

#[cfg(test)]
#[path = "ready_tests.rs"]
mod tests;
