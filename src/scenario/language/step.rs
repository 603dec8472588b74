//! The table of a step.

use super::{Key, Shape, Table};

pub(super) static STEP: Table = Table {
    one_of: &[&["at", "after"], ACTION_KEYS],
    ..Table::new(
        "a step",
        "Something that is done on the timeline: one action, at a time or after an event.",
        &[
            Key::optional("name", Shape::Text, "Its name, which expectations can mean."),
            Key::optional("at", Shape::Time, "When: a time of the timeline."),
            Key::optional("after", Shape::Table(&AFTER), "When: after an event."),
            Key::optional("delay", Shape::Time, "How much longer after the event."),
            Key::optional(
                "start",
                Shape::Text,
                "Starts a program whose start is step, or one that has ended.",
            ),
            Key::optional("stop", Shape::Text, "SIGTERM to a program, SIGKILL after 2 seconds."),
            Key::optional("kill", Shape::Text, "SIGKILL to a program."),
            Key::optional("pause", Shape::Text, "SIGSTOP to a program."),
            Key::optional("resume", Shape::Text, "SIGCONT to a program."),
            Key::optional(
                "rebind",
                Shape::Text,
                "Stops a program, waits for its end and starts it again on the same address.",
            ),
            Key::optional("add", Shape::Text, "Puts an impairment in, in its short form; on says where."),
            Key::optional("change", Shape::Text, "Changes the impairment of that name; on says where."),
            Key::optional("remove", Shape::Text, "Takes the impairment of this name away; on says where."),
            Key::optional("on", Shape::Text, "The link of add, change and remove."),
            Key::optional("partition", Shape::Text, "Nothing goes through this link."),
            Key::optional("refuse", Shape::Text, "This link's door is closed."),
            Key::optional("heal", Shape::Text, "What partition or refuse did to this link is undone."),
            Key::optional("down", Shape::Text, "This host of a virtual network answers nobody any more."),
            Key::optional("up", Shape::Text, "This host of a virtual network is there again."),
            Key::optional("diagnose", Shape::Text, "Looks at a program's address as netfault diagnose does."),
        ],
    )
};

/// What a step can do.
pub const ACTION_KEYS: &[&str] = &[
    "start",
    "stop",
    "kill",
    "pause",
    "resume",
    "rebind",
    "add",
    "change",
    "remove",
    "partition",
    "refuse",
    "heal",
    "diagnose",
    "down",
    "up",
];

static AFTER: Table = Table {
    one_of: &[&["line", "ends"]],
    ..Table::new(
        "an event",
        "Something that a program does.",
        &[
            Key::required("program", Shape::Text, "The program."),
            Key::optional("line", Shape::Text, "It writes a line that matches this regular expression."),
            Key::optional("ends", Shape::Truth, "It ends: true."),
        ],
    )
};
