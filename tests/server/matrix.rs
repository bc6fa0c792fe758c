//! The permission matrix: every message of an agent, in every role, mode, stage and under every profile of rules, against
//! `fixtures/policy/conduct.toml`; judged directly, and by the whole server over real sockets. Messages are made from the protocol's own lists of
//! kinds, so that a new one does not compile, or fails for want of an expectation.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use alongside::policy::{Standing, Wish, rules};
use alongside::protocol::act::{Act, ActKind, Denial};
use alongside::protocol::agent::{ConsoleKind, FromConsole, FromViewer, Stage, ViewerKind};
use alongside::protocol::image::Way;
use alongside::protocol::note::{NewNote, NoteId, Shape};
use alongside::protocol::page::PointerAction;
use alongside::protocol::people::{Mode, PersonId, Priority, Role, Rules, Tool};
use alongside::protocol::rules::{AgentRules, VisitorRules};
use futures_util::StreamExt;
use serde::Deserialize;
use strum::IntoEnumIterator;

use crate::client::World;
use crate::together::*;

mod live;

/// What the table says of a message.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    stages: Vec<String>,
    roles: Vec<Role>,
    modes: Vec<Mode>,
    #[serde(default)]
    denied_by: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    profiles: BTreeMap<String, AgentRules>,
    messages: BTreeMap<String, Row>,
}

impl Table {
    fn read() -> Self {
        toml::from_str(include_str!("../../fixtures/policy/conduct.toml")).unwrap()
    }

    fn rules(&self, profile: &str) -> Rules {
        rules(&self.profiles[profile], &VisitorRules::default())
    }

    /// What becomes of a message.
    fn expected(&self, name: &str, at: &Place) -> Result<(), Denial> {
        let row = self.messages.get(name).unwrap_or_else(|| panic!("the table does not have {name:?}"));
        if !row.stages.iter().any(|stage| *stage == stage_name(at.stage)) {
            return Err(Denial::Inactive);
        }
        if !row.roles.contains(&at.role) {
            return Err(Denial::Role);
        }
        if !row.modes.contains(&at.mode) {
            return Err(Denial::Mode);
        }
        if row.denied_by.contains(&at.profile) { Err(Denial::Rule) } else { Ok(()) }
    }
}

/// Where a message is sent: all that the check depends on.
#[derive(Clone, Debug)]
struct Place {
    role: Role,
    mode: Mode,
    stage: Stage,
    profile: String,
}

/// A message of an agent.
#[derive(Clone, Debug)]
enum Message {
    Viewer(FromViewer),
    Console(FromConsole),
    /// [`FromConsole::Remove`] of oneself.
    Leave,
    Rest(Rest),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    View,
    Pin,
    End,
}

impl Message {
    fn wish(&self) -> Wish {
        match self {
            Self::Viewer(message) => message.into(),
            Self::Console(message) => message.into(),
            Self::Leave => Wish::Leave,
            Self::Rest(Rest::View) => Wish::View,
            Self::Rest(Rest::Pin) => Wish::Renew,
            Self::Rest(Rest::End) => Wish::End,
        }
    }
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Waiting => "waiting",
        Stage::Asked => "asked",
        Stage::Active => "active",
        Stage::Ended => "ended",
    }
}

/// An act of each kind that fits the page of the tests; `page`: an address of the site.
fn act(kind: ActKind, page: &str) -> (&'static str, Act) {
    match kind {
        ActKind::Click => ("click", click(BUTTON)),
        ActKind::Type => ("type", typing(FIELD)),
        ActKind::Choose => ("choose", choice(SELECT, OPTION)),
        ActKind::Check => ("check", Act::Check { node: BOX, checked: true }),
        ActKind::Scroll => ("scroll", Act::Scroll { node: FORM, to: (0.0, 1.0) }),
        ActKind::Navigate => ("navigate", Act::Navigate { url: page.to_owned() }),
        ActKind::Back => ("back", Act::Back),
        ActKind::Forward => ("forward", Act::Forward),
        ActKind::Submit => ("submit", Act::Submit { node: FORM }),
    }
}

