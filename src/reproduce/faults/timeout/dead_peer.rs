//! The server's machine is gone, and the connection stands: what is sent is never acknowledged, and who only waits hears
//! nothing, unless the kernel was told to ask.

use crate::failure::{Failure, Op, Protocol::Tcp};
use crate::fault::Fault;
use crate::reproduce::network::{CLIENT, Lab, SERVER};
use crate::reproduce::stage::{LINE, Shown, Stage, is_errno};
use crate::reproduce::trouble::{Trouble, joined, must_fail};
use crate::socket::{Choice, Socket};
use crate::vnet::Change;
use std::thread;
use std::time::Duration;

/// What is read at most.
const BUFFER: usize = 1024;
/// As a program would set `TCP_USER_TIMEOUT`, though shorter.
const USER_TIMEOUT: Duration = Duration::from_secs(1);
/// Idle time before the first keepalive probe, and between them.
const IDLE: Duration = Duration::from_secs(1);

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let lab = Lab::pair(stage)?;
    let (listener, address) =
        lab.on(SERVER, || stage.listener(&stage.actor("server"), lab.server(false)?))?;
    let connected = |name, choices: &[Choice], listener: &Socket, address| {
        let client = lab.on(CLIENT, || {
            let socket = Socket::new(&stage.actor(name), Tcp, address)?;
            let socket = choices.iter().try_fold(socket, |socket, choice| socket.with(*choice))?;
            socket.connect(address)?;
            Ok(socket)
        })?;
        Ok::<_, Trouble>((client, listener.accept()?))
    };
    let (naive, _kept) = connected("naive client", &[], &listener, address)?;
    let limited = [Choice::UserTimeout(USER_TIMEOUT)];
    let (limited, _kept) = connected("client with TCP_USER_TIMEOUT", &limited, &listener, address)?;
    let (probing, _kept) =
        connected("idle client with keepalive", &[Choice::KeepAlive(IDLE)], &listener, address)?;
    let over_v6 = lab.on(SERVER, || stage.listener(&stage.actor("server"), lab.server(true)?))?;
    let (naive_v6, _kept) = connected("naive client over IPv6", &[], &over_v6.0, over_v6.1)?;
    lab.change("the server's machine vanishes", Change::Down(SERVER.into()))?;
    drop(listener);

    thread::scope(|scope| {
        let limited = scope.spawn(|| lab.on(CLIENT, || asks(&limited)));
        let probing = scope.spawn(|| lab.on(CLIENT, || must_fail(probing.receive(BUFFER))));
        let over_v6 =
            scope.spawn(|| lab.on(CLIENT, || waits_in_vain(stage, "naive client over IPv6", &naive_v6)));
        let met = lab.on(CLIENT, || waits_in_vain(stage, "naive client", &naive))?;
        let (limited, probing, over_v6) = (joined(limited)??, joined(probing)??, joined(over_v6)??);
        stage.recover(met, |checks| {
            checks.push(is_errno("user-timeout", "ETIMEDOUT", &limited));
            checks.push(is_errno("keepalive", "ETIMEDOUT", &probing));
            checks.push(stage.is_judged("ipv6", Fault::DeadPeer, &over_v6));
            let address = lab.unused(false)?;
            lab.serving(address, || {
                lab.client_recovers(address, || {
                    lab.change("the server's machine is back", Change::Up(SERVER.into()))
                })
            })
        })
    })
}

/// Sends a request and waits for the reply.
fn asks(client: &Socket) -> Result<Failure, Trouble> {
    client.send_all(LINE.as_bytes())?;
    must_fail(client.receive(BUFFER))
}

/// The same; the socket table is read while the request goes out again and again.
fn waits_in_vain(stage: &Stage, name: &str, client: &Socket) -> Result<Failure, Trouble> {
    let port = client.local().map_or(0, |local| local.port());
    thread::scope(|scope| {
        let waiting = scope.spawn(|| asks(client));
        stage.wait_for_call(name, Op::Receive)?;
        stage.sockets_when(Tcp, port, "the request to be sent again", |rows| {
            rows.iter().any(|row| row.tcp.is_some_and(|tcp| tcp.total_retransmissions > 1))
        })?;
        joined(waiting)?
    })
}
