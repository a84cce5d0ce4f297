//! The native core of the volume archive: what touches every byte of a volume. TypeScript plans, talks to object storage and
//! resumes; it calls this core once for each pack.

pub mod api;
pub mod base;
pub mod buffers;
pub mod checker;
pub mod compression;
pub mod copy_file;
pub mod count;
pub mod failure;
#[cfg(test)]
mod fuzz_decoder;
pub mod hard_links;
pub mod image_reader;
#[cfg(test)]
mod image_tests;
pub mod image_writer;
pub mod index;
pub mod large_file;
pub mod metadata;
pub mod names;
pub mod pacer;
pub mod pack_builder;
pub mod path;
pub mod position;
pub mod prefetch;
pub mod protection;
pub mod record;
pub mod remove;
pub mod seal;
pub mod stats;
#[cfg(test)]
mod testing;
pub mod transfer;
pub mod tree_reader;
pub mod tree_writer;
pub mod volume_reader;
pub mod volume_writer;
pub mod walk;
pub mod watch;
pub mod xattr;
