//! Removes entries with all below them, without following any link.

use crate::failure::{Outcome, write_failed};
use crate::names::Names;
use crate::path::{join, show};
use crate::protection::unprotected;
use crate::walk::OPEN_DIRECTORY;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, Mode};
use rustix::io::Errno;

struct OpenDirectory {
    fd: OwnedFd,
    names: Names,
    name: Vec<u8>,
    path: Vec<u8>,
}

/// Removes the entry `name` of an open directory, if it is there. @param at its path, for people
pub fn remove_at(directory: BorrowedFd, name: &[u8], at: &[u8]) -> Outcome<()> {
    if unlink(directory, name, at)? {
        return Ok(());
    }
    // Its own stack: a tree may be deeper than ours is.
    let mut open = vec![enter(directory, name, at.to_vec())?];
    while let Some(top) = open.last_mut() {
        let Some((child, _)) = top.names.peek() else {
            let OpenDirectory { name, path, .. } = open.pop().expect("there is a last one");
            let parent = open.last().map_or(directory, |parent| parent.fd.as_fd());
            unprotected(parent, &name, &path, || rustix::fs::unlinkat(parent, &name, AtFlags::REMOVEDIR))?
                .map_err(|errno| write_failed(&show(&path), errno))?;
            continue;
        };
        let child = child.to_vec();
        top.names.advance();
        let path = join(&top.path, &child);
        if !unlink(top.fd.as_fd(), &child, &path)? {
            let below = enter(top.fd.as_fd(), &child, path)?;
            open.push(below);
        }
    }
    Ok(())
}

/// @returns false for a directory, which takes more
fn unlink(directory: BorrowedFd, name: &[u8], at: &[u8]) -> Outcome<bool> {
    match unprotected(directory, name, at, || rustix::fs::unlinkat(directory, name, AtFlags::empty()))? {
        Ok(()) | Err(Errno::NOENT) => Ok(true),
        Err(Errno::ISDIR) => Ok(false),
        Err(errno @ Errno::PERM) => match is_directory(directory, name) {
            true => Ok(false), // as POSIX has it
            false => Err(write_failed(&show(at), errno)),
        },
        Err(errno) => Err(write_failed(&show(at), errno)),
    }
}

fn is_directory(directory: BorrowedFd, name: &[u8]) -> bool {
    rustix::fs::statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)
        .is_ok_and(|stat| rustix::fs::FileType::from_raw_mode(stat.st_mode) == rustix::fs::FileType::Directory)
}

fn enter(directory: BorrowedFd, name: &[u8], path: Vec<u8>) -> Outcome<OpenDirectory> {
    let opened = rustix::fs::openat(directory, name, OPEN_DIRECTORY, Mode::empty()).and_then(|fd| Ok((Names::read(&fd)?, fd)));
    let (names, fd) = opened.map_err(|errno| write_failed(&show(&path), errno))?;
    Ok(OpenDirectory { fd, names, name: name.to_vec(), path })
}
