//! Reads a file system tree into packs: all of it, or what changed since a base.

use crate::base::BaseRows;
use crate::failure::{Outcome, cancelled, describe, read_failed};
use crate::hard_links::HardLinks;
use crate::index::{self, Digest, EntryRow, IndexDigests};
use crate::large_file::LargeFile;
use crate::pack_builder::PackBuilder;
use crate::path;
use crate::position::{Position, Standing};
use crate::prefetch::Prefetch;
use crate::record::{self, Kind, Meta, PATCH, WHOLE};
use crate::stats::{kind_of, may_have_holes, meta_of};
use crate::walk::{Step, Walk, is_vanished};
use crate::watch::Watch;
use crate::xattr;
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

/// Up to here a file lies whole in one pack.
pub const SMALL_FILE: u64 = 1 << 20;
/// A bad sector costs a file; when nothing can be read any more, the volume is gone.
const MOST_FAILURES_IN_A_ROW: u32 = 16;
/// A change this close before the base's copy began may have come in the same tick of the clock as what was read.
const CLOCK_DOUBT_SECONDS: i64 = 2;
/// Times of files may lag behind the clock by so much.
const CLOCK_TICK_MS: i64 = 10;

pub struct Base {
    pub rows: BaseRows,
    /// When the base's copy began, seconds since 1970.
    pub started_at: i64,
}

pub struct TreeReader {
    pub builder: PackBuilder,
    pub digests: IndexDigests,
    pub base: Option<Base>,
    pub position: Option<Position>,
    /// When this copy began, milliseconds since 1970.
    pub started_at_ms: i64,
    pub watch: Arc<Watch>,
    links: HardLinks,
    /// What a row of the base told of is gone with all below it, or is no directory any more.
    gone: Option<Vec<u8>>,
    attributes: Vec<u8>,
    keeps_access_times: bool,
    prefetch: Prefetch,
    failures: u64,
    failures_in_a_row: u32,
}

enum Read {
    Done,
    Vanished,
    Failed(Errno),
}

impl From<Errno> for Read {
    fn from(errno: Errno) -> Self {
        if is_vanished(errno) { Self::Vanished } else { Self::Failed(errno) }
    }
}

impl TreeReader {
    pub fn new(
        builder: PackBuilder,
        digests: IndexDigests,
        base: Option<Base>,
        position: Option<Position>,
        started_at_ms: i64,
        watch: Arc<Watch>,
    ) -> Self {
        // Below what is no directory there is nothing, whatever the base has there.
        let gone = position.as_ref().filter(|position| !position.is_directory()).map(|position| position.path.clone());
        Self {
            builder,
            digests,
            base,
            position,
            started_at_ms,
            watch,
            links: HardLinks::default(),
            gone,
            attributes: Vec::new(),
            keeps_access_times: true,
            prefetch: Prefetch::default(),
            failures: 0,
            failures_in_a_row: 0,
        }
    }

    pub fn read(&mut self, root: &[u8]) -> Outcome<()> {
        let (mut walk, stat) = Walk::begin(root).map_err(|errno| read_failed("the root", errno))?;
        self.directory(&walk, &stat)?;
        loop {
            if self.watch.is_stopped() {
                return Err(cancelled());
            }
            let failures_before = self.failures;
            let read = match walk.step() {
                Step::End => break,
                Step::Failed(errno) => errno.into(),
                Step::Directory(stat) => self.directory(&walk, &stat)?,
                Step::Entry(kind) => {
                    self.prefetch.look_ahead(&mut walk);
                    let began = Instant::now();
                    let before = (self.watch.bytes.load(Relaxed), self.builder.filled);
                    let read = self.entry(&walk, kind)?;
                    // Handing over a pack waits for those who take it, not for the file system.
                    if self.watch.bytes.load(Relaxed) - before.0 <= SMALL_FILE && self.builder.filled == before.1 {
                        self.prefetch.took(began.elapsed());
                    }
                    read
                }
            };
            match read {
                Read::Done => {}
                Read::Vanished => self.warn_vanished(walk.path()),
                Read::Failed(errno) => {
                    self.failed_read(walk.path(), errno)?;
                    let message = format!("could not be read and is not in the archive: {}", describe(errno));
                    self.watch.warn("Unreadable", walk.path(), message);
                }
            }
            if self.failures == failures_before {
                self.failures_in_a_row = 0;
            }
        }
        self.end_unfinished()?;
        self.remove_before(None)?;
        self.builder.flush()
    }

