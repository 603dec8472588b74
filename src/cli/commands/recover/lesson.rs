//! `netfault recover lesson`: shows a failure, asks what the student would do, does it, and shows what comes of it.

use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::knowledge::{self, Walk};
use crate::recover::lesson::{Choice, Lesson, reason};
use crate::report::{self, Look, lesson as told};
use crate::reproduce::Trouble;
use crate::trace::{Came, Effect};
use std::io::{self, BufRead, IsTerminal};

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Lesson, terminal: &Terminal) -> Result<Exit, Problem> {
    let chosen = chosen(args)?;
    let look = &terminal.look;
    let family = args.about.family();
    let walk = knowledge::walkthrough(family)
        .ok_or_else(|| Problem::new(Exit::Internal, format!("no text about {}", family.id())))?
        .text(look.lang);
    let failure = args.about.fail(args.seed).map_err(|trouble| not_shown(args.about, trouble))?;
    let try_it = |choice: &Choice| choice.run(args.seed);

    if terminal.format == Format::Json {
        let effects: Vec<Effect> = chosen.into_iter().map(try_it).collect();
        put(&report::json(&told::Lesson::new(family, walk, &failure, &effects)))?;
        return Ok(exit_of(&effects));
    }
    put(&told::opening(walk, &failure, look))?;
    put(&told::question(walk, look))?;
    let asks = !args.all && args.choose.is_empty() && io::stdin().is_terminal() && io::stdout().is_terminal();
    let effects = if asks {
        let mut conversation = Conversation { walk, look, put: &put, try_it: &try_it };
        conversation.hold(args.about.choices(), &mut io::stdin().lock())?
    } else {
        let mut effects = Vec::new();
        for choice in chosen {
            let effect = try_it(choice);
            put(&told::effect(walk, &effect, look))?;
            effects.push(effect);
        }
        effects
    };
    put(&told::review(walk, look))?;
    Ok(exit_of(&effects))
}

/// The choices that the command line names, or all.
fn chosen(args: &args::Lesson) -> Result<Vec<&'static Choice>, Problem> {
    let choices = args.about.choices();
    if args.choose.is_empty() {
        return Ok(choices.iter().collect());
    }
    let find = |number: &std::num::NonZeroUsize| {
        choices.get(number.get() - 1).ok_or_else(|| {
            let id = args.about.family().id();
            Problem::new(Exit::Usage, format!("the lesson {id} has no choice {number}"))
                .hint(format!("Its choices are numbered from 1 to {}.", choices.len()))
        })
    };
    args.choose.iter().map(find).collect()
}

/// The failure itself could not be made to happen.
fn not_shown(lesson: Lesson, trouble: Trouble) -> Problem {
    let id = lesson.family().id();
    match trouble {
        Trouble::Unsupported { needs } => {
            Problem::new(Exit::Unsupported, format!("the lesson {id} cannot run here: it needs {needs}"))
        }
        other => Problem::new(Exit::Fault, format!("the failure of the lesson {id}: {}", reason(other))),
    }
}

/// What went otherwise outweighs what cannot run here, and that outweighs success.
fn exit_of(effects: &[Effect]) -> Exit {
    let any = |came| effects.iter().any(|effect| effect.came == came);
    if any(Came::Otherwise) {
        Exit::Fault
    } else if any(Came::Unsupported) {
        Exit::Unsupported
    } else {
        Exit::Success
    }
}

/// A lesson under way with somebody who answers.
struct Conversation<'a> {
    walk: &'a Walk,
    look: &'a Look,
    put: &'a dyn Fn(&str) -> Result<(), Problem>,
    try_it: &'a dyn Fn(&Choice) -> Effect,
}

/// What somebody answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// The choice at this position.
    One(usize),
    /// Every choice that was not tried yet.
    Rest,
    Leave,
}

