//! Image mode: a Chrome on the server and the pictures that it makes of a page. Knows nothing of sessions: it is told what to open, and gives frames.

pub mod frame;
pub mod guard;
pub mod pace;
pub mod picture;
pub mod pool;
pub mod tab;

pub use pool::{Cookie, Open, OpenError, Options, Pool, Unavailable, Views};
pub use tab::{Page, Shot, Still, Tab, TabError, TabEvent};
