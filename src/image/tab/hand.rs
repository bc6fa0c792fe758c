//! What the visitor does, on its way to the page: in order, with what a page that is slow need not see left out (moves of the mouse, turns of the wheel).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headless_chrome::protocol::cdp::Input as Cdp;
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};

use super::super::pipe::Pipe;
use super::keys::{Dispatch, Key};
use crate::protocol::image::{Held, Input, MouseAction, TouchAction};

/// Inputs that the page has not answered yet; more wait.
const UNDER_WAY: usize = 6;
/// Inputs that wait at most; what comes then is lost, for the page stands still.
const WAITING: usize = 512;
/// Characters of one text.
const TEXT: usize = 100_000;

/// The queue.
#[derive(Default)]
pub(super) struct Hand {
    waiting: Mutex<VecDeque<Input>>,
    came: Notify,
}

impl Hand {
    /// Puts one at the end.
    pub(super) fn push(&self, input: Input) {
        let mut waiting = self.lock();
        if waiting.back_mut().is_some_and(|last| join(last, &input)) {
            return;
        }
        if waiting.len() < WAITING {
            waiting.push_back(input);
        }
        drop(waiting);
        self.came.notify_one();
    }

    /// Forgets what waits.
    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    /// Passes on what comes, to the page that `shown` tells. Never ends.
    pub(super) async fn work(&self, pipe: &Pipe, shown: impl Fn() -> Option<String>) {
        let under_way = Arc::new(Semaphore::new(UNDER_WAY));
        loop {
            let Ok(permit) = Arc::clone(&under_way).acquire_owned().await else { return };
            let input = loop {
                let next = self.lock().pop_front();
                match next {
                    Some(input) => break input,
                    None => self.came.notified().await,
                }
            };
            let Some(session) = shown() else { continue };
            let Some(done) = dispatch(pipe, &session, &input) else { continue };
            tokio::spawn(async move {
                done.await;
                drop(permit);
            });
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Input>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes one of two where the page would not miss the first.
fn join(last: &mut Input, new: &Input) -> bool {
    match (last, new) {
        (
            Input::Mouse { action: MouseAction::Move, x, y, buttons, held, .. },
            Input::Mouse { action: MouseAction::Move, x: to_x, y: to_y, buttons: new_buttons, held: new_held, .. },
        ) if *buttons == *new_buttons && *held == *new_held => {
            (*x, *y) = (*to_x, *to_y);
            true
        }
        (
            Input::Wheel { x, y, dx, dy, held },
            Input::Wheel { x: at_x, y: at_y, dx: more_x, dy: more_y, held: new_held },
        ) if *held == *new_held => {
            (*x, *y) = (*at_x, *at_y);
            *dx += more_x;
            *dy += more_y;
            true
        }
        (
            Input::Touch { action: TouchAction::Move, points, held },
            Input::Touch { action: TouchAction::Move, points: new_points, held: new_held },
        ) if *held == *new_held && same_fingers(points, new_points) => {
            points.clone_from(new_points);
            true
        }
        _ => false,
    }
}

fn same_fingers(one: &[(u32, f64, f64)], other: &[(u32, f64, f64)]) -> bool {
    one.iter().map(|point| point.0).eq(other.iter().map(|point| point.0))
}

type Done = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

/// Sends it; none: it is not for the browser. What comes back is done once the page has it.
fn dispatch(pipe: &Pipe, session: &str, input: &Input) -> Option<Done> {
    let session = Some(session);
    macro_rules! call {
        ($method:ty, $params:expr) => {{
            let done = pipe.call::<$method>(session, $params);
            Some(Box::pin(async move { drop(done.await) }) as Done)
        }};
    }
    match input {
        Input::Mouse { action, x, y, button, buttons, count, held } => {
            call!(Cdp::DispatchMouseEvent, mouse(*action, (*x, *y), *button, *buttons, *count, *held)?)
        }
        Input::Wheel { x, y, dx, dy, held } => call!(
            Cdp::DispatchMouseEvent,
            json!({ "type": "mouseWheel", "x": finite(*x)?, "y": finite(*y)?, "deltaX": finite(*dx)?, "deltaY": finite(*dy)?, "modifiers": held & 15 })
        ),
        Input::Touch { action, points, held } => call!(Cdp::DispatchTouchEvent, touch(*action, points, *held)?),
        Input::Key { down, key, code, location, repeat, held } => {
            let (down, location, repeat, held) = (*down, *location, *repeat, *held);
            call!(Dispatch, Key { down, key, code, location, repeat, held }.event()?)
        }
        Input::Text { text } => {
            let text: String = text.chars().take(TEXT).collect();
            call!(Cdp::InsertText, json!({ "text": text }))
        }
        Input::Compose { text, selection: (start, end) } => call!(
            Cdp::ImeSetComposition,
            json!({ "text": text.chars().take(TEXT).collect::<String>(), "selectionStart": start, "selectionEnd": end })
        ),
    }
}

/// The middle button never goes down: on Linux it pastes what was selected last, in whatever session.
const MIDDLE: u8 = 4;

fn mouse(action: MouseAction, (x, y): (f64, f64), button: u8, buttons: u8, count: u8, held: Held) -> Option<Value> {
    let kind = match action {
        MouseAction::Move => "mouseMoved",
        MouseAction::Down => "mousePressed",
        MouseAction::Up => "mouseReleased",
    };
    let button = match (action, button) {
        (MouseAction::Move, _) if buttons & 1 != 0 => "left",
        (MouseAction::Move, _) if buttons & 2 != 0 => "right",
        (MouseAction::Move, _) => "none",
        (_, 0) => "left",
        (_, 2) => "right",
        (_, 3) => "back",
        (_, 4) => "forward",
        _ => return None,
    };
    Some(json!({
        "type": kind, "x": finite(x)?, "y": finite(y)?, "button": button, "buttons": buttons & 31 & !MIDDLE,
        "clickCount": if action == MouseAction::Move { 0 } else { count.clamp(1, 3) }, "modifiers": held & 15, "pointerType": "mouse",
    }))
}

/// The browser finds out by itself which fingers are new, moved or gone; of a move that goes with one, it would not.
fn touch(action: TouchAction, points: &[(u32, f64, f64)], held: Held) -> Option<Value> {
    let kind = match (action, points.is_empty()) {
        (TouchAction::Cancel, _) => "touchCancel",
        (TouchAction::End, _) | (_, true) => "touchEnd",
        (TouchAction::Start, false) => "touchStart",
        (TouchAction::Move, false) => "touchMove",
    };
    let points = if action == TouchAction::Cancel { &[] } else { points };
    let points: Option<Vec<Value>> = points
        .iter()
        .take(10)
        .map(|(id, x, y)| Some(json!({ "id": id, "x": finite(*x)?, "y": finite(*y)?, "force": 1 })))
        .collect();
    Some(json!({ "type": kind, "touchPoints": points?, "modifiers": held & 15 }))
}

/// A number that may stand in a message: pages are no larger than this.
fn finite(number: f64) -> Option<f64> {
    number.is_finite().then(|| number.clamp(-1e6, 1e6))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(x: f64) -> Input {
        Input::Mouse { action: MouseAction::Move, x, y: 1.0, button: 0, buttons: 0, count: 0, held: 0 }
    }

    #[test]
    fn moves_that_wait_become_one_and_a_press_stays_where_it_was() {
        let hand = Hand::default();
        let press =
            Input::Mouse { action: MouseAction::Down, x: 2.0, y: 1.0, button: 0, buttons: 1, count: 1, held: 0 };
        for input in [moved(1.0), moved(2.0), press.clone(), moved(3.0), moved(4.0)] {
            hand.push(input);
        }
        assert_eq!(Vec::from(hand.lock().clone()), [moved(2.0), press, moved(4.0)]);
    }

    #[test]
    fn turns_of_the_wheel_add_up_and_a_page_that_stands_still_gets_no_endless_queue() {
        let hand = Hand::default();
        for _ in 0..3 {
            hand.push(Input::Wheel { x: 0.0, y: 0.0, dx: 0.0, dy: 10.0, held: 0 });
        }
        assert_eq!(Vec::from(hand.lock().clone()), [Input::Wheel { x: 0.0, y: 0.0, dx: 0.0, dy: 30.0, held: 0 }]);
        for _ in 0..2 * WAITING {
            hand.push(Input::Text { text: "x".to_owned() });
        }
        assert_eq!(hand.lock().len(), WAITING);
    }

    #[test]
    fn what_is_told_is_what_the_protocol_has() {
        let mouse = mouse(MouseAction::Down, (1.0, 2.0), 0, 1, 9, 255).unwrap();
        assert_eq!((&mouse["clickCount"], &mouse["modifiers"]), (&json!(3), &json!(15)));
        assert!(serde_json::from_value::<Cdp::DispatchMouseEvent>(mouse).is_ok());
        let two = [(1, 1.0, 1.0), (2, 5.0, 5.0)];
        for (action, points, kind) in [
            (TouchAction::Start, &two[..], "touchStart"),
            (TouchAction::End, &two[..1], "touchEnd"),
            (TouchAction::End, &[], "touchEnd"),
            (TouchAction::Cancel, &two[..], "touchCancel"),
        ] {
            let event = touch(action, points, 0).unwrap();
            assert_eq!(event["type"], kind);
            assert!(serde_json::from_value::<Cdp::DispatchTouchEvent>(event).is_ok());
        }
        assert!(super::mouse(MouseAction::Down, (1.0, 2.0), 1, 4, 1, 0).is_none());
        assert!(touch(TouchAction::Start, &[(1, f64::NAN, 0.0)], 0).is_none());
    }
}
