//! What a name server of a lab says.

use hickory_proto::rr::Name;

/// What it says to every question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// The addresses.
    Answer,
    /// That there is no such name.
    Nxdomain,
    /// That the name has no such address.
    Nodata,
    /// That it cannot tell.
    Servfail,
    /// That it will not tell.
    Refused,
    /// That it does not understand EDNS (RFC 6891); without it, the addresses.
    Formerr,
    /// Nothing, over either transport.
    Silent,
    /// Over UDP that the reply is cut off, over TCP the addresses.
    Truncated,
    /// Over UDP that the reply is cut off, over TCP nothing.
    TruncatedOnly,
    /// Bytes that are no message.
    Garbage,
    /// What a forger says who has to guess the question's number, and guesses wrong.
    WrongId,
    /// What a forger says of another name.
    WrongQuestion,
    /// An answer whose name points to itself.
    PointerLoop,
    /// That the name is an alias of one that is an alias of it.
    AliasLoop,
}

impl Says {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Answer,
        Self::Nxdomain,
        Self::Nodata,
        Self::Servfail,
        Self::Refused,
        Self::Formerr,
        Self::Silent,
        Self::Truncated,
        Self::TruncatedOnly,
        Self::Garbage,
        Self::WrongId,
        Self::WrongQuestion,
        Self::PointerLoop,
        Self::AliasLoop,
    ];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Nxdomain => "nxdomain",
            Self::Nodata => "nodata",
            Self::Servfail => "servfail",
            Self::Refused => "refused",
            Self::Formerr => "formerr",
            Self::Silent => "silent",
            Self::Truncated => "truncated",
            Self::TruncatedOnly => "truncated-only",
            Self::Garbage => "garbage",
            Self::WrongId => "wrong-id",
            Self::WrongQuestion => "wrong-question",
            Self::PointerLoop => "pointer-loop",
            Self::AliasLoop => "alias-loop",
        }
    }
}

/// A name; `None` when it cannot be one.
pub(super) fn name(text: &str) -> Option<Name> {
    let mut name = Name::from_utf8(text).ok()?;
    name.set_fqdn(true);
    Some(name)
}

/// A name that nobody asked for: of the zone `test`, RFC 6761 §6.2.
pub(super) fn other_name() -> Name {
    Name::from_labels(["other", "test"]).unwrap_or_else(|_| Name::root())
}
