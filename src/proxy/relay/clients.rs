//! TCP clients of the relay: accepted, led to their servers, moved on.

use super::{Relay, Who};
use crate::failure::{Call, Failure, Op, Protocol};
use crate::impair::{Direction, Effect};
use crate::proxy::host;
use crate::proxy::running::Door;
use crate::proxy::stream::Act;
use crate::proxy::tcp::{Connection, Dial, Next, Server, Turn};
use crate::trace::What;
use mio::Interest;
use mio::net::TcpStream;
use socket2::SockRef;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// Connections accepted of one proxy before the others have their turn.
const ACCEPTS: usize = 64;

const BOTH: Interest = Interest::READABLE.add(Interest::WRITABLE);

impl Relay {
    /// Takes the connections that wait, of every proxy.
    pub(super) fn accept(&mut self) {
        for at in 0..self.proxies.capacity() {
            for _ in 0..ACCEPTS {
                let now = self.now;
                let Some(proxy) = self.proxies.get_mut(at) else { break };
                let Door::Tcp(listener) = &mut proxy.door else { break };
                if !listener.may_accept(now) {
                    break;
                }
                match listener.accept(now) {
                    Some(Ok((stream, peer))) => self.welcome(at, stream, peer),
                    Some(Err(error)) => {
                        let local = Some(listener.address());
                        let call = Call { local, ..Call::new(Op::Accept, Protocol::Tcp) };
                        self.tell_failure(at, call, &error, Duration::ZERO);
                    }
                    None => {}
                }
            }
        }
    }

    fn welcome(&mut self, at: usize, mut stream: TcpStream, peer: SocketAddr) {
        let (now, seed) = (self.now, self.settings.seed);
        let Some(proxy) = self.proxies.get_mut(at) else { return };
        proxy.counters.connections += 1;
        let number = proxy.counters.connections;
        let actor = format!("proxy {}", proxy.name);
        let local = Some(proxy.listen);
        self.events.tell(&actor, || What::Finished {
            call: Call { local, peer: Some(peer), ..Call::new(Op::Accept, Protocol::Tcp) },
            bytes: None,
        });
        if let Some(toxic) = proxy.refuses(number, seed, now) {
            // The kernel had accepted it before anybody could be asked.
            self.acts.push(Act { toxic, effect: Effect::Reset, bytes: 0 });
            self.tell_acts(at, number, peer, Direction::Upstream);
            return reset(&stream);
        }
        if self.connections.len() >= self.settings.limits.connections {
            proxy.counters.turned_away += 1;
            let most = self.settings.limits.connections;
            let text = format!("connection {number} of {peer} reset: there are {most} already");
            self.events.tell(&actor, || What::Note { text });
            return reset(&stream);
        }
        let entry = self.connections.vacant_entry();
        let place = entry.key();
        let token = Who::Client(place).token();
        let ready =
            stream.set_nodelay(true).and_then(|()| self.poll.registry().register(&mut stream, token, BOTH));
        if let Err(error) = ready {
            let call = Call { peer: Some(peer), ..Call::new(Op::SetOption, Protocol::Tcp) };
            return self.tell_failure(at, call, &error, Duration::ZERO);
        }
        entry.insert(Connection::new(at, number, peer, stream));
        self.sync_connection(place);
        self.reach(place);
    }

    /// Begins to call the server.
    fn reach(&mut self, place: usize) {
        let Some(connection) = self.connections.get(place) else { return };
        let Some(proxy) = self.proxies.get_mut(connection.proxy) else { return };
        if proxy.servers.is_empty() {
            let at = connection.proxy;
            return self.look_up(at);
        }
        let mut left = proxy.servers.clone();
        left.reverse();
        self.dial(place, left);
    }

    /// Calls the last of these addresses, and remembers the others.
    fn dial(&mut self, place: usize, mut left: Vec<SocketAddr>) {
        while let Some(to) = left.pop() {
            let token = Who::Server(place).token();
            let called = TcpStream::connect(to).and_then(|mut stream| {
                stream.set_nodelay(true)?;
                self.poll.registry().register(&mut stream, token, BOTH)?;
                Ok(stream)
            });
            match called {
                Ok(stream) => {
                    let dial = Dial { stream, to, left, since: self.now };
                    if let Some(connection) = self.connections.get_mut(place) {
                        connection.server = Server::Dialled(Box::new(dial));
                    }
                    return;
                }
                Err(error) => self.missed(place, to, self.now, &error),
            }
        }
        self.unreached(place);
    }

    /// One address of the server cannot be reached.
    fn missed(&mut self, place: usize, to: SocketAddr, since: Duration, error: &io::Error) {
        let Some(connection) = self.connections.get(place) else { return };
        let call = Call { peer: Some(to), ..Call::new(Op::Connect, Protocol::Tcp) };
        self.tell_failure(connection.proxy, call, error, self.now.saturating_sub(since));
    }

    /// No address of the server can be reached: the client gets a RST, as its connection was already accepted.
    fn unreached(&mut self, place: usize) {
        let Some(connection) = self.connections.get(place) else { return };
        connection.reset();
        let (number, peer) = (connection.number, connection.peer);
        if let Some(proxy) = self.proxies.get_mut(connection.proxy) {
            proxy.counters.unreached += 1;
            // A name may lead elsewhere by now.
            if host::is_name(&proxy.upstream) {
                proxy.servers.clear();
            }
            let text = format!("connection {number} of {peer} reset: {} cannot be reached", proxy.upstream);
            self.events.tell(&format!("proxy {}", proxy.name), || What::Note { text });
        }
        self.forget(place);
    }

