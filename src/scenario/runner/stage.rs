//! Where the programs of a run live: a folder each, an environment of their own, and nobody left at the end.

use super::Settings;
use super::places::Places;
use super::process::{MARK, Order, Process, Warden, sweep};
use super::trouble::Trouble;
use crate::scenario::model::{Command, Program, Scenario};
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Where commands are looked for when the environment does not say it.
const USUAL_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// What programs keep of the environment of this one; without the second, none starts on Windows.
const KEPT: &[&str] = &["PATH", "SystemRoot"];
/// Commands of this program that write a trace.
const TRACED: &[&str] = &["send", "serve", "peer"];

/// The folders of a run. Whatever process of it is left ends when this is dropped, and then they go.
#[derive(Debug)]
pub(super) struct Stage {
    mark: String,
    root: PathBuf,
    netfault: PathBuf,
    warden: Warden,
    _folder: TempDir,
}

impl Stage {
    /// Makes the folder of a run, and posts who looks after it.
    pub(super) fn set(settings: &Settings) -> Result<Self, Trouble> {
        let cannot = |error: &io::Error| {
            Trouble::lost(
                "cannot make a folder for the programs",
                "folder untuk program tidak dapat dibuat",
                error,
            )
        };
        let parent = settings.folder.clone().unwrap_or_else(env::temp_dir);
        let folder = tempfile::Builder::new()
            .prefix("netfault-")
            .tempdir_in(parent)
            .map_err(|error| cannot(&error))?;
        let root = fs::canonicalize(folder.path()).map_err(|error| cannot(&error))?;
        let mark = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let warden = Warden::post(&settings.netfault, &mark, &root).map_err(|error| {
            let netfault = settings.netfault.display();
            Trouble::lost(
                &format!("cannot start {netfault}"),
                &format!("{netfault} tidak dapat dijalankan"),
                &error,
            )
        })?;
        Ok(Self { mark, root, netfault: settings.netfault.clone(), warden, _folder: folder })
    }

    /// Makes the folder of a program, with the files that it brings along.
    pub(super) fn furnish(&self, scenario: &Scenario, program: &Program) -> Result<(), Trouble> {
        let folder = self.folder_of(program);
        fs::create_dir(&folder).map_err(|error| Trouble::file(&folder, &error))?;
        let beside = scenario.file.parent().unwrap_or(Path::new(""));
        for file in &program.files {
            let from = beside.join(file);
            let to = folder.join(file.file_name().unwrap_or(OsStr::new("file")));
            copy(&from, &to).map_err(|error| Trouble::file(&from, &error))?;
        }
        Ok(())
    }

    /// How a program is started for the so manieth time, and the file that its trace goes to.
    pub(super) fn order(&self, program: &Program, places: &Places, life: usize) -> (Order, Option<PathBuf>) {
        let beside = |ending: &str| self.root.join(format!("{}.{life}.{ending}", program.name));
        let fill = |word: &String| places.fill(word, program);
        let (words, trace) = match &program.run {
            Command::Other(words) => (words.iter().map(fill).collect(), None),
            Command::Own(words) => {
                let words: Vec<String> = words.iter().map(fill).collect();
                let traced = words.first().is_some_and(|command| TRACED.contains(&command.as_str()));
                let trace = traced.then(|| beside("ndjson"));
                (self.own(&words, trace.as_deref()), trace)
            }
        };
        let order = Order {
            netfault: self.netfault.clone(),
            words,
            folder: self.folder_of(program),
            env: self.environment(program, places),
            reads: !program.stdin.is_empty() || program.keeps_stdin_open,
            memory: program.limits.memory,
            told: beside("not-started"),
        };
        (order, trace)
    }

    /// The command line of this very program.
    fn own(&self, words: &[String], trace: Option<&Path>) -> Vec<String> {
        let mut whole = vec![self.netfault.to_string_lossy().into_owned()];
        whole.extend(["--lang", "en", "--color", "never"].map(str::to_owned));
        whole.extend(words.first().cloned());
        if let Some(trace) = trace {
            whole.extend(["--trace".to_owned(), trace.to_string_lossy().into_owned()]);
        }
        whole.extend(words.iter().skip(1).cloned());
        whole
    }

    fn environment(&self, program: &Program, places: &Places) -> BTreeMap<String, String> {
        let folder = self.folder_of(program).to_string_lossy().into_owned();
        let mut all = BTreeMap::from([("PATH".to_owned(), USUAL_PATH.to_owned())]);
        all.extend(KEPT.iter().filter_map(|name| Some(((*name).to_owned(), env::var(name).ok()?))));
        let usual = [
            ("HOME", folder.as_str()),
            ("TMPDIR", &folder),
            ("LC_ALL", "C.UTF-8"),
            ("PYTHONUNBUFFERED", "1"),
            ("PYTHONDONTWRITEBYTECODE", "1"),
        ];
        all.extend(usual.map(|(name, value)| (name.to_owned(), value.to_owned())));
        all.extend(program.env.iter().map(|(name, value)| (name.clone(), places.fill(value, program))));
        all.insert(MARK.to_owned(), self.mark_of(program));
        all
    }

    /// What the processes of a program are known by.
    pub(super) fn mark_of(&self, program: &Program) -> String {
        format!("{}/{}", self.mark, program.name)
    }

    fn folder_of(&self, program: &Program) -> PathBuf {
        self.root.join(&program.name)
    }

    /// Has a process looked after.
    pub(super) fn knows(&mut self, process: &Process) {
        self.warden.knows(process);
    }

    /// Ends every process of the run. Gives how many there were outside of these process groups.
    pub(super) fn sweep(&self, groups: &[u32]) -> usize {
        sweep(&self.mark, &self.root, groups)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.sweep(&[]);
    }
}

/// A file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
