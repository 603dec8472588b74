//! `netfault scenario grade`: a folder of submissions, each on its own copy with its own seed.

use super::load::{self, Source, Wrong};
use super::player::{Player, words};
use super::progress::Progress;
use super::results::{Beside, exit_of};
use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::Terminal;
use crate::knowledge;
use crate::lang::Words;
use crate::report;
use crate::report::grades::{self, Graded};
use crate::scenario::Scenario;
use crate::scenario::account::Came;
use crate::scenario::grade::{self, Copy, Lack, Student, Wanted};
use crate::scenario::{Given, look_at, read, replay};
use crate::trace::{Run, RunStatus};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

/// What all submissions are graded by.
struct Assignment {
    source: Source,
    wanted: Vec<Wanted>,
    given: Given,
    /// The scenario with stand-ins for what submissions give: what it expects, and its seed.
    scenario: Scenario,
}

/// Runs the command.
pub(super) fn run(args: &args::Grade, terminal: &Terminal) -> Result<Exit, Problem> {
    let report = Beside::at(args.output.as_deref())?;
    let (csv, html) = (Beside::at(args.csv.as_deref())?, Beside::at(args.html.as_deref())?);
    let assignment = Assignment::read(args)?;
    let students = grade::students(&args.folder).map_err(|error| {
        let problem = Problem::io(format_args!("read {}", args.folder.display()), &error);
        Problem { exit: Exit::Usage, ..problem }
    })?;
    if students.is_empty() {
        let what = format!("there is no submission in {}", args.folder.display());
        return Err(
            Problem::new(Exit::Unsupported, what).hint("Each sub-folder is one, and its name the student's.")
        );
    }
    // Who wants the same port takes turns: they need not wait for each other in a queue.
    let takes_turns = assignment.scenario.programs.iter().any(|program| program.port.is_some());
    let at_once = if takes_turns { Some(NonZeroUsize::MIN) } else { args.jobs };
    let player = Player::new(at_once, Progress::new(terminal, students.len()))?;
    let runs = player.all(&students, |student| assignment.grade(student, &player));
    let graded: Vec<Graded> = students
        .iter()
        .zip(runs)
        .filter_map(|(student, run)| Some(Graded { student: student.name.clone(), run: run? }))
        .collect();

    let lang = terminal.look.lang;
    let runs = || graded.iter().map(|graded| graded.run.clone()).collect::<Vec<Run>>();
    csv.write(|| grades::csv(&graded, lang))?;
    html.write(|| report::run::html(&runs(), lang, false))?;
    let look = if report.is_wanted() { terminal.look.plain() } else { terminal.look };
    report.write_or_put(&match terminal.format {
        Format::Json => report::json(&grades::json(&graded, lang)),
        Format::Junit => report::run::junit(&runs(), lang),
        _ => grades::text(&graded, &look),
    })?;
    if player.is_stopped() {
        return Ok(Exit::Interrupted);
    }
    Ok(exit_of(&graded.iter().map(Graded::status).collect::<Vec<RunStatus>>()))
}

impl Assignment {
    /// Reads the scenario; what is wrong with it is told before any submission is looked at.
    fn read(args: &args::Grade) -> Result<Self, Problem> {
        let mut wrong = Wrong::default();
        let Some(source) = load::source(&args.file, &mut wrong) else {
            return Err(wrong
                .check()
                .err()
                .unwrap_or_else(|| Problem::new(Exit::Usage, "the scenario is empty")));
        };
        let given = args.values.given();
        let wanted = grade::wanted(&source.text);
        let scenario = wrong.unless(&source, look_at(&source.file, &source.text, &given));
        wrong.check()?;
        let scenario = scenario.ok_or_else(|| Problem::new(Exit::Usage, "the scenario is empty"))?;
        Ok(Self { source, wanted, given, scenario })
    }

