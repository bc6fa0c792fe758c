//! What happens in a context's windows.

use std::sync::Arc;

use headless_chrome::protocol::cdp::{DOM, Emulation, Inspector, Page as Cdp, Runtime, Target};
use serde_json::{Value, json};

use super::super::pipe::{ATTACHED, DETACHED, Event, Pipe};
use super::core::Core;
use super::device::Bounded;
use super::state::{Chooser, State, Window};
use super::{Page, bounded};
use crate::protocol::image::{Dialog, DialogKind};

/// Windows of one context at a time; one more is closed at once.
const WINDOWS: usize = 8;
/// Quality of the pictures that are worked on: what is sent is compressed anew.
const QUALITY: u32 = 85;
/// Characters of what a dialog says, and of a title.
const WORDS: usize = 4000;

/// Takes an event.
pub(super) fn event(core: &Arc<Core>, event: Event) {
    let text = |pointer: &str| event.params.pointer(pointer).and_then(Value::as_str);
    let session = event.session.as_deref();
    match (event.method.as_str(), session) {
        (ATTACHED, None) => {
            if let (Some(session), Some(target)) = (text("/sessionId"), text("/targetInfo/targetId")) {
                attached(core, session, target);
            }
        }
        (DETACHED, None) => {
            if let Some(session) = text("/sessionId") {
                detached(core, session);
            }
        }
        ("Target.targetInfoChanged", None) => {
            if let (Some(target), Some(url), Some(title)) =
                (text("/targetInfo/targetId"), text("/targetInfo/url"), text("/targetInfo/title"))
            {
                let title = named(title, url);
                change(core, target, |page| {
                    if page.url != url || !title.is_empty() {
                        (page.url, page.title) = (url.to_owned(), title);
                    }
                });
            }
        }
        ("Page.frameStartedLoading", Some(_)) => {
            change(core, text("/frameId").unwrap_or_default(), |page| page.loading = true);
        }
        ("Page.frameStoppedLoading", Some(session)) => {
            change(core, text("/frameId").unwrap_or_default(), |page| page.loading = false);
            history(core, session);
        }
        ("Page.frameNavigated" | "Page.navigatedWithinDocument", Some(session)) => history(core, session),
        ("Page.javascriptDialogOpening", Some(session)) => dialog(core, session, &event.params),
        ("Page.javascriptDialogClosed", Some(session)) => {
            let mut state = core.lock();
            if state.dialog_of.as_deref() == Some(session) {
                state.dialog_of = None;
                state.pending.dialog = Some(None);
                drop(state);
                core.changed.notify_one();
            }
        }
        ("Page.fileChooserOpened", Some(session)) => chooser(core, session, &event.params),
        ("Inspector.targetCrashed", Some(_)) => core.end(|pending| pending.died = true),
        _ => {}
    }
}

/// A window is there. It waits until it has the visitor's device.
fn attached(core: &Arc<Core>, session: &str, target: &str) {
    let mut state = core.lock();
    if state.windows.len() >= WINDOWS {
        drop(state);
        // While it waits, so may the page that opened it.
        core.pipe.send::<Runtime::RunIfWaitingForDebugger>(Some(session), json!({}));
        core.pipe.send::<Target::CloseTarget>(None, json!({ "targetId": target }));
        return;
    }
    let device = state.device.clone();
    let before = state.shown().map(|window| window.session.clone());
    state.windows.push(Window { session: session.to_owned(), target: target.to_owned(), page: Page::default() });
    let before = before.filter(|_| device.is_some());
    state.pending.page = device.is_some();
    drop(state);
    begin(core, session, device);
    if let Some(before) = before {
        core.pipe.send::<Cdp::StopScreencast>(Some(&before), json!({}));
    }
    core.hand.clear();
    core.changed.notify_one();
}

/// Everything that a page is told before anything of it runs.
fn begin(core: &Arc<Core>, session: &str, device: Option<Bounded>) {
    let page = Some(session);
    core.pipe.send::<Cdp::Enable>(page, json!({}));
    core.pipe.send::<Inspector::Enable>(page, json!({}));
    core.pipe.send::<Cdp::SetInterceptFileChooserDialog>(page, json!({ "enabled": true }));
    core.pipe.send::<Emulation::SetFocusEmulationEnabled>(page, json!({ "enabled": true }));
    let Some(device) = device else {
        return core.pipe.send::<Runtime::RunIfWaitingForDebugger>(page, json!({}));
    };
    let (core, session) = (Arc::clone(core), session.to_owned());
    tokio::spawn(async move {
        let _ = core.furnish_window(&session, &device).await;
        cast(&core.pipe, &session, &device);
        core.pipe.send::<Runtime::RunIfWaitingForDebugger>(Some(&session), json!({}));
    });
}

