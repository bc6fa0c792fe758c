//! Who takes part in a session, and what the site's rules let each side do.

use serde::{Deserialize, Serialize};

/// Somebody in a session, by number; 0 is the visitor. An agent keeps the number as long as the session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct PersonId(pub u32);

impl PersonId {
    /// The visitor.
    pub const VISITOR: Self = Self(0);
}

/// What an account may do beside being an agent.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::VariantNames,
)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum AccountRole {
    /// Starts sessions and takes part in those that it is invited to.
    #[default]
    Agent,
    /// Looks into others' sessions, too.
    Supervisor,
    /// Manages accounts and rules, and is a supervisor.
    Admin,
}

/// What somebody on the agents' side is in one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumIter)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Leads it: started it, or was handed it.
    Agent,
    /// Was invited by the agent.
    Colleague,
    /// Looks in.
    Supervisor,
}

/// What agents may do in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumIter)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Look and point.
    ViewOnly,
    /// Act, too.
    Shared,
}

/// Whose session is looked after first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// Can wait.
    Low,
    /// As any other.
    #[default]
    Normal,
    /// Before all others.
    High,
}

/// Somebody on the agents' side, as both sides read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Person {
    /// Their number; their colour goes by it.
    pub id: PersonId,
    /// Name as visitors see it.
    pub name: String,
    /// What they are here.
    pub role: Role,
    /// A view of theirs is open: they see the page. False: they take part, and are away.
    pub watching: bool,
    /// Milliseconds there and back between their console and the server; absent: not known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub rtt: Option<u32>,
}

/// What a person may put beside the page, whatever the mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumIter)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// Cursor, laser trail, wiggle.
    Pointer,
    /// Labels.
    Label,
    /// Highlights of an element, an area, a text.
    Highlight,
    /// Freehand marks and shapes.
    Mark,
    /// Chat.
    Chat,
}

/// Which acts the visitor is asked about one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// Pressing what submits a form, or submitting it, search forms excepted.
    Submit,
    /// Pressing what pays: a submit of a form with card fields, or a button that says so.
    Payment,
    /// Opening another address.
    Navigate,
}

/// A site's rules for both sides, as far as the other programs need them (patent 003: rules of host and guest).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rules {
    /// Modes that a session may be in.
    pub modes: Vec<Mode>,
    /// Acts that agents may ask for in shared mode.
    pub acts: Vec<super::act::ActKind>,
    /// What agents may put beside the page.
    pub tools: Vec<Tool>,
    /// What the visitor may put beside the page.
    pub visitor_tools: Vec<Tool>,
    /// Ready texts for labels.
    pub presets: Vec<String>,
    /// Acts that the visitor is asked about.
    pub ask: Vec<Ask>,
    /// CSS selectors of elements whose pressing, typing or choosing the visitor is asked about.
    pub ask_selectors: Vec<String>,
    /// CSS selectors of elements that agents never act on.
    pub never: Vec<String>,
    /// Supervisors may look in without being named; the visitor is told so before allowing the session, and while it lasts.
    pub silent_supervisor: bool,
    /// Sessions may go the image way.
    pub image: bool,
}
