//! What a watcher gets, and when: one frame on its way, then the newest, as good as the line bears; sharp when nothing moves any more.
//!
//! Whoever has pictures to give: when a shot comes, a frame was drawn, or a [`Watcher::deadline`] has passed, decodes the newest shot if a watcher is [`Watcher::free`],
//! offers it to all, and polls all.

mod line;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use bytes::Bytes;

use super::encode::{Grade, encode};
use super::frame::{Area, Frame, Head, Paint, Patch};
use super::moves::{self, Moves};
use super::picture::Picture;
use super::tiles::{Block, Grid, TILE};
use line::Line;

/// The least time between two frames of what moves: 30 a second.
const INTERVAL: Duration = Duration::from_millis(33);
/// What has not changed for so long is sent sharp.
const QUIET: Duration = Duration::from_millis(250);
/// Pixels up to which a change is sent sharp at once, where nothing changed just before.
const SMALL: u64 = 256 * 256;
/// Pixels up to which WebP is quick enough, on a line that is fast and on one that is slow.
const WEBP: (u64, u64) = (64 * 1024, 320 * 1024);
/// A slow line, in bytes per millisecond.
const SLOW: f64 = 500.0;
/// How many times what it should have a frame may have before it is made smaller.
const TOO_MUCH: f64 = 1.5;

/// Qualities, what each side is divided by for them, and about how many bytes a pixel takes.
const LADDER: [(u8, u8, f64); 9] = [
    (80, 1, 0.22),
    (65, 1, 0.15),
    (45, 1, 0.10),
    (30, 1, 0.07),
    (50, 2, 0.03),
    (25, 2, 0.018),
    (40, 4, 0.008),
    (10, 4, 0.003),
    (10, 8, 0.001),
];
/// About how many bytes a sharp pixel takes, before any was sent.
const SHARP: f64 = 0.5;

/// What one watcher has and gets. Encoding is done in `poll` and takes milliseconds.
#[derive(Debug)]
pub struct Watcher {
    /// What it has not been sent, and since when.
    newest: Option<(Picture, Instant)>,
    /// What it has when all that is on its way has come.
    has: Option<Has>,
    away: Option<Away>,
    /// When something that moves was sent last.
    last: Option<Instant>,
    line: Line,
    /// How many times the bytes that the ladder says pictures have taken of late.
    heavy: f64,
    /// Bytes that a sharp pixel took of late.
    dear: f64,
}

#[derive(Debug)]
struct Has {
    picture: Picture,
    grid: Grid,
    tiles: Vec<Tile>,
    /// Number of the picture that it was told.
    told: u32,
    /// When a picture was last offered that looked like this.
    seen: Instant,
}

#[derive(Clone, Copy, Debug)]
struct Tile {
    changed: Instant,
    rough: bool,
}

#[derive(Debug)]
struct Away {
    frame: u32,
    bytes: usize,
    sent: Instant,
}

impl Default for Watcher {
    fn default() -> Self {
        Self { newest: None, has: None, away: None, last: None, line: Line::default(), heavy: 1.0, dear: SHARP }
    }
}

impl Watcher {
    /// One that has nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A picture that is newer than all before it takes their place.
    pub fn offer(&mut self, picture: &Picture, now: Instant) {
        self.newest = Some((picture.clone(), now));
    }

    /// Whether a newer picture would be sent now: if that is so of no watcher, it need not be decoded yet.
    #[must_use]
    pub fn free(&self, now: Instant) -> bool {
        self.away.is_none() && self.last.is_none_or(|last| now >= last + INTERVAL)
    }

    /// The next message, see [`super::frame`]; none: nothing is to be sent now.
    pub fn poll(&mut self, now: Instant) -> Option<Bytes> {
        if self.away.is_some() {
            return None;
        }
        let mut patches = Vec::new();
        let mut head = None;
        if self.free(now)
            && let Some((picture, since)) = self.newest.take()
        {
            head = self.turn_to(picture, since, now, &mut patches);
        }
        let left = self.line.budget() - bytes(&patches);
        if left > self.line.budget() / 4.0 {
            self.sharpen(now, left, &mut patches);
        }
        self.send(head.unwrap_or(false), head.is_some(), patches, now)
    }

    /// The watcher says that this frame and all before it are drawn.
    pub fn drawn(&mut self, frame: u32, now: Instant) {
        if let Some(away) = self.away.take_if(|away| frame >= away.frame) {
            self.line.took(away.bytes, now.saturating_duration_since(away.sent), now);
        }
    }

