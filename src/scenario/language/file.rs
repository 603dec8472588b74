//! The file itself, and its small tables: parameters, draws, links and broken variants.

use super::expectation::EXPECTATION;
use super::part::{TEXTS, WORDS};
use super::program::PROGRAM;
use super::step::STEP;
use super::{Key, Shape, Table};
use crate::scenario::{draws, presets};

/// The file.
pub static FILE: Table = Table::new(
    "the file",
    "A netfault scenario: programs, what is done to the traffic between them, and what must come of it.",
    &[
        Key::required("format_version", Shape::Version, "The version of this format: 1."),
        Key::required("title", WORDS, "What it is about, in a line."),
        Key::required("text", WORDS, "What it shows and teaches."),
        Key::optional(
            "teaches",
            Shape::List(&Shape::Text),
            "Ids of faults or families whose pages a reader may go on with.",
        ),
        Key::optional("limit", Shape::Time, "How long the whole may take; 30s if left out."),
        Key::optional("takes", Shape::Time, "How long it usually takes."),
        Key::optional(
            "seed",
            Shape::COUNT,
            "Where all randomness comes from; --seed beats it; 1 if left out.",
        ),
        Key::optional(
            "network",
            Shape::Word(|| vec!["loopback", "virtual"]),
            "Where it runs: loopback, or virtual for what loopback cannot express.",
        ),
        Key::optional("parameters", PARAMETERS, "What --set NAME=VALUE can change."),
        Key::optional("draws", DRAWS, "Values that differ from seed to seed."),
        Key::optional("hosts", HOSTS, "Hosts of a virtual network."),
        Key::optional("links", LINKS, "What lies between hosts."),
        Key::required("programs", Shape::Named(&Shape::Table(&PROGRAM)), "Who takes part."),
        Key::optional("step", Shape::List(&Shape::Table(&STEP)), "What is done on the timeline."),
        Key::required("expect", Shape::List(&Shape::Table(&EXPECTATION)), "What must come of it."),
        Key::optional("broken", Shape::List(&Shape::Table(&BROKEN)), "Changes that must make it fail."),
    ],
);

const HOSTS: Shape = Shape::Named(&Shape::Table(&HOST));
const LINKS: Shape = Shape::Named(&Shape::Table(&LINK));

/// A file that has nothing but a virtual network.
pub static NETWORK: Table = Table::new(
    "a network",
    "A virtual network: hosts and the links between them.",
    &[
        Key::required("format_version", Shape::Version, "The version of this format: 1."),
        Key::optional("title", WORDS, "What it is about, in a line."),
        Key::optional("text", WORDS, "What it is good for."),
        Key::optional("seed", Shape::COUNT, "Where all randomness comes from; 1 if left out."),
        Key::optional("network", Shape::Word(|| vec!["virtual"]), "It is virtual."),
        Key::optional("hosts", HOSTS, "Hosts of a virtual network."),
        Key::optional("links", LINKS, "What lies between hosts."),
    ],
);

/// Tables whose texts are taken as they are: placeholders stand for what they say.
pub const DECLARED: [&str; 2] = ["parameters", "draws"];

/// The parameters by their names.
pub const PARAMETERS: Shape = Shape::Named(&Shape::Table(&PARAMETER));

/// The draws by their names.
pub const DRAWS: Shape = Shape::Named(&Shape::Table(&DRAW));

static PARAMETER: Table = Table::new(
    "a parameter",
    "A value that --set can change; {NAME} in a text stands for it.",
    &[
        Key::required(
            "type",
            Shape::Word(|| vec!["text", "command", "number", "duration", "choice"]),
            "What its value may be.",
        ),
        Key::optional("of", Shape::List(&Shape::Text), "The values of a choice."),
        Key::optional(
            "default",
            Shape::Either(&[Shape::Text, Shape::Number, Shape::List(&Shape::Text)]),
            "Its value without --set; if left out, --set is required.",
        ),
        Key::optional("about", WORDS, "What it is for."),
        Key::optional(
            "files",
            Shape::List(&Shape::Text),
            "Of a command: names of files, with * for any letters, that grading looks for in a submission.",
        ),
    ],
);

static DRAW: Table = Table::new(
    "a draw",
    "A value that the seed decides; {NAME} in a text stands for it.",
    &[Key::required(
        "kind",
        Shape::Word(draws::kinds),
        "word, phrase (words of mixed case), padded (a phrase with blanks at both ends) or number.",
    )],
);

static HOST: Table = Table::new(
    "a host",
    "A host of a virtual network: a machine with a network, names and a kernel's time-outs of its own.",
    &[
        Key::optional("routes", Shape::Truth, "Whether it passes packets on from link to link: a router."),
        Key::optional("aliases", Shape::List(&Shape::Text), "Other names by which the others reach it."),
        Key::optional("resolver", Shape::Text, "The address of the name server that its programs ask."),
    ],
);

static LINK: Table = Table::new(
    "a link",
    "What lies between two hosts: on loopback the fault proxy, with a door for each program that listens.",
    &[
        Key::required("from", Shape::Text, "The host, or a program on it, that calls."),
        Key::required("to", Shape::Text, "The host, or a program on it, that is called."),
        Key::optional("preset", Shape::Word(presets::names), "Impairments of a kind of network."),
        Key::optional(
            "impairments",
            Shape::List(&Shape::Text),
            "Toxics in their short form: latency:latency=100,jitter=20,stream=both,name=slow; on a virtual network filters too: drop:port=12345, reject:with=rst",
        ),
        Key::optional(
            "mtu",
            Shape::Whole { least: 1280, most: 65535 },
            "Of a virtual network: bytes that a packet may have; 1500 if left out.",
        ),
        Key::optional(
            "from_addresses",
            TEXTS,
            "Of a virtual network: addresses of the first end, such as 10.7.0.1/24.",
        ),
        Key::optional("to_addresses", TEXTS, "Of a virtual network: addresses of the second end."),
    ],
);

static BROKEN: Table = Table::new(
    "a broken variant",
    "A change that must make the scenario fail.",
    &[
        Key::required("why", WORDS, "What is taken away."),
        Key::required(
            "set",
            Shape::Map(&Shape::Either(&[Shape::Text, Shape::Number, Shape::List(&Shape::Text)])),
            "Parameters and their values, as for --set.",
        ),
        Key::optional(
            "fails",
            Shape::List(&Shape::Text),
            "English names of expectations that must fail; any, if left out.",
        ),
    ],
);
