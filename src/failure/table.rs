//! Every error that a socket call or the resolver can give.
//! Sources: Linux asm-generic/errno.h and glibc netdb.h, xnu and FreeBSD sys/errno.h and netdb.h, Microsoft's
//! Windows Sockets error codes. Not here: what only calls on `AF_UNIX` paths give, such as ENOENT.

use super::Code;

const fn row(
    name: &'static str,
    linux: Option<i32>,
    macos: Option<i32>,
    wsa: Option<(&'static str, i32)>,
    text: &'static str,
) -> Code {
    Code { name, linux, macos, wsa, text }
}

/// Errors of socket calls.
#[rustfmt::skip]
pub const TABLE: &[Code] = &[
    row("EPERM", Some(1), Some(1), None, "Operation not permitted"),
    row("EINTR", Some(4), Some(4), Some(("WSAEINTR", 10004)), "Interrupted system call"),
    row("EBADF", Some(9), Some(9), Some(("WSAEBADF", 10009)), "Bad file descriptor"),
    row("EAGAIN", Some(11), Some(35), Some(("WSAEWOULDBLOCK", 10035)), "Resource temporarily unavailable"),
    row("ENOMEM", Some(12), Some(12), Some(("WSA_NOT_ENOUGH_MEMORY", 8)), "Cannot allocate memory"),
    row("EACCES", Some(13), Some(13), Some(("WSAEACCES", 10013)), "Permission denied"),
    row("EFAULT", Some(14), Some(14), Some(("WSAEFAULT", 10014)), "Bad address"),
    row("ENODEV", Some(19), Some(19), None, "No such device"),
    row("EINVAL", Some(22), Some(22), Some(("WSAEINVAL", 10022)), "Invalid argument"),
    row("ENFILE", Some(23), Some(23), None, "Too many open files in system"),
    row("EMFILE", Some(24), Some(24), Some(("WSAEMFILE", 10024)), "Too many open files"),
    row("EPIPE", Some(32), Some(32), None, "Broken pipe"),
    row("EDOM", Some(33), Some(33), None, "Numerical argument out of domain"),
    row("ENONET", Some(64), None, None, "Machine is not on the network"),
    row("EPROTO", Some(71), Some(100), None, "Protocol error"),
    row("ENOTSOCK", Some(88), Some(38), Some(("WSAENOTSOCK", 10038)), "Socket operation on non-socket"),
    row("EDESTADDRREQ", Some(89), Some(39), Some(("WSAEDESTADDRREQ", 10039)), "Destination address required"),
    row("EMSGSIZE", Some(90), Some(40), Some(("WSAEMSGSIZE", 10040)), "Message too long"),
    row("EPROTOTYPE", Some(91), Some(41), Some(("WSAEPROTOTYPE", 10041)), "Protocol wrong type for socket"),
    row("ENOPROTOOPT", Some(92), Some(42), Some(("WSAENOPROTOOPT", 10042)), "Protocol not available"),
    row("EPROTONOSUPPORT", Some(93), Some(43), Some(("WSAEPROTONOSUPPORT", 10043)), "Protocol not supported"),
    row("ESOCKTNOSUPPORT", Some(94), Some(44), Some(("WSAESOCKTNOSUPPORT", 10044)), "Socket type not supported"),
    row("EOPNOTSUPP", Some(95), Some(102), Some(("WSAEOPNOTSUPP", 10045)), "Operation not supported"),
    row("EPFNOSUPPORT", Some(96), Some(46), Some(("WSAEPFNOSUPPORT", 10046)), "Protocol family not supported"),
    row("EAFNOSUPPORT", Some(97), Some(47), Some(("WSAEAFNOSUPPORT", 10047)), "Address family not supported by protocol"),
    row("EADDRINUSE", Some(98), Some(48), Some(("WSAEADDRINUSE", 10048)), "Address already in use"),
    row("EADDRNOTAVAIL", Some(99), Some(49), Some(("WSAEADDRNOTAVAIL", 10049)), "Cannot assign requested address"),
    row("ENETDOWN", Some(100), Some(50), Some(("WSAENETDOWN", 10050)), "Network is down"),
    row("ENETUNREACH", Some(101), Some(51), Some(("WSAENETUNREACH", 10051)), "Network is unreachable"),
    row("ENETRESET", Some(102), Some(52), Some(("WSAENETRESET", 10052)), "Network dropped connection on reset"),
    row("ECONNABORTED", Some(103), Some(53), Some(("WSAECONNABORTED", 10053)), "Software caused connection abort"),
    row("ECONNRESET", Some(104), Some(54), Some(("WSAECONNRESET", 10054)), "Connection reset by peer"),
    row("ENOBUFS", Some(105), Some(55), Some(("WSAENOBUFS", 10055)), "No buffer space available"),
    row("EISCONN", Some(106), Some(56), Some(("WSAEISCONN", 10056)), "Transport endpoint is already connected"),
    row("ENOTCONN", Some(107), Some(57), Some(("WSAENOTCONN", 10057)), "Transport endpoint is not connected"),
    row("ESHUTDOWN", Some(108), Some(58), Some(("WSAESHUTDOWN", 10058)), "Cannot send after transport endpoint shutdown"),
    row("ETOOMANYREFS", Some(109), Some(59), Some(("WSAETOOMANYREFS", 10059)), "Too many references: cannot splice"),
    row("ETIMEDOUT", Some(110), Some(60), Some(("WSAETIMEDOUT", 10060)), "Connection timed out"),
    row("ECONNREFUSED", Some(111), Some(61), Some(("WSAECONNREFUSED", 10061)), "Connection refused"),
    row("EHOSTDOWN", Some(112), Some(64), Some(("WSAEHOSTDOWN", 10064)), "Host is down"),
    row("EHOSTUNREACH", Some(113), Some(65), Some(("WSAEHOSTUNREACH", 10065)), "No route to host"),
    row("EALREADY", Some(114), Some(37), Some(("WSAEALREADY", 10037)), "Operation already in progress"),
    row("EINPROGRESS", Some(115), Some(36), Some(("WSAEINPROGRESS", 10036)), "Operation now in progress"),
    row("ECANCELED", Some(125), Some(89), Some(("WSA_OPERATION_ABORTED", 995)), "Operation canceled"),
    // Of Windows alone.
    row("WSA_INVALID_HANDLE", None, None, Some(("WSA_INVALID_HANDLE", 6)), "Specified event object handle is invalid."),
    row("WSA_INVALID_PARAMETER", None, None, Some(("WSA_INVALID_PARAMETER", 87)), "One or more parameters are invalid."),
    row("WSA_IO_INCOMPLETE", None, None, Some(("WSA_IO_INCOMPLETE", 996)), "Overlapped I/O event object not in signaled state."),
    row("WSA_IO_PENDING", None, None, Some(("WSA_IO_PENDING", 997)), "Overlapped operations will complete later."),
    row("WSAEPROCLIM", None, None, Some(("WSAEPROCLIM", 10067)), "Too many processes."),
    row("WSASYSNOTREADY", None, None, Some(("WSASYSNOTREADY", 10091)), "Network subsystem is unavailable."),
    row("WSAVERNOTSUPPORTED", None, None, Some(("WSAVERNOTSUPPORTED", 10092)), "Winsock.dll version out of range."),
    row("WSANOTINITIALISED", None, None, Some(("WSANOTINITIALISED", 10093)), "Successful WSAStartup not yet performed."),
    row("WSAEDISCON", None, None, Some(("WSAEDISCON", 10101)), "Graceful shutdown in progress."),
    row("WSAECANCELLED", None, None, Some(("WSAECANCELLED", 10103)), "Call has been canceled."),
    row("WSAEPROVIDERFAILEDINIT", None, None, Some(("WSAEPROVIDERFAILEDINIT", 10106)), "Service provider failed to initialize."),
    row("WSASYSCALLFAILURE", None, None, Some(("WSASYSCALLFAILURE", 10107)), "System call failure."),
    row("WSAEREFUSED", None, None, Some(("WSAEREFUSED", 10112)), "Database query was refused."),
];

/// Errors of getaddrinfo(3): their numbers are not those of errno.
#[rustfmt::skip]
pub const RESOLVER: &[Code] = &[
    row("EAI_NONAME", Some(-2), Some(8), Some(("WSAHOST_NOT_FOUND", 11001)), "Name or service not known"),
    row("EAI_AGAIN", Some(-3), Some(2), Some(("WSATRY_AGAIN", 11002)), "Temporary failure in name resolution"),
    row("EAI_FAIL", Some(-4), Some(4), Some(("WSANO_RECOVERY", 11003)), "Non-recoverable failure in name resolution"),
    row("EAI_NODATA", Some(-5), Some(7), Some(("WSANO_DATA", 11004)), "No address associated with hostname"),
    row("EAI_FAMILY", Some(-6), Some(5), None, "ai_family not supported"),
    row("EAI_SOCKTYPE", Some(-7), Some(10), None, "ai_socktype not supported"),
    row("EAI_SERVICE", Some(-8), Some(9), Some(("WSATYPE_NOT_FOUND", 10109)), "Servname not supported for ai_socktype"),
    row("EAI_ADDRFAMILY", Some(-9), Some(1), None, "Address family for hostname not supported"),
    row("EAI_MEMORY", Some(-10), Some(6), None, "Memory allocation failure"),
    row("EAI_SYSTEM", Some(-11), Some(11), None, "System error"),
    row("EAI_BADFLAGS", Some(-1), Some(3), None, "Bad value for ai_flags"),
];
