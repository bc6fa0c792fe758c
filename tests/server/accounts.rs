//! Accounts over real sockets: who may do what, wrong passwords, sign-ins, and what takes effect at once.

use std::net::{IpAddr, Ipv4Addr};

use alongside::protocol::admin::{AccountInfo, SignInInfo};
use alongside::protocol::agent::{ToConsole, ToViewer};
use alongside::protocol::people::{AccountRole, Mode};
use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{Answer, Browser, PASSWORD, World};
use crate::together::{Console, Together, View};

async fn call(browser: &mut Browser, world: &World, method: &Method, path: &str, body: &Value) -> Answer {
    let control = world.control();
    let origin = format!("http://{control}");
    let headers = [("origin", origin.as_str()), ("content-type", "application/json")];
    browser.send(method.clone(), &control, path, &headers, Bytes::from(body.to_string())).await
}

async fn sign_in(browser: &mut Browser, world: &World, name: &str, password: &str) -> Answer {
    browser.post(&world.control(), "/api/sign-in", &json!({ "name": name, "password": password })).await
}

async fn accounts(admin: &mut Browser, world: &World) -> Vec<AccountInfo> {
    admin.get(&world.control(), "/api/admin/accounts").await.json()
}

async fn id(admin: &mut Browser, world: &World, name: &str) -> i64 {
    accounts(admin, world).await.into_iter().find(|account| account.name == name).unwrap().id
}

#[tokio::test]
async fn who_may_do_what() {
    let world = World::start().await;
    let mut admin = world.agent("Ines").await;
    let eve = id(&mut admin, &world, "Eve").await;
    let at = |what: &str| format!("/api/admin/accounts/{eve}{what}");
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let added = json!({ "name": "New", "password": PASSWORD, "role": "agent" });
    let calls = [
        (&get, "/api/admin/accounts".to_owned(), json!({}), StatusCode::OK, true),
        (&post, "/api/admin/accounts".to_owned(), added.clone(), StatusCode::OK, true),
        (&post, "/api/admin/accounts".to_owned(), added, StatusCode::CONFLICT, true),
        (&post, at(""), json!({ "role": "supervisor" }), StatusCode::OK, true),
        (&post, at(""), json!({ "password": "short" }), StatusCode::UNPROCESSABLE_ENTITY, true),
        (&post, at(""), json!({ "password": PASSWORD }), StatusCode::OK, true),
        (&post, at("/sign-out"), json!({}), StatusCode::NO_CONTENT, true),
        (&post, at("/unlock"), json!({}), StatusCode::NO_CONTENT, true),
        (&delete, at(""), json!({}), StatusCode::NO_CONTENT, true),
        (&delete, at(""), json!({}), StatusCode::NOT_FOUND, true),
        (&get, "/api/admin/audit".to_owned(), json!({}), StatusCode::OK, true),
        (&get, "/api/admin/audit/export".to_owned(), json!({}), StatusCode::OK, true),
        (&get, "/api/account/sign-ins".to_owned(), json!({}), StatusCode::OK, false),
        (&delete, "/api/account/sign-ins/0".to_owned(), json!({}), StatusCode::NOT_FOUND, false),
        (
            &post,
            "/api/account/password".to_owned(),
            json!({ "old": PASSWORD, "new": PASSWORD }),
            StatusCode::NO_CONTENT,
            false,
        ),
    ];
    let (mut nobody, mut agent, mut supervisor) =
        (world.browser(), world.agent("Justin").await, world.agent("Sam").await);
    for (method, path, body, status, admins_only) in calls {
        let answer = call(&mut nobody, &world, method, &path, &body).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "signed-out"), "{path}");
        for browser in [&mut agent, &mut supervisor] {
            let answer = call(browser, &world, method, &path, &body).await;
            let refused = (answer.status == StatusCode::FORBIDDEN) && answer.code() == "not-allowed";
            assert_eq!(refused, admins_only, "{path}: {}", answer.status);
        }
        let answer = call(&mut admin, &world, method, &path, &body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        for site in ["same-site", "cross-site"] {
            let headers = [("sec-fetch-site", site)];
            let strange = admin.clone().send(method.clone(), &world.control(), &path, &headers, Bytes::new()).await;
            assert_eq!(strange.code(), "cross-site", "{method} {path}");
        }
        if *method != get {
            let strange = nobody.clone().send(method.clone(), &world.control(), &path, &[], Bytes::new()).await;
            assert_eq!(strange.code(), "cross-site");
        }
    }
    let own = id(&mut admin, &world, "Ines").await;
    for (method, body) in [(&post, json!({ "role": "agent" })), (&delete, json!({}))] {
        let answer = call(&mut admin, &world, method, &format!("/api/admin/accounts/{own}"), &body).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::CONFLICT, "last-administrator"));
    }
    let all = accounts(&mut admin, &world).await;
    assert_eq!(all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Ada", "Ines", "Justin", "New", "Sam"]);
    assert_eq!(all.iter().filter(|one| one.own).map(|one| one.id).collect::<Vec<_>>(), [own]);
    assert_eq!((all[1].role, all[1].sign_ins, all[0].seen), (AccountRole::Admin, 1, None));
}

/// A browser at an address of its own.
fn from(world: &World, last: u8) -> Browser {
    world.browser().from(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)))
}

