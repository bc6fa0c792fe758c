//! What a visitor does, and what comes of it.

use alongside::image::{Tab, TabEvent};
use alongside::protocol::image::{DialogKind, Held, Input, MouseAction, Step, TouchAction};

use crate::support::{Run, Site, click, shows, until};

const PAGES: &[(&str, &str)] = &[
    (
        "/field",
        "<!doctype html><title>Field</title><body style='margin:0;background:#0f0'><input autofocus style='width:100%;height:200px'><script>\
         const f=document.querySelector('input');f.focus();f.oninput=()=>fetch('/tell',{method:'POST',body:'value '+f.value});\
         let keys='';f.onkeydown=e=>{keys+=e.key+e.keyCode+' ';fetch('/tell',{method:'POST',body:'keys '+keys})}</script>",
    ),
    (
        "/asks",
        "<!doctype html><title>Asks</title><body style='margin:0;background:#00f'><script>const tell=t=>fetch('/tell',{method:'POST',body:t});\
         onclick=()=>{tell('confirm '+confirm('Sure?'));tell('prompt '+prompt('Name?','Ann'))}</script>",
    ),
    (
        "/one",
        "<!doctype html><title>One</title><body style='margin:0;background:#0f0'><a href='/two' target=_blank style='display:block;height:300px'>two</a>\
         <a href='/three' style='display:block;height:300px'>three</a>",
    ),
    (
        "/two",
        "<!doctype html><title>Two</title><body style='margin:0;background:#00f'><script>onclick=()=>close()</script>",
    ),
    ("/three", "<!doctype html><title>Three</title><body style='margin:0;background:#f00'>"),
    (
        "/files",
        "<!doctype html><body style='margin:0;background:#0f0'><input type=file multiple accept='.txt' style='width:800px;height:400px;display:block'>\
         <a href='/x.bin' download style='display:block;height:200px'>x</a><script>\
         document.querySelector('input').onchange=async e=>fetch('/tell',{method:'POST',body:'file '+await e.target.files[0].text()})</script>",
    ),
    ("/x.bin", "bytes"),
    (
        "/touch",
        "<!doctype html><body style='margin:0;background:#0f0;touch-action:none'><script>for(const k of ['touchstart','touchmove','touchend','touchcancel'])\
         addEventListener(k,e=>fetch('/tell',{method:'POST',body:k+' '+e.touches.length}))</script>",
    ),
    (
        "/copy",
        "<!doctype html><body style='margin:0;background:#0f0'><textarea style='width:800px;height:300px'>planted-in-the-clipboard</textarea><script>\
         const t=document.querySelector('textarea');t.focus();t.select();onclick=async()=>{t.select();\
         let ok=document.execCommand('copy');try{await navigator.clipboard.writeText(t.value)}catch(e){ok+=e.name}fetch('/tell',{method:'POST',body:'copied '+ok})}</script>",
    ),
    (
        "/paste",
        "<!doctype html><body style='margin:0;background:#0f0'><textarea autofocus style='width:800px;height:300px'></textarea><script>\
         const t=document.querySelector('textarea');t.focus();onclick=async()=>{t.focus();let got='';try{got=await navigator.clipboard.readText()}catch(e){got=e.name}\
         const done=document.execCommand('paste');setTimeout(()=>fetch('/tell',{method:'POST',body:'pasted '+got+' '+done+' '+t.value+'.'}),300)};\
         t.onpaste=e=>fetch('/tell',{method:'POST',body:'paste event'})</script>",
    ),
];

