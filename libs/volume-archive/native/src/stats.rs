//! From what the kernel tells of an entry to what the archive tells.

use crate::record::{Kind, Meta};
use rustix::fs::{FileType, Stat};

/// What an entry is, or none for a socket, which means nothing without the process that made it.
pub fn kind_of(stat: &Stat) -> Option<Kind> {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Some(Kind::File),
        FileType::Directory => Some(Kind::Directory),
        FileType::Symlink => Some(Kind::Symlink),
        FileType::Fifo => Some(Kind::Fifo),
        FileType::CharacterDevice => Some(Kind::CharacterDevice),
        FileType::BlockDevice => Some(Kind::BlockDevice),
        FileType::Socket | FileType::Unknown => None,
    }
}

pub fn meta_of(kind: Kind, stat: &Stat) -> Meta {
    let is_device = matches!(kind, Kind::CharacterDevice | Kind::BlockDevice);
    Meta {
        kind,
        mode: stat.st_mode & 0o7777,
        uid: stat.st_uid,
        gid: stat.st_gid,
        mtime: stat.st_mtime,
        mtime_nanos: stat.st_mtime_nsec as u32,
        size: if kind == Kind::File { stat.st_size as u64 } else { 0 },
        major: if is_device { rustix::fs::major(stat.st_rdev) } else { 0 },
        minor: if is_device { rustix::fs::minor(stat.st_rdev) } else { 0 },
    }
}

/// Whether less is allocated than the file is long by what a hole saves.
pub fn may_have_holes(stat: &Stat) -> bool {
    stat.st_size as u64 > 64 << 10 && (stat.st_blocks as u64) * 512 < stat.st_size as u64
}