impl Conversation<'_> {
    /// Asks until every choice was tried, or nobody answers any more; gives what came of them.
    fn hold(&mut self, choices: &[Choice], answers: &mut dyn BufRead) -> Result<Vec<Effect>, Problem> {
        let mut effects: Vec<Effect> = Vec::new();
        let mut tried = vec![false; choices.len()];
        while tried.contains(&false) {
            (self.put)(&told::prompt(self.walk, self.look))?;
            let wanted = match next(answers, choices.len())? {
                None => {
                    // Nobody pressed Enter.
                    (self.put)("\n")?;
                    break;
                }
                Some(Ok(Answer::Leave)) => break,
                Some(Ok(Answer::One(position))) => vec![position],
                Some(Ok(Answer::Rest)) => (0..choices.len()).filter(|position| !tried[*position]).collect(),
                Some(Err(given)) => {
                    (self.put)(&told::no_answer(&given, self.walk, self.look))?;
                    continue;
                }
            };
            for position in wanted {
                let effect = (self.try_it)(&choices[position]);
                (self.put)(&told::effect(self.walk, &effect, self.look))?;
                tried[position] = true;
                effects.push(effect);
            }
        }
        Ok(effects)
    }
}

/// The next answer; what is none is given back as it was typed. `None` at the end of the input.
fn next(answers: &mut dyn BufRead, choices: usize) -> Result<Option<Result<Answer, String>>, Problem> {
    let mut line = Vec::new();
    let length = answers.read_until(b'\n', &mut line).map_err(|error| Problem::io("read stdin", &error))?;
    if length == 0 {
        return Ok(None);
    }
    let line = String::from_utf8_lossy(&line);
    let given = line.trim();
    Ok(Some(match given.to_ascii_lowercase().as_str() {
        "a" => Ok(Answer::Rest),
        "q" => Ok(Answer::Leave),
        word => match word.parse::<usize>() {
            Ok(number) if (1..=choices).contains(&number) => Ok(Answer::One(number - 1)),
            _ => Err(given.to_owned()),
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use std::cell::RefCell;

    /// What is shown when these lines are typed, and the choices that were tried.
    fn typed(lines: &str) -> (String, Vec<&'static str>) {
        let lesson = Lesson::ConnectionRefused;
        let shown = RefCell::new(String::new());
        let look = Look { lang: Lang::En, width: 80, colour: false, ascii: true };
        let walk = knowledge::walkthrough(lesson.family()).unwrap().text(Lang::En);
        let put = |text: &str| {
            shown.borrow_mut().push_str(text);
            Ok(())
        };
        let try_it = |choice: &Choice| Effect { choice: choice.id, ..Effect::success("done", 1) };
        let mut conversation = Conversation { walk, look: &look, put: &put, try_it: &try_it };
        let effects = conversation.hold(lesson.choices(), &mut lines.as_bytes()).unwrap();
        let tried = effects.iter().map(|effect| effect.choice).collect();
        (shown.into_inner(), tried)
    }

    #[test]
    fn what_is_answered_is_tried_until_somebody_leaves() {
        let (shown, tried) = typed("2\n 1 \nq\n3\n");
        assert_eq!(tried, ["retry-at-once", "longer-timeout"]);
        assert_eq!(shown.matches("[1-6, a = all, q = leave]").count(), 3);
    }

    #[test]
    fn all_means_those_that_are_left_and_ends_it() {
        let (shown, tried) = typed("2\nA\n");
        assert_eq!((tried.len(), tried[0], tried[1]), (6, "retry-at-once", "longer-timeout"));
        assert_eq!(shown.matches("[1-6").count(), 2);
    }

    #[test]
    fn a_wrong_answer_is_asked_again_with_what_was_expected() {
        for wrong in ["0", "7", "x", "", "-1", "99999999999999999999999"] {
            let (shown, tried) = typed(&format!("{wrong}\n1\n"));
            let said = format!("\"{wrong}\" is none of them: a number from 1 to 6");
            assert!(shown.contains(&said), "{shown}");
            assert_eq!(tried, ["longer-timeout"]);
        }
    }

    #[test]
    fn the_end_of_the_input_leaves() {
        assert_eq!(typed("").1.len(), 0);
        assert_eq!(typed("1").1, ["longer-timeout"]);
        assert!(typed("").0.ends_with("leave] \n"));
    }
}
