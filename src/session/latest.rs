//! Pointers that wait for a socket: of each person only the newest, and a press before it, so that a slow socket never has many to send.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use crate::protocol::people::PersonId;

/// What waits, at most two of each person's.
pub(super) struct Latest<T>(VecDeque<Waiting<T>>);

struct Waiting<T> {
    by: PersonId,
    pressed: bool,
    item: T,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T> Latest<T> {
    /// Adds what a person's pointer did, in place of what does not matter any more.
    pub(super) fn put(&mut self, by: PersonId, pressed: bool, item: T) {
        self.0.retain(|waiting| waiting.by != by || waiting.pressed && !pressed);
        self.0.push_back(Waiting { by, pressed, item });
    }

    /// Takes the next.
    pub(super) fn take(&mut self) -> Option<T> {
        self.0.pop_front().map(|waiting| waiting.item)
    }
}

/// The same between two tasks.
pub(super) struct Lane<T> {
    waiting: Mutex<Latest<T>>,
    ready: Notify,
}

impl<T> Default for Lane<T> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), ready: Notify::new() }
    }
}

impl<T> Lane<T> {
    /// See [`Latest::put`].
    pub(super) fn put(&self, by: PersonId, pressed: bool, item: T) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).put(by, pressed, item);
        self.ready.notify_one();
    }

    /// Waits for the next. Nothing is lost when this is dropped.
    pub(super) async fn next(&self) -> T {
        loop {
            let next = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(next) = next {
                return next;
            }
            self.ready.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_newest_and_a_press_wait() {
        let lane = Lane::default();
        let (ada, bob) = (PersonId(1), PersonId(2));
        for (by, pressed, item) in
            [(ada, false, "a1"), (bob, false, "b1"), (ada, true, "a2 down"), (ada, false, "a3"), (ada, false, "a4")]
        {
            lane.put(by, pressed, item);
        }
        assert_eq!([lane.next().await, lane.next().await, lane.next().await], ["b1", "a2 down", "a4"]);
        lane.put(bob, false, "b2");
        assert_eq!(lane.next().await, "b2");
    }
}
