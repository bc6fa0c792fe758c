//! Sites as a person would write them: the order of `config/alongside.toml`, and what is as by default left out.

use std::fmt::{self, Write};

use serde::Serialize;
use toml::Value;

use crate::protocol::rules::{AgentRules, MaskDraft, ScrubDraft, SiteDraft, VisitorRules};

/// Longest line of a list; a longer one has a line for each entry.
const WIDTH: usize = 100;

/// Writes sites. Reading gives the same again.
#[must_use]
pub fn write(sites: &[SiteDraft]) -> String {
    let mut out = String::new();
    for site in sites {
        if !out.is_empty() {
            out.push('\n');
        }
        // Nothing fails that is written into a string.
        let _ = Writer(&mut out).site(site);
    }
    out
}

struct Writer<'a>(&'a mut String);

impl Writer<'_> {
    fn site(&mut self, site: &SiteDraft) -> fmt::Result {
        writeln!(self.0, "[[site]]")?;
        self.value("name", &site.name)?;
        self.unless("off", &site.off, &false)?;
        self.value("start", &site.start)?;
        self.value("pages", &site.pages)?;
        self.unless("loads", &site.loads, &Vec::new())?;
        self.unless("networks", &site.networks, &Vec::new())?;
        self.agent(&site.agent)?;
        if site.visitor != VisitorRules::default() {
            writeln!(self.0, "\n[site.visitor]")?;
            self.value("tools", &site.visitor.tools)?;
        }
        if site.privacy.private {
            writeln!(self.0, "\n[site.privacy]")?;
            self.value("private", &true)?;
        }
        site.privacy.mask.iter().try_for_each(|mask| self.mask(mask))?;
        site.privacy.scrub.iter().try_for_each(|scrub| self.scrub(scrub))
    }

    fn agent(&mut self, agent: &AgentRules) -> fmt::Result {
        let default = AgentRules::default();
        if *agent == default {
            return Ok(());
        }
        writeln!(self.0, "\n[site.agent]")?;
        self.unless("modes", &agent.modes, &default.modes)?;
        self.unless("acts", &agent.acts, &default.acts)?;
        self.unless("tools", &agent.tools, &default.tools)?;
        self.unless("presets", &agent.presets, &default.presets)?;
        self.unless("ask", &agent.ask, &default.ask)?;
        self.unless("ask_selectors", &agent.ask_selectors, &default.ask_selectors)?;
        self.unless("never", &agent.never, &default.never)?;
        self.unless("silent_supervisor", &agent.silent_supervisor, &default.silent_supervisor)?;
        self.unless("image", &agent.image, &default.image)
    }

    fn mask(&mut self, mask: &MaskDraft) -> fmt::Result {
        writeln!(self.0, "\n[[site.privacy.mask]]")?;
        self.unless("name", &mask.name, &String::new())?;
        self.unless("off", &mask.off, &false)?;
        self.value("selector", &mask.selector)?;
        self.value("action", &mask.action)?;
        self.unless("pages", &mask.pages, &Vec::new())
    }

    fn scrub(&mut self, scrub: &ScrubDraft) -> fmt::Result {
        writeln!(self.0, "\n[[site.privacy.scrub]]")?;
        self.unless("name", &scrub.name, &String::new())?;
        self.unless("off", &scrub.off, &false)?;
        for (name, text) in [("ready", &scrub.ready), ("pattern", &scrub.pattern), ("replacement", &scrub.replacement)]
        {
            text.as_ref().map_or(Ok(()), |text| self.value(name, text))?;
        }
        self.unless("pages", &scrub.pages, &Vec::new())
    }

    fn unless<T: Serialize + PartialEq>(&mut self, name: &str, value: &T, default: &T) -> fmt::Result {
        if value == default { Ok(()) } else { self.value(name, value) }
    }

    fn value(&mut self, name: &str, value: &impl Serialize) -> fmt::Result {
        let value = Value::try_from(value).map_err(|_| fmt::Error)?;
        let line = value.to_string();
        match value {
            Value::Array(entries) if name.len() + line.len() > WIDTH => {
                writeln!(self.0, "{name} = [")?;
                entries.iter().try_for_each(|entry| writeln!(self.0, "  {},", one_line(entry)))?;
                writeln!(self.0, "]")
            }
            Value::Array(entries) => {
                let entries: Vec<String> = entries.iter().map(one_line).collect();
                writeln!(self.0, "{name} = [{}]", entries.join(", "))
            }
            value => writeln!(self.0, "{name} = {}", one_line(&value)),
        }
    }
}

/// A text with line breaks in it stays on its line, whatever the writer prefers.
fn one_line(value: &Value) -> String {
    let written = value.to_string();
    match value {
        Value::String(text) if written.contains('\n') => basic(text),
        _ => written,
    }
}

/// A basic string (TOML 1.0, "String").
fn basic(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
