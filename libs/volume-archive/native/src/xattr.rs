//! Extended attributes, with POSIX ACLs and file capabilities, which Linux keeps as such.

use crate::record::{MAX_ATTRIBUTES, push_attribute};
use rustix::fd::{AsFd, AsRawFd, BorrowedFd};
use rustix::fs::XattrFlags;
use rustix::io::Errno;
use std::ffi::CString;

/// Belong to the machine, not to the data: labels of the host's policy and measurements of its kernel.
const NOT_COPIED: [&[u8]; 3] = [b"security.selinux", b"security.ima", b"security.evm"];
const FIRST_LIST: usize = 1024;
const LARGEST: usize = 64 << 10;

/// Something that has attributes: an open file or directory, or an entry of an open directory that is not followed.
pub enum Target<'a> {
    Open(BorrowedFd<'a>),
    /// `/proc/self/fd/N/name`: the last name is not followed by the l-calls.
    Entry(CString),
}

impl<'a> Target<'a> {
    pub fn entry(directory: impl AsFd, name: &[u8]) -> Self {
        let mut path = format!("/proc/self/fd/{}/", directory.as_fd().as_raw_fd()).into_bytes();
        path.extend_from_slice(name);
        Self::Entry(CString::new(path).expect("names hold no NUL"))
    }

    fn list(&self, into: &mut [u8]) -> Result<usize, Errno> {
        match self {
            Self::Open(fd) => rustix::fs::flistxattr(fd, into),
            Self::Entry(path) => rustix::fs::llistxattr(path, into),
        }
    }

    fn get(&self, name: &[u8], into: &mut [u8]) -> Result<usize, Errno> {
        match self {
            Self::Open(fd) => rustix::fs::fgetxattr(fd, name, into),
            Self::Entry(path) => rustix::fs::lgetxattr(path, name, into),
        }
    }

    fn set(&self, name: &[u8], value: &[u8]) -> Result<(), Errno> {
        match self {
            Self::Open(fd) => rustix::fs::fsetxattr(fd, name, value, XattrFlags::empty()),
            Self::Entry(path) => rustix::fs::lsetxattr(path, name, value, XattrFlags::empty()),
        }
    }

    fn remove(&self, name: &[u8]) -> Result<(), Errno> {
        match self {
            Self::Open(fd) => rustix::fs::fremovexattr(fd, name),
            Self::Entry(path) => rustix::fs::lremovexattr(path, name),
        }
    }

    fn names(&self) -> Result<Vec<Vec<u8>>, Errno> {
        let mut list = vec![0; FIRST_LIST];
        let length = loop {
            match self.list(&mut list) {
                Ok(length) => break length,
                Err(Errno::RANGE) if list.len() < MAX_ATTRIBUTES => list.resize(list.len() * 8, 0),
                // The file system has none.
                Err(Errno::NOTSUP | Errno::NOSYS) => break 0,
                Err(errno) => return Err(errno),
            }
        };
        let names = list[..length].split(|&byte| byte == 0).filter(|name| !name.is_empty() && !NOT_COPIED.contains(name));
        let mut names: Vec<Vec<u8>> = names.map(<[u8]>::to_vec).collect();
        names.sort();
        Ok(names)
    }
}

/// Appends all attributes to `encoded`, in the order of their names.
pub fn read(target: &Target, encoded: &mut Vec<u8>) -> Result<(), Errno> {
    // Most files have none: one call tells.
    let mut space = [0; FIRST_LIST];
    if matches!(target.list(&mut space), Ok(0) | Err(Errno::NOTSUP | Errno::NOSYS)) {
        return Ok(());
    }
    let mut value = vec![0; LARGEST];
    for name in target.names()? {
        match target.get(&name, &mut value) {
            // What no reader would take is left out, and told.
            Ok(length) if encoded.len() + 6 + name.len() + length > MAX_ATTRIBUTES => return Err(Errno::TOOBIG),
            Ok(length) => push_attribute(encoded, &name, &value[..length]),
            // Taken away meanwhile, or not for our eyes.
            Err(Errno::NODATA | Errno::NOTSUP) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

/// Makes the attributes of `target` these; calls `refused` for each that the volume does not take.
pub fn lay(target: &Target, wanted: &[(&[u8], &[u8])], mut refused: impl FnMut(&[u8], Errno)) -> Result<(), Errno> {
    let mut space = [0; FIRST_LIST];
    let has_none = matches!(target.list(&mut space), Ok(0) | Err(Errno::NOTSUP | Errno::NOSYS));
    if !has_none {
        for name in target.names()? {
            if !wanted.iter().any(|(kept, _)| *kept == name) {
                match target.remove(&name) {
                    Ok(()) | Err(Errno::NODATA) => {}
                    Err(errno) => refused(&name, errno),
                }
            }
        }
    }
    for (name, value) in wanted {
        match target.set(name, value) {
            Ok(()) => {}
            // Also no space: ext4 says so when a file's attributes are more than its block holds, however large the volume is.
            Err(
                errno @ (Errno::PERM
                | Errno::ACCESS
                | Errno::NOTSUP
                | Errno::INVAL
                | Errno::TOOBIG
                | Errno::RANGE
                | Errno::NOSPC
                | Errno::DQUOT),
            ) => refused(name, errno),
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    #[test]
    fn what_is_more_than_a_reader_takes_is_told_and_not_cut_in_the_middle() {
        // In memory a file may have as many as one likes.
        let home = tempfile::tempdir_in("/dev/shm").unwrap();
        let file = File::create(home.path().join("file")).unwrap();
        let set = |number: usize| rustix::fs::fsetxattr(&file, format!("trusted.{number:02}"), &[1; LARGEST], XattrFlags::empty()).unwrap();
        let read = || {
            let mut encoded = Vec::new();
            (super::read(&Target::Open(file.as_fd()), &mut encoded), encoded)
        };
        let fitting = MAX_ATTRIBUTES / LARGEST - 1;
        (0..fitting).for_each(set);
        let (outcome, encoded) = read();
        assert_eq!((outcome, crate::record::attributes(&encoded).unwrap().len()), (Ok(()), fitting));
        (fitting..fitting + 2).for_each(set);
        let (outcome, encoded) = read();
        assert_eq!(outcome, Err(Errno::TOOBIG));
        assert_eq!(crate::record::attributes(&encoded).unwrap().len(), fitting);
    }
}
