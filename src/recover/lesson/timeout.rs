//! A time-out: a server that does one thing after another is stuck in the first request, or in every one.

use super::Choice;
use super::promise::Promise;
use super::work::{CLIENT, LINE, LOOPBACK, Retrying, answer, joined, timed};
use crate::failure::Protocol::Tcp;
use crate::failure::{Failure, Op};
use crate::fault::Fault;
use crate::naive;
use crate::reproduce::{Stage, Trouble};
use crate::retry::Backoff;
use crate::socket::Socket;
use crate::trace::{Effect, SocketState};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

/// How long the stuck server needs for its first request.
const STUCK: Duration = Duration::from_millis(1200);
/// The student's time-out.
const LIMIT: Duration = Duration::from_millis(250);
/// The same, raised.
const RAISED: Duration = Duration::from_secs(4);
/// After which a program is ended that would wait for ever.
const FOR_EVER: Duration = Duration::from_millis(1500);
/// A limit on everything, against a server that never answers.
const DEADLINE: Duration = Duration::from_secs(1);

pub(super) const CHOICES: &[Choice] = &[
    Choice {
        id: "catch",
        attempt: |stage| busy(stage, Some(STUCK), |address| ask(stage, address, LIMIT)),
        promise: Promise::NO_ANSWER.after(LIMIT).carried_out(1),
    },
    Choice {
        id: "longer-timeout",
        attempt: |stage| busy(stage, Some(STUCK), |address| ask(stage, address, RAISED)),
        promise: Promise::WORKS.after(STUCK).carried_out(1),
    },
    Choice {
        id: "wait-for-ever",
        attempt: |stage| busy(stage, None, |address| ask(stage, address, FOR_EVER)),
        promise: Promise::NO_ANSWER.after(FOR_EVER),
    },
    Choice {
        id: "retry-at-once",
        attempt: |stage| {
            let retrying =
                Retrying { backoff: Backoff::None, attempts: 3, each: LIMIT, total: Duration::from_secs(8) };
            busy(stage, Some(STUCK), |address| retrying.ask(stage, address))
        },
        promise: Promise::NO_ANSWER.attempts(3).carried_out(3),
    },
    Choice {
        id: "backoff",
        attempt: |stage| {
            busy(stage, Some(STUCK), |address| persistent(Duration::from_secs(8)).ask(stage, address))
        },
        promise: Promise::WORKS.attempts(2).after(LIMIT).carried_out(2),
    },
    Choice {
        id: "deadline",
        attempt: |stage| busy(stage, None, |address| persistent(DEADLINE).ask(stage, address)),
        promise: Promise::NO_ANSWER.attempts(2),
    },
    Choice { id: "look", attempt: look, promise: Promise::NO_ANSWER.names(Fault::ReadSilence) },
];

/// The failure that the lesson is about.
pub(super) fn fail(stage: &Stage) -> Result<Failure, Trouble> {
    let caught = busy(stage, Some(STUCK), |address| ask(stage, address, LIMIT))?;
    caught.failure.ok_or_else(|| Trouble::broke("the stuck server answered in time"))
}

fn persistent(total: Duration) -> Retrying {
    Retrying { backoff: Backoff::FullJitter, attempts: 100, each: LIMIT, total }
}

/// One attempt of a client with this time-out.
fn ask(stage: &Stage, address: SocketAddr, limit: Duration) -> Effect {
    timed(stage, || match naive::client::tcp(&stage.actor(CLIENT), address, LINE, Some(limit)) {
        Ok(reply) => Effect::success(reply, 1),
        Err(failure) => Effect::failed(failure, 1),
    })
}

/// Lets `ask` ask a server that needs this long for its first request, or never answers.
fn busy(
    stage: &Stage,
    first: Option<Duration>,
    ask: impl FnOnce(SocketAddr) -> Effect,
) -> Result<Effect, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK)?;
    thread::scope(|scope| {
        let serving = scope.spawn(move || serve(&listener, first));
        let effect = ask(address);
        // Whoever asks nothing ends the server, which takes one after another: by then it has served all others.
        Socket::new(&stage.actor("stage"), Tcp, address)?.connect(address)?;
        let served = joined(serving)??;
        Ok(Effect { carried_out: first.map(|_| served), ..effect })
    })
}

/// Serves one client after another until one comes that asks nothing; gives how many requests were carried out.
fn serve(listener: &Socket, mut first: Option<Duration>) -> Result<u32, Failure> {
    let answers = first.is_some();
    let mut held = Vec::new();
    let mut served = 0;
    loop {
        let client = listener.accept()?;
        let request = client.receive(1024)?;
        if request.is_empty() {
            return Ok(served);
        }
        if let Some(stuck) = first.take() {
            thread::sleep(stuck);
        }
        served += 1;
        if answers {
            let reply = answer(&String::from_utf8_lossy(&request)) + "\n";
            // Who has left does not get it; the work is done all the same.
            let _ = client.send_all(reply.as_bytes());
        } else {
            held.push(client);
        }
    }
}

/// Looks at both ends of the connection while the client waits.
fn look(stage: &Stage) -> Result<Effect, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK)?;
    thread::scope(|scope| {
        let client = scope.spawn(|| ask(stage, address, Duration::from_millis(600)));
        let unanswered = listener.accept()?;
        unanswered.receive(1024)?;
        stage.wait_for_call(CLIENT, Op::Receive)?;
        stage.sockets_when(Tcp, address.port(), "the request to be taken and acknowledged", |rows| {
            let established = || rows.iter().filter(|row| row.state == SocketState::Established);
            established().any(|row| row.local == address && row.is_held() && row.recv_queue == 0)
                && established()
                    .any(|row| row.peer == address && row.tcp.is_some_and(|tcp| tcp.bytes_acknowledged > 0))
        })?;
        let effect = joined(client)?;
        let verdict = effect.failure.as_ref().map(|failure| stage.judge(failure));
        Ok(Effect { verdict, ..effect })
    })
}
