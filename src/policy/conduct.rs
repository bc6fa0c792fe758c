//! What agents may do in a session: the one check that every message of theirs passes. What it lets through is a [`Permit`], without which nothing
//! reaches the visitor's page.

use super::Permit;
use crate::protocol::act::{ActKind, Denial};
use crate::protocol::agent::{FromConsole, FromViewer, Stage};
use crate::protocol::image::Way;
use crate::protocol::people::{Mode, Role, Rules, Tool};
use crate::protocol::rules::{AgentRules, VisitorRules};

/// What an agent asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wish {
    /// To open a view of the page.
    View,
    /// A new PIN and link.
    Renew,
    /// To end the session.
    End,
    /// To see the page's state anew.
    Resync,
    /// An act.
    Act(ActKind),
    /// Something beside the page: a pointer, a note, a line of chat.
    Use(Tool),
    /// To take notes away.
    Unnote,
    /// Another mode.
    Mode(Mode),
    /// Another way of showing the page.
    Way(Way),
    /// Another priority.
    Priority,
    /// To let somebody take part.
    Invite,
    /// To let somebody else lead.
    HandOver,
    /// To take somebody out.
    Remove,
    /// To leave.
    Leave,
    /// An answer to a ping.
    Ping,
}

/// How somebody stands in a session at the moment when they ask.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// What they are.
    pub role: Role,
    /// What agents may do.
    pub mode: Mode,
    /// Where the session stands.
    pub stage: Stage,
    /// The site's rules.
    pub rules: &'a Rules,
}

impl Standing<'_> {
    /// Permits a wish for something, or says why not: by stage, role, mode and rule, in this order.
    ///
    /// # Errors
    /// The first reason that holds.
    pub fn permit<T>(&self, wish: Wish, thing: T) -> Result<Permit<T>, Denial> {
        if !self.fits_stage(wish) {
            return Err(Denial::Inactive);
        }
        if !self.fits_role(wish) {
            return Err(Denial::Role);
        }
        if matches!(wish, Wish::Act(_)) && self.mode != Mode::Shared {
            return Err(Denial::Mode);
        }
        if !self.fits_rules(wish) {
            return Err(Denial::Rule);
        }
        Ok(Permit(thing))
    }

    fn fits_stage(&self, wish: Wish) -> bool {
        match wish {
            Wish::Renew => matches!(self.stage, Stage::Waiting | Stage::Asked),
            Wish::End | Wish::Priority | Wish::Invite | Wish::HandOver | Wish::Remove | Wish::Leave | Wish::Ping => {
                self.stage != Stage::Ended
            }
            Wish::View | Wish::Resync | Wish::Act(_) | Wish::Use(_) | Wish::Unnote | Wish::Mode(_) | Wish::Way(_) => {
                self.stage == Stage::Active
            }
        }
    }

    fn fits_role(&self, wish: Wish) -> bool {
        match wish {
            Wish::View | Wish::Resync | Wish::Ping => true,
            Wish::Leave => self.role != Role::Agent,
            Wish::Act(_) | Wish::Use(_) | Wish::Unnote => matches!(self.role, Role::Agent | Role::Colleague),
            Wish::Priority => matches!(self.role, Role::Agent | Role::Supervisor),
            Wish::Renew | Wish::End | Wish::Mode(_) | Wish::Way(_) | Wish::Invite | Wish::HandOver | Wish::Remove => {
                self.role == Role::Agent
            }
        }
    }

    fn fits_rules(&self, wish: Wish) -> bool {
        match wish {
            Wish::Act(kind) => self.rules.acts.contains(&kind),
            Wish::Use(tool) => self.rules.tools.contains(&tool),
            Wish::Mode(mode) => self.rules.modes.contains(&mode),
            Wish::Way(way) => self.rules.image || !way.is_image(),
            _ => true,
        }
    }
}

impl From<&FromViewer> for Wish {
    fn from(message: &FromViewer) -> Self {
        match message {
            FromViewer::Resync { .. } => Self::Resync,
            FromViewer::Act { act, .. } => Self::Act(act.into()),
            FromViewer::Pointer { .. } | FromViewer::Wiggle { .. } => Self::Use(Tool::Pointer),
            FromViewer::Note { note, .. } => Self::Use(note.shape.tool()),
            FromViewer::Unnote { .. } | FromViewer::Clear { .. } => Self::Unnote,
        }
    }
}

impl From<&FromConsole> for Wish {
    fn from(message: &FromConsole) -> Self {
        match message {
            FromConsole::Mode { mode, .. } => Self::Mode(*mode),
            FromConsole::Way { way, .. } => Self::Way(*way),
            FromConsole::Priority { .. } => Self::Priority,
            FromConsole::Chat { .. } | FromConsole::Writing { .. } => Self::Use(Tool::Chat),
            FromConsole::Invite { .. } => Self::Invite,
            FromConsole::HandOver { .. } => Self::HandOver,
            FromConsole::Remove { .. } => Self::Remove,
            FromConsole::Ping { .. } => Self::Ping,
        }
    }
}

/// Both, as the other programs read them.
#[must_use]
pub fn rules(agent: &AgentRules, visitor: &VisitorRules) -> Rules {
    let mut modes = agent.modes.clone();
    if !modes.contains(&Mode::ViewOnly) {
        modes.insert(0, Mode::ViewOnly);
    }
    Rules {
        modes,
        acts: agent.acts.clone(),
        tools: agent.tools.clone(),
        visitor_tools: visitor.tools.clone(),
        presets: agent.presets.clone(),
        ask: agent.ask.clone(),
        ask_selectors: agent.ask_selectors.clone(),
        never: agent.never.clone(),
        silent_supervisor: agent.silent_supervisor,
        image: agent.image,
    }
}

/// The rules of a session whose site is gone: agents look on, and do nothing.
#[must_use]
pub fn strictest() -> Rules {
    let nothing = AgentRules {
        modes: vec![Mode::ViewOnly],
        acts: Vec::new(),
        tools: Vec::new(),
        presets: Vec::new(),
        image: false,
        ..AgentRules::default()
    };
    rules(&nothing, &VisitorRules { tools: Vec::new() })
}
