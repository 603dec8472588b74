//! `netfault scenario grade`: a folder of submissions, each on its own copy with its own seed.

use super::load::{self, Source, Wrong};
use super::player::{Player, words};
use super::progress::Progress;
use super::results::{Beside, exit_of};
use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::Terminal;
use crate::evidence;
use crate::knowledge;
use crate::lang::Words;
use crate::report;
use crate::report::grades::{self, Graded};
use crate::scenario::account::{Came, account};
use crate::scenario::grade::{self, Copy, Lack, Student, Wanted};
use crate::scenario::model::{Command, Scenario};
use crate::scenario::{Given, look_at, read, replay};
use crate::trace::{Header, Recorder, Run, RunStatus};
use std::collections::BTreeMap;
use std::time::Duration;

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
    let player = Player::new(args.jobs, Progress::new(terminal, students.len()))?;
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
        let replay = |set: &BTreeMap<String, String>| replay::command(&self.source.file, set, seed);
        let mut run = match handed_in {
            Ok(set) => self.play(student, &set, seed, replay(&set), player),
            Err(lack) => self.lacking(seed, lack_of(&lack), replay(&self.given.set)),
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
        replay: String,
        player: &Player,
    ) -> Run {
        let broke = |why: &str| {
            let reason = words(|lang| knowledge::terms(lang).set_up_failed, &[("error", why)]);
            self.unplayed(seed, replay.clone(), Came::Broke(reason))
        };
        let copied = Copy::of(&student.folder).and_then(|copy| Ok((copy.inside()?, copy)));
        let (inside, copy) = match copied {
            Ok(copied) => copied,
            Err(error) => return broke(&error.to_string()),
        };
        let set = match grade::programs(copy.folder(), &self.wanted, &self.given.set) {
            Ok(set) => self.with(set),
            Err(lack) => return self.lacking(seed, lack_of(&lack), replay),
        };
        let given = Given { set, seed: Some(seed) };
        let mut scenario = match read(&self.source.file, &self.source.text, &given) {
            Ok(scenario) => scenario,
            // The assignment was fine with stand-ins: it is a value of the submission.
            Err(mistakes) => {
                let what: Vec<String> = mistakes.into_iter().map(|mistake| mistake.what).collect();
                return self.lacking(seed, Words::same(what.join("; ")), replay);
            }
        };
        let from = copy.folder().display().to_string();
        for program in &mut scenario.programs {
            if matches!(&program.run, Command::Other(words) if words.iter().any(|word| word.contains(&from)))
            {
                program.files.extend(inside.iter().cloned());
            }
        }
        scenario.parameters.extend(handed_in.clone());
        player.play(&scenario, &student.name, replay, |run| run)
    }

    /// What a submission gives beside what was set for all.
    fn with(&self, set: BTreeMap<String, String>) -> BTreeMap<String, String> {
        self.given.set.clone().into_iter().chain(set).collect()
    }

    /// A submission that cannot run is a wrong answer to every expectation.
    fn lacking(&self, seed: u64, lack: Words, replay: String) -> Run {
        self.unplayed(seed, replay, Came::Lacking(lack))
    }

    fn unplayed(&self, seed: u64, replay: String, came: Came) -> Run {
        let clock = Recorder::forgetful();
        let header = Header::new(seed, replay.clone(), clock.started(), evidence::host());
        let scenario = Scenario { seed, ..self.scenario.clone() };
        account(&scenario, header, replay, Duration::ZERO, came)
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
