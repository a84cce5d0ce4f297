//! Reading a volume, as TypeScript drives it.

use super::packs::{IndexSection, PlainPack};
use super::{Figures, WarningObject, figures, key, warnings};
use crate::position::Position;
use crate::volume_reader::{BaseRequest, ReadRequest, VolumeReader};
use napi::bindgen_prelude::*;
use napi_derive::napi;

#[napi(object)]
pub struct ReadOptions {
    /// Path of the mounted volume, or of the device.
    pub root: Buffer,
    pub is_image: bool,
    /// Plain bytes of a pack.
    pub pack_size: u32,
    pub digest_key: Buffer,
    pub index_key: Buffer,
    pub keep_index: bool,
    /// When this copy began, seconds since 1970.
    pub started_at: f64,
    pub base: Option<ReadBase>,
}

#[napi(object)]
pub struct ReadBase {
    pub digest: Buffer,
    /// When its copy began, seconds since 1970.
    pub started_at: f64,
    /// Paths of files that it holds only in part.
    pub cut_short: Vec<Buffer>,
}

#[napi]
pub struct NativeReader {
    inner: VolumeReader,
}

#[napi]
impl NativeReader {
    /// @param last the last pack of an earlier attempt, behind which this one goes on
    #[napi(constructor)]
    pub fn new(options: ReadOptions, last: Option<&PlainPack>) -> Result<Self> {
        let position = match last {
            Some(pack) => {
                let pack = pack.share()?;
                Some(Position::after(&pack.body, &pack.index)?)
            }
            None => None,
        };
        let base = match options.base {
            Some(base) => Some(BaseRequest {
                digest: key(&base.digest)?,
                started_at: base.started_at.floor() as i64,
                cut_short: base.cut_short.iter().map(|path| path.to_vec()).collect(),
            }),
            None => None,
        };
        let request = ReadRequest {
            root: options.root.to_vec(),
            is_image: options.is_image,
            pack_size: options.pack_size as usize,
            digest_key: key(&options.digest_key)?,
            index_key: key(&options.index_key)?,
            keep_index: options.keep_index,
            started_at_ms: (options.started_at * 1000.0).floor() as i64,
            position,
            base,
        };
        Ok(Self { inner: VolumeReader::start(request) })
    }

    /// The next pack, or null behind the last one.
    #[napi]
    pub fn next<'env>(&self, env: &'env Env) -> Result<PromiseRaw<'env, Option<PlainPack>>> {
        let (packs, outcome) = (self.inner.packs.clone(), self.inner.outcome.clone());
        env.spawn_future(async move {
            match packs.lock().await.recv().await {
                Some(pack) => Ok(Some(pack.into())),
                None => {
                    VolumeReader::ended(&outcome)?;
                    Ok(None)
                }
            }
        })
    }

    /// Hands on the next section of the base's index; settles when there is room for another, with false when the reader has ended and
    /// wants no more: how, `next` tells.
    #[napi]
    pub fn push_base<'env>(&self, env: &'env Env, section: &IndexSection) -> Result<PromiseRaw<'env, bool>> {
        let sections = self.inner.base_sections.clone().ok_or_else(|| Error::from_reason("the copy has no base"))?;
        let rows = std::mem::take(&mut *section.rows.lock().expect("no panic while locked"));
        env.spawn_future(async move { Ok(sections.send(Some(rows)).await.is_ok()) })
    }

    /// Tells that the base's index ends here.
    #[napi]
    pub fn end_base<'env>(&self, env: &'env Env) -> Result<PromiseRaw<'env, bool>> {
        let sections = self.inner.base_sections.clone().ok_or_else(|| Error::from_reason("the copy has no base"))?;
        env.spawn_future(async move { Ok(sections.send(None).await.is_ok()) })
    }

    #[napi]
    pub fn figures(&self) -> Figures {
        figures(&self.inner.watch)
    }

    /// Those since the last call.
    #[napi]
    pub fn take_warnings(&self) -> Vec<WarningObject> {
        warnings(&self.inner.watch)
    }

    #[napi]
    pub fn stop(&mut self) {
        self.inner.watch.stop();
        self.inner.base_sections = None;
        // Nobody takes packs any more: who waits to hand one over is told so.
        if let Ok(mut packs) = self.inner.packs.try_lock() {
            packs.close();
        }
    }
}