/// A note of each tool that makes notes.
fn shape(tool: Tool) -> Option<(&'static str, Shape)> {
    match tool {
        Tool::Label => Some(("label", Shape::Label { text: "Here".to_owned(), at: (0.5, 0.5) })),
        Tool::Highlight => Some(("highlight", Shape::Element)),
        Tool::Mark => Some(("mark", Shape::Line { from: (0.0, 0.0), to: (1.0, 1.0) })),
        Tool::Pointer | Tool::Chat => None,
    }
}

/// Messages of a view, with their names in the table.
fn from_viewer(kind: ViewerKind, page: &str) -> Vec<(String, FromViewer)> {
    let n = 7;
    let one = |name: &str, message| vec![(name.to_owned(), message)];
    match kind {
        ViewerKind::Resync => one("resync", FromViewer::Resync { diverged: false }),
        ViewerKind::Act => {
            let act = |kind| {
                let (name, act) = act(kind, page);
                (format!("act {name}"), FromViewer::Act { n, seen: 1, act })
            };
            ActKind::iter().map(act).collect()
        }
        ViewerKind::Pointer => one("pointer", pointer(PointerAction::Move, BUTTON)),
        ViewerKind::Wiggle => one("wiggle", FromViewer::Wiggle { n, node: BUTTON }),
        ViewerKind::Note => {
            let note = |tool| {
                let (name, shape) = shape(tool)?;
                Some((format!("note {name}"), FromViewer::Note { n, note: NewNote { node: BUTTON, shape } }))
            };
            Tool::iter().filter_map(note).collect()
        }
        ViewerKind::Unnote => one("unnote", FromViewer::Unnote { n, id: NoteId(1) }),
        ViewerKind::Clear => one("clear", FromViewer::Clear { n }),
    }
}

/// Messages of a console, with their names in the table.
fn from_console(kind: ConsoleKind) -> Vec<(String, FromConsole)> {
    let n = 7;
    let one = |name: &str, message| vec![(name.to_owned(), message)];
    match kind {
        ConsoleKind::Mode => {
            let mode = |mode| (format!("mode {}", mode_name(mode)), FromConsole::Mode { n, mode });
            Mode::iter().map(mode).collect()
        }
        ConsoleKind::Way => {
            let way = |way: Way| (if way.is_image() { "way image" } else { "way page" }, FromConsole::Way { n, way });
            Way::iter().map(way).map(|(name, message)| (name.to_owned(), message)).collect()
        }
        ConsoleKind::Priority => one("priority", FromConsole::Priority { n, priority: Priority::High }),
        ConsoleKind::Chat => one("chat", FromConsole::Chat { n, text: "Hello".to_owned() }),
        ConsoleKind::Writing => one("writing", FromConsole::Writing { writing: true }),
        ConsoleKind::Invite => one("invite", FromConsole::Invite { n, name: "Ada".to_owned() }),
        ConsoleKind::HandOver => one("hand-over", FromConsole::HandOver { n, to: live::ADA }),
        ConsoleKind::Remove => one("remove", FromConsole::Remove { n, person: live::EVE }),
        ConsoleKind::Ping => one("ping", FromConsole::Ping { n, rtt: None }),
    }
}

fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::ViewOnly => "view-only",
        Mode::Shared => "shared",
    }
}

