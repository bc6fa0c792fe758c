//! Ready-made rules, by the cases of their fixtures.

use std::fs;

use serde::Deserialize;

use super::super::normal::Normal;
use super::super::tests::scrubber;
use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    finds: Vec<String>,
    misses: Vec<String>,
}

fn rows(ready: &Ready) -> Rows {
    let path = format!("{}/fixtures/scrub/ready/{}.toml", env!("CARGO_MANIFEST_DIR"), ready.name);
    let rows: Rows = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert!(rows.finds.len() >= 8 && rows.misses.len() >= 8, "{}", ready.name);
    rows
}

/// What a row's text is, and what is to be found in it.
fn marked(row: &str) -> (String, String) {
    let (before, rest) = row.split_once('«').unwrap();
    let (found, after) = rest.split_once('»').unwrap();
    (format!("{before}{found}{after}"), found.to_owned())
}

#[test]
fn each_finds_what_its_rows_say() {
    let mut wrong = Vec::new();
    for ready in Ready::all() {
        for row in rows(ready).finds {
            let (text, found) = marked(&row);
            let all: Vec<&str> = ready.find(&text).into_iter().map(|at| text.get(at).unwrap()).collect();
            if all != [found] {
                wrong.push(format!("{}: {row:?} gives {all:?}", ready.name));
            }
        }
        for row in rows(ready).misses {
            let all: Vec<&str> = ready.find(&row).into_iter().map(|at| row.get(at).unwrap()).collect();
            if !all.is_empty() {
                wrong.push(format!("{}: {row:?} gives {all:?}", ready.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_needs_no_more_than_its_matches_have() {
    for ready in Ready::all() {
        let need = ready.need();
        for row in rows(ready).finds {
            let (_, found) = marked(&row);
            assert!(found.len() >= need.length, "{found}");
            assert!(found.bytes().filter(u8::is_ascii_digit).count() >= need.digits, "{found}");
        }
    }
}

/// Ways in which a text looks the same, or nearly so, and is another.
pub(in super::super) fn disguises(text: &str) -> Vec<(&'static str, String)> {
    let wide = |c: char| if ('!'..='~').contains(&c) { char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c) } else { c };
    let other = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(0x660 + digit)).unwrap_or(c);
    let math = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(0x1d7d8 + digit)).unwrap_or(c);
    let between = |with: char| text.chars().flat_map(|c| [c, with]).collect::<String>();
    let backwards: String = text.chars().rev().collect();
    vec![
        ("plain", text.to_owned()),
        ("no-break spaces", text.replace(' ', "\u{a0}")),
        ("ideographic spaces", text.replace(' ', "\u{3000}\n")),
        ("zero-width spaces", between('\u{200b}')),
        ("soft hyphens", between('\u{ad}')),
        ("variation selectors", between('\u{fe0f}')),
        ("tags", between('\u{e0020}')),
        ("full width", text.chars().map(wide).collect()),
        ("Arabic-Indic digits", text.chars().map(other).collect()),
        ("mathematical digits", text.chars().map(math).collect()),
        ("other hyphens", text.replace('-', "\u{2011}")),
        ("override", format!("\u{202e}{backwards}\u{202c}")),
        ("override in override", format!("\u{202e}{backwards}\u{202d}\u{202c}\u{202c}")),
        ("isolated override", format!("\u{2067}\u{202e}{backwards}\u{202c}\u{2069}")),
        ("forced forwards", format!("\u{202d}{text}\u{202c}")),
        ("override without end", format!("\u{202e}{backwards}")),
    ]
}

#[test]
fn each_is_found_in_every_disguise() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for ready in Ready::all() {
        let scrubber = scrubber(&[(ready.name, None)]);
        let texts = rows(ready).finds.into_iter().map(|row| marked(&row).1).chain([ready.example.to_owned()]);
        for (how, text) in texts.flat_map(|text| disguises(&text)) {
            count += 1;
            let scrubbed = scrubber.scrub(&format!("It is {text} here.")).into_owned();
            let seen = Normal::of(&scrubbed).as_str().to_owned();
            if seen != format!("It is {} here.", ready.replacement) && !how.ends_with("end")
                || !seen.contains(ready.replacement)
            {
                wrong.push(format!("{}, {how}: {text:?} gives {scrubbed:?}", ready.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 2000, "{count}");
}

#[test]
fn no_end_of_a_number_shows_while_it_is_typed() {
    let mut wrong = Vec::new();
    for ready in Ready::all() {
        let scrubber = scrubber(&[(ready.name, None)]);
        for row in rows(ready).finds {
            let (_, found) = marked(&row);
            let mut held = None;
            for (at, c) in found.char_indices() {
                let text = &found[..at + c.len_utf8()];
                let (shown, now) = scrubber.scrub_growing(text, held.as_ref());
                held = now;
                let left = shown.chars().filter(char::is_ascii_alphanumeric).count();
                let all = found.chars().filter(char::is_ascii_alphanumeric).count();
                if shown == text && 2 * left > all && ready.name != "email" {
                    wrong.push(format!("{}: {text:?} of {found:?}", ready.name));
                }
            }
            let (shown, now) = scrubber.scrub_growing(&found, held.as_ref());
            assert_eq!(shown, ready.replacement, "{found:?}");
            let more = format!("{found}73");
            let (shown, _) = scrubber.scrub_growing(&more, now.as_ref());
            assert!(!shown.contains("73") || shown == ready.replacement, "{found:?}73 gives {shown:?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
