//! What dies comes back, and nothing is left.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use alongside::image::pool::{Options, Pool};
use alongside::image::{OpenError, TabEvent, Unavailable};
use alongside::protocol::image::ImageOffer;

use crate::acts::walk;
use crate::support::{LONG, Run, Site, click, folder, frame, options, shows, until};

const PAGES: &[(&str, &str)] = &[
    ("/plain", "<!doctype html><title>Plain</title><body style='margin:0;background:#0f0'>"),
    ("/hangs", "<!doctype html><body style='margin:0;background:#0f0'><script>onclick=()=>{for(;;);}</script>"),
    ("/asks", "<!doctype html><body style='margin:0;background:#0f0'><script>onclick=()=>alert('?')</script>"),
    (
        "/eats",
        "<!doctype html><body style='margin:0;background:#0f0'><script>const all=[];onclick=()=>setInterval(()=>all.push(new Uint8Array(3e7).fill(7)),20)</script>",
    ),
    (
        "/keeps",
        "<!doctype html><body>planted-in-the-page<script>(async()=>{localStorage.a='planted-in-storage';sessionStorage.a='planted-in-storage';\
         document.cookie='a=planted-in-cookie';await new Promise(d=>{const o=indexedDB.open('x');o.onupgradeneeded=()=>o.result.createObjectStore('s');\
         o.onsuccess=()=>{const t=o.result.transaction('s','readwrite');t.objectStore('s').put('planted-in-base','k');t.oncomplete=d}});\
         try{const c=await caches.open('x');await c.put('/y',new Response('planted-in-cache'))}catch{}\
         await (await fetch('/plain?planted-in-address')).text();fetch('/tell',{method:'POST',body:'kept'})})()</script>",
    ),
];

fn alive(process: u32) -> bool {
    // A process that has ended and was not waited for is a zombie: it holds nothing any more.
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}

/// Processes of the browser: those of the group that it leads.
pub(crate) fn group(leader: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let of = |process: &u32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let fields = stat.rsplit_once(") ").map(|(_, rest)| rest.split(' ').nth(2).map(str::to_owned));
        fields.flatten().is_some_and(|group| group == leader.to_string())
    };
    processes.filter(of).collect()
}