/// Every message, in an order in which none takes away what the next needs.
fn messages(page: &str) -> Vec<(String, Message)> {
    let viewer = ViewerKind::iter().flat_map(|kind| from_viewer(kind, page));
    let mut all: Vec<_> = viewer.map(|(name, message)| (name, Message::Viewer(message))).collect();
    // Whoever writes stops writing with what they wrote.
    let order = |kind: &ConsoleKind| match kind {
        ConsoleKind::Ping | ConsoleKind::Writing => 0,
        ConsoleKind::Mode | ConsoleKind::Way | ConsoleKind::Priority | ConsoleKind::Chat | ConsoleKind::Invite => 1,
        ConsoleKind::Remove => 2,
        ConsoleKind::HandOver => 3,
    };
    let mut kinds: Vec<_> = ConsoleKind::iter().collect();
    kinds.sort_by_key(order);
    let console = kinds.into_iter().flat_map(from_console);
    all.extend(console.map(|(name, message)| (name, Message::Console(message))));
    for (name, rest) in [("view", Rest::View), ("pin", Rest::Pin), ("end", Rest::End)] {
        all.push((name.to_owned(), Message::Rest(rest)));
    }
    all.push(("leave".to_owned(), Message::Leave));
    all
}

/// Every place.
fn places(table: &Table) -> Vec<Place> {
    let mut places = Vec::new();
    for profile in table.profiles.keys() {
        for stage in Stage::iter() {
            for mode in Mode::iter() {
                places.extend(Role::iter().map(|role| Place { role, mode, stage, profile: profile.clone() }));
            }
        }
    }
    places
}

#[test]
fn the_check_is_the_table() {
    let table = Table::read();
    let messages = messages("https://shop.example/");
    let named: BTreeSet<_> = messages.iter().map(|(name, _)| name.as_str()).collect();
    let known: BTreeSet<_> = table.messages.keys().map(String::as_str).collect();
    assert_eq!((named.len(), &named), (messages.len(), &known), "each message has one row, and each row a message");
    for (name, row) in &table.messages {
        let profiles = row.denied_by.iter().all(|profile| table.profiles.contains_key(profile));
        let stages = row.stages.iter().all(|name| Stage::iter().any(|stage| stage_name(stage) == name));
        assert!(profiles && stages, "{name}: an unknown profile or stage");
    }
    let (mut cells, mut permitted) = (0, 0);
    for place in places(&table) {
        let rules = table.rules(&place.profile);
        let standing = Standing { role: place.role, mode: place.mode, stage: place.stage, rules: &rules };
        for (name, message) in &messages {
            let judged = standing.permit(message.wish(), ()).map(|permit| permit.into_inner());
            assert_eq!(judged, table.expected(name, &place), "{name} at {place:?}");
            cells += 1;
            permitted += usize::from(judged.is_ok());
        }
    }
    eprintln!("permission matrix: {cells} cells, {permitted} of them permitted");
    assert!(cells >= 5_000 && permitted >= 500, "{cells}, {permitted}");
}

#[tokio::test]
async fn the_server_does_what_the_table_says() {
    let table = Table::read();
    let mut sites = String::from("[limits]\nsessions_per_agent = 1000\n");
    for (profile, rules) in &table.profiles {
        sites += &format!(
            "[[site]]\nname = '{profile}'\nstart = '{{site}}/{profile}/cart'\npages = ['{{site}}/{profile}']\nnetworks = ['127.0.0.0/8']\n"
        );
        sites += &format!("[site.agent]\n{}", toml::to_string(rules).unwrap());
    }
    let world = World::sites(&sites).await;
    let staff = live::Staff::sign_in(&world).await;
    let begun = Instant::now();
    let places = places(&table);
    let run = |place: Place| live::run(&world, &staff, &table, place);
    let cells: usize =
        futures_util::stream::iter(places).map(run).buffer_unordered(8).fold(0, async |a, b| a + b).await;
    eprintln!("permission matrix over sockets: {cells} cells in {:.1} s", begun.elapsed().as_secs_f64());
    assert!(cells >= 5_000, "{cells}");
}

/// Whom a message names, and who sends it.
fn person(role: Role) -> PersonId {
    match role {
        Role::Agent => live::JUSTIN,
        Role::Colleague => live::ADA,
        Role::Supervisor => live::SAM,
    }
}
