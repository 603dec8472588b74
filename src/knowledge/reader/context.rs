//! Whether words on a line report an error, or only speak of one: source code, documentation, prose.

/// Words after which an error is named, in lower case. Others before it make it a part of a sentence.
const BEFORE: &[&str] = &[
    "accept",
    "accept4",
    "bind",
    "cause",
    "code",
    "connect",
    "connectex",
    "err",
    "errno",
    "error",
    "exception",
    "failed",
    "failure",
    "fatal",
    "getaddrinfo",
    "got",
    "listen",
    "panic",
    "read",
    "reason",
    "received",
    "recv",
    "recvfrom",
    "recvmsg",
    "send",
    "sendmsg",
    "sendto",
    "setsockopt",
    "shutdown",
    "socket",
    "status",
    "syscall",
    "warning",
    "with",
    "write",
];

/// Words that may follow an error in a report of it, in lower case.
const AFTER: &[&str] = &[
    "after",
    "at",
    "bind",
    "by",
    "connect",
    "connecting",
    "during",
    "for",
    "from",
    "in",
    "listen",
    "on",
    "reading",
    "sending",
    "to",
    "when",
    "while",
    "writing",
];

/// What stands before a name or a message in source code.
const CODE: &[&str] =
    &["==", "!=", " = \"", " = '", "(\"", "('", "[\"", "['", "\"\"\"", "#define", "&&", "||", "=> ", "->"];

/// Words of programming languages; after one of them a name is no report.
const KEYWORDS: &[&str] = &[
    "and",
    "assert",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "define",
    "elif",
    "else",
    "enum",
    "except",
    "exclude",
    "extends",
    "if",
    "import",
    "in",
    "instanceof",
    "is",
    "isa",
    "let",
    "match",
    "not",
    "or",
    "raise",
    "raises",
    "rescue",
    "return",
    "returns",
    "retry_on",
    "static",
    "throw",
    "throws",
    "try",
    "use",
    "var",
    "when",
    "while",
];

/// Whether the part of `line` from byte `from` to byte `to` reports an error.
pub(super) fn is_report(line: &str, from: usize, to: usize) -> bool {
    let (before, after) = (&line[..from], &line[to..]);
    !is_commentary(line, before, after) && begins(before) && ends(after)
}

/// Comments, tables and lists of documentation, statements.
fn is_commentary(line: &str, before: &str, after: &str) -> bool {
    let start = line.trim_start();
    let is_comment = ["//", "/*", "* ", "# ", "#define", "<!--", "--- ", "+++ ", "| ", "|", "; "]
        .iter()
        .any(|mark| start.starts_with(mark));
    let is_item = matches!(before.trim(), "-" | "*" | "+" | "`" | "- `" | "* `" | "\u{2022}");
    // `ECONNREFUSED` alone below a heading of a manual page, or beside its number in a list of errors.
    let stands_alone = before.starts_with(' ') && before.trim().is_empty() && after.trim().is_empty();
    let is_listed = before.trim().is_empty()
        && after.starts_with(' ')
        && after.trim_start().starts_with(|letter: char| letter.is_ascii_digit());
    let is_statement = line.trim_end().ends_with(['{', ';']) && !before.contains(": ")
        || line.trim_end().ends_with("=>")
        || after.trim_start().starts_with("=>");
    is_comment || is_item || stands_alone || is_listed || is_statement
}

fn begins(before: &str) -> bool {
    let trimmed = before.trim_end();
    let Some(last) = trimmed.chars().next_back() else { return true };
    if CODE.iter().any(|mark| before.ends_with(mark) || trimmed.ends_with(mark.trim_end())) {
        return is_repr(trimmed);
    }
    if last == '.' || last == '$' || last == '&' || (last == '`') {
        // The end of a sentence, or a part of a name.
        return last == '.' && before.ends_with(' ');
    }
    if before.ends_with("::") {
        return before.ends_with("(Errno::")
            || before.trim_start() == "Errno::"
            || before.ends_with(": Errno::");
    }
    let word: String = {
        let letters: Vec<char> =
            trimmed.chars().rev().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        letters.into_iter().rev().collect()
    };
    let lower = word.to_lowercase();
    if KEYWORDS.contains(&lower.as_str()) {
        return false;
    }
    let is_word = word.chars().any(char::is_alphabetic);
    let is_level = is_word && word.len() > 2 && word.chars().all(|letter| letter.is_uppercase());
    !is_word || is_level || BEFORE.contains(&lower.as_str())
}

/// `ConnectionError(MaxRetryError("…` as Python shows an exception inside another; not a call in source code.
fn is_repr(before: &str) -> bool {
    let name = before.trim_end_matches(['"', '\'', '(']);
    let is_called = before.len() > name.len() && before[name.len()..].starts_with('(');
    let is_error = name.ends_with("Error") || name.ends_with("Exception") || name.ends_with("rror(s)");
    let is_thrown = ["raise ", "throw ", "new "].iter().any(|word| before.contains(word));
    is_called && is_error && !is_thrown
}

fn ends(after: &str) -> bool {
    let Some(next) = after.trim_start().chars().next() else { return true };
    if !next.is_alphabetic() {
        return !after.starts_with("::") && !after.starts_with(" =") && !after.starts_with('`');
    }
    let is_apart = after.starts_with(char::is_whitespace);
    let word: String = after.trim_start().chars().take_while(|letter| letter.is_alphanumeric()).collect();
    // A name of a host may follow, or another word of the same message.
    let is_lower = word.chars().all(char::is_lowercase);
    is_apart && (!is_lower || AFTER.contains(&word.as_str()) || is_host(after))
}

fn is_host(after: &str) -> bool {
    let word = after.split_whitespace().next().unwrap_or_default();
    word.contains(['.', ':']) && !word.ends_with(['.', ':', ','])
        || word == "localhost"
        || word.starts_with("localhost:")
}
