//! Rows of a pack's index: what the volume held when it was copied, so that a later copy can tell what changed. The rows of all packs
//! of an archive, one after the other, tell of every entry in the order of the walk, also of those that a delta did not send.

use crate::failure::{Outcome, damaged};
use crate::path;
use crate::record::{Kind, Meta, get_u32, get_u64, put_u32, put_u64};

/// Grid of the digests within large files. Databases write pages of 4 to 16 KiB: with 3 % of 8 KiB pages changed, 16 KiB blocks
/// would send twice as much.
pub const BLOCK: usize = 8192;
pub const DIGEST: usize = 16;
pub type Digest = [u8; DIGEST];

/// Index bytes after which a pack ends, even if it holds little data.
pub const INDEX_SIZE: usize = 4 << 20;
pub const MAX_INDEX: usize = 2 * INDEX_SIZE;
/// Blocks of one row at most.
pub const MAX_BLOCKS: usize = 16_384;
pub const ENTRY_FIXED: usize = 104;
pub const BLOCKS_FIXED: usize = 16;
pub const LAST_LENGTH: usize = 8;

const ENTRY: u8 = 1;
const BLOCKS: u8 = 2;
const LAST: u8 = 3;

/// Taken over from the base without looking at the data.
pub const UNCHANGED: u8 = 1;
/// The rows of an entry of an earlier pack go on; it was told of there.
pub const CONTINUED: u8 = 4;
/// BLOCKS rows follow, and a LAST row.
pub const IN_BLOCKS: u8 = 2;
/// Something of the entry could not be read: its times do not vouch for it.
pub const IN_PART: u8 = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    pub path: Vec<u8>,
    pub meta: Meta,
    pub flags: u8,
    pub ctime: i64,
    pub ctime_nanos: u32,
    pub inode: u64,
    /// Digest of the extended attributes.
    pub attributes: Digest,
    /// Digest of a small file's data or of a link's target; zeros for the rest.
    pub content: Digest,
}

impl EntryRow {
    pub fn is_in_blocks(&self) -> bool {
        self.flags & IN_BLOCKS != 0
    }

    /// A file whose changed blocks can be sent alone.
    pub fn is_file_in_blocks(&self) -> bool {
        self.meta.kind == Kind::File && self.is_in_blocks()
    }

    pub fn encoded_length(&self) -> usize {
        ENTRY_FIXED + self.path.len()
    }

    pub fn write(&self, into: &mut Vec<u8>) {
        let mut fixed = [0; ENTRY_FIXED];
        fixed[0] = ENTRY;
        fixed[1] = self.meta.kind as u8;
        fixed[2] = self.flags;
        put_u32(&mut fixed, 4, self.path.len() as u32);
        put_u32(&mut fixed, 8, self.meta.mode);
        put_u32(&mut fixed, 12, self.meta.uid);
        put_u32(&mut fixed, 16, self.meta.gid);
        put_u32(&mut fixed, 20, self.meta.mtime_nanos);
        put_u64(&mut fixed, 24, self.meta.mtime as u64);
        put_u64(&mut fixed, 32, self.ctime as u64);
        put_u32(&mut fixed, 40, self.ctime_nanos);
        put_u32(&mut fixed, 44, self.meta.major);
        put_u32(&mut fixed, 48, self.meta.minor);
        put_u64(&mut fixed, 56, self.meta.size);
        put_u64(&mut fixed, 64, self.inode);
        fixed[72..88].copy_from_slice(&self.attributes);
        fixed[88..104].copy_from_slice(&self.content);
        into.extend_from_slice(&fixed);
        into.extend_from_slice(&self.path);
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    Entry(EntryRow),
    /// Digests of the blocks from `offset` on; what no row covers is a hole.
    Blocks {
        offset: u64,
        digests: Vec<Digest>,
    },
    /// The blocks of this entry are complete; its length.
    Last {
        size: u64,
    },
}

pub fn write_blocks(into: &mut Vec<u8>, offset: u64, digests: &[Digest]) {
    for (at, chunk) in digests.chunks(MAX_BLOCKS).enumerate() {
        let mut fixed = [0; BLOCKS_FIXED];
        fixed[0] = BLOCKS;
        put_u32(&mut fixed, 4, chunk.len() as u32);
        put_u64(&mut fixed, 8, offset + (at * MAX_BLOCKS * BLOCK) as u64);
        into.extend_from_slice(&fixed);
        into.extend_from_slice(chunk.as_flattened());
    }
}

pub fn write_last(into: &mut Vec<u8>, size: u64) {
    // The length takes seven bytes: no file is longer.
    into.extend_from_slice(&(u64::from(LAST) | size << 8).to_le_bytes());
}

/// Reads the rows of one index section. An empty one has none.
pub struct Rows<'a> {
    section: &'a [u8],
    at: usize,
}

impl<'a> Rows<'a> {
    pub fn new(section: &'a [u8]) -> Self {
        Self { section, at: 0 }
    }