    /// Looks the name of a proxy's server up, in a thread of its own: it may take long.
    pub(super) fn look_up(&mut self, at: usize) {
        let control = self.control();
        let Some(proxy) = self.proxies.get_mut(at) else { return };
        if std::mem::replace(&mut proxy.asks, true) {
            return;
        }
        let (name, upstream) = (proxy.name.clone(), proxy.upstream.clone());
        let named = std::thread::Builder::new().name("netfault-resolver".into());
        let asked = named.spawn(move || {
            let found = host::resolve(&upstream).unwrap_or_default();
            // If the relay has ended, nobody waits for the answer.
            let _ = control.tell(move |relay| relay.looked_up(&name, &upstream, found));
        });
        if let Err(error) = asked {
            tracing::warn!(%error, "cannot look up the name of a server");
            self.found(at, Vec::new());
        }
    }

    fn looked_up(&mut self, name: &str, upstream: &str, found: Vec<SocketAddr>) {
        let proxy = self.proxies.iter().find(|(_, proxy)| proxy.name == name && proxy.upstream == upstream);
        if let Some((at, _)) = proxy {
            self.found(at, found);
        }
    }

    fn found(&mut self, at: usize, found: Vec<SocketAddr>) {
        let Some(proxy) = self.proxies.get_mut(at) else { return };
        proxy.asks = false;
        let is_empty = found.is_empty();
        if is_empty {
            let text = format!("{} has no address", proxy.upstream);
            self.events.tell(&format!("proxy {}", proxy.name), || What::Note { text });
        }
        proxy.servers = found;
        let waits =
            |connection: &Connection| connection.proxy == at && matches!(connection.server, Server::Wanted);
        let waiting: Vec<usize> = self
            .connections
            .iter()
            .filter(|(_, connection)| waits(connection))
            .map(|(place, _)| place)
            .collect();
        for place in waiting {
            if is_empty { self.unreached(place) } else { self.reach(place) }
        }
    }

    /// Lets a connection do what it can.
    pub(super) fn turn_connection(&mut self, place: usize) {
        let Some(connection) = self.connections.get_mut(place) else { return };
        if let Server::Dialled(dial) = &mut connection.server {
            match dial.answer() {
                None if connection.client.is_gone() || self.drained.is_some() => return self.forget(place),
                None => return,
                Some(Ok(())) => connection.reached(),
                Some(Err(error)) => {
                    let (to, since, left) = (dial.to, dial.since, std::mem::take(&mut dial.left));
                    self.missed(place, to, since, &error);
                    return self.dial(place, left);
                }
            }
        }
        let (at, number, peer) = (connection.proxy, connection.number, connection.peer);
        let Some(proxy) = self.proxies.get_mut(at) else { return self.forget(place) };
        let before = connection.bytes();
        let mut down = Vec::new();
        let next = {
            let mut turn = Turn {
                now: self.now,
                buffer: &mut self.buffer,
                tubes: &mut self.tubes,
                acts: &mut self.acts,
                down: &mut down,
                has_memory: self.held < self.settings.limits.memory,
                counters: &mut proxy.counters,
            };
            connection.turn(&mut turn)
        };
        self.held = self.held + connection.bytes() - before;
        let due = connection.due();
        let plans = due < connection.planned;
        if plans {
            connection.planned = due;
        }
        let ends = self.drained.is_some() && connection.is_empty();
        if !self.acts.is_empty() {
            self.tell_acts(at, number, peer, Direction::Upstream);
        }
        if !down.is_empty() {
            self.acts = down;
            self.tell_acts(at, number, peer, Direction::Downstream);
        }
        match next {
            Next::Forget => return self.forget(place),
            Next::Again => self.again.push(Who::Client(place).token()),
            Next::Wait if ends => return self.forget(place),
            Next::Wait => {}
        }
        if plans {
            self.plan(due, Who::Client(place));
        }
    }

    /// Closes both sockets of a connection.
    pub(super) fn forget(&mut self, place: usize) {
        if let Some(connection) = self.connections.try_remove(place) {
            self.held -= connection.bytes();
        }
    }

    /// Puts into a connection the toxics that there are now.
    pub(super) fn sync_connection(&mut self, place: usize) {
        let (now, seed) = (self.now, self.settings.seed);
        let Some(connection) = self.connections.get_mut(place) else { return };
        let Some(proxy) = self.proxies.get(connection.proxy) else { return };
        let (before, number) = (connection.bytes(), connection.number);
        for way in [Direction::Upstream, Direction::Downstream] {
            connection.sync(way, &proxy.wanted(way), now, |id| proxy.link(id, number, way, seed, now));
        }
        self.held = self.held + connection.bytes() - before;
    }

    /// Tells of a call that failed.
    pub(super) fn tell_failure(&mut self, at: usize, call: Call, error: &io::Error, elapsed: Duration) {
        let Some(proxy) = self.proxies.get(at) else { return };
        let what = || What::Failed(Failure::of(call, error, None, elapsed));
        self.events.tell(&format!("proxy {}", proxy.name), what);
    }
}

/// Ends a connection that was accepted as if it had not been: with a RST.
fn reset(stream: &TcpStream) {
    if let Err(error) = SockRef::from(stream).set_linger(Some(Duration::ZERO)) {
        tracing::debug!(%error, "SO_LINGER");
    }
}
