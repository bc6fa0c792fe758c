//! Reads the file, lays the environment over it, and says what is wrong with both in words and lines.

use std::fmt;
use std::path::{Path, PathBuf};

use toml::de::DeTable;
use toml::{Table, Value};

use super::Config;
use super::check::Wrong;
use crate::rules::{hint_of, line_at, span_of};

/// Prefix of environment variables that stand for options: `ALONGSIDE_SECTION__KEY`.
const PREFIX: &str = "ALONGSIDE_";

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Wrong(Vec<Problem>),
}

/// One thing that is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, or the environment variable.
    pub source: String,
    /// Line in the file, from 1; none where it is not in the file.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, line, message, hint } = self;
        match line {
            Some(line) => write!(f, "{source}:{line}: {message}")?,
            None => write!(f, "{source}: {message}")?,
        }
        write!(f, "\n  hint: {hint}")
    }
}

impl Config {
    /// Reads a file, the environment over it, and checks the whole.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        Self::parse(&text, &path.display().to_string(), std::env::vars())
    }

    /// The same for a text: `source` names it in messages, `environment` is what lies over it.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn parse(
        text: &str,
        source: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let one = |problem| ConfigError::Wrong(vec![problem]);
        let from_file: Self = toml::from_str(text).map_err(|error| one(of_toml(&error, text, source)))?;
        let over: Vec<_> = environment.into_iter().filter_map(|(name, value)| Overlay::of(&name, &value)).collect();
        let config = if over.is_empty() { from_file.clone() } else { overlaid(text, &over).map_err(one)? };
        let mut wrong = config.problems();
        for (place, key) in [("store.key", &from_file.store.key), ("store.previous_key", &from_file.store.previous_key)]
        {
            if key.is_some() {
                let hint =
                    "set it in the environment, as ALONGSIDE_STORE__KEY, or name a file that holds it in `key_file`";
                wrong.push(Wrong {
                    place: place.to_owned(),
                    message: "a key in the configuration file".to_owned(),
                    hint: hint.into(),
                });
            }
        }
        if wrong.is_empty() {
            return Ok(config);
        }
        let document = DeTable::parse(text).ok();
        let problems = wrong.into_iter().map(|wrong| {
            let span = document.as_ref().and_then(|document| span_of(document, &wrong.place));
            let variable = over.iter().find(|overlay| wrong.place == overlay.path.join("."));
            Problem {
                source: variable.map_or(source, |overlay| &overlay.name).to_owned(),
                line: if variable.is_some() { None } else { span.map(|span| line_at(text, span.start)) },
                message: wrong.message,
                hint: wrong.hint.into_owned(),
            }
        });
        Err(ConfigError::Wrong(problems.collect()))
    }
}

/// An environment variable that stands for an option.
struct Overlay {
    name: String,
    path: Vec<String>,
    value: Value,
}

impl Overlay {
    fn of(name: &str, value: &str) -> Option<Self> {
        let rest = name.strip_prefix(PREFIX)?;
        if !rest.contains("__") {
            return None;
        }
        let path = rest.split("__").map(str::to_ascii_lowercase).collect();
        let as_toml = toml::from_str::<Table>(&format!("value = {value}")).ok().and_then(|mut t| t.remove("value"));
        let value = as_toml.unwrap_or_else(|| Value::String(value.to_owned()));
        Some(Self { name: name.to_owned(), path, value })
    }
}

/// The file with one variable after the other laid over it, so that a message names the variable that is wrong.
fn overlaid(text: &str, over: &[Overlay]) -> Result<Config, Problem> {
    let mut table: Table = toml::from_str(text).unwrap_or_default();
    let mut config = Config::default();
    for overlay in over {
        set(&mut table, &overlay.path, overlay.value.clone());
        config = Value::Table(table.clone()).try_into().map_err(|error: toml::de::Error| Problem {
            source: overlay.name.clone(),
            line: None,
            message: error.message().to_owned(),
            hint: hint_of(error.message()),
        })?;
    }
    Ok(config)
}

fn set(table: &mut Table, path: &[String], value: Value) {
    match path {
        [] => {}
        [key] => {
            table.insert(key.clone(), value);
        }
        [section, rest @ ..] => {
            let entry = table.entry(section.clone()).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = entry {
                set(inner, rest, value);
            }
        }
    }
}

