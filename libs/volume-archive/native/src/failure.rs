//! What can go wrong, in the words of the mover's exit reasons: an error here and an exit code there mean the same.

use rustix::io::Errno;

/// Why a copy or restore cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// One of `MOVER_EXITS` of the contracts, but for `SourceMoved`, which no mover ends with.
    pub reason: Reason,
    /// For people; holds no secret.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    ArchiveDamaged,
    ReadFailed,
    WriteFailed,
    NoSpace,
    /// The destination volume is not in the state on which a delta is based.
    BaseMissing,
    Cancelled,
    /// The volume changed behind an interrupted copy in a way that going on cannot mend: it has to start over.
    SourceMoved,
}

impl Reason {
    pub fn name(self) -> &'static str {
        match self {
            Self::ArchiveDamaged => "ArchiveDamaged",
            Self::ReadFailed => "ReadFailed",
            Self::WriteFailed => "WriteFailed",
            Self::NoSpace => "NoSpace",
            Self::BaseMissing => "BaseMissing",
            Self::Cancelled => "Cancelled",
            Self::SourceMoved => "SourceMoved",
        }
    }
}

pub type Outcome<T> = Result<T, Failure>;

pub fn damaged(message: impl Into<String>) -> Failure {
    Failure { reason: Reason::ArchiveDamaged, message: message.into() }
}

pub fn read_failed(what: &str, errno: Errno) -> Failure {
    Failure { reason: Reason::ReadFailed, message: format!("Cannot read {what} of the source volume: {}", describe(errno)) }
}

pub fn write_failed(what: &str, errno: Errno) -> Failure {
    if errno == Errno::NOSPC || errno == Errno::DQUOT {
        return Failure { reason: Reason::NoSpace, message: format!("The destination volume is full: there was no room for {what}") };
    }
    Failure { reason: Reason::WriteFailed, message: format!("Cannot write {what} of the destination volume: {}", describe(errno)) }
}

pub fn cancelled() -> Failure {
    Failure { reason: Reason::Cancelled, message: "It was asked to stop".into() }
}

/// `Permission denied (os error 13)`
pub fn describe(errno: Errno) -> String {
    std::io::Error::from(errno).to_string()
}

impl From<Failure> for napi::Error {
    /// The reason travels before the message; `native.ts` takes them apart again.
    fn from(failure: Failure) -> Self {
        napi::Error::from_reason(format!("{}: {}", failure.reason.name(), failure.message))
    }
}
