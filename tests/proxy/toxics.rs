//! What each toxic does to a connection.

use crate::running::{LONG, Running, echo, exchange, listener, pair, read_to_end};
use netfault::trace::Recorder;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

#[test]
fn latency_delays_each_way_that_it_is_asked_for() {
    let running = Running::tcp(echo(), &["latency:latency=100,stream=both"]);
    let mut client = running.connect();
    let clock = Recorder::forgetful();
    assert_eq!(exchange(&mut client, b"late"), b"late");
    assert!(clock.elapsed() >= Duration::from_millis(200), "{:?}", clock.elapsed());
    let act = running.wait_for_act(|act| act.stream == "downstream");
    assert_eq!(
        (act.did.as_str(), act.kind.as_str(), act.by, act.bytes),
        ("delayed", "latency", Some(0.1), Some(4))
    );
}

#[test]
fn a_bandwidth_of_nothing_blocks_until_it_is_changed() {
    let running = Running::tcp(echo(), &["bandwidth:rate=0,name=cut"]);
    let mut client = running.connect();
    client.write_all(b"held").unwrap();
    running.wait_for_act(|act| act.did == "held");
    client.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert_eq!(client.read(&mut [0; 4]).unwrap_err().kind(), ErrorKind::WouldBlock);
    client.set_read_timeout(Some(LONG)).unwrap();
    running.change("cut", r#"{"attributes": {"rate": 1000}}"#);
    let mut back = [0; 4];
    client.read_exact(&mut back).unwrap();
    assert_eq!(&back, b"held");
}

#[test]
fn bandwidth_lets_so_many_bytes_a_second_pass() {
    let running = Running::tcp(echo(), &["bandwidth:rate=1000"]);
    let mut client = running.connect();
    let clock = Recorder::forgetful();
    let bytes = vec![1; 300_000];
    assert_eq!(exchange(&mut client, &bytes), bytes);
    assert!(clock.elapsed() >= Duration::from_millis(299), "{:?}", clock.elapsed());
}

#[test]
fn slow_close_delays_the_end_alone() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &["slow_close:delay=200"]);
    let (mut client, mut server) = pair(&running, &listener);
    server.write_all(b"data").unwrap();
    let mut data = [0; 4];
    client.read_exact(&mut data).unwrap();
    let clock = Recorder::forgetful();
    drop(server);
    assert_eq!(read_to_end(&mut client), (vec![], None));
    assert!(clock.elapsed() >= Duration::from_millis(195), "{:?}", clock.elapsed());
}

#[test]
fn timeout_drops_everything_and_closes_when_idle() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &["timeout:timeout=100,stream=upstream"]);
    let (mut client, mut server) = pair(&running, &listener);
    client.write_all(b"nobody hears this").unwrap();
    assert_eq!(read_to_end(&mut server), (vec![], None));
    assert_eq!(read_to_end(&mut client).0, b"");
}

#[test]
fn a_timeout_that_is_taken_away_closes() {
    let running = Running::tcp(echo(), &["timeout:timeout=0,name=t"]);
    let mut client = running.connect();
    client.write_all(b"lost").unwrap();
    running.wait_for_act(|act| act.did == "dropped");
    running.remove("t");
    assert_eq!(read_to_end(&mut client), (vec![], None));
}

#[test]
fn reset_peer_resets_connections_that_were_there_before() {
    let running = Running::tcp(echo(), &[]);
    let mut client = running.connect();
    assert_eq!(exchange(&mut client, b"before"), b"before");
    running.add("reset_peer:timeout=10");
    client.write_all(b"after").unwrap();
    assert_eq!(read_to_end(&mut client), (vec![], Some(ErrorKind::ConnectionReset)));
}