    /// One submission, whatever is in it.
    fn grade(&self, student: &Student, player: &Player) -> Run {
        let seed = grade::seed_of(&student.name, self.scenario.seed);
        // For whoever runs it again: the files as they were handed in, not the copy.
        let folder = std::path::absolute(&student.folder).unwrap_or_else(|_| student.folder.clone());
        let handed_in = grade::programs(&folder, &self.wanted, &self.given.set).map(|set| self.with(set));
        let mut run = match handed_in {
            Ok(set) => self.play(student, &set, seed, player),
            Err(lack) => {
                let replay = replay::command(&self.source.file, &self.given.set, seed);
                self.unplayed(seed, Came::Unfit(lack_of(&lack)), &replay, player)
            }
        };
        if let Some(told) = &mut run.header.scenario {
            told.name.clone_from(&student.name);
        }
        run
    }

    /// Plays it on a copy.
    fn play(
        &self,
        student: &Student,
        handed_in: &BTreeMap<String, String>,
        seed: u64,
        player: &Player,
    ) -> Run {
        let replay = replay::command(&self.source.file, handed_in, seed);
        let (copy, set, mut scenario) = match self.prepare(student, seed) {
            Ok(prepared) => prepared,
            Err(came) => return self.unplayed(seed, came, &replay, player),
        };
        let inside = copy.inside().unwrap_or_default();
        let commands =
            || set.iter().filter(|(name, _)| !self.given.set.contains_key(*name)).map(|(_, command)| command);
        for program in &mut scenario.programs {
            if commands().any(|command| grade::runs(program, command)) {
                program.files.extend(inside.iter().cloned());
            }
        }
        scenario.parameters.extend(handed_in.clone());
        player.play(&scenario, &student.name, &replay, commands())
    }

    /// The copy, what it gives, and the scenario with that; or why there is none.
    fn prepare(
        &self,
        student: &Student,
        seed: u64,
    ) -> Result<(Copy, BTreeMap<String, String>, Scenario), Came> {
        let copy = Copy::of(&student.folder).map_err(|error| {
            Came::Broke(words(|lang| knowledge::terms(lang).set_up_failed, &[("error", &error.to_string())]))
        })?;
        let set = grade::programs(copy.folder(), &self.wanted, &self.given.set)
            .map(|set| self.with(set))
            .map_err(|lack| Came::Unfit(lack_of(&lack)))?;
        let given = Given { set: set.clone(), seed: Some(seed) };
        // The assignment was fine with stand-ins: what is wrong now is a value of the submission.
        let scenario = read(&self.source.file, &self.source.text, &given).map_err(|mistakes| {
            let what: Vec<String> = mistakes.into_iter().map(|mistake| mistake.what).collect();
            Came::Unfit(Words::same(what.join("; ")))
        })?;
        Ok((copy, set, scenario))
    }

    /// What a submission gives beside what was set for all.
    fn with(&self, set: BTreeMap<String, String>) -> BTreeMap<String, String> {
        self.given.set.clone().into_iter().chain(set).collect()
    }

    /// A submission that cannot run is a wrong answer to every expectation.
    fn unplayed(&self, seed: u64, came: Came, replay: &str, player: &Player) -> Run {
        player.unplayed(&Scenario { seed, ..self.scenario.clone() }, replay, came)
    }
}

/// What is lacking, in words that a student can act on.
fn lack_of(lack: &Lack) -> Words {
    let term = |pick: fn(&'static knowledge::Terms) -> &'static str, filled: &[(&str, &str)]| {
        words(|lang| pick(knowledge::terms(lang)), filled)
    };
    match lack {
        Lack::File { parameter, names } if names.is_empty() => {
            term(|terms| terms.lacks_entry, &[("name", parameter)])
        }
        Lack::File { parameter, names } => {
            term(|terms| terms.lacks_file, &[("files", &names.join(", ")), ("name", parameter)])
        }
        Lack::Runner(file) => {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            term(|terms| terms.lacks_runner, &[("file", &name)])
        }
        Lack::Text(told) => Words::same(told.clone()),
        Lack::Folder(error) => term(|terms| terms.lacks_folder, &[("error", &error.to_string())]),
    }
}
