//! From a page's script, nothing can be reached but the session's own view origins.

use std::collections::BTreeSet;
use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use alongside::image::TabEvent;
use tokio::net::{TcpListener, TcpStream};

use crate::life::group;
use crate::support::{Run, Site, frame, until};

/// Tries each address of the list in its fragment in every way that a page has, then says so.
const PAGES: &[(&str, &str)] = &[
    (
        "/attack",
        r"<!doctype html><meta charset=utf-8><title>Attack</title><body style='background:#0f0'><script>
const targets=JSON.parse(decodeURIComponent(location.hash.slice(1)));
const later=(ms)=>new Promise(d=>setTimeout(d,ms));
const quiet=async f=>{try{return await f()}catch(e){return 'x'}};
const el=(tag,set)=>{const e=document.createElement(tag);Object.assign(e,set);document.body.append(e);return e};
let got=[];
const all=async u=>{
 const redirected='/redirect?'+encodeURIComponent(u);
 for(const at of [u,redirected]){
  const t=await quiet(()=>Promise.race([fetch(at,{mode:'no-cors'}).then(r=>r.type==='opaque'||r.ok?'got '+at:'x'),later(4000)]));
  if(String(t).startsWith('got'))got.push(t);
  quiet(()=>fetch(at,{mode:'no-cors',method:'POST',body:'x',keepalive:true}));
  quiet(()=>navigator.sendBeacon(at,'x'));
  quiet(()=>{const x=new XMLHttpRequest();x.open('GET',at);x.send()});
  quiet(()=>el('img',{src:at}));quiet(()=>el('script',{src:at}));quiet(()=>el('iframe',{src:at}));
  quiet(()=>el('link',{rel:'stylesheet',href:at}));quiet(()=>el('link',{rel:'prefetch',href:at}));quiet(()=>el('link',{rel:'preload',as:'fetch',href:at}));
  quiet(()=>el('object',{data:at}));quiet(()=>el('embed',{src:at}));quiet(()=>el('video',{src:at}));quiet(()=>el('audio',{src:at}));
  quiet(()=>new EventSource(at));
  quiet(()=>{const f=el('form',{action:at,method:'post',target:'sink'});f.submit()});
  quiet(()=>new Worker(URL.createObjectURL(new Blob([`fetch(${JSON.stringify(at)},{mode:'no-cors'}).catch(()=>0)`]))));
  quiet(()=>new FontFace('x',`url(${at})`).load());
  quiet(()=>{document.body.style.backgroundImage=`url(${at})`});
  quiet(()=>window.open(at));
 }
 quiet(()=>el('link',{rel:'preconnect',href:u}));quiet(()=>el('link',{rel:'dns-prefetch',href:u}));
 quiet(()=>new WebSocket(u.replace(/^http/,'ws')));
 quiet(()=>{const w=new WebTransport(u.replace(/^http:/,'https:'));w.ready.catch(()=>0);w.closed.catch(()=>0)});
 quiet(()=>{const host=new URL(u).host;const p=new RTCPeerConnection({iceServers:[{urls:'stun:'+host},{urls:'turn:'+host+'?transport=tcp',username:'a',credential:'b'},
  {urls:'turn:'+host+'?transport=udp',username:'a',credential:'b'}]});p.createDataChannel('x');p.createOffer().then(o=>p.setLocalDescription(o));
  p.onicecandidate=e=>e.candidate&&fetch('/tell',{method:'POST',body:'candidate '+e.candidate.candidate})});
};
(async()=>{el('iframe',{name:'sink'});await Promise.all(targets.map(all));fetch('/tell',{method:'POST',body:'tried'});
 const own=await quiet(()=>fetch('/plain').then(r=>r.text()));
 await later(3000);
 fetch('/tell',{method:'POST',body:'done '+own+' '+JSON.stringify(got)})})();
</script>",
    ),
    ("/plain", "plain"),
    ("/secret", "secret of another session"),
];

/// Some 800 requests and 500 frames, workers and connections take their time.
const PATIENCE: Duration = Duration::from_secs(180);

/// A listener that counts who comes, and answers nobody.
struct Canary {
    address: SocketAddr,
    came: Arc<AtomicUsize>,
}

impl Canary {
    async fn start(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let canary = Self { address: listener.local_addr().unwrap(), came: Arc::default() };
        let came = Arc::clone(&canary.came);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                came.fetch_add(1, Ordering::SeqCst);
                drop(stream);
            }
        });
        canary
    }

    fn came(&self) -> usize {
        self.came.load(Ordering::SeqCst)
    }
}

/// Listening sockets (state 0A) of a table of the kernel's: inode and local address.
fn listening(table: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(table).unwrap_or_default();
    let fields = text.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields.filter(|fields| fields[3] == "0A").map(|fields| (fields[9].to_owned(), fields[1].to_owned())).collect()
}

