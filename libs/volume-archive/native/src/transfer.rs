//! Sends and fetches sealed packs by requests that somebody else signed: HTTP/1.1 on one kept connection, at a rate of its own.

use crate::buffers::Buffer;
use crate::pacer::Pacer;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Response};
use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;

/// Start of an answer that is no success, for its error code.
const MOST_TEXT: usize = 64 << 10;
/// No object of an archive is longer.
const MOST_BODY: u64 = 1 << 30;

pub struct SenderOptions {
    /// Authorities to trust, PEM.
    pub ca_pem: String,
    pub connect_timeout: Duration,
    pub idle_timeout: Duration,
    pub bytes_per_second: Option<f64>,
}

pub struct Sender {
    client: Client,
    idle_timeout: Duration,
    pacer: Mutex<Pacer>,
    abort: Arc<Notify>,
    /// When a byte moved last, in milliseconds since `began`.
    moved: AtomicU64,
    began: Instant,
}

pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub text: String,
    pub body: Option<Buffer>,
}

/// No whole answer came.
#[derive(Debug)]
pub struct TransferFailure {
    pub code: &'static str,
    pub message: String,
}

impl Sender {
    pub fn new(options: SenderOptions) -> Result<Self, String> {
        // Set once for the process; a second time it is there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let roots = reqwest::Certificate::from_pem_bundle(options.ca_pem.as_bytes()).map_err(|error| error.to_string())?;
        let client = Client::builder()
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            // As the client that signs does: both reach the store by the same way, whatever the environment says.
            .no_proxy()
            .connect_timeout(options.connect_timeout)
            .pool_max_idle_per_host(1)
            .tcp_nodelay(true)
            .tls_certs_only(roots)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            client,
            idle_timeout: options.idle_timeout,
            pacer: Mutex::new(Pacer::new(options.bytes_per_second)),
            abort: Arc::new(Notify::new()),
            moved: AtomicU64::new(0),
            began: Instant::now(),
        })
    }

    /// Ends the request that is under way.
    pub fn abort(&self) {
        self.abort.notify_waiters();
    }

    /// What ends a request. It is taken before the request goes to another thread, so that no abort falls in between.
    pub fn aborted(&self) -> OwnedNotified {
        self.abort.clone().notified_owned()
    }

    /// @param sent counts the bytes of the body that went out
    pub async fn put(
        self: &Arc<Self>,
        url: String,
        headers: HashMap<String, String>,
        body: Bytes,
        sent: Arc<AtomicU64>,
        aborted: OwnedNotified,
    ) -> Result<Answer, TransferFailure> {
        sent.store(0, Relaxed);
        let paced = PacedBody { rest: body, sent, sender: self.clone(), wait: None };
        let request = self.client.request(Method::PUT, url).headers(header_map(&headers)?).body(reqwest::Body::wrap(paced));
        self.guard(aborted, async {
            let response = request.send().await.map_err(describe)?;
            read_text(response).await
        })
        .await
    }

    pub async fn get(
        self: &Arc<Self>,
        url: String,
        headers: HashMap<String, String>,
        aborted: OwnedNotified,
    ) -> Result<Answer, TransferFailure> {
        let request = self.client.request(Method::GET, url).headers(header_map(&headers)?);
        self.guard(aborted, async {
            let response = request.send().await.map_err(describe)?;
            if !response.status().is_success() {
                return read_text(response).await;
            }
            self.read_body(response).await
        })
        .await
    }

    async fn read_body(&self, mut response: Response) -> Result<Answer, TransferFailure> {
        let (status, headers) = (response.status().as_u16(), header_names(response.headers()));
        let length = response
            .content_length()
            .filter(|&length| length <= MOST_BODY)
            .ok_or_else(|| TransferFailure { code: "PROTOCOL", message: "the answer has no length, or one that no pack has".into() })?
            as usize;
        let mut body = Buffer::take(length);
        body.truncate(length);
        let mut received = 0;
        while let Some(chunk) = response.chunk().await.map_err(describe)? {
            self.touch();
            let end = received + chunk.len();
            if end > length {
                return Err(TransferFailure { code: "PROTOCOL", message: "the answer is longer than it says".into() });
            }
            body[received..end].copy_from_slice(&chunk);
            received = end;
            let wait = self.pacer.lock().expect("no panic while locked").take(chunk.len(), Instant::now());
            self.pause(wait).await;
        }
        if received != length {
            return Err(TransferFailure { code: "INCOMPLETE", message: format!("{received} of {length} bytes arrived") });
        }
        Ok(Answer { status, headers, text: String::new(), body: Some(body) })
    }

    /// Waits for the rate. A stream that is slow on purpose does not stall, however long this takes.
    async fn pause(&self, wait: Duration) {
        let end = tokio::time::Instant::now() + wait;
        while tokio::time::Instant::now() < end {
            tokio::time::sleep_until(end.min(tokio::time::Instant::now() + self.idle_timeout / 4)).await;
            self.touch();
        }
    }

    /// Ends the request when it is aborted, or when no byte moves for too long.
    async fn guard(
        &self,
        aborted: OwnedNotified,
        request: impl Future<Output = Result<Answer, TransferFailure>>,
    ) -> Result<Answer, TransferFailure> {
        self.touch();
        tokio::select! {
            answer = request => answer,
            () = aborted => Err(TransferFailure { code: "ABORTED", message: "it was asked to stop".into() }),
            () = self.stalled() => Err(TransferFailure {
                code: "TIMEOUT",
                message: format!("no byte moved for {} seconds", self.idle_timeout.as_secs_f64()),
            }),
        }
    }

    async fn stalled(&self) {
        loop {
            let idle = self.began.elapsed().saturating_sub(Duration::from_millis(self.moved.load(Relaxed)));
            if idle >= self.idle_timeout {
                return;
            }
            tokio::time::sleep(self.idle_timeout - idle).await;
        }
    }

    fn touch(&self) {
        self.moved.store(self.began.elapsed().as_millis() as u64, Relaxed);
    }
}

