//! Names looked up at name servers of the test's own: the ways to an address, and what hostile ones cannot do.
#![cfg(unix)]

mod find;
mod hostile;

use hickory_proto::op::{Message, MessageType};
use hickory_proto::rr::rdata::{A, CNAME};
use hickory_proto::rr::{Name, RData, Record};
use netfault::diagnose::judge;
use netfault::evidence::Eyes;
use netfault::failure::{Failure, Protocol};
use netfault::fault::Fault;
use netfault::peer::name_server::{NameServer, Says};
use netfault::peer::{self, Serve};
use netfault::resolver::{self, Families, Settings};
use netfault::trace::{Confidence, Event, Evidence, Fact, Recorder, Resolved};
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

const NAME: &str = "www.example.test";
const ADDRESS: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 34);
const LONG: Duration = Duration::from_secs(20);

/// What came of a look-up.
struct LookedUp {
    result: Result<Resolved, Failure>,
    evidence: Vec<Evidence>,
    events: Vec<Event>,
    took: Duration,
}

impl LookedUp {
    #[track_caller]
    fn addresses(&self) -> Vec<String> {
        self.result.as_ref().unwrap().addresses.iter().map(ToString::to_string).collect()
    }

    /// Why there is no address, in words.
    #[track_caller]
    fn why(&self) -> String {
        self.result.as_ref().unwrap_err().to_string()
    }

    #[track_caller]
    fn is_judged(&self, fault: Fault) {
        let verdict = judge(self.result.as_ref().unwrap_err(), &self.events, &self.evidence);
        let told = (verdict.fault, verdict.confidence);
        assert_eq!(told, (Some(fault), Confidence::Proved), "{:#?}", self.evidence);
    }

    fn ignored(&self) -> Vec<&str> {
        let because = self.evidence.iter().filter_map(|one| match &one.fact {
            Fact::DnsIgnored { because, .. } => Some(because.as_str()),
            _ => None,
        });
        because.collect()
    }
}

fn look_up(name: &str, servers: Option<&[SocketAddr]>, families: Families, limit: Duration) -> LookedUp {
    let recorder = Recorder::new();
    let eyes = Eyes::new(&recorder);
    let settings = Settings { servers: servers.map(<[_]>::to_vec), families };
    let by = recorder.deadline(limit);
    let result = resolver::find(&recorder.actor("resolver"), &eyes, name, &settings, &by);
    LookedUp { result, evidence: eyes.seen(), events: recorder.events(), took: recorder.elapsed() }
}

/// Looks up the IPv4 addresses of [`NAME`] at one name server.
fn ask(server: SocketAddr, limit: Duration) -> LookedUp {
    look_up(NAME, Some(&[server]), Families::V4, limit)
}

/// A name server on one port of both transports. It serves as long as the test runs.
fn server(role: NameServer) -> (SocketAddr, Arc<NameServer>) {
    let actor = Recorder::forgetful().actor("name server");
    let bind = |protocol, address| peer::bind(&actor, protocol, address, 16);
    let (tcp, udp) = (0..16)
        .find_map(|_| {
            let tcp = bind(Protocol::Tcp, "127.0.0.1:0".parse().unwrap()).unwrap();
            let udp = bind(Protocol::Udp, tcp.local().unwrap()).ok()?;
            Some((tcp, udp))
        })
        .expect("a port that is free for both");
    let (address, role) = (udp.local().unwrap(), Arc::new(role));
    for (protocol, socket) in [(Protocol::Tcp, tcp), (Protocol::Udp, udp)] {
        let role: Arc<dyn Serve> = role.clone();
        thread::spawn(move || peer::serve(protocol, &socket, role.as_ref()));
    }
    (address, role)
}

fn saying(says: Says) -> SocketAddr {
    server(NameServer::new(says)).0
}

/// A name server of UDP that does what the test wants with each question.
fn by_hand(does: impl Fn(&UdpSocket, &Message, SocketAddr) + Send + 'static) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    thread::spawn(move || serve_by_hand(&socket, &does));
    address
}

fn serve_by_hand(socket: &UdpSocket, does: &dyn Fn(&UdpSocket, &Message, SocketAddr)) {
    let mut room = [0; 4096];
    while let Ok((length, client)) = socket.recv_from(&mut room) {
        does(socket, &Message::from_vec(&room[..length]).unwrap(), client);
    }
}

/// A name server that cuts every reply over UDP, and over TCP sends these bytes and closes.
fn over_tcp(bytes: Vec<u8>) -> SocketAddr {
    over_tcp_to(move |_| bytes.clone())
}

/// The same with bytes that are made for the question.
fn over_tcp_to(bytes: impl Fn(&Message) -> Vec<u8> + Send + 'static) -> SocketAddr {
    let (tcp, udp) = (0..16)
        .find_map(|_| {
            let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
            Some((UdpSocket::bind(tcp.local_addr().unwrap()).ok()?, tcp))
        })
        .map(|(udp, tcp)| (tcp, udp))
        .expect("a port that is free for both");
    let address = udp.local_addr().unwrap();
    thread::spawn(move || {
        serve_by_hand(&udp, &|socket, question, client| {
            let mut cut = reply(question, &[]);
            cut.metadata.truncation = true;
            socket.send_to(&cut.to_vec().unwrap(), client).unwrap();
        });
    });
    thread::spawn(move || {
        for client in tcp.incoming() {
            serve_tcp_by_hand(client.unwrap(), &bytes);
        }
    });
    address
}

fn serve_tcp_by_hand(mut client: TcpStream, bytes: &dyn Fn(&Message) -> Vec<u8>) {
    let mut length = [0; 2];
    client.read_exact(&mut length).unwrap();
    let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
    client.read_exact(&mut question).unwrap();
    // Who has heard enough closes before the end.
    let _ = client.write_all(&bytes(&Message::from_vec(&question).unwrap()));
}

/// A reply to `question` with these answers.
fn reply(question: &Message, answers: &[(&str, RData)]) -> Message {
    let mut reply = question.clone();
    reply.metadata.message_type = MessageType::Response;
    for (name, data) in answers {
        reply.add_answer(Record::from_rdata(named(name), 60, data.clone()));
    }
    reply
}

fn named(text: &str) -> Name {
    resolver::name(text).unwrap()
}

fn asked_for(question: &Message) -> String {
    question.queries[0].name().to_ascii().trim_end_matches('.').to_owned()
}

fn alias(of: &str) -> RData {
    RData::CNAME(CNAME(named(of)))
}

fn address() -> RData {
    RData::A(A(ADDRESS))
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}
