//! Pictures that were asked for.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use data_encoding::BASE64;
use headless_chrome::protocol::cdp::Page as Cdp;
use serde_json::{Value, json};

use super::core::Core;
use super::{Still, TabError};

/// How long one may take.
const STILL: Duration = Duration::from_secs(20);
/// Pixels of a picture of a whole page: what is below is left out.
const PIXELS: f64 = 24_000_000.0;
/// Longest side of a picture, in pixels. Chrome's compositor makes none that is longer.
const SIDE: f64 = 16_384.0;

/// While there is one, frames are not shown.
struct Whole<'a>(&'a Core);

impl Drop for Whole<'_> {
    fn drop(&mut self) {
        self.0.lock().wholes -= 1;
    }
}

pub(super) async fn still(core: &Arc<Core>, session: &str, whole: bool) -> Result<Still, TabError> {
    let metrics = core.pipe.call::<Cdp::GetLayoutMetrics>(Some(session), json!({})).await?;
    let (content, view) = (metrics.css_content_size, metrics.css_visual_viewport);
    let density = core.lock().device.as_ref().map_or(1.0, |device| device.density());
    let (area, scale) = if whole {
        let width = content.width.clamp(1.0, SIDE);
        let scale = density.min((PIXELS / (width * content.height.max(1.0))).sqrt().max(1.0)).min(SIDE / width);
        let most = (SIDE / scale).min(PIXELS / (width * scale * scale));
        ((0.0, 0.0, width, content.height.clamp(1.0, most)), scale)
    } else {
        ((view.page_x, view.page_y, view.client_width, view.client_height), density * view.scale)
    };
    let mut how = json!({ "format": "png", "optimizeForSpeed": true });
    let _whole = whole.then(|| {
        core.lock().wholes += 1;
        Whole(core)
    });
    if whole {
        how["captureBeyondViewport"] = true.into();
        how["clip"] = clip(area, scale / density);
    }
    let from = now();
    let shot = core.pipe.call_within::<Cdp::CaptureScreenshot>(Some(session), how, STILL).await?;
    let to = now();
    let png = tokio::task::spawn_blocking(move || BASE64.decode(shot.data.as_bytes())).await;
    let png = png.ok().and_then(Result::ok).ok_or_else(|| TabError::Refused("not a picture".to_owned()))?;
    Ok(Still { png: Bytes::from(png), from, to, area, scale })
}

fn clip((x, y, width, height): (f64, f64, f64, f64), scale: f64) -> Value {
    json!({ "x": x, "y": y, "width": width, "height": height, "scale": scale })
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

/// Width and height of a JPEG, by its frame header (ITU-T T.81, B.2.2).
pub(super) fn jpeg_size(jpeg: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let head = jpeg.get(at..at + 4)?;
        let (marker, length) = (head[1], usize::from(u16::from_be_bytes([head[2], head[3]])));
        if head[0] != 0xff || length < 2 {
            return None;
        }
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let size = jpeg.get(at + 5..at + 9)?;
            let side = |at: usize| u32::from(u16::from_be_bytes([size[at], size[at + 1]]));
            return Some((side(2), side(0)));
        }
        at += 2 + length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpegs_size_is_in_its_frame_header() {
        let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 9, 9, 0xff, 0xc0, 0, 11, 8, 3, 32, 5, 0, 1, 1, 0x11, 0];
        assert_eq!(jpeg_size(&jpeg), Some((1280, 800)));
        for cut in 0..jpeg.len() - 4 {
            let _ = jpeg_size(&jpeg[..cut]);
        }
        assert_eq!(jpeg_size(&[0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0]), None);
    }
}
