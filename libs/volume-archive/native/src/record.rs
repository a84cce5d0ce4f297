//! The records of a pack's body, byte for byte as docs/archive-format.md defines them.

use crate::failure::{Outcome, damaged};
use crate::path;

/// Plain bytes of a full pack.
pub const PACK_SIZE: usize = 8 << 20;
/// Plain bytes that a reader takes at most.
pub const MAX_PACK: usize = 2 * PACK_SIZE;
pub const ENTRY_FIXED: usize = 64;
pub const END_LENGTH: usize = 40;
pub const HOLE_LENGTH: usize = 24;
pub const REMOVE_FIXED: usize = 8;
pub const BASE_LENGTH: usize = 40;
/// Attributes of one entry; more than the kernel lets a file have on the usual file systems.
pub const MAX_ATTRIBUTES: usize = 1 << 20;

const ENTRY: u8 = 1;
const END: u8 = 2;
const HOLE: u8 = 3;
const REMOVE: u8 = 4;
const BASE: u8 = 5;

pub const FIRST: u8 = 1;
pub const LAST: u8 = 2;
/// The entry is there already: its data and metadata change in place.
pub const PATCH: u8 = 4;
pub const WHOLE: u8 = FIRST | LAST;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    File = 1,
    Directory = 2,
    Symlink = 3,
    HardLink = 4,
    Fifo = 5,
    CharacterDevice = 6,
    BlockDevice = 7,
    /// A whole block volume.
    Image = 8,
}

impl Kind {
    pub fn from_number(number: u8) -> Option<Self> {
        use Kind::*;
        [File, Directory, Symlink, HardLink, Fifo, CharacterDevice, BlockDevice, Image].into_iter().find(|kind| *kind as u8 == number)
    }
}

/// What an entry is, but for its path and data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    pub kind: Kind,
    /// Permission bits with setuid, setgid and sticky.
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    pub mtime: i64,
    pub mtime_nanos: u32,
    /// File and image: whole length, holes included. Else 0.
    pub size: u64,
    /// Devices only.
    pub major: u32,
    pub minor: u32,
}

#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub meta: Meta,
    pub path: &'a [u8],
    pub flags: u8,
    pub offset: u64,
    pub attributes: &'a [u8],
    /// File data; target of a symbolic link; path of the first name of a hard link.
    pub data: &'a [u8],
}

impl Entry<'_> {
    pub fn is_first(&self) -> bool {
        self.flags & FIRST != 0
    }
    pub fn is_last(&self) -> bool {
        self.flags & LAST != 0
    }
    pub fn is_patch(&self) -> bool {
        self.flags & PATCH != 0
    }
}

/// What the archive holds up to and including a pack.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub entries: u64,
    pub files: u64,
    pub bytes: u64,
    pub warnings: u64,
}

#[derive(Debug)]
pub enum Record<'a> {
    Entry(Entry<'a>),
    /// A range of the entry that is being patched becomes zeros.
    Hole {
        offset: u64,
        length: u64,
    },
    /// What is at this path, with all below it, is gone.
    Remove {
        path: &'a [u8],
    },
    /// The first record of a delta: digest of the archive on which it is based.
    Base {
        digest: [u8; 32],
    },
    End(Counts),
}

/// Writes all of an entry's record but its data. `into` is at least `ENTRY_FIXED + path + attributes` long.
pub fn write_entry_head(into: &mut [u8], meta: &Meta, path: &[u8], attributes: &[u8], flags: u8, offset: u64, data_length: usize) {
    let fixed = &mut into[..ENTRY_FIXED];
    fixed[0] = ENTRY;
    fixed[1] = meta.kind as u8;
    fixed[2] = flags;
    fixed[3] = 0;
    put_u32(fixed, 4, meta.mode);
    put_u32(fixed, 8, meta.uid);
    put_u32(fixed, 12, meta.gid);
    put_u64(fixed, 16, meta.mtime as u64);
    put_u32(fixed, 24, meta.mtime_nanos);
    put_u32(fixed, 28, path.len() as u32);
    put_u64(fixed, 32, meta.size);
    put_u64(fixed, 40, offset);
    put_u32(fixed, 48, data_length as u32);
    put_u32(fixed, 52, attributes.len() as u32);
    put_u32(fixed, 56, meta.major);
    put_u32(fixed, 60, meta.minor);
    into[ENTRY_FIXED..][..path.len()].copy_from_slice(path);
    into[ENTRY_FIXED + path.len()..][..attributes.len()].copy_from_slice(attributes);
}

