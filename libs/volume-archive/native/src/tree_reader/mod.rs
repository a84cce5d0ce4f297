//! Reads a file system tree into packs: all of it, or what changed since a base.

mod against_base;
mod files;
mod resume;
#[cfg(test)]
mod tests;

pub use against_base::Base;
use against_base::is_same;
pub use files::read_fully;

use crate::failure::{Outcome, cancelled, describe, read_failed};
use crate::hard_links::HardLinks;
use crate::index::{self, Digest, EntryRow, IndexDigests};
use crate::pack_builder::PackBuilder;
use crate::path;
use crate::position::{Position, Standing};
use crate::prefetch::Prefetch;
use crate::record::{self, Kind, Meta, WHOLE};
use crate::stats::{kind_of, meta_of};
use crate::walk::{Step, Walk, is_vanished};
use crate::watch::Watch;
use crate::xattr;
use rustix::fs::{FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

/// Up to here a file lies whole in one pack.
pub const SMALL_FILE: u64 = 1 << 20;
/// A bad sector costs a file; when nothing can be read any more, the volume is gone.
const MOST_FAILURES_IN_A_ROW: u32 = 16;
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
    /// The attributes of the entry at hand could not be read.
    lacks_attributes: bool,
    keeps_access_times: bool,
    prefetch: Prefetch,
    failures: u64,
    failures_in_a_row: u32,
}

enum Read {
    Done,
    Vanished,
    Failed(Errno),
    /// Neither, but the base has it: it stays as it is there.
    Kept(Errno),
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
            lacks_attributes: false,
            keeps_access_times: true,
            prefetch: Prefetch::default(),
            failures: 0,
            failures_in_a_row: 0,
        }
    }

    pub fn read(&mut self, root: &[u8]) -> Outcome<()> {
        self.flush_volume(root);
        let (mut walk, stat) = Walk::begin(root).map_err(|errno| read_failed("the root", errno))?;
        self.directory(&walk, &stat)?;
        loop {
            if self.watch.is_stopped() {
                return Err(cancelled());
            }
            let failures_before = self.failures;
            let read = match walk.step() {
                Step::End => break,
                Step::Failed(errno) => self.not_seen(walk.path(), errno)?,
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
                Read::Failed(errno) => self.warn_unreadable(walk.path(), errno, "could not be read and is not in the archive")?,
                Read::Kept(errno) => self.warn_unreadable(walk.path(), errno, "could not be read and stays as the earlier copy has it")?,
            }
            if self.failures == failures_before {
                self.failures_in_a_row = 0;
            }
        }
        self.end_unfinished()?;
        self.remove_before(None)?;
        self.builder.flush()
    }

    /// Pages that a program writes by a mapping of its file change the file's times only when the system has written them out before. A
    /// later delta goes by these times: after this each write that we do not see gives the file a time behind our beginning.
    fn flush_volume(&self, root: &[u8]) {
        if !self.builder.keeps_index() {
            return;
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let flushed = rustix::fs::open(root, flags, Mode::empty()).and_then(rustix::fs::syncfs);
        if let Err(errno) = flushed {
            self.watch.warn("NotFlushed", &[], format!("could not be flushed before it was read: {}", describe(errno)));
        }
    }

    /// What stands where the walk could not look.
    fn not_seen(&mut self, at: &[u8], errno: Errno) -> Outcome<Read> {
        if is_vanished(errno) { Ok(Read::Vanished) } else { self.keep_below(at, errno) }
    }

    fn warn_unreadable(&mut self, at: &[u8], errno: Errno, what: &str) -> Outcome<()> {
        self.failed_read(at, errno)?;
        self.watch.warn("Unreadable", at, format!("{what}: {}", describe(errno)));
        Ok(())
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
        self.warn_if_moved(at, stat);
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
            Err(errno) => return self.not_seen(walk.path(), errno),
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
                match self.take_old(at, false)? {
                    Some(old) if self.is_untouched(&old, &stat) => self.keep_file(walk, &stat, old),
                    old => {
                        let read = self.open_and_read(walk, Some(old.clone()))?;
                        self.not_read(at, old, read)
                    }
                }
            }
            Some(kind) => self.special(walk, kind, &stat),
        }
    }

    fn hard_link(&mut self, walk: &Walk, stat: &Stat, first: &[u8], is_fresh: bool) -> Outcome<Read> {
        let at = walk.path();
        let mut meta = meta_of(Kind::File, stat);
        (meta.kind, meta.size) = (Kind::HardLink, 0);
        self.attributes.clear();
        self.lacks_attributes = false;
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
                Err(errno) => return self.not_seen(at, errno),
            },
            _ => Vec::new(),
        };
        self.read_attributes(&xattr::Target::entry(walk.directory(), walk.name()), at);
        let row = self.row(at, meta_of(kind, stat), stat, self.digests.of(&target));
        let old = self.take_old(at, false)?;
        let is_new = !is_same(old.as_ref(), &row);
        self.remember_name(stat, at, is_new);
        self.add_entry(row, is_new, &target)?;
        self.watch.add_file();
        Ok(Read::Done)
    }

    fn row(&self, at: &[u8], meta: Meta, stat: &Stat, content: Digest) -> EntryRow {
        let attributes = if self.attributes.is_empty() { [0; index::DIGEST] } else { self.digests.of(&self.attributes) };
        EntryRow {
            path: at.to_vec(),
            meta,
            flags: if self.lacks_attributes { index::IN_PART } else { 0 },
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
            self.builder.count_entry(row.meta.kind != Kind::Directory);
        }
        self.builder.add_row(row);
        Ok(())
    }

    /// For the names of this entry that come later.
    fn remember_name(&mut self, stat: &Stat, at: &[u8], is_fresh: bool) {
        if !self.links.remember(stat, at, is_fresh) {
            let message = format!(
                "has {} names (hard links), and the volume more such files than can be kept in mind: names of it that come later are copied \
                 as files of their own",
                stat.st_nlink
            );
            self.watch.warn("HardLinkNotKept", at, message);
        }
    }

    fn count(&mut self) {
        self.builder.count_entry(true);
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
        let read = xattr::read(target, &mut self.attributes);
        self.lacks_attributes = read.is_err();
        if let Err(errno) = read {
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
