//! What a visitor does, and what comes of it.

use std::time::Instant;

use crate::support::{Run, Site, click, shows};

const PAGES: &[(&str, &str)] = &[(
    "/press",
    "<!doctype html><title>Press</title><body style='margin:0;background:#f00'><script>\
     let n=0;onmousedown=()=>{document.body.style.background=['#00f','#f00'][n++%2]};\
     </script>",
)];

#[tokio::test(flavor = "multi_thread")]
async fn a_press_changes_the_picture() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let began = Instant::now();
    let tab = run.pool.open(site.open("/press")).await.unwrap();
    eprintln!("open: {:?}", began.elapsed());
    shows(&tab, (400, 300), [255, 0, 0]).await;
    eprintln!("first frame: {:?}", began.elapsed());
    let mut took = Vec::new();
    for n in 0..60 {
        let began = Instant::now();
        click(&tab, 400.0, 300.0);
        shows(&tab, (400, 300), [[0, 0, 255], [255, 0, 0]][n % 2]).await;
        took.push(began.elapsed());
    }
    took.sort();
    eprintln!("click to frame: p50 {:?}, p95 {:?}", took[30], took[57]);
}
