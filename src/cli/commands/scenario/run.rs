//! `netfault scenario run`: plays scenarios, and tells what came of them.

use super::load::{self, Source, Wrong};
use super::player::Player;
use super::progress::Progress;
use super::results::{Beside, exit_of};
use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::Terminal;
use crate::knowledge;
use crate::report::{self, Look};
use crate::scenario::model::{Broken, Network, Scenario};
use crate::scenario::proof::proof;
use crate::scenario::{Given, grade, replay};
use crate::trace::{Run, RunStatus};
use serde::Serialize;
use std::fmt::Write as _;

/// One scenario that is to be played.
struct Job {
    scenario: Scenario,
    replay: String,
    /// The variant that it is, of which must be shown that it fails.
    broken: Option<Broken>,
}

/// Runs the command.
pub(super) fn run(args: &args::Run, terminal: &Terminal) -> Result<Exit, Problem> {
    let report = Beside::at(args.output.as_deref())?;
    let (junit, html) = (Beside::at(args.junit.as_deref())?, Beside::at(args.html.as_deref())?);
    let trace = Beside::at(args.trace.as_deref())?;
    let mut wrong = Wrong::default();
    let sources = load::sources(&args.paths, &mut wrong)?;
    let (jobs, unproved) = jobs(&sources, &args.values.given(), args.self_test, &mut wrong);
    wrong.check()?;
    let work: Vec<&Job> =
        jobs.iter().flat_map(|job| std::iter::repeat_n(job, times(args.repeat.get()))).collect();
    if trace.is_wanted() && work.len() != 1 {
        return Err(Problem::new(Exit::Usage, format!("--trace keeps one run, and here are {}", work.len()))
            .hint("Name one scenario, without --repeat and --self-test."));
    }
    if args.pcap.is_some() {
        check_pcap(&work)?;
    }
    let player =
        Player::new(args.jobs, Progress::new(terminal, work.len()))?.writing_packets(args.pcap.clone());
    let runs = player.all(&work, |job| job.play(&player));
    let counts = counts(&jobs, &runs, times(args.repeat.get()));
    let runs: Vec<Run> = runs.into_iter().flatten().collect();

    let lang = terminal.look.lang;
    trace.write(|| runs.first().map(Run::ndjson).unwrap_or_default())?;
    junit.write(|| report::run::junit(&runs, lang))?;
    html.write(|| report::run::html(&runs, lang, false))?;
    let look = if report.is_wanted() { terminal.look.plain() } else { terminal.look };
    report.write_or_put(&match terminal.format {
        Format::Json => report::json(&Results {
            scenarios: report::run::json(&runs, lang),
            repeated: &counts,
            without_broken: &unproved,
        }),
        Format::Junit => report::run::junit(&runs, lang),
        Format::Html => report::run::html(&runs, lang, false),
        Format::Sequence => runs.iter().map(|run| report::run::sequence(run, &look)).collect(),
        _ => text(&runs, &counts, &unproved, &look),
    })?;
    if player.is_stopped() {
        return Ok(Exit::Interrupted);
    }
    Ok(exit_of(&runs.iter().filter_map(status).collect::<Vec<_>>()))
}

/// Only a virtual network has packets to write, and a file those of one run.
fn check_pcap(work: &[&Job]) -> Result<(), Problem> {
    match work {
        [job] if job.scenario.network == Network::Virtual => Ok(()),
        [_] => {
            let what = "--pcap: this scenario is on loopback, whose packets nobody here sees";
            Err(Problem::new(Exit::Usage, what)
                .hint("network = \"virtual\" has packets; so has `tcpdump -i lo`."))
        }
        _ => Err(Problem::new(Exit::Usage, format!("--pcap keeps one run, and here are {}", work.len()))
            .hint("Name one scenario, without --repeat and --self-test.")),
    }
}

