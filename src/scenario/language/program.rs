//! The table of a program.

use super::{Key, Shape, Table};
use crate::scenario::builtin;

const TEMPLATES: Shape = Shape::List(&Shape::Template);

pub(super) static PROGRAM: Table = Table {
    one_of: &[&["builtin", "command"]],
    ..Table::new(
        "a program",
        "A program that takes part: built in, or any command.",
        &[
            Key::optional("builtin", Shape::Word(builtin::names), "A program of netfault's own."),
            Key::optional(
                "command",
                Shape::Command,
                "What runs: a list of words, or one text that is split as a shell splits it; no shell runs it. A first word netfault is this very program.",
            ),
            Key::optional("args", TEMPLATES, "More words for a builtin."),
            Key::optional(
                "protocol",
                Shape::Either(&[PROTOCOL, Shape::List(&PROTOCOL)]),
                "What it listens on; a client leaves it out.",
            ),
            Key::optional("address", Shape::Text, "The address that it listens on; 127.0.0.1 if left out."),
            Key::optional(
                "port",
                Shape::Whole { least: 1, most: 65535 },
                "A port that is fixed in the program; a free one if left out.",
            ),
            Key::optional("to", Shape::Text, "Of a builtin client: the program that it calls."),
            Key::optional("host", Shape::Text, "The host that it runs on; one of its own if left out."),
            Key::optional("env", Shape::Map(&Shape::Template), "Environment variables."),
            Key::optional("stdin", Shape::Template, "What it reads on its standard input, which then ends."),
            Key::optional("keeps_stdin_open", Shape::Truth, "Whether its standard input does not end."),
            Key::optional(
                "files",
                Shape::List(&Shape::Text),
                "Files beside the scenario that are copied into its folder.",
            ),
            Key::optional(
                "start",
                Shape::Either(&[Shape::Time, Shape::Word(|| vec!["step"])]),
                "When it starts: a time of the timeline, or step when a step starts it; 0s if left out.",
            ),
            Key::optional(
                "ready",
                Shape::Either(&[Shape::Word(|| vec!["listening", "started"]), Shape::Table(&LINE)]),
                "When it counts as started; listening for one that listens, else started, if left out.",
            ),
            Key::optional(
                "restart",
                Shape::Table(&RESTART),
                "Whether it is started again when it ends by itself.",
            ),
            Key::optional("limits", Shape::Table(&LIMITS), "What it may use; over one it is ended."),
        ],
    )
};

pub(super) const PROTOCOL: Shape = Shape::Word(|| vec!["tcp", "udp"]);

static LINE: Table = Table::new(
    "a line",
    "A line that it writes.",
    &[Key::required("line", Shape::Text, "A regular expression that the line matches.")],
);

static RESTART: Table = Table::new(
    "a restart",
    "How it is started again.",
    &[
        Key::required("times", Shape::Whole { least: 1, most: 1000 }, "How often."),
        Key::optional("delay", Shape::Time, "How long after its end; 100ms if left out."),
    ],
);

static LIMITS: Table = Table::new(
    "limits",
    "What it may use.",
    &[
        Key::optional("time", Shape::Time, "How long it may run; the limit of the scenario if left out."),
        Key::optional("memory", Shape::Size, "Address space; 1GB if left out."),
        Key::optional("output", Shape::Size, "What it may write; 1MB if left out."),
    ],
);