async fn gone(processes: &[u32]) -> Duration {
    let began = Instant::now();
    while processes.iter().any(|process| alive(*process)) {
        assert!(began.elapsed() < LONG, "still there: {processes:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    began.elapsed()
}

fn kill(process: u32) {
    assert!(Command::new("kill").args(["-9", &process.to_string()]).status().unwrap().success());
}

async fn dies(tab: &alongside::image::Tab) {
    until(tab, |event| matches!(event, TabEvent::Died).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_killed_is_started_anew() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    for _ in 0..3 {
        let tab = run.pool.open(site.open("/plain")).await.unwrap();
        shows(&tab, (400, 300), [0, 255, 0]).await;
        let all = group(tab.browser());
        assert!(all.len() > 2, "{all:?}");
        let began = Instant::now();
        kill(tab.browser());
        dies(&tab).await;
        eprintln!("told after {:?}", began.elapsed());
        let again = run.pool.open(site.open("/plain")).await.unwrap();
        shows(&again, (400, 300), [0, 255, 0]).await;
        eprintln!("a picture again after {:?}", began.elapsed());
        // Half a second on a machine with nothing else to do.
        assert!(began.elapsed() < Duration::from_secs(15));
        gone(&all).await;
        dies(&tab).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_hangs_is_told_of_and_does_not_harm_others() {
    let run = Run::with(|options| options.hang = Duration::from_secs(2)).await;
    let site = Site::start(PAGES).await;
    let asking = run.pool.open(site.open("/asks")).await.unwrap();
    shows(&asking, (400, 300), [0, 255, 0]).await;
    click(&asking, 1.0, 1.0);
    until(&asking, |event| matches!(event, TabEvent::Dialog(_)).then_some(())).await;
    let tab = run.pool.open(site.open("/hangs")).await.unwrap();
    shows(&tab, (400, 300), [0, 255, 0]).await;
    let began = Instant::now();
    click(&tab, 1.0, 1.0);
    until(&tab, |event| matches!(event, TabEvent::Hangs).then_some(())).await;
    eprintln!("told that it hangs after {:?}", began.elapsed());
    drop(tab);
    let again = run.pool.open(site.open("/hangs")).await.unwrap();
    shows(&again, (400, 300), [0, 255, 0]).await;
    // One that waits for an answer is not hanging.
    asking.answer_dialog(true, None).await.unwrap();
    until(&asking, |event| match event {
        TabEvent::Hangs | TabEvent::Died => panic!("{event:?}"),
        TabEvent::DialogGone => Some(()),
        _ => None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_takes_too_much_memory_is_ended() {
    let (run, site) = (Run::with(|options| options.memory = 300).await, Site::start(PAGES).await);
    let other = run.pool.open(site.open("/plain")).await.unwrap();
    let tab = run.pool.open(site.open("/eats")).await.unwrap();
    shows(&tab, (400, 300), [0, 255, 0]).await;
    click(&tab, 1.0, 1.0);
    let began = Instant::now();
    dies(&tab).await;
    eprintln!("ended after {:?}", began.elapsed());
    frame(&other).await;
    other.still(false).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_than_may_be_are_open() {
    let (run, site) = (Run::with(|options| options.sessions = 2).await, Site::start(PAGES).await);
    let began = Instant::now();
    let one = run.pool.open(site.open("/plain")).await.unwrap();
    frame(&one).await;
    eprintln!("open to first frame: {:?}", began.elapsed());
    let two = run.pool.open(site.open("/plain")).await.unwrap();
    assert_eq!(run.pool.offer(), ImageOffer::Full);
    assert!(matches!(run.pool.open(site.open("/plain")).await, Err(OpenError::Full)));
    drop(one);
    assert_eq!(run.pool.offer(), ImageOffer::Ready);
    let began = Instant::now();
    let three = run.pool.open(site.open("/plain")).await.unwrap();
    frame(&three).await;
    eprintln!("open to first frame: {:?}", began.elapsed());
    drop((two, three));
}

/// Files that have something planted in them.
fn planted(folder: &Path) -> Vec<String> {
    let has = |path: &Path| {
        let bytes = fs::read(path).unwrap_or_default();
        let wide: Vec<u8> = "planted-".bytes().flat_map(|byte| [byte, 0]).collect();
        bytes.windows(8).any(|part| part == b"planted-") || bytes.windows(16).any(|part| part == wide)
    };
    walk(folder).into_iter().filter(|path| has(path)).map(|path| path.display().to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_session_is_on_disk_and_nothing_of_the_browser_is_left() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let tab = run.pool.open(site.open("/keeps")).await.unwrap();
    site.tells(|told| told == "kept").await;
    let all = group(tab.browser());
    assert_eq!(planted(run.folder.path()), Vec::<String>::new());
    drop(tab);
    let again = run.pool.open(site.open("/keeps")).await.unwrap();
    frame(&again).await;
    assert_eq!(planted(run.folder.path()), Vec::<String>::new());
    run.pool.stop().await;
    assert_eq!(walk(run.folder.path()), Vec::<std::path::PathBuf>::new());
    assert_eq!(fs::read_dir(run.folder.path()).unwrap().count(), 0);
    gone(&all).await;
    dies(&again).await;
}

/// Not a test by itself: the process that the next one kills.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by another test"]
async fn holds_a_browser() {
    let folder = std::env::var("HOLD").unwrap();
    let pool = Pool::start(options(Path::new(&folder))).await.unwrap();
    let site = Site::start(PAGES).await;
    let tab = pool.open(site.open("/plain")).await.unwrap();
    frame(&tab).await;
    println!("\nbrowser {}", tab.browser());
    std::future::pending::<()>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_dies_with_us_and_its_folder_goes_at_the_next_start() {
    let folder = folder();
    let mut us = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "life::holds_a_browser", "--ignored", "--nocapture"])
        .env("HOLD", folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(us.stdout.take().unwrap()).lines().map_while(Result::ok);
    let browser = lines.filter_map(|line| line.strip_prefix("browser ")?.parse::<u32>().ok()).next().unwrap();
    let all = group(browser);
    assert!(all.len() > 2, "{all:?}");
    us.kill().unwrap();
    us.wait().unwrap();
    eprintln!("all {} processes gone after {:?}", all.len(), gone(&all).await);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let pool = Pool::start(options(folder.path())).await.unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    pool.stop().await;
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_chrome_there_is_a_hint() {
    let folder = folder();
    let none = Options { chrome: Some("/nowhere/chrome".into()), ..options(folder.path()) };
    let error = Pool::start(none).await.unwrap_err();
    assert!(
        matches!(error, Unavailable::NoChrome(_)) && error.to_string().contains("apt install chromium-headless-shell"),
        "{error}"
    );
    let other = Options { chrome: Some("/bin/false".into()), ..options(folder.path()) };
    assert!(matches!(Pool::start(other).await, Err(Unavailable::Failed(_))));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
