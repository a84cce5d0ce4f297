//! Lays a file system tree. Records come in the order of the walk, each path once, each parent before its children: so an entry is
//! only ever made in a directory that is held open, reached from the root through real directories alone, and no path of an archive,
//! no symbolic link in it and none on the volume can lead anywhere else.

use crate::copy_file::{Original, make_again};
use crate::failure::{Failure, Outcome, Reason, cancelled, damaged, describe, write_failed};
use crate::metadata::{Fresh, is_refusal, lay_on_entry, lay_on_open};
use crate::names::Names;
use crate::path::{self, compare, show};
use crate::protection::unprotected;
use crate::record::{Entry, Kind, Meta};
use crate::remove::remove_at;
use crate::walk::{NOT_CONTENT, OPEN_DIRECTORY};
use crate::watch::Watch;
use crate::xattr;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, FallocateFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use std::sync::Arc;

const CREATE: OFlags = OFlags::WRONLY.union(OFlags::CREATE).union(OFlags::EXCL).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
const OPEN: OFlags = OFlags::WRONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);
const OWNER_ONLY: u32 = 0o600;

struct OpenDirectory {
    fd: Arc<OwnedFd>,
    path: Vec<u8>,
    /// Laid when the last entry below is done, or else its time would move on and its mode might forbid writing.
    meta: Meta,
    attributes: Vec<u8>,
    /// Names that were here before and that the archive has not mentioned yet; only of a whole archive.
    surplus: Option<Names>,
    /// What a file gets that is made here, learnt from the first one: it depends on the directory and on how the volume is mounted.
    fresh: Option<Fresh>,
}

struct OpenFile {
    fd: OwnedFd,
    path: Vec<u8>,
    is_fresh: bool,
}

pub struct TreeWriter {
    root: Arc<OwnedFd>,
    watch: Arc<Watch>,
    directories: Vec<OpenDirectory>,
    last: Option<Vec<u8>>,
    file: Option<OpenFile>,
    /// The volume did not take some entry: a hard link to what is not there may be to one of these.
    lacks_some: bool,
    /// The archive tells only what changed.
    is_delta: bool,
}