fn press(tab: &Tab, key: &str, code: &str, held: Held) {
    for down in [true, false] {
        tab.input(Input::Key { down, key: key.to_owned(), code: code.to_owned(), location: 0, repeat: false, held });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_text_and_input_methods_write() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let tab = run.pool.open(site.open("/field")).await.unwrap();
    shows(&tab, (400, 500), [0, 255, 0]).await;
    click(&tab, 100.0, 100.0);
    press(&tab, "a", "KeyA", 0);
    press(&tab, "B", "KeyB", 8);
    site.tells(|told| told == "value aB").await;
    site.tells(|told| told == "keys a65 B66 ").await;
    tab.input(Input::Text { text: " pasted text".to_owned() });
    site.tells(|told| told == "value aB pasted text").await;
    tab.input(Input::Compose { text: "に".to_owned(), selection: (1, 1) });
    site.tells(|told| told == "value aB pasted textに").await;
    tab.input(Input::Text { text: "日".to_owned() });
    site.tells(|told| told == "value aB pasted text日").await;
    press(&tab, "a", "KeyA", 2);
    press(&tab, "Backspace", "Backspace", 0);
    site.tells(|told| told == "value ").await;
    tab.input(Input::Text { text: "mac".to_owned() });
    press(&tab, "a", "KeyA", 4);
    press(&tab, "x", "KeyX", 0);
    site.tells(|told| told == "value x").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_asks_and_is_answered() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let tab = run.pool.open(site.open("/asks")).await.unwrap();
    shows(&tab, (400, 300), [0, 0, 255]).await;
    click(&tab, 10.0, 10.0);
    let dialog = |event| if let TabEvent::Dialog(dialog) = event { Some(dialog) } else { None };
    let asked = until(&tab, dialog).await;
    assert_eq!((asked.kind, asked.text.as_str()), (DialogKind::Confirm, "Sure?"));
    tab.answer_dialog(true, None).await.unwrap();
    let asked = until(&tab, dialog).await;
    assert_eq!((asked.kind, asked.value.as_str()), (DialogKind::Prompt, "Ann"));
    tab.answer_dialog(true, Some("Bea")).await.unwrap();
    until(&tab, |event| matches!(event, TabEvent::DialogGone).then_some(())).await;
    site.tells(|told| told == "confirm true").await;
    site.tells(|told| told == "prompt Bea").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_window_is_shown_and_history_is_told() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let tab = run.pool.open(site.open("/one")).await.unwrap();
    shows(&tab, (790, 100), [0, 255, 0]).await;
    let page = async |title: &str| {
        until(&tab, |event| match event {
            TabEvent::Page(page) if page.title == title && !page.loading => Some(page),
            _ => None,
        })
        .await
    };
    click(&tab, 10.0, 100.0);
    shows(&tab, (790, 100), [0, 0, 255]).await;
    click(&tab, 10.0, 100.0);
    shows(&tab, (790, 100), [0, 255, 0]).await;
    click(&tab, 10.0, 400.0);
    let url = site.url("a", "/three");
    until(&tab, |event| {
        matches!(event, TabEvent::Page(page) if page.back && !page.forward && page.url == url.as_str()).then_some(())
    })
    .await;
    tab.step(Step::Back).await.unwrap();
    let back = until(&tab, |event| match event {
        TabEvent::Page(page) if page.forward => Some(page),
        _ => None,
    })
    .await;
    assert!(!back.back, "{back:?}");
    tab.step(Step::Back).await.unwrap();
    tab.step(Step::Reload).await.unwrap();
    tab.go(&site.url("a", "/two")).await.unwrap();
    page("Two").await;
    assert!(tab.go(&"file:///etc/passwd".parse().unwrap()).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_chosen_and_nothing_is_downloaded() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let tab = run.pool.open(site.open("/files")).await.unwrap();
    shows(&tab, (400, 500), [0, 255, 0]).await;
    click(&tab, 30.0, 15.0);
    click(&tab, 30.0, 200.0);
    let chooser = until(&tab, |event| match event {
        TabEvent::Chooser { multiple, accept } => Some((multiple, accept)),
        _ => None,
    })
    .await;
    assert_eq!(chooser, (true, ".txt".to_owned()));
    let file = run.folder.path().join("a.txt");
    std::fs::write(&file, "what is in it").unwrap();
    tab.upload(&[file]).await.unwrap();
    site.tells(|told| told == "file what is in it").await;
    click(&tab, 30.0, 500.0);
    site.waits_for("/x.bin").await;
    shows(&tab, (400, 500), [0, 255, 0]).await;
    let found = walk(run.folder.path());
    assert!(!found.iter().any(|path| path.to_string_lossy().ends_with("x.bin")), "{found:?}");
}

pub(crate) fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                left.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn fingers_touch() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let mut open = site.open("/touch");
    (open.device.touch, open.device.mobile) = (true, true);
    let tab = run.pool.open(open).await.unwrap();
    shows(&tab, (400, 300), [0, 255, 0]).await;
    let touch =
        |action, points: &[(u32, f64, f64)]| tab.input(Input::Touch { action, points: points.to_vec(), held: 0 });
    touch(TouchAction::Start, &[(0, 100.0, 100.0)]);
    touch(TouchAction::Start, &[(0, 100.0, 100.0), (1, 200.0, 200.0)]);
    site.tells(|told| told == "touchstart 2").await;
    touch(TouchAction::Move, &[(0, 90.0, 90.0), (1, 220.0, 220.0)]);
    touch(TouchAction::End, &[(1, 220.0, 220.0)]);
    site.tells(|told| told == "touchend 1").await;
    touch(TouchAction::End, &[]);
    site.tells(|told| told == "touchend 0").await;
}

/// Chrome has one clipboard for all contexts.
#[tokio::test(flavor = "multi_thread")]
async fn what_one_session_copies_no_other_pastes() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let one = run.pool.open(site.open("/copy")).await.unwrap();
    shows(&one, (400, 500), [0, 255, 0]).await;
    click(&one, 400.0, 500.0);
    let copied = site.tells(|told| told.starts_with("copied")).await;
    eprintln!("{copied}");
    press(&one, "a", "KeyA", 2);
    press(&one, "c", "KeyC", 2);
    let two = run.pool.open(site.open("/paste")).await.unwrap();
    shows(&two, (400, 500), [0, 255, 0]).await;
    press(&two, "v", "KeyV", 2);
    press(&two, "Insert", "Insert", 8);
    press(&two, "Paste", "", 0);
    for (action, buttons) in [(MouseAction::Down, 4), (MouseAction::Up, 0)] {
        two.input(Input::Mouse { action, x: 100.0, y: 100.0, button: 1, buttons, count: 1, held: 0 });
    }
    click(&two, 400.0, 500.0);
    let pasted = site.tells(|told| told.starts_with("pasted")).await;
    eprintln!("{pasted}");
    assert!(!site.told().iter().any(|told| told.contains("planted-in") || told == "paste event"), "{:?}", site.told());
}
