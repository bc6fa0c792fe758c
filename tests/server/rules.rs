//! Administration of rules over real sockets: who may, checking, saving, versions, import and export, previews of a real site's pages.

use alongside::protocol::admin::{
    Checked, CurrentRules, DiffChange, Imported, Preview, RulesVersion, RulesVersionDetail, SavedRules,
};
use alongside::protocol::rules::{Fault, ScrubDraft, SiteDraft};
use http::StatusCode;
use serde_json::json;

use crate::client::{Answer, Browser, World};

const RULES: &str = "/api/admin/rules";

async fn current(world: &World, admin: &mut Browser) -> CurrentRules {
    admin.get(&world.control(), RULES).await.json()
}

async fn save(world: &World, admin: &mut Browser, base: u32, sites: &[SiteDraft]) -> Answer {
    let body = json!({ "base": base, "comment": "why not", "sites": sites });
    admin.post(&world.control(), RULES, &body).await
}

async fn preview(world: &World, admin: &mut Browser, sites: &[SiteDraft], html: Option<&str>) -> Answer {
    let mut body = json!({ "sites": sites, "url": world.site.join("/cart").unwrap() });
    if let Some(html) = html {
        body["html"] = json!(html);
    }
    admin.post(&world.control(), "/api/admin/rules/preview", &body).await
}

fn scrub(pattern: &str) -> ScrubDraft {
    let (pattern, replacement) = (Some(pattern.to_owned()), Some("[gone]".to_owned()));
    ScrubDraft { pattern, replacement, ..ScrubDraft::default() }
}

/// What is wrong with rules that were refused.
fn wrong(refused: &Answer) -> Checked {
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    serde_json::from_slice(&refused.body).unwrap()
}

fn places(faults: &[Fault]) -> Vec<&str> {
    faults.iter().map(|fault| fault.place.as_str()).collect()
}

