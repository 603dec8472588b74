//! One HTTP/1.1 request and the response to it, RFC 9112: the bytes by ureq-proto, bounded by us.

use super::Target;
use super::body::{Intake, Refused};
use super::connection::Connection;
use crate::failure::{Failure, Why};
use crate::trace::{Framing, Response};
use std::net::SocketAddr;
use ureq_proto::client::state::{Prepare, RecvBody, RecvResponse};
use ureq_proto::client::{Call, RecvResponseResult, SendRequestResult};
use ureq_proto::http::{self, HeaderMap, header};
use ureq_proto::{BodyMode, Error};

/// The longest head of a response, in bytes, those of interim responses counted in.
const LONGEST_HEAD: usize = 64 << 10;
/// How much one read asks for, and how much is decoded at once.
const ROOM: usize = 256 << 10;
const USER_AGENT: &str = concat!("netfault/", env!("CARGO_PKG_VERSION"));

/// A request that was sent.
pub(super) struct Sent {
    call: Call<RecvResponse>,
}

/// A response whose head has come.
pub(super) struct Head {
    pub(super) response: Response,
    body: Option<Call<RecvBody>>,
    /// What came after the head already.
    rest: Vec<u8>,
}

/// The bytes of a GET for `target`, and what reads the response to it.
pub(super) fn request(target: &Target) -> Result<(Vec<u8>, Sent), Why> {
    let refused =
        |error: &dyn std::fmt::Display| Why::NotHttp { said: format!("no request can be made: {error}") };
    let request = http::Request::get(target.url().as_str())
        .header(header::USER_AGENT, USER_AGENT)
        .header(header::ACCEPT, "*/*")
        .header(header::ACCEPT_ENCODING, "gzip")
        .header(header::CONNECTION, "close")
        .body(())
        .map_err(|error| refused(&error))?;
    let call: Call<Prepare> = Call::new(request).map_err(|error| refused(&error))?;
    let mut call = call.proceed();
    let mut bytes = vec![0; target.url().as_str().len() + 1024];
    let length = call.write(&mut bytes).map_err(|error| refused(&error))?;
    bytes.truncate(length);
    match call.proceed() {
        Ok(Some(SendRequestResult::RecvResponse(call))) => Ok((bytes, Sent { call })),
        _ => Err(refused(&"it has no end")),
    }
}

/// The head of a response that `bytes` from `peer` begin with.
pub(super) fn response_in(bytes: &[u8], peer: SocketAddr) -> Option<Response> {
    let anywhere: Target = "http://localhost/".parse().ok()?;
    let (_, mut sent) = request(&anywhere).ok()?;
    let (used, parsed) = sent.call.try_response(bytes, false).ok()?;
    Some(sent.with(&parsed?, used, Vec::new(), peer).response)
}

impl Sent {
    /// Reads the head of the response; `first` is told when its first byte has come.
    pub(super) fn head(mut self, connection: &mut Connection, first: impl FnOnce()) -> Result<Head, Failure> {
        let mut came = Vec::new();
        let mut buffer = vec![0; 16 << 10];
        let mut first = Some(first);
        let mut all = 0;
        loop {
            let received = connection.read(&mut buffer)?;
            if received == 0 {
                let why = if came.is_empty() {
                    Why::Closed
                } else {
                    Why::NotHttp { said: "the connection ended before the head did".to_owned() }
                };
                return Err(connection.reject(why));
            }
            if let Some(first) = first.take() {
                first();
            }
            came.extend_from_slice(&buffer[..received]);
            all += received;
            loop {
                match self.call.try_response(&came, false) {
                    Ok((used, Some(response))) => {
                        let rest = came.split_off(used);
                        return Ok(self.with(&response, used, rest, connection.peer()));
                    }
                    Ok((0, None)) => break,
                    // A 1xx response, which another one follows.
                    Ok((used, None)) => drop(came.drain(..used)),
                    Err(error) => return Err(connection.reject(not_http(&error))),
                }
            }
            if all > LONGEST_HEAD {
                return Err(connection.reject(Why::TooLong { most: LONGEST_HEAD }));
            }
        }
    }

    fn with(self, parsed: &http::Response<()>, head_bytes: usize, rest: Vec<u8>, peer: SocketAddr) -> Head {
        let headers = parsed.headers();
        let length = text(headers, header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
        let body = match self.call.proceed() {
            Some(RecvResponseResult::RecvBody(call)) => Some(call),
            _ => None,
        };
        let framing = match body.as_ref().map(Call::body_mode) {
            None | Some(BodyMode::NoBody) => Framing::NoBody,
            Some(BodyMode::LengthDelimited(_)) => Framing::ContentLength,
            Some(BodyMode::Chunked) => Framing::Chunked,
            Some(BodyMode::CloseDelimited) => Framing::Close,
        };
        let response = Response {
            peer,
            status: parsed.status().as_u16(),
            reason: parsed.status().canonical_reason().unwrap_or_default().to_owned(),
            framing,
            length,
            content_type: text(headers, header::CONTENT_TYPE),
            content_encoding: text(headers, header::CONTENT_ENCODING),
            location: text(headers, header::LOCATION),
            retry_after: text(headers, header::RETRY_AFTER),
            server: text(headers, header::SERVER),
            head_bytes,
        };
        Head { response, body, rest }
    }
}

impl Head {
    /// Reads the body into `intake`. Gives whether it is whole, as [`crate::trace::Body::whole`] has it.
    pub(super) fn body(
        self,
        connection: &mut Connection,
        intake: &mut Intake,
    ) -> Result<Option<bool>, Ended> {
        let Some(mut call) = self.body else { return Ok(Some(true)) };
        let mut came = self.rest;
        let (mut from, mut buffer, mut out) = (0, vec![0; ROOM], vec![0; ROOM]);
        connection.receive_in_bulk();
        loop {
            loop {
                let (used, made) = call
                    .read(&came[from..], &mut out)
                    .map_err(|error| connection.reject(not_http(&error)))?;
                from += used;
                intake.take(&out[..made])?;
                if used == 0 && made == 0 {
                    break;
                }
            }
            if call.can_proceed() && self.response.framing != Framing::Close {
                intake.end()?;
                return Ok(Some(true));
            }
            came.drain(..from);
            from = 0;
            if came.len() > LONGEST_HEAD {
                return Err(connection.reject(Why::TooLong { most: LONGEST_HEAD }).into());
            }
            let received = connection.read(&mut buffer)?;
            if received == 0 {
                if call.is_ended_chunked() || self.response.framing == Framing::Close {
                    intake.end()?;
                    return Ok(call.is_ended_chunked().then_some(true));
                }
                let why = Why::ShortBody { got: intake.received(), wanted: self.response.length };
                return Err(connection.reject(why).into());
            }
            came.extend_from_slice(&buffer[..received]);
        }
    }
}

/// What keeps a body from coming whole.
pub(super) enum Ended {
    /// A failure of the connection, or of what came.
    Failed(Failure),
    /// What came is not what it should be, or nobody can take it.
    Refused(Refused),
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Refused> for Ended {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

fn not_http(error: &Error) -> Why {
    Why::NotHttp { said: error.to_string() }
}

/// The last field of this name, as text; bytes that are no text become U+FFFD.
fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    let value = headers.get_all(name).iter().next_back()?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}
