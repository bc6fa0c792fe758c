//! The server as a process of its own, and sessions in it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use alongside::protocol::api::{Admitted, NewSession, ViewerAddress};
use alongside::protocol::page::{Namespace, Node, NodeId, NodeRecord, NodeState, PageEvent, Snapshot, Viewport};
use alongside::protocol::visitor::FromVisitor;
use serde_json::json;
use tempfile::TempDir;
use url::Url;

use super::socket::{Browser, Socket};
use crate::Failure;

const PASSWORD: &str = "a long password";
/// Where nobody needs to answer: the visitor's sockets play what a page of it would do.
const SITE: &str = "http://127.0.0.1:9";
/// The load of each visitor's page.
pub(crate) const PAGE: u64 = 7;
/// Paragraphs of a page.
const PARAGRAPHS: u64 = 200;
/// A button.
pub(crate) const BUTTON: NodeId = NodeId(5);
/// A text.
pub(crate) const TEXT: NodeId = NodeId(11);

pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    agent: Browser,
    _folder: TempDir,
}

/// A session with its sockets.
pub(crate) struct Session {
    pub(crate) visitor: Socket,
    pub(crate) watchers: Vec<Socket>,
    /// The visitor's next batch.
    pub(crate) seq: u32,
}

impl Server {
    pub(crate) async fn start(binary: &Path, sessions: usize) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let config = folder.path().join("alongside.toml");
        std::fs::write(&config, settings(port, sessions, folder.path()))?;
        let arguments = ["agent", "add", "Ada", "--password-stdin", "--config"];
        let mut add = Command::new(binary).args(arguments).arg(&config).stdin(Stdio::piped()).spawn()?;
        std::io::Write::write_all(&mut add.stdin.take().ok_or("no stdin")?, PASSWORD.as_bytes())?;
        if !add.wait()?.success() {
            return Err("no agent could be added".into());
        }
        let child = Command::new(binary).arg("serve").arg("--config").arg(&config).stdin(Stdio::null()).spawn()?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut server = Self { child, address, agent: Browser::new(address), _folder: folder };
        let deadline = Instant::now() + Duration::from_secs(30);
        while tokio::net::TcpStream::connect(address).await.is_err() {
            if Instant::now() > deadline || server.child.try_wait()?.is_some() {
                return Err("the server did not start".into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let host = server.control();
        server.agent.post(&host, "/api/sign-in", &json!({ "name": "Ada", "password": PASSWORD })).await?;
        Ok(server)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn control(&self) -> String {
        format!("alongside.localhost:{}", self.address.port())
    }

    /// A session in shared mode with a page, and so many watchers that have it.
    pub(crate) async fn session(&self, watchers: usize) -> Result<Session, Failure> {
        let (control, mut agent) = (self.control(), self.agent.clone());
        let wanted = json!({ "url": format!("{SITE}/"), "mode": "shared" });
        let session: NewSession = serde_json::from_slice(&agent.post(&control, "/api/sessions", &wanted).await?)?;
        let mut visitor = Browser::new(self.address);
        let token = session.link.rsplit('/').next().unwrap_or_default();
        visitor.post(&control, "/api/join", &json!({ "by": "link", "token": token })).await?;
        let allowed = visitor.post(&control, "/api/join/allow", &json!({ "mode": "shared" })).await?;
        let enter: Url = serde_json::from_slice::<Admitted>(&allowed)?.url.parse()?;
        let host = host_of(&enter)?;
        let path = &enter[url::Position::BeforePath..];
        visitor.send(http::Method::POST, &host, path, &format!("http://{control}"), Vec::new()).await?;
        let mut page = visitor.socket(&host, &visitor.clone().companion(&host).await?).await?;
        page.tell(&FromVisitor::Events { page: PAGE, seq: 0, events: vec![snapshot(&format!("http://{host}/"))] })
            .await?;
        let path = format!("/api/sessions/{}/viewer", session.id);
        let viewer: ViewerAddress = serde_json::from_slice(&agent.post(&control, &path, &()).await?)?;
        let viewer: Url = viewer.url.parse()?;
        let host = host_of(&viewer)?;
        let mut views = Vec::new();
        for _ in 0..watchers {
            let mut view = agent.socket(&host, &format!("{}socket", viewer.path())).await?;
            while !holds(&view.hear().await?, b"\"snapshot\"") {}
            views.push(view);
        }
        Ok(Session { visitor: page, watchers: views, seq: 1 })
    }

    pub(crate) async fn stop(mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// Whether a message holds some bytes.
pub(crate) fn holds(message: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(message, needle).is_some()
}

fn host_of(url: &Url) -> Result<String, Failure> {
    Ok(format!("{}:{}", url.host_str().ok_or("no host")?, url.port().ok_or("no port")?))
}

fn settings(port: u16, sessions: usize, folder: &Path) -> String {
    format!(
        "[listen]\nhttp = '127.0.0.1:{port}'\n[store]\npath = '{}'\n[log]\nfilter = 'warn'\n[limits]\nconnections = 20000\n\
         sessions = {sessions}\nsessions_per_agent = {sessions}\n[[site]]\nname = 'Shop'\nstart = '{SITE}/'\npages = ['{SITE}']\n\
         networks = ['127.0.0.0/8']\n",
        folder.join("a.db").display()
    )
}

/// A page with a button and some paragraphs.
fn snapshot(url: &str) -> PageEvent {
    let record = |id, parent: Option<u64>, node| NodeRecord {
        id: NodeId(id),
        parent: parent.map(NodeId),
        before: None,
        node,
        state: NodeState::default(),
    };
    let element = |id, parent, name: &str| {
        let attrs = vec![("class".to_owned(), format!("c{id}"))];
        record(id, Some(parent), Node::Element { name: name.to_owned(), ns: Namespace::Html, attrs })
    };
    let text = |id, parent, text: String| record(id, Some(parent), Node::Text { text });
    let mut nodes = vec![
        record(1, None, Node::Document { url: Some(url.to_owned()), quirks: false }),
        element(2, 1, "html"),
        element(3, 2, "body"),
        element(BUTTON.0, 3, "button"),
    ];
    for n in 0..PARAGRAPHS {
        nodes.push(element(10 + 2 * n, 3, "p"));
        nodes.push(text(11 + 2 * n, 10 + 2 * n, format!("Paragraph {n} of a page that somebody reads.")));
    }
    let viewport = Viewport { width: 1280.0, height: 800.0, density: 1.0, zoom: 1.0, offset: (0.0, 0.0) };
    PageEvent::Snapshot(Snapshot { url: url.to_owned(), viewport, nodes, sheets: Vec::new(), focus: None })
}
