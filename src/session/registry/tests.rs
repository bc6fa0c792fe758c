//! Starting, joining, ending.

use super::*;
use crate::origin::UpstreamOrigin;
use crate::policy::Use;
use crate::protocol::people::AccountRole;
use crate::protocol::people::Role;
use crate::session::Wall;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

fn sessions() -> Arc<Sessions> {
    let sites = "[[site]]\nname = 'Shop'\nstart = 'https://shop.example/'\npages = ['https://shop.example']\n";
    let config = crate::config::Config::parse(sites, "test", []).unwrap();
    let times =
        Times { pin: Duration::from_secs(600), away: Duration::from_secs(900), longest: Duration::from_secs(4 * 3600) };
    Sessions::new(Settings {
        domain: config.view_domain((crate::origin::Scheme::Http, 8080)),
        policy: config.policy(),
        times,
        assets: Bounds { total: 1 << 20, one: 1 << 20 },
        sessions: 3,
        per_agent: 2,
        pepper: Secret::random().unwrap(),
        kept: true,
        trail: crate::session::Trail::default(),
        hosting: crate::session::Hosting::default(),
    })
}

fn agent(account: i64) -> Agent {
    Agent { account, name: format!("Agent {account}"), role: AccountRole::Agent }
}

fn start(sessions: &Arc<Sessions>, account: i64) -> Result<(Arc<Session>, Ways), CreateError> {
    let url = "https://shop.example/cart".parse().unwrap();
    sessions.create(
        agent(account),
        sessions.policy().permit(&url, Use::Page).unwrap(),
        Mode::ViewOnly,
        Priority::Normal,
    )
}

/// Lets the sessions' tasks do what is due.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_pin_leads_to_the_site_and_works_once() {
    let sessions = sessions();
    let (session, ways) = start(&sessions, 1).unwrap();
    assert_eq!(session.state(), SessionState::Waiting);
    let spaced = format!(" {} {} ", &ways.pin.expose()[..3], &ways.pin.expose()[3..]);
    let (joined, cookie) = sessions.join_by_pin(&spaced, HERE).unwrap();
    assert_eq!((joined.id(), &*joined.site(), session.state()), (session.id(), "Shop", SessionState::Asked));
    assert_eq!(sessions.join_by_pin(ways.pin.expose(), HERE).err(), Some(JoinError::WrongPin), "a used PIN");
    assert_eq!(
        sessions.join_by_link(ways.token.expose()).err(),
        Some(JoinError::WrongLink),
        "the PIN used up the link"
    );

    let (_, broken_way) = sessions.allow(cookie.expose(), Mode::ViewOnly).unwrap();
    let (session, ticket) = sessions.allow(cookie.expose(), Mode::ViewOnly).unwrap();
    assert_eq!(session.state(), SessionState::Active);
    assert!(session.redeem(broken_way.expose()).is_none());
    assert!(session.redeem(ticket.expose()).is_some());
    assert!(session.redeem(ticket.expose()).is_none());
    assert_eq!(
        sessions.allow(cookie.expose(), Mode::ViewOnly).err(),
        Some(JoinError::WrongLink),
        "somebody is in already"
    );
    sessions.deny(cookie.expose());
    assert_eq!(session.state(), SessionState::Active, "consent was given; ending is done by End");
}

#[tokio::test(start_paused = true)]
async fn a_link_works_once_and_uses_up_the_pin() {
    let sessions = sessions();
    let (_, ways) = start(&sessions, 1).unwrap();
    assert_eq!(sessions.join_by_link("nonsense").err(), Some(JoinError::WrongLink));
    assert!(sessions.join_by_link(ways.token.expose()).is_ok());
    assert_eq!(sessions.join_by_link(ways.token.expose()).err(), Some(JoinError::WrongLink));
    assert_eq!(sessions.join_by_pin(ways.pin.expose(), HERE).err(), Some(JoinError::WrongPin));
}

