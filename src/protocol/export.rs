//! Keeps the TypeScript of the wire types up to date: the test fails when a committed file is stale, and
//! `UPDATE=1 cargo test protocol` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use ts_rs::{Config, TS};

use super::{act, admin, agent, api, chat, frame, hosted, image, note, page, people, rules, visitor};

/// One exported type.
struct Exported {
    module: &'static str,
    name: String,
    text: String,
    uses: Vec<String>,
}

fn exported<T: TS + 'static>(module: &'static str, config: &Config) -> Exported {
    let mut text = String::new();
    if let Some(docs) = T::docs() {
        text.push_str(docs.trim_end());
        text.push('\n');
    }
    let _ = writeln!(text, "export {}", T::decl(config));
    let text = text.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    let uses = T::dependencies(config).into_iter().map(|d| d.ts_name).collect();
    Exported { module, name: T::ident(config), text, uses }
}

macro_rules! export {
    ($config:expr, $($module:ident: $($name:ident)+;)+) => {
        vec![$($(exported::<$module::$name>(stringify!($module), $config),)+)+]
    };
}

fn all() -> Vec<Exported> {
    let config = Config::new().with_large_int("number");
    export! { &config,
        page: NodeId PageEvent Snapshot SheetRecord NodeRecord Node Namespace NodeState MediaState Range Viewport Pointer PointerAction;
        people: PersonId AccountRole Role Mode Priority Person Tool Ask Rules;
        act: Act ActKind Stroke Key Choice Outcome Denial Lock;
        note: NoteId Note Shape NewNote;
        chat: ChatMessage;
        rules: SiteDraft AgentRules VisitorRules PrivacyDraft MaskDraft MaskAction ScrubDraft ReadyRule Fault MaskSite MaskRule;
        admin: CurrentRules CheckRules Checked SaveRules SavedRules RulesVersion RulesVersionDetail DiffLine DiffChange RestoreRules ImportRules Imported AskPreview Preview PreviewMark PreviewKind AccountInfo NewAccount ChangeAccount ChangePassword SignInInfo AuditPage AuditEntry;
        visitor: PageConfig FromVisitor ToVisitor Question;
        image: Way ImageState ImageOffer Device Input MouseAction TouchAction FromScreen Step ToScreen Dialog DialogKind FromPictures ToPictures;
        hosted: Field List ListOption AskAct Stand Sample Baggage FieldState;
        agent: EndedBy SessionState Presence Tab ToConsole FromConsole ToViewer FromViewer;
        frame: Hand Zoom ViewerToConsole ConsoleToViewer;
        api: ApiError SignIn Me SiteInfo StartSession NewSession SessionInfo ViewerAddress Join JoinOffer Allow Admitted AskHelp HelpState TakeHelp Colleague;
    }
}

/// The text of each module's file.
fn files() -> BTreeMap<&'static str, String> {
    let types = all();
    let home: BTreeMap<&str, &str> = types.iter().map(|t| (t.name.as_str(), t.module)).collect();
    let mut files = BTreeMap::new();
    for module in types.iter().map(|t| t.module).collect::<BTreeSet<_>>() {
        let mut imports = BTreeMap::<&str, BTreeSet<&str>>::new();
        let mut body = String::new();
        for t in types.iter().filter(|t| t.module == module) {
            for name in &t.uses {
                let from =
                    home.get(name.as_str()).unwrap_or_else(|| panic!("{name}, used by {}, is not exported", t.name));
                if *from != module {
                    imports.entry(from).or_default().insert(name);
                }
            }
            let _ = write!(body, "\n{}", t.text);
        }
        let mut text = format!("// Generated from src/protocol/{module}.rs by `UPDATE=1 cargo test protocol`.\n");
        for (from, names) in imports {
            let names = names.into_iter().collect::<Vec<_>>().join(", ");
            let _ = writeln!(text, "import type {{ {names} }} from './{from}';");
        }
        files.insert(module, text + &body);
    }
    files
}

#[test]
fn typescript_is_current() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/shared/protocol");
    let update = std::env::var_os("UPDATE").is_some();
    let mut stale = Vec::new();
    for (module, text) in files() {
        let path = dir.join(format!("{module}.ts"));
        if update {
            std::fs::create_dir_all(&dir).unwrap();
            std::fs::write(&path, &text).unwrap();
        } else if std::fs::read_to_string(&path).ok().as_ref() != Some(&text) {
            stale.push(path);
        }
    }
    assert!(stale.is_empty(), "stale: {stale:?}; run `UPDATE=1 cargo test protocol`");
}
