//! What a scenario says is what happens.

use crate::stage::{
    TCP, UDP, at, end, impairing, is_step, link, ms, of, own, play, played, scenario, shown, stdout,
    transform, when,
};
use netfault::fault::Fault;
use netfault::scenario::model::{Action, Network};
use netfault::scenario::played::{BEGINS, ENDS};
use netfault::scenario::runner::Trouble;
use netfault::trace::{Fact, What};

#[test]
fn a_client_gets_its_reply_from_a_server_that_was_ready_before() {
    let played = played(&scenario(vec![transform(), own("client", "send tcp --to {server.addr} Ipin", &[])]));
    let lines = stdout(&played, "client");
    assert!(lines[0].starts_with("iPIN | 4 karakter"), "{}", shown(&played));
    assert_eq!(end(&played, "client").0, Some(0));
    let begins = when(&played, |event| is_step(event, BEGINS));
    let launched = |name: &str| {
        when(&played, |event| event.actor == name && matches!(event.what, What::Launched { .. }))
    };
    let ready = when(&played, |event| event.actor == "server" && event.to_string().contains("is ready"));
    assert!(launched("server") < ready && ready <= begins && begins <= launched("client"));
    // It drains when it is asked to end, which is after the timeline.
    assert_eq!(end(&played, "server").0, Some(0));
    let ended = when(&played, |event| event.actor == "server" && matches!(event.what, What::Exited { .. }));
    assert!(when(&played, |event| is_step(event, ENDS)) <= ended);
    let rows = played.evidence.iter().find_map(|one| match &one.fact {
        Fact::Sockets { rows, .. } if one.at >= begins => Some(rows),
        _ => None,
    });
    assert!(rows.is_some_and(|rows| !rows.is_empty()));
}

#[test]
fn a_client_that_is_refused_is_judged_by_what_it_saw_itself() {
    let mut late = transform();
    late.start = Some(ms(400));
    let client = own("client", "send tcp --to {server.addr} --attempts 50 --timeout 5s Ipin", &[]);
    let played = played(&scenario(vec![late, client]));
    assert_eq!(end(&played, "client").0, Some(0), "{}", shown(&played));
    let refused: Vec<_> = of(&played, "client")
        .into_iter()
        .filter(|event| event.what.failure().is_some_and(|failure| failure.is("ECONNREFUSED")))
        .collect();
    assert!(!refused.is_empty(), "{}", shown(&played));
    for failed in refused {
        let judged = played.verdicts.iter().find(|judged| judged.event == failed.seq).unwrap();
        assert_eq!(judged.of, "client");
        let fault = judged.verdict.fault;
        assert!(matches!(fault, Some(Fault::NoListener | Fault::NotYetListening)), "{judged:?}");
        for because in &judged.verdict.because {
            let cited = match because {
                netfault::trace::Because::Event(seq) => played.events[*seq].actor.starts_with("client"),
                netfault::trace::Because::Evidence(position) => *position < played.evidence.len(),
            };
            assert!(cited, "{judged:?}");
        }
    }
}

#[test]
fn a_link_stands_between_and_tells_what_it_did() {
    let client = own("client", "send tcp --to {server.addr} Ipin", &[]);
    let mut play = scenario(vec![transform(), client]);
    play.links = vec![link("client", "server", vec![impairing("latency:latency=150,stream=downstream")])];
    let played = played(&play);
    assert_eq!(end(&played, "client").0, Some(0), "{}", shown(&played));
    let of_link = of(&played, "link path");
    assert!(of_link.iter().any(|event| event.what.finished().is_some()), "{}", shown(&played));
    assert!(of_link.iter().any(|event| matches!(&event.what, What::Injected(one) if one.did == "delayed")));
    let [real, door] = played.addresses["server"].as_slice() else { panic!("{:?}", played.addresses) };
    assert_ne!(real, door);
    let connects =
        |event: &&netfault::trace::Event| event.what.finished().is_some_and(|call| call.peer == Some(*door));
    assert!(of(&played, "client").iter().any(connects), "{}", shown(&played));
    let relayed = played.evidence.iter().find_map(|one| match &one.fact {
        Fact::Relayed { link, connections, upstream, downstream } if link == "path" => {
            Some((*connections, *upstream, *downstream))
        }
        _ => None,
    });
    let (connections, upstream, downstream) = relayed.unwrap();
    assert!(connections == 1 && upstream >= 4 && downstream >= 20, "{relayed:?}");
}

#[test]
fn a_partition_holds_a_stream_and_loses_nothing_of_it() {
    let client = own("client", "send tcp --to {server.addr} --timeout 8s --attempts 1 Ipin", &[]);
    let mut late = client.clone();
    late.start = Some(ms(300));
    let mut play = scenario(vec![transform(), late]);
    play.links = vec![link("client", "server", Vec::new())];
    play.steps = vec![at(100, Action::Partition("path".into())), at(900, Action::Heal("path".into()))];
    let played = played(&play);
    assert_eq!(end(&played, "client").0, Some(0), "{}", shown(&played));
    let healed = when(&played, |event| is_step(event, "heal path"));
    let replied = when(&played, |event| event.actor == "client" && matches!(event.what, What::Wrote { .. }));
    assert!(replied >= healed, "{}", shown(&played));
}

