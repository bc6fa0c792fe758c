//! Rules as administrators write them, in TOML (`[[site]]`) and on the administration's pages: text that has not been checked yet. `policy::Site` is what holds.
//! Also what the companion is told of them. Names are those of the TOML (`ask_selectors`).

use serde::{Deserialize, Serialize};

use super::act::ActKind;
use super::people::{Ask, Mode, Tool};

/// A site as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SiteDraft {
    /// Name for people, one of its own.
    pub name: String,
    /// A site that is off is on no allowlist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub off: bool,
    /// Where a session starts unless the agent names another address.
    pub start: String,
    /// Pages that may be opened, see `pattern::Pattern`.
    pub pages: Vec<String>,
    /// What pages may load beside pages.
    #[serde(default)]
    pub loads: Vec<String>,
    /// Private networks that its hosts may be in.
    #[serde(default)]
    pub networks: Vec<String>,
    /// What agents may do.
    #[serde(default)]
    pub agent: AgentRules,
    /// What visitors may do.
    #[serde(default)]
    pub visitor: VisitorRules,
    /// What agents may not see.
    #[serde(default)]
    pub privacy: PrivacyDraft,
}

/// A site's rules for agents, as the administrator writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields, default)]
pub struct AgentRules {
    /// Modes that a session may be in; view-only is always among them.
    pub modes: Vec<Mode>,
    /// Acts that agents may ask for in shared mode.
    pub acts: Vec<ActKind>,
    /// What agents may put beside the page.
    pub tools: Vec<Tool>,
    /// Ready texts for labels.
    pub presets: Vec<String>,
    /// Acts that the visitor is asked about one by one.
    pub ask: Vec<Ask>,
    /// Elements that the visitor is asked about whenever an agent acts on them: CSS selectors.
    pub ask_selectors: Vec<String>,
    /// Elements that agents never act on: CSS selectors.
    pub never: Vec<String>,
    /// Supervisors may look in without being named.
    pub silent_supervisor: bool,
    /// Sessions may go the image way.
    pub image: bool,
}

impl Default for AgentRules {
    fn default() -> Self {
        use strum::IntoEnumIterator;
        let presets = ["Click this link", "Enter information in the form", "Read this", "Check this, please"];
        Self {
            modes: Mode::iter().collect(),
            acts: ActKind::iter().collect(),
            tools: Tool::iter().collect(),
            presets: presets.map(str::to_owned).to_vec(),
            ask: vec![Ask::Submit, Ask::Payment],
            ask_selectors: Vec::new(),
            never: Vec::new(),
            silent_supervisor: false,
            image: true,
        }
    }
}

/// A site's rules for visitors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields, default)]
pub struct VisitorRules {
    /// What visitors may put beside the page: highlights and chat.
    pub tools: Vec<Tool>,
}

impl Default for VisitorRules {
    fn default() -> Self {
        Self { tools: vec![Tool::Highlight, Tool::Chat] }
    }
}

/// What agents may not see of a site's pages, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields, default)]
pub struct PrivacyDraft {
    /// All text and values are masked but what a rule shows.
    pub private: bool,
    /// Which elements are masked, hidden or shown. The order does not matter: hiding goes before masking, masking before showing.
    pub mask: Vec<MaskDraft>,
    /// What is replaced in texts, in this order.
    pub scrub: Vec<ScrubDraft>,
}

/// A rule about elements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MaskDraft {
    /// Name for people; may be empty.
    #[serde(default)]
    pub name: String,
    /// The rule does nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub off: bool,
    /// CSS selector that looks at an element and what it is in: no siblings, no state (see `privacy::Selector`).
    pub selector: String,
    /// What becomes of the element and all within it.
    pub action: MaskAction,
    /// Pages where it holds, see `pattern::Pattern`; none: all of the site.
    #[serde(default)]
    pub pages: Vec<String>,
}

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum MaskAction {
    /// A star stands for each character of its texts and values.
    Mask,
    /// A box of the same size stands in its place.
    Hide,
    /// It is not masked although the site is private.
    Show,
}

/// A rule about text. Either `ready`, or `pattern` with `replacement`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields, default)]
pub struct ScrubDraft {
    /// Name for people; may be empty.
    pub name: String,
    /// The rule does nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub off: bool,
    /// Name of a ready-made rule, see [`ReadyRule`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<String>,
    /// Regular expression (syntax of the `regex` crate), matched on normalised text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// What stands in place of a match; `$1` and `${name}` are groups, `$$` is a dollar. Of a ready-made rule: in place of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
    /// Pages where it holds, see `pattern::Pattern`; none: all of the site.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<String>>"))]
    pub pages: Vec<String>,
}

/// A ready-made rule about text, which a site may switch on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ReadyRule {
    /// Its name in rules, such as `card`.
    pub ready: String,
    /// What it finds, for people.
    pub title: String,
    /// An example that it finds.
    pub example: String,
    /// What stands in place of a match.
    pub replacement: String,
}

/// Something that is wrong in rules, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// Where, from the list of sites down: `2.privacy.scrub.0.pattern`. Empty: the text as a whole.
    pub place: String,
    /// Line in the TOML text that was given, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Characters of the value that are wrong, first and end, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<(u32, u32)>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// What the companion is told of a site's masks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MaskSite {
    /// Addresses of documents that it holds for, see `pattern::Pattern`: the first site of the list that covers one; none: the first of all.
    pub scope: Vec<String>,
    /// All is masked but what a rule shows.
    pub private: bool,
    /// Rules that are on.
    pub rules: Vec<MaskRule>,
}

/// One of its rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MaskRule {
    /// Checked by the server.
    pub selector: String,
    /// What becomes of elements.
    pub action: MaskAction,
    /// Pages where it holds; none: all of the site.
    pub pages: Vec<String>,
}