impl TreeWriter {
    /// Opens the root, which is the only place where links are followed.
    pub fn open(root: &[u8], watch: Arc<Watch>) -> Outcome<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = rustix::fs::open(root, flags, Mode::empty()).map_err(|errno| write_failed("the root", errno))?;
        Ok(Self { root: Arc::new(fd), watch, directories: Vec::new(), last: None, file: None, lacks_some: false, is_delta: false })
    }

    /// The archive tells what changed since the state in which the volume is.
    pub fn begin_delta(&mut self) -> Outcome<()> {
        if self.last.is_some() || self.is_delta {
            return Err(damaged("The archive tells its base in the middle"));
        }
        self.is_delta = true;
        Ok(())
    }

    pub fn apply(&mut self, entry: &Entry) -> Outcome<()> {
        if entry.is_first() { self.begin(entry) } else { self.go_on(entry) }
    }

    /// A range of the file that is being patched becomes zeros.
    pub fn hole(&mut self, offset: u64, length: u64) -> Outcome<()> {
        let file = self.file.as_ref().ok_or_else(|| damaged("The archive holds a hole without its file"))?;
        punch(file.fd.as_fd(), offset, length).map_err(|errno| write_failed(&show(&file.path), errno))
    }

    /// What is at this path is gone, with all below it.
    pub fn remove(&mut self, at: &[u8]) -> Outcome<()> {
        if !self.is_delta {
            return Err(damaged("The archive removes something, and is not based on another"));
        }
        self.assert_no_open_file()?;
        let directory = self.parent_of(at)?;
        self.last = Some(at.to_vec());
        remove_at(directory.as_fd(), path::split(at).1, at)
    }

    pub fn finish(&mut self) -> Outcome<()> {
        self.assert_no_open_file()?;
        if self.last.is_none() {
            return Err(damaged("The archive is empty"));
        }
        self.leave_until(|_| false)?;
        // What is told to be there must be there after the node loses its power as well.
        rustix::fs::syncfs(&*self.root).map_err(|errno| write_failed("the root", errno))
    }

    fn begin(&mut self, entry: &Entry) -> Outcome<()> {
        self.assert_no_open_file()?;
        if entry.meta.kind == Kind::Image || (entry.path.is_empty() && entry.meta.kind != Kind::Directory) {
            return Err(damaged("The archive is that of a Block volume, and this is a Filesystem volume"));
        }
        if !entry.is_last() && entry.meta.kind != Kind::File {
            return Err(damaged(format!("The archive holds {} in pieces", show(entry.path))));
        }
        if entry.is_patch() && !self.is_delta {
            return Err(damaged(format!("The archive changes {}, and is not based on another", show(entry.path))));
        }
        if entry.path.is_empty() {
            return self.root(entry);
        }
        let directory = self.parent_of(entry.path)?;
        self.last = Some(entry.path.to_vec());
        let name = path::split(entry.path).1;
        self.drop_surplus_before(name)?;
        match entry.meta.kind {
            Kind::Directory => self.directory(entry, &directory, name),
            Kind::File if entry.is_patch() => self.patch_file(entry, &directory, name),
            Kind::File => self.make_file(entry, &directory, name),
            Kind::Symlink => self.make_symlink(entry, &directory, name),
            Kind::HardLink => self.make_hard_link(entry, &directory, name),
            Kind::Fifo | Kind::CharacterDevice | Kind::BlockDevice => self.make_special(entry, &directory, name),
            Kind::Image => unreachable!("refused above"),
        }
    }

    fn root(&mut self, entry: &Entry) -> Outcome<()> {
        if self.last.is_some() {
            return Err(damaged("The archive holds the root twice or out of order"));
        }
        self.last = Some(Vec::new());
        let root = self.root.clone();
        self.enter(root, entry, !self.is_delta)
    }

    fn go_on(&mut self, entry: &Entry) -> Outcome<()> {
        if entry.meta.kind != Kind::File || self.file.as_ref().is_none_or(|file| file.path != entry.path) {
            return Err(damaged(format!("The archive holds a piece of {} without its beginning", show(entry.path))));
        }
        self.write_piece(entry)
    }

    fn directory(&mut self, entry: &Entry, parent: &OwnedFd, name: &[u8]) -> Outcome<()> {
        let failed = |errno| write_failed(&show(entry.path), errno);
        let make = || rustix::fs::mkdirat(parent, name, Mode::from_raw_mode(0o700));
        let open = || rustix::fs::openat(parent, name, OPEN_DIRECTORY, Mode::empty());
        let (fd, was_there) = match unprotected(parent.as_fd(), name, entry.path, make)? {
            Ok(()) => (open(), false),
            Err(Errno::EXIST) => match open() {
                Err(Errno::NOTDIR | Errno::LOOP) => {
                    remove_at(parent.as_fd(), name, entry.path)?;
                    make().map_err(failed)?;
                    (open(), false)
                }
                other => (other, true),
            },
            Err(errno) => return Err(failed(errno)),
        };
        self.enter(Arc::new(fd.map_err(failed)?), entry, was_there && !self.is_delta)
    }

    fn enter(&mut self, fd: Arc<OwnedFd>, entry: &Entry, may_hold_surplus: bool) -> Outcome<()> {
        let surplus = match may_hold_surplus {
            true => Some(Names::read(&*fd).map_err(|errno| write_failed(&show(entry.path), errno))?),
            false => None,
        };
        self.directories.push(OpenDirectory {
            fd,
            path: entry.path.to_vec(),
            meta: entry.meta,
            attributes: entry.attributes.to_vec(),
            surplus,
            fresh: None,
        });
        Ok(())
    }

    /// The open directory in which `at` lies; leaves those that the walk has left.
    fn parent_of(&mut self, at: &[u8]) -> Outcome<Arc<OwnedFd>> {
        match &self.last {
            None => return Err(damaged(format!("The archive begins with {} instead of the root", show(at)))),
            Some(last) if compare(last, at).is_ge() => {
                return Err(damaged(format!("The archive holds {} after {}, out of order", show(at), show(last))));
            }
            Some(_) => {}
        }
        let parent = path::split(at).0;
        self.leave_until(|directory| directory.path == parent)?;
        let in_none = || damaged(format!("The archive holds {} in what is no directory", show(at)));
        self.directories.last().map(|directory| directory.fd.clone()).ok_or_else(in_none)
    }

    fn leave_until(&mut self, is_wanted: impl Fn(&OpenDirectory) -> bool) -> Outcome<()> {
        while self.directories.last().is_some_and(|top| !is_wanted(top)) {
            let mut top = self.directories.pop().expect("there is a last one");
            remove_surplus(&mut top, None)?;
            lay_on_open(top.fd.as_fd(), &top.path, &top.meta, &top.attributes, None, &self.watch)?;
        }
        Ok(())
    }

    /// Removes what was in the present directory and comes before `name`, which the archive holds next.
    fn drop_surplus_before(&mut self, name: &[u8]) -> Outcome<()> {
        match self.directories.last_mut() {
            Some(top) => remove_surplus(top, Some(name)),
            None => Ok(()),
        }
    }

    fn make_file(&mut self, entry: &Entry, parent: &OwnedFd, name: &[u8]) -> Outcome<()> {
        let mode = Mode::from_raw_mode(OWNER_ONLY);
        let fd = make_anew(parent, name, entry.path, || rustix::fs::openat(parent, name, CREATE, mode))?
            .map_err(|errno| write_failed(&show(entry.path), errno))?;
        if let Some(directory) = self.directories.last_mut().filter(|directory| directory.fresh.is_none()) {
            let stat = rustix::fs::fstat(&fd).map_err(|errno| write_failed(&show(entry.path), errno))?;
            directory.fresh = Some(Fresh { uid: stat.st_uid, gid: stat.st_gid, mode: stat.st_mode & 0o7777 });
        }
        self.file = Some(OpenFile { fd, path: entry.path.to_vec(), is_fresh: true });
        self.write_piece(entry)
    }

    fn patch_file(&mut self, entry: &Entry, parent: &OwnedFd, name: &[u8]) -> Outcome<()> {
        let fd = match unprotected(parent.as_fd(), name, entry.path, || rustix::fs::openat(parent, name, OPEN, Mode::empty()))? {
            Ok(fd) => fd,
            Err(Errno::NOENT | Errno::LOOP | Errno::ISDIR | Errno::NXIO) => return Err(not_the_base(entry.path)),
            Err(errno) => return Err(write_failed(&show(entry.path), errno)),
        };
        let stat = rustix::fs::fstat(&fd).map_err(|errno| write_failed(&show(entry.path), errno))?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(not_the_base(entry.path));
        }
        if entry.is_last() && entry.meta.size != stat.st_size as u64 {
            return Err(not_the_base(entry.path));
        }
        self.file = Some(OpenFile { fd, path: entry.path.to_vec(), is_fresh: false });
        self.write_piece(entry)
    }

    fn write_piece(&mut self, entry: &Entry) -> Outcome<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let failed = |errno| write_failed(&show(entry.path), errno);
        write_fully(file.fd.as_fd(), entry.data, entry.offset).map_err(failed)?;
        self.watch.add_bytes(entry.data.len() as u64);
        if !entry.is_last() {
            return Ok(());
        }
        if !entry.is_first() || entry.data.len() as u64 != entry.meta.size {
            rustix::fs::ftruncate(&file.fd, entry.meta.size).map_err(failed)?;
        }
        let fresh = self.directories.last().and_then(|directory| directory.fresh.as_ref()).filter(|_| file.is_fresh);
        lay_on_open(file.fd.as_fd(), entry.path, &entry.meta, entry.attributes, fresh, &self.watch)?;
        self.file = None;
        Ok(())
    }

    fn make_symlink(&mut self, entry: &Entry, parent: &OwnedFd, name: &[u8]) -> Outcome<()> {
        if entry.data.is_empty() || entry.data.contains(&0) {
            return Err(damaged(format!("The archive holds the symbolic link {} without a valid target", show(entry.path))));
        }
        match make_anew(parent, name, entry.path, || rustix::fs::symlinkat(entry.data, parent, name))? {
            Ok(()) => lay_on_entry(parent.as_fd(), name, entry.path, &entry.meta, entry.attributes, true, &self.watch),
            Err(errno) if is_refusal(errno) || errno == Errno::NAMETOOLONG => {
                self.lacks_some = true;
                let message =
                    format!("is a symbolic link to {}, which the destination volume did not take: {}", show(entry.data), describe(errno));
                self.watch.warn("SymlinkNotMade", entry.path, message);
                Ok(())
            }
            Err(errno) => Err(write_failed(&show(entry.path), errno)),
        }
    }

    fn make_special(&mut self, entry: &Entry, parent: &OwnedFd, name: &[u8]) -> Outcome<()> {
        let kind = match entry.meta.kind {
            Kind::Fifo => FileType::Fifo,
            Kind::CharacterDevice => FileType::CharacterDevice,
            _ => FileType::BlockDevice,
        };
        let device = rustix::fs::makedev(entry.meta.major, entry.meta.minor);
        let mode = Mode::from_raw_mode(OWNER_ONLY);
        match make_anew(parent, name, entry.path, || rustix::fs::mknodat(parent, name, kind, mode, device))? {
            Ok(()) => lay_on_entry(parent.as_fd(), name, entry.path, &entry.meta, entry.attributes, false, &self.watch),
            Err(errno) if is_refusal(errno) => {
                self.lacks_some = true;
                let message = format!("is a device or a named pipe, which could not be made here: {}", describe(errno));
                self.watch.warn("SpecialFileSkipped", entry.path, message);
                Ok(())
            }
            Err(errno) => Err(write_failed(&show(entry.path), errno)),
        }
    }

    fn make_hard_link(&mut self, entry: &Entry, parent: &OwnedFd, name: &[u8]) -> Outcome<()> {
        let target = entry.data;
        path::assert_safe(target)?;
        if compare(target, entry.path).is_ge() {
            return Err(damaged(format!("The archive links {} to {}, which comes later", show(entry.path), show(target))));
        }
        let missing = || damaged(format!("The archive links to {}, which it does not hold", show(target)));
        let (directory, existing) = self.beneath(target)?.ok_or_else(missing)?;
        let stat = match rustix::fs::statat(&*directory, existing, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) if self.lacks_some => {
                let message = format!("is another name of {}, which is not here: the destination volume did not take it", show(target));
                self.watch.warn("HardLinkNotMade", entry.path, message);
                return Ok(());
            }
            Err(Errno::NOENT) => return Err(missing()),
            other => other.map_err(|errno| write_failed(&show(target), errno))?,
        };
        if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
            return Err(damaged(format!("The archive links {} to a directory", show(entry.path))));
        }
        match make_anew(parent, name, entry.path, || rustix::fs::linkat(&*directory, existing, parent, name, AtFlags::empty()))? {
            Ok(()) => Ok(()),
            Err(errno) if is_refusal(errno) || matches!(errno, Errno::MLINK | Errno::XDEV) => {
                let message = format!(
                    "is another name (hard link) of {}, which the destination volume did not take: it is a file of its own here, and changes \
                     of the one do not reach the other: {}",
                    show(target),
                    describe(errno)
                );
                self.watch.warn("HardLinkCopied", entry.path, message);
                self.copy_instead(entry, parent, name, &Original { directory: directory.as_fd(), name: existing, stat })
            }
            Err(errno) => Err(write_failed(&show(entry.path), errno)),
        }
    }

    fn copy_instead(&self, entry: &Entry, parent: &OwnedFd, name: &[u8], original: &Original) -> Outcome<()> {
        let failed = |errno| write_failed(&show(entry.path), errno);
        match make_again(original, parent.as_fd(), name, &self.watch) {
            Err(Errno::CANCELED) => return Err(cancelled()),
            other => other.map_err(failed)?,
        }
        let mut attributes = Vec::new();
        xattr::read(&xattr::Target::entry(original.directory, original.name), &mut attributes).map_err(failed)?;
        let is_link = FileType::from_raw_mode(original.stat.st_mode) == FileType::Symlink;
        lay_on_entry(parent.as_fd(), name, entry.path, &entry.meta, &attributes, is_link, &self.watch)
    }

    /// Resolves a path from the root, through real directories only.
    fn beneath<'a>(&self, at: &'a [u8]) -> Outcome<Option<(Arc<OwnedFd>, &'a [u8])>> {
        let (parent, name) = path::split(at);
        if let Some(open) = self.directories.iter().rev().find(|directory| directory.path == parent) {
            return Ok(Some((open.fd.clone(), name)));
        }
        let mut directory = self.root.clone();
        for step in parent.split(|&byte| byte == b'/').filter(|step| !step.is_empty()) {
            directory = match rustix::fs::openat(&*directory, step, OPEN_DIRECTORY, Mode::empty()) {
                Ok(fd) => Arc::new(fd),
                Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => return Ok(None),
                Err(errno) => return Err(write_failed(&show(at), errno)),
            };
        }
        Ok(Some((directory, name)))
    }

    fn assert_no_open_file(&self) -> Outcome<()> {
        match &self.file {
            Some(file) => Err(damaged(format!("The archive leaves {} unfinished", show(&file.path)))),
            None => Ok(()),
        }
    }
}

