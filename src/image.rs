//! Image mode: a Chrome on the server and the pictures that it makes of a page. Knows nothing of sessions: it is told what to open, and gives frames.

pub mod chrome;
mod encode;
pub mod frame;
mod gate;
pub mod guard;
mod moves;
pub mod pace;
pub mod picture;
mod pipe;
pub mod pool;
pub mod tab;
mod tiles;

pub use pool::{Cookie, Open, OpenError, Options, Pool, Unavailable, Views};
pub use tab::{Page, Shot, Still, Tab, TabError, TabEvent};
