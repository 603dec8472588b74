//! errno names and numbers on every platform: the name is the key, numbers differ, text is for people only.

use super::table::{RESOLVER, TABLE};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// An operating system whose numbers the table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Linux (asm-generic numbers: x86, arm, riscv).
    Linux,
    /// macOS; FreeBSD's numbers agree for sockets.
    Macos,
    /// Windows Sockets.
    Windows,
}

impl Platform {
    /// Every platform of the table.
    pub const ALL: &[Self] = &[Self::Linux, Self::Macos, Self::Windows];

    /// The platform this program runs on.
    pub const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "linux") {
        Self::Linux
    } else {
        Self::Macos
    };
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Linux => "Linux",
            Self::Macos => "macOS",
            Self::Windows => "Windows",
        })
    }
}

/// One error under all its names and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The POSIX symbol, such as `ECONNREFUSED`; that of Windows Sockets where POSIX has none.
    pub name: &'static str,
    /// The number on Linux, where there is one.
    pub linux: Option<i32>,
    /// The number on macOS, where there is one.
    pub macos: Option<i32>,
    /// The Windows Sockets symbol and number, where there is one.
    pub wsa: Option<(&'static str, i32)>,
    /// The text for people: glibc's, else Microsoft's.
    pub text: &'static str,
}

impl Code {
    /// The number on `platform`, where the platform has the error.
    pub fn number(&self, platform: Platform) -> Option<i32> {
        match platform {
            Platform::Linux => self.linux,
            Platform::Macos => self.macos,
            Platform::Windows => self.wsa.map(|(_, number)| number),
        }
    }

    /// Every error there is: of socket calls, then of the resolver.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        TABLE.iter().chain(RESOLVER)
    }

    /// The row whose POSIX or Windows symbol this is, in any case of letters.
    pub fn named(symbol: &str) -> Option<&'static Self> {
        Self::all().find(|code| {
            code.name.eq_ignore_ascii_case(symbol)
                || code.wsa.is_some_and(|(wsa, _)| wsa.eq_ignore_ascii_case(symbol))
                || (symbol.eq_ignore_ascii_case("EWOULDBLOCK") && code.name == "EAGAIN")
        })
    }

    /// The error of a socket call that has this number on `platform`.
    pub fn numbered(platform: Platform, number: i32) -> Option<&'static Self> {
        TABLE.iter().find(|code| code.number(platform) == Some(number))
    }

    /// Whether getaddrinfo(3) gives it, whose numbers are not those of errno.
    pub fn is_of_resolver(&self) -> bool {
        RESOLVER.iter().any(|code| code.name == self.name)
    }
}

/// The error that the operating system gave, named by the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errno {
    /// The POSIX symbol; a number that the table does not know is written as such.
    #[serde(rename = "errno")]
    pub name: Cow<'static, str>,
    /// The number on the platform where it was seen.
    pub code: i32,
    /// The operating system's own text.
    pub message: String,
}

impl Errno {
    /// The error with this number on the platform that this program runs on.
    pub fn here(code: i32) -> Self {
        let name = Code::numbered(Platform::HERE, code)
            .map_or_else(|| Cow::Owned(code.to_string()), |row| Cow::Borrowed(row.name));
        let text = std::io::Error::from_raw_os_error(code).to_string();
        let message = text.strip_suffix(&format!(" (os error {code})")).unwrap_or(&text).to_owned();
        Self { name, code, message }
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}) {}", self.name, self.code, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_or_number_stands_twice() {
        for platform in Platform::ALL {
            let mut numbers: Vec<_> = TABLE.iter().filter_map(|code| code.number(*platform)).collect();
            let all = numbers.len();
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), all, "{platform}");
        }
    }

    #[test]
    fn symbols_of_every_platform_find_one_row() {
        assert_eq!(Code::named("WSAECONNREFUSED"), Code::numbered(Platform::Linux, 111));
        assert_eq!(Code::named("econnrefused"), Code::numbered(Platform::Macos, 61));
        assert_eq!(Code::named("EWOULDBLOCK"), Code::named("EAGAIN"));
        assert_eq!(Code::named("ENOSUCH"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_texts_are_those_of_this_libc() {
        for code in TABLE {
            if let Some(number) = code.linux {
                assert_eq!(Errno::here(number).message, code.text, "{}", code.name);
            }
        }
    }
}