    pub fn position(&self) -> usize {
        self.at
    }

    pub fn from(section: &'a [u8], at: usize) -> Self {
        Self { section, at }
    }

    fn read(&mut self) -> Outcome<Row> {
        let rest = &self.section[self.at..];
        let (row, length) = match rest[0] {
            ENTRY => {
                let fixed = take(rest, ENTRY_FIXED)?;
                let length = get_u32(fixed, 4) as usize;
                if length > path::MAX_PATH {
                    return Err(damaged("The index of the archive holds a path that is too long"));
                }
                let path = take(&rest[ENTRY_FIXED..], length)?.to_vec();
                let kind = Kind::from_number(fixed[1]).ok_or_else(|| damaged("The index of the archive holds an entry of unknown kind"))?;
                if !(path.is_empty() && matches!(kind, Kind::Directory | Kind::Image)) {
                    path::assert_safe(&path)?;
                }
                let (flags, size) = (fixed[2], get_u64(fixed, 56));
                if flags & !(UNCHANGED | IN_BLOCKS | CONTINUED | IN_PART) != 0 || size > i64::MAX as u64 {
                    return Err(damaged(format!("The index of the archive tells of {} what no file can be", path::show(&path))));
                }
                let mut row = EntryRow {
                    path,
                    meta: Meta {
                        kind,
                        mode: get_u32(fixed, 8),
                        uid: get_u32(fixed, 12),
                        gid: get_u32(fixed, 16),
                        mtime: get_u64(fixed, 24) as i64,
                        mtime_nanos: get_u32(fixed, 20),
                        size,
                        major: get_u32(fixed, 44),
                        minor: get_u32(fixed, 48),
                    },
                    flags,
                    ctime: get_u64(fixed, 32) as i64,
                    ctime_nanos: get_u32(fixed, 40),
                    inode: get_u64(fixed, 64),
                    attributes: [0; DIGEST],
                    content: [0; DIGEST],
                };
                row.attributes.copy_from_slice(&fixed[72..88]);
                row.content.copy_from_slice(&fixed[88..104]);
                (Row::Entry(row), ENTRY_FIXED + length)
            }
            BLOCKS => {
                let fixed = take(rest, BLOCKS_FIXED)?;
                let count = get_u32(fixed, 4) as usize;
                if count > MAX_BLOCKS {
                    return Err(damaged("The index of the archive holds a row that is too long"));
                }
                let bytes = take(&rest[BLOCKS_FIXED..], count * DIGEST)?;
                let offset = get_u64(fixed, 8);
                if offset > i64::MAX as u64 - (count * BLOCK) as u64 {
                    return Err(damaged("The index of the archive tells of blocks beyond what a file can be"));
                }
                let digests = bytes.as_chunks::<DIGEST>().0.to_vec();
                (Row::Blocks { offset, digests }, BLOCKS_FIXED + bytes.len())
            }
            LAST => (Row::Last { size: get_u64(take(rest, LAST_LENGTH)?, 0) >> 8 }, LAST_LENGTH),
            other => return Err(damaged(format!("The index of the archive holds a row of unknown type {other}"))),
        };
        self.at += length;
        Ok(row)
    }
}

impl Iterator for Rows<'_> {
    type Item = Outcome<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.section.len() {
            return None;
        }
        let row = self.read();
        if row.is_err() {
            self.at = self.section.len();
        }
        Some(row)
    }
}

/// Files of a section that ended before their length: what could not be read of them, their times do not tell.
pub fn cut_short(section: &[u8]) -> Outcome<Vec<Vec<u8>>> {
    let mut found = Vec::new();
    let mut last = None;
    for row in Rows::new(section) {
        match row? {
            Row::Entry(entry) => last = Some(entry),
            Row::Blocks { .. } => {}
            Row::Last { size } => {
                if let Some(entry) = last.take().filter(|entry| entry.meta.kind == Kind::File && entry.meta.size != size) {
                    found.push(entry.path);
                }
            }
        }
    }
    Ok(found)
}

fn take(bytes: &[u8], length: usize) -> Outcome<&[u8]> {
    bytes.get(..length).ok_or_else(|| damaged("The index of the archive ends within a row"))
}

/// Keyed digests of the index, cut to 16 bytes: without the key nobody can look for two blocks that share one.
pub struct IndexDigests {
    key: [u8; 32],
}

impl IndexDigests {
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    pub fn of(&self, bytes: &[u8]) -> Digest {
        let mut digest = [0; DIGEST];
        digest.copy_from_slice(&blake3::keyed_hash(&self.key, bytes).as_bytes()[..DIGEST]);
        digest
    }

    /// Of each block of `bytes`, which begins on the grid; the last one may be short.
    pub fn of_blocks(&self, bytes: &[u8]) -> Vec<Digest> {
        bytes.chunks(BLOCK).map(|block| self.of(block)).collect()
    }
}
