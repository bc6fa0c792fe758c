//! The page sees the visitor's device.

use alongside::image::TabEvent;
use alongside::protocol::image::Device;
use serde_json::Value;

use crate::support::{Run, Site, desktop, until};

const PAGES: &[(&str, &str)] = &[(
    "/device",
    "<!doctype html><meta name=viewport content='width=device-width'><title>Device</title><body><script>\
     const is=q=>matchMedia(q).matches;const tell=()=>fetch('/tell',{method:'POST',body:JSON.stringify({width:innerWidth,height:innerHeight,\
     density:devicePixelRatio,fingers:navigator.maxTouchPoints,touch:'ontouchstart' in window,coarse:is('(pointer:coarse)'),dark:is('(prefers-color-scheme:dark)'),\
     still:is('(prefers-reduced-motion:reduce)'),languages:navigator.languages,zone:Intl.DateTimeFormat().resolvedOptions().timeZone,\
     locale:(1.5).toLocaleString(),turn:screen.orientation.type,agent:navigator.userAgent,screen:screen.width,mobile:navigator.userAgentData?.mobile})});\
     tell();onresize=tell;</script>",
)];

fn phone() -> Device {
    Device {
        width: 390,
        height: 844,
        density: 3.0,
        touch: true,
        mobile: true,
        landscape: false,
        dark: true,
        still: true,
        languages: vec!["de-DE".to_owned(), "en".to_owned()],
        time_zone: "Asia/Tokyo".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_sees_the_visitors_phone() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let mut open = site.open("/device");
    open.device = phone();
    let tab = run.pool.open(open).await.unwrap();
    let told: Value = serde_json::from_str(&site.tells(|told| told.contains("390")).await).unwrap();
    for (name, value) in [
        ("height", "844"),
        ("density", "3"),
        ("fingers", "5"),
        ("touch", "true"),
        ("coarse", "true"),
        ("dark", "true"),
        ("still", "true"),
        ("languages", r#"["de-DE","en"]"#),
        ("zone", r#""Asia/Tokyo""#),
        ("locale", r#""1,5""#),
        ("turn", r#""portrait-primary""#),
        ("screen", "390"),
    ] {
        assert_eq!(told[name].to_string(), value, "{name}");
    }
    assert!(told["agent"].as_str().unwrap().contains("Mobile Safari"), "{told}");
    let head = site.head("/device");
    assert!(head["user-agent"].contains("Mobile Safari") && head["accept-language"].starts_with("de-DE"), "{head:?}");
    let sized = |event| {
        matches!(event, TabEvent::Frame(shot) if (shot.width, shot.height, shot.viewport) == (1170, 2532, (390.0, 844.0))).then_some(())
    };
    until(&tab, sized).await;

    tab.device(&Device { width: 844, height: 390, landscape: true, ..phone() }).await.unwrap();
    let told: Value = serde_json::from_str(&site.tells(|told| told.contains("landscape")).await).unwrap();
    assert_eq!((told["width"].as_u64(), told["turn"].as_str()), (Some(844), Some("landscape-primary")));
    until(&tab, |event| {
        matches!(event, TabEvent::Frame(shot) if (shot.width, shot.height) == (2532, 1170)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_sees_the_visitors_desktop() {
    let (run, site) = (Run::start().await, Site::start(PAGES).await);
    let mut open = site.open("/device");
    open.device = Device { density: 1.5, ..desktop() };
    let tab = run.pool.open(open).await.unwrap();
    let told: Value = serde_json::from_str(&site.tells(|told| told.contains("800")).await).unwrap();
    assert_eq!(
        (told["density"].as_f64(), told["fingers"].as_u64(), told["touch"].as_bool()),
        (Some(1.5), Some(0), Some(false))
    );
    assert!(!told["agent"].as_str().unwrap().contains("Headless"), "{told}");
    until(&tab, |event| {
        matches!(event, TabEvent::Frame(shot) if (shot.width, shot.height) == (1200, 900)).then_some(())
    })
    .await;
    let still = tab.still(false).await.unwrap();
    assert_eq!(&still.png[1..4], b"PNG");
    assert_eq!(u32::from_be_bytes(still.png[16..20].try_into().unwrap()), 1200);
    assert!(still.from <= still.to && still.scale == 1.5);
}
