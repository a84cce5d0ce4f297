//! Packs, plain and sealed. Their bytes stay on this side.

use super::{CountsObject, key, on_thread};
use crate::buffers::Buffer as Bytes;
use crate::pack_builder::FilledPack;
use crate::record::{self, Counts, Record, Records};
use crate::seal;
use napi::bindgen_prelude::*;
use napi_derive::napi;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

pub struct Plain {
    pub body: Bytes,
    pub index: Vec<u8>,
    pub digest: [u8; 32],
    pub counts: Counts,
}

/// The plain body of a pack, with its index. Its memory is given back by `release`: the garbage collector sees only a small object,
/// and would let hundreds of them lie.
#[napi]
pub struct PlainPack {
    inner: Mutex<Option<Arc<Plain>>>,
}

impl PlainPack {
    fn new(plain: Plain) -> Self {
        Self { inner: Mutex::new(Some(Arc::new(plain))) }
    }

    pub(super) fn share(&self) -> Result<Arc<Plain>> {
        let inner = self.inner.lock().expect("no panic while locked");
        inner.clone().ok_or_else(|| Error::from_reason("the pack was released already"))
    }
}

impl From<FilledPack> for PlainPack {
    fn from(pack: FilledPack) -> Self {
        let FilledPack { plain, index, digest, counts } = pack;
        Self::new(Plain { body: plain, index, digest, counts })
    }
}

/// One entry's record as `ls` and `cat` show it.
#[napi(object)]
pub struct EntryObject {
    pub kind: u8,
    pub flags: u8,
    pub path: Buffer,
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    pub mtime_seconds: f64,
    pub size: f64,
    pub offset: f64,
    pub major: u32,
    pub minor: u32,
    /// Only of the path that was asked for, and of links.
    pub data: Option<Buffer>,
}

#[napi]
impl PlainPack {
    #[napi(getter)]
    pub fn digest(&self) -> Result<Buffer> {
        Ok(self.share()?.digest.to_vec().into())
    }

    #[napi(getter)]
    pub fn counts(&self) -> Result<CountsObject> {
        Ok(self.share()?.counts.into())
    }

    #[napi(getter)]
    pub fn length(&self) -> Result<u32> {
        Ok(self.share()?.body.len() as u32)
    }

    /// Gives its memory back, when those who use it at this moment have ended.
    #[napi]
    pub fn release(&self) {
        self.inner.lock().expect("no panic while locked").take();
    }

    /// @param wanted path whose data is asked for
    #[napi]
    pub fn entries(&self, wanted: Option<Buffer>) -> Result<Vec<EntryObject>> {
        let mut found = Vec::new();
        let plain = self.share()?;
        for record in Records::new(&plain.body) {
            let Record::Entry(entry) = record? else { continue };
            let meta = entry.meta;
            let is_wanted = wanted.as_ref().is_some_and(|wanted| wanted.as_ref() == entry.path);
            let is_link = matches!(meta.kind, crate::record::Kind::Symlink | crate::record::Kind::HardLink);
            if wanted.is_some() && !is_wanted {
                continue;
            }
            found.push(EntryObject {
                kind: meta.kind as u8,
                flags: entry.flags,
                path: entry.path.to_vec().into(),
                mode: meta.mode,
                uid: meta.uid,
                gid: meta.gid,
                mtime_seconds: meta.mtime as f64 + f64::from(meta.mtime_nanos) / 1e9,
                size: meta.size as f64,
                offset: entry.offset as f64,
                major: meta.major,
                minor: meta.minor,
                data: (is_wanted || is_link).then(|| entry.data.to_vec().into()),
            });
        }
        Ok(found)
    }
}

/// A pack as it travels and lies in object storage.
#[napi]
pub struct SealedPack {
    /// None once it was opened: that uses it up.
    pub(super) inner: Mutex<Option<Arc<Bytes>>>,
    pub(super) sent: Arc<AtomicU64>,
}

impl SealedPack {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self { inner: Mutex::new(Some(Arc::new(bytes))), sent: Arc::default() }
    }

    pub(super) fn share(&self) -> Result<Arc<Bytes>> {
        let inner = self.inner.lock().expect("no panic while locked");
        inner.clone().ok_or_else(|| Error::from_reason("the pack was opened already"))
    }
}

