//! The table of an expectation.

use super::part::{BOUNDS, TEXTS, WORDS};
use super::{Key, Shape, Table};
use crate::failure::{Code, Op};
use crate::impair::Effect;
use crate::trace::SocketState;

pub(super) static EXPECTATION: Table = Table {
    one_of: &[EXPECTATION_KEYS],
    ..Table::new(
        "an expectation",
        "One thing that must hold of a program or a link.",
        &[
            Key::required("of", Shape::Text, "The program or the link."),
            Key::optional("name", WORDS, "What is expected, in words; made from the rest if left out."),
            Key::optional("hint", WORDS, "What helps whoever does not meet it."),
            Key::optional("points", Shape::Whole { least: 0, most: 1_000_000 }, "What it is worth."),
            Key::optional(
                "exit",
                Shape::Either(&[
                    Shape::Whole { least: i32::MIN as i64, most: i32::MAX as i64 },
                    Shape::Word(exits),
                ]),
                "The exit code; failure for any but 0; a limit; a signal; or running when the timeline ends.",
            ),
            Key::optional("ends", Shape::Table(&ENDS), "How long it ran."),
            Key::optional("output", Shape::Table(&OUTPUT), "What it wrote."),
            Key::optional(
                "failure",
                Shape::Either(&[Shape::Word(|| vec!["none"]), Shape::Table(&FAILURE)]),
                "A call of it failed so; none when none may fail.",
            ),
            Key::optional("verdict", Shape::Text, "The fault or the family that the rules find."),
            Key::optional("attempts", BOUNDS, "Connections or requests that it began."),
            Key::optional("spacing", Shape::Table(&SPACING), "The pauses between its attempts."),
            Key::optional("answers", Shape::Table(&ANSWERS), "It answers in time after a step."),
            Key::optional("connections", BOUNDS, "Of a link: how many came."),
            Key::optional("bytes", Shape::Table(&BYTES), "Of a link: what it let through."),
            Key::optional("did", Shape::Table(&DID), "Of a link: how often an impairment did something."),
            Key::optional(
                "sockets",
                Shape::Table(&SOCKETS),
                "Rows of the socket table on its port at the end.",
            ),
        ],
    )
};

/// What can be expected.
pub const EXPECTATION_KEYS: &[&str] = &[
    "exit",
    "ends",
    "output",
    "failure",
    "verdict",
    "attempts",
    "spacing",
    "answers",
    "connections",
    "bytes",
    "did",
    "sockets",
];

/// What can be expected of a link, and not of a program.
pub const OF_LINKS: &[&str] = &["connections", "bytes", "did"];

const SIGNALS: &[&str] = &[
    "SIGABRT", "SIGALRM", "SIGBUS", "SIGFPE", "SIGHUP", "SIGILL", "SIGINT", "SIGKILL", "SIGPIPE", "SIGQUIT",
    "SIGSEGV", "SIGSYS", "SIGTERM", "SIGTRAP", "SIGUSR1", "SIGUSR2", "SIGXCPU", "SIGXFSZ",
];

fn exits() -> Vec<&'static str> {
    let words = ["failure", "time limit", "memory limit", "output limit", "running"];
    words.into_iter().chain(SIGNALS.iter().copied()).collect()
}

fn errnos() -> Vec<&'static str> {
    ["timeout", "closed"].into_iter().chain(Code::all().map(|code| code.name)).collect()
}

fn calls() -> Vec<&'static str> {
    Op::ALL.iter().map(|op| op.name()).collect()
}

fn states() -> Vec<&'static str> {
    SocketState::ALL.iter().map(|state| state.name()).collect()
}

fn deeds() -> Vec<&'static str> {
    // The last is what a filter of a virtual network does.
    Effect::NAMES.iter().copied().chain(["answered"]).collect()
}

static ENDS: Table = Table {
    some_of: &["not_before", "within"],
    ..Table::new(
        "a time window",
        "A span of time.",
        &[
            Key::optional("not_before", Shape::Time, "Not before."),
            Key::optional("within", Shape::Time, "Not after."),
            Key::optional("tolerance", Shape::Time, "How much either may be missed by; 0s if left out."),
        ],
    )
};

static OUTPUT: Table = Table {
    some_of: &["contains", "lacks", "regex", "order", "lines", "json"],
    ..Table::new(
        "an output",
        "What a program must have written; all of it must hold.",
        &[
            Key::optional("contains", TEXTS, "It contains this, or all of these."),
            Key::optional("lacks", TEXTS, "It contains none of these."),
            Key::optional("regex", TEXTS, "It matches this, or all of these: ^ and $ are the ends of lines."),
            Key::optional("order", Shape::List(&Shape::Text), "It contains these, in this order."),
            Key::optional("lines", BOUNDS, "How many lines it has."),
            Key::optional("json", Shape::Map(&Shape::Any), "JSON pointers and the values there."),
            Key::optional(
                "stream",
                Shape::Word(|| vec!["stdout", "stderr", "both"]),
                "Where it wrote it; stdout if left out.",
            ),
        ],
    )
};

static FAILURE: Table = Table {
    some_of: &["errno", "call", "peer"],
    ..Table::new(
        "a failure",
        "A call that failed.",
        &[
            Key::optional("errno", Shape::Word(errnos), "Its error: an errno, timeout or closed."),
            Key::optional("call", Shape::Word(calls), "The call."),
            Key::optional("peer", Shape::Text, "The program that was called."),
        ],
    )
};

static SPACING: Table = Table {
    some_of: &["grows", "at_least", "at_most"],
    ..Table::new(
        "a spacing",
        "The pauses between attempts.",
        &[
            Key::optional(
                "grows",
                Shape::Truth,
                "Whether the last is longer than the first by half at least.",
            ),
            Key::optional("at_least", Shape::Time, "The shortest that each may be."),
            Key::optional("at_most", Shape::Time, "The longest that each may be."),
        ],
    )
};

static ANSWERS: Table = Table::new(
    "an answer in time",
    "The first line after a step.",
    &[
        Key::required("after", Shape::Text, "The name of the step."),
        Key::required("within", Shape::Time, "Not later after it than this."),
        Key::optional("tolerance", Shape::Time, "How much that may be missed by; 0s if left out."),
    ],
);

static BYTES: Table = Table {
    some_of: &["upstream", "downstream"],
    ..Table::new(
        "bytes",
        "How many bytes a link let through.",
        &[
            Key::optional("upstream", BOUNDS, "Towards the program that listens."),
            Key::optional("downstream", BOUNDS, "Back from it."),
        ],
    )
};

static DID: Table = Table::new(
    "a deed",
    "How often an impairment did something.",
    &[
        Key::required("what", Shape::Word(deeds), "What it did."),
        Key::required("times", BOUNDS, "How often."),
    ],
);

static SOCKETS: Table = Table::new(
    "rows of the socket table",
    "How many sockets are in a state.",
    &[Key::required("state", Shape::Word(states), "The state."), Key::required("times", BOUNDS, "How many.")],
);
