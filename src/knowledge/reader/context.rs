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
const CODE: &[&str] = &[
    "==", "!=", " = \"", " = '", "(\"", "('", ", \"", ", '", "[\"", "['", "\"\"\"", "#define", "&&", "||",
    "=> ",
];

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
    // A message that goes on with what differs each time.
    let is_open = line[..to].ends_with([' ', ':']);
    !is_commentary(line, before, after) && begins(before) && (is_open || ends(after))
}

/// Words with which statements and conditions begin.
const STATEMENTS: &[&str] = &[
    "assert", "case", "catch", "const", "def", "elif", "except", "fn", "if", "import", "let", "raise",
    "rescue", "return", "static", "throw", "var",
];

/// Comments, tables and lists of documentation, statements.
fn is_commentary(line: &str, before: &str, after: &str) -> bool {
    let start = line.trim_start().trim_start_matches(['+', '}', ' ']);
    let first =
        start.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default();
    let is_statement_of_code = STATEMENTS.contains(&first.to_lowercase().as_str()) && !start.contains(": [");
    let is_comment = ["//", "/*", "# ", "#define", "<!--", "--- ", "+++ ", "| ", "|", "; "]
        .iter()
        .any(|mark| start.starts_with(mark));
    let is_item = matches!(before.trim(), "-" | "*" | "+" | "`" | "- `" | "* `" | "\u{2022}");
    // `ECONNREFUSED` alone below a heading of a manual page, or beside its number in a list of errors.
    let stands_alone = before.starts_with(' ') && before.trim().is_empty() && after.trim().is_empty();
    let second = start[first.len()..].trim_start();
    let is_listed = first.len() > 3
        && !first.contains(|letter: char| letter.is_lowercase())
        && start[first.len()..].starts_with(' ')
        && second.starts_with(|letter: char| letter.is_ascii_digit())
        && !first.starts_with("ERROR");
    let is_key = before.contains("KeyError: ") || before.contains("NameError: ");
    let is_statement = line.trim_end().ends_with(['{', ';']) && !before.contains(": ")
        || line.trim_end().ends_with("=>")
        || after.trim_start().starts_with("=>");
    is_statement_of_code || is_key || is_comment || is_item || stands_alone || is_listed || is_statement
}

fn begins(before: &str) -> bool {
    let before = before.strip_suffix('.').map_or(before, before_path);
    let trimmed = before.trim_end();
    let Some(last) = trimmed.chars().next_back() else { return true };
    if CODE.iter().any(|mark| before.ends_with(mark) || trimmed.ends_with(mark.trim_end())) {
        return is_repr(trimmed);
    }
    if last == '"' || last == '\'' {
        // A quotation: it reports where the words before it do.
        let outside = trimmed.trim_end_matches(['"', '\'']);
        return !outside.ends_with(' ') || begins(outside);
    }
    if last == '$' || last == '&' || last == '`' {
        return false;
    }
    if before.ends_with("::") {
        return before.ends_with("SSL routines::")
            || before.ends_with("net::")
            || before.ends_with("(Errno::")
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
    let is_level = is_word && word.len() > 2 && word.chars().all(char::is_uppercase);
    !is_word || is_level || BEFORE.contains(&lower.as_str())
}

/// What stands before a qualified name such as `java.net.`; all of it when the name is one of source code.
fn before_path(qualified: &str) -> &str {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    let from = qualified
        .rfind(|letter: char| !is_part(letter))
        .map_or(0, |at| at + qualified[at..].chars().next().map_or(1, char::len_utf8));
    let path = &qualified[from..];
    let is_code =
        path.is_empty() || ["errno", "os", "syscall", "libc", "unix", "socket", "self"].contains(&path);
    if is_code { "errno ==" } else { &qualified[..from] }
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
    if let Some(beyond) = after.strip_prefix(['"', '\'']) {
        // The end of a quotation: in prose the sentence goes on.
        let word = beyond.trim_start();
        let length =
            word.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(word.len());
        let is_lower = length > 0 && word[..length].chars().all(char::is_lowercase);
        return !is_lower || word[length..].starts_with(['=', ':']) || AFTER.contains(&&word[..length]);
    }
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
