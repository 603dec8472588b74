//! Names of lessons as users give them: any word for the family, on a command line as elsewhere.

use super::Lesson;
use crate::fault::{Family, Named, nearest, spellings};
use std::fmt;
use std::str::FromStr;

/// A word that names no lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoLesson {
    given: String,
    /// The family that the word does name.
    about: Option<Family>,
    nearest: Option<&'static str>,
}

impl FromStr for Lesson {
    type Err = NoLesson;

    fn from_str(given: &str) -> Result<Self, NoLesson> {
        let of = |family: Family| Self::ALL.iter().copied().find(|lesson| lesson.family() == family);
        let none = |about, nearest| NoLesson { given: given.to_owned(), about, nearest };
        if let Ok(named) = given.parse::<Named>() {
            return of(named.family()).ok_or_else(|| none(Some(named.family()), None));
        }
        let taught = spellings().filter(|(_, id)| Self::ALL.iter().any(|lesson| lesson.family().id() == *id));
        Err(none(None, nearest(given.trim(), taught).first().copied()))
    }
}

impl fmt::Display for NoLesson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.about {
            Some(family) => write!(f, "there is no lesson about {}", family.id())?,
            None => write!(f, "no lesson is named {:?}", self.given)?,
        }
        if let Some(nearest) = self.nearest {
            return write!(f, "; the nearest is {nearest}");
        }
        let ids: Vec<&str> = Lesson::ALL.iter().map(|lesson| lesson.family().id()).collect();
        write!(f, "; there are {}", ids.join(", "))
    }
}

impl std::error::Error for NoLesson {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_answers_to_every_word_for_its_family() {
        for (given, lesson) in [
            ("timeout", Lesson::Timeout),
            ("refused", Lesson::ConnectionRefused),
            ("EADDRINUSE", Lesson::AddressInUse),
            ("address-in-use/time-wait", Lesson::AddressInUse),
        ] {
            assert_eq!(given.parse(), Ok(lesson));
        }
    }

    #[test]
    fn what_is_no_lesson_is_told_with_the_nearest() {
        let said = |given: &str| given.parse::<Lesson>().unwrap_err().to_string();
        assert_eq!(said("timeuot"), "no lesson is named \"timeuot\"; the nearest is timeout");
        assert!(said("reset").starts_with("there is no lesson about connection-reset; there are timeout, "));
        assert!(said("xyzzy").contains("there are timeout, connection-refused, address-in-use"));
    }
}
