//! Events as they happen, as the body of an answer that does not end.

use crate::proxy::Heard;
use crate::trace::Event;
use bytes::Bytes;
use hyper::body::{Body, Frame};
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc::{self, Receiver, error::TrySendError};

/// Events that may wait for a slow reader.
const WAITING: usize = 4096;

/// Lines of JSON that come one by one.
#[derive(Debug)]
pub(super) struct Lines(Receiver<Bytes>);

impl Lines {
    /// Lines, and the hand that writes an event into them.
    pub(super) fn new() -> (Self, impl FnMut(&Event) -> Heard + Send + 'static) {
        let (lines, receiver) = mpsc::channel(WAITING);
        let hear = move |event: &Event| {
            let Ok(mut line) = serde_json::to_vec(event) else { return Heard::Full };
            line.push(b'\n');
            match lines.try_send(line.into()) {
                Ok(()) => Heard::Yes,
                Err(TrySendError::Full(_)) => Heard::Full,
                Err(TrySendError::Closed(_)) => Heard::Gone,
            }
        };
        (Self(receiver), hear)
    }
}

impl Body for Lines {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|line| line.map(|line| Ok(Frame::data(line))))
    }
}
