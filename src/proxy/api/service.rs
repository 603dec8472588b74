//! HTTP: what is the same for every request.

use super::Options;
use super::answer::{Answer, Said};
use super::lines::Lines;
use super::routes::{self, Asked};
use crate::proxy::Control;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Either, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue, USER_AGENT, X_CONTENT_TYPE_OPTIONS};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

/// The longest body that is read.
const BODY: usize = 1024 * 1024;
/// How long a connection may take to send the head of a request, or be idle.
const HEAD: Duration = Duration::from_secs(30);
/// How long the body of a request may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(10);
/// How long its answer may take, as Toxiproxy's.
const ANSWER: Duration = Duration::from_secs(25);
/// Connections to the API at once; more wait in the kernel's queue.
const CONNECTIONS: usize = 256;
/// How long accept rests when it fails.
const REST: Duration = Duration::from_millis(100);

type Body = Either<Full<Bytes>, Lines>;

/// Requests are numbered as they come.
static REQUESTS: AtomicU64 = AtomicU64::new(1);

pub(super) async fn serve(
    listener: std::net::TcpListener,
    control: Control,
    options: Arc<Options>,
) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return Ok(()) };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "the control API cannot accept a connection");
                sleep(REST).await;
                continue;
            }
        };
        let (control, options) = (control.clone(), Arc::clone(&options));
        tokio::spawn(async move {
            let answer = service_fn(move |request| {
                let (control, options) = (control.clone(), Arc::clone(&options));
                async move { Ok::<_, Infallible>(respond(request, control, options).await) }
            });
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEAD).half_close(true);
            if let Err(error) = http.serve_connection(TokioIo::new(stream), answer).await {
                tracing::debug!(%error, "a connection to the control API");
            }
            drop(place);
        });
    }
}

async fn respond(request: Request<Incoming>, control: Control, options: Arc<Options>) -> Response<Body> {
    // A page in a browser must not be able to drive this: it can send requests to loopback, but not from scripts
    // that hide what they come from.
    let agent = request.headers().get(USER_AGENT).map(HeaderValue::as_bytes).unwrap_or_default();
    if agent.starts_with(b"Mozilla/") {
        let said = "User agent not allowed\n";
        return plain(Answer::text(StatusCode::FORBIDDEN, "text/plain; charset=utf-8", said));
    }
    let Some(path) = segments(request.uri().path()) else { return plain(Answer::not_found()) };
    let borrowed: Vec<&str> = path.iter().map(String::as_str).collect();
    let Some(verbs) = routes::verbs(&borrowed, options.metrics) else { return plain(Answer::not_found()) };
    if !verbs.contains(request.method()) {
        return numbered(plain(Answer::empty(StatusCode::METHOD_NOT_ALLOWED)));
    }
    if borrowed == ["events"] {
        let (lines, hear) = Lines::new();
        let told = control.tell(move |relay| relay.listen(Box::new(hear)));
        let mut response = Response::new(Either::Right(lines));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        return match told {
            Ok(()) => numbered(response),
            Err(_) => plain(Answer::empty(StatusCode::SERVICE_UNAVAILABLE)),
        };
    }
    let (head, body) = request.into_parts();
    let body = match timeout(ARRIVAL, Limited::new(body, BODY).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) => {
            let is_long = error.is::<http_body_util::LengthLimitError>();
            let status = if is_long { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
            let text = if is_long { format!("longer than {BODY} bytes") } else { error.to_string() };
            return numbered(plain(Answer::error(&Said::new(status, format!("bad request body: {text}")))));
        }
        Err(_) => {
            let text = format!("bad request body: did not arrive within {} s", ARRIVAL.as_secs());
            return numbered(plain(Answer::error(&Said::new(StatusCode::REQUEST_TIMEOUT, text))));
        }
    };
    let work = spawn_blocking(move || match std::str::from_utf8(&body) {
        Ok(body) => routes::answer(&Asked { method: &head.method, path: &path, body }, &control, &options),
        Err(_) => Answer::error(&Said::new(StatusCode::BAD_REQUEST, "bad request body: not UTF-8")),
    });
    numbered(plain(match timeout(ANSWER, work).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Answer::empty(StatusCode::INTERNAL_SERVER_ERROR),
        Err(_) => Answer::empty(StatusCode::SERVICE_UNAVAILABLE),
    }))
}

/// The parts of a path, decoded (RFC 3986 §2.1); `None` when they cannot be.
fn segments(path: &str) -> Option<Vec<String>> {
    path.strip_prefix('/')?.split('/').map(decoded).collect()
}

fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

fn plain(answer: Answer) -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::new(Bytes::from(answer.body))));
    *response.status_mut() = answer.status;
    if !answer.kind.is_empty() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(answer.kind));
    }
    if answer.kind.starts_with("text/plain") {
        response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    }
    response
}

/// With the number that Toxiproxy gives to every request of a known path.
fn numbered(mut response: Response<Body>) -> Response<Body> {
    let number = format!("{:016x}", REQUESTS.fetch_add(1, Ordering::Relaxed));
    if let Ok(number) = HeaderValue::from_str(&number) {
        response.headers_mut().insert("x-toxiproxy-request-id", number);
    }
    response
}
