//! Walks a tree: each directory before what is in it, names in byte order, so two walks of one snapshot are the same.
//! Memory holds the names of the directories from the root to here.

use crate::names::Names;
use crate::path::MAX_PATH;
use crate::prefetch::share;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use std::sync::Arc;

pub const OPEN_DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// mkfs makes it in the root of ext file systems; each volume has its own.
pub const NOT_CONTENT: &[u8] = b"lost+found";

struct OpenDirectory {
    fd: OwnedFd,
    path_length: usize,
    names: Names,
    /// For those who look ahead, and how far they were told.
    shared: Option<Arc<OwnedFd>>,
    told: usize,
}

/// Where the walk stands.
pub enum Step {
    /// A directory was entered; its path and status are the walk's.
    Directory(Stat),
    /// An entry that is no directory, or that turned into something else; it lies in `Walk::directory`.
    Entry(FileType),
    /// The entry could not be looked at.
    Failed(Errno),
    End,
}

pub struct Walk {
    stack: Vec<OpenDirectory>,
    path: Vec<u8>,
    name_length: usize,
}

impl Walk {
    /// Opens the root, which is the only place where links are followed.
    pub fn begin(root: &[u8]) -> Result<(Self, Stat), Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = rustix::fs::open(root, flags, Mode::empty())?;
        let stat = rustix::fs::fstat(&fd)?;
        let names = Names::read(&fd)?;
        let root = OpenDirectory { fd, path_length: 0, names, shared: None, told: 0 };
        Ok((Self { stack: vec![root], path: Vec::new(), name_length: 0 }, stat))
    }

    /// Path of the entry of the last step.
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    pub fn name(&self) -> &[u8] {
        &self.path[self.path.len() - self.name_length..]
    }

    /// The directory that was entered by the last step, or in which its entry lies.
    pub fn directory(&self) -> BorrowedFd<'_> {
        self.stack.last().expect("the walk has not ended").fd.as_fd()
    }

    pub fn stat(&self) -> Result<Stat, Errno> {
        rustix::fs::statat(self.directory(), self.name(), AtFlags::SYMLINK_NOFOLLOW)
    }

    pub fn step(&mut self) -> Step {
        loop {
            let Some(top) = self.stack.last_mut() else { return Step::End };
            self.path.truncate(top.path_length);
            let Some((name, kind)) = top.names.peek() else {
                self.stack.pop();
                continue;
            };
            if top.path_length == 0 && name == NOT_CONTENT {
                top.names.advance();
                continue;
            }
            if top.path_length > 0 {
                self.path.push(b'/');
            }
            self.path.extend_from_slice(name);
            self.name_length = name.len();
            top.names.advance();
            if self.path.len() > MAX_PATH {
                return Step::Failed(Errno::NAMETOOLONG); // no reader takes it
            }
            let kind = match kind {
                FileType::Unknown => match self.stat() {
                    Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                    Err(errno) => return Step::Failed(errno),
                },
                known => known,
            };
            if kind != FileType::Directory {
                return Step::Entry(kind);
            }
            return match self.enter() {
                Ok(stat) => Step::Directory(stat),
                Err(errno) => Step::Failed(errno),
            };
        }
    }

    /// Tells of the next entries of the present directory, each once.
    pub fn look_ahead(&mut self, count: usize, mut tell: impl FnMut(&Arc<OwnedFd>, &[u8], FileType)) {
        let Some(top) = self.stack.last_mut() else { return };
        if top.shared.is_none() {
            top.shared = share(top.fd.as_fd());
        }
        let Some(shared) = &top.shared else { return };
        for (index, name, kind) in top.names.ahead(top.told, count) {
            tell(shared, name, kind);
            top.told = index + 1;
        }
    }

    fn enter(&mut self) -> Result<Stat, Errno> {
        let fd = rustix::fs::openat(self.directory(), self.name(), OPEN_DIRECTORY, Mode::empty())?;
        let stat = rustix::fs::fstat(&fd)?;
        let names = Names::read(&fd)?;
        self.stack.push(OpenDirectory { fd, path_length: self.path.len(), names, shared: None, told: 0 });
        Ok(stat)
    }
}

/// Whether an entry is gone, or has become something else meanwhile.
pub fn is_vanished(errno: Errno) -> bool {
    matches!(errno, Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::NXIO)
}