#[tokio::test(start_paused = true)]
async fn ways_in_expire_and_then_the_session_does() {
    let sessions = sessions();
    let (session, ways) = start(&sessions, 1).unwrap();
    settle().await;
    tokio::time::advance(Duration::from_secs(600)).await;
    assert_eq!(sessions.join_by_pin(ways.pin.expose(), HERE).err(), Some(JoinError::WrongPin));
    assert_eq!(sessions.join_by_link(ways.token.expose()).err(), Some(JoinError::WrongLink));
    assert_eq!(session.state(), SessionState::Waiting, "the agent may make a new PIN");
    let ways = sessions.renew(&session).unwrap();
    assert!(sessions.join_by_pin(ways.pin.expose(), HERE).is_ok());
    settle().await;
    tokio::time::advance(Duration::from_secs(601)).await;
    settle().await;
    assert_eq!(session.state(), SessionState::Ended { by: EndedBy::Expired }, "the visitor never chose");
}

#[tokio::test(start_paused = true)]
async fn a_new_pin_voids_the_old_ways_and_whoever_was_about_to_join() {
    let sessions = sessions();
    let (session, old) = start(&sessions, 1).unwrap();
    let (_, cookie) = sessions.join_by_link(old.token.expose()).unwrap();
    let new = sessions.renew(&session).unwrap();
    assert_eq!(session.state(), SessionState::Waiting);
    assert!(sessions.joining(cookie.expose()).is_none());
    assert!(sessions.allow(cookie.expose(), Mode::ViewOnly).is_err());
    let (_, cookie) = sessions.join_by_pin(new.pin.expose(), HERE).unwrap();
    sessions.allow(cookie.expose(), Mode::ViewOnly).unwrap();
    assert_eq!(sessions.renew(&session).err(), Some(CreateError::NotWaiting));
}

#[tokio::test(start_paused = true)]
async fn right_and_wrong_guesses_are_paused_alike() {
    let sessions = sessions();
    let (_, ways) = start(&sessions, 1).unwrap();
    let wrong = if ways.pin.expose() == "000000" { "000001" } else { "000000" };
    for _ in 0..10 {
        assert_eq!(sessions.join_by_pin(wrong, HERE).err(), Some(JoinError::WrongPin));
    }
    for pin in [wrong, ways.pin.expose()] {
        assert_eq!(sessions.join_by_pin(pin, HERE).err(), Some(JoinError::Paused(Paused::Source)));
    }
    assert!(sessions.join_by_link(ways.token.expose()).is_ok(), "the link stays open");
}

#[tokio::test(start_paused = true)]
async fn denied_is_the_end() {
    let sessions = sessions();
    let (session, ways) = start(&sessions, 1).unwrap();
    let (_, cookie) = sessions.join_by_pin(ways.pin.expose(), HERE).unwrap();
    sessions.deny(cookie.expose());
    assert_eq!(session.ended().await, EndedBy::Denied);
    assert!(sessions.allow(cookie.expose(), Mode::ViewOnly).is_err());
}

#[tokio::test(start_paused = true)]
async fn the_end_wipes_and_is_remembered_for_a_day() {
    let sessions = sessions();
    let (session, ways) = start(&sessions, 1).unwrap();
    let (_, cookie) = sessions.join_by_pin(ways.pin.expose(), HERE).unwrap();
    let (_, ticket) = sessions.allow(cookie.expose(), Mode::ViewOnly).unwrap();
    let url: Url = "https://shop.example/".parse().unwrap();
    session.jar().store_script(&url, "a=1");
    session.assets().put("key".to_owned(), url.clone(), "image/png", b"x");
    let capability = session.capability(agent(1), 1).unwrap();
    let viewing = session.viewing(capability.expose()).unwrap();

    session.end(EndedBy::Agent);
    session.end(EndedBy::Visitor);
    assert_eq!(session.ended().await, EndedBy::Agent);
    assert_eq!(session.jar().script_visible(&url), "");
    assert!(session.assets().get("key", Duration::ZERO).await.is_none());
    assert!(viewing.revoked.is_cancelled() && session.viewing(capability.expose()).is_none());
    assert!(session.redeem(ticket.expose()).is_none());
    settle().await;
    let Found::Ended(tombstone) = sessions.find(session.id()) else { panic!("not remembered") };
    assert_eq!((tombstone.by, tombstone.agent.as_str()), (EndedBy::Agent, "Agent 1"));
    assert!(sessions.of(&agent(1)).is_empty());
    tokio::time::advance(REMEMBERED).await;
    assert!(matches!(sessions.find(session.id()), Found::Unknown));
}

