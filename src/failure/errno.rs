//! errno names and numbers on every platform: the name is the key, numbers differ, text is for people only.
//! Sources: Linux asm-generic/errno.h, xnu and FreeBSD sys/errno.h, Microsoft's Windows Sockets error codes.

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
    /// The POSIX symbol, such as `ECONNREFUSED`.
    pub name: &'static str,
    /// The number on Linux.
    pub linux: i32,
    /// The number on macOS.
    pub macos: i32,
    /// The Windows Sockets symbol and number, where there is one.
    pub wsa: Option<(&'static str, i32)>,
    /// glibc's text, for people.
    pub text: &'static str,
}

impl Code {
    /// The number on `platform`, where the platform has the error.
    pub fn number(&self, platform: Platform) -> Option<i32> {
        match platform {
            Platform::Linux => Some(self.linux),
            Platform::Macos => Some(self.macos),
            Platform::Windows => self.wsa.map(|(_, number)| number),
        }
    }

    /// The row whose POSIX or Windows symbol this is, in any case of letters.
    pub fn named(symbol: &str) -> Option<&'static Self> {
        TABLE.iter().find(|code| {
            code.name.eq_ignore_ascii_case(symbol)
                || code.wsa.is_some_and(|(wsa, _)| wsa.eq_ignore_ascii_case(symbol))
                || (symbol.eq_ignore_ascii_case("EWOULDBLOCK") && code.name == "EAGAIN")
        })
    }

    /// The row that has this number on `platform`.
    pub fn numbered(platform: Platform, number: i32) -> Option<&'static Self> {
        TABLE.iter().find(|code| code.number(platform) == Some(number))
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

const fn row(
    name: &'static str,
    linux: i32,
    macos: i32,
    wsa: Option<(&'static str, i32)>,
    text: &'static str,
) -> Code {
    Code { name, linux, macos, wsa, text }
}

/// Every error that a socket call can give.
#[rustfmt::skip]
pub const TABLE: &[Code] = &[
    row("EPERM", 1, 1, None, "Operation not permitted"),
    row("EINTR", 4, 4, Some(("WSAEINTR", 10004)), "Interrupted system call"),
    row("EBADF", 9, 9, Some(("WSAEBADF", 10009)), "Bad file descriptor"),
    row("EAGAIN", 11, 35, Some(("WSAEWOULDBLOCK", 10035)), "Resource temporarily unavailable"),
    row("ENOMEM", 12, 12, Some(("WSA_NOT_ENOUGH_MEMORY", 8)), "Cannot allocate memory"),
    row("EACCES", 13, 13, Some(("WSAEACCES", 10013)), "Permission denied"),
    row("EINVAL", 22, 22, Some(("WSAEINVAL", 10022)), "Invalid argument"),
    row("ENFILE", 23, 23, None, "Too many open files in system"),
    row("EMFILE", 24, 24, Some(("WSAEMFILE", 10024)), "Too many open files"),
    row("EPIPE", 32, 32, None, "Broken pipe"),
    row("ENOTSOCK", 88, 38, Some(("WSAENOTSOCK", 10038)), "Socket operation on non-socket"),
    row("EDESTADDRREQ", 89, 39, Some(("WSAEDESTADDRREQ", 10039)), "Destination address required"),
    row("EMSGSIZE", 90, 40, Some(("WSAEMSGSIZE", 10040)), "Message too long"),
    row("EPROTOTYPE", 91, 41, Some(("WSAEPROTOTYPE", 10041)), "Protocol wrong type for socket"),
    row("ENOPROTOOPT", 92, 42, Some(("WSAENOPROTOOPT", 10042)), "Protocol not available"),
    row("EPROTONOSUPPORT", 93, 43, Some(("WSAEPROTONOSUPPORT", 10043)), "Protocol not supported"),
    row("ESOCKTNOSUPPORT", 94, 44, Some(("WSAESOCKTNOSUPPORT", 10044)), "Socket type not supported"),
    row("EOPNOTSUPP", 95, 102, Some(("WSAEOPNOTSUPP", 10045)), "Operation not supported"),
    row("EAFNOSUPPORT", 97, 47, Some(("WSAEAFNOSUPPORT", 10047)), "Address family not supported by protocol"),
    row("EADDRINUSE", 98, 48, Some(("WSAEADDRINUSE", 10048)), "Address already in use"),
    row("EADDRNOTAVAIL", 99, 49, Some(("WSAEADDRNOTAVAIL", 10049)), "Cannot assign requested address"),
    row("ENETDOWN", 100, 50, Some(("WSAENETDOWN", 10050)), "Network is down"),
    row("ENETUNREACH", 101, 51, Some(("WSAENETUNREACH", 10051)), "Network is unreachable"),
    row("ENETRESET", 102, 52, Some(("WSAENETRESET", 10052)), "Network dropped connection on reset"),
    row("ECONNABORTED", 103, 53, Some(("WSAECONNABORTED", 10053)), "Software caused connection abort"),
    row("ECONNRESET", 104, 54, Some(("WSAECONNRESET", 10054)), "Connection reset by peer"),
    row("ENOBUFS", 105, 55, Some(("WSAENOBUFS", 10055)), "No buffer space available"),
    row("EISCONN", 106, 56, Some(("WSAEISCONN", 10056)), "Transport endpoint is already connected"),
    row("ENOTCONN", 107, 57, Some(("WSAENOTCONN", 10057)), "Transport endpoint is not connected"),
    row("ESHUTDOWN", 108, 58, Some(("WSAESHUTDOWN", 10058)), "Cannot send after transport endpoint shutdown"),
    row("ETIMEDOUT", 110, 60, Some(("WSAETIMEDOUT", 10060)), "Connection timed out"),
    row("ECONNREFUSED", 111, 61, Some(("WSAECONNREFUSED", 10061)), "Connection refused"),
    row("EHOSTDOWN", 112, 64, Some(("WSAEHOSTDOWN", 10064)), "Host is down"),
    row("EHOSTUNREACH", 113, 65, Some(("WSAEHOSTUNREACH", 10065)), "No route to host"),
    row("EALREADY", 114, 37, Some(("WSAEALREADY", 10037)), "Operation already in progress"),
    row("EINPROGRESS", 115, 36, Some(("WSAEINPROGRESS", 10036)), "Operation now in progress"),
];

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
            assert_eq!(Errno::here(code.linux).message, code.text, "{}", code.name);
        }
    }
}
