//! Makes an entry once more, where a volume takes no second name for it.

use crate::record::Kind;
use crate::stats::kind_of;
use crate::tree_reader::read_fully;
use crate::tree_writer::write_fully;
use crate::watch::Watch;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{FileType, Mode, OFlags, SeekFrom, Stat};
use rustix::io::Errno;

/// Copied at once: between two of them the restore can be stopped.
const PIECE: u64 = 64 << 20;
const BUFFER: usize = 256 << 10;

/// What there is of the entry that is copied.
pub struct Original<'a> {
    pub directory: BorrowedFd<'a>,
    pub name: &'a [u8],
    pub stat: Stat,
}

/// Makes `name` of `parent`, where nothing is, what the original is, but for its metadata.
pub fn make_again(original: &Original, parent: BorrowedFd, name: &[u8], watch: &Watch) -> Result<(), Errno> {
    let Original { directory, name: from, stat } = original;
    match kind_of(stat) {
        Some(Kind::File) => {
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let from = rustix::fs::openat(directory, *from, flags, Mode::empty())?;
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let to = rustix::fs::openat(parent, name, flags, Mode::from_raw_mode(0o600))?;
            copy_data(&from, &to, stat.st_size as u64, watch)
        }
        Some(Kind::Symlink) => rustix::fs::symlinkat(rustix::fs::readlinkat(directory, *from, Vec::new())?, parent, name),
        _ => rustix::fs::mknodat(parent, name, FileType::from_raw_mode(stat.st_mode), Mode::from_raw_mode(0o600), stat.st_rdev),
    }
}

/// Holes stay holes, where the file system tells of them.
fn copy_data(from: &OwnedFd, to: &OwnedFd, size: u64, watch: &Watch) -> Result<(), Errno> {
    let mut at = 0;
    while at < size {
        let start = match rustix::fs::seek(from, SeekFrom::Data(at)) {
            Ok(start) => start,
            Err(Errno::NXIO) => break,
            Err(_) => at,
        };
        let stop = rustix::fs::seek(from, SeekFrom::Hole(start)).unwrap_or(size).min(size);
        at = start;
        while at < stop {
            if watch.is_stopped() {
                return Err(Errno::CANCELED);
            }
            at += copy_piece(from, to, at, (stop - at).min(PIECE))?;
        }
    }
    rustix::fs::ftruncate(to, size)
}

fn copy_piece(from: &OwnedFd, to: &OwnedFd, at: u64, length: u64) -> Result<u64, Errno> {
    let (mut read_at, mut write_at) = (at, at);
    match rustix::fs::copy_file_range(from, Some(&mut read_at), to, Some(&mut write_at), length as usize) {
        Ok(copied) if copied > 0 => Ok(copied as u64),
        // Not between these file systems, or by this kernel; or the file ends here, which reading tells.
        Ok(_) | Err(Errno::XDEV | Errno::NOSYS | Errno::NOTSUP | Errno::INVAL) => {
            let mut buffer = vec![0; BUFFER.min(length as usize)];
            let got = read_fully(from, &mut buffer, at)?;
            if got == 0 {
                return Err(Errno::IO);
            }
            write_fully(to.as_fd(), &buffer[..got], at)?;
            Ok(got as u64)
        }
        Err(errno) => Err(errno),
    }
}
