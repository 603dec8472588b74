//! What a program writes and reads: each stream in a thread of its own, line by line, with the time, and bounded.

use super::inbox::{Message, Sender, Who};
use crate::trace::{Recorder, Stream};
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::process::ChildStdin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

/// A longer line is cut into several.
const LONGEST_LINE: usize = 64 * 1024;

/// Bytes that both streams of a program may still write.
#[derive(Clone, Debug)]
pub(super) struct Allowance(Arc<AtomicU64>);

impl Allowance {
    pub(super) fn of(bytes: u64) -> Self {
        Self(Arc::new(AtomicU64::new(bytes)))
    }

    /// Takes so many bytes from it; `false` when they are too many.
    fn take(&self, bytes: usize) -> bool {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(bytes)).is_ok()
    }
}

/// Who is listened to, and who is told.
#[derive(Clone)]
pub(super) struct Ear {
    pub(super) who: Who,
    pub(super) clock: Recorder,
    pub(super) tells: Sender,
}

impl Ear {
    /// Listens to one stream until it ends.
    pub(super) fn listen(
        self,
        stream: Stream,
        source: impl Read + Send + 'static,
        allowed: Allowance,
    ) -> io::Result<()> {
        let thread = thread::Builder::new().name(format!("netfault-{stream}"));
        thread.spawn(move || {
            let heard = self.lines(stream, source, &allowed);
            // A pipe that breaks is as silent as one that ends. Nobody may be there to be told any more.
            let _ = heard.map(|()| self.tells.send(Message::Silent { who: self.who }));
        })?;
        Ok(())
    }

    fn lines(&self, stream: Stream, source: impl Read, allowed: &Allowance) -> Option<()> {
        let mut source = BufReader::new(source);
        let mut line = Vec::new();
        loop {
            let bytes = match source.fill_buf() {
                Ok([]) => break,
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            let (end, ends) = match bytes.iter().position(|byte| *byte == b'\n') {
                Some(end) => (end + 1, true),
                None => (bytes.len(), false),
            };
            let end_here = end.min(LONGEST_LINE - line.len());
            let ends = (ends && end_here == end) || line.len() + end_here == LONGEST_LINE;
            if !allowed.take(end_here) {
                self.tells.send(Message::TooMuch { who: self.who }).ok()?;
                // What it writes until it is ended is lost, and it does not wait for it.
                let _ = io::copy(&mut source, &mut io::sink());
                break;
            }
            line.extend_from_slice(&bytes[..end_here]);
            source.consume(end_here);
            if ends {
                self.wrote(stream, &mut line)?;
            }
        }
        if line.is_empty() { Some(()) } else { self.wrote(stream, &mut line) }
    }

    fn wrote(&self, stream: Stream, line: &mut Vec<u8>) -> Option<()> {
        let text = String::from_utf8_lossy(line);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text).to_owned();
        line.clear();
        let at = self.clock.elapsed();
        self.tells.send(Message::Wrote { who: self.who, at, stream, text }).ok()
    }
}

/// Gives a program what it reads. While what this returns is kept, its standard input does not end.
pub(super) fn feed(mut stdin: ChildStdin, text: String) -> io::Result<mpsc::Sender<()>> {
    let (open, closed) = mpsc::channel();
    thread::Builder::new().name("netfault-stdin".into()).spawn(move || {
        // Who does not read it all has its reasons.
        let _ = stdin.write_all(text.as_bytes()).and_then(|()| stdin.flush());
        let _ = closed.recv();
    })?;
    Ok(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(bytes: &[u8], allowed: u64) -> Vec<String> {
        let (tells, inbox) = mpsc::channel();
        let ear = Ear { who: Who { role: 0, life: 0 }, clock: Recorder::forgetful(), tells };
        ear.lines(Stream::Stdout, bytes, &Allowance::of(allowed));
        drop(ear);
        let told = inbox.iter().map(|message| match message {
            Message::Wrote { text, .. } => text,
            Message::TooMuch { .. } => "(too much)".into(),
            other => format!("{other:?}"),
        });
        told.collect()
    }

    #[test]
    fn lines_come_without_their_ends_and_the_last_one_needs_none() {
        assert_eq!(heard(b"a\r\n\nb\xff\nc", 100), ["a", "", "b\u{fffd}", "c"]);
        assert_eq!(heard(b"", 100), Vec::<String>::new());
    }

    #[test]
    fn what_is_written_is_bounded_to_the_byte() {
        assert_eq!(heard(b"ab\ncd\n", 6), ["ab", "cd"]);
        assert_eq!(heard(b"ab\ncd\n", 5), ["ab", "(too much)"]);
    }

    #[test]
    fn a_line_without_an_end_is_cut() {
        let lines = heard(&vec![b'x'; LONGEST_LINE * 2 + 1], u64::MAX);
        assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [LONGEST_LINE, LONGEST_LINE, 1]);
    }
}
