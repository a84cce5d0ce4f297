//! Lays a device image. A device is not zero just because it is new, so holes are read, and zeroed where they are not.

use crate::failure::{Failure, Outcome, Reason, damaged, write_failed};
use crate::record::{Entry, Kind};
use crate::tree_reader::read_fully;
use crate::tree_writer::write_fully;
use crate::watch::Watch;
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;
use std::sync::Arc;

const WHAT: &str = "the device";
const PIECE: usize = 256 << 10;

#[derive(PartialEq, Eq)]
enum State {
    Before,
    Within,
    After,
}

pub struct ImageWriter {
    device: OwnedFd,
    is_file: bool,
    state: State,
    /// The archive tells only what changed.
    is_delta: bool,
    /// All before here is as it should be.
    done: u64,
    watch: Arc<Watch>,
}

impl ImageWriter {
    pub fn open(path: &[u8], watch: Arc<Watch>) -> Outcome<Self> {
        let failed = |errno| write_failed(WHAT, errno);
        let device = rustix::fs::open(path, OFlags::RDWR | OFlags::CLOEXEC, Mode::empty()).map_err(failed)?;
        let stat = rustix::fs::fstat(&device).map_err(failed)?;
        let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        Ok(Self { device, is_file, state: State::Before, is_delta: false, done: 0, watch })
    }

    pub fn begin_delta(&mut self) {
        self.is_delta = true;
    }

    pub fn apply(&mut self, entry: &Entry) -> Outcome<()> {
        if entry.meta.kind != Kind::Image {
            return Err(damaged("The archive is that of a Filesystem volume, and this is a Block volume"));
        }
        if entry.is_first() && entry.is_patch() != self.is_delta {
            return Err(damaged("The archive changes the device, and is not based on another"));
        }
        if entry.is_first() != (self.state == State::Before) || self.state == State::After || entry.offset < self.done {
            return Err(damaged("The archive holds the pieces of the device out of order"));
        }
        self.state = if entry.is_last() { State::After } else { State::Within };
        self.zero_until(entry.offset, !self.is_delta)?;
        self.write(entry.data, entry.offset)?;
        self.watch.add_bytes(entry.data.len() as u64);
        self.done = entry.offset + entry.data.len() as u64;
        if entry.is_last() {
            if entry.meta.size != self.done {
                return Err(damaged("The archive does not end where the device does"));
            }
            if self.is_file {
                rustix::fs::ftruncate(&self.device, entry.meta.size).map_err(|errno| write_failed(WHAT, errno))?;
            }
        }
        Ok(())
    }

    pub fn hole(&mut self, offset: u64, length: u64) -> Outcome<()> {
        if self.state != State::Within || offset < self.done {
            return Err(damaged("The archive holds the pieces of the device out of order"));
        }
        self.done = offset;
        self.zero_until(offset + length, true)
    }

    pub fn finish(&mut self) -> Outcome<()> {
        if self.state != State::After {
            return Err(damaged("The archive leaves the device unfinished"));
        }
        rustix::fs::fsync(&self.device).map_err(|errno| write_failed(WHAT, errno))
    }

    /// `looks`: makes sure of the zeros; else what lies there is as it should be.
    fn zero_until(&mut self, wanted: u64, looks: bool) -> Outcome<()> {
        let mut end = if looks { wanted } else { self.done };
        let mut piece = Vec::new();
        while self.done < end {
            if self.watch.is_stopped() {
                return Err(crate::failure::cancelled());
            }
            piece.resize(PIECE.min((end - self.done) as usize), 0);
            let got = read_fully(&self.device, &mut piece, self.done).map_err(|errno| write_failed(WHAT, errno))?;
            if got < piece.len() && !self.is_file {
                return Err(too_small(self.done + got as u64));
            }
            if got < piece.len() {
                end = self.done + got as u64; // behind the end of a file lies nothing that could be other than zero
            }
            if piece[..got].iter().any(|&byte| byte != 0) {
                piece[..got].fill(0);
                self.write(&piece[..got], self.done)?;
            }
            self.watch.add_bytes(got as u64);
            self.done += got as u64;
        }
        if looks {
            self.watch.add_bytes(wanted - self.done);
        }
        self.done = wanted;
        Ok(())
    }

    fn write(&self, data: &[u8], offset: u64) -> Outcome<()> {
        write_fully(self.device.as_fd(), data, offset).map_err(|errno| match errno {
            Errno::NOSPC | Errno::FBIG | Errno::INVAL if !self.is_file => too_small(offset),
            other => write_failed(WHAT, other),
        })
    }
}

fn too_small(end: u64) -> Failure {
    Failure { reason: Reason::NoSpace, message: format!("The destination device ends at about byte {end}, before that of the source") }
}
