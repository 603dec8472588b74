//! The command that plays one run again.

use std::collections::BTreeMap;
use std::path::Path;

/// `netfault scenario run FILE --set NAME=VALUE --seed N`, quoted as a POSIX shell reads it.
pub fn command(file: &Path, set: &BTreeMap<String, String>, seed: u64) -> String {
    let mut words = vec!["netfault".to_owned(), "scenario".into(), "run".into()];
    let file = file.display().to_string();
    // A file's name may look like an option.
    words.push(if file.starts_with('-') { format!("./{file}") } else { file });
    for (name, value) in set {
        words.extend(["--set".to_owned(), format!("{name}={value}")]);
    }
    words.extend(["--seed".to_owned(), seed.to_string()]);
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// One word as a POSIX shell reads it.
pub fn quoted(word: &str) -> String {
    // A zero byte cannot be an argument, and no file or value came here with one.
    shlex::try_quote(word).map_or_else(|_| "''".to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_quoted_and_the_seed_is_named() {
        let set = BTreeMap::from([("server".to_owned(), "python3 UDPServer.py".to_owned())]);
        let command = command(Path::new("labs/tugas 7.toml"), &set, 7);
        assert_eq!(
            command,
            "netfault scenario run 'labs/tugas 7.toml' --set 'server=python3 UDPServer.py' --seed 7"
        );
    }

    proptest! {
        #[test]
        fn a_shell_reads_the_very_words(value in "[^\0]*", seed: u64) {
            let set = BTreeMap::from([("client".to_owned(), value.clone())]);
            let words = shlex::split(&command(Path::new("-x.toml"), &set, seed));
            let client = format!("client={value}");
            let seed = seed.to_string();
            let wanted = ["netfault", "scenario", "run", "./-x.toml", "--set", &client, "--seed", &seed];
            prop_assert_eq!(words, Some(wanted.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()));
        }
    }
}
