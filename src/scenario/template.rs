//! A scenario to begin with: it works, and says what each part is for.

/// The file of a scenario of this name.
pub fn text(name: &str) -> String {
    include_str!("template.toml").replace("@NAME@", name)
}
