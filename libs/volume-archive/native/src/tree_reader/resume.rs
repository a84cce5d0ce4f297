//! Going on behind an earlier attempt, on a volume that may not be as it was then.

use super::{Read, TreeReader};
use crate::failure::{Failure, Outcome, Reason};
use crate::index;
use crate::path::show;
use crate::position::{Position, Standing};
use crate::record::{self, Kind, Meta};
use crate::stats::{kind_of, meta_of};
use crate::walk::Walk;
use crate::xattr;
use rustix::fd::AsFd;
use rustix::fs::Stat;

/// Times of files may lag behind the clock by so much.
const CLOCK_TICK_MS: i64 = 10;

impl TreeReader {
    /// Passes by what an earlier attempt archived.
    pub(super) fn is_archived(&mut self, at: &[u8], stat: &Stat) -> Outcome<bool> {
        let Some(position) = &self.position else { return Ok(false) };
        let is_directory = kind_of(stat) == Some(Kind::Directory);
        if at == position.path && is_directory != position.is_directory() {
            return Err(moved(at, "became something else, of which the archive has the beginning"));
        }
        if position.standing(at) == Standing::Ahead {
            self.end_unfinished()?;
            return Ok(false);
        }
        if is_directory {
            self.assert_not_moved(at, stat)?;
        } else if kind_of(stat).is_some() {
            // On a live volume it may have appeared behind us: what changed since the copy began is no target for hard links.
            // And what an attempt with warnings passed may not be there either.
            let is_there = position.counts.warnings == 0 && !self.is_since_begin(stat.st_ctime, stat.st_ctime_nsec as i64);
            if is_there && self.links.find(stat).is_none() {
                self.remember_name(stat, at, true);
            }
            self.watch.add_bytes(if kind_of(stat) == Some(Kind::File) { stat.st_size as u64 } else { 0 });
            self.watch.add_file();
        }
        Ok(true)
    }

    /// Behind the position nothing is read any more. A directory that was moved there since, from where the copy had not been yet, would
    /// be missing; one that changed in itself may be.
    fn assert_not_moved(&self, at: &[u8], stat: &Stat) -> Outcome<()> {
        if self.looks_moved(stat) && !at.is_empty() {
            return Err(moved(at, "was moved, or its owner or mode was changed, after the copy began"));
        }
        if self.is_since_begin(stat.st_ctime, stat.st_ctime_nsec as i64) {
            let message = "changed after the copy began and before it went on: what came into it since may not be in the archive";
            self.watch.warn("ChangedMeanwhile", at, message);
        }
        Ok(())
    }

    /// A directory ahead of the position may have been behind it when the earlier attempt read what it holds.
    pub(super) fn warn_if_moved(&self, at: &[u8], stat: &Stat) {
        if self.position.is_some() && !at.is_empty() && self.looks_moved(stat) {
            let message = "was moved, or its owner or mode was changed, after the copy began and before it went on: what it holds may be in \
                           the archive under its earlier name, too";
            self.watch.warn("MovedMeanwhile", at, message);
        }
    }

    /// Its place or its metadata changed since the copy began, and not what is in it.
    fn looks_moved(&self, stat: &Stat) -> bool {
        self.is_since_begin(stat.st_ctime, stat.st_ctime_nsec as i64) && !self.is_since_begin(stat.st_mtime, stat.st_mtime_nsec as i64)
    }

    fn is_since_begin(&self, seconds: i64, nanos: i64) -> bool {
        seconds.saturating_mul(1000).saturating_add(nanos / 1_000_000) >= self.started_at_ms - CLOCK_TICK_MS
    }

    /// Goes on with the entry in which an earlier attempt ended.
    pub(super) fn go_on(&mut self, walk: &Walk, stat: &Stat) -> Outcome<Read> {
        let at = walk.path();
        let Some(position) = self.position.take() else { return Ok(Read::Done) };
        let file = self.open(walk).ok().filter(|_| kind_of(stat) == Some(Kind::File));
        let opened = file.and_then(|file| rustix::fs::fstat(&file).ok().map(|stat| (file, stat)));
        let Some((file, stat)) = opened.filter(|(_, stat)| kind_of(stat) == Some(Kind::File)) else {
            self.position = Some(position); // it is ended as it was
            return Ok(Read::Done);
        };
        self.position = Some(Position { is_whole: true, ..position.clone() });
        let old = self.take_old(at, false)?;
        if let Some(row) = &position.row {
            self.builder.resume_row(row.clone());
            if row.flags & index::UNCHANGED != 0 {
                self.keep_blocks(position.offset, row.meta.size)?;
                self.remember_name(&stat, at, true);
                self.watch.add_bytes(stat.st_size as u64);
                self.watch.add_file();
                return Ok(Read::Done);
            }
        }
        let meta = meta_of(Kind::File, &stat);
        if position.meta.is_some_and(|known| known != meta) {
            self.warn_changed(at);
        }
        self.read_attributes(&xattr::Target::Open(file.as_fd()), at);
        self.remember_name(&stat, at, true);
        let is_patch = old.is_some_and(|old| old.is_file_in_blocks());
        // A file that grew meanwhile ended within a block, which is read again: digests lie on the grid.
        let on_grid = position.offset / index::BLOCK as u64 * index::BLOCK as u64;
        let from = if is_patch || self.builder.keeps_index() { on_grid } else { position.offset };
        self.watch.add_bytes(from);
        self.large_data(at, &file, &stat, meta, from, is_patch)
    }

    /// An entry that an earlier attempt left in the middle is ended before anything follows it.
    pub(super) fn end_unfinished(&mut self) -> Outcome<()> {
        let Some(position) = self.position.as_mut().filter(|position| !position.is_whole) else { return Ok(()) };
        position.is_whole = true;
        // In a pack of rows alone the row tells what the records of earlier packs began; of what is taken over unread there are none.
        let begun = position.row.as_ref().filter(|row| row.flags & index::UNCHANGED == 0).map(|row| row.meta);
        let (at, offset, meta) = (position.path.clone(), position.offset, position.meta.or(begun));
        if let Some(row) = position.row.clone() {
            self.builder.resume_row(row);
        }
        self.warn_vanished(&at);
        if let Some(meta) = meta {
            let meta = Meta { size: offset, ..meta };
            self.builder.add(&meta, &at, &[], record::LAST, offset, &[])?;
            self.count();
        }
        self.builder.end_row(offset);
        Ok(())
    }
}

/// The archive cannot be made whole by going on.
fn moved(at: &[u8], what: &str) -> Failure {
    Failure { reason: Reason::SourceMoved, message: format!("{} {what}", show(at)) }
}