#[tokio::test]
async fn nobody_is_locked_out_of_a_browser_of_theirs() {
    let world = World::start().await;
    let (mut known, mut admin) = (world.agent("Justin").await, world.agent("Ines").await);
    for name in ["Justin", "Nobody"] {
        for attempt in 0..10 {
            // From as many addresses, which their own bound does not stop.
            let mut stranger = from(&world, 10 + attempt);
            let answer = sign_in(&mut stranger, &world, name, "a wrong password").await;
            assert_eq!(answer.code(), "wrong-password", "{name}, {attempt}");
        }
        let answer = sign_in(&mut from(&world, 50), &world, name, PASSWORD).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "locked"), "{name}");
        let seconds: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((800..=900).contains(&seconds), "{seconds}");
    }
    let justin = accounts(&mut admin, &world).await.into_iter().find(|account| account.name == "Justin").unwrap();
    assert!(justin.locked_until.is_some());
    assert_eq!(sign_in(&mut known, &world, "Justin", PASSWORD).await.status, StatusCode::OK, "a browser that it knows");
    let other = sign_in(&mut known.clone(), &world, "Ada", PASSWORD).await;
    assert_eq!(other.status, StatusCode::OK, "another account");

    let world = world.again(true, &[]).await;
    assert_eq!(sign_in(&mut from(&world, 51), &world, "Justin", PASSWORD).await.code(), "locked", "after a restart");
    for _ in 0..10 {
        assert_eq!(sign_in(&mut known, &world, "Justin", "a wrong password").await.code(), "wrong-password");
    }
    assert_eq!(sign_in(&mut known, &world, "Justin", PASSWORD).await.code(), "locked", "it has a count, too");
    let path = format!("/api/admin/accounts/{}/unlock", justin.id);
    assert_eq!(admin.post(&world.control(), &path, &()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(sign_in(&mut from(&world, 52), &world, "Justin", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn where_one_is_signed_in() {
    let world = World::start().await;
    let control = world.control();
    let mut here = world.agent("Justin").await;
    let mut there = world.browser();
    let body = Bytes::from(json!({ "name": "Justin", "password": PASSWORD }).to_string());
    let origin = format!("http://{control}");
    let headers = [
        ("origin", origin.as_str()),
        ("content-type", "application/json"),
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
    ];
    assert_eq!(there.send(Method::POST, &control, "/api/sign-in", &headers, body).await.status, StatusCode::OK);
    let all: Vec<SignInInfo> = here.get(&control, "/api/account/sign-ins").await.json();
    let told: Vec<_> = all.iter().map(|one| (one.device.as_str(), one.address.as_str(), one.current)).collect();
    assert_eq!(told, [("Firefox on Linux", "127.0.0.1", false), ("An unknown browser", "127.0.0.1", true)]);

    let path = format!("/api/account/sign-ins/{}", all[0].id);
    let mut other = world.agent("Ada").await;
    assert_eq!(call(&mut other, &world, &Method::DELETE, &path, &json!({})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(there.get(&control, "/api/me").await.status, StatusCode::OK);
    assert_eq!(call(&mut here, &world, &Method::DELETE, &path, &json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(there.get(&control, "/api/me").await.status, StatusCode::UNAUTHORIZED);

    let mut there = world.agent("Justin").await;
    let wrong = json!({ "old": "not the password", "new": "another password" });
    assert_eq!(here.post(&control, "/api/account/password", &wrong).await.status, StatusCode::FORBIDDEN);
    let change = json!({ "old": PASSWORD, "new": "another password" });
    assert_eq!(here.post(&control, "/api/account/password", &change).await.status, StatusCode::NO_CONTENT);
    assert_eq!(there.get(&control, "/api/me").await.status, StatusCode::UNAUTHORIZED, "all others end");
    assert_eq!(here.get(&control, "/api/me").await.status, StatusCode::OK);
    assert_eq!(sign_in(&mut there, &world, "Justin", PASSWORD).await.code(), "wrong-password");
    assert_eq!(sign_in(&mut there, &world, "Justin", "another password").await.status, StatusCode::OK);
    assert_eq!(here.post(&control, "/api/account/sign-out-everywhere", &()).await.status, StatusCode::NO_CONTENT);
    for browser in [&mut here, &mut there] {
        assert_eq!(browser.get(&control, "/api/me").await.status, StatusCode::UNAUTHORIZED);
    }
}

/// How an account is cut off, by whom, as a call.
type Cut = (&'static str, Method, &'static str, Value);

#[tokio::test]
async fn what_changes_takes_effect_at_once() {
    let cuts: [Cut; 4] = [
        ("role", Method::POST, "", json!({ "role": "agent" })),
        ("password", Method::POST, "", json!({ "password": "another password" })),
        ("sign-out", Method::POST, "/sign-out", json!({})),
        ("remove", Method::DELETE, "", json!({})),
    ];
    for (name, method, path, body) in cuts {
        let world = World::start().await;
        let mut together = Together::new(&world, Mode::ViewOnly).await;
        let mut sam = world.agent("Sam").await;
        let mut console = Console::open(&world, &sam, &together.session).await.unwrap();
        let (host, view) = world.view(&mut sam, &together.session).await;
        let mut watching = View::open(&world, &mut sam, &together.session).await;
        assert_eq!(sam.get(&host, &view).await.status, StatusCode::OK);
        let mut admin = world.agent("Ines").await;
        let at = format!("/api/admin/accounts/{}{path}", id(&mut admin, &world, "Sam").await);
        let before = tokio::time::Instant::now();
        assert!(call(&mut admin, &world, &method, &at, &body).await.status.is_success(), "{name}");
        while console.socket.hear::<ToConsole>().await.is_some() {}
        while watching.socket.hear::<ToViewer>().await.is_some() {}
        assert!(before.elapsed().as_secs() < 5, "{name}: not only when it is looked again");
        assert_eq!(sam.get(&host, &view).await.status, StatusCode::NOT_FOUND, "{name}: the capability is void");
        // Others do not notice.
        together.page.load(8, "Again").await;
        together.view.until(|message| matches!(message, ToViewer::Events { .. })).await;
    }
}
