//! `netfault recover lesson`: every choice does what the lesson says of it, and everything is told in both languages.

use insta::assert_snapshot;
use netfault::failure::Failure;
use netfault::knowledge::{self, Walk};
use netfault::lang::Lang;
use netfault::recover::lesson::Lesson;
use netfault::report::{Look, lesson as told};
use netfault::trace::{Came, Effect};
use serde_json::Value;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

fn lesson(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netfault"));
    command.args(["recover", "lesson"]).args(args).env_remove("NETFAULT_LANG").env("LC_ALL", "C");
    command.stdin(Stdio::null()).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn walk(lesson: Lesson, lang: Lang) -> &'static Walk {
    knowledge::walkthrough(lesson.family()).unwrap().text(lang)
}

/// What came of every choice of a lesson, side by side.
fn all(lesson: Lesson) -> Vec<Effect> {
    thread::scope(|scope| {
        let running: Vec<_> = lesson.choices().iter().map(|choice| scope.spawn(|| choice.run(1))).collect();
        running.into_iter().map(|choice| choice.join().unwrap()).collect()
    })
}

/// Every choice does what the lesson says; gives what came of the one of this name.
fn as_said(lesson: Lesson) -> impl Fn(&str) -> Effect {
    let effects = all(lesson);
    for effect in &effects {
        assert_eq!(effect.came, Came::AsSaid, "{effect:#?}");
    }
    show(lesson, &effects);
    move |name| effects.iter().find(|effect| effect.choice == name).unwrap().clone()
}

/// Pictures of the whole lesson, without what differs from run to run.
fn show(lesson: Lesson, effects: &[Effect]) {
    let failure = on_one_port(lesson.fail(1).unwrap());
    for (lang, width) in [(Lang::En, 100), (Lang::Id, 80)] {
        let look = Look { lang, width, colour: false, ascii: false };
        let walk = walk(lesson, lang);
        let mut text = told::opening(walk, &failure, &look) + &told::question(walk, &look);
        text += &told::prompt(walk, &look);
        text.extend(effects.iter().map(|effect| told::effect(walk, &alike(effect), &look)));
        text += &told::review(walk, &look);
        assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
        assert_snapshot!(format!("{}_{}", lesson.family().id(), lang.code()), text);
    }
}

/// The same with the time and the numbers that every run has.
fn alike(effect: &Effect) -> Effect {
    const MANY: u32 = 3;
    Effect {
        took: Duration::from_millis(100),
        attempts: effect.attempts.min(MANY),
        carried_out: effect.carried_out.map(|times| times.min(MANY)),
        failure: effect.failure.clone().map(on_one_port),
        ..effect.clone()
    }
}

fn on_one_port(mut failure: Failure) -> Failure {
    for address in failure.call.local.iter_mut().chain(&mut failure.call.peer) {
        address.set_port(12345);
    }
    failure
}

#[test]
fn a_lesson_about_a_time_out_counts_what_each_retry_costs_the_server() {
    let effect = as_said(Lesson::Timeout);
    assert_eq!(effect("catch").carried_out, Some(1), "the work is done though nobody has the answer");
    assert_eq!(effect("longer-timeout").attempts, 1);
    assert_eq!(effect("retry-at-once").carried_out, Some(3));
    let backoff = effect("backoff");
    assert_eq!(backoff.carried_out, Some(backoff.attempts), "every attempt is carried out");
    assert!(effect("deadline").took < effect("wait-for-ever").took);
}

#[test]
fn a_lesson_about_a_refusal_shows_where_a_retry_helps_and_where_it_wastes_time() {
    let effect = as_said(Lesson::ConnectionRefused);
    assert!(effect("backoff").failure.unwrap().is("ECONNREFUSED"), "it was refused on the way");
    let (nobody, patient) = (effect("backoff-nobody"), effect("longer-timeout"));
    assert!(nobody.took > patient.took * 10, "{nobody:?} {patient:?}");
    assert!(patient.took < Duration::from_secs(5), "a refusal does not wait for a time-out");
}

#[test]
fn a_lesson_about_an_address_in_use_shows_what_the_option_does_and_what_not() {
    let effect = as_said(Lesson::AddressInUse);
    assert!(effect("reuse-address").succeeded && !effect("reuse-address-live").succeeded);
}