#[test]
fn a_link_that_refuses_is_open_again_when_it_heals() {
    let client = own("client", "send tcp --to {server.addr} --timeout 8s --attempts 90 Ipin", &[]);
    let mut late = client.clone();
    late.start = Some(ms(100));
    let mut play = scenario(vec![transform(), late]);
    play.links = vec![link("client", "server", Vec::new())];
    play.steps = vec![at(0, Action::Refuse("path".into())), at(600, Action::Heal("path".into()))];
    let played = played(&play);
    assert_eq!(end(&played, "client").0, Some(0), "{}", shown(&played));
    let refused = of(&played, "client").into_iter().filter_map(|event| event.what.failure());
    assert!(refused.filter(|failure| failure.is("ECONNREFUSED")).count() > 0, "{}", shown(&played));
}

#[test]
fn impairments_are_added_changed_and_removed_on_both_protocols() {
    let server = own("server", "serve --tcp {server.addr} --udp {server.addr}", &[TCP, UDP]);
    let tcp = own("tcp", "peer ask tcp --to {server.addr} --every 50ms --times 12 Ipin", &[]);
    let udp = own("udp", "peer ask udp --to {server.addr} --every 50ms --times 12 Ipin", &[]);
    let mut play = scenario(vec![server, tcp, udp]);
    let mut second = link("udp", "server", Vec::new());
    second.name = "other".into();
    play.links = vec![link("tcp", "server", Vec::new()), second];
    play.steps = vec![
        at(100, Action::Add { link: "path".into(), impairing: impairing("latency:latency=20,name=slow") }),
        at(200, Action::Change { link: "path".into(), impairing: impairing("latency:latency=40,name=slow") }),
        at(300, Action::Remove { link: "path".into(), name: "slow".into() }),
        at(300, Action::Remove { link: "path".into(), name: "slow".into() }),
        at(100, Action::Add { link: "other".into(), impairing: impairing("loss:probability=1.0,name=gone") }),
        at(250, Action::Remove { link: "other".into(), name: "gone".into() }),
    ];
    let played = played(&play);
    let injected = |link: &str, did: &str| {
        let did = |what: &What| matches!(what, What::Injected(one) if one.did == did);
        of(&played, link).iter().filter(|event| did(&event.what)).count()
    };
    assert!(
        injected("link path", "delayed") > 0 && injected("link other", "dropped") > 0,
        "{}",
        shown(&played)
    );
    let notes = crate::stage::notes(&played, "scenario");
    assert_eq!(notes.len(), 1, "{}", shown(&played));
    assert!(notes[0].contains("no such impairment"), "{notes:?}");
}

#[test]
fn a_diagnose_step_looks_at_the_program_itself() {
    let server = own("server", "peer stuck --tcp {server.addr}", &[TCP]);
    let idle = own("client", "peer idle tcp --to {server.addr} --for 3s", &[]);
    let mut play = scenario(vec![server, idle]);
    play.steps = vec![at(100, Action::Diagnose("server".into()))];
    let played = played(&play);
    let judged: Vec<_> = played.verdicts.iter().filter(|judged| judged.of == "server").collect();
    assert_eq!(judged.len(), 1, "{}", shown(&played));
    assert_eq!(
        judged[0].verdict.fault.map(Fault::family),
        Some(netfault::fault::Family::Timeout),
        "{judged:?}"
    );
    assert!(played.events[judged[0].event].what.failure().is_some());
}

#[test]
fn a_virtual_network_is_played_by_a_program_that_may_make_one() {
    let mut play_it = scenario(Vec::new());
    play_it.network = Network::Virtual;
    // What is played there is read anew, and this one has no text.
    let came = play(&play_it);
    assert!(
        matches!(&came, Err(Trouble::Broke { why }) if why.en.contains("process of the network"))
            || matches!(&came, Err(Trouble::Unsupported { needs }) if needs.en.contains("virtual network")),
        "{came:?}"
    );
}

#[test]
fn a_partition_loses_datagrams_and_heals() {
    let server = own("server", "serve --udp {server.addr}", &[UDP]);
    let client = own("client", "send udp --to {server.addr} --timeout 8s --attempts 30 Ipin", &[]);
    let mut play = scenario(vec![server, client]);
    play.links = vec![link("client", "server", Vec::new())];
    play.steps = vec![at(0, Action::Partition("path".into())), at(700, Action::Heal("path".into()))];
    play.programs[1].start = Some(ms(100));
    let played = played(&play);
    assert_eq!(end(&played, "client").0, Some(0), "{}", shown(&played));
    let healed = when(&played, |event| is_step(event, "heal path"));
    let lost = |event: &&netfault::trace::Event| matches!(&event.what, What::Injected(one) if one.did == "dropped" && one.toxic == "partition");
    let lost: Vec<_> = of(&played, "link path").into_iter().filter(lost).collect();
    assert!(!lost.is_empty() && lost.iter().all(|event| event.at <= healed), "{}", shown(&played));
}
