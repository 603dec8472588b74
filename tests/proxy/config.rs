//! Proxies and toxics in files, and the short form of a toxic.

use netfault::failure::Protocol;
use netfault::proxy::config::{Syntax, read};
use netfault::proxy::toxic::{Kind, short};

#[test]
fn a_file_of_toxiproxy_is_read_with_its_toxics() {
    let text = r#"[{"name": "redis", "listen": "localhost:26379", "upstream": "redis:6379", "enabled": true,
        "toxics": [{"type": "latency", "attributes": {"latency": 5}}]}]"#;
    let specs = read(text, Syntax::Json).unwrap();
    assert_eq!(
        (specs.len(), specs[0].name.as_str(), specs[0].toxics[0].name.as_str()),
        (1, "redis", "latency_downstream")
    );
}

#[test]
fn toml_says_the_same() {
    let text = r#"
[[proxy]]
name = "dns"
network = "udp"
upstream = "127.0.0.1:53"

[[proxy.toxics]]
type = "loss"
attributes = { probability = 0.2 }
toxicity = 0.5
stream = "both"
"#;
    let specs = read(text, Syntax::Toml).unwrap();
    assert_eq!((specs[0].network, specs[0].listen.as_str()), (Protocol::Udp, "127.0.0.1:0"));
    assert_eq!(specs[0].toxics[0].name, "loss_both");
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let text = "[[proxy]]\nname = \"a\"\nupstrem = \"x:1\"\n\n[[proxy]]\nname = \"b\"\nupstream = \"h:1\"\n\n[[proxy.toxics]]\ntype = \"latncy\"\n";
    let mistakes = read(text, Syntax::Toml).unwrap_err();
    let told: Vec<(usize, &str)> =
        mistakes.iter().map(|mistake| (mistake.place(text).line, mistake.what.as_str())).collect();
    assert_eq!(
        told,
        [
            (1, "missing required field: upstream at proxy 1"),
            (3, "a proxy has no key \"upstrem\"; did you mean upstream?"),
            (10, "invalid toxic type: \"latncy\"; did you mean latency?"),
        ]
    );
}

#[test]
fn wrong_files_say_what_was_expected() {
    let wrong = [
        ("{\"name\": \"a\"}", Syntax::Json, 1, "expected a list of proxies, found a table"),
        ("[\n{\"name\": \"a\",\n", Syntax::Json, 3, "EOF while parsing"),
        ("[{\"name\": 1, \"upstream\": \"h:1\"}]", Syntax::Json, 1, "name: expected a text, found 1"),
        ("[{\"name\": \"a/b\", \"upstream\": \"h:1\"}]", Syntax::Json, 1, "has a slash"),
        ("[{\"name\": \"a\", \"upstream\": \"h\"}]", Syntax::Json, 1, "the port is missing"),
        ("[{\"name\": \"a\", \"upstream\": \"h:99999\"}]", Syntax::Json, 1, "is no port"),
        ("[[proxy]\nname = 1", Syntax::Toml, 1, ""),
        ("[[proxies]]\nname = \"a\"", Syntax::Toml, 1, "it has proxy"),
        (
            "[{\"name\": \"a\", \"upstream\": \"h:1\"}, {\"name\": \"a\", \"upstream\": \"h:1\"}]",
            Syntax::Json,
            1,
            "is there twice",
        ),
        (
            "[{\"name\": \"a\", \"upstream\": \"h:1\", \"toxics\": [{\"type\": \"reorder\"}]}]",
            Syntax::Json,
            1,
            "reorder does not work on tcp",
        ),
    ];
    for (text, syntax, line, words) in wrong {
        let mistakes = read(text, syntax).unwrap_err();
        let found =
            mistakes.iter().any(|mistake| mistake.place(text).line == line && mistake.what.contains(words));
        assert!(found, "{text}: {mistakes:?}");
    }
}

#[test]
fn the_short_form_names_what_is_wrong() {
    let wrong = [
        ("", "invalid toxic type"),
        ("latncy", "did you mean latency?"),
        ("latency:latenc=1", "did you mean latency?"),
        ("latency:latency=1.5", "expected a whole number, found 1.5"),
        ("latency:latency=-1", "expected a whole number from 0, found -1"),
        ("latency:latency", "has no value"),
        ("latency:latency=1,latency=2", "is there twice"),
        ("latency:distribution=gauss", "expected one of uniform, normal, pareto"),
        ("slicer", "average_size has to be at least 1"),
        ("reset_after", "needs bytes, time or both"),
        ("loss", "does not work on tcp; packet_loss drops pieces of a stream"),
        ("packet_loss:loss_rate=1.5", "expected a number from 0 to 1, found 1.5"),
        ("blackhole:bytes=1", "it has name, stream, toxicity, from, until"),
        ("latency:strem=both", "did you mean stream?"),
        ("latency:toxicity=2", "toxicity: expected a number from 0 to 1, found 2"),
        ("latency:stream=sideways", "stream was invalid, can be either upstream or downstream"),
        ("latency:name=a/b", "has a slash"),
        ("latency:from=5,until=5", "until has to be later than from"),
    ];
    for (given, words) in wrong {
        let said = short(given, Protocol::Tcp).map(drop).unwrap_err();
        assert!(said.contains(words), "{given:?}: {said}");
    }
    let both = short("loss:first=1,every=2", Protocol::Udp).map(drop).unwrap_err();
    assert!(both.contains("exclude each other"), "{both}");
}

#[test]
fn the_documentation_names_every_kind_with_its_attributes() {
    let page = include_str!("../../docs/proxy.md");
    for kind in Kind::all() {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{}` |", kind.name)));
        let row = row.unwrap_or_else(|| panic!("{} has no row", kind.name));
        for attribute in kind.attributes {
            assert!(row.contains(&format!("`{}`", attribute.name)), "{}: {}", kind.name, attribute.name);
        }
        for network in kind.on {
            assert!(row.contains(&network.to_string().to_uppercase()), "{}: {network}", kind.name);
        }
    }
}

#[test]
fn every_kind_can_be_had_with_nothing_or_says_what_it_needs() {
    for kind in Kind::all() {
        for network in kind.on {
            if let Err(said) = short(kind.name, *network) {
                assert!(said.contains("at least 1") || said.contains("needs"), "{}: {said}", kind.name);
            }
        }
    }
}

#[test]
fn mistakes_are_told_wherever_they_are() {
    let text = "seed = 1\n[[proxy]]\nname = \"a\"\n\n[[proxy.toxics]]\ntype = \"latency\"\nstream = \"up\"\nattributes = { latncy = 1 }\n";
    let mistakes = read(text, Syntax::Toml).unwrap_err();
    let told: Vec<(usize, &str)> =
        mistakes.iter().map(|mistake| (mistake.place(text).line, mistake.what.as_str())).collect();
    assert_eq!(
        told,
        [
            (1, "the file has no key \"seed\"; it has proxy"),
            (2, "missing required field: upstream at proxy 1"),
            (7, "stream was invalid, can be either upstream or downstream, or both: found \"up\""),
            (8, "latency has no key \"latncy\"; did you mean latency?"),
        ]
    );
}
