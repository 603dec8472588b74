//! What a web server may answer.

/// What the server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// The page, with its length.
    Page,
    /// The page in chunks.
    Chunked,
    /// The page, which ends with the connection.
    UntilClose,
    /// The page as gzip.
    Gzip,
    /// The page in ISO-8859-1, which is declared.
    Latin1,
    /// The page in ISO-8859-1, declared as UTF-8.
    WrongCharset,
    /// 100 bytes announced, 10 sent, then the end.
    ShortBody,
    /// The page in chunks, without the last one.
    ShortChunked,
    /// A status that is no success.
    Error,
    /// The page, at another path than the one that was asked for.
    Redirect,
    /// Another path, over and over.
    RedirectLoop,
    /// What an SSH server sends.
    NotHttp,
    /// Nothing: it takes the request and closes.
    Nothing,
    /// A status line of bytes that are no text.
    BinaryStatus,
    /// A chunk of more bytes than 64 bits count.
    BadChunkSize,
    /// Headers without end.
    EndlessHeaders,
    /// A body without end.
    EndlessBody,
    /// A body as gzip without end, a thousand times as long as what is sent.
    GzipBomb,
}

impl Says {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Page,
        Self::Chunked,
        Self::UntilClose,
        Self::Gzip,
        Self::Latin1,
        Self::WrongCharset,
        Self::ShortBody,
        Self::ShortChunked,
        Self::Error,
        Self::Redirect,
        Self::RedirectLoop,
        Self::NotHttp,
        Self::Nothing,
        Self::BinaryStatus,
        Self::BadChunkSize,
        Self::EndlessHeaders,
        Self::EndlessBody,
        Self::GzipBomb,
    ];

    /// The word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Chunked => "chunked",
            Self::UntilClose => "until-close",
            Self::Gzip => "gzip",
            Self::Latin1 => "latin-1",
            Self::WrongCharset => "wrong-charset",
            Self::ShortBody => "short-body",
            Self::ShortChunked => "short-chunked",
            Self::Error => "error",
            Self::Redirect => "redirect",
            Self::RedirectLoop => "redirect-loop",
            Self::NotHttp => "not-http",
            Self::Nothing => "nothing",
            Self::BinaryStatus => "binary-status",
            Self::BadChunkSize => "bad-chunk-size",
            Self::EndlessHeaders => "endless-headers",
            Self::EndlessBody => "endless-body",
            Self::GzipBomb => "gzip-bomb",
        }
    }
}
