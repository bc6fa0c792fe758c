//! A visitor asks for help, an agent enters the code, over real sockets.

use alongside::protocol::agent::SessionState;
use alongside::protocol::api::{Admitted, HelpState, JoinOffer, SessionInfo};
use alongside::protocol::people::Mode;
use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::json;

use crate::client::{Answer, Browser, World};

async fn ask(world: &World, visitor: &mut Browser, url: &str) -> Answer {
    visitor.post(&world.control(), "/api/help", &json!({ "url": url })).await
}

/// The code of a visitor who asks for help on the site.
async fn code(world: &World, visitor: &mut Browser) -> String {
    match ask(world, visitor, world.site.as_str()).await.json() {
        HelpState::Waiting { code, expires_in: 600, site } if site == "Shop" => code,
        _ => panic!("a visitor who asked waits"),
    }
}

async fn take(world: &World, agent: &mut Browser, code: &str) -> Answer {
    agent.post(&world.control(), "/api/help/take", &json!({ "code": code, "mode": "shared" })).await
}

async fn leave(world: &World, visitor: &mut Browser) -> StatusCode {
    let (control, origin) = (world.control(), format!("http://{}", world.control()));
    visitor.send(Method::DELETE, &control, "/api/help", &[("origin", &origin)], Bytes::new()).await.status
}

#[tokio::test]
async fn an_agent_takes_it_and_the_visitor_chooses() {
    let world = World::start().await;
    let (mut agent, mut visitor) = (world.agent("Justin").await, world.browser());
    let control = world.control();
    assert_eq!(visitor.get(&control, "/api/help").await.code(), "not-joining", "nobody asked yet");
    let code = code(&world, &mut visitor).await;
    assert!(
        matches!(visitor.get(&control, "/api/help").await.json(), HelpState::Waiting { code: again, .. } if again == code)
    );
    assert_eq!(visitor.get(&control, "/api/join").await.code(), "not-joining", "there is nothing to allow yet");

    assert_eq!(take(&world, &mut world.browser(), &code).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(take(&world, &mut agent, "0000 0000").await.code(), "wrong-code");
    let spaced = format!("{} {}", &code[..4], &code[4..]);
    let session: SessionInfo = take(&world, &mut agent, &spaced).await.json();
    assert_eq!(
        (session.state, session.mode, session.url.as_str()),
        (SessionState::Asked, Mode::Shared, world.site.as_str())
    );
    assert_eq!(take(&world, &mut world.agent("Ada").await, &code).await.code(), "wrong-code", "it is taken once");

    assert!(matches!(visitor.get(&control, "/api/help").await.json(), HelpState::Taken));
    let offer: JoinOffer = visitor.get(&control, "/api/join").await.json();
    assert_eq!((offer.agent.as_str(), offer.mode), ("Justin", Mode::Shared));
    let admitted: Admitted = visitor.post(&control, "/api/join/allow", &json!({ "mode": "shared" })).await.json();
    assert!(admitted.url.contains("/.alongside/enter?ticket="));
    let path = format!("/api/sessions/{}", session.id);
    assert_eq!(agent.get(&control, &path).await.json::<SessionInfo>().state, SessionState::Active);
}

#[tokio::test]
async fn who_leaves_is_not_taken() {
    let world = World::start().await;
    let (mut agent, mut visitor) = (world.agent("Justin").await, world.browser());
    let left = code(&world, &mut visitor).await;
    assert_eq!(leave(&world, &mut visitor.clone()).await, StatusCode::NO_CONTENT);
    assert_eq!(take(&world, &mut agent, &left).await.code(), "wrong-code");
    assert!(matches!(visitor.get(&world.control(), "/api/help").await.json(), HelpState::Expired));

    let replaced = code(&world, &mut visitor).await;
    let newer = code(&world, &mut visitor).await;
    assert_eq!(take(&world, &mut agent, &replaced).await.code(), "wrong-code", "whoever asks anew has one code");
    let session: SessionInfo = take(&world, &mut agent, &newer).await.json();
    assert_eq!(leave(&world, &mut visitor).await, StatusCode::NO_CONTENT);
    let path = format!("/api/sessions/{}", session.id);
    let left = agent.get(&world.control(), &path).await;
    assert_eq!((left.status, left.code().as_str()), (StatusCode::GONE, "ended"));
}

#[tokio::test]
async fn not_for_every_page_and_not_without_end() {
    let world = World::start().await;
    let mut visitor = world.browser();
    for elsewhere in ["https://elsewhere.example/", "javascript:alert(1)", "no address"] {
        let answer = ask(&world, &mut visitor, elsewhere).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "not-allowed"));
    }
    for _ in 0..5 {
        code(&world, &mut world.browser()).await;
    }
    let flood = ask(&world, &mut visitor, world.site.as_str()).await;
    assert_eq!((flood.status, flood.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too-many-requests"));
    let mut agent = world.agent("Justin").await;
    for _ in 0..10 {
        assert_eq!(take(&world, &mut agent, "00000000").await.code(), "wrong-code");
    }
    assert_eq!(take(&world, &mut agent, "00000000").await.code(), "paused");
    let foreign = [("origin", "https://shop.example"), ("content-type", "application/json")];
    let body = Bytes::from(json!({ "url": world.site }).to_string());
    let answer = visitor.send(Method::POST, &world.control(), "/api/help", &foreign, body).await;
    assert_eq!(answer.code(), "cross-site");
}

#[tokio::test]
async fn an_agent_with_too_many_sessions_leaves_it_to_others() {
    let world = World::start().await;
    let (mut agent, mut visitor) = (world.agent("Justin").await, world.browser());
    for _ in 0..20 {
        world.new_session(&mut agent).await;
    }
    let code = code(&world, &mut visitor).await;
    assert_eq!(take(&world, &mut agent, &code).await.code(), "too-many-of-agent");
    assert!(take(&world, &mut world.agent("Ada").await, &code).await.status.is_success());
}