/// What is to be played, in order; and of a self-test the files that have no variant which could fail. All files are
/// read first, and everything that is wrong with any of them is told at once.
fn jobs(sources: &[Source], given: &Given, self_test: bool, wrong: &mut Wrong) -> (Vec<Job>, Vec<String>) {
    let (mut jobs, mut unproved) = (Vec::new(), Vec::new());
    for source in sources {
        let Some(scenario) = source.scenario(&located(source, given), wrong) else { continue };
        let variants = if self_test { scenario.broken.clone() } else { Vec::new() };
        if self_test && variants.is_empty() {
            unproved.push(source.file.display().to_string());
        }
        jobs.push(Job::new(source, scenario, given, None));
        for broken in variants {
            let mut given = given.clone();
            given.set.extend(broken.set.clone());
            if let Some(scenario) = source.scenario(&located(source, &given), wrong) {
                jobs.push(Job::new(source, scenario, &given, Some(broken)));
            }
        }
    }
    (jobs, unproved)
}

/// Programs run in folders of their own: files that a command names are meant from here.
fn located(source: &Source, given: &Given) -> Given {
    let commands = grade::wanted(&source.text);
    let is_command = |name: &str| commands.iter().any(|wanted| wanted.name == name);
    let set = given.set.iter().map(|(name, value)| {
        let value = if is_command(name) { grade::located(value) } else { value.clone() };
        (name.clone(), value)
    });
    Given { set: set.collect(), seed: given.seed }
}

impl Job {
    fn new(source: &Source, scenario: Scenario, given: &Given, broken: Option<Broken>) -> Self {
        let replay = replay::command(&source.file, &given.set, scenario.seed);
        Self { scenario, replay, broken }
    }

    fn play(&self, player: &Player) -> Run {
        player.play(&self.scenario, &self.scenario.name, self.replay.clone(), |run| match &self.broken {
            Some(broken) => proof(broken, run),
            None => run,
        })
    }
}

/// How often one of several runs of a scenario passed.
#[derive(Serialize)]
struct Count {
    name: String,
    passed: usize,
    runs: usize,
}

fn counts(jobs: &[Job], runs: &[Option<Run>], times: usize) -> Vec<Count> {
    if times < 2 {
        return Vec::new();
    }
    let of_each = jobs.iter().zip(runs.chunks(times));
    of_each
        .map(|(job, runs)| {
            let runs: Vec<RunStatus> = runs.iter().flatten().filter_map(status).collect();
            let passed = runs.iter().filter(|status| **status == RunStatus::Passed).count();
            Count { name: job.scenario.name.clone(), passed, runs: runs.len() }
        })
        .collect()
}

fn status(run: &Run) -> Option<RunStatus> {
    run.end.as_ref().map(|end| end.status)
}

fn times(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Every run; of many of the same only those that did not pass, and how many did.
fn text(runs: &[Run], counts: &[Count], unproved: &[String], look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let mut text = if counts.is_empty() {
        report::run::text(runs, look)
    } else {
        let not_passed = |run: &&Run| status(run) != Some(RunStatus::Passed);
        let shown: Vec<Run> = runs.iter().filter(not_passed).cloned().collect();
        if shown.is_empty() { String::new() } else { report::run::text(&shown, look) + "\n" }
    };
    for count in counts {
        let told = terms.passed_of.replace("{passed}", &count.passed.to_string());
        let told = told.replace("{runs}", &count.runs.to_string());
        let told = if count.passed == count.runs { look.good(&told) } else { look.bad(&told) };
        let _ = writeln!(text, "{}  {told}", report::one_line(&count.name, false));
    }
    for file in unproved {
        let _ = writeln!(text, "{} {}", report::one_line(file, false), look.doubtful(terms.no_broken));
    }
    text
}

/// For scripts.
#[derive(Serialize)]
struct Results<'a, S> {
    #[serde(flatten)]
    scenarios: S,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    repeated: &'a [Count],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    without_broken: &'a [String],
}