    /// One file that cannot be read is told; a volume that is gone must not end as a copy of what was read before.
    fn failed_read(&mut self, at: &[u8], errno: Errno) -> Outcome<()> {
        self.failures += 1;
        self.failures_in_a_row += 1;
        if is_of_the_volume(errno) || self.failures_in_a_row >= MOST_FAILURES_IN_A_ROW {
            return Err(read_failed(&path::show(at), errno));
        }
        Ok(())
    }

    fn directory(&mut self, walk: &Walk, stat: &Stat) -> Outcome<Read> {
        let at = walk.path();
        if self.is_archived(at, stat)? {
            return Ok(Read::Done);
        }
        self.read_attributes(&xattr::Target::Open(walk.directory()), at);
        let row = self.row(at, meta_of(Kind::Directory, stat), stat, [0; index::DIGEST]);
        self.take_old(at, true)?;
        // Also a delta tells of each directory: who lays it holds its parents open, and gives them their times back.
        self.add_entry(row, true, &[])?;
        Ok(Read::Done)
    }

    fn entry(&mut self, walk: &Walk, kind: FileType) -> Outcome<Read> {
        // A full copy learns the status of a file from opening it.
        if kind == FileType::RegularFile && self.base.is_none() && self.position.is_none() {
            return self.open_and_read(walk, None);
        }
        let stat = match walk.stat() {
            Ok(stat) => stat,
            Err(errno) => return Ok(errno.into()),
        };
        let at = walk.path();
        match self.position.as_ref().map(|position| position.standing(at)) {
            Some(Standing::Partial) => return self.go_on(walk, &stat),
            Some(Standing::Archived) => {
                self.is_archived(at, &stat)?;
                return Ok(Read::Done);
            }
            _ => self.end_unfinished()?,
        }
        match kind_of(&stat) {
            None => {
                self.watch.warn("SocketSkipped", at, "is a socket: it is not copied, its program makes it anew");
                Ok(Read::Done)
            }
            Some(Kind::Directory) => Ok(Read::Vanished), // it became one meanwhile
            Some(Kind::File) => {
                if let Some((first, is_fresh)) = self.links.find(&stat) {
                    return self.hard_link(walk, &stat, &first, is_fresh);
                }
                let old = self.take_old(at, false)?;
                if let (Some(base), Some(old)) = (&self.base, &old)
                    && is_untouched(old, &stat, base.started_at)
                {
                    return self.keep_file(at, &stat, old);
                }
                let was_there = old.is_some();
                let read = self.open_and_read(walk, Some(old))?;
                if was_there && !matches!(read, Read::Done) {
                    self.builder.add_remove(at)?;
                    self.gone = Some(at.to_vec());
                }
                Ok(read)
            }
            Some(kind) => self.special(walk, kind, &stat),
        }
    }

    /// Nothing about this file changed since the base: its rows are taken over, its data is not looked at.
    fn keep_file(&mut self, at: &[u8], stat: &Stat, old: &EntryRow) -> Outcome<Read> {
        self.links.remember(stat, at, false);
        let mut row = old.clone();
        row.flags |= index::UNCHANGED;
        self.builder.reserve(0, row.encoded_length())?;
        self.builder.add_row(row);
        if old.is_in_blocks() {
            self.keep_blocks(0, old.meta.size)?;
        }
        self.watch.add_bytes(stat.st_size as u64);
        self.watch.add_file();
        Ok(Read::Done)
    }

