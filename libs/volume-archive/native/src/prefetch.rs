//! Looks ahead of a reader whose file system is slow: files are opened and asked for by several threads, so that they are in the
//! system's memory when their turn comes. The order of the archive stays that of the walk.

use crate::names::READ_AT_ONCE;
use crate::walk::{OPEN_DIRECTORY, Walk};
use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::fs::{Advice, FileType, Mode, OFlags, RawDir};
use std::mem::MaybeUninit;
use std::num::NonZeroU64;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const THREADS: usize = 8;
/// Entries of a directory that are looked at before their turn.
const AHEAD: usize = 64;
/// A file that takes this long comes from a disk or over a network: in memory it takes a tenth.
const SLOW: Duration = Duration::from_micros(200);
/// Files over which the time of one is averaged.
const SPAN: u32 = 32;
/// Of a large file only the beginning: the rest is read in order, which the system itself reads ahead.
const MOST: NonZeroU64 = NonZeroU64::new(1 << 20).unwrap();

struct Wanted {
    directory: Arc<OwnedFd>,
    name: Vec<u8>,
    kind: FileType,
}

#[derive(Default)]
pub struct Prefetch {
    average: Duration,
    wanted: Option<SyncSender<Wanted>>,
}

impl Prefetch {
    /// Tells how long opening and reading one small file took.
    pub fn took(&mut self, time: Duration) {
        self.average = (self.average * (SPAN - 1) + time) / SPAN;
        if self.wanted.is_none() && self.average > SLOW {
            self.wanted = Some(start());
        }
    }

    /// Looks ahead of where the walk is, if that helps.
    pub fn look_ahead(&self, walk: &mut Walk) {
        let Some(wanted) = &self.wanted else { return };
        walk.look_ahead(AHEAD, |directory, name, kind| {
            if matches!(kind, FileType::RegularFile | FileType::Directory) {
                // Full: the reader is close behind.
                let _ = wanted.try_send(Wanted { directory: directory.clone(), name: name.to_vec(), kind });
            }
        });
    }
}

fn start() -> SyncSender<Wanted> {
    let (sender, receiver) = sync_channel(2 * AHEAD);
    let receiver = Arc::new(Mutex::new(receiver));
    for _ in 0..THREADS {
        let receiver = receiver.clone();
        std::thread::spawn(move || fetch_all(&receiver));
    }
    sender
}

/// Ends when nobody asks for anything any more. What cannot be opened is told by the reader, when its turn comes.
fn fetch_all(wanted: &Mutex<Receiver<Wanted>>) {
    loop {
        let next = wanted.lock().expect("no panic while locked").recv();
        let Ok(Wanted { directory, name, kind }) = next else { return };
        if kind == FileType::Directory {
            if let Ok(fd) = rustix::fs::openat(&*directory, name, OPEN_DIRECTORY, Mode::empty()) {
                let mut space: Vec<MaybeUninit<u8>> = vec![MaybeUninit::uninit(); READ_AT_ONCE];
                let mut entries = RawDir::new(&fd, &mut space);
                while let Some(Ok(_)) = entries.next() {}
            }
        } else {
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOATIME | OFlags::CLOEXEC;
            if let Ok(fd) = rustix::fs::openat(&*directory, name, flags, Mode::empty()) {
                let _ = rustix::fs::fadvise(&fd, 0, Some(MOST), Advice::WillNeed);
            }
        }
    }
}

/// A directory that several threads may use.
pub fn share(directory: BorrowedFd) -> Option<Arc<OwnedFd>> {
    directory.try_clone_to_owned().ok().map(Arc::new)
}