/// Lets frames come.
pub(super) fn cast(pipe: &Pipe, session: &str, device: &Bounded) {
    let (width, height) = device.pixels();
    let how = json!({
        "format": "jpeg", "quality": QUALITY, "maxWidth": width, "maxHeight": height, "everyNthFrame": 1, "maxFramesInFlight": 2, "sendLastFrame": true,
    });
    pipe.send::<Cdp::StartScreencast>(Some(session), how);
}

/// A window is gone: the one before it is shown. A page without any is as good as dead.
fn detached(core: &Arc<Core>, session: &str) {
    let mut state = core.lock();
    let was_shown = state.is_shown(session);
    state.windows.retain(|window| window.session != session);
    if state.dialog_of.as_deref() == Some(session) {
        state.dialog_of = None;
        state.pending.dialog = Some(None);
    }
    state.pending.page |= was_shown;
    let show = state.shown().map(|window| window.session.clone()).zip(state.device.clone());
    let none = state.windows.is_empty();
    drop(state);
    if none {
        return core.end(|pending| pending.died = true);
    }
    if was_shown && let Some((session, device)) = show {
        core.hand.clear();
        core.pipe.send::<Cdp::BringToFront>(Some(&session), json!({}));
        let core = Arc::clone(core);
        tokio::spawn(async move {
            let _ = core.furnish_window(&session, &device).await;
            core.pipe.send::<Cdp::StopScreencast>(Some(&session), json!({}));
            cast(&core.pipe, &session, &device);
        });
    }
    core.changed.notify_one();
}

/// Changes how the page of a target stands; frames within pages have names that no target has.
fn change(core: &Core, target: &str, how: impl FnOnce(&mut Page)) {
    let mut state = core.lock();
    let State { windows, pending, .. } = &mut *state;
    let last = windows.len().saturating_sub(1);
    let Some((place, window)) = windows.iter_mut().enumerate().find(|(_, window)| window.target == target) else {
        return;
    };
    let before = window.page.clone();
    how(&mut window.page);
    if window.page != before && place == last {
        pending.page = true;
        drop(state);
        core.changed.notify_one();
    }
}

/// A page's title; the browser takes the address for that of one that has none.
fn named(title: &str, url: &str) -> String {
    if url.ends_with(title) { String::new() } else { bounded(title, WORDS) }
}

/// Asks for where a page stands in its history.
fn history(core: &Arc<Core>, session: &str) {
    let asked = core.pipe.call::<Cdp::GetNavigationHistory>(Some(session), json!({}));
    let (core, session) = (Arc::clone(core), session.to_owned());
    tokio::spawn(async move {
        let Ok(history) = asked.await else { return };
        let Some(target) = core.lock().window(&session).map(|window| window.target.clone()) else { return };
        let at = usize::try_from(history.current_index).unwrap_or_default();
        // The empty page that each context begins with is not the visitor's.
        let first = history.entries.iter().position(|entry| entry.url != "about:blank").unwrap_or_default();
        let title = history.entries.get(at).map(|entry| named(&entry.title, &entry.url)).unwrap_or_default();
        change(&core, &target, |page| {
            (page.back, page.forward) = (at > first, at + 1 < history.entries.len());
            if !title.is_empty() {
                page.title = title;
            }
        });
    });
}

fn dialog(core: &Arc<Core>, session: &str, params: &Value) {
    let text = |name: &str| bounded(params[name].as_str().unwrap_or_default(), WORDS);
    let kind = match params["type"].as_str() {
        Some("confirm") => DialogKind::Confirm,
        Some("prompt") => DialogKind::Prompt,
        Some("beforeunload") => DialogKind::Leave,
        _ => DialogKind::Alert,
    };
    let mut state = core.lock();
    state.dialog_of = Some(session.to_owned());
    state.pending.dialog = Some(Some(Dialog { kind, text: text("message"), value: text("defaultPrompt") }));
    drop(state);
    core.changed.notify_one();
}

/// Finds out which files the element wants.
fn chooser(core: &Arc<Core>, session: &str, params: &Value) {
    let Some(node) = params["backendNodeId"].as_u64().and_then(|node| u32::try_from(node).ok()) else { return };
    let multiple = params["mode"] == "selectMultiple";
    let asked = core.pipe.call::<DOM::DescribeNode>(Some(session), json!({ "backendNodeId": node }));
    let (core, session) = (Arc::clone(core), session.to_owned());
    tokio::spawn(async move {
        let attributes = asked.await.ok().and_then(|described| described.node.attributes).unwrap_or_default();
        let accept = attributes.chunks(2).find(|pair| pair[0] == "accept").and_then(|pair| pair.get(1));
        let accept = bounded(accept.map_or("", String::as_str), WORDS);
        let mut state = core.lock();
        state.chooser = Some(Chooser { session, node });
        state.pending.chooser = Some((multiple, accept));
        drop(state);
        core.changed.notify_one();
    });
}
