//! A session with somebody on each side of it, and a page with an element of each kind.

use alongside::protocol::act::{Act, Choice, Denial, Outcome, Stroke};
use alongside::protocol::agent::{FromConsole, FromViewer, ToConsole, ToViewer};
use alongside::protocol::api::NewSession;
use alongside::protocol::page::{
    Node, NodeId, NodeRecord, NodeState, PageEvent, Pointer, PointerAction, Snapshot, Viewport,
};
use alongside::protocol::people::{Mode, Person};
use alongside::protocol::visitor::{FromVisitor, ToVisitor};

use crate::client::{Browser, Socket, Visitor, World};

/// The load of the visitor's page.
pub(crate) const PAGE: u64 = 7;
pub(crate) const TITLE: NodeId = NodeId(5);
pub(crate) const FORM: NodeId = NodeId(11);
pub(crate) const FIELD: NodeId = NodeId(12);
pub(crate) const PASSWORD: NodeId = NodeId(13);
pub(crate) const BOX: NodeId = NodeId(14);
pub(crate) const SELECT: NodeId = NodeId(15);
pub(crate) const OPTION: NodeId = NodeId(16);
pub(crate) const BUTTON: NodeId = NodeId(17);
pub(crate) const SCRIPT: NodeId = NodeId(18);
pub(crate) const TEXT: NodeId = NodeId(20);
/// No page has it.
pub(crate) const NOWHERE: NodeId = NodeId(99);

fn record(id: u64, parent: Option<u64>, node: Node) -> NodeRecord {
    NodeRecord { id: NodeId(id), parent: parent.map(NodeId), before: None, node, state: NodeState::default() }
}

fn element(id: u64, parent: u64, name: &str, attrs: &[(&str, &str)]) -> NodeRecord {
    let attrs = attrs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    record(id, Some(parent), Node::Element { name: name.to_owned(), ns: Default::default(), attrs })
}

/// A paragraph at the end of [`snapshot`]'s body.
pub(crate) fn paragraph(id: u64, text: &str) -> [NodeRecord; 2] {
    [element(id, 10, "p", &[]), record(id + 1, Some(id), Node::Text { text: text.to_owned() })]
}

/// A page with a form.
pub(crate) fn snapshot(url: &str, title: &str) -> PageEvent {
    let text = |id, parent, text: &str| record(id, Some(parent), Node::Text { text: text.to_owned() });
    PageEvent::Snapshot(Snapshot {
        url: url.to_owned(),
        viewport: Viewport { width: 1280.0, height: 800.0, density: 1.0, zoom: 1.0, offset: (0.0, 0.0) },
        nodes: vec![
            record(1, None, Node::Document { url: Some(url.to_owned()), quirks: false }),
            element(2, 1, "html", &[]),
            element(3, 2, "head", &[]),
            element(4, 3, "title", &[]),
            text(5, 4, title),
            element(10, 2, "body", &[]),
            element(11, 10, "form", &[]),
            element(12, 11, "input", &[]),
            element(13, 11, "input", &[("type", "password")]),
            element(14, 11, "input", &[("type", "checkbox")]),
            element(15, 11, "select", &[]),
            element(16, 15, "option", &[]),
            element(17, 11, "button", &[]),
            element(18, 10, "script", &[]),
            element(19, 10, "p", &[]),
            text(20, 19, "Text"),
        ],
        sheets: Vec::new(),
        focus: None,
    })
}

pub(crate) fn click(node: NodeId) -> Act {
    Act::Click { node, at: (0.5, 0.5), count: 1 }
}

pub(crate) fn typing(node: NodeId) -> Act {
    Act::Type { node, strokes: vec![Stroke::Text("x".to_owned())] }
}

pub(crate) fn choice(node: NodeId, option: NodeId) -> Act {
    Act::Choose { node, choice: Choice::Options(vec![option]) }
}

pub(crate) fn pointer(action: PointerAction, node: NodeId) -> FromViewer {
    FromViewer::Pointer { pointer: Pointer { action, node: Some(node), at: (0.5, 0.5) }, laser: false }
}

pub(crate) fn denied(reason: Denial) -> Outcome {
    Outcome::Denied { reason }
}

/// A visitor's page that is on show, and what the agent who leads has open.
pub(crate) struct Together<'a> {
    pub(crate) world: &'a World,
    pub(crate) session: NewSession,
    pub(crate) justin: Browser,
    pub(crate) visitor: Visitor,
    pub(crate) page: Page,
    pub(crate) view: View,
    pub(crate) console: Console,
}

impl<'a> Together<'a> {
    pub(crate) async fn new(world: &'a World, mode: Mode) -> Self {
        Self::at(world, "/cart", mode).await
    }

    /// `path`: where it starts, below the site's root.
    pub(crate) async fn at(world: &'a World, path: &str, mode: Mode) -> Self {
        let mut justin = world.agent("Justin").await;
        let session = world.start_session(&mut justin, path, mode).await;
        let visitor = world.visitor(&session).await;
        let console = Console::open(world, &justin, &session).await.unwrap();
        let mut page = Page::open(&visitor).await;
        page.load(PAGE, "Cart").await;
        let view = View::open(world, &mut justin, &session).await;
        Self { world, session, justin, visitor, page, view, console }
    }

    /// Lets an agent take part.
    pub(crate) async fn invite(&mut self, name: &str) -> Browser {
        let browser = self.world.agent(name).await;
        let invited = self.console.ask(FromConsole::Invite { n: 1, name: name.to_owned() }).await;
        assert_eq!(invited, Outcome::Done);
        browser
    }
}

