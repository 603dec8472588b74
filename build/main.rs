//! Compiles the catalogue under `knowledge/` into static data, so that the program touches only the page that it
//! shows. A page with a missing, empty or unknown field stops the build, which names the file and the field.
#![expect(clippy::print_stdout, reason = "cargo listens to what a build script prints")]

mod page;

use page::{Concept, Entry, Glossary, Page, Remedy, Trial, Walkthrough};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=knowledge");
    match catalogue(Path::new("knowledge")) {
        Ok((code, samples)) => {
            let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
            for (file, content) in [("catalogue.rs", code), ("samples.rs", samples)] {
                fs::write(out.join(file), content).expect("cargo's own directory can be written");
            }
        }
        Err(mistake) => {
            println!("cargo::error={mistake}");
        }
    }
}

/// The Rust code of all pages; and their samples of Rust as functions, which a test compiles.
fn catalogue(root: &Path) -> Result<(String, String), String> {
    let mut families = Vec::new();
    let mut faults = Vec::new();
    let mut concepts = Vec::new();
    let mut remedies = Vec::new();
    let mut lessons = Vec::new();
    let mut trials = Vec::new();
    for file in files(root)? {
        let stem = file.strip_prefix(root).expect("it was found there").with_extension("");
        let id = stem.to_str().ok_or("a name that is not UTF-8")?.replace('\\', "/");
        match id.split_once('/') {
            None if id == "terms" || id == "codes" => {}
            None => families.push((id, read::<Page>(&file)?)),
            Some(("concepts", name)) => concepts.push((name.to_owned(), read::<Concept>(&file)?)),
            Some(("strategies", name)) => remedies.push((name.to_owned(), read::<Remedy>(&file)?)),
            Some(("lessons", name)) => lessons.push((name.to_owned(), read::<Walkthrough>(&file)?)),
            Some(("recover", name)) => trials.push((name.to_owned(), read::<Trial>(&file)?)),
            Some(_) => faults.push((id, read::<Page>(&file)?)),
        }
    }
    for (id, page) in &faults {
        page.tells_both().map_err(|mistake| format!("knowledge/{id}.toml: {mistake}"))?;
    }
    for (id, lesson) in &lessons {
        lesson.tells_both_alike().map_err(|mistake| format!("knowledge/lessons/{id}.toml: {mistake}"))?;
    }
    for (id, trial) in &trials {
        trial.tells_both_alike().map_err(|mistake| format!("knowledge/recover/{id}.toml: {mistake}"))?;
    }
    let codes = read::<BTreeMap<String, Entry>>(&root.join("codes.toml"))?;
    let codes: Vec<(String, Entry)> = codes.into_iter().collect();
    let lead = |wanted: &str| {
        let page = families.iter().chain(&faults).find(|(id, _)| id == wanted);
        page.map(|(_, page)| page.lead())
    };
    for (code, entry) in &codes {
        entry.is_whole(code, lead).map_err(|mistake| format!("knowledge/codes.toml: [{code}]: {mistake}"))?;
    }
    let mut code = String::new();
    write_table(&mut code, "FAMILIES", "Page", &families);
    write_table(&mut code, "FAULTS", "Page", &faults);
    write_table(&mut code, "CONCEPTS", "Concept", &concepts);
    write_table(&mut code, "REMEDIES", "Remedy", &remedies);
    write_table(&mut code, "LESSONS", "Walkthrough", &lessons);
    write_table(&mut code, "TRIALS", "Trial", &trials);
    write_table(&mut code, "CODES", "Entry", &codes);
    let terms = read::<Glossary>(&root.join("terms.toml"))?;
    code.push_str(&terms.code());
    let samples = families.iter().chain(&faults).map(|(id, page)| page.sample(id)).collect();
    Ok((code, samples))
}

/// Writes a table of `kind`s, each with its id.
fn write_table<T: Debug>(code: &mut String, name: &str, kind: &str, rows: &[(String, T)]) {
    let _ = writeln!(code, "pub(super) static {name}: &[(&str, {kind})] = &[");
    for (id, row) in rows {
        let _ = writeln!(code, "({id:?}, {row:?}),");
    }
    code.push_str("];\n");
}

/// Every TOML file below `folder`, in the same order on every system.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<T, String> {
    let mistake = |what: String| format!("{}: {}", file.display(), what.replace('\n', " "));
    let text = fs::read_to_string(file).map_err(|error| mistake(error.to_string()))?;
    toml::from_str(&text).map_err(|error| mistake(error.to_string()))
}
