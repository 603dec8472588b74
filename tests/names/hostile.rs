//! What a hostile name server, or somebody in its place, cannot do: be believed, be waited for without end, fill the
//! memory, or go unnamed.

use super::*;
use std::sync::mpsc;

const LIMIT: Duration = Duration::from_millis(1200);
/// Time for the test's own threads, under load.
const SLACK: Duration = Duration::from_secs(2);

#[track_caller]
fn is_bounded(found: &LookedUp) {
    assert!(found.took < LIMIT + SLACK, "{:?}", found.took);
    assert!(found.evidence.len() < 40 && found.events.len() < 4000, "{}", found.events.len());
}

#[test]
fn what_is_no_reply_is_told_and_is_no_answer() {
    for (says, because) in [
        (Says::Garbage, "no message of DNS"),
        (Says::PointerLoop, "no message of DNS"),
        (Says::WrongId, "another number"),
        (Says::WrongQuestion, "a reply to another question: other.test A"),
    ] {
        let found = ask(saying(says), LIMIT);
        is_bounded(&found);
        assert!(found.why().contains("no reply"), "{says:?}: {}", found.why());
        let ignored = found.ignored();
        assert!(
            !ignored.is_empty() && ignored.iter().all(|one| one.contains(because)),
            "{says:?}: {ignored:?}"
        );
        found.is_judged(Fault::ResolverSilent);
    }
}

#[test]
fn the_right_reply_counts_after_a_forged_one() {
    let address = by_hand(|socket, question, client| {
        let mut forged = reply(question, &[(NAME, RData::A(A(Ipv4Addr::new(203, 0, 113, 6))))]);
        forged.metadata.id = forged.metadata.id.wrapping_add(1);
        for message in [forged, reply(question, &[(NAME, address())])] {
            socket.send_to(&message.to_vec().unwrap(), client).unwrap();
        }
    });
    let found = ask(address, LONG);
    assert_eq!(found.addresses(), ["192.0.2.34"]);
    assert_eq!(found.ignored().len(), 1);
}

#[test]
fn what_comes_from_another_address_does_not_come() {
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = by_hand(move |_, question, client| {
        let reply = reply(question, &[(NAME, address())]);
        stranger.send_to(&reply.to_vec().unwrap(), client).unwrap();
    });
    let found = ask(address, LIMIT);
    is_bounded(&found);
    assert_eq!((found.ignored().len(), found.result.is_err()), (0, true));
    found.is_judged(Fault::ResolverSilent);
}

#[test]
fn a_flood_is_not_read_to_its_end() {
    let address = by_hand(|socket, question, client| {
        let mut forged = reply(question, &[(NAME, address())]);
        forged.metadata.id = forged.metadata.id.wrapping_add(1);
        let bytes = forged.to_vec().unwrap();
        // The one who asked may be gone.
        (0..5000).for_each(|_| drop(socket.send_to(&bytes, client)));
    });
    let found = ask(address, LIMIT);
    is_bounded(&found);
    assert!(found.ignored().len() <= 15, "{:?}", found.ignored());
    assert!(found.result.is_err());
}

#[test]
fn a_stream_that_is_not_what_its_length_says_is_told() {
    let long = [&[0xff, 0xff][..], b"short"].concat();
    for (bytes, said) in [
        (long, "closed by the other end"),
        (vec![0, 0, 1, 2, 3], "it is empty"),
        (vec![0, 4, 1, 2, 3, 4], "no message of DNS"),
        (vec![0], "closed by the other end"),
        (Vec::new(), "closed by the other end"),
    ] {
        let found = ask(over_tcp(bytes), LIMIT);
        is_bounded(&found);
        let why = found.why();
        assert!(why.contains("cut off (TC)") && why.contains(said), "{why}");
        found.is_judged(Fault::TruncatedReply);
    }
}

#[test]
fn a_stream_that_drips_is_waited_for_no_longer_than_the_time_there_is() {
    let (asker, asks) = mpsc::channel::<()>();
    let silent_over_tcp = over_tcp_to(move |_| {
        // It says nothing for as long as it is waited for.
        let _ = asks.recv();
        Vec::new()
    });
    let found = ask(silent_over_tcp, LIMIT);
    drop(asker);
    is_bounded(&found);
    found.is_judged(Fault::TruncatedReply);
}

#[test]
fn aliases_that_lead_in_a_circle_or_nowhere_are_told() {
    let asked_one_by_one = |next: fn(&str) -> String| {
        by_hand(move |socket, question, client| {
            let name = asked_for(question);
            let answer = reply(question, &[(&name, alias(&next(&name)))]);
            socket.send_to(&answer.to_vec().unwrap(), client).unwrap();
        })
    };
    let circle = asked_one_by_one(|name| if name == NAME { "a.test".into() } else { NAME.into() });
    let endless = asked_one_by_one(|name| format!("x{}", name.replace("www", "")));
    for (address, said) in
        [(saying(Says::AliasLoop), "in a circle"), (circle, "in a circle"), (endless, "do not end")]
    {
        let found = ask(address, LONG);
        is_bounded(&found);
        assert!(found.why().contains(said) && found.why().contains(" → "), "{}", found.why());
        found.is_judged(Fault::ServerFailure);
    }
}

#[test]
fn a_reply_as_long_as_can_be_is_read() {
    let long = |question: &Message| {
        let mut head = reply(question, &[]);
        head.edns = None;
        let mut bytes = head.to_vec().unwrap();
        bytes[6..8].copy_from_slice(&4000_u16.to_be_bytes());
        for number in 0..4000_u16 {
            let [high, low] = number.to_be_bytes();
            bytes.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, high, low]);
        }
        [&u16::try_from(bytes.len()).unwrap().to_be_bytes(), bytes.as_slice()].concat()
    };
    let found = ask(over_tcp_to(long), LONG);
    is_bounded(&found);
    assert_eq!(found.addresses().len(), 4000);
    let over_udp = by_hand(move |socket, question, client| {
        socket.send_to(&long(question)[2..], client).unwrap();
    });
    assert_eq!(ask(over_udp, LONG).addresses().len(), 4000);
}
