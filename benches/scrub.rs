//! Scrubbing: ordinary text without rules and with 20, texts full of matches, texts of a few bytes, growing texts, and what a word boundary costs.

use std::hint::black_box;

use alongside::privacy::Scrubber;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use url::Url;

#[path = "rules/twenty.rs"]
mod twenty;

use twenty::{READY, WRITTEN};

fn scrubber(ready: &[&str], patterns: &[&str]) -> Option<Scrubber> {
    let privacy = twenty::privacy(ready, patterns)?;
    Some(privacy.scrubber(&Url::parse("https://shop.example/").ok()?))
}

/// Texts as a shop's pages have them.
fn ordinary() -> Vec<String> {
    let parts = [
        "Add to basket",
        "Product 17",
        "A thing of which there are 12, and it is good. It comes in three colours, and may be sent back within 30 days.",
        "€ 1,299.00",
        "24 November 2026, 12:30",
        "Größe wählen",
        "4",
        "\n      ",
        "Free delivery from 50 EUR on. Questions? We are here from 9 to 17 on workdays.",
    ];
    parts.iter().cycle().take(9000).map(|part| (*part).to_owned()).collect()
}

fn full() -> Vec<String> {
    let parts = [
        "Card 4111 1111 1111 1111, or write to ada@example.com",
        "DE89 3704 0044 0532 0130 00",
        "Call +44 20 7946 0958 about order #12345",
    ];
    parts.iter().cycle().take(3000).map(|part| (*part).to_owned()).collect()
}

fn bench(c: &mut Criterion) {
    let (Some(none), Some(twenty)) = (scrubber(&[], &[]), scrubber(&READY, &WRITTEN)) else { return };
    let (ascii, unicode) = (scrubber(&[], &[r"\b\d{9}\b"]), scrubber(&[], &[r"\b\d{9}\b|ü.ü"]));
    let mut group = c.benchmark_group("scrub");
    let texts = [("ordinary", ordinary()), ("full of matches", full())];
    for (what, texts) in &texts {
        group.throughput(Throughput::Bytes(texts.iter().map(String::len).sum::<usize>() as u64));
        for (rules, scrubber) in [
            ("no rule", Some(&none)),
            ("20 rules", Some(&twenty)),
            (r"ASCII \b", ascii.as_ref()),
            (r"other \b", unicode.as_ref()),
        ] {
            let Some(scrubber) = scrubber else { continue };
            group.bench_function(format!("{what}, {rules}"), |b| {
                b.iter(|| texts.iter().map(|text| black_box(scrubber.scrub(text)).len()).sum::<usize>());
            });
        }
        group.bench_function(format!("{what}, 20 rules, growing"), |b| {
            b.iter(|| texts.iter().map(|text| black_box(twenty.scrub_growing(text, None)).0.len()).sum::<usize>());
        });
    }
    group.throughput(Throughput::Bytes(12));
    group.bench_function("a short text, 20 rules", |b| b.iter(|| twenty.scrub(black_box("Add to cart!")).len()));
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
