//! Values that differ from seed to seed, and what the transform makes of them: a program that answers from a list
//! fails with the next seed. A pure function of the seed and the name.

use crate::impair::Dice;
use crate::transform::{count, invert_case, trim};

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word of mixed case.
    Word,
    /// A few words of mixed case.
    Phrase,
    /// A phrase with blanks at both ends.
    Padded,
    /// A number of four digits.
    Number,
}

/// What was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Word, Self::Phrase, Self::Padded, Self::Number];

    /// The word in a scenario.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Phrase => "phrase",
            Self::Padded => "padded",
            Self::Number => "number",
        }
    }

    /// What this seed draws for this name.
    pub fn draw(self, seed: u64, name: &str) -> Drawn {
        let mut dice = Dice::of(seed, &["draw", name]);
        match self {
            Self::Word => Drawn::Text(word(&mut dice)),
            Self::Phrase => Drawn::Text(phrase(&mut dice)),
            Self::Padded => {
                let before = blanks(&mut dice);
                let phrase = phrase(&mut dice);
                Drawn::Text(before + &phrase + &blanks(&mut dice))
            }
            Self::Number => Drawn::Number(1000 + i64::try_from(dice.below(9000)).unwrap_or(0)),
        }
    }
}

impl Drawn {
    /// What else can be said of it, each under the name that stands after the dot.
    pub fn fields(&self) -> Vec<(&'static str, Self)> {
        let Self::Text(text) = self else { return Vec::new() };
        vec![
            ("inverted", Self::Text(invert_case(trim(text)))),
            ("swapped", Self::Text(invert_case(text))),
            ("trimmed", Self::Text(trim(text).to_owned())),
            ("count", Self::Number(i64::try_from(count(text)).unwrap_or(i64::MAX))),
        ]
    }
}

/// The names of all kinds.
pub fn kinds() -> Vec<&'static str> {
    Kind::ALL.iter().map(|kind| kind.name()).collect()
}

/// Two to four syllables. The first letter is upper case and the second lower, or the other way round, so that
/// inverting the case is always seen.
fn word(dice: &mut Dice) -> String {
    let syllables = 2 + dice.below(3);
    let mut word = String::new();
    for _ in 0..syllables {
        for letters in [b"bcdfghjklmnprstvwyz".as_slice(), b"aeiou"] {
            let place = usize::try_from(dice.below(letters.len() as u64)).unwrap_or(0);
            word.push(char::from(letters[place]));
        }
    }
    let first = dice.chance(0.5);
    let case = |(place, letter): (usize, char)| {
        let upper = match place {
            0 => first,
            1 => !first,
            _ => dice.chance(0.5),
        };
        if upper { letter.to_ascii_uppercase() } else { letter }
    };
    word.chars().enumerate().map(case).collect()
}

fn phrase(dice: &mut Dice) -> String {
    let words = 2 + dice.below(3);
    let words: Vec<String> = (0..words).map(|_| word(dice)).collect();
    words.join(" ")
}

fn blanks(dice: &mut Dice) -> String {
    " ".repeat(1 + usize::try_from(dice.below(3)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(drawn: &Drawn, name: &str) -> Drawn {
        drawn.fields().into_iter().find(|(field, _)| *field == name).unwrap().1
    }

    #[test]
    fn a_seed_and_a_name_give_the_same_value_again_and_others_another() {
        let draw = |seed, name| Kind::Phrase.draw(seed, name);
        assert_eq!(draw(1, "line"), draw(1, "line"));
        assert_ne!(draw(1, "line"), draw(2, "line"));
        assert_ne!(draw(1, "line"), draw(1, "other"));
    }

    #[test]
    fn what_is_drawn_is_what_its_kind_says_for_every_seed() {
        for seed in 0..500 {
            for kind in [Kind::Word, Kind::Phrase, Kind::Padded] {
                let Drawn::Text(text) = kind.draw(seed, "line") else { panic!("not a text") };
                let drawn = Drawn::Text(text.clone());
                assert_eq!(field(&drawn, "inverted"), Drawn::Text(invert_case(text.trim())));
                assert_eq!(field(&drawn, "count"), Drawn::Number(i64::try_from(text.len()).unwrap()));
                assert_ne!(field(&drawn, "inverted"), field(&drawn, "trimmed"));
                assert_eq!(text.contains(' '), kind != Kind::Word, "{text:?}");
                let padded = text.starts_with(' ') && text.ends_with(' ');
                assert_eq!(padded, kind == Kind::Padded, "{text:?}");
                assert!(text.chars().any(char::is_uppercase) && text.chars().any(char::is_lowercase));
            }
            let Drawn::Number(number) = Kind::Number.draw(seed, "line") else { panic!("not a number") };
            assert!((1000..10_000).contains(&number));
        }
    }
}
