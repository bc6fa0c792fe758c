//! Tiles of a picture: which of them changed, and the few rectangles that have them all.

use super::frame::Area;
use super::picture::{BYTES, Picture};

/// Side of a tile in pixels. Whole blocks of the JPEG files that pictures come from.
pub(super) const TILE: u32 = 64;
/// What another rectangle costs, in tiles that are sent in vain.
const EXTRA: usize = 1;
/// Rectangles that are sent at most.
const MOST: usize = 24;

/// How a picture is cut into tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) columns: usize,
    pub(super) rows: usize,
    size: (u32, u32),
}

/// A rectangle of tiles: columns and rows from and up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

impl Grid {
    pub(super) fn of(picture: &Picture) -> Self {
        let size = picture.size();
        Self { columns: size.0.div_ceil(TILE) as usize, rows: size.1.div_ceil(TILE) as usize, size }
    }

    pub(super) fn count(self) -> usize {
        self.columns * self.rows
    }

    pub(super) fn all(self) -> Block {
        Block { left: 0, top: 0, right: self.columns, bottom: self.rows }
    }

    /// Numbers of the tiles of a block.
    pub(super) fn tiles(self, block: Block) -> impl Iterator<Item = usize> {
        (block.top..block.bottom)
            .flat_map(move |row| (block.left..block.right).map(move |column| row * self.columns + column))
    }

    /// The block's pixels.
    #[expect(clippy::cast_possible_truncation, reason = "pictures have sides of at most 8,192 pixels")]
    pub(super) fn area(self, block: Block) -> Area {
        let (x, y) = (block.left as u32 * TILE, block.top as u32 * TILE);
        let right = (block.right as u32 * TILE).min(self.size.0);
        let bottom = (block.bottom as u32 * TILE).min(self.size.1);
        Area { x, y, width: right - x, height: bottom - y }
    }

    /// Which tiles of two pictures of the same size differ. Compares whole bands of memory: hashing each pixel would take longer.
    pub(super) fn differ(self, before: &Picture, after: &Picture) -> Vec<bool> {
        let mut differ = vec![false; self.count()];
        let row = self.size.0 as usize * BYTES;
        let bands = before.pixels().chunks(row * TILE as usize).zip(after.pixels().chunks(row * TILE as usize));
        for ((old, new), tiles) in bands.zip(differ.chunks_mut(self.columns)) {
            if old == new {
                continue;
            }
            for (old, new) in old.chunks_exact(row).zip(new.chunks_exact(row)) {
                if old == new {
                    continue;
                }
                let parts = old.chunks(TILE as usize * BYTES).zip(new.chunks(TILE as usize * BYTES));
                for (tile, (old, new)) in tiles.iter_mut().zip(parts) {
                    *tile = *tile || old != new;
                }
            }
        }
        differ
    }

    /// The block of one tile.
    pub(super) fn block(self, tile: usize) -> Block {
        let (left, top) = (tile % self.columns, tile / self.columns);
        Block { left, top, right: left + 1, bottom: top + 1 }
    }

    /// Blocks that have all of these tiles, each in one of them, and no others.
    pub(super) fn exact(self, tiles: &[bool]) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        for (row, tiles) in tiles.chunks(self.columns).enumerate() {
            for (left, right) in runs(tiles) {
                let above = |b: &&mut Block| b.bottom == row && b.left == left && b.right == right;
                match blocks.iter_mut().find(above) {
                    Some(block) => block.bottom = row + 1,
                    None => blocks.push(Block { left, top: row, right, bottom: row + 1 }),
                }
            }
        }
        blocks
    }

    /// Few blocks that have all of these tiles, and few others.
    pub(super) fn blocks(self, tiles: &[bool]) -> Vec<Block> {
        let mut blocks = self.exact(tiles);
        while let Some((first, second, block)) = best(&blocks) {
            blocks.remove(second);
            blocks.remove(first);
            blocks.retain(|other| !block.has(*other));
            blocks.push(block);
        }
        blocks
    }
}

/// The two whose joining saves most, or costs least if there are too many.
fn best(blocks: &[Block]) -> Option<(usize, usize, Block)> {
    let mut best: Option<(isize, usize, usize, Block)> = None;
    for (first, a) in blocks.iter().enumerate() {
        for (second, b) in blocks.iter().enumerate().skip(first + 1) {
            let joined = a.joined(*b);
            let saved = (a.tiles() + b.tiles() + EXTRA).cast_signed() - joined.tiles().cast_signed();
            if best.is_none_or(|(most, ..)| saved > most) {
                best = Some((saved, first, second, joined));
            }
        }
    }
    let (saved, first, second, block) = best?;
    (saved >= 0 || blocks.len() > MOST).then_some((first, second, block))
}

fn runs(tiles: &[bool]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (column, _) in tiles.iter().enumerate().filter(|(_, tile)| **tile) {
        match runs.last_mut() {
            Some((_, end)) if *end == column => *end = column + 1,
            _ => runs.push((column, column + 1)),
        }
    }
    runs
}

impl Block {
    pub(super) fn tiles(self) -> usize {
        (self.right - self.left) * (self.bottom - self.top)
    }

    /// Parts of it that have no more tiles than that: whole rows where they fit.
    pub(super) fn pieces(self, most: usize) -> impl Iterator<Item = Self> {
        let width = self.right - self.left;
        let (across, down) = (most.clamp(1, width), (most / width).max(1));
        (self.top..self.bottom).step_by(down).flat_map(move |top| {
            (self.left..self.right).step_by(across).map(move |left| Self {
                left,
                top,
                right: (left + across).min(self.right),
                bottom: (top + down).min(self.bottom),
            })
        })
    }

    fn joined(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn has(self, other: Self) -> bool {
        self.joined(other) == self
    }
}