/// Inodes of the sockets that processes have.
fn sockets(processes: &[u32]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for process in processes {
        for entry in fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().filter_map(Result::ok) {
            let to = fs::read_link(entry.path()).unwrap_or_default().to_string_lossy().into_owned();
            found.extend(to.strip_prefix("socket:[").map(|rest| rest.trim_end_matches(']').to_owned()));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_reaches_its_own_session_and_nothing_else() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let (four, six, any) =
        (Canary::start("127.0.0.1:0").await, Canary::start("[::1]:0").await, Canary::start("0.0.0.0:0").await);
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    udp.set_nonblocking(true).unwrap();
    let hidden = Site::start(PAGES).await;
    // They can be reached, were it not for the gate.
    TcpStream::connect(four.address).await.unwrap();
    TcpStream::connect(six.address).await.unwrap();
    let (port, other) = (site.address.port(), hidden.address.port());
    let targets = [
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://metadata.google.internal/".to_owned(),
        format!("http://127.0.0.1:{}/", four.address.port()),
        format!("http://localhost:{}/", four.address.port()),
        format!("http://127.1:{}/", four.address.port()),
        format!("http://2130706433:{}/", four.address.port()),
        format!("http://a.localhost:{}/", four.address.port()),
        format!("http://[::1]:{}/", six.address.port()),
        format!("http://[::ffff:127.0.0.1]:{}/", four.address.port()),
        format!("http://0.0.0.0:{}/", any.address.port()),
        format!("http://127.0.0.1:{}/", udp.local_addr().unwrap().port()),
        format!("http://a.view.localhost:{other}/secret"),
        format!("http://b.view.localhost:{port}/secret"),
        format!("https://b.view.localhost:{port}/secret"),
        format!("http://127.0.0.1:{port}/secret"),
        "http://127.0.0.1:9222/json/version".to_owned(),
        "file:///etc/passwd".to_owned(),
        "chrome://version/".to_owned(),
        "chrome://inspect/".to_owned(),
        "devtools://devtools/bundled/inspector.html".to_owned(),
        "view-source:file:///etc/passwd".to_owned(),
        "filesystem:http://127.0.0.1/".to_owned(),
        "ftp://127.0.0.1/".to_owned(),
    ];
    let own = BTreeSet::from([site.url("a", "/attack").to_string()]);
    let mut open = site.open("/attack");
    open.url.set_fragment(Some(
        &percent_encoding::utf8_percent_encode(
            &serde_json::to_string(&targets).unwrap(),
            percent_encoding::NON_ALPHANUMERIC,
        )
        .to_string(),
    ));
    let tab = run.pool.open(open).await.unwrap();
    let mut seen = BTreeSet::new();
    let watch = async {
        loop {
            match tab.next().await {
                TabEvent::Page(page) => drop(seen.insert(page.url.split('#').next().unwrap_or_default().to_owned())),
                TabEvent::Died | TabEvent::Hangs => break,
                _ => {}
            }
        }
    };
    let done = tokio::select! {
        done = site.tells_within(PATIENCE, |told| told.starts_with("done")) => done,
        () = watch => panic!("the tab is gone"),
    };
    assert_eq!(done, "done plain []");
    let (mut datagram, mut datagrams) = ([0; 64], 0);
    while udp.recv(&mut datagram).is_ok() {
        datagrams += 1;
    }
    let candidates: Vec<_> = site.told().into_iter().filter(|told| told.starts_with("candidate")).collect();
    eprintln!(
        "{} targets, {} connections through the gate; candidates: {candidates:?}; pages: {seen:?}",
        targets.len(),
        site.connections()
    );
    assert_eq!((four.came(), six.came(), any.came(), datagrams), (1, 1, 0, 0), "a canary was reached");
    assert_eq!((hidden.connections(), site.asked("/secret"), site.host_asked("b.view")), (0, false, false));
    assert!(
        candidates.iter().all(|candidate| !candidate.contains(" udp ") || candidate.contains(".local")),
        "{candidates:?}"
    );
    let strange: Vec<_> =
        seen.iter().filter(|url| !(own.contains(*url) || *url == "about:blank" || url.is_empty())).collect();
    assert!(
        strange
            .iter()
            .all(|url| !url.starts_with("file:") && !url.starts_with("chrome:") && !url.starts_with("devtools:")),
        "{strange:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_listens_nowhere() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let tab = run.pool.open(site.open("/plain")).await.unwrap();
    frame(&tab).await;
    let all = group(tab.browser());
    let theirs = sockets(&all);
    assert!(all.len() > 2 && !theirs.is_empty(), "{all:?} {theirs:?}");
    let ours = listening("/proc/net/tcp");
    assert!(!ours.is_empty(), "the site listens");
    let open: Vec<_> =
        ours.into_iter().chain(listening("/proc/net/tcp6")).filter(|(inode, _)| theirs.contains(inode)).collect();
    assert!(open.is_empty(), "the browser listens at {open:?}");
    tokio::time::timeout(Duration::from_secs(1), until(&tab, |event| matches!(event, TabEvent::Died).then_some(())))
        .await
        .unwrap_err();
}

/// Where the sandbox is on, a page's process has filters on its system calls (seccomp mode 2), rights over nothing, and names of its own for processes.
#[tokio::test(flavor = "multi_thread")]
async fn pages_run_in_the_sandbox() {
    if std::env::var("ALONGSIDE_IMAGE__SANDBOX").is_ok_and(|value| value == "false") {
        return eprintln!("not checked: ALONGSIDE_IMAGE__SANDBOX=false");
    }
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let tab = run.pool.open(site.open("/plain")).await.unwrap();
    frame(&tab).await;
    let mut renderers = 0;
    for process in group(tab.browser()) {
        let command = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        if !command.windows(15).any(|part| part == b"--type=renderer") {
            continue;
        }
        renderers += 1;
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
        let field =
            |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
        assert_eq!((field("Seccomp:").as_str(), field("CapEff:").as_str()), ("2", "0000000000000000"));
        assert!(field("NSpid:").split_whitespace().count() > 1, "{status}");
        assert!(!field("Uid:").split_whitespace().any(|user| user == "0"), "{status}");
    }
    assert!(renderers > 0);
}
