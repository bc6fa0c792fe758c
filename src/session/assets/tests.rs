//! Waits, bounds, redirects, and what was asked for in vain.

use super::*;

const WAIT: Duration = Duration::from_secs(20);

fn assets(total: usize, one: usize) -> Arc<Assets> {
    Arc::new(Assets::new(Bounds { total, one }))
}

fn url() -> Url {
    "https://cdn.example/a.png".parse().unwrap()
}

fn put(assets: &Arc<Assets>, key: &str, body: &[u8]) {
    assets.put(key.to_owned(), url(), "image/png", body);
}

async fn body(assets: &Assets, key: &str) -> Option<Bytes> {
    assets.get(key, Duration::ZERO).await.map(|asset| asset.body)
}

#[tokio::test(start_paused = true)]
async fn a_view_waits_for_a_load_and_gets_it_whole() {
    let assets = assets(100, 100);
    let mut loading = assets.begin("a".to_owned(), url());
    let waiting = tokio::spawn({
        let assets = Arc::clone(&assets);
        async move { assets.get("a", WAIT).await }
    });
    tokio::time::sleep(Duration::from_secs(10)).await;
    loading.push(b"on");
    loading.push(b"e");
    assert!(!waiting.is_finished());
    loading.finish("image/png");
    let asset = waiting.await.unwrap().unwrap();
    assert_eq!((&asset.body[..], asset.content_type.as_str()), (&b"one"[..], "image/png"));
}

#[tokio::test(start_paused = true)]
async fn a_failed_load_ends_the_wait() {
    let assets = assets(100, 100);
    let loading = assets.begin("a".to_owned(), url());
    let start = tokio::time::Instant::now();
    let (found, ()) = tokio::join!(assets.get("a", WAIT), async { drop(loading) });
    assert!(found.is_none());
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn waits_end() {
    let assets = assets(100, 100);
    let start = tokio::time::Instant::now();
    assert!(assets.get("never", WAIT).await.is_none());
    assert_eq!(start.elapsed(), UNASKED);
    let _loading = assets.begin("slow".to_owned(), url());
    assert!(assets.get("slow", WAIT).await.is_none());
    assert_eq!(start.elapsed(), UNASKED + WAIT);
}

#[tokio::test]
async fn a_reload_that_fails_leaves_the_copy() {
    let assets = assets(100, 100);
    put(&assets, "a", b"one");
    let again = assets.begin("a".to_owned(), url());
    assert_eq!(body(&assets, "a").await.as_deref(), Some(&b"one"[..]));
    drop(again);
    assert_eq!(body(&assets, "a").await.as_deref(), Some(&b"one"[..]));
    put(&assets, "a", b"two");
    assert_eq!(body(&assets, "a").await.as_deref(), Some(&b"two"[..]));
    assert_eq!(assets.lock().bytes, 3);
}

#[tokio::test]
async fn equal_contents_are_kept_once_and_the_oldest_go_first() {
    let assets = assets(10, 10);
    for key in ["a", "b", "c"] {
        put(&assets, key, b"same!");
    }
    assert_eq!(assets.lock().bytes, 5);
    put(&assets, "d", b"other");
    assert!(body(&assets, "a").await.is_some());
    put(&assets, "e", b"third");
    assert!(body(&assets, "a").await.is_some() && body(&assets, "e").await.is_some());
    assert!(body(&assets, "b").await.is_none() && body(&assets, "d").await.is_none(), "not used since");
    assert_eq!(assets.lock().bytes, 10);
}

#[tokio::test]
async fn too_large_is_not_kept() {
    let assets = assets(10, 4);
    put(&assets, "a", b"12345");
    assert!(body(&assets, "a").await.is_none());
    assert_eq!(assets.lock().bytes, 0);
}

#[tokio::test]
async fn redirects_lead_to_the_copy_and_circles_end() {
    let assets = assets(100, 100);
    let redirect = |from: &str, to: &str| assets.redirect(from.to_owned(), to.to_owned());
    redirect("a", "b");
    redirect("b", "c");
    put(&assets, "c", b"three");
    assert_eq!(body(&assets, "a").await.unwrap(), "three");
    put(&assets, "a", b"one");
    assert_eq!(body(&assets, "a").await.unwrap(), "one", "it does not redirect any more");
    redirect("x", "y");
    redirect("y", "x");
    assert!(body(&assets, "x").await.is_none());
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_for_in_vain_is_told_once_when_its_load_is_over() {
    let assets = assets(100, 100);
    for key in ["late", "moved", "broken", "known"] {
        assert!(matches!(assets.wanted(key, WAIT).await, Answer::Pending), "{key}");
    }
    put(&assets, "other", b"other");
    assert!(tokio::time::timeout(WAIT, assets.arrived()).await.is_err());
    let (mut arrived, ()) = tokio::join!(assets.arrived(), async {
        assets.redirect("moved".to_owned(), "late".to_owned());
        drop(assets.begin("broken".to_owned(), url()));
        put(&assets, "late", b"late");
    });
    arrived.sort();
    assert_eq!(arrived, ["broken", "late", "moved"]);
    assert!(matches!(assets.wanted("moved", WAIT).await, Answer::Ready(asset) if asset.body == "late"));
    assert!(matches!(assets.wanted("broken", WAIT).await, Answer::Failed));
    assets.redirect("known".to_owned(), "late".to_owned());
    assert_eq!(assets.arrived().await, ["known"]);
    put(&assets, "late", b"again");
    assert!(tokio::time::timeout(WAIT, assets.arrived()).await.is_err());
}

#[tokio::test]
async fn failed_loads_leave_little() {
    let assets = assets(100, 100);
    for i in 0..3 * SLOTS {
        drop(assets.begin(format!("{i}"), url()));
    }
    put(&assets, "a", b"one");
    assert!(assets.lock().slots.len() <= SLOTS);
    assert_eq!(body(&assets, "a").await.unwrap(), "one");
}

#[tokio::test]
async fn wiped_is_wiped() {
    let assets = assets(10, 10);
    put(&assets, "a", b"one");
    let mut late = assets.begin("b".to_owned(), url());
    late.push(b"tw");
    assets.wipe();
    late.push(b"o");
    late.finish("image/png");
    put(&assets, "c", b"three");
    for key in ["a", "b", "c"] {
        assert!(body(&assets, key).await.is_none(), "{key}");
    }
    assert!(assets.lock().slots.is_empty());
    assert_eq!(assets.lock().bytes, 0);
}