    /// When to poll even if nothing happens until then; none: not at all.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        if self.away.is_some() {
            return None;
        }
        let next = self.newest.as_ref().and(self.last.map(|last| last + INTERVAL));
        let has = self.has.as_ref();
        let rough = has.and_then(|has| has.tiles.iter().filter(|tile| tile.rough).map(|tile| tile.changed).min());
        let untold = has.filter(|has| has.told != has.picture.number()).map(|has| has.seen);
        let quiet = [rough, untold].into_iter().flatten().min().map(|since| since + QUIET);
        [next, quiet].into_iter().flatten().min()
    }

    /// Adds what makes what the watcher has into another picture. What is to be said of it: whether nothing else is needed; none: nothing at all.
    fn turn_to(&mut self, picture: Picture, since: Instant, now: Instant, patches: &mut Vec<Patch>) -> Option<bool> {
        let grid = Grid::of(&picture);
        let same = self.has.as_ref().filter(|has| has.grid == grid);
        let differ = same.map_or_else(|| vec![true; grid.count()], |has| grid.differ(&has.picture, &picture));
        let (whole, seen_else) = (same.is_none(), same.is_none_or(|has| has.picture.view() != picture.view()));
        let quiet = same.is_some_and(|has| {
            let mut changed = has.tiles.iter().zip(&differ).filter(|(_, differ)| **differ);
            changed.all(|(tile, _)| now >= tile.changed + QUIET)
        });
        let moves = same.and_then(|has| moves::find(grid, &has.picture, &picture, &differ));
        if whole {
            let tile = Tile { changed: now, rough: true };
            self.has = Some(Has { picture, grid, tiles: vec![tile; grid.count()], told: 0, seen: since });
        } else if let Some(has) = &mut self.has {
            (has.picture, has.seen) = (picture, since);
            for (tile, _) in has.tiles.iter_mut().zip(&differ).filter(|(_, differ)| **differ) {
                (tile.changed, tile.rough) = (now, true);
            }
        }
        let mut left = differ;
        if let Some(moves) = moves {
            moves.blocks.iter().flat_map(|block| grid.tiles(*block)).for_each(|tile| left[tile] = false);
            patches.extend(moved(grid, &moves));
        }
        let blocks = few(grid, &left);
        if !blocks.is_empty() {
            let (painted, sharp) = self.paint(grid, &blocks, quiet)?;
            patches.extend(painted);
            let has = self.has.as_mut()?;
            for tile in blocks.iter().flat_map(|block| grid.tiles(*block)) {
                has.tiles[tile].rough = !sharp;
                has.tiles[tile].changed = now;
            }
        }
        (whole || seen_else || !patches.is_empty()).then_some(whole)
    }

    /// The blocks in a quality for which the line has room, and whether they are sharp.
    fn paint(&mut self, grid: Grid, blocks: &[Block], quiet: bool) -> Option<(Vec<Patch>, bool)> {
        let picture = self.has.as_ref()?.picture.clone();
        let areas: Vec<Area> = blocks.iter().map(|block| grid.area(*block)).collect();
        let pixels: u64 = areas.iter().map(|area| area.pixels()).sum();
        let budget = self.line.budget();
        if *areas == [picture.whole()]
            && let Some(file) = source(&picture, budget)
        {
            return Some((vec![file], true));
        }
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let size = pixels as f64;
        if quiet && pixels <= SMALL && size * self.dear <= budget / 2.0 {
            return Some((self.paint_all(&picture, &areas, |_| Grade::Sharp)?, true));
        }
        let fits = |heavy: f64| LADDER.iter().position(|step| size * step.2 * heavy <= budget);
        let mut step = fits(self.heavy).unwrap_or(LADDER.len() - 1);
        loop {
            let (quality, shrink, each) = LADDER[step];
            let webp = pixels / u64::from(shrink) / u64::from(shrink) <= self.webp();
            let patches = self.paint_all(&picture, &areas, |_| Grade::Lossy { quality, shrink, webp })?;
            let is = bytes(&patches) / (size * each);
            self.heavy = (self.heavy + (is - self.heavy) * 0.5).clamp(0.05, 20.0);
            let lower = fits(is).unwrap_or(LADDER.len() - 1);
            if bytes(&patches) <= budget * TOO_MUCH || lower <= step {
                return Some((patches, false));
            }
            step = lower;
        }
    }

    fn paint_all(&self, picture: &Picture, areas: &[Area], grade: impl Fn(Area) -> Grade) -> Option<Vec<Patch>> {
        areas.iter().map(|area| Some(Patch { area: *area, paint: encode(picture, *area, grade(*area))? })).collect()
    }

    /// Pixels up to which WebP is quick enough.
    fn webp(&self) -> u64 {
        if self.line.rate().is_some_and(|rate| rate > SLOW) { WEBP.0 } else { WEBP.1 }
    }

    /// Adds what has been still for a while, sharp, as much as there is room for: one piece at least, if there is nothing else.
    fn sharpen(&mut self, now: Instant, room: f64, patches: &mut Vec<Patch>) {
        let Some(has) = &mut self.has else { return };
        let rough: Vec<bool> = has.tiles.iter().map(|tile| tile.rough && now >= tile.changed + QUIET).collect();
        let count = rough.iter().filter(|rough| **rough).count();
        if count == 0 {
            return;
        }
        if count * 3 > rough.len()
            && patches.is_empty()
            && let Some(file) = source(&has.picture, room * 2.0)
        {
            patches.push(file);
            has.tiles.iter_mut().for_each(|tile| tile.rough = false);
            return;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let most = (room / (f64::from(TILE * TILE) * self.dear)).clamp(1.0, 64.0) as usize;
        let mut left = room;
        let grid = has.grid;
        let pieces = grid.blocks(&rough).into_iter().flat_map(|block| block.pieces(most));
        for piece in pieces.filter(|piece| grid.tiles(*piece).any(|tile| rough[tile])) {
            let area = grid.area(piece);
            let Some(paint) = encode(&has.picture, area, Grade::Sharp) else { return };
            let patch = Patch { area, paint };
            let size = bytes(std::slice::from_ref(&patch));
            #[expect(clippy::cast_precision_loss, reason = "an estimate")]
            let is = size / area.pixels() as f64;
            self.dear = (self.dear + (is - self.dear) * 0.5).clamp(0.02, 3.0);
            left -= size;
            if left < 0.0 && !patches.is_empty() {
                return;
            }
            patches.push(patch);
            grid.tiles(piece).for_each(|tile| has.tiles[tile].rough = false);
        }
    }

    /// The message, if there is anything to say: patches, or that it is the same picture still.
    fn send(&mut self, whole: bool, moved: bool, patches: Vec<Patch>, now: Instant) -> Option<Bytes> {
        let has = self.has.as_mut()?;
        let untold = has.told != has.picture.number() && now >= has.seen + QUIET;
        if patches.is_empty() && !moved && !untold {
            return None;
        }
        let (width, height) = has.picture.size();
        let (number, at, view) = (has.picture.number(), has.picture.at(), has.picture.view());
        let sharp = has.tiles.iter().all(|tile| !tile.rough);
        let message = Frame { head: Head { whole, sharp, number, at, width, height, view }, patches }.write();
        has.told = number;
        self.away = Some(Away { frame: number, bytes: message.len(), sent: now });
        if moved {
            self.last = Some(now);
        }
        Some(message)
    }
}

