//! The data of a large file, or of a whole device, as pieces at their offsets: all of it, or the blocks that differ from a base.

use crate::base::BaseRows;
use crate::failure::{Outcome, cancelled};
use crate::index::{self, BLOCK, Digest, IndexDigests};
use crate::pack_builder::PackBuilder;
use crate::record::{ENTRY_FIXED, Meta};
use crate::tree_reader::read_fully;
use crate::watch::Watch;
use rustix::fd::BorrowedFd;
use rustix::fs::SeekFrom;
use rustix::io::Errno;

/// Data of one piece at most: between two of them the copy can be stopped, and progress is told.
const LONGEST: usize = 1 << 20;
/// A pack with less room than this is full.
const SHORTEST: usize = 64 << 10;
/// Grid of the zeros that are looked for where the system does not tell of holes.
const ZEROS: usize = 64 << 10;

pub struct LargeFile<'a> {
    pub file: BorrowedFd<'a>,
    pub path: &'a [u8],
    pub meta: Meta,
    pub builder: &'a mut PackBuilder,
    pub digests: &'a IndexDigests,
    /// Rows of the base's blocks of this very entry, when it is patched.
    pub base: Option<&'a mut BaseRows>,
    pub watch: &'a Watch,
}

pub struct DataEnd {
    pub offset: u64,
    /// Why it ended before it should.
    pub failed: Option<Errno>,
}