fn of_toml(error: &toml::de::Error, text: &str, source: &str) -> Problem {
    let message = error.message().trim().replace('\n', "; ");
    Problem {
        source: source.to_owned(),
        line: error.span().map(|span| line_at(text, span.start)),
        hint: hint_of(&message),
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn the_shipped_file_has_every_option_at_its_default() {
        let text = std::fs::read_to_string(root().join("config/alongside.toml")).unwrap();
        let shipped = Config::parse(&text, "config/alongside.toml", []).unwrap();
        let default = Config { sites: shipped.sites.clone(), ..Config::default() };
        assert_eq!(format!("{shipped:?}"), format!("{default:?}"));

        let documented: Vec<_> = text.lines().filter_map(|l| l.trim_start_matches("# ").split_once(" = ")).collect();
        for option in options() {
            assert!(documented.iter().any(|(name, _)| *name == option), "{option} is not in config/alongside.toml");
        }
    }

    #[test]
    fn rules_know_the_sections_that_may_stand_beside_them() {
        let refused = Config::parse("[nothing]\n", "x.toml", []).unwrap_err().to_string();
        let expected = refused.split_once("expected one of ").unwrap().1.split('\n').next().unwrap();
        let mut sections: Vec<_> = expected.split(", ").map(|name| name.trim_matches('`')).collect();
        let mut known: Vec<_> = crate::rules::SECTIONS.into_iter().chain(["site"]).collect();
        sections.sort_unstable();
        known.sort_unstable();
        assert_eq!(sections, known);
    }

    #[test]
    fn the_examples_of_rules_in_the_shipped_file_are_right() {
        let text = std::fs::read_to_string(root().join("config/alongside.toml")).unwrap();
        let option = |line: &str| {
            line.starts_with("[[site.privacy.")
                || line
                    .split_once(" = ")
                    .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        };
        let (before, rules) = text.split_once("# [[site.privacy.mask]]").unwrap();
        let (rules, _) = rules.split_once("[rules]").unwrap();
        let rules: Vec<_> = rules.lines().filter_map(|l| l.strip_prefix("# ")).filter(|l| option(l)).collect();
        let text = format!("{before}[[site.privacy.mask]]\n{}\n", rules.join("\n"));
        let (sites, faults) = crate::rules::read(&text);
        assert!(faults.is_empty(), "{faults:?}");
        let privacy = &sites[0].privacy;
        assert_eq!((privacy.private, privacy.mask.len(), privacy.scrub.len()), (false, 1, 2));
    }

    /// Every option's name, from the `Debug` form of the default.
    fn options() -> Vec<String> {
        let words = format!("{:#?}", Config { sites: Vec::new(), ..Config::default() });
        let leaves = words.lines().filter_map(|line| line.trim().split_once(": "));
        let not_sections = leaves.filter(|(_, value)| !value.ends_with('{') || value.starts_with("Some"));
        not_sections.map(|(name, _)| name.to_owned()).filter(|name| name != "sites").collect()
    }

    #[test]
    fn invalid_files_say_what_is_wrong() {
        let dir = root().join("fixtures/config");
        let mut cases = 0;
        for entry in std::fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_str().unwrap();
            let expected: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("#! ")).collect();
            let Err(error) = Config::parse(&text, name, []) else { panic!("{name} was accepted") };
            cases += 1;
            if std::env::var_os("UPDATE").is_some() {
                let body: Vec<_> = text.lines().take_while(|line| !line.starts_with("#! ")).collect();
                let lines = error.to_string().lines().map(|line| format!("#! {line}\n")).collect::<String>();
                std::fs::write(&path, format!("{}\n\n{lines}", body.join("\n").trim_end())).unwrap();
                continue;
            }
            assert_eq!(error.to_string(), expected.join("\n"), "{name}");
        }
        assert!(cases >= 12, "only {cases} cases in {}", dir.display());
    }

    #[test]
    fn the_environment_lies_over_the_file() {
        let site = "[[site]]\nname = 'a'\nstart = 'https://a.example/'\npages = ['https://a.example']\n";
        let with = |name: &str, value: &str| Config::parse(site, "x.toml", [(name.to_owned(), value.to_owned())]);
        assert_eq!(
            with("ALONGSIDE_CONTROL__HOST", "help.example.localhost").unwrap().control.host,
            "help.example.localhost"
        );
        assert_eq!(with("ALONGSIDE_LISTEN__HTTP", "127.0.0.1:9000").unwrap().listen.http.unwrap().port(), 9000);
        let networks = with("ALONGSIDE_TRUSTED_PROXIES__NETWORKS", "['10.0.0.0/8']").unwrap().trusted_proxies.networks;
        assert_eq!(networks.len(), 1);
        assert_eq!(with("ALONGSIDE_CONFIG", "elsewhere").unwrap().control.host, "alongside.localhost");
        let wrong = with("ALONGSIDE_CONTROL__HOTS", "x").unwrap_err().to_string();
        assert_eq!(
            wrong,
            "ALONGSIDE_CONTROL__HOTS: unknown field `hots`, expected `host`\n  hint: did you mean `host`?"
        );
        let wrong = with("ALONGSIDE_LISTEN__HTTP", "0.0.0.0:80").unwrap_err().to_string();
        assert!(wrong.starts_with("ALONGSIDE_LISTEN__HTTP: "), "{wrong}");
    }
}