    fn keep_blocks(&mut self, from: u64, size: u64) -> Outcome<()> {
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

    fn hard_link(&mut self, walk: &Walk, stat: &Stat, first: &[u8], is_fresh: bool) -> Outcome<Read> {
        let at = walk.path();
        let mut meta = meta_of(Kind::File, stat);
        (meta.kind, meta.size) = (Kind::HardLink, 0);
        self.attributes.clear();
        let row = self.row(at, meta, stat, self.digests.of(first));
        let old = self.take_old(at, false)?;
        let is_kept = old.is_some_and(|old| old.meta.kind == Kind::HardLink && old.content == row.content);
        self.add_entry(row, is_fresh || !is_kept, first)?;
        self.watch.add_file();
        Ok(Read::Done)
    }

    /// Symbolic links, fifos, devices.
    fn special(&mut self, walk: &Walk, kind: Kind, stat: &Stat) -> Outcome<Read> {
        let at = walk.path();
        if let Some((first, is_fresh)) = self.links.find(stat) {
            return self.hard_link(walk, stat, &first, is_fresh);
        }
        let target = match kind {
            Kind::Symlink => match rustix::fs::readlinkat(walk.directory(), walk.name(), Vec::new()) {
                Ok(target) => target.into_bytes(),
                Err(Errno::INVAL) => return Ok(Read::Vanished),
                Err(errno) => return Ok(errno.into()),
            },
            _ => Vec::new(),
        };
        self.read_attributes(&xattr::Target::entry(walk.directory(), walk.name()), at);
        let row = self.row(at, meta_of(kind, stat), stat, self.digests.of(&target));
        let old = self.take_old(at, false)?;
        let is_new = !is_same(old.as_ref(), &row);
        self.links.remember(stat, at, is_new);
        self.add_entry(row, is_new, &target)?;
        self.watch.add_file();
        Ok(Read::Done)
    }

    /// `old`: what the base says of this path, if it was looked up already.
    fn open_and_read(&mut self, walk: &Walk, old: Option<Option<EntryRow>>) -> Outcome<Read> {
        let at = walk.path();
        let file = match self.open(walk) {
            Ok(file) => file,
            Err(errno) => return Ok(errno.into()),
        };
        let stat = match rustix::fs::fstat(&file) {
            Ok(stat) if kind_of(&stat) == Some(Kind::File) => stat,
            Ok(_) => return Ok(Read::Vanished),
            Err(errno) => return Ok(errno.into()),
        };
        let old = match old {
            Some(old) => old,
            None => {
                if let Some((first, is_fresh)) = self.links.find(&stat) {
                    return self.hard_link(walk, &stat, &first, is_fresh);
                }
                self.take_old(at, false)?
            }
        };
        self.read_attributes(&xattr::Target::Open(file.as_fd()), at);
        if stat.st_size as u64 > SMALL_FILE || may_have_holes(&stat) {
            self.large_file(at, &file, &stat, old)
        } else {
            self.small_file(at, &file, &stat, old)
        }
    }

    fn small_file(&mut self, at: &[u8], file: &OwnedFd, stat: &Stat, old: Option<EntryRow>) -> Outcome<Read> {
        let mut meta = meta_of(Kind::File, stat);
        let room = meta.size as usize;
        let head = record::ENTRY_FIXED + at.len() + self.attributes.len();
        self.builder.reserve(head + room, index::ENTRY_FIXED + at.len())?;
        let space = self.builder.data_space(head, room);
        let length = match read_fully(file, space, 0) {
            Ok(length) => length,
            Err(errno) => return Ok(Read::Failed(errno)),
        };
        let content = if self.builder.keeps_index() || old.is_some() {
            self.digests.of(&self.builder.data_space(head, room)[..length])
        } else {
            [0; index::DIGEST]
        };
        let row = self.row(at, meta, stat, content);
        let is_same_content = old
            .as_ref()
            .is_some_and(|old| old.meta.kind == Kind::File && !old.is_in_blocks() && old.meta.size == meta.size && old.content == content);
        meta.size = length as u64;
        if !is_same_content {
            self.builder.commit(&meta, at, &self.attributes, WHOLE, 0, length);
            self.builder.counts.bytes += length as u64;
            self.count();
        } else if !is_same(old.as_ref(), &row) {
            self.builder.add(&meta, at, &self.attributes, WHOLE | PATCH, 0, &[])?;
            self.count();
        }
        self.links.remember(stat, at, !is_same_content);
        self.builder.add_row(row);
        self.watch.add_bytes(room as u64);
        self.watch.add_file();
        self.warn_if_changed(at, file, stat);
        Ok(Read::Done)
    }

    fn large_file(&mut self, at: &[u8], file: &OwnedFd, stat: &Stat, old: Option<EntryRow>) -> Outcome<Read> {
        let is_patch = old.is_some_and(|old| old.is_file_in_blocks());
        let meta = meta_of(Kind::File, stat);
        let flags = record::FIRST | if is_patch { PATCH } else { 0 };
        let mut row = self.row(at, meta, stat, [0; index::DIGEST]);
        row.flags |= index::IN_BLOCKS;
        self.builder.reserve(record::ENTRY_FIXED + at.len(), row.encoded_length())?;
        self.builder.add(&meta, at, &[], flags, 0, &[])?;
        self.builder.add_row(row);
        self.links.remember(stat, at, !is_patch);
        self.large_data(at, file, stat, meta, 0, is_patch)
    }

    fn large_data(&mut self, at: &[u8], file: &OwnedFd, stat: &Stat, mut meta: Meta, from: u64, is_patch: bool) -> Outcome<Read> {
        let mut data = LargeFile {
            file: file.as_fd(),
            path: at,
            meta,
            builder: &mut self.builder,
            digests: &self.digests,
            base: if is_patch { self.base.as_mut().map(|base| &mut base.rows) } else { None },
            watch: &self.watch,
        };
        let end = data.read(from, stat.st_size as u64, may_have_holes(stat))?;
        if let Some(errno) = end.failed {
            self.failed_read(at, errno)?;
            let message = format!("could be read only up to byte {}: {}", end.offset, describe(errno));
            self.watch.warn("Unreadable", at, message);
        }
        meta.size = end.offset;
        self.builder.add(&meta, at, &self.attributes, record::LAST, end.offset, &[])?;
        self.builder.end_row(end.offset);
        self.count();
        self.watch.add_file();
        self.warn_if_changed(at, file, stat);
        Ok(Read::Done)
    }

    /// Goes on with the entry in which an earlier attempt ended.
    fn go_on(&mut self, walk: &Walk, stat: &Stat) -> Outcome<Read> {
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
                self.links.remember(&stat, at, true);
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
        self.links.remember(&stat, at, true);
        let is_patch = old.is_some_and(|old| old.is_file_in_blocks());
        // A file that grew meanwhile ended within a block, which is read again: digests lie on the grid.
        let on_grid = position.offset / index::BLOCK as u64 * index::BLOCK as u64;
        let from = if is_patch || self.builder.keeps_index() { on_grid } else { position.offset };
        self.watch.add_bytes(from);
        self.large_data(at, &file, &stat, meta, from, is_patch)
    }

    /// An entry that an earlier attempt left in the middle is ended before anything follows it.
    fn end_unfinished(&mut self) -> Outcome<()> {
        let Some(position) = self.position.as_mut().filter(|position| !position.is_whole) else { return Ok(()) };
        position.is_whole = true;
        let (at, offset, meta) = (position.path.clone(), position.offset, position.meta);
        self.warn_vanished(&at);
        if let Some(meta) = meta {
            let meta = Meta { size: offset, ..meta };
            self.builder.add(&meta, &at, &[], record::LAST, offset, &[])?;
            self.count();
        }
        self.builder.end_row(offset);
        Ok(())
    }

    /// Passes by what an earlier attempt archived.
    fn is_archived(&mut self, at: &[u8], stat: &Stat) -> Outcome<bool> {
        let Some(position) = &self.position else { return Ok(false) };
        if position.standing(at) == Standing::Ahead {
            self.end_unfinished()?;
            return Ok(false);
        }
        if kind_of(stat).is_some_and(|kind| kind != Kind::Directory) {
            // On a live volume it may have appeared behind us: what changed since the copy began is no target for hard links.
            // And what an attempt with warnings passed may not be there either.
            let is_there = position.counts.warnings == 0 && changed_at_ms(stat) < self.started_at_ms - CLOCK_TICK_MS;
            if is_there && self.links.find(stat).is_none() {
                self.links.remember(stat, at, true);
            }
            self.watch.add_bytes(if kind_of(stat) == Some(Kind::File) { stat.st_size as u64 } else { 0 });
            self.watch.add_file();
        }
        Ok(true)
    }

    fn open(&mut self, walk: &Walk) -> Result<OwnedFd, Errno> {
        // A fifo that took the file's place must not make us wait for its other end.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        if self.keeps_access_times {
            match rustix::fs::openat(walk.directory(), walk.name(), flags | OFlags::NOATIME, Mode::empty()) {
                Err(Errno::PERM) => self.keeps_access_times = false,
                other => return other,
            }
        }
        rustix::fs::openat(walk.directory(), walk.name(), flags, Mode::empty())
    }

