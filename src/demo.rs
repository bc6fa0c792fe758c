//! The demo: a made-up shop with its own origins on loopback.
