//! The wash: a page of 2 MB as a document, a snapshot and an event; then what a visitor's browser told on a walk through the demo
//! (`benches/journeys/shop.json`, by `tests/bench/record.mjs`), with no rule and with 20: bytes in a second, the time of one event, the mirror's memory.

#![allow(clippy::print_stderr, reason = "what criterion does not measure")]

use std::alloc::System;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alongside::origin::{Scheme, Sid, ViewDomain};
use alongside::policy::{Policy, Site};
use alongside::privacy::Privacy;
use alongside::protocol::page::{Node, NodeId, NodeRecord, NodeState, PageEvent};
use alongside::wash::{Mirror, Wash, document};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde::Deserialize;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use url::Url;

#[path = "rules/twenty.rs"]
mod twenty;

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const BYTES: usize = 2 << 20;
/// How often each event is timed.
const ROUNDS: usize = 40;
/// How often the walk is played for what rules cost at least.
const LEAST_OF: usize = 300;

fn twenty() -> Option<Privacy> {
    twenty::privacy(&twenty::READY, &twenty::WRITTEN)
}

/// A catalogue like a shop's.
fn catalogue() -> String {
    let mut html = String::from(
        "<!DOCTYPE html><html lang=en><head><title>Catalogue</title><link rel=stylesheet href=/style.css></head><body><ul>",
    );
    for n in 0.. {
        if html.len() >= BYTES {
            break;
        }
        html.push_str(&format!(
            "<li class=\"card wide\" data-id=\"{n}\" style=\"--n: {n}\"><a href=\"/product/{n}\"><img src=\"/pictures/{n}.png\" \
             srcset=\"/pictures/{n}@2x.png 2x\" alt=\"Product {n}\"><h3>Product {n}</h3></a><p>A thing of which there are {n}, and it is \
             <b>good</b>.</p><button type=\"button\" onclick=\"buy({n})\">Buy</button></li>"
        ));
    }
    html.push_str("</ul></body></html>");
    html
}

/// What was recorded.
#[derive(Deserialize)]
struct Walk {
    session: Session,
    batches: Vec<Vec<PageEvent>>,
}

#[derive(Deserialize)]
struct Session {
    scheme: Scheme,
    port: u16,
    sid: String,
    start: Url,
    shop: Vec<Url>,
}

impl Walk {
    fn read() -> Option<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/journeys/shop.json");
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }

    fn snapshots(&self) -> Vec<Vec<PageEvent>> {
        let all = self.batches.iter().flatten().filter(|event| matches!(event, PageEvent::Snapshot(_)));
        all.map(|event| vec![event.clone()]).collect()
    }

    fn wash(&self, privacy: Privacy) -> Option<Wash> {
        let Session { scheme, port, sid, start, shop } = &self.session;
        let domain = ViewDomain { domain: "view.localhost".to_owned(), scheme: *scheme, port: *port };
        wash(domain, sid, start, shop.iter(), privacy)
    }
}

fn wash<'a>(
    domain: ViewDomain,
    sid: &str,
    page: &Url,
    pages: impl Iterator<Item = &'a Url>,
    privacy: Privacy,
) -> Option<Wash> {
    let pages = pages.map(|page| page.origin().ascii_serialization().parse()).collect::<Result<_, _>>().ok()?;
    let site = Site { privacy, ..Site::new("Shop", page.clone(), pages) };
    let policy = Arc::new(Policy::new(vec![site]));
    Some(Wash::new(Arc::new(domain), Sid::parse(sid)?, policy, page, [0; 32], Arc::new(|_| None)))
}

fn size(events: &[Vec<PageEvent>]) -> usize {
    events.iter().flatten().filter_map(|event| serde_json::to_vec(event).ok()).map(|json| json.len()).sum()
}

/// Plays batches; gives the events that watchers get, so that nothing is left out.
fn play(wash: &Wash, batches: Vec<Vec<PageEvent>>) -> usize {
    let (mut mirror, mut count) = (Mirror::default(), 0);
    for batch in batches {
        let mut out = Vec::new();
        mirror.rest();
        let applied = batch.into_iter().try_for_each(|event| wash.apply(&mut mirror, event, &mut out));
        if applied.and_then(|()| wash.settle(&mut mirror, &mut out)).is_err() {
            return 0;
        }
        count += black_box(out).len();
    }
    count
}

/// The times of single events, each settled by itself, from before it is applied until what watchers get is there.
fn times(wash: &Wash, batches: &[Vec<PageEvent>], snapshots: bool) -> Vec<Duration> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let mut mirror = Mirror::default();
        for event in batches.iter().flatten().cloned() {
            let counts = snapshots || !matches!(event, PageEvent::Snapshot(_));
            let mut out = Vec::new();
            mirror.rest();
            let before = Instant::now();
            let done = wash.apply(&mut mirror, event, &mut out).and_then(|()| wash.settle(&mut mirror, &mut out));
            if counts && black_box(done).is_ok() {
                times.push(before.elapsed());
            }
        }
    }
    times.sort_unstable();
    times
}

fn tell(what: &str, times: &[Duration]) {
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
    let most = times.last().copied().unwrap_or_default();
    eprintln!("{what}: p50 {:?}, p99 {:?}, most {most:?}, {} times", at(0.5), at(0.99), times.len());
}

/// What rules cost: the least times of playing batches without them and with them, taken in turns, so that what else the machine does weighs on both.
fn least(what: &str, batches: &[Vec<PageEvent>], plain: &Wash, ruled: &Wash) {
    let mut least = [Duration::MAX; 2];
    for _ in 0..LEAST_OF {
        for (wash, least) in [plain, ruled].into_iter().zip(&mut least) {
            let batches = batches.to_vec();
            let before = Instant::now();
            black_box(play(wash, batches));
            *least = before.elapsed().min(*least);
        }
    }
    let [plain, ruled] = least;
    eprintln!("{what}: {plain:?} and {ruled:?}, {:.2} times", ruled.as_secs_f64() / plain.as_secs_f64());
}

