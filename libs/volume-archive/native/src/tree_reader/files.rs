//! Files: small ones as one record, large ones in pieces.

use super::against_base::is_same;
use super::{Read, SMALL_FILE, TreeReader};
use crate::failure::{Outcome, describe};
use crate::index::{self, EntryRow};
use crate::large_file::LargeFile;
use crate::record::{self, Kind, Meta, PATCH, WHOLE};
use crate::stats::{kind_of, may_have_holes, meta_of};
use crate::walk::Walk;
use crate::xattr;
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{Mode, OFlags, Stat};
use rustix::io::Errno;

impl TreeReader {
    /// `old`: what the base says of this path, if it was looked up already.
    pub(super) fn open_and_read(&mut self, walk: &Walk, old: Option<Option<EntryRow>>) -> Outcome<Read> {
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
            self.builder.count_bytes(length);
            self.count();
        } else if !is_same(old.as_ref(), &row) {
            self.builder.add(&meta, at, &self.attributes, WHOLE | PATCH, 0, &[])?;
            self.count();
        }
        self.remember_name(stat, at, !is_same_content);
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
        self.remember_name(stat, at, !is_patch);
        self.large_data(at, file, stat, meta, 0, is_patch)
    }

    pub(super) fn large_data(
        &mut self,
        at: &[u8],
        file: &OwnedFd,
        stat: &Stat,
        mut meta: Meta,
        from: u64,
        is_patch: bool,
    ) -> Outcome<Read> {
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

    pub(super) fn open(&mut self, walk: &Walk) -> Result<OwnedFd, Errno> {
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

    fn warn_if_changed(&self, at: &[u8], file: &OwnedFd, before: &Stat) {
        let is_same = rustix::fs::fstat(file).is_ok_and(|after| {
            (after.st_mtime, after.st_mtime_nsec, after.st_size) == (before.st_mtime, before.st_mtime_nsec, before.st_size)
        });
        if !is_same {
            self.warn_changed(at);
        }
    }
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
