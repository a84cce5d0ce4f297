//! Large buffers: mapped, so that their memory goes back to the system and not to the allocator, which keeps it; and used again, for a
//! fresh one costs a page fault for each of its pages.

use memmap2::MmapMut;
use std::ops::{Deref, DerefMut};
use std::sync::Mutex;

/// More than this many idle buffers are given back to the system.
const MOST_IDLE: usize = 3;
/// Smaller ones are not worth mapping.
const SMALLEST_MAPPED: usize = 1 << 20;

static IDLE: Mutex<Vec<MmapMut>> = Mutex::new(Vec::new());

enum Memory {
    Mapped(MmapMut),
    Heap(Vec<u8>),
}

/// Zeroed or used bytes of a fixed length, which go back to the pool when dropped.
pub struct Buffer {
    /// None only while it is dropped.
    memory: Option<Memory>,
    length: usize,
}

impl Buffer {
    /// `length` bytes with any content.
    pub fn take(length: usize) -> Self {
        let memory = if length < SMALLEST_MAPPED { Memory::Heap(vec![0; length]) } else { mapped(length) };
        Self { memory: Some(memory), length }
    }

    pub fn from_vec(bytes: Vec<u8>) -> Self {
        let length = bytes.len();
        Self { memory: Some(Memory::Heap(bytes)), length }
    }

    pub fn truncate(&mut self, length: usize) {
        self.length = length.min(self.length);
    }
}

fn mapped(length: usize) -> Memory {
    let found = {
        let mut idle = IDLE.lock().expect("no panic while locked");
        idle.iter().position(|map| map.len() >= length).map(|index| idle.swap_remove(index))
    };
    // Plain and sealed packs differ by little: rounded up, a buffer of one does for the other.
    let rounded = (length / SMALLEST_MAPPED + 1) * SMALLEST_MAPPED;
    match found.map_or_else(|| MmapMut::map_anon(rounded), Ok) {
        Ok(map) => Memory::Mapped(map),
        // As the allocator would do when there is no memory.
        Err(error) => panic!("no memory for {length} bytes: {error}"),
    }
}

impl Deref for Buffer {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match &self.memory {
            Some(Memory::Mapped(map)) => &map[..self.length],
            Some(Memory::Heap(bytes)) => &bytes[..self.length],
            None => &[],
        }
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        match &mut self.memory {
            Some(Memory::Mapped(map)) => &mut map[..self.length],
            Some(Memory::Heap(bytes)) => &mut bytes[..self.length],
            None => &mut [],
        }
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(Memory::Mapped(map)) = self.memory.take() {
            let mut idle = IDLE.lock().expect("no panic while locked");
            if idle.len() < MOST_IDLE {
                idle.push(map);
            }
        }
    }
}