pub fn write_end(into: &mut [u8], counts: &Counts) {
    into[..8].copy_from_slice(&[END, 0, 0, 0, 0, 0, 0, 0]);
    for (index, value) in [counts.entries, counts.files, counts.bytes, counts.warnings].into_iter().enumerate() {
        put_u64(into, 8 + 8 * index, value);
    }
}

pub fn write_hole(into: &mut [u8], offset: u64, length: u64) {
    into[..8].copy_from_slice(&[HOLE, 0, 0, 0, 0, 0, 0, 0]);
    put_u64(into, 8, offset);
    put_u64(into, 16, length);
}

pub fn write_remove(into: &mut [u8], path: &[u8]) {
    into[..4].copy_from_slice(&[REMOVE, 0, 0, 0]);
    put_u32(into, 4, path.len() as u32);
    into[REMOVE_FIXED..][..path.len()].copy_from_slice(path);
}

pub fn write_base(into: &mut [u8], digest: &[u8; 32]) {
    into[..8].copy_from_slice(&[BASE, 0, 0, 0, 0, 0, 0, 0]);
    into[8..40].copy_from_slice(digest);
}

/// What the last record of a plain pack counts; nothing, when it is not one: who reads the records says so.
pub fn counts_of(plain: &[u8]) -> Counts {
    match plain.last_chunk::<END_LENGTH>() {
        Some(end) if end[0] == END => read_counts(end),
        _ => Counts::default(),
    }
}

fn read_counts(end: &[u8]) -> Counts {
    let value = |index: usize| get_u64(end, 8 + 8 * index);
    Counts { entries: value(0), files: value(1), bytes: value(2), warnings: value(3) }
}

/// Reads the records of one plain pack. Lengths, paths and the place of the END record are checked here; what follows what is the
/// business of who applies them.
pub struct Records<'a> {
    plain: &'a [u8],
    at: usize,
    ended: bool,
}

impl<'a> Records<'a> {
    pub fn new(plain: &'a [u8]) -> Self {
        Self { plain, at: 0, ended: false }
    }

    fn read(&mut self) -> Outcome<Record<'a>> {
        let rest = &self.plain[self.at..];
        let (record, length) = match rest[0] {
            ENTRY => read_entry(rest)?,
            END => {
                if rest.len() != END_LENGTH {
                    return Err(damaged("A pack of the archive does not end where its last record does"));
                }
                self.ended = true;
                (Record::End(read_counts(rest)), END_LENGTH)
            }
            HOLE => {
                let fixed = take(rest, HOLE_LENGTH)?;
                let (offset, length) = (get_u64(fixed, 8), get_u64(fixed, 16));
                if offset.checked_add(length).is_none_or(|end| end > i64::MAX as u64) {
                    return Err(damaged("The archive holds a hole that is longer than a file can be"));
                }
                (Record::Hole { offset, length }, HOLE_LENGTH)
            }
            REMOVE => {
                let length = get_u32(take(rest, REMOVE_FIXED)?, 4) as usize;
                let path = take(&rest[REMOVE_FIXED..], length)?;
                path::assert_safe(path)?;
                (Record::Remove { path }, REMOVE_FIXED + length)
            }
            BASE => {
                let mut digest = [0; 32];
                digest.copy_from_slice(&take(rest, BASE_LENGTH)?[8..40]);
                (Record::Base { digest }, BASE_LENGTH)
            }
            other => return Err(damaged(format!("The archive holds a record of unknown type {other}"))),
        };
        self.at += length;
        Ok(record)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Outcome<Record<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        if self.at >= self.plain.len() {
            self.ended = true;
            return Some(Err(damaged("A pack of the archive has no last record")));
        }
        let record = self.read();
        if record.is_err() {
            self.ended = true;
        }
        Some(record)
    }
}

