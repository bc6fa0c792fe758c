//! Screens that the browser believes to have: one for each density. A page's pictures are as dense as the screen that its window is on, whatever the page is told.

use headless_chrome::protocol::cdp::Browser;
use headless_chrome::protocol::cdp::types::Method;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::super::pipe::{CallError, Pipe};
use super::device::Bounded;

/// Screens at most; windows that would need one more stay where they are.
const SCREENS: usize = 64;
/// From one's left edge to the next one's.
const APART: usize = 20_000;
/// Width and height of one: more than any window has.
const SIDE: u32 = 16_000;

/// A screen is added (experimental, only in headless browsers).
#[derive(Debug)]
struct AddScreen;

impl Method for AddScreen {
    const NAME: &'static str = "Emulation.addScreen";
    type ReturnObject = Value;
}

/// The screens of a browser, by thousandths of their density.
#[derive(Default)]
pub(crate) struct Screens(Mutex<Vec<u32>>);

impl Screens {
    /// Moves a page's window to the screen that has the device's density. A browser that has no such screens draws one pixel for each CSS pixel.
    pub(super) async fn place(&self, pipe: &Pipe, session: &str, device: &Bounded) -> Result<(), CallError> {
        let left = match self.left(pipe, session, device.density()).await {
            Err(CallError::Refused(why)) => {
                tracing::debug!(why, "no screen of this density");
                return Ok(());
            }
            left => left?,
        };
        let window = pipe.call::<Browser::GetWindowForTarget>(Some(session), json!({})).await?.window_id;
        let (width, height) = device.size();
        let bounds = json!({ "left": left, "top": 0, "width": width, "height": height });
        let bounds = json!({ "windowId": window, "bounds": bounds });
        pipe.call::<Browser::SetWindowBounds>(Some(session), bounds).await.map(drop)
    }

    /// The left edge of the screen of a density.
    async fn left(&self, pipe: &Pipe, session: &str, density: f64) -> Result<usize, CallError> {
        let mut screens = self.0.lock().await;
        let thousandths = (density * 1000.0).round() as u32;
        let known = screens.iter().position(|known| *known == thousandths);
        let place = known.unwrap_or(screens.len());
        let left = (place + 1) * APART;
        if known.is_none() {
            if screens.len() >= SCREENS {
                return Err(CallError::Refused("too many densities".to_owned()));
            }
            let screen = json!({ "left": left, "top": 0, "width": SIDE, "height": SIDE, "devicePixelRatio": density });
            pipe.call::<AddScreen>(Some(session), screen).await?;
            screens.push(thousandths);
        }
        Ok(left)
    }
}