/// A page of the visitor's.
pub(crate) struct Page {
    pub(crate) socket: Socket,
    url: String,
}

impl Page {
    pub(crate) async fn open(visitor: &Visitor) -> Self {
        Self::open_at(visitor, &visitor.page).await
    }

    /// `path`: where the page is, on the view origin.
    pub(crate) async fn open_at(visitor: &Visitor, path: &str) -> Self {
        let socket = visitor.companion_at(path).await.unwrap();
        Self { socket, url: format!("http://{}{path}", visitor.host) }
    }

    /// Batch 0 of a load, taken.
    pub(crate) async fn load(&mut self, page: u64, title: &str) {
        let events = vec![snapshot(&self.url, title)];
        self.socket.tell(&FromVisitor::Events { page, seq: 0, events }).await;
        self.socket.until(|message| matches!(message, ToVisitor::Ack { seq: 0 })).await;
    }

    pub(crate) async fn tell(&mut self, message: FromVisitor) {
        self.socket.tell(&message).await;
    }

    pub(crate) async fn until(&mut self, wanted: impl Fn(&ToVisitor) -> bool) -> ToVisitor {
        self.socket.until(wanted).await
    }

    /// The next act that it is asked for: its number, and all else.
    pub(crate) async fn asked(&mut self) -> (u32, ToVisitor) {
        let act = self.until(|message| matches!(message, ToVisitor::Act { .. })).await;
        let ToVisitor::Act { id, .. } = act else { unreachable!() };
        (id, act)
    }

    pub(crate) async fn answers(&mut self, id: u32, outcome: Outcome) {
        self.tell(FromVisitor::Acted { id, outcome }).await;
    }
}

/// An agent's view.
pub(crate) struct View {
    pub(crate) socket: Socket,
    /// Number of the last message of events.
    pub(crate) seen: u64,
    /// Who was there when the session told of it last.
    people: Vec<Person>,
    n: u32,
}

impl View {
    /// One that has the page.
    pub(crate) async fn open(world: &World, agent: &mut Browser, session: &NewSession) -> Self {
        let (host, path) = world.view(agent, session).await;
        let socket = agent.socket(&host, &format!("{path}socket"), &format!("http://{host}")).await.unwrap();
        let mut view = Self { socket, seen: 0, people: Vec::new(), n: 0 };
        view.until(|message| matches!(message, ToViewer::Events { .. })).await;
        view
    }

    pub(crate) async fn tell(&mut self, message: FromViewer) {
        self.socket.tell(&message).await;
    }

    pub(crate) async fn until(&mut self, wanted: impl Fn(&ToViewer) -> bool) -> ToViewer {
        loop {
            let message: ToViewer = self.socket.hear().await.expect("closed before the message came");
            match &message {
                ToViewer::Events { seq, .. } => self.seen = *seq,
                ToViewer::Session { people, .. } => self.people.clone_from(people),
                _ => {}
            }
            if wanted(&message) {
                return message;
            }
        }
    }

    pub(crate) async fn until_people(&mut self, wanted: impl Fn(&[Person]) -> bool) {
        while !wanted(&self.people) {
            self.until(|message| matches!(message, ToViewer::Session { .. })).await;
        }
    }

    /// Asks for an act: the request's number.
    pub(crate) async fn act(&mut self, act: Act) -> u32 {
        self.n += 1;
        let (n, seen) = (self.n, self.seen);
        self.tell(FromViewer::Act { n, seen, act }).await;
        n
    }

    /// What became of a request.
    pub(crate) async fn outcome(&mut self, n: u32) -> Outcome {
        let of = |message: &ToViewer| matches!(message, ToViewer::Outcome { n: of, .. } if *of == n);
        let ToViewer::Outcome { outcome, .. } = self.until(of).await else { unreachable!() };
        outcome
    }

    /// Asks for an act that comes to nothing: why.
    pub(crate) async fn refused(&mut self, act: Act) -> Outcome {
        let n = self.act(act).await;
        self.outcome(n).await
    }
}

/// An agent's console.
pub(crate) struct Console {
    pub(crate) socket: Socket,
}

impl Console {
    /// None: to this agent, the session does not exist.
    pub(crate) async fn open(world: &World, agent: &Browser, session: &NewSession) -> Option<Self> {
        let control = world.control();
        let path = format!("/api/sessions/{}/socket", session.id);
        Some(Self { socket: agent.socket(&control, &path, &format!("http://{control}")).await? })
    }

    pub(crate) async fn until(&mut self, wanted: impl Fn(&ToConsole) -> bool) -> ToConsole {
        self.socket.until(wanted).await
    }

    /// Asks for something: its first outcome.
    pub(crate) async fn ask(&mut self, message: FromConsole) -> Outcome {
        self.socket.tell(&message).await;
        self.outcome().await
    }

    /// Asks for something under a number: the outcome of that.
    pub(crate) async fn until_outcome_of(&mut self, number: u32, message: FromConsole) -> Outcome {
        self.socket.tell(&message).await;
        let told = self.until(|m| matches!(m, ToConsole::Outcome { n, .. } if *n == number)).await;
        let ToConsole::Outcome { outcome, .. } = told else { unreachable!() };
        outcome
    }

    /// What becomes of the last request.
    pub(crate) async fn outcome(&mut self) -> Outcome {
        let told = self.until(|message| matches!(message, ToConsole::Outcome { .. })).await;
        let ToConsole::Outcome { outcome, .. } = told else { unreachable!() };
        outcome
    }
}