fn read_entry(rest: &[u8]) -> Outcome<(Record<'_>, usize)> {
    let fixed = take(rest, ENTRY_FIXED)?;
    let Some(kind) = Kind::from_number(fixed[1]) else {
        return Err(damaged(format!("The archive holds an entry of unknown kind {}", fixed[1])));
    };
    let flags = fixed[2];
    if flags & !(FIRST | LAST | PATCH) != 0 {
        return Err(damaged(format!("The archive holds an entry with unknown flags {flags}")));
    }
    let (path_length, data_length, attributes_length) =
        (get_u32(fixed, 28) as usize, get_u32(fixed, 48) as usize, get_u32(fixed, 52) as usize);
    if path_length > path::MAX_PATH || attributes_length > MAX_ATTRIBUTES || data_length > rest.len() {
        return Err(damaged("The archive holds a record that is longer than its pack"));
    }
    let length = ENTRY_FIXED + path_length + attributes_length + data_length;
    take(rest, length)?;
    let path = &rest[ENTRY_FIXED..ENTRY_FIXED + path_length];
    let is_root = path.is_empty() && matches!(kind, Kind::Directory | Kind::Image);
    if !is_root {
        path::assert_safe(path)?;
    }
    let (size, offset) = (get_u64(fixed, 32), get_u64(fixed, 40));
    if size > i64::MAX as u64 || offset > i64::MAX as u64 - data_length as u64 {
        return Err(damaged(format!("The archive holds {} with a length that no file can have", path::show(path))));
    }
    let mtime_nanos = get_u32(fixed, 24);
    if mtime_nanos >= 1_000_000_000 {
        return Err(damaged(format!("The archive holds {} with a time that is none", path::show(path))));
    }
    let (uid, gid) = (get_u32(fixed, 8), get_u32(fixed, 12));
    // The kernel takes this number for "leave it as it is".
    if uid == u32::MAX || gid == u32::MAX {
        return Err(damaged(format!("The archive holds {} with an owner that is none", path::show(path))));
    }
    let entry = Entry {
        meta: Meta {
            kind,
            mode: get_u32(fixed, 4) & 0o7777,
            uid,
            gid,
            mtime: get_u64(fixed, 16) as i64,
            mtime_nanos,
            size,
            major: get_u32(fixed, 56),
            minor: get_u32(fixed, 60),
        },
        path,
        flags,
        offset,
        attributes: &rest[ENTRY_FIXED + path_length..][..attributes_length],
        data: &rest[ENTRY_FIXED + path_length + attributes_length..][..data_length],
    };
    Ok((Record::Entry(entry), length))
}

/// Extended attributes: each `u16 name length, u32 value length, name, value`.
pub fn push_attribute(into: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    into.extend_from_slice(&(name.len() as u16).to_le_bytes());
    into.extend_from_slice(&(value.len() as u32).to_le_bytes());
    into.extend_from_slice(name);
    into.extend_from_slice(value);
}

pub fn attributes(mut encoded: &[u8]) -> Outcome<Vec<(&[u8], &[u8])>> {
    let mut found = Vec::new();
    while !encoded.is_empty() {
        let fixed = take(encoded, 6)?;
        let name_length = u16::from_le_bytes([fixed[0], fixed[1]]) as usize;
        let value_length = get_u32(fixed, 2) as usize;
        let name = take(&encoded[6..], name_length)?;
        let value = take(&encoded[6 + name_length..], value_length)?;
        if name.is_empty() || name.contains(&0) {
            return Err(damaged("The archive holds an extended attribute without a valid name"));
        }
        found.push((name, value));
        encoded = &encoded[6 + name_length + value_length..];
    }
    Ok(found)
}

fn take(bytes: &[u8], length: usize) -> Outcome<&[u8]> {
    bytes.get(..length).ok_or_else(|| damaged("A pack of the archive ends within a record"))
}

pub fn put_u32(into: &mut [u8], at: usize, value: u32) {
    into[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

pub fn put_u64(into: &mut [u8], at: usize, value: u64) {
    into[at..at + 8].copy_from_slice(&value.to_le_bytes());
}

pub fn get_u32(from: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([from[at], from[at + 1], from[at + 2], from[at + 3]])
}

pub fn get_u64(from: &[u8], at: usize) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&from[at..at + 8]);
    u64::from_le_bytes(bytes)
}