#[napi]
impl SealedPack {
    #[napi(factory)]
    pub fn from_bytes(bytes: Buffer) -> Self {
        Self::new(Bytes::from_vec(bytes.to_vec()))
    }

    #[napi(getter)]
    pub fn length(&self) -> Result<u32> {
        Ok(self.share()?.len() as u32)
    }

    /// The first bytes, clear: see docs/archive-format.md.
    #[napi(getter)]
    pub fn header(&self) -> Result<Buffer> {
        let bytes = self.share()?;
        Ok(bytes[..bytes.len().min(seal::HEADER)].to_vec().into())
    }

    /// How many of its bytes the request that sends it has handed out.
    #[napi(getter)]
    pub fn sent(&self) -> f64 {
        self.sent.load(Relaxed) as f64
    }

    /// CRC-32C of all bytes, big endian.
    #[napi]
    pub fn checksum(&self) -> Result<Buffer> {
        Ok(crc32c::crc32c(&self.share()?).to_be_bytes().to_vec().into())
    }

    /// Gives its memory back, when those who use it at this moment have ended.
    #[napi]
    pub fn release(&self) {
        self.inner.lock().expect("no panic while locked").take();
    }

    #[napi]
    pub fn to_bytes(&self) -> Result<Buffer> {
        Ok(self.share()?.to_vec().into())
    }
}

/// Compresses and seals a pack.
/// @param header complete but for its lengths
#[napi]
pub fn seal_pack<'env>(
    env: &'env Env,
    pack: &PlainPack,
    header: Buffer,
    sealing_key: Buffer,
    level: i32,
) -> Result<PromiseRaw<'env, SealedPack>> {
    let header: [u8; seal::HEADER] = header.as_ref().try_into().map_err(|_| Error::from_reason("the header has another length"))?;
    let (pack, sealing_key) = (pack.share()?, key(&sealing_key)?);
    env.spawn_future(on_thread(move || Ok(SealedPack::new(seal::seal(header, &sealing_key, &pack.body, &pack.index, level)))))
}

/// Opens a pack in place: `sealed` is used up.
/// @param what the object, for people
#[napi]
pub fn open_pack<'env>(
    env: &'env Env,
    sealed: &SealedPack,
    sealing_key: Buffer,
    digest_key: Buffer,
    most_plain: u32,
    what: String,
) -> Result<PromiseRaw<'env, PlainPack>> {
    let bytes = sealed.inner.lock().expect("no panic while locked").take();
    let bytes = bytes.ok_or_else(|| Error::from_reason("the pack was opened already"))?;
    let (sealing_key, digest_key) = (key(&sealing_key)?, key(&digest_key)?);
    env.spawn_future(on_thread(move || {
        let mut bytes = Arc::try_unwrap(bytes).unwrap_or_else(|shared| Bytes::from_vec(shared.to_vec()));
        let index = seal::open_index(&mut bytes, &sealing_key, &what)?;
        let (body, digest) = seal::open(&mut bytes, &sealing_key, &digest_key, most_plain as usize, &what)?;
        let counts = record::counts_of(&body);
        Ok(PlainPack::new(Plain { body, index, digest, counts }))
    }))
}

/// The index section of a pack.
#[napi]
pub struct IndexSection {
    pub(super) rows: Mutex<Vec<u8>>,
    cut_short: Vec<Vec<u8>>,
}

#[napi]
impl IndexSection {
    /// Paths of the files in it that ended before their length.
    #[napi(getter)]
    pub fn cut_short(&self) -> Vec<Buffer> {
        self.cut_short.iter().map(|path| path.clone().into()).collect()
    }
}

/// @param start the first bytes of a sealed pack, its index section at least
#[napi]
pub fn open_index<'env>(env: &'env Env, start: Buffer, sealing_key: Buffer, what: String) -> Result<PromiseRaw<'env, IndexSection>> {
    let (mut start, sealing_key) = (start.to_vec(), key(&sealing_key)?);
    env.spawn_future(on_thread(move || {
        let rows = seal::open_index(&mut start, &sealing_key, &what)?;
        let cut_short = crate::index::cut_short(&rows)?;
        Ok(IndexSection { rows: Mutex::new(rows), cut_short })
    }))
}
