//! Small tables that stand in several places.

use super::{Key, Shape, Table};

pub(super) const WORDS: Shape = Shape::Table(&Table::new(
    "a text in both languages",
    "What a person reads, in English and Indonesian.",
    &[Key::required("en", Shape::Text, "In English."), Key::required("id", Shape::Text, "In Indonesian.")],
));

pub(super) const BOUNDS: Shape = Shape::Either(&[
    Shape::COUNT,
    Shape::Table(&Table {
        some_of: &["at_least", "at_most"],
        ..Table::new(
            "bounds",
            "How many: a number is meant exactly.",
            &[
                Key::optional("at_least", Shape::COUNT, "The fewest."),
                Key::optional("at_most", Shape::COUNT, "The most."),
            ],
        )
    }),
]);

pub(super) const TEXTS: Shape = Shape::Either(&[Shape::List(&Shape::Text), Shape::Text]);
