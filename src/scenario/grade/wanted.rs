//! The programs that a scenario wants of a submission: its parameters of type `command`. They are read before the
//! scenario is, which cannot be read without them.

use crate::scenario::{Kind, parameters};

/// A parameter that a submission gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// Names of files, with `*` for any letters, the likeliest first.
    pub files: Vec<String>,
    /// Whether the scenario can do without it.
    pub has_default: bool,
}

/// The parameters of type `command` in the text of a scenario, in its order. What is wrong with the text is told by
/// whoever reads it as a whole.
pub fn wanted(text: &str) -> Vec<Wanted> {
    let commands = parameters(text).unwrap_or_default().into_iter().filter(|one| one.kind == Kind::Command);
    commands
        .map(|one| Wanted { name: one.name, files: one.files, has_default: one.default.is_some() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_are_commands_are_wanted() {
        let text = r#"
            format_version = 1
            [parameters.server]
            type = "command"
            files = ["UDPServer*.py", "server*.py"]
            [parameters.client]
            type = "command"
            default = "netfault send"
            [parameters.delay]
            type = "duration"
        "#;
        let server = Wanted {
            name: "server".into(),
            files: vec!["UDPServer*.py".into(), "server*.py".into()],
            has_default: false,
        };
        let client = Wanted { name: "client".into(), files: Vec::new(), has_default: true };
        assert_eq!(wanted(text), [server, client]);
        assert_eq!(wanted("no TOML"), []);
        assert_eq!(wanted("parameters = 3"), []);
    }
}
