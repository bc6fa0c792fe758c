//! What keeps a pool going: a browser that died is started anew, contexts wait to be used, and no page takes more memory than it may.

use std::fs;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use headless_chrome::protocol::cdp::SystemInfo;
use rustix::process::{Pid, Signal};
use serde_json::json;
use tokio::time::sleep;

use super::{Pool, Spare, lock};
use crate::image::chrome::Chrome;
use crate::image::tab::core::Core;

/// Pauses before a browser is started again that died soon after its start, one after the other.
const PAUSES: [Duration; 6] = [
    Duration::ZERO,
    Duration::ZERO,
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
];
/// A browser that ran for so long was a good one.
const GOOD: Duration = Duration::from_secs(10);
/// How often memory is looked at.
const LOOK: Duration = Duration::from_secs(2);

/// Starts a browser whenever there is none.
pub(super) async fn alive(pool: Weak<Pool>) {
    let mut fast = 0;
    loop {
        let Some(chrome) = pool.upgrade().and_then(|pool| pool.browser.borrow().clone()) else { return };
        let since = Instant::now();
        let memory = pool.upgrade().map_or(u64::MAX, |pool| pool.options.memory);
        tokio::select! {
            () = chrome.pipe.gone().cancelled() => {}
            () = bound(&chrome, memory) => {}
        }
        drop(chrome);
        fast = if since.elapsed() > GOOD { 0 } else { fast + 1 };
        tracing::warn!("Chrome is gone; it is started anew");
        loop {
            let pause = PAUSES[fast.min(PAUSES.len() - 1)];
            sleep(pause).await;
            let Some(pool) = pool.upgrade() else { return };
            pool.browser.send_replace(None);
            lock(&pool.spares).clear();
            match Chrome::start(&pool.options, &pool.program).await {
                Ok(chrome) => {
                    pool.browser.send_replace(Some(Arc::new(chrome)));
                    pool.refill.notify_one();
                    break;
                }
                Err(error) => {
                    tracing::error!(%error, "Chrome cannot be started");
                    fast += 1;
                }
            }
        }
    }
}

/// Keeps contexts ready: looks whenever one was taken, or a browser was started.
pub(super) async fn spares(pool: Weak<Pool>) {
    let Some(refill) = pool.upgrade().map(|pool| Arc::clone(&pool.refill)) else { return };
    while let Some(now) = pool.upgrade() {
        let chrome = now.browser.borrow().clone();
        while let Some(chrome) = &chrome
            && lock(&now.spares).len() < now.options.spare.min(now.places.available_permits())
            && let Ok(core) = Core::new(chrome).await
        {
            lock(&now.spares).push(Spare(Some(core)));
        }
        drop((chrome, now));
        refill.notified().await;
    }
}

/// Ends each process of a page that has more megabytes than it may. Never returns.
async fn bound(chrome: &Chrome, megabytes: u64) {
    loop {
        sleep(LOOK).await;
        let Ok(info) = chrome.pipe.call::<SystemInfo::GetProcessInfo>(None, json!({})).await else { continue };
        for process in info.process_info.iter().filter(|process| process.Type == "renderer") {
            let pid = i32::try_from(process.id).ok().and_then(Pid::from_raw);
            if let Some(pid) = pid.filter(|_| memory(process.id).is_some_and(|taken| taken > megabytes)) {
                tracing::warn!(megabytes, "a hosted page takes more memory than it may, and is ended");
                let _ = rustix::process::kill_process(pid, Signal::KILL);
            }
        }
    }
}

/// Megabytes that a process has for itself (proc(5), `status`): its share of files, such as the program, does not count.
fn memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kilobytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_start_matches(':').split_whitespace().next()?.parse::<u64>().ok()
    };
    Some((kilobytes("RssAnon")? + kilobytes("RssShmem")?) >> 10)
}
