//! The 20 rules that benchmarks go by: all ready-made ones and 5 patterns.

use alongside::privacy::Privacy;
use alongside::protocol::rules::{PrivacyDraft, ScrubDraft};

/// Names of ready-made rules.
pub(crate) const READY: [&str; 15] = [
    "card",
    "iban",
    "email",
    "phone",
    "us-ssn",
    "uk-nino",
    "de-tax-id",
    "fr-nir",
    "it-codice-fiscale",
    "es-dni",
    "nl-bsn",
    "pl-pesel",
    "se-personnummer",
    "br-cpf",
    "in-aadhaar",
];
/// Patterns.
pub(crate) const WRITTEN: [&str; 5] =
    [r"\bKN-\d{6}\b", r"order #\d{4,}", r"(?i)customer no\. ?(\d+)", r"\b[A-Z]{2}\d{6}[A-Z]\b", r"token=[0-9a-f]{16}"];

/// Rules of these names and patterns; none: one is wrong.
pub(crate) fn privacy(ready: &[&str], patterns: &[&str]) -> Option<Privacy> {
    let named = |name: &&str| ScrubDraft { ready: Some((*name).to_owned()), ..ScrubDraft::default() };
    let written = |pattern: &&str| ScrubDraft {
        pattern: Some((*pattern).to_owned()),
        replacement: Some("[gone]".to_owned()),
        ..ScrubDraft::default()
    };
    let scrub = ready.iter().map(named).chain(patterns.iter().map(written)).collect();
    Privacy::check(&PrivacyDraft { scrub, ..PrivacyDraft::default() }, "").ok()
}
