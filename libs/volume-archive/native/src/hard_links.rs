//! The first name of each entry that has several, until the last one was met.

use rustix::fs::Stat;
use std::collections::HashMap;

struct First {
    path: Box<[u8]>,
    /// Size and time of change of the data: on a live volume an inode may become another file's.
    data: (i64, i64, u64),
    /// Its data was sent anew, so every further name has to be linked anew.
    is_fresh: bool,
    left: u64,
}

#[derive(Default)]
pub struct HardLinks {
    first: HashMap<(u64, u64), First>,
}

impl HardLinks {
    /// Path of the first name in the archive of the same entry, if it has one, and whether that was sent anew.
    pub fn find(&mut self, stat: &Stat) -> Option<(Box<[u8]>, bool)> {
        if stat.st_nlink < 2 {
            return None;
        }
        let key = (stat.st_dev, stat.st_ino);
        if self.first.get(&key).is_some_and(|first| first.data != data_of(stat)) {
            self.first.remove(&key);
        }
        let known = self.first.get_mut(&key)?;
        known.left -= 1;
        if known.left > 0 {
            return Some((known.path.clone(), known.is_fresh));
        }
        self.first.remove(&key).map(|first| (first.path, first.is_fresh))
    }

    /// Tells that this entry's data is in the archive under this name.
    pub fn remember(&mut self, stat: &Stat, path: &[u8], is_fresh: bool) {
        if stat.st_nlink > 1 {
            let first = First { path: path.into(), data: data_of(stat), is_fresh, left: stat.st_nlink - 1 };
            self.first.insert((stat.st_dev, stat.st_ino), first);
        }
    }
}

fn data_of(stat: &Stat) -> (i64, i64, u64) {
    (stat.st_size, stat.st_mtime, stat.st_mtime_nsec)
}
