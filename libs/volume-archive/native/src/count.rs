//! Counts what a copy of a tree will come to, if nothing changes: for showing progress only.

use crate::record::Kind;
use crate::stats::kind_of;
use crate::walk::{Step, Walk};
use crate::watch::Watch;
use std::sync::atomic::Ordering::Relaxed;

/// Walks beside the copy, on what processor time is left over. What is wrong with the volume is told by its reading.
pub fn count_tree(root: &[u8], watch: &Watch) {
    // On Linux this is of the calling thread.
    let _ = rustix::process::setpriority_process(None, 19);
    let Ok((mut walk, _)) = Walk::begin(root) else { return };
    let (mut bytes, mut files) = (0u64, 0u64);
    while !watch.is_stopped() {
        match walk.step() {
            Step::End => {
                watch.expected_bytes.store(bytes, Relaxed);
                watch.expected_files.store(files, Relaxed);
                return;
            }
            Step::Entry(_) => {
                let Ok(stat) = walk.stat() else { continue };
                let Some(kind) = kind_of(&stat) else { continue };
                files += 1;
                if kind == Kind::File {
                    bytes += stat.st_size as u64 / stat.st_nlink.max(1);
                }
            }
            Step::Directory(_) | Step::Failed(_) => {}
        }
    }
}
