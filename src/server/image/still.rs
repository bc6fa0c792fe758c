//! A screenshot for an agent: a still of the page in Chrome, covered as its frames are.

use std::sync::mpsc as told;

use bytes::Bytes;
use tokio::sync::oneshot;

use super::easel::Told;
use crate::image::frame::View;
use crate::image::guard::Place;
use crate::image::picture::Picture;
use crate::image::tab::{self, Tab};
use crate::server::stills::{NoStill, Still};

/// What agents may see of a picture that was taken in a span of time: these places are covered, by the terms of an edition. None: nothing.
pub(super) type Covers = Option<(Vec<Place>, u64)>;

/// Takes one. `easel`: knows what stands where.
pub(super) async fn take(tab: &Tab, easel: told::Sender<Told>) -> Result<Still, NoStill> {
    let tab::Still { png, from, to, area, .. } = tab.still(false).await.map_err(|_| NoStill::Away)?;
    let (answer, covers) = oneshot::channel();
    easel.send(Told::Judge { from, to, answer }).map_err(|_| NoStill::Away)?;
    let (covers, edition) = covers.await.ok().flatten().ok_or(NoStill::Undecided)?;
    let (_, _, width, height) = area;
    let view = View { left: 0.0, top: 0.0, width, height };
    let covered = tokio::task::spawn_blocking(move || cover(&png, view, &covers)).await.ok().flatten();
    covered.map(|png| Still { png, edition }).ok_or(NoStill::Away)
}

fn cover(png: &[u8], view: View, covers: &[Place]) -> Option<Bytes> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().ok()?;
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut pixels).ok()?;
    pixels.truncate(info.buffer_size());
    let pixels = match info.color_type {
        png::ColorType::Rgb => pixels,
        png::ColorType::Rgba => pixels.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect(),
        _ => return None,
    };
    let picture = Picture::of_pixels(0, 0.0, view, (info.width, info.height), pixels)?.cover(covers);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, info.width, info.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().ok()?.write_image_data(picture.pixels()).ok()?;
    Some(file.into())
}
