//! The names in a directory, in byte order, in one buffer: a directory of two million files must not take hundreds of megabytes.

use rustix::fd::AsFd;
use rustix::fs::{FileType, RawDir};
use rustix::io::Errno;
use std::mem::MaybeUninit;

pub const READ_AT_ONCE: usize = 64 << 10;
/// Bytes before each name in the buffer: its type and its length.
const HEAD: usize = 2;

pub struct Names {
    bytes: Vec<u8>,
    starts: Vec<u32>,
    next: usize,
}

impl Names {
    /// Reads an open directory from its beginning.
    pub fn read(directory: impl AsFd) -> Result<Self, Errno> {
        let mut space: Vec<MaybeUninit<u8>> = vec![MaybeUninit::uninit(); READ_AT_ONCE];
        let (mut bytes, mut starts) = (Vec::new(), Vec::new());
        rustix::fs::seek(&directory, rustix::fs::SeekFrom::Start(0))?;
        let mut entries = RawDir::new(directory, &mut space);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name == b"." || name == b".." {
                continue;
            }
            // Four gigabytes of names do not fit into one directory of any file system.
            starts.push(u32::try_from(bytes.len()).map_err(|_| Errno::OVERFLOW)?);
            bytes.extend_from_slice(&[type_number(entry.file_type()), name.len() as u8]);
            bytes.extend_from_slice(name);
        }
        starts.sort_unstable_by(|&a, &b| name_at(&bytes, a).cmp(name_at(&bytes, b)));
        bytes.shrink_to_fit();
        Ok(Self { bytes, starts, next: 0 })
    }

    /// Name and type (`Unknown` where the file system does not say) of the next entry.
    pub fn peek(&self) -> Option<(&[u8], FileType)> {
        self.get(self.next)
    }

    /// Those of the next `count` entries whose number is at least `from`, with their numbers.
    pub fn ahead(&self, from: usize, count: usize) -> impl Iterator<Item = (usize, &[u8], FileType)> {
        (from.max(self.next)..self.next + count).map_while(|index| self.get(index).map(|(name, kind)| (index, name, kind)))
    }

    fn get(&self, index: usize) -> Option<(&[u8], FileType)> {
        let start = *self.starts.get(index)?;
        let kind = match self.bytes[start as usize] {
            1 => FileType::RegularFile,
            2 => FileType::Directory,
            3 => FileType::Symlink,
            _ => FileType::Unknown,
        };
        Some((name_at(&self.bytes, start), kind))
    }

    pub fn advance(&mut self) {
        self.next += 1;
    }
}

fn type_number(kind: FileType) -> u8 {
    match kind {
        FileType::RegularFile => 1,
        FileType::Directory => 2,
        FileType::Symlink => 3,
        _ => 0,
    }
}

fn name_at(bytes: &[u8], start: u32) -> &[u8] {
    let start = start as usize;
    &bytes[start + HEAD..start + HEAD + bytes[start + 1] as usize]
}