#[test]
fn data_resumes_when_reset_peer_is_taken_away_in_time() {
    let running = Running::tcp(echo(), &["reset_peer:timeout=60000,name=r"]);
    let mut client = running.connect();
    client.write_all(b"held").unwrap();
    running.wait_until("nothing is sent", |running| {
        running.control.ask(|relay| relay.totals().up).unwrap() >= 4
    });
    running.remove("r");
    let mut back = [0; 4];
    client.read_exact(&mut back).unwrap();
    assert_eq!(&back, b"held");
}

#[test]
fn a_slicer_cuts_and_loses_nothing() {
    let running = Running::tcp(echo(), &["slicer:average_size=64,size_variation=16,delay=100"]);
    let mut client = running.connect();
    let bytes: Vec<u8> = (0..20_000_u32).map(|number| u8::try_from(number % 251).unwrap()).collect();
    assert_eq!(exchange(&mut client, &bytes), bytes);
    running.wait_for_act(|act| act.did == "sliced");
}

#[test]
fn limit_data_closes_after_so_many_bytes() {
    let running = Running::tcp(echo(), &["limit_data:bytes=5"]);
    let mut client = running.connect();
    client.write_all(b"1234567").unwrap();
    assert_eq!(read_to_end(&mut client).0, b"12345");
    let nothing = Running::tcp(echo(), &["limit_data:bytes=0"]);
    let mut client = nothing.connect();
    client.write_all(b"1").unwrap();
    assert_eq!(read_to_end(&mut client).0, b"");
}

#[test]
fn packet_loss_loses_pieces() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &["packet_loss:loss_rate=1,stream=upstream"]);
    let (mut client, mut server) = pair(&running, &listener);
    client.write_all(b"lost").unwrap();
    running.wait_for_act(|act| act.did == "dropped");
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_to_end(&mut server), (vec![], None));
}

#[test]
fn corrupt_flips_one_bit() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &["corrupt:probability=1,stream=upstream"]);
    let (mut client, mut server) = pair(&running, &listener);
    client.write_all(&[0; 32]).unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    let (received, _) = read_to_end(&mut server);
    let flipped: u32 = received.iter().map(|byte| byte.count_ones()).sum();
    assert_eq!((received.len(), flipped), (32, 1));
    running.wait_for_act(|act| act.did == "corrupted" && act.bytes == Some(32));
}

#[test]
fn refuse_is_a_refusal_of_the_kernel_and_can_be_taken_away() {
    let running = Running::tcp(echo(), &["refuse:name=no"]);
    for _ in 0..3 {
        let refused = TcpStream::connect_timeout(&running.address, LONG).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    }
    running.remove("no");
    let mut client = running.connect();
    assert_eq!(exchange(&mut client, b"yes"), b"yes");
    running.add("refuse");
    assert!(TcpStream::connect_timeout(&running.address, LONG).is_err());
    assert_eq!(exchange(&mut client, b"still there"), b"still there");
}

#[test]
fn the_first_connections_fail_and_the_others_pass() {
    let running = Running::tcp(echo(), &["first_n:connections=3"]);
    for _ in 0..3 {
        let mut client = running.connect();
        assert_eq!(read_to_end(&mut client), (vec![], Some(ErrorKind::ConnectionReset)));
    }
    assert_eq!(exchange(&mut running.connect(), b"fourth"), b"fourth");
    let act = running.wait_for_act(|act| act.connection == 3);
    assert_eq!((act.did.as_str(), act.toxic.as_str()), ("reset", "first_n_downstream"));
}

#[test]
fn a_blackhole_accepts_and_is_silent_until_it_goes() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &["blackhole:stream=upstream,name=hole"]);
    let (mut client, mut server) = pair(&running, &listener);
    client.write_all(b"lost").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    running.wait_for_act(|act| act.did == "held");
    server.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert_eq!(server.read(&mut [0; 4]).unwrap_err().kind(), ErrorKind::WouldBlock);
    server.set_read_timeout(Some(LONG)).unwrap();
    running.remove("hole");
    assert_eq!(read_to_end(&mut server), (vec![], None));
}