#[tokio::test]
async fn administrators_alone_see_and_change_rules() {
    let world = World::start().await;
    let control = world.control();
    for path in [RULES, "/api/admin/rules/versions", "/api/admin/rules/export"] {
        assert_eq!(world.browser().get(&control, path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        for name in ["Justin", "Sam"] {
            assert_eq!(world.agent(name).await.get(&control, path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(world.agent("Ines").await.get(&control, path).await.status, StatusCode::OK, "{path}");
    }
    let mut sam = world.agent("Sam").await;
    assert_eq!(save(&world, &mut sam, 0, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(preview(&world, &mut sam, &[], None).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn rules_are_checked_saved_compared_and_restored() {
    let world = World::start().await;
    let (control, mut admin) = (world.control(), world.agent("Ines").await);
    let before = current(&world, &mut admin).await;
    assert_eq!((before.version, before.editable, before.sites.len()), (0, true, 1));
    assert!(before.ready.iter().any(|rule| rule.ready == "card"));

    let mut sites = before.sites.clone();
    sites[0].loads.push("https://cdn.example/?x".to_owned());
    sites[0].privacy.scrub.push(scrub("(a"));
    let checked: Checked = admin.post(&control, "/api/admin/rules/check", &json!({ "sites": sites })).await.json();
    assert_eq!(places(&checked.faults), ["0.loads.0", "0.privacy.scrub.0.pattern"]);
    assert_eq!(checked.faults[0].span, Some((20, 22)), "{checked:?}");
    let refused = save(&world, &mut admin, 0, &sites).await;
    assert_eq!(wrong(&refused), checked);

    sites[0].loads[0] = "https://cdn.example".to_owned();
    sites[0].privacy.scrub[0] = scrub("Welcome");
    let mut agent = world.agent("Justin").await;
    world.new_session(&mut agent).await;
    let saved: SavedRules = save(&world, &mut admin, 0, &sites).await.json();
    assert_eq!((saved.version, saved.sessions), (2, 1), "the configuration's are version 1");
    assert_eq!(save(&world, &mut admin, 0, &sites).await.code(), "outdated");
    assert_eq!(current(&world, &mut admin).await.sites, sites);

    let versions: Vec<RulesVersion> = admin.get(&control, "/api/admin/rules/versions").await.json();
    let told: Vec<_> = versions.iter().map(|v| (v.version, v.by.as_str(), v.comment.as_str(), v.removed)).collect();
    assert_eq!(told, [(2, "Ines", "why not", 0), (1, "", "From the configuration file", 0)]);
    let detail: RulesVersionDetail = admin.get(&control, "/api/admin/rules/versions/2").await.json();
    let added: Vec<_> = detail.difference.iter().filter(|line| line.change == DiffChange::Added).collect();
    assert_eq!(added.len(), detail.version.added as usize);
    assert!(added.iter().any(|line| line.text == "loads = [\"https://cdn.example\"]"), "{added:?}");
    assert_eq!(admin.get(&control, "/api/admin/rules/versions/9").await.code(), "no-version");

    let restored = admin.post(&control, "/api/admin/rules/versions/1/restore", &json!({ "base": 2 })).await;
    assert_eq!(restored.json::<SavedRules>().version, 3);
    assert_eq!(current(&world, &mut admin).await.sites, before.sites);

    let world = world.again(true, &[]).await;
    let now = current(&world, &mut world.agent("Ines").await).await;
    assert_eq!((now.version, now.sites), (3, before.sites), "they hold after a restart");
}

#[tokio::test]
async fn what_is_exported_can_be_imported() {
    let world = World::with("[site.privacy]\nprivate = true\n[[site.privacy.scrub]]\nready = 'card'\n").await;
    let (control, mut admin) = (world.control(), world.agent("Ines").await);
    let toml = admin.get(&control, "/api/admin/rules/export").await.text();
    assert!(toml.contains("[[site.privacy.scrub]]\nready = \"card\"\n"), "{toml}");
    let imported: Imported = admin.post(&control, "/api/admin/rules/import", &json!({ "toml": toml })).await.json();
    assert_eq!((imported.sites, imported.faults), (current(&world, &mut admin).await.sites, Vec::new()));
    let misspelt = json!({ "toml": toml.replace("private = true", "privat = true") });
    let imported: Imported = admin.post(&control, "/api/admin/rules/import", &misspelt).await.json();
    let line = toml.lines().position(|line| line == "private = true").unwrap() + 1;
    assert_eq!(imported.faults[0].line, Some(u32::try_from(line).unwrap()), "{imported:?}");
    assert_eq!(imported.faults[0].hint, "did you mean `private`?");
}

#[tokio::test]
async fn a_file_that_holds_cannot_be_overruled() {
    let world = World::with("[rules]\neditable = false\n").await;
    let mut admin = world.agent("Ines").await;
    let rules = current(&world, &mut admin).await;
    assert!(!rules.editable);
    let refused = save(&world, &mut admin, 0, &rules.sites).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::FORBIDDEN, "not-editable".to_owned()));
    assert_eq!(preview(&world, &mut admin, &rules.sites, None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_page_is_previewed_by_rules_that_are_not_saved() {
    let world = World::start().await;
    let mut admin = world.agent("Ines").await;
    let mut sites = current(&world, &mut admin).await.sites;
    sites[0].privacy.scrub = vec![scrub("[Ww]elcome"), scrub("nothing")];
    let shown: Preview = preview(&world, &mut admin, &sites, None).await.json();
    assert_eq!(shown.site.as_deref(), Some("Shop"));
    assert!(shown.visitor.contains("Welcome") && !shown.agent.contains("Welcome"), "{}", shown.agent);
    let mark = shown.marks.iter().find(|mark| mark.element == "p").unwrap();
    assert_eq!(mark.rule, "privacy.scrub.0");
    assert_eq!(shown.notes, ["Scrub rule 2 matches nothing on this page."]);
    assert_eq!(current(&world, &mut admin).await.version, 0, "nothing is saved");

    let pasted = "<p>You are welcome<script>alert(1)</script><img src=https://other.example/x.png onerror=alert(1)>";
    let shown: Preview = preview(&world, &mut admin, &sites, Some(pasted)).await.json();
    assert!(
        shown.agent.contains("[gone]")
            && !shown.visitor.contains("<script")
            && !shown.visitor.contains("other.example")
    );

    sites[0].networks.clear();
    let refused = preview(&world, &mut admin, &sites, None).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, "no-page".to_owned()),
        "a private network"
    );
    sites[0].pages = vec!["https://shop.example".to_owned()];
    sites[0].start = "https://shop.example/".to_owned();
    assert_eq!(preview(&world, &mut admin, &sites, None).await.code(), "no-page", "not on the allowlist");
    sites[0].pages = vec!["shop.example".to_owned()];
    let refused = preview(&world, &mut admin, &sites, None).await;
    assert_eq!(places(&wrong(&refused).faults), ["0.pages.0"]);
}
