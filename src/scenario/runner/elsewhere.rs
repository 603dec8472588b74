//! A run on a virtual network takes a process that may make one: this program is started again, is told the scenario,
//! and tells every event as it comes, and then what came of it. One JSON document a line, each way.

use super::process::ERRAND;
use super::trouble::Trouble;
use super::{Settings, play as play_here};
use crate::lang::Words;
use crate::scenario::model::Scenario;
use crate::scenario::{Given, Played, read};
use crate::trace::Event;
use crate::vnet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// The word after [`ERRAND`].
pub(super) const PLAY: &str = "play";
/// Between two looks whether somebody wants the run to end.
const GLANCE: Duration = Duration::from_millis(50);

/// What the other process is told.
#[derive(Serialize, Deserialize)]
struct Order {
    file: PathBuf,
    text: String,
    given: Given,
    /// The files of each program: a copy of a submission has more than its scenario says.
    files: BTreeMap<String, Vec<PathBuf>>,
    patience: Duration,
    pcap: Option<PathBuf>,
}

/// What it tells.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tells {
    Event(Event),
    Played(Played),
    Trouble(Trouble),
}

/// Plays a scenario on a virtual network.
pub(super) fn play(scenario: &Scenario, settings: &Settings) -> Result<Played, Trouble> {
    vnet::can_run(&settings.netfault).map_err(|refusal| {
        let told = format!("{refusal}. {}", refusal.remedy);
        Trouble::Unsupported {
            needs: Words {
                en: format!("a virtual network. {told}"),
                id: format!("jaringan virtual. {told}"),
            },
        }
    })?;
    let lost = |error: io::Error| {
        let (en, id) = ("the process of the network", "proses jaringan");
        Trouble::lost(en, id, &error)
    };
    let mut process = vnet::inside(&settings.netfault, [ERRAND, PLAY])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(lost)?;
    let heard = told(&mut process, &order(scenario, settings)).map_err(lost);
    let came = heard.and_then(|heard| listen(&heard, settings));
    // It has ended, or nobody wants it any more.
    let _ = process.kill();
    let status = process.wait().map_err(lost)?;
    came?.ok_or_else(|| lost(io::Error::other(format!("it ended with {status}"))))?
}

fn order(scenario: &Scenario, settings: &Settings) -> Order {
    let files = scenario.programs.iter().map(|program| (program.name.clone(), program.files.clone()));
    Order {
        file: scenario.file.clone(),
        text: scenario.source.clone(),
        given: scenario.given.clone(),
        files: files.collect(),
        patience: settings.patience,
        pcap: settings.pcap.clone(),
    }
}

/// Tells the process what to play; what it tells comes line by line.
fn told(process: &mut Child, order: &Order) -> io::Result<Receiver<Tells>> {
    let missing = || io::Error::from(io::ErrorKind::BrokenPipe);
    let mut input = process.stdin.take().ok_or_else(missing)?;
    serde_json::to_writer(&mut input, order)?;
    drop(input);
    let output = BufReader::new(process.stdout.take().ok_or_else(missing)?);
    let (tells, heard) = channel();
    thread::Builder::new().name("netfault-elsewhere".into()).spawn(move || {
        let lines = output.lines().map_while(Result::ok);
        for line in lines.map_while(|line| serde_json::from_str(&line).ok()) {
            if tells.send(line).is_err() {
                return;
            }
        }
    })?;
    Ok(heard)
}

/// What came of it; `None` when the process ended without a word about it.
fn listen(heard: &Receiver<Tells>, settings: &Settings) -> Result<Option<Result<Played, Trouble>>, Trouble> {
    loop {
        match heard.recv_timeout(GLANCE) {
            Ok(Tells::Event(event)) => (settings.hear)(&event),
            Ok(Tells::Played(played)) => return Ok(Some(Ok(played))),
            Ok(Tells::Trouble(trouble)) => return Ok(Some(Err(trouble))),
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if settings.interrupt.is_asked() {
            return Err(Trouble::Interrupted);
        }
    }
}

/// Does what the other process was started for.
pub(super) fn errand(input: impl io::Read, output: impl Write + Send) -> ExitCode {
    let Ok(order) = serde_json::from_reader::<_, Order>(input) else { return ExitCode::from(2) };
    let Ok(mut scenario) = read(&order.file, &order.text, &order.given) else { return ExitCode::from(2) };
    for program in &mut scenario.programs {
        if let Some(files) = order.files.get(&program.name) {
            program.files.clone_from(files);
        }
    }
    let output = std::sync::Mutex::new(output);
    let tell = |tells: &Tells| {
        let mut output = output.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // When nobody listens any more, this process is about to be killed.
        let _ = serde_json::to_writer(&mut *output, tells).map_err(io::Error::from).and_then(|()| {
            output.write_all(b"\n")?;
            output.flush()
        });
    };
    let Ok(usual) = Settings::new() else { return ExitCode::FAILURE };
    let hear = |event: &Event| tell(&Tells::Event(event.clone()));
    let settings = Settings {
        folder: vnet::scratch(),
        patience: order.patience,
        pcap: order.pcap,
        hear: &hear,
        ..usual
    };
    tell(&match play_here(&scenario, &settings) {
        Ok(played) => Tells::Played(played),
        Err(trouble) => Tells::Trouble(trouble),
    });
    ExitCode::SUCCESS
}
