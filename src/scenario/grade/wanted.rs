//! The programs that a scenario wants of a submission: its parameters of type `command`. They are read before the
//! scenario is, which cannot be read without them.

use crate::document::{Node, toml};

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

/// The parameters of type `command` in the text of a scenario, in its order. What is wrong with the text is told by whoever
/// reads it as a whole.
pub fn wanted(text: &str) -> Vec<Wanted> {
    let Ok(root) = toml(text.trim_start_matches('\u{feff}')) else { return Vec::new() };
    let parameters = key(&root, "parameters").and_then(Node::entries).unwrap_or_default();
    parameters
        .iter()
        .filter(|entry| key(&entry.node, "type").and_then(Node::text) == Some("command"))
        .map(|entry| Wanted {
            name: entry.key.clone(),
            files: key(&entry.node, "files").map(texts).unwrap_or_default(),
            has_default: key(&entry.node, "default").is_some(),
        })
        .collect()
}

fn key<'a>(table: &'a Node, name: &str) -> Option<&'a Node> {
    table.entries()?.iter().find(|entry| entry.key == name).map(|entry| &entry.node)
}

fn texts(node: &Node) -> Vec<String> {
    node.list().unwrap_or_default().iter().filter_map(Node::text).map(str::to_owned).collect()
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