    /// What the base says of this path; what it says of paths before is gone.
    fn take_old(&mut self, at: &[u8], is_directory: bool) -> Outcome<Option<EntryRow>> {
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
    fn remove_before(&mut self, at: Option<&[u8]>) -> Outcome<()> {
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

    fn row(&self, at: &[u8], meta: Meta, stat: &Stat, content: Digest) -> EntryRow {
        let attributes = if self.attributes.is_empty() { [0; index::DIGEST] } else { self.digests.of(&self.attributes) };
        EntryRow {
            path: at.to_vec(),
            meta,
            flags: 0,
            ctime: stat.st_ctime,
            ctime_nanos: stat.st_ctime_nsec as u32,
            inode: stat.st_ino,
            attributes,
            content,
        }
    }

    /// Adds an entry's row and, unless the base has it just so, its record.
    fn add_entry(&mut self, row: EntryRow, is_new: bool, data: &[u8]) -> Outcome<()> {
        let head = record::ENTRY_FIXED + row.path.len() + self.attributes.len();
        self.builder.reserve(head + data.len(), row.encoded_length())?;
        if is_new {
            self.builder.add(&row.meta, &row.path, &self.attributes, WHOLE, 0, data)?;
            self.builder.counts.entries += 1;
            self.builder.counts.files += u64::from(row.meta.kind != Kind::Directory);
        }
        self.builder.add_row(row);
        Ok(())
    }

    fn count(&mut self) {
        self.builder.counts.entries += 1;
        self.builder.counts.files += 1;
    }

    fn warn_if_changed(&self, at: &[u8], file: &OwnedFd, before: &Stat) {
        let is_same = rustix::fs::fstat(file).is_ok_and(|after| {
            (after.st_mtime, after.st_mtime_nsec, after.st_size) == (before.st_mtime, before.st_mtime_nsec, before.st_size)
        });
        if !is_same {
            self.warn_changed(at);
        }
    }

    fn warn_changed(&self, at: &[u8]) {
        self.watch.warn("ChangedWhileRead", at, "was written to while it was read: its copy may mix old and new content");
    }

    fn warn_vanished(&self, at: &[u8]) {
        self.watch.warn("Vanished", at, "was deleted or replaced while the volume was read");
    }

    /// Of the entry at hand; what cannot be read is told, and the entry goes without it.
    fn read_attributes(&mut self, target: &xattr::Target, at: &[u8]) {
        self.attributes.clear();
        if let Err(errno) = xattr::read(target, &mut self.attributes) {
            let message = format!("has extended attributes that could not be read: {}", describe(errno));
            self.watch.warn("AttributesUnreadable", at, message);
        }
    }
}

/// Whether an error tells of the volume, the network or this machine, and not of one file.
fn is_of_the_volume(errno: Errno) -> bool {
    use Errno as E;
    matches!(errno, E::SHUTDOWN | E::NOTCONN | E::STALE | E::TIMEDOUT | E::NODEV | E::NOMEM | E::MFILE | E::NFILE)
}

/// Reads until the space is full or the file ends.
pub fn read_fully(file: impl AsFd, space: &mut [u8], offset: u64) -> Result<usize, Errno> {
    let mut length = 0;
    while length < space.len() {
        match rustix::io::pread(&file, &mut space[length..], offset + length as u64) {
            Ok(0) => break,
            Ok(got) => length += got,
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(length)
}

/// Whether the entry is as the base has it, content and metadata.
fn is_same(old: Option<&EntryRow>, row: &EntryRow) -> bool {
    old.is_some_and(|old| old.meta == row.meta && old.attributes == row.attributes && old.content == row.content)
}

fn changed_at_ms(stat: &Stat) -> i64 {
    stat.st_ctime.saturating_mul(1000).saturating_add(stat.st_ctime_nsec as i64 / 1_000_000)
}

/// Whether nobody can have changed a file since the base, as its times and identity tell.
fn is_untouched(old: &EntryRow, stat: &Stat, base_started_at: i64) -> bool {
    old.meta == meta_of(Kind::File, stat)
        && (old.ctime, old.ctime_nanos, old.inode) == (stat.st_ctime, stat.st_ctime_nsec as u32, stat.st_ino)
        && old.ctime < base_started_at - CLOCK_DOUBT_SECONDS
}
