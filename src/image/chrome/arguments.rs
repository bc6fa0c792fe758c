//! What Chrome is told at its start.

use std::ffi::OsString;
use std::path::Path;

use super::super::pool::Options;
use super::find::Program;

/// Flags that hold always.
const ALWAYS: [&str; 39] = [
    // All that is said to it goes through the pipe: it opens no port.
    "--headless",
    "--remote-debugging-pipe",
    // Nothing but pages of ours: no services of its maker, no reports, no extensions.
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-field-trial-config",
    "--disable-sync",
    "--disable-features=AutofillServerCommunication,CertificateTransparencyComponentUpdater,DialMediaRouteProvider,MediaRouter,OptimizationHints,Translate",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--password-store=basic",
    // No way out but a context's own gate. The browser's default context, in which nothing is opened, has none.
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--proxy-server=socks5://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    // The gate leads to our own listener and nowhere else: a certificate would prove nothing that it does not, and ours may be one for development, or the front proxy's.
    "--ignore-certificate-errors",
    // What a page keeps stays in memory.
    "--incognito",
    "--disk-cache-size=1",
    "--disable-gpu-shader-disk-cache",
    // Pages ask for nothing that belongs to the machine.
    "--deny-permission-prompts",
    "--disable-notifications",
    "--mute-audio",
    // Pictures: the same colours everywhere, 3D without a graphics card, and every page counts as looked at.
    "--force-color-profile=srgb",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-hang-monitor",
];

/// All of them.
pub(super) fn arguments(options: &Options, program: &Program, home: &Path) -> Vec<OsString> {
    let mut all: Vec<OsString> = ALWAYS.iter().map(OsString::from).collect();
    let mut profile = OsString::from("--user-data-dir=");
    profile.push(home.join("profile"));
    all.push(profile);
    all.push(format!("--js-flags=--max-old-space-size={}", options.memory).into());
    if !options.sandbox {
        all.push("--no-sandbox".into());
    }
    if !super::roomy_shared_memory(Path::new("/dev/shm")) {
        all.push("--disable-dev-shm-usage".into());
    }
    if !program.shell {
        all.push("--no-startup-window".into());
    }
    all
}
