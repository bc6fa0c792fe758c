//! How soon a picture is there. Times are printed; what is asserted is far from them, for machines that have other work.

use std::time::{Duration, Instant};

use alongside::image::{Shot, TabEvent};

use crate::support::{Run, Site, click, pixels, shows, until};

const PAGES: &[(&str, &str)] = &[
    (
        "/press",
        "<!doctype html><title>Press</title><body style='margin:0;background:#f00'><script>\
         let n=0;onmousedown=()=>{document.body.style.background=['#00f','#f00'][n++%2]};\
         </script>",
    ),
    (
        "/clock",
        "<!doctype html><body style='margin:0'><canvas width=800 height=600></canvas><script>\
         const g=document.querySelector('canvas').getContext('2d');(function draw(){const now=Date.now()&0xffff;\
         for(let b=0;b<16;b++){g.fillStyle=now>>b&1?'#fff':'#000';g.fillRect(b*50,0,50,600)}requestAnimationFrame(draw)})()</script>",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_press_changes_the_picture_at_once() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let began = Instant::now();
    let tab = run.pool.open(site.open("/press")).await.unwrap();
    eprintln!("open: {:?}", began.elapsed());
    shows(&tab, (400, 300), [255, 0, 0]).await;
    eprintln!("first frame: {:?}", began.elapsed());
    let mut took = Vec::new();
    for n in 0..100 {
        let began = Instant::now();
        click(&tab, 400.0, 300.0);
        shows(&tab, (400, 300), [[0, 0, 255], [255, 0, 0]][n % 2]).await;
        took.push(began.elapsed());
    }
    took.sort();
    eprintln!("click to frame: p50 {:?}, p99 {:?}", took[50], took[98]);
    assert!(took[50] < Duration::from_secs(1));
}

/// Milliseconds from the moment that a frame shows to the time that it says of itself: what it shows is older, since it was drawn by the page before the compositor had it.
fn lag(shot: &Shot) -> f64 {
    let rgb = pixels(shot);
    let red = |x: usize| rgb[(300 * 800 + x) * 3];
    let shown = (0..16).fold(0_u32, |all, bit| all | u32::from(red(bit * 50 + 25) > 127) << bit);
    let at = (shot.at as u64 & 0xffff) as f64;
    (at - f64::from(shown) + 98_304.0) % 65_536.0 - 32_768.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_says_when_it_was_made() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let tab = run.pool.open(site.open("/clock")).await.unwrap();
    shows(&tab, (775, 300), [0, 0, 0]).await;
    let (began, mut lags) = (Instant::now(), Vec::new());
    while began.elapsed() < Duration::from_secs(3) {
        let shot = until(&tab, |event| if let TabEvent::Frame(shot) = event { Some(shot) } else { None }).await;
        lags.push(lag(&shot));
    }
    lags.sort_by(f64::total_cmp);
    let (least, most) = (lags[0], lags[lags.len() - 1]);
    eprintln!(
        "{} frames in 3 s; from drawing to the frame's time: {least} to {most} ms, half within {} ms",
        lags.len(),
        lags[lags.len() / 2]
    );
    assert!(least >= -5.0, "a frame is older than what it shows: {least}");
    assert!(lags.len() > 5);
}