/// Memory of a mirror that has a page, against the page as JSON.
fn memory(what: &str, wash: &Wash, snapshot: &PageEvent) {
    let Ok(json) = serde_json::to_vec(snapshot) else { return };
    let (mut mirror, event) = (Mirror::default(), snapshot.clone());
    // The first time, what is made once is made.
    play(wash, vec![vec![snapshot.clone()]]);
    let region = Region::new(MEMORY);
    let copy = event.clone();
    let event_size = held(&region);
    let before = Region::new(MEMORY);
    let mut out = Vec::new();
    let applied = wash.apply(&mut mirror, copy, &mut out).and_then(|()| wash.settle(&mut mirror, &mut out));
    drop(out);
    let mirrored = event_size + held(&before);
    eprintln!(
        "{what}: {applied:?}, mirror {mirrored} bytes, page {} bytes, {:.2} times as much",
        json.len(),
        mirrored as f64 / json.len() as f64
    );
}

fn held(region: &Region<'_, System>) -> isize {
    let change = region.change();
    change.bytes_allocated as isize - change.bytes_deallocated as isize
}

fn page_of_2_mb(c: &mut Criterion) {
    let Ok(page) = Url::parse("https://shop.example/catalogue") else { return };
    let html = catalogue();
    let domain = ViewDomain { domain: "view.localhost".to_owned(), scheme: Scheme::Http, port: 8080 };
    let wash = |privacy| wash(domain.clone(), "abcdefghij", &page, std::iter::once(&page), privacy);
    let (Some(plain), Some(ruled)) = (wash(Privacy::default()), twenty().and_then(wash)) else { return };
    let Ok(mirror) = document::parse(&html, &page) else { return };

    let mut group = c.benchmark_group("wash");
    group.sample_size(10).throughput(Throughput::Bytes(html.len() as u64));
    group.bench_function("document", |b| {
        b.iter(|| document::parse(black_box(&html), &page).map(|mirror| plain.html(&mirror).len()));
    });
    group.bench_function("snapshot", |b| b.iter(|| plain.snapshot(black_box(&mirror))));
    group.bench_function("hash", |b| b.iter(|| black_box(&mirror).hash()));
    group.bench_function("washed hash", |b| b.iter(|| plain.hash(black_box(&mirror))));

    let Some(snapshot) = plain.snapshot(&mirror) else { return };
    memory("wash/memory of 2 MB", &plain, &snapshot);
    let batches = vec![vec![snapshot.clone()]];
    group.throughput(Throughput::Bytes(size(&batches) as u64));
    for (rules, wash) in [("no rule", &plain), ("20 rules", &ruled)] {
        group.bench_function(format!("2 MB, {rules}"), |b| {
            b.iter_batched(|| batches.clone(), |batches| play(wash, batches), BatchSize::PerIteration);
        });
    }
    group.finish();

    let mut live = Mirror::default();
    if plain.apply(&mut live, snapshot, &mut Vec::new()).is_err() {
        return;
    }
    let mut next = 1 << 40;
    c.bench_function("wash/event", |b| {
        b.iter(|| {
            next += 1;
            let (id, node) = (NodeId(next), Node::Text { text: "Only three left".to_owned() });
            let record = NodeRecord { id, parent: Some(NodeId(8)), before: None, node, state: NodeState::default() };
            let mut out = Vec::new();
            live.rest();
            let added = plain.apply(&mut live, PageEvent::Add { nodes: vec![record] }, &mut out);
            let removed = plain.apply(&mut live, PageEvent::Remove { node: id }, &mut out);
            black_box((added, removed, out))
        });
    });
}

fn walk(c: &mut Criterion) {
    let Some(walk) = Walk::read() else { return };
    let (Some(plain), Some(ruled)) = (walk.wash(Privacy::default()), twenty().and_then(|rules| walk.wash(rules)))
    else {
        return;
    };
    if play(&plain, walk.batches.clone()) < walk.batches.len() / 2 {
        eprintln!("wash/walk: the recording does not fit this wash");
        return;
    }
    let mut group = c.benchmark_group("wash/walk");
    for (what, batches) in [("all events", walk.batches.clone()), ("snapshots", walk.snapshots())] {
        group.throughput(Throughput::Bytes(size(&batches) as u64));
        for (rules, wash) in [("no rule", &plain), ("20 rules", &ruled)] {
            group.bench_function(format!("{what}, {rules}"), |b| {
                b.iter_batched(|| batches.clone(), |batches| play(wash, batches), BatchSize::LargeInput);
            });
        }
    }
    group.finish();
    least("wash/walk: least time of all events without and with 20 rules", &walk.batches, &plain, &ruled);
    least("wash/walk: least time of snapshots without and with 20 rules", &walk.snapshots(), &plain, &ruled);
    for (rules, wash) in [("no rule", &plain), ("20 rules", &ruled)] {
        tell(&format!("wash/walk: one event of all, {rules}"), &times(wash, &walk.batches, true));
        tell(&format!("wash/walk: one event but snapshots, {rules}"), &times(wash, &walk.batches, false));
    }
    for snapshot in walk.snapshots().iter().flatten() {
        memory("wash/walk: memory, 20 rules", &ruled, snapshot);
    }
}

criterion_group!(all, page_of_2_mb, walk);
criterion_main!(all);
