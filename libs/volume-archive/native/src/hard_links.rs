//! The first name of each entry that has several, until the last one was met.

use rustix::fs::Stat;
use std::collections::HashMap;

/// Entries, and bytes of their names, that are kept at most: with what the map needs some 60 MB. As many as fill a map of half a million
/// places.
const MOST: usize = (1 << 19) / 8 * 7;
const MOST_BYTES: usize = 16 << 20;

struct First {
    path: Box<[u8]>,
    data: Data,
    left: u32,
    /// Its data was sent anew, so every further name has to be linked anew.
    is_fresh: bool,
}

/// Size and time of change of the data: on a live volume an inode may become another file's.
#[derive(PartialEq, Eq)]
struct Data {
    size: i64,
    mtime: i64,
    mtime_nanos: u32,
}

pub struct HardLinks {
    first: HashMap<(u64, u64), First>,
    bytes: usize,
    most: usize,
    most_bytes: usize,
}

impl Default for HardLinks {
    fn default() -> Self {
        Self::with_room_for(MOST, MOST_BYTES)
    }
}

impl HardLinks {
    pub fn with_room_for(most: usize, most_bytes: usize) -> Self {
        Self { first: HashMap::new(), bytes: 0, most, most_bytes }
    }

    /// Path of the first name in the archive of the same entry, if it has one, and whether that was sent anew.
    pub fn find(&mut self, stat: &Stat) -> Option<(Box<[u8]>, bool)> {
        if stat.st_nlink < 2 {
            return None;
        }
        let key = (stat.st_dev, stat.st_ino);
        if self.first.get(&key).is_some_and(|first| first.data != data_of(stat)) {
            self.forget(key);
        }
        let known = self.first.get_mut(&key)?;
        known.left -= 1;
        if known.left > 0 {
            return Some((known.path.clone(), known.is_fresh));
        }
        self.forget(key).map(|first| (first.path, first.is_fresh))
    }

    /// Tells that this entry's data is in the archive under this name.
    /// @returns false when there is no room to remember it: its further names are then entries of their own
    pub fn remember(&mut self, stat: &Stat, path: &[u8], is_fresh: bool) -> bool {
        if stat.st_nlink < 2 {
            return true;
        }
        let key = (stat.st_dev, stat.st_ino);
        self.forget(key);
        if self.first.len() >= self.most || self.bytes + path.len() > self.most_bytes {
            return false;
        }
        self.bytes += path.len();
        let left = u32::try_from(stat.st_nlink - 1).unwrap_or(u32::MAX);
        self.first.insert(key, First { path: path.into(), data: data_of(stat), left, is_fresh });
        true
    }

    fn forget(&mut self, key: (u64, u64)) -> Option<First> {
        let first = self.first.remove(&key)?;
        self.bytes -= first.path.len();
        Some(first)
    }
}

fn data_of(stat: &Stat) -> Data {
    Data { size: stat.st_size, mtime: stat.st_mtime, mtime_nanos: stat.st_mtime_nsec as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of an entry with two names.
    fn stat(inode: u64) -> Stat {
        let mut stat = rustix::fs::stat("/").unwrap();
        (stat.st_ino, stat.st_nlink) = (inode, 2);
        stat
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for_and_room_comes_back_with_the_last_name() {
        let mut links = HardLinks::with_room_for(2, 100);
        assert!(links.remember(&stat(1), b"one", true));
        assert!(links.remember(&stat(2), b"two", true));
        assert!(!links.remember(&stat(3), b"three", true));
        assert!(links.find(&stat(3)).is_none());
        assert_eq!(links.find(&stat(1)), Some((b"one"[..].into(), true)));
        assert!(links.find(&stat(1)).is_none());
        assert!(links.remember(&stat(3), b"three", false));
        assert_eq!(links.find(&stat(3)), Some((b"three"[..].into(), false)));
    }

    #[test]
    fn long_names_need_room_as_well() {
        let mut links = HardLinks::with_room_for(100, 10);
        assert!(links.remember(&stat(1), b"12345678", true));
        assert!(!links.remember(&stat(2), b"345", true));
        // A name that takes the place of its own earlier one needs only what it is longer.
        assert!(links.remember(&stat(1), b"1234567890", true));
        assert!(links.find(&stat(1)).is_some());
        assert!(links.remember(&stat(2), b"345", true));
    }

    #[test]
    fn an_inode_that_became_another_file_is_no_further_name() {
        let mut links = HardLinks::default();
        links.remember(&stat(1), b"one", true);
        let mut reused = stat(1);
        reused.st_size += 1;
        assert!(links.find(&reused).is_none());
        assert!(links.find(&stat(1)).is_none());
    }
}
