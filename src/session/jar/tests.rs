//! The jar by data (`fixtures/jar.toml`) and by properties.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    set: Vec<Set>,
    get: Vec<Get>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    url: Url,
    cookie: String,
    #[serde(default)]
    script: bool,
    initiator: Option<Url>,
    #[serde(default)]
    top_level: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Get {
    url: Url,
    #[serde(default)]
    script: bool,
    initiator: Option<Url>,
    #[serde(default)]
    top_level: bool,
    #[serde(default)]
    unsafe_method: bool,
    sent: String,
}

fn set_cookie(jar: &Jar, url: &Url, cookie: &str, context: Context<'_>) {
    let mut headers = HeaderMap::new();
    headers.insert(SET_COOKIE, HeaderValue::from_bytes(cookie.as_bytes()).unwrap());
    jar.store_response(url, &headers, context);
}

fn header(jar: &Jar, url: &Url, context: Context<'_>) -> String {
    jar.cookie_header(url, context).map(|v| String::from_utf8(v.as_bytes().to_vec()).unwrap()).unwrap_or_default()
}

/// The jar after a restart of the server.
fn after_restart(jar: &Jar) -> Jar {
    let kept = serde_json::to_vec(&jar.kept()).unwrap();
    Jar::restore(serde_json::from_slice(&kept).unwrap(), Mark::default())
}

#[test]
fn cases() {
    #[derive(Deserialize)]
    struct File {
        case: Vec<Case>,
    }
    let file: File = toml::from_str(include_str!("../../../fixtures/jar.toml")).unwrap();
    assert!(file.case.len() >= 20, "only {} cases", file.case.len());
    for case in file.case {
        let jar = Jar::default();
        for set in &case.set {
            if set.script {
                jar.store_script(&set.url, &set.cookie);
            } else {
                let context =
                    Context { initiator: set.initiator.as_ref(), top_level: set.top_level, safe_method: true };
                set_cookie(&jar, &set.url, &set.cookie, context);
            }
        }
        for get in &case.get {
            let context = Context {
                initiator: get.initiator.as_ref(),
                top_level: get.top_level,
                safe_method: !get.unsafe_method,
            };
            for jar in [&jar, &after_restart(&jar)] {
                let sent = if get.script { jar.script_visible(&get.url) } else { header(jar, &get.url, context) };
                assert_eq!(sent, get.sent, "{}: {}", case.name, get.url);
            }
        }
    }
}

#[test]
fn a_jar_is_bounded() {
    let jar = Jar::default();
    let url: Url = "https://shop.example/".parse().unwrap();
    for i in 0..SITE_MAX + 5 {
        set_cookie(&jar, &url, &format!("c{i}=1"), Context::default());
    }
    let sent = header(&jar, &url, Context::default());
    assert_eq!(sent.split("; ").count(), SITE_MAX);
    assert!(sent.starts_with("c5=1; "), "the oldest go first");
    set_cookie(&jar, &url, &format!("big={}", "x".repeat(COOKIE_MAX)), Context::default());
    assert!(!header(&jar, &url, Context::default()).contains("big="));
}

#[test]
fn what_changes_a_jar_is_told() {
    let (changes, sid) = (std::sync::Arc::new(super::super::changes::Changes::default()), crate::origin::Sid::random());
    let jar = Jar::restore(KeptCookies::default(), changes.mark(sid));
    let url: Url = "https://shop.example/".parse().unwrap();
    for (cookie, told) in [
        ("a=1", true),
        ("a=1", false),
        ("a=2", true),
        ("a=2; Secure", true),
        ("b=; Max-Age=0", false),
        ("a=; Max-Age=0", true),
        ("c=1; Domain=other.example", false),
    ] {
        set_cookie(&jar, &url, cookie, Context::default());
        assert_eq!(changes.take().len(), usize::from(told), "{cookie}");
    }
    jar.store_script(&url, "d=1");
    assert_eq!(changes.take().len(), 1);
}

#[test]
fn what_expired_meanwhile_is_not_restored() {
    let jar = Jar::default();
    let url: Url = "https://shop.example/".parse().unwrap();
    set_cookie(&jar, &url, "a=1; Max-Age=1000", Context::default());
    set_cookie(&jar, &url, "b=1; Max-Age=1000", Context::default());
    let mut kept = jar.kept();
    kept.expire_first();
    let jar = Jar::restore(kept, Mark::default());
    assert_eq!(header(&jar, &url, Context::default()), "b=1");
}

#[test]
fn a_wiped_jar_stays_empty() {
    let jar = Jar::default();
    let url: Url = "https://shop.example/".parse().unwrap();
    set_cookie(&jar, &url, "a=1", Context::default());
    jar.wipe();
    set_cookie(&jar, &url, "b=1", Context::default());
    jar.store_script(&url, "c=1");
    assert_eq!(header(&jar, &url, Context::default()), "");
    assert_eq!(jar.script_visible(&url), "");
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("shop.example".to_owned()),
        Just("www.shop.example".to_owned()),
        Just("shop.co.uk".to_owned()),
        Just("other.co.uk".to_owned()),
        Just("a.github.io".to_owned()),
        Just("b.github.io".to_owned()),
        Just("127.0.0.1".to_owned()),
    ]
}

proptest! {
    /// What one session's sites set is never sent by another session, and never to a host outside the cookie's site.
    #[test]
    fn cookies_stay_in_their_session_and_site(
        from in host(), to in host(), domain in proptest::option::of("[a-z.]{0,12}|shop\\.example|co\\.uk|github\\.io|\\.shop\\.co\\.uk"),
        path in "(/[a-z]{0,3}){0,2}", script in any::<bool>(),
    ) {
        let (mine, other) = (Jar::default(), Jar::default());
        let from: Url = format!("https://{from}/a/b").parse().unwrap();
        let to: Url = format!("https://{to}/a/b").parse().unwrap();
        let domain = domain.map(|d| format!("; Domain={d}")).unwrap_or_default();
        let cookie = format!("canary=1; Path={path}{domain}");
        if script { mine.store_script(&from, &cookie) } else { set_cookie(&mine, &from, &cookie, Context::default()) }
        prop_assert_eq!(other.cookie_header(&to, Context::default()), None);
        prop_assert_eq!(other.script_visible(&to), "");
        if mine.cookie_header(&to, Context::default()).is_some() {
            prop_assert!(is_same_site(Some(&from), &to), "{} to {}: {}", from, to, cookie);
        }
    }

    /// Nothing that a site sends makes the jar fail, and what it keeps makes a valid header.
    #[test]
    fn any_text_is_survived(cookie in "\\PC{0,60}", more in "(; ?(Path|Domain|Max-Age|Expires|SameSite|Secure)=?[ -~]{0,10}){0,4}") {
        let jar = Jar::default();
        let url: Url = "https://shop.example/".parse().unwrap();
        set_cookie(&jar, &url, &format!("{cookie}{more}"), Context::default());
        jar.store_script(&url, &format!("{cookie}{more}"));
        if !jar.script_visible(&url).is_empty() {
            prop_assert!(jar.cookie_header(&url, Context::default()).is_some());
        }
        let restored = after_restart(&jar);
        prop_assert_eq!(restored.script_visible(&url), jar.script_visible(&url));
        prop_assert_eq!(restored.cookie_header(&url, Context::default()), jar.cookie_header(&url, Context::default()));
    }
}
