//! How fast documents and style sheets are rewritten: `cargo bench --bench rewrite`.

use std::error::Error;
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;

use alongside::origin::{Scheme, Sid, ViewDomain};
use alongside::policy::{Policy, Site};
use alongside::rewrite::{Page, css, html};
use criterion::{Criterion, Throughput};
use url::Url;

fn page() -> Result<Page, Box<dyn Error>> {
    let pages = vec!["https://shop.example".parse()?];
    let loads = vec!["https://cdn.example".parse()?];
    let site = Site { loads, ..Site::new("Shop", Url::parse("https://shop.example/")?, pages) };
    Ok(Page {
        sid: Sid::parse("k7q2mabcde").ok_or("no session id")?,
        domain: Arc::new(ViewDomain { domain: "view.localhost".to_owned(), scheme: Scheme::Http, port: 8080 }),
        policy: Arc::new(Policy::new(vec![site])),
        url: Url::parse("https://shop.example/catalogue")?,
        inject: "<script src=\"/.alongside/shim.js\"></script>".to_owned(),
        hashed: Arc::new(|_| {}),
    })
}

/// A catalogue of about 2 MB: half of its addresses relative, half absolute, a tracker among them.
fn catalogue() -> Result<String, Box<dyn Error>> {
    let mut text = "<!doctype html><html><head><title>Catalogue</title><link rel=stylesheet href=\"https://cdn.example/a.css\"></head><body>\n".to_owned();
    for n in 0..4000 {
        write!(
            text,
            "<article class=\"card card--wide\" data-id=\"{n}\"><a href=\"/product/{n}?from=list&amp;pos={n}\"><img loading=\"lazy\" alt=\"Product {n}\" \
             src=\"https://cdn.example/p/{n}.jpg\" srcset=\"https://cdn.example/p/{n}.jpg 1x, /p/{n}@2x.jpg 2x\"></a>\n\
             <h3><a href=\"https://shop.example/product/{n}\">A product with a fairly long name, number {n}</a></h3>\n\
             <p style=\"color: var(--ink)\">Made of oak, walnut &amp; steel. Delivered within three days, free above 50 €.</p>\n\
             <form method=\"post\" action=\"/cart\"><button name=\"add\" value=\"{n}\">Add</button></form></article>\n"
        )?;
        if n % 100 == 0 {
            text.push_str("<img src=\"https://tracker.test/p.gif\" width=1 height=1>\n");
        }
    }
    text.push_str("</body></html>\n");
    Ok(text)
}

fn sheet() -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    for n in 0..3000 {
        writeln!(
            text,
            ".card-{n} > a:hover {{ color: #123456; margin: 0 calc(1px * {n}); transition: color .2s ease }}"
        )?;
        if n % 20 == 0 {
            writeln!(text, ".icon-{n} {{ background: url(https://cdn.example/icons/{n}.svg) no-repeat }}")?;
        }
    }
    Ok(text)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    let page = Arc::new(page()?);
    let document = catalogue()?;
    let sheet = sheet()?;
    let mut group = criterion.benchmark_group("rewrite");
    group.throughput(Throughput::Bytes(document.len() as u64));
    group.bench_function("html", |bencher| {
        bencher.iter(|| {
            let mut rewriter = html::Rewriter::new(Arc::clone(&page), html::sniff(document.as_bytes(), None));
            for piece in document.as_bytes().chunks(16 << 10) {
                black_box(rewriter.write(piece).ok());
            }
            black_box(rewriter.end().ok())
        });
    });
    group.throughput(Throughput::Bytes(sheet.len() as u64));
    group.bench_function("css", |bencher| bencher.iter(|| black_box(css::rewrite(&sheet, &page))));
    group.finish();
    criterion.final_summary();
    Ok(())
}
