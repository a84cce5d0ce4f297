//! Removes entries with all below them, without following any link.

use crate::names::Names;
use crate::walk::OPEN_DIRECTORY;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, Mode};
use rustix::io::Errno;

pub fn remove_if_there(directory: BorrowedFd, name: &[u8]) -> Result<(), Errno> {
    match remove_at(directory, name) {
        Err(Errno::NOENT) => Ok(()),
        other => other,
    }
}

pub fn remove_at(directory: BorrowedFd, name: &[u8]) -> Result<(), Errno> {
    match rustix::fs::unlinkat(directory, name, AtFlags::empty()) {
        Err(Errno::ISDIR | Errno::PERM) => {}
        other => return other,
    }
    // Its own stack: a tree may be deeper than ours is.
    let mut open: Vec<(OwnedFd, Names, Vec<u8>)> = vec![enter(directory, name)?];
    while let Some((fd, names, _)) = open.last_mut() {
        let Some((child, _)) = names.peek() else {
            let (_, _, own) = open.pop().expect("there is a last one");
            let parent = open.last().map_or(directory, |(fd, _, _)| fd.as_fd());
            rustix::fs::unlinkat(parent, &own, AtFlags::REMOVEDIR)?;
            continue;
        };
        let child = child.to_vec();
        names.advance();
        match rustix::fs::unlinkat(&*fd, &child, AtFlags::empty()) {
            Err(Errno::ISDIR | Errno::PERM) => {
                let below = enter(fd.as_fd(), &child)?;
                open.push(below);
            }
            other => other?,
        }
    }
    Ok(())
}

fn enter(directory: BorrowedFd, name: &[u8]) -> Result<(OwnedFd, Names, Vec<u8>), Errno> {
    let fd = rustix::fs::openat(directory, name, OPEN_DIRECTORY, Mode::empty())?;
    let names = Names::read(&fd)?;
    Ok((fd, names, name.to_vec()))
}