#[test]
fn half_open_keeps_the_end_from_the_other_side() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &["half_open"]);
    let (mut client, mut server) = pair(&running, &listener);
    server.write_all(b"data").unwrap();
    drop(server);
    let mut data = [0; 4];
    client.read_exact(&mut data).unwrap();
    running.wait_for_act(|act| act.did == "held");
    client.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert_eq!(client.read(&mut [0; 4]).unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn reset_after_so_many_bytes_or_so_much_time() {
    let running = Running::tcp(echo(), &["reset_after:bytes=4"]);
    let mut client = running.connect();
    client.write_all(b"123456").unwrap();
    let (received, error) = read_to_end(&mut client);
    assert!(b"1234".starts_with(&received), "{received:?}");
    assert_eq!(error, Some(ErrorKind::ConnectionReset));
    let running = Running::tcp(echo(), &["reset_after:time=50"]);
    let mut client = running.connect();
    assert_eq!(exchange(&mut client, b"in time"), b"in time");
    assert_eq!(read_to_end(&mut client), (vec![], Some(ErrorKind::ConnectionReset)));
}

#[test]
fn toxics_work_in_the_order_in_which_they_were_added() {
    // 8 bytes pass the limit, and what passes is delayed; the other way round nothing would be.
    let running = Running::tcp(echo(), &["limit_data:bytes=8", "latency:latency=50"]);
    let mut client = running.connect();
    let clock = Recorder::forgetful();
    client.write_all(b"12345678").unwrap();
    assert_eq!(read_to_end(&mut client).0, b"12345678");
    assert!(clock.elapsed() >= Duration::from_millis(50));
}

#[test]
fn the_share_of_connections_is_drawn_once_for_each_and_a_seed_draws_it_again() {
    let draw = || -> Vec<bool> {
        let running = Running::tcp(echo(), &["reset_after:bytes=1,toxicity=0.5"]);
        let passes = |_| {
            let mut client = running.connect();
            client.write_all(b"ab").unwrap();
            let mut back = Vec::new();
            let both = client.try_clone().unwrap().take(2).read_to_end(&mut back);
            both.is_ok() && back == b"ab"
        };
        (0..40).map(passes).collect()
    };
    let first = draw();
    assert_eq!(first, draw());
    let passed = first.iter().filter(|passes| **passes).count();
    assert!((8..=32).contains(&passed), "{passed} of 40");
    let none = Running::tcp(echo(), &["reset_after:bytes=0,toxicity=0"]);
    assert_eq!(exchange(&mut none.connect(), b"never"), b"never");
}

#[test]
fn a_toxic_works_in_its_time() {
    let running = Running::tcp(echo(), &["blackhole:from=60000"]);
    assert_eq!(exchange(&mut running.connect(), b"not yet"), b"not yet");
    let running = Running::tcp(echo(), &["reset_after:bytes=1,until=1"]);
    let mut client = running.connect();
    std::thread::sleep(Duration::from_millis(5));
    assert_eq!(exchange(&mut client, b"no longer"), b"no longer");
}

#[test]
fn reset_peer_waits_for_the_end_where_no_data_comes() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &["reset_peer:timeout=10"]);
    let (mut client, server) = pair(&running, &listener);
    server.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_to_end(&mut client), (vec![], Some(ErrorKind::ConnectionReset)));
}

#[test]
fn latency_does_not_delay_the_connection() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &["latency:latency=600000,stream=both"]);
    // The server would never see it within the time that this test waits for anything.
    let (mut client, _server) = pair(&running, &listener);
    client.write_all(b"late").unwrap();
    running.wait_for_act(|act| act.did == "delayed");
}

#[test]
fn a_link_that_is_cut_for_some_time_comes_back() {
    let running = Running::tcp(echo(), &["bandwidth:rate=0,until=100"]);
    assert_eq!(exchange(&mut running.connect(), b"held"), b"held");
}
