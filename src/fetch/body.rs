//! A body on its way out: its encoding undone, its size bounded, its first characters kept.

use super::{Sink, text};
use crate::failure::Why;
use crate::trace::{Body, Response};
use flate2::write::MultiGzDecoder;
use std::io::{self, Write};

/// What takes the bytes of a body as they come.
pub(super) struct Intake<'a> {
    out: Out<'a>,
    received: u64,
}

enum Out<'a> {
    Plain(Counted<'a>),
    /// gzip, RFC 1952.
    Gzip(Box<MultiGzDecoder<Counted<'a>>>),
}

/// Why a body is not taken.
pub(super) enum Refused {
    /// It is not what it should be.
    Body(Why),
    /// Whoever it is for cannot take it.
    Sink(io::Error),
}

/// Counts the bytes, keeps the first of them, and gives them on.
struct Counted<'a> {
    sink: &'a mut dyn Sink,
    most: u64,
    passed: u64,
    began: Vec<u8>,
    refused: Option<Refused>,
}

impl<'a> Intake<'a> {
    pub(super) fn new(response: &Response, most: u64, sink: &'a mut dyn Sink) -> Self {
        let counted = Counted { sink, most, passed: 0, began: Vec::new(), refused: None };
        let encoding = response.content_encoding.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
        let out = if ["gzip", "x-gzip"].contains(&encoding.as_str()) {
            Out::Gzip(Box::new(MultiGzDecoder::new(counted)))
        } else {
            Out::Plain(counted)
        };
        Self { out, received: 0 }
    }

    /// Bytes that came.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// Takes the next bytes as they came.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        self.received += bytes.len() as u64;
        let written = match &mut self.out {
            Out::Plain(counted) => counted.write_all(bytes),
            Out::Gzip(decoder) => decoder.write_all(bytes),
        };
        written.map_err(|error| self.refused(&error))
    }

    /// Nothing more comes.
    pub(super) fn end(&mut self) -> Result<(), Refused> {
        let ended = match &mut self.out {
            Out::Gzip(decoder) if self.received > 0 => decoder.try_finish(),
            _ => Ok(()),
        };
        ended.map_err(|error| self.refused(&error))
    }

    /// What came in all; `whole` as [`Body::whole`] has it.
    pub(super) fn body(&self, response: &Response, whole: Option<bool>) -> Body {
        let counted = match &self.out {
            Out::Plain(counted) => counted,
            Out::Gzip(decoder) => decoder.get_ref(),
        };
        let all = counted.passed == counted.began.len() as u64;
        let text::Beginning { charset, characters, replaced, more } =
            text::read(&counted.began, all, response.content_type.as_deref());
        let (bytes_received, bytes, text) = (self.received, counted.passed, characters);
        Body { bytes_received, bytes, whole, charset, text, replaced, more }
    }

    fn refused(&mut self, error: &io::Error) -> Refused {
        let counted = match &mut self.out {
            Out::Plain(counted) => counted,
            Out::Gzip(decoder) => decoder.get_mut(),
        };
        let of_gzip = || Refused::Body(Why::Undecodable { said: format!("gzip: {error}") });
        counted.refused.take().unwrap_or_else(of_gzip)
    }
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.passed + bytes.len() as u64 > self.most {
            let most = usize::try_from(self.most).unwrap_or(usize::MAX);
            self.refused = Some(Refused::Body(Why::TooLong { most }));
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if let Err(error) = self.sink.write(bytes) {
            self.refused = Some(Refused::Sink(error));
            return Err(io::ErrorKind::Other.into());
        }
        self.passed += bytes.len() as u64;
        let kept = text::BYTES.saturating_sub(self.began.len()).min(bytes.len());
        self.began.extend_from_slice(&bytes[..kept]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
