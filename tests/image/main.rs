//! Image mode's browser: a real Chromium, real servers on loopback, and a clock. Where there is no Chromium, or no sandbox, each test says so and passes nothing.
#![cfg(feature = "image")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a check fails by panicking, and says what it measured"
)]

mod support;

mod acts;