/// A body of known length that is handed out at the sender's rate.
struct PacedBody {
    rest: Bytes,
    sent: Arc<AtomicU64>,
    sender: Arc<Sender>,
    wait: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Body for PacedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(wait) = &mut self.wait {
            std::task::ready!(wait.as_mut().poll(context));
            self.wait = None;
        }
        self.sender.touch();
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let (length, wait) = {
            let mut pacer = self.sender.pacer.lock().expect("no panic while locked");
            let length = pacer.chunk().min(self.rest.len());
            (length, pacer.take(length, Instant::now()))
        };
        if !wait.is_zero() {
            self.wait = Some(Box::pin(tokio::time::sleep(wait)));
        }
        self.sent.fetch_add(length as u64, Relaxed);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

async fn read_text(mut response: Response) -> Result<Answer, TransferFailure> {
    let (status, headers) = (response.status().as_u16(), header_names(response.headers()));
    let is_success = response.status().is_success();
    let mut text = Vec::new();
    // Read to its end, so that the connection can be used again.
    while let Some(chunk) = response.chunk().await.map_err(describe)? {
        if text.len() < MOST_TEXT && !is_success {
            text.extend_from_slice(&chunk);
        }
    }
    Ok(Answer { status, headers, text: String::from_utf8_lossy(&text).into_owned(), body: None })
}

fn header_map(headers: &HashMap<String, String>) -> Result<HeaderMap, TransferFailure> {
    let bad = || TransferFailure { code: "PROTOCOL", message: "a header of the request is not valid".into() };
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        map.insert(name, HeaderValue::from_str(value).map_err(|_| bad())?);
    }
    Ok(map)
}

fn header_names(headers: &HeaderMap) -> HashMap<String, String> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// The innermost cause says what happened. None names the URL, which may hold a password.
fn describe(error: reqwest::Error) -> TransferFailure {
    let error = error.without_url();
    let mut innermost: &dyn Error = &error;
    let mut code = None;
    loop {
        code = code_of(innermost).or(code);
        match innermost.source() {
            Some(source) => innermost = source,
            None => break,
        }
    }
    let message = innermost.to_string();
    let code = code.unwrap_or_else(|| {
        if error.is_timeout() {
            "TIMEOUT"
        } else if message.contains("lookup") || message.contains("Name or service") {
            "ENOTFOUND"
        } else if error.is_body() || error.is_decode() {
            "INCOMPLETE"
        } else {
            "OTHER"
        }
    });
    TransferFailure { code, message }
}

fn code_of(error: &(dyn Error + 'static)) -> Option<&'static str> {
    if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
        return Some("CERT_UNTRUSTED");
    }
    // What is no TLS at all is told; what goes wrong within it (a restarting balancer, a damaged record) may pass.
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(if matches!(error, rustls::Error::InvalidMessage(_)) { "PROTOCOL" } else { "ECONNRESET" });
    }
    let io = error.downcast_ref::<std::io::Error>()?;
    // rustls' errors travel within io errors.
    if let Some(inner) = io.get_ref()
        && let Some(code) = code_of(inner)
    {
        return Some(code);
    }
    use std::io::ErrorKind::*;
    match io.kind() {
        ConnectionRefused => Some("ECONNREFUSED"),
        ConnectionReset | ConnectionAborted | BrokenPipe => Some("ECONNRESET"),
        HostUnreachable => Some("EHOSTUNREACH"),
        NetworkUnreachable => Some("ENETUNREACH"),
        TimedOut => Some("TIMEOUT"),
        UnexpectedEof => Some("INCOMPLETE"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::{AlertDescription, CertificateError, InvalidMessage};
    use std::io;

    #[test]
    fn what_ends_a_tls_connection_may_be_tried_again_and_what_refuses_it_not() {
        let cases = [
            (rustls::Error::AlertReceived(AlertDescription::InternalError), "ECONNRESET"),
            (rustls::Error::AlertReceived(AlertDescription::CloseNotify), "ECONNRESET"),
            (rustls::Error::DecryptError, "ECONNRESET"),
            (rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType), "PROTOCOL"),
            (rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer), "CERT_UNTRUSTED"),
        ];
        for (error, code) in cases {
            assert_eq!(code_of(&error), Some(code), "{error}");
            // As it comes out of a connection.
            assert_eq!(code_of(&io::Error::new(io::ErrorKind::InvalidData, error)), Some(code));
        }
        assert_eq!(code_of(&io::Error::from(io::ErrorKind::ConnectionReset)), Some("ECONNRESET"));
        assert_eq!(code_of(&io::Error::from(io::ErrorKind::UnexpectedEof)), Some("INCOMPLETE"));
    }
}
