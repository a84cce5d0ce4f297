//! Laying a volume, as TypeScript drives it.

use super::packs::PlainPack;
use super::{CountsObject, Figures, WarningObject, figures, key, on_thread, warnings};
use crate::volume_writer::VolumeWriter;
use crate::watch::Watch;
use napi::bindgen_prelude::*;
use napi_derive::napi;
use std::sync::{Arc, Mutex};

#[napi(object)]
pub struct WriteOptions {
    /// Path of the mounted volume, or of the device; none: everything is read and checked, nothing written.
    pub root: Option<Buffer>,
    pub is_image: bool,
    /// Without a root: the archive says that it keeps an index.
    pub is_indexed: Option<bool>,
    /// Digest of the archive whose state the volume has.
    pub holds: Option<Buffer>,
}

#[napi]
pub struct NativeWriter {
    writer: Arc<Mutex<VolumeWriter>>,
    watch: Arc<Watch>,
}

#[napi]
impl NativeWriter {
    #[napi(constructor)]
    pub fn new(options: WriteOptions) -> Result<Self> {
        let watch = Arc::new(Watch::default());
        let holds = options.holds.map(|digest| key(&digest)).transpose()?;
        let writer = match &options.root {
            None => VolumeWriter::nowhere(options.is_image, options.is_indexed.unwrap_or(false), watch.clone()),
            Some(device) if options.is_image => VolumeWriter::image(device, holds, watch.clone())?,
            Some(root) => VolumeWriter::tree(root, holds, watch.clone())?,
        };
        Ok(Self { writer: Arc::new(Mutex::new(writer)), watch })
    }

    /// Packs come in their order, each when the one before it has settled.
    #[napi]
    pub fn apply<'env>(&self, env: &'env Env, pack: &PlainPack) -> Result<PromiseRaw<'env, ()>> {
        let (writer, pack) = (self.writer.clone(), pack.share()?);
        env.spawn_future(on_thread(move || {
            let mut writer = writer.lock().expect("no panic while locked");
            writer.apply(&pack.body)?;
            writer.check_index(&pack.index)
        }))
    }

    /// @param told what the closing object says
    #[napi]
    pub fn finish<'env>(&self, env: &'env Env, told: CountsObject) -> Result<PromiseRaw<'env, ()>> {
        let (writer, told) = (self.writer.clone(), told.into());
        env.spawn_future(on_thread(move || writer.lock().expect("no panic while locked").finish(&told)))
    }

    /// What was laid so far; between two packs.
    #[napi]
    pub fn counts(&self) -> CountsObject {
        self.writer.lock().expect("no panic while locked").counts.into()
    }

    #[napi]
    pub fn figures(&self) -> Figures {
        figures(&self.watch)
    }

    /// Those since the last call.
    #[napi]
    pub fn take_warnings(&self) -> Vec<WarningObject> {
        warnings(&self.watch)
    }

    #[napi]
    pub fn stop(&self) {
        self.watch.stop();
    }
}
