//! Scrolling: what of a picture stood somewhere above or below in the one before. It never does so to the bit, since JPEG files are cut into blocks that do not
//! scroll; so what is alike is moved, and sent sharp as soon as it stands still.

use super::picture::{BYTES, Picture};
use super::tiles::{Block, Grid, TILE};

/// The farthest that is looked for, in pixels.
const FARTHEST: usize = 1000;
/// Side of the squares that are compared.
const SQUARE: usize = 16;
/// Mean difference of a channel in a square that is the same, but for the compression.
const NOISE: u32 = 8;
/// Parts of a level of brightness; rows that differ by less than a level are taken for alike.
const PARTS: u32 = 16;
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

/// Mean brightness of each row in the middle half of the picture, in parts of a level.
fn profile(picture: &Picture) -> Vec<u32> {
    let row = picture.size().0 as usize * BYTES;
    let middle = row / 4 / BYTES * BYTES..(row * 3 / 4).max(row / 4 + BYTES);
    let rows = picture.pixels().chunks_exact(row).map(|row| row[middle.clone()].iter().step_by(2 * BYTES));
    rows.map(|row| {
        row.clone().map(|red| u32::from(*red) * PARTS).sum::<u32>() / u32::try_from(row.len()).unwrap_or(u32::MAX)
    })
    .collect()
}

/// How far below in the one before most rows stood that are other ones now; none: that is no motion.
fn shift(before: &[u32], after: &[u32]) -> Option<isize> {
    let alike = |old: u32, new: u32| old.abs_diff(new) <= PARTS;
    let changed: Vec<usize> = (0..after.len()).filter(|&row| !alike(before[row], after[row])).collect();
    let count = |down: isize| {
        let stood = |row: &&usize| {
            row.checked_add_signed(down).and_then(|from| before.get(from)).is_some_and(|old| alike(*old, after[**row]))
        };
        changed.iter().filter(stood).count()
    };
    let most = (before.len() * 3 / 4).min(FARTHEST).cast_signed();
    let (best, down) = (-most..=most).map(|down| (count(down), down)).max()?;
    (best > 0 && best * 2 > changed.len()).then_some(down)
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