#[tokio::test(start_paused = true)]
async fn sessions_are_bounded_and_agents_see_their_own() {
    let sessions = sessions();
    let (first, _) = start(&sessions, 1).unwrap();
    start(&sessions, 1).unwrap();
    assert_eq!(start(&sessions, 1).err(), Some(CreateError::TooManyOfAgent));
    start(&sessions, 2).unwrap();
    assert_eq!(start(&sessions, 3).err(), Some(CreateError::TooMany));
    assert_eq!((sessions.of(&agent(1)).len(), sessions.of(&agent(2)).len()), (2, 1));
    first.end(EndedBy::Agent);
    settle().await;
    assert!(start(&sessions, 3).is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_visitor_who_stays_away_ends_it() {
    let sessions = sessions();
    let (session, ways) = start(&sessions, 1).unwrap();
    let (_, cookie) = sessions.join_by_pin(ways.pin.expose(), HERE).unwrap();
    sessions.allow(cookie.expose(), Mode::ViewOnly).unwrap();
    let origin = crate::origin::UpstreamOrigin::of(session.start()).unwrap();
    let page = session.connect(false, origin);
    settle().await;
    tokio::time::advance(Duration::from_secs(3600)).await;
    settle().await;
    assert_eq!(session.state(), SessionState::Active);
    drop(page);
    settle().await;
    tokio::time::advance(Duration::from_secs(901)).await;
    settle().await;
    assert_eq!(session.state(), SessionState::Ended { by: EndedBy::Expired });
}

/// The registry of the next process, with what the one before kept of a session.
fn after_restart(before: &Arc<Sessions>, session: &Session) -> (Arc<Sessions>, bool) {
    let Remains::Running(kept) = before.remains(session.id()) else { panic!("it runs") };
    let kept = serde_json::from_slice(&serde_json::to_vec(&kept).unwrap()).unwrap();
    let mut after = sessions();
    Arc::get_mut(&mut after).unwrap().pepper = before.pepper.clone();
    let goes_on = after.restore(kept);
    (after, goes_on)
}

fn live(sessions: &Sessions, sid: &Sid) -> Arc<Session> {
    match sessions.find(sid) {
        Found::Live(session) => session,
        _ => panic!("it runs"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_goes_on_after_a_restart_wherever_it_stood() {
    let before = sessions();
    let (session, ways) = start(&before, 1).unwrap();
    assert_eq!(before.changes().take(), [session.id().clone()]);
    let url = "https://shop.example/cart".parse().unwrap();

    let (after, goes_on) = after_restart(&before, &session);
    assert!(goes_on);
    let (waiting, join) = after.join_by_pin(ways.pin.expose(), HERE).unwrap();
    assert_eq!(waiting.asset_key(&url), session.asset_key(&url), "agents' pages name assets by the same keys");

    let (after, _) = after_restart(&after, &waiting);
    let asked = live(&after, session.id());
    assert_eq!((asked.state(), asked.role_of(&agent(1))), (SessionState::Asked, Some(Role::Agent)));
    assert_eq!(after.join_by_pin(ways.pin.expose(), HERE).err(), Some(JoinError::WrongPin), "it is used up");
    let (_, ticket) = after.allow(join.expose(), Mode::ViewOnly).unwrap();

    let (after, _) = after_restart(&after, &asked);
    let active = live(&after, session.id());
    assert_eq!((active.state(), active.status().borrow().visitor), (SessionState::Active, Presence::None));
    let cookie = active.redeem(ticket.expose()).unwrap();
    let capability = active.capability(agent(1), 1).unwrap();
    active.jar().store_script(&url, "planted=1");
    let hashed = UpstreamOrigin::of(&"https://under_score.example".parse().unwrap()).unwrap();
    active.register_hashed(&hashed);

    let (after, _) = after_restart(&after, &active);
    let again = live(&after, session.id());
    assert_eq!(again.status().borrow().visitor, Presence::Away);
    let mut headers = http::HeaderMap::new();
    let shown = format!("{}={}", super::super::ticket::cookie_name(session.id()), cookie.expose());
    headers.insert(http::header::COOKIE, shown.parse().unwrap());
    assert!(again.visitor(&headers, HERE).is_some());
    assert_eq!(again.viewing(capability.expose()).unwrap().agent, agent(1));
    assert_eq!(again.jar().script_visible(&url), "planted=1");
    assert_eq!(again.hashed(&hashed.encode()), Some(hashed));

    again.end(EndedBy::Visitor);
    settle().await;
    let Remains::Ended(tombstone) = after.remains(session.id()) else { panic!("it has ended") };
    let told = serde_json::to_string(&tombstone).unwrap();
    let next = sessions();
    next.remember(session.id().clone(), serde_json::from_str(&told).unwrap(), Duration::from_secs(60));
    assert!(matches!(next.find(session.id()), Found::Ended(Tombstone { by: EndedBy::Visitor, .. })));
    next.remember(Sid::random(), tombstone, REMEMBERED);
    assert_eq!(next.table().tombstones.len(), 1, "a day later nothing is known of it");
}

#[tokio::test(start_paused = true)]
async fn what_is_over_by_the_wall_clock_does_not_go_on() {
    let before = sessions();
    let (session, _) = start(&before, 1).unwrap();
    let Remains::Running(kept) = before.remains(session.id()) else { panic!("it runs") };
    let json = serde_json::to_value(&kept).unwrap();
    let ago =
        |seconds: i64| serde_json::json!(serde_json::to_value(Wall::now()).unwrap().as_i64().unwrap() - seconds * 1000);
    let goes_on = |changes: &[(&str, serde_json::Value)]| {
        let mut json = json.clone();
        for (name, value) in changes {
            json[name] = value.clone();
        }
        sessions().restore(serde_json::from_value(json).unwrap())
    };
    let active = ("state", serde_json::json!({ "state": "active" }));
    assert!(goes_on(&[]));
    assert!(!goes_on(&[("gives_up", ago(1))]), "nobody joined in time");
    assert!(goes_on(&[active.clone(), ("gives_up", ago(1)), ("away_since", ago(890))]));
    assert!(!goes_on(&[active.clone(), ("away_since", ago(901))]), "the visitor stayed away");
    assert!(goes_on(&[active.clone(), ("created", ago(4 * 3600 - 60))]));
    assert!(!goes_on(&[active.clone(), ("created", ago(4 * 3600 + 1))]), "the longest duration is reached");
    let shared = sessions();
    let mut kept = json.clone();
    kept["mode"] = serde_json::json!("shared");
    assert!(shared.restore(serde_json::from_value(kept.clone()).unwrap()));
    assert_eq!(live(&shared, session.id()).mode(), Mode::Shared);
    let elsewhere = sessions();
    kept["start"] = serde_json::json!("https://elsewhere.example/");
    assert!(
        elsewhere.restore(serde_json::from_value(kept).unwrap()),
        "its site is gone: it goes on by the strictest rules"
    );
    let session = live(&elsewhere, session.id());
    assert_eq!((session.mode(), &*session.rules()), (Mode::ViewOnly, &crate::policy::strictest()));
}