#[test]
fn the_program_and_the_catalogue_know_the_same_choices_in_one_order() {
    for lesson in Lesson::ALL {
        let tried: Vec<&str> = lesson.choices().iter().map(|choice| choice.id).collect();
        for lang in Lang::ALL {
            let told: Vec<&str> = walk(*lesson, *lang).choices.iter().map(|choice| choice.choice).collect();
            assert_eq!(tried, told, "{lesson:?} {lang:?}");
        }
    }
}

#[test]
fn a_choice_that_goes_otherwise_is_said_to() {
    let lesson = Lesson::AddressInUse;
    let look = Look { lang: Lang::En, width: 100, colour: false, ascii: false };
    let otherwise = Effect { choice: "kill-holder", ..Effect::success("listening", 1) };
    let text = told::effect(walk(lesson, Lang::En), &otherwise, &look);
    assert!(text.contains("This is not what the lesson says"), "{text}");
    let cannot = Effect::not_tried("kill-holder", Came::Unsupported, "a socket table".into());
    let text = told::effect(walk(lesson, Lang::En), &cannot, &look);
    assert!(text.contains("Needs      a socket table") && !text.contains("There is no such"), "{text}");
}

#[test]
fn without_a_terminal_nothing_is_asked_and_everything_is_printed() {
    let output = lesson(&["in-use"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(!text.contains("What would you do? ["), "{text}");
    let walk = walk(Lesson::AddressInUse, Lang::En);
    for (position, choice) in walk.choices.iter().enumerate() {
        assert!(text.contains(&format!("\n{}  {}", position + 1, choice.label)), "{text}");
    }
    assert!(text.contains("To take home"));
    assert_eq!(stderr(&output), "");
}

#[test]
fn chosen_choices_are_tried_in_the_order_in_which_they_are_given_and_no_others() {
    let output = lesson(&["refused", "--choose", "5", "--choose", "1", "--lang", "id"]);
    let text = stdout(&output);
    let at = |heading: &str| text.find(heading).unwrap_or_else(|| panic!("{heading}: {text}"));
    assert!(at("\n5  Suruh server bind") < at("\n1  Perpanjang time-out"));
    assert!(!text.contains("\n2  "));
    assert!(text.contains("Pastikan server aktif dan mendengarkan pada port."), "the course's own words");
}

#[test]
fn json_has_the_failure_the_effects_and_the_points_of_the_course() {
    let output = lesson(&["address-in-use", "--choose", "4", "--choose", "1", "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["schema_version"], &json["lesson"]), (&1.into(), &"address-in-use".into()));
    assert_eq!(json["failure"]["errno"], "EADDRINUSE");
    let [works, fails] = json["choices"].as_array().unwrap().as_slice() else { panic!("{json}") };
    assert_eq!((&works["choice"], &works["succeeded"]), (&"reuse-address".into(), &true.into()));
    assert_eq!((&works["errno"], &works["came"]), (&Value::Null, &"as-said".into()));
    assert_eq!(fails["fault"], Value::Null, "nobody looked");
    assert_eq!((&fails["errno"], &fails["attempts"]), (&"EADDRINUSE".into(), &5.into()));
    assert!(fails["seconds"].is_number() && fails["teaches"].as_str().unwrap().contains("TIME_WAIT"));
    let seed = json["seed"].as_array().unwrap();
    assert_eq!(seed.len(), 3);
    for point in seed {
        assert!(["yes", "partly", "no"].contains(&point["holds"].as_str().unwrap()), "{point}");
        assert!(point["said"].is_string() && point["leaves_out"].is_string(), "{point}");
    }
}

#[test]
fn a_wrong_lesson_or_choice_is_a_usage_error_that_says_what_there_is() {
    for (args, said) in [
        (&["timeuot"][..], "the nearest is timeout"),
        (&["reset"], "there is no lesson about connection-reset; there are timeout, connection-refused"),
        (&["in-use", "--choose", "7"], "numbered from 1 to 6"),
        (&["in-use", "--choose", "0"], "invalid value '0'"),
        (&["in-use", "--choose", "1", "--all"], "cannot be used with"),
        (&["in-use", "--format", "html"], "has no format html"),
    ] {
        let output = lesson(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(said), "{args:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
}
