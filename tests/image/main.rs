//! Image mode's browser: a real Chromium, real servers on loopback, and a clock.
#![cfg(feature = "image")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a check fails by panicking, and says what it measured"
)]

mod support;

mod acts;
mod device;
mod egress;
mod life;
mod speed;
