//! The wash on a page of 2 MB: a document, a snapshot, an event.

use std::hint::black_box;
use std::sync::Arc;

use alongside::origin::{Scheme, Sid, ViewDomain};
use alongside::policy::{Policy, Site};
use alongside::protocol::page::{Node, NodeId, NodeRecord, NodeState, PageEvent};
use alongside::wash::{Mirror, Wash, document};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use url::Url;

const BYTES: usize = 2 << 20;

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

fn wash(page: &Url) -> Option<Wash> {
    let pages = vec!["https://shop.example".parse().ok()?];
    let site = Site::new("Shop", page.clone(), pages);
    let domain = ViewDomain { domain: "view.localhost".to_owned(), scheme: Scheme::Http, port: 8080 };
    let sid = Sid::parse("abcdefghij")?;
    Some(Wash::new(Arc::new(domain), sid, Arc::new(Policy::new(vec![site])), page, [0; 32], Arc::new(|_| None)))
}

fn benches(c: &mut Criterion) {
    let Ok(page) = Url::parse("https://shop.example/catalogue") else { return };
    let (html, Some(wash)) = (catalogue(), wash(&page)) else { return };
    let Ok(mut mirror) = document::parse(&html, &page) else { return };
    wash.review(&mut mirror);

    let mut group = c.benchmark_group("wash");
    group.sample_size(10).throughput(Throughput::Bytes(html.len() as u64));
    group.bench_function("document", |b| {
        b.iter(|| {
            document::parse(black_box(&html), &page).map(|mut mirror| {
                wash.review(&mut mirror);
                wash.html(&mirror).len()
            })
        });
    });
    group.bench_function("snapshot", |b| b.iter(|| wash.snapshot(black_box(&mirror))));
    group.bench_function("hash", |b| b.iter(|| black_box(&mirror).hash()));
    group.bench_function("washed hash", |b| b.iter(|| wash.hash(black_box(&mirror))));
    group.finish();

    let mut live = Mirror::default();
    let Some(snapshot) = wash.snapshot(&mirror) else { return };
    if wash.apply(&mut live, snapshot, &mut Vec::new()).is_err() {
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
            let added = wash.apply(&mut live, PageEvent::Add { nodes: vec![record] }, &mut out);
            let removed = wash.apply(&mut live, PageEvent::Remove { node: id }, &mut out);
            black_box((added, removed, out))
        });
    });
}

criterion_group!(all, benches);
criterion_main!(all);
