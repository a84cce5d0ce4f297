//! What a delta takes over from its base, and what of it is gone.

use super::{Read, TreeReader};
use crate::base::BaseRows;
use crate::failure::Outcome;
use crate::index::{self, EntryRow};
use crate::path;
use crate::record::Kind;
use crate::stats::meta_of;
use crate::walk::Walk;
use rustix::fs::Stat;
use rustix::io::Errno;
use std::cmp::Ordering;
use std::collections::HashSet;

/// A change this close before the base's copy began may have come in the same tick of the clock as what was read.
const CLOCK_DOUBT_SECONDS: i64 = 2;

pub struct Base {
    pub rows: BaseRows,
    /// When the base's copy began, seconds since 1970.
    pub started_at: i64,
    /// Files that the base holds only in part: they are read again, whatever their times say.
    pub cut_short: HashSet<Vec<u8>>,
}

impl Base {
    /// Whether nobody can have changed a file since the base, as its times and identity tell, and the base has all of it.
    fn is_untouched(&self, old: &EntryRow, stat: &Stat) -> bool {
        old.meta == meta_of(Kind::File, stat)
            && (old.ctime, old.ctime_nanos, old.inode) == (stat.st_ctime, stat.st_ctime_nsec as u32, stat.st_ino)
            && old.ctime < self.started_at - CLOCK_DOUBT_SECONDS
            && !self.is_in_part(old)
    }

    fn is_in_part(&self, old: &EntryRow) -> bool {
        old.flags & index::IN_PART != 0 || self.cut_short.contains(&old.path)
    }
}

impl TreeReader {
    pub(super) fn is_untouched(&self, old: &EntryRow, stat: &Stat) -> bool {
        self.base.as_ref().is_some_and(|base| base.is_untouched(old, stat))
    }

    /// Nothing about this file changed since the base: its rows are taken over, its data is not looked at.
    pub(super) fn keep_file(&mut self, walk: &Walk, stat: &Stat, old: EntryRow) -> Outcome<Read> {
        self.remember_name(stat, walk.path(), false);
        self.keep_rows(old)?;
        self.watch.add_bytes(stat.st_size as u64);
        self.watch.add_file();
        Ok(Read::Done)
    }

    /// Takes over the rows of an entry, whose own was just taken.
    fn keep_rows(&mut self, mut row: EntryRow) -> Outcome<()> {
        row.flags |= index::UNCHANGED;
        let (is_in_blocks, size) = (row.is_in_blocks(), row.meta.size);
        self.builder.reserve(0, row.encoded_length())?;
        self.builder.add_row(row);
        if is_in_blocks { self.keep_blocks(0, size) } else { Ok(()) }
    }

    pub(super) fn keep_blocks(&mut self, from: u64, size: u64) -> Outcome<()> {
        if let Some(base) = &mut self.base {
            while let Some((offset, digests)) = base.rows.take_blocks()? {
                // Those that a copy which was interrupted here had taken over already are left out.
                let done = (from.saturating_sub(offset) as usize).div_ceil(index::BLOCK).min(digests.len());
                self.builder.reserve(0, index::BLOCKS_FIXED + digests.len() * index::DIGEST)?;
                self.builder.add_blocks(offset + (done * index::BLOCK) as u64, &digests[done..]);
            }
        }
        self.builder.end_row(size);
        Ok(())
    }

    /// What became of an entry that could not be read: one that is not there any more is gone, all else stays as the base has it.
    pub(super) fn not_read(&mut self, at: &[u8], old: Option<EntryRow>, read: Read) -> Outcome<Read> {
        match (read, old) {
            (Read::Vanished, Some(_)) => {
                self.builder.add_remove(at)?;
                self.gone = Some(at.to_vec());
                Ok(Read::Vanished)
            }
            (Read::Failed(errno), Some(old)) => {
                if old.meta.kind == Kind::Directory {
                    self.gone = None;
                }
                self.keep_unread(old)?;
                self.keep_below(at, errno)?;
                Ok(Read::Kept(errno))
            }
            (read, _) => Ok(read),
        }
    }

    /// An entry that could not be looked at: nobody said that it is gone, nor what is below it.
    pub(super) fn keep_below(&mut self, at: &[u8], errno: Errno) -> Outcome<Read> {
        self.remove_before(Some(at))?;
        let mut read = Read::Failed(errno);
        while let Some(base) = &mut self.base
            && base.rows.peek_entry()?.is_some_and(|row| path::is_within(&row.path, at))
            && let Some(old) = base.rows.take_entry()
        {
            match self.position.as_ref().map_or(Ordering::Greater, |position| path::compare(&old.path, &position.path)) {
                Ordering::Less => {}
                Ordering::Equal => self.end_unfinished()?,
                Ordering::Greater => {
                    self.end_unfinished()?;
                    self.keep_unread(old)?;
                }
            }
            read = Read::Kept(errno);
        }
        Ok(read)
    }

    fn keep_unread(&mut self, mut old: EntryRow) -> Outcome<()> {
        if self.base.as_ref().is_some_and(|base| base.is_in_part(&old)) {
            old.flags |= index::IN_PART;
        }
        self.keep_rows(old)
    }

    /// What the base says of this path; what it says of paths before is gone.
    pub(super) fn take_old(&mut self, at: &[u8], is_directory: bool) -> Outcome<Option<EntryRow>> {
        self.remove_before(Some(at))?;
        let Some(base) = &mut self.base else { return Ok(None) };
        if base.rows.peek_entry()?.is_none_or(|row| row.path != at) {
            return Ok(None);
        }
        let old = base.rows.take_entry();
        if !is_directory && old.as_ref().is_some_and(|old| old.meta.kind == Kind::Directory) {
            // What takes its place is told to be there, which removes all below it.
            self.gone = Some(at.to_vec());
        }
        Ok(old)
    }

    /// Tells of what the base has before `at` in the order of the walk (none: to its end) and the volume has not.
    pub(super) fn remove_before(&mut self, at: Option<&[u8]>) -> Outcome<()> {
        let Some(base) = &mut self.base else { return Ok(()) };
        while let Some(row) = base.rows.peek_entry()? {
            if at.is_some_and(|at| path::compare(&row.path, at).is_ge()) {
                break;
            }
            let is_told = self.gone.as_ref().is_some_and(|gone| path::is_within(&row.path, gone));
            let is_archived = self.position.as_ref().is_some_and(|position| path::compare(&row.path, &position.path).is_le());
            if !is_told && !is_archived {
                self.builder.add_remove(&row.path)?;
                self.gone = Some(row.path.clone());
            }
            base.rows.take_entry();
        }
        Ok(())
    }
}

/// Whether the entry is as the base has it, content and metadata.
pub(super) fn is_same(old: Option<&EntryRow>, row: &EntryRow) -> bool {
    old.is_some_and(|old| old.meta == row.meta && old.attributes == row.attributes && old.content == row.content)
}
