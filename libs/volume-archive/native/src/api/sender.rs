//! One stream's connection to object storage, as TypeScript drives it.

use super::packs::SealedPack;
use crate::transfer::{Answer, Sender, SenderOptions, TransferFailure};
use bytes::Bytes;
use napi::bindgen_prelude::*;
use napi_derive::napi;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

#[napi(object)]
pub struct NativeSenderOptions {
    /// Authorities to trust, PEM; needed for https.
    pub ca_pem: String,
    pub connect_timeout_ms: f64,
    pub idle_timeout_ms: f64,
    pub bytes_per_second: Option<f64>,
}

#[napi(object)]
pub struct AnswerObject {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub text: String,
}

/// An answer, and the pack that came with it.
#[napi]
pub struct Fetched {
    answer: Option<AnswerObject>,
    pack: Option<SealedPack>,
}

#[napi]
impl Fetched {
    #[napi]
    pub fn take_answer(&mut self) -> Option<AnswerObject> {
        self.answer.take()
    }

    #[napi]
    pub fn take_pack(&mut self) -> Option<SealedPack> {
        self.pack.take()
    }
}

#[napi]
pub struct NativeSender {
    inner: Arc<Sender>,
}

#[napi]
impl NativeSender {
    #[napi(constructor)]
    pub fn new(options: NativeSenderOptions) -> Result<Self> {
        let inner = Sender::new(SenderOptions {
            ca_pem: options.ca_pem,
            connect_timeout: Duration::from_secs_f64(options.connect_timeout_ms / 1000.0),
            idle_timeout: Duration::from_secs_f64(options.idle_timeout_ms / 1000.0),
            bytes_per_second: options.bytes_per_second,
        });
        Ok(Self { inner: Arc::new(inner.map_err(|message| failed(TransferFailure { code: "CERT_UNTRUSTED", message }))?) })
    }

    #[napi]
    pub fn put<'env>(
        &self,
        env: &'env Env,
        url: String,
        headers: HashMap<String, String>,
        pack: &SealedPack,
    ) -> Result<PromiseRaw<'env, AnswerObject>> {
        let (sender, bytes, aborted) = (self.inner.clone(), Bytes::from_owner(Shared(pack.share()?)), self.inner.aborted());
        let sent = pack.sent.clone();
        env.spawn_future(async move { Ok(object(sender.put(url, headers, bytes, sent, aborted).await.map_err(failed)?).0) })
    }

    #[napi]
    pub fn get<'env>(&self, env: &'env Env, url: String, headers: HashMap<String, String>) -> Result<PromiseRaw<'env, Fetched>> {
        let (sender, aborted) = (self.inner.clone(), self.inner.aborted());
        env.spawn_future(async move {
            let (answer, pack) = object(sender.get(url, headers, aborted).await.map_err(failed)?);
            Ok(Fetched { answer: Some(answer), pack })
        })
    }

    /// Ends the request that is under way.
    #[napi]
    pub fn abort(&self) {
        self.inner.abort();
    }
}

struct Shared(Arc<crate::buffers::Buffer>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn object(answer: Answer) -> (AnswerObject, Option<SealedPack>) {
    let Answer { status, headers, text, body } = answer;
    (AnswerObject { status, headers, text }, body.map(SealedPack::new))
}

/// The code travels before the message; `native.ts` takes them apart again.
fn failed(failure: TransferFailure) -> Error {
    Error::from_reason(format!("TransferFailure {}: {}", failure.code, failure.message))
}
