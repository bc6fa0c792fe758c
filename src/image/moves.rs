//! Scrolling: what of a picture stood somewhere above or below in the one before. It never does so to the bit, since JPEG files are cut into blocks that do not
//! scroll; so what is alike is moved, and sent sharp as soon as it stands still.

use super::picture::{BYTES, Picture};
use super::tiles::{Block, Grid, TILE};

/// The farthest that is looked for, in pixels.
const FARTHEST: usize = 1000;
/// Side of the squares that are compared.
const SQUARE: usize = 16;
/// Mean difference of a channel in a square that is the same, but for the compression.
const NOISE: u32 = 6;
/// Tiles that must change for a look, and be alike for a move.
const FEWEST: usize = 8;
/// Rectangles that are moved at most.
const MOST: usize = 16;

/// Blocks that are copied, in that order, and how far below (negative: above) of each what it gets stood.
pub(super) struct Moves {
    pub(super) blocks: Vec<Block>,
    pub(super) down: isize,
}

/// Looks for one motion up or down of what differs.
pub(super) fn find(grid: Grid, before: &Picture, after: &Picture, differ: &[bool]) -> Option<Moves> {
    if differ.iter().filter(|differ| **differ).count() < FEWEST {
        return None;
    }
    let down = shift(&profile(before), &profile(after))?;
    let alike: Vec<bool> =
        (0..grid.count()).map(|tile| differ[tile] && same(grid, tile, before, after, down)).collect();
    let mut blocks = grid.exact(&alike);
    let tiles: usize = blocks.iter().map(|block| block.tiles()).sum();
    if tiles < FEWEST || blocks.len() > MOST {
        return None;
    }
    // None takes what one before it has overwritten.
    if down > 0 {
        blocks.sort_by_key(|block| block.top);
    } else {
        blocks.sort_by_key(|block| std::cmp::Reverse(block.bottom));
    }
    Some(Moves { blocks, down })
}

/// Brightness of each row, in the middle half of the picture.
fn profile(picture: &Picture) -> Vec<u32> {
    let row = picture.size().0 as usize * BYTES;
    let middle = row / 4 / BYTES * BYTES..row * 3 / 4;
    let rows = picture.pixels().chunks_exact(row).map(|row| &row[middle.clone()]);
    rows.map(|row| row.iter().step_by(2 * BYTES).map(|red| u32::from(*red)).sum()).collect()
}

/// How far below in the one before what is in the other stood; none: that is no motion.
fn shift(before: &[u32], after: &[u32]) -> Option<isize> {
    let off = |down: isize| {
        let (old, new) =
            if down > 0 { (&before[down.unsigned_abs()..], after) } else { (before, &after[down.unsigned_abs()..]) };
        let sum: u64 = old.iter().zip(new).map(|(old, new)| u64::from(old.abs_diff(*new))).sum();
        sum / old.len().min(new.len()).max(1) as u64
    };
    let most = (before.len() * 3 / 4).min(FARTHEST).cast_signed();
    let (least, down) = (-most..=most).filter(|down| *down != 0).map(|down| (off(down), down)).min()?;
    (least * 3 < off(0)).then_some(down)
}

/// Whether what is in a tile stood in the one before so far below.
fn same(grid: Grid, tile: usize, before: &Picture, after: &Picture, down: isize) -> bool {
    let area = grid.area(grid.block(tile));
    let high = before.size().1 as usize;
    let (first, last) = ((area.y as usize).checked_add_signed(down), (area.bottom() as usize).checked_add_signed(down));
    let (Some(first), Some(_)) = (first, last.filter(|last| *last <= high)) else { return false };
    let rows: Vec<(&[u8], &[u8])> = (0..area.height)
        .map(|line| {
            #[expect(clippy::cast_possible_truncation, reason = "a row of the picture")]
            let old = before.row(area, first as u32 + line);
            (&before.pixels()[old], &after.pixels()[after.row(area, area.y + line)])
        })
        .collect();
    rows.chunks(SQUARE).all(|rows| {
        (0..(TILE as usize / SQUARE)).all(|column| {
            let (from, to) = (column * SQUARE * BYTES, (column + 1) * SQUARE * BYTES);
            let part = |row: &'_ [u8]| from.min(row.len())..to.min(row.len());
            let mut sum = 0_u32;
            let mut count = 0;
            for (old, new) in rows {
                let (old, new) = (&old[part(old)], &new[part(new)]);
                if old != new {
                    sum += old.iter().zip(new).map(|(old, new)| u32::from(old.abs_diff(*new))).sum::<u32>();
                }
                count += u32::try_from(new.len()).unwrap_or(0);
            }
            sum <= NOISE * count
        })
    })
}
