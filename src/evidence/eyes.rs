//! Eyes on the live system: what they see is kept, with the time, for the rules to judge.

use super::{
    Absent, Counter, descriptors, holder, icmp_errors, options, own_socket, route, sockets, waiting,
};
use crate::failure::Protocol;
use crate::trace::{Evidence, Fact, Recorder, SocketRow, Source};
use socket2::Socket;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Looks, and keeps what was seen; where the recorder is forgetful, it is only saved.
#[derive(Debug)]
pub struct Eyes {
    recorder: Recorder,
    seen: Mutex<Vec<Evidence>>,
}

impl Eyes {
    /// Eyes that have seen nothing; their time is the recorder's.
    pub fn new(recorder: &Recorder) -> Self {
        Self { recorder: recorder.clone(), seen: Mutex::default() }
    }

    /// Keeps a fact.
    pub fn keep(&self, (source, fact): (Source, Fact)) -> Fact {
        let evidence = self.recorder.saw(source, fact.clone());
        if self.recorder.keeps() {
            self.lock().push(evidence);
        }
        fact
    }

    /// Everything that was seen, in order.
    pub fn seen(&self) -> Vec<Evidence> {
        self.lock().clone()
    }

    /// The socket table for `port`.
    pub fn sockets(&self, protocol: Protocol, port: u16) -> Result<Vec<SocketRow>, Absent> {
        Ok(rows_of(self.keep(sockets(protocol, port)?)))
    }

    /// Who holds the socket of `row`, and which options they set on it; what this user may not see is left out.
    pub fn holder(&self, row: &SocketRow) -> Result<Fact, Absent> {
        let holder = self.keep(holder(row.inode, row.uid)?);
        if let Ok(options) = options(row.inode) {
            self.keep(options);
        }
        Ok(holder)
    }

    /// Who holds each of these sockets, with its options and descriptors, as far as this user may see.
    pub fn holders<'a>(&self, rows: impl IntoIterator<Item = &'a SocketRow>) {
        let mut known = Vec::new();
        for row in rows.into_iter().filter(|row| row.is_held()) {
            if !known.contains(&row.inode) {
                known.push(row.inode);
                if let Ok(Fact::Holder(process)) = self.holder(row)
                    && let Ok(descriptors) = descriptors(process.pid)
                {
                    self.keep(descriptors);
                }
            }
        }
    }

    /// The error queue of `socket`, which talked to `peer`.
    pub fn icmp_errors(&self, socket: &Socket, peer: SocketAddr) -> Result<Fact, Absent> {
        Ok(self.keep(icmp_errors(socket, peer)?))
    }

    /// What `socket` says of itself.
    pub fn own_socket(&self, socket: &Socket) -> Result<Fact, Absent> {
        Ok(self.keep(own_socket(socket)?))
    }

    /// What waits in `socket` to be read.
    pub fn waiting(&self, socket: &Socket) -> Result<Fact, Absent> {
        Ok(self.keep(waiting(socket)?))
    }

    /// Where packets to `address` go.
    pub fn route(&self, address: IpAddr) -> Result<Fact, Absent> {
        Ok(self.keep(route(address)?))
    }

    /// How far a counter rose.
    pub fn counted(&self, counter: &Counter) -> Result<Fact, Absent> {
        Ok(self.keep(counter.read()?))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Evidence>> {
        // A panic elsewhere leaves a list that is still worth reading: every write is one push.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The rows of a socket table.
pub fn rows_of(fact: Fact) -> Vec<SocketRow> {
    match fact {
        Fact::Sockets { rows, .. } => rows,
        _ => Vec::new(),
    }
}
