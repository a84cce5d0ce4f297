//! Lays owner, attributes, mode and time onto what was made. In this order: a change of owner clears setuid, setgid and
//! capabilities, and an ACL changes the mode's group bits.

use crate::failure::{Outcome, describe, write_failed};
use crate::path;
use crate::record::{Meta, attributes};
use crate::watch::Watch;
use crate::xattr::{self, Target};
use rustix::fd::{AsFd, AsRawFd, BorrowedFd};
use rustix::fs::{AtFlags, Gid, Mode, OFlags, Timespec, Timestamps, Uid};
use rustix::io::Errno;

/// Owner and mode that something just made has anyway: laying them would be two calls for nothing.
pub struct Fresh {
    pub uid: u32,
    pub gid: u32,
    pub mode: u32,
}

pub fn lay_on_open(file: BorrowedFd, at: &[u8], meta: &Meta, encoded: &[u8], fresh: Option<&Fresh>, watch: &Watch) -> Outcome<()> {
    let wanted = attributes(encoded)?;
    let has_owner = fresh.is_some_and(|fresh| (fresh.uid, fresh.gid) == (meta.uid, meta.gid));
    if !has_owner {
        let (uid, gid) = (Uid::from_raw(meta.uid), Gid::from_raw(meta.gid));
        unless_forbidden(at, "owner", rustix::fs::fchown(file, Some(uid), Some(gid)), watch)?;
    }
    lay_attributes(&Target::Open(file), at, &wanted, watch)?;
    if !(has_owner && wanted.is_empty() && fresh.is_some_and(|fresh| fresh.mode == meta.mode)) {
        unless_forbidden(at, "mode", rustix::fs::fchmod(file, Mode::from_raw_mode(meta.mode)), watch)?;
    }
    unless_forbidden(at, "time", rustix::fs::futimens(file, &times(meta)), watch)
}

/// For what cannot be opened without side effects: links, fifos, devices.
pub fn lay_on_entry(
    directory: BorrowedFd,
    name: &[u8],
    at: &[u8],
    meta: &Meta,
    encoded: &[u8],
    is_link: bool,
    watch: &Watch,
) -> Outcome<()> {
    let (uid, gid) = (Uid::from_raw(meta.uid), Gid::from_raw(meta.gid));
    let owned = rustix::fs::chownat(directory, name, Some(uid), Some(gid), AtFlags::SYMLINK_NOFOLLOW);
    unless_forbidden(at, "owner", owned, watch)?;
    lay_attributes(&Target::entry(directory, name), at, &attributes(encoded)?, watch)?;
    if !is_link {
        let path = rustix::fs::openat(directory, name, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())
            .map_err(|errno| write_failed(&path::show(at), errno))?;
        let magic = format!("/proc/self/fd/{}", path.as_fd().as_raw_fd());
        unless_forbidden(at, "mode", rustix::fs::chmod(magic, Mode::from_raw_mode(meta.mode)), watch)?;
    }
    let timed = rustix::fs::utimensat(directory, name, &times(meta), AtFlags::SYMLINK_NOFOLLOW);
    unless_forbidden(at, "time", timed, watch)
}

pub fn times(meta: &Meta) -> Timestamps {
    let time = Timespec { tv_sec: meta.mtime, tv_nsec: meta.mtime_nanos.into() };
    Timestamps { last_access: time, last_modification: time }
}

fn lay_attributes(target: &Target, at: &[u8], wanted: &[(&[u8], &[u8])], watch: &Watch) -> Outcome<()> {
    let refused = |name: &[u8], errno: Errno| {
        let name = String::from_utf8_lossy(name);
        watch.warn("AttributesNotKept", at, format!("the destination volume did not take its {name}: {}", describe(errno)));
    };
    xattr::lay(target, wanted, refused).map_err(|errno| write_failed(&path::show(at), errno))
}

/// Some volumes (NFS with root squash, SMB, FAT) keep no owners or modes: their data is worth having without.
fn unless_forbidden(at: &[u8], what: &str, done: Result<(), Errno>, watch: &Watch) -> Outcome<()> {
    match done {
        Ok(()) => Ok(()),
        Err(errno) if is_refusal(errno) => {
            watch.warn("MetadataNotKept", at, format!("the destination volume did not take its {what}: {}", describe(errno)));
            Ok(())
        }
        Err(errno) => Err(write_failed(&path::show(at), errno)),
    }
}

/// Whether an errno says that this volume does not take such a thing from us, as against that something is wrong with it. OVERFLOW: an
/// owner beyond what it, or the mapping through which it is mounted, can tell.
pub fn is_refusal(errno: Errno) -> bool {
    use Errno as E;
    matches!(errno, E::PERM | E::ACCESS | E::INVAL | E::NOTSUP | E::NOSYS | E::OVERFLOW)
}
