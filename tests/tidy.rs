//! Rules of the source tree that no compiler checks. ARCHITECTURE.md is the truth about layers and paths; this reads it.
#![allow(clippy::unwrap_used, reason = "a check fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// Longest file, in lines.
const LINES: usize = 500;
/// Folders that are not ours or not sources.
const SKIPPED: [&str; 8] = [".git", "target", "node_modules", "dist", "data", "certs", "out", "proptest-regressions"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file below a folder, with its path from the project's root.
fn files(below: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut left = vec![root().join(below)];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name();
            if entry.file_type().unwrap().is_dir() {
                left.extend((!SKIPPED.iter().any(|s| name == *s)).then(|| entry.path()));
            } else if name != ".git"
                && let Ok(text) = fs::read_to_string(entry.path())
            {
                found.push((entry.path().strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    assert!(!found.is_empty(), "no files below {below:?}");
    found
}

fn rust_files() -> Vec<(PathBuf, String)> {
    let mut all = files("src");
    all.extend(files("tests"));
    if root().join("benches").exists() {
        all.extend(files("benches"));
    }
    all.retain(|(path, _)| path.extension().is_some_and(|e| e == "rs"));
    all
}

fn architecture() -> String {
    fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

/// The layers in ARCHITECTURE.md's table, from the first on.
fn layers() -> Vec<String> {
    let text = architecture();
    let table = text.split("## Layers").nth(1).unwrap().split("\n\n").next().unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let layers: Vec<String> = rows.map(str::to_owned).collect();
    assert!(layers.len() > 10, "{layers:?}");
    layers
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    let silent: Vec<_> =
        rust_files().into_iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(path, _)| path).collect();
    assert!(silent.is_empty(), "these do not open with a //! comment: {silent:?}");
}

/// First segments of all `crate::` paths in a file, groups included.
fn imported(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in text.split("crate::").skip(1) {
        let group = rest.strip_prefix('{');
        let names = group.map_or(rest, |group| group.split(';').next().unwrap_or(group));
        if group.is_none() {
            found.push(word(names));
            continue;
        }
        let mut depth = 0;
        let mut item = String::new();
        for c in names.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => found.push(word(std::mem::take(&mut item).trim())),
                _ if depth == 0 => item.push(c),
                _ => {}
            }
        }
        found.push(word(item.trim()));
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn groups_of_imports_are_read() {
    let text = "use crate::{origin::{Sid, Scheme}, policy::Use};\nfn f(x: crate::wash::Wash) {}";
    assert_eq!(imported(text), ["origin", "policy", "wash"]);
}

#[test]
fn imports_go_in_one_direction() {
    let layers = layers();
    let rank = |name: &str| layers.iter().position(|layer| layer == name);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, text) in files("src") {
        let top = path.iter().nth(1).unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
        let Some(own) = rank(&top) else {
            assert!(["lib", "main"].contains(&top.as_str()), "{} is in no layer of ARCHITECTURE.md", path.display());
            continue;
        };
        for other in imported(&text) {
            let Some(theirs) = rank(&other) else { continue };
            seen += 1;
            let apart = [top.as_str(), other.as_str()] == ["wash", "rewrite"];
            if theirs > own || apart {
                wrong.push(format!("{} imports {other}", path.display()));
            }
        }
    }
    assert!(seen > 20, "only {seen} imports were found");
    assert!(wrong.is_empty(), "against the order of layers:\n{}", wrong.join("\n"));
}

#[test]
fn every_path_in_architecture_exists() {
    let text = architecture();
    let tops = ["src/", "web/", "tests/", "fixtures/", "config/", "docs/", "benches/", "scripts/", "certs/"];
    let quoted = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|q| tops.iter().any(|top| q.starts_with(top)) && !q.contains(['{', '*', ' ']));
    let mut paths: Vec<String> = quoted.map(str::to_owned).collect();
    assert!(!paths.is_empty(), "ARCHITECTURE.md names no path");
    paths.extend(layers().iter().map(|layer| format!("src/{layer}.rs")));
    let gone: Vec<_> = paths.into_iter().filter(|path| !root().join(path).exists()).collect();
    assert!(gone.is_empty(), "ARCHITECTURE.md names what does not exist: {gone:?}");
}

#[test]
fn no_file_is_too_long_to_read() {
    let mut all = files("src");
    all.extend(files("web"));
    let source = |path: &Path| {
        path.extension().is_some_and(|e| ["rs", "ts", "svelte", "css", "mjs", "html"].iter().any(|s| e == *s))
    };
    let generated = |text: &str| text.lines().next().is_some_and(|line| line.contains("generated"));
    all.retain(|(path, text)| source(path) && !generated(text) && text.lines().count() > LINES);
    let long: Vec<_> = all.iter().map(|(path, text)| format!("{}: {}", path.display(), text.lines().count())).collect();
    assert!(long.is_empty(), "over {LINES} lines:\n{}", long.join("\n"));
}

#[test]
fn no_file_names_a_machine() {
    let marks = ["root", "home", "work", "Users"].map(|folder| format!("/{folder}/"));
    let mut found = Vec::new();
    for (path, text) in files(".") {
        for (number, line) in text.lines().enumerate() {
            let named = marks.iter().any(|mark| {
                line.match_indices(mark.as_str())
                    .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}".contains(c)))
            });
            if named {
                found.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "paths of somebody's machine:\n{}", found.join("\n"));
}
