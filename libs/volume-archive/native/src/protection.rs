//! Files and directories that `chattr +i` or `+a` protects: nobody, not even root, may change or remove them until that is taken back.

use crate::failure::{Failure, Reason};
use crate::path::show;
use rustix::fd::{AsFd, BorrowedFd};
use rustix::fs::{IFlags, Mode, OFlags};
use rustix::io::Errno;

const PROTECTED: IFlags = IFlags::IMMUTABLE.union(IFlags::APPEND);

enum Protection {
    None,
    /// It was protected, and is not any more.
    Lifted,
    /// It is protected, and we may not change that: it takes CAP_LINUX_IMMUTABLE.
    Stays,
}

/// Does `change` within an open directory. When the kernel forbids it, protection of the directory and of its entry `name` is lifted, and
/// it is tried once more.
/// @returns what `change` ended with
/// @throws a failure that says so when protection is in its way that cannot be lifted
pub fn unprotected<T>(
    directory: BorrowedFd,
    name: &[u8],
    at: &[u8],
    change: impl Fn() -> Result<T, Errno>,
) -> Result<Result<T, Errno>, Failure> {
    let done = change();
    if !matches!(done, Err(Errno::PERM)) {
        return Ok(done);
    }
    let found = [lift(directory), lift_of_entry(directory, name)];
    if found.iter().any(|protection| matches!(protection, Protection::Stays)) {
        return Err(Failure {
            reason: Reason::WriteFailed,
            message: format!(
                "Cannot write {} of the destination volume: it, or the directory in which it is, is protected (chattr +i or +a), and the \
                 mover may not lift that. Lift it there (chattr -i -a)",
                show(at)
            ),
        });
    }
    Ok(if found.iter().any(|protection| matches!(protection, Protection::Lifted)) { change() } else { done })
}

fn lift_of_entry(directory: BorrowedFd, name: &[u8]) -> Protection {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    // What cannot be opened has no such flags, or is not there.
    rustix::fs::openat(directory, name, flags, Mode::empty()).map_or(Protection::None, |entry| lift(entry.as_fd()))
}

fn lift(fd: BorrowedFd) -> Protection {
    match rustix::fs::ioctl_getflags(fd) {
        Ok(flags) if flags.intersects(PROTECTED) => match rustix::fs::ioctl_setflags(fd, flags - PROTECTED) {
            Ok(()) => Protection::Lifted,
            Err(_) => Protection::Stays,
        },
        _ => Protection::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remove::remove_at;
    use crate::testing::without;
    use rustix::thread::CapabilitySet;
    use std::fs::{self, File};
    use std::path::Path;

    /// A tree with a file and directories of both kinds of protection, on a disk: not all file systems have them.
    fn protected_tree() -> tempfile::TempDir {
        let home = tempfile::tempdir_in("/var/tmp").unwrap();
        for directory in ["tree/immutable", "tree/append"] {
            fs::create_dir_all(home.path().join(directory)).unwrap();
            fs::write(home.path().join(directory).join("file"), "x").unwrap();
        }
        for path in ["tree/immutable/file", "tree/immutable"] {
            protect(&home.path().join(path), IFlags::IMMUTABLE);
        }
        for path in ["tree/append/file", "tree/append"] {
            protect(&home.path().join(path), IFlags::APPEND);
        }
        home
    }

    fn protect(path: &Path, flag: IFlags) {
        let file = File::open(path).unwrap();
        rustix::fs::ioctl_setflags(&file, rustix::fs::ioctl_getflags(&file).unwrap() | flag).unwrap();
    }

    #[test]
    fn what_is_protected_is_removed_all_the_same() {
        let home = protected_tree();
        let directory = File::open(home.path()).unwrap();
        remove_at(directory.as_fd(), b"tree", b"some/tree").unwrap();
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
        remove_at(directory.as_fd(), b"tree", b"some/tree").unwrap(); // it is gone
    }

    #[test]
    fn where_that_is_not_allowed_it_is_named() {
        let home = protected_tree();
        let directory = File::open(home.path()).unwrap();
        let failed = without(CapabilitySet::LINUX_IMMUTABLE, || remove_at(directory.as_fd(), b"tree", b"some/tree"));
        let failure = failed.unwrap_err();
        assert!(failure.message.contains("some/tree/append") && failure.message.contains("chattr"), "{failure:?}");
        remove_at(directory.as_fd(), b"tree", b"some/tree").unwrap();
    }
}
