//! Large buffers are used again: a fresh one costs a page fault for each of its pages.

use std::ops::{Deref, DerefMut};
use std::sync::Mutex;

/// More than this many idle buffers are given back to the system.
const MOST_IDLE: usize = 4;

static IDLE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// Zeroed or used bytes of a fixed length, which goes back to the pool when dropped.
pub struct Buffer {
    bytes: Vec<u8>,
    length: usize,
}

impl Buffer {
    /// At least `length` bytes with any content.
    pub fn take(length: usize) -> Self {
        let found = {
            let mut idle = IDLE.lock().expect("no panic while locked");
            idle.iter().position(|buffer| buffer.len() >= length).map(|index| idle.swap_remove(index))
        };
        Self { bytes: found.unwrap_or_else(|| vec![0; length]), length }
    }

    pub fn from_vec(bytes: Vec<u8>) -> Self {
        let length = bytes.len();
        Self { bytes, length }
    }

    pub fn truncate(&mut self, length: usize) {
        self.length = length.min(self.length);
    }
}

impl Deref for Buffer {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[..self.length]
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // Small ones are not worth keeping.
        if self.bytes.len() < 1 << 20 {
            return;
        }
        let mut idle = IDLE.lock().expect("no panic while locked");
        if idle.len() < MOST_IDLE {
            idle.push(std::mem::take(&mut self.bytes));
        }
    }
}
