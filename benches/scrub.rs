//! Scrubbing texts.
fn main() {}