fn remove_surplus(directory: &mut OpenDirectory, before: Option<&[u8]>) -> Outcome<()> {
    let Some(names) = &mut directory.surplus else { return Ok(()) };
    while let Some((name, _)) = names.peek() {
        if let Some(before) = before
            && name >= before
        {
            if name == before {
                names.advance();
            }
            return Ok(());
        }
        let is_kept = directory.path.is_empty() && name == NOT_CONTENT;
        if !is_kept {
            remove_at(directory.fd.as_fd(), name, &path::join(&directory.path, name))?;
        }
        names.advance();
    }
    Ok(())
}

/// Makes an entry; what an earlier attempt (or anybody) left in its place is removed, never written through.
/// @returns what making it ended with
fn make_anew<T>(parent: &OwnedFd, name: &[u8], at: &[u8], make: impl Fn() -> Result<T, Errno>) -> Outcome<Result<T, Errno>> {
    match unprotected(parent.as_fd(), name, at, &make)? {
        Err(Errno::EXIST) => {
            remove_at(parent.as_fd(), name, at)?;
            Ok(make())
        }
        other => Ok(other),
    }
}

pub fn write_fully(file: BorrowedFd, data: &[u8], offset: u64) -> Result<(), Errno> {
    let mut done = 0;
    while done < data.len() {
        match rustix::io::pwrite(file, &data[done..], offset + done as u64) {
            Ok(0) => return Err(Errno::IO),
            Ok(written) => done += written,
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

/// Makes a range zeros, as a hole where the file system can.
pub fn punch(file: BorrowedFd, offset: u64, length: u64) -> Result<(), Errno> {
    match rustix::fs::fallocate(file, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, offset, length) {
        Err(Errno::NOTSUP | Errno::NOSYS | Errno::NODEV) => {
            let zeros = [0; 64 << 10];
            let mut at = offset;
            while at < offset + length {
                let part = zeros.len().min((offset + length - at) as usize);
                write_fully(file, &zeros[..part], at)?;
                at += part as u64;
            }
            Ok(())
        }
        other => other,
    }
}

fn not_the_base(at: &[u8]) -> Failure {
    Failure {
        reason: Reason::BaseMissing,
        message: format!("The destination volume does not hold {} as the archive's base has it", show(at)),
    }
}
