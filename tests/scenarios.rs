//! Every scripted scenario goes as its opening comment says.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn every_scenario_goes_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut scripts: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sh"))
        .collect();
    scripts.sort();
    let list = fs::read_to_string(folder.join("README.md")).unwrap();
    assert!(!scripts.is_empty());
    for script in scripts {
        let name = script.file_name().unwrap().to_str().unwrap();
        assert!(list.contains(&format!("`{name}`")), "the list of scenarios leaves out {name}");
        let output = Command::new("bash")
            .arg(&script)
            .env("NETFAULT", env!("CARGO_BIN_EXE_netfault"))
            .output()
            .unwrap();
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{name}: {said}");
    }
}
