//! The two languages in which a user reads about a fault.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A language of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Bahasa Indonesia.
    Id,
}

impl Lang {
    /// Every language there is.
    pub const ALL: &[Self] = &[Self::En, Self::Id];

    /// The ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Id => "id",
        }
    }

    /// Its name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Id => "Bahasa Indonesia",
        }
    }

    /// The language of a locale name such as `id_ID.UTF-8` (POSIX, locale(7)), or `None` when it is neither.
    pub fn of_locale(locale: &str) -> Option<Self> {
        let language = locale.split(['_', '-', '.', '@']).next()?.to_ascii_lowercase();
        match language.as_str() {
            "id" | "in" | "ind" => Some(Self::Id),
            "en" | "c" | "posix" => Some(Self::En),
            _ => None,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Lang {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// The same said in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// In English.
    pub en: String,
    /// In Indonesian.
    pub id: String,
}

impl Words {
    /// The same in both: a name, a number, a message of the system.
    pub fn same(text: impl Into<String>) -> Self {
        let en = text.into();
        Self { id: en.clone(), en }
    }

    /// In this language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Id => &self.id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_name_tells_its_language() {
        assert_eq!(Lang::of_locale("id_ID.UTF-8"), Some(Lang::Id));
        assert_eq!(Lang::of_locale("en_GB"), Some(Lang::En));
        assert_eq!(Lang::of_locale("C.UTF-8"), Some(Lang::En));
        assert_eq!(Lang::of_locale("de_DE"), None);
        assert_eq!(Lang::of_locale(""), None);
    }
}