impl LargeFile<'_> {
    /// Reads from `from` (on the grid of the blocks, when an index is kept) up to `end`, or to where the data ends before.
    pub fn read(&mut self, from: u64, end: u64, may_have_holes: bool) -> Outcome<DataEnd> {
        let mut at = from;
        while at < end {
            let (start, stop) = if may_have_holes { self.next_data(at, end) } else { (at, end) };
            self.pass_hole(at, start)?;
            at = start;
            while at < stop {
                let done = self.piece(at, stop, false)?;
                at = done.offset;
                if done.failed.is_some() || done.is_end {
                    return Ok(DataEnd { offset: at, failed: done.failed });
                }
            }
        }
        Ok(DataEnd { offset: at, failed: None })
    }

    /// Reads a device to its end; zeros are holes.
    pub fn read_device(&mut self, from: u64) -> Outcome<DataEnd> {
        let mut at = from;
        loop {
            let done = self.piece(at, u64::MAX, true)?;
            at = done.offset;
            if done.failed.is_some() || done.is_end {
                return Ok(DataEnd { offset: at, failed: done.failed });
            }
        }
    }

    /// Where data lies next, on the grid when digests of blocks are asked for.
    fn next_data(&self, at: u64, end: u64) -> (u64, u64) {
        let start = match rustix::fs::seek(self.file, SeekFrom::Data(at)) {
            Ok(start) => start.min(end),
            Err(Errno::NXIO) => return (end, end), // nothing but a hole up to the end
            Err(_) => return (at, end),            // the file system does not tell
        };
        let stop = rustix::fs::seek(self.file, SeekFrom::Hole(start)).unwrap_or(end).min(end);
        if !self.uses_blocks() {
            return (start, stop);
        }
        let block = BLOCK as u64;
        ((start / block * block).max(at), stop.next_multiple_of(block).min(end))
    }

    fn uses_blocks(&self) -> bool {
        self.base.is_some() || self.builder.keeps_index()
    }

    fn pass_hole(&mut self, start: u64, end: u64) -> Outcome<()> {
        if start == end {
            return Ok(());
        }
        if let Some(base) = &mut self.base
            && base.has_blocks_within(start, end)?
        {
            self.builder.add_hole(&self.meta, self.path, start, end - start)?;
        }
        self.watch.add_bytes(end - start);
        Ok(())
    }

    fn piece(&mut self, at: u64, stop: u64, skip_zeros: bool) -> Outcome<PieceEnd> {
        if self.watch.is_stopped() {
            return Err(cancelled());
        }
        let wanted = LONGEST.min(usize::try_from(stop - at).unwrap_or(LONGEST));
        let head = ENTRY_FIXED + self.path.len();
        self.builder.reserve(head + wanted.min(SHORTEST), rows_length(self.path, wanted))?;
        let room = self.builder.room_for_data(self.path);
        let room = if room < wanted { room / BLOCK * BLOCK } else { wanted };
        let space = self.builder.data_space(head, room);
        let (length, failed) = match read_fully(self.file, space, at) {
            Ok(length) => (length, None),
            Err(errno) => (0, Some(errno)),
        };
        let is_end = length < room;
        if length > 0 {
            self.store(at, head, length, skip_zeros)?;
        }
        self.watch.add_bytes(length as u64);
        Ok(PieceEnd { offset: at + length as u64, is_end, failed })
    }

    /// Stores what was read into the builder's space.
    fn store(&mut self, at: u64, head: usize, length: usize, skip_zeros: bool) -> Outcome<()> {
        let has_zeros = skip_zeros && self.builder.data_space(head, length).chunks(ZEROS).any(is_zero);
        if self.base.is_none() && !has_zeros {
            let digests = self.digests_of(head, length);
            self.builder.commit(&self.meta, self.path, &[], 0, at, length);
            self.builder.count_bytes(length);
            self.builder.add_blocks(at, &digests);
            return Ok(());
        }
        // Runs of blocks that are alike become a piece, a hole, or nothing. They are put together elsewhere, for a piece's head would
        // overwrite what lies before it.
        let data = self.builder.data_space(head, length).to_vec();
        let grid = if self.base.is_some() { BLOCK } else { ZEROS };
        let mut run_start = 0;
        let mut fate = None;
        for start in (0..length).step_by(grid) {
            let next = self.fate(&data[start..(start + grid).min(length)], at + start as u64, skip_zeros)?;
            if fate.is_some_and(|fate| fate != next) {
                self.store_run(fate, at + run_start as u64, &data[run_start..start])?;
                run_start = start;
            }
            fate = Some(next);
        }
        self.store_run(fate, at + run_start as u64, &data[run_start..])
    }

    fn store_run(&mut self, fate: Option<Fate>, offset: u64, run: &[u8]) -> Outcome<()> {
        let rows = rows_length(self.path, run.len());
        match fate {
            None | Some(Fate::Hole) => return Ok(()),
            Some(Fate::NewHole) => return self.builder.add_hole(&self.meta, self.path, offset, run.len() as u64),
            Some(Fate::Unchanged) => self.builder.reserve(0, rows)?,
            Some(Fate::Changed) => {
                self.builder.reserve(ENTRY_FIXED + self.path.len() + run.len(), rows)?;
                self.builder.add(&self.meta, self.path, &[], 0, offset, run)?;
                self.builder.count_bytes(run.len());
            }
        }
        let digests = if self.builder.keeps_index() { self.digests.of_blocks(run) } else { Vec::new() };
        self.builder.add_blocks(offset, &digests);
        Ok(())
    }

    /// What becomes of one block; those of later calls come after it.
    fn fate(&mut self, block: &[u8], offset: u64, skip_zeros: bool) -> Outcome<Fate> {
        let is_hole = skip_zeros && is_zero(block);
        let Some(base) = &mut self.base else { return Ok(if is_hole { Fate::Hole } else { Fate::Changed }) };
        let known = base.block_at(offset)?;
        Ok(match known {
            None if is_hole => Fate::Hole,
            Some(_) if is_hole => Fate::NewHole,
            Some(digest) if digest == self.digests.of(block) => Fate::Unchanged,
            _ => Fate::Changed,
        })
    }

    fn digests_of(&mut self, head: usize, length: usize) -> Vec<Digest> {
        if self.builder.keeps_index() { self.digests.of_blocks(self.builder.data_space(head, length)) } else { Vec::new() }
    }
}

/// Of the digests of so many bytes, with the row that may have to be repeated before them.
fn rows_length(path: &[u8], bytes: usize) -> usize {
    index::ENTRY_FIXED + path.len() + index::BLOCKS_FIXED + bytes.div_ceil(BLOCK) * index::DIGEST
}

struct PieceEnd {
    offset: u64,
    is_end: bool,
    failed: Option<Errno>,
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Fate {
    Changed,
    Unchanged,
    /// As in the base, or nothing is known of it.
    Hole,
    /// The base had data here.
    NewHole,
}

fn is_zero(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<64>();
    words.iter().all(|chunk| *chunk == [0; 64]) && rest.iter().all(|&byte| byte == 0)
}