/// Copies of what the watcher has.
fn moved(grid: Grid, moves: &Moves) -> impl Iterator<Item = Patch> {
    moves.blocks.iter().filter_map(move |block| {
        let area = grid.area(*block);
        let from = (area.y as usize).checked_add_signed(moves.down)?;
        Some(Patch { area, paint: Paint::Move(area.x, u32::try_from(from).ok()?) })
    })
}

/// Few blocks that have all of these tiles; the whole picture where that is hardly more.
fn few(grid: Grid, differ: &[bool]) -> Vec<Block> {
    let blocks = grid.blocks(differ);
    let tiles: usize = blocks.iter().map(|block| block.tiles()).sum();
    if tiles * 10 > grid.count() * 8 { vec![grid.all()] } else { blocks }
}

/// The file that the picture came as, if it is small enough.
fn source(picture: &Picture, most: f64) -> Option<Patch> {
    let file = picture.source()?;
    #[expect(clippy::cast_precision_loss, reason = "files are smaller")]
    let fits = file.len() as f64 <= most;
    fits.then(|| Patch { area: picture.whole(), paint: Paint::Jpeg(file.clone()) })
}

#[expect(clippy::cast_precision_loss, reason = "frames are smaller")]
fn bytes(patches: &[Patch]) -> f64 {
    patches.iter().map(Patch::len).sum::<usize>() as f64
}
