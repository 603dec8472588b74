//! `netfault recover run`: what it prints for people, for scripts and as a page, and how it ends.

use netfault::knowledge;
use netfault::lang::Lang;
use netfault::recover::experiment::Values;
use netfault::recover::{Experiment, Plan, play, simulated};
use netfault::report::{Look, recovery};
use netfault::retry::Kind;
use serde_json::Value;
use std::convert::Infallible;
use std::process::{Command, Output};

fn run(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netfault"));
    command.args(["recover", "run"]).args(args).env_remove("NETFAULT_LANG").env("LC_ALL", "C.UTF-8");
    command.output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(args: &[&str]) -> Value {
    let output = run(&[args, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)))
}

fn list<'a>(of: &'a Value, key: &str) -> &'a Vec<Value> {
    of[key].as_array().unwrap_or_else(|| panic!("{key} of {of}"))
}

/// The arm of this case and strategy.
fn arm<'a>(found: &'a Value, case: &str, strategy: &str) -> &'a Value {
    let is_it = |arm: &&Value| arm["case"] == case && arm["strategy"] == strategy;
    list(found, "arms").iter().find(is_it).unwrap_or_else(|| panic!("{case} {strategy}"))
}

#[test]
fn every_case_and_every_claim_has_its_words_in_both_languages_and_no_others() {
    for experiment in Experiment::ALL {
        let trial = knowledge::trial(experiment.name);
        let cases = (experiment.cases)(&Values::default());
        for lang in Lang::ALL {
            let told = trial.text(*lang);
            let mut known: Vec<&str> = told.cases.iter().map(|(name, _)| *name).collect();
            let mut played: Vec<&str> = cases.iter().map(|case| case.name).collect();
            known.sort_unstable();
            played.sort_unstable();
            assert_eq!(known, played, "{}", experiment.name);
            let mut known: Vec<&str> = told.claims.iter().map(|(name, _)| *name).collect();
            let mut checked: Vec<&str> = experiment.claims.iter().map(|claim| claim.key).collect();
            known.sort_unstable();
            checked.sort_unstable();
            assert_eq!(known, checked, "{}", experiment.name);
        }
        for strategy in trial.strategies {
            assert!(Kind::ALL.iter().any(|kind| kind.name() == *strategy), "{}: {strategy}", experiment.name);
        }
    }
}

#[test]
fn every_experiment_has_a_case_that_helps_and_one_that_harms() {
    for experiment in Experiment::ALL {
        let cases = (experiment.cases)(&Values::default());
        for name in ["helps", "harms"] {
            assert!(cases.iter().any(|case| case.name == name), "{}: {name}", experiment.name);
        }
    }
}

#[test]
fn all_experiments_in_one_call_are_told_with_a_summary() {
    let output = run(&["--all", "--runs", "1"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let claims: usize = Experiment::ALL.iter().map(|experiment| experiment.claims.len()).sum();
    assert!(text.ends_with(&format!("{claims} of {claims} claims hold\n")), "{text}");
    for experiment in Experiment::ALL {
        assert!(text.contains(&format!("\n{}  ", experiment.name)) || text.starts_with(experiment.name));
    }
}

#[test]
fn json_has_the_fields_that_scripts_rely_on() {
    let found = json(&["metastable", "--runs", "3", "--seed", "7"]);
    assert_eq!(found["schema_version"], 1);
    assert_eq!((&found["experiment"], &found["engine"]), (&"metastable".into(), &"simulated".into()));
    assert_eq!((&found["seed"], &found["runs"]), (&7.into(), &3.into()));
    let (once, budget, jitter) =
        (arm(&found, "harms", "once"), arm(&found, "harms", "budget"), arm(&found, "harms", "full-jitter"));
    assert_eq!(once["params"]["attempts"], 1);
    assert_eq!(budget["params"]["budget"]["ratio"], 0.1);
    for of in [once, budget, jitter] {
        for number in ["success_rate", "goodput_per_s", "amplification"] {
            let (median, spread) = (of[number].as_f64().unwrap(), list(&of["spread"], number));
            assert!(spread[0].as_f64().unwrap() <= median && median <= spread[1].as_f64().unwrap());
        }
        assert!(of["latency_ms"]["p50"].as_f64().unwrap() <= of["latency_ms"]["p99"].as_f64().unwrap());
        assert!(of["focus"]["attempts_per_s"].is_number());
    }
    assert!(budget["recovered_after_s"].as_f64().unwrap() < 10.0);
    assert_eq!(jitter["recovered_after_s"], Value::Null, "what never comes has no number");
    assert_eq!(jitter["goodput_per_s"], 0.0);
    for claim in list(&found, "claims") {
        assert_eq!(claim["passed"], true, "{claim}");
        assert!(claim["text"].as_str().unwrap().len() > 10 && claim["measured"].is_number(), "{claim}");
    }
    assert_eq!((list(&found, "set").len(), list(&found, "not_checked").len()), (0, 0));
}

#[test]
fn several_experiments_are_one_json_value() {
    let found = json(&["hedging", "deadlines", "--runs", "1"]);
    let names: Vec<&Value> = list(&found, "experiments").iter().map(|one| &one["experiment"]).collect();
    assert_eq!(names, ["hedging", "deadlines"]);
    assert_eq!(found["schema_version"], 1);
}

#[test]
fn a_seed_decides_every_byte() {
    for format in ["text", "json", "html"] {
        let of = |seed: &str| stdout(&run(&["herd", "--runs", "2", "--seed", seed, "--format", format]));
        assert_eq!(of("5"), of("5"), "{format}");
        assert_ne!(of("5"), of("6"), "{format}");
    }
}

#[test]
fn a_claim_that_does_not_hold_ends_with_one_and_is_told_with_its_number() {
    let args = ["metastable", "--runs", "1", "--set", "light_load=60", "--set", "stall=3s"];
    let output = run(&args);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("✗ At 20 a second"), "{text}");
    assert!(text.contains("It does not hold; measured: 0/s"), "{text}");
    assert!(text.contains("light_load = 60 (instead of 20)"), "{text}");
    let found = json(&args);
    let changed: Vec<&Value> = list(&found, "set").iter().map(|change| &change["key"]).collect();
    assert_eq!(changed, ["light_load", "stall"]);
    let claim = &list(&found, "claims")[0];
    assert_eq!((&claim["claim"], &claim["passed"]), (&"light_recovers".into(), &false.into()));
    let both = run(&[&args[..], &["hedging"]].concat());
    assert_eq!(both.status.code(), Some(1));
    assert!(stdout(&both).lines().last().unwrap().ends_with(": metastable"), "{}", stdout(&both));
}

#[test]
fn only_the_arms_that_were_asked_for_are_played_and_what_needs_others_is_not_checked() {
    let found = json(&["metastable", "--runs", "1", "--strategy", "once", "--strategy", "budget"]);
    let mut played: Vec<&str> =
        list(&found, "arms").iter().map(|arm| arm["strategy"].as_str().unwrap()).collect();
    played.sort_unstable();
    played.dedup();
    assert_eq!(played, ["budget", "once"]);
    let checked: Vec<&Value> = list(&found, "claims").iter().map(|claim| &claim["claim"]).collect();
    assert_eq!(checked, ["once_recovers", "budget_recovers"]);
    let claims = Experiment::named("metastable").unwrap().claims.len();
    assert_eq!(list(&found, "not_checked").len(), claims - 2);
    let text = stdout(&run(&["metastable", "--runs", "1", "--strategy", "once"]));
    assert!(text.contains("Not checked, for their strategies were not played: light_recovers"), "{text}");
}

#[test]
fn where_no_claim_could_be_checked_nothing_was_found() {
    let output = run(&["herd", "--runs", "1", "--strategy", "decorrelated"]);
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    assert!(stdout(&output).contains("decorrelated"));
}

#[test]
fn a_sweep_shows_what_no_single_world_shows() {
    let found = json(&["load-shedding", "--runs", "3"]);
    let sweep = &found["sweep"];
    assert_eq!((&sweep["set"], &sweep["number"]), (&"load".into(), &"goodput".into()));
    let loads: Vec<&str> = list(sweep, "values").iter().map(|value| value.as_str().unwrap()).collect();
    let at = |strategy: &str, load: &str| {
        let arm = list(sweep, "arms").iter().find(|arm| arm["strategy"] == strategy).unwrap();
        let position = loads.iter().position(|known| *known == load).unwrap();
        list(arm, "medians")[position].as_f64().unwrap()
    };
    assert!(at("unbounded", "90") > 80.0, "below what it can do the queue does no harm");
    assert!(at("unbounded", "150") < 15.0 && at("bounded", "150") > 90.0);
    assert!(at("too-low", "60") < at("bounded", "60") - 3.0);
    assert_eq!(json(&["hedging", "--runs", "1"])["sweep"], Value::Null);
    let text = stdout(&run(&["load-shedding", "--runs", "3"]));
    assert!(text.contains("goodput in the case harms, for each load\n"), "{text}");
}

#[test]
fn in_indonesian_the_experiment_speaks_indonesian() {
    let text = stdout(&run(&["metastable", "--runs", "1", "--lang", "id"]));
    for said in ["kegagalan metastabil", "Klaim", "Terukur", "Yang dipelajari", "tidak pernah"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("Claims") && !text.contains("Measured"), "{text}");
}

#[test]
fn lines_keep_to_the_width_and_ascii_to_ascii() {
    for experiment in Experiment::ALL {
        let plan =
            Plan { values: Values::default(), strategies: &[], runs: 2, seed: 1, workers: 2, sweeps: true };
        let engine = |world: &_, arm: &_, seed| Ok::<_, Infallible>(simulated::run(world, arm, seed));
        let Ok(found) = play(experiment, &plan, "simulated", engine, |_, _| {});
        for (lang, width) in
            [(Lang::En, 60), (Lang::Id, 60), (Lang::En, 80), (Lang::Id, 100), (Lang::En, 120)]
        {
            let text = recovery::text(&found, &Look { lang, width, colour: false, ascii: true });
            for line in text.lines() {
                assert!(line.is_ascii(), "{line}");
                assert!(line.len() <= width, "{} {lang:?} {width}: {line}", experiment.name);
                assert_eq!(line, line.trim_end(), "{width}");
            }
        }
    }
}

#[test]
fn a_page_needs_nothing_from_elsewhere_and_every_picture_is_told() {
    for experiment in ["herd", "retry-budget", "circuit-breaker", "timeouts"] {
        let page = stdout(&run(&[experiment, "--runs", "2", "--format", "html"]));
        assert!(page.contains("Content-Security-Policy") && page.contains("default-src 'none'"));
        assert!(
            !page.contains("<script") && !page.contains("http://")
                || page.contains("http://www.w3.org/2000/svg")
        );
        let pictures = page.matches("role=\"img\"").count();
        assert!(pictures >= 10, "{experiment}: two cases in two languages, {pictures} pictures");
        assert_eq!(page.matches("<title id=").count(), pictures, "{experiment}");
        assert_eq!(page.matches("<desc id=").count(), pictures, "{experiment}");
        for lang in ["en", "id"] {
            assert!(page.contains(&format!("lang=\"{lang}\"")), "{experiment}");
        }
    }
    let page = stdout(&run(&["circuit-breaker", "--runs", "1", "--format", "html"]));
    assert!(page.contains("half-open") && page.contains("setengah terbuka"));
}

#[test]
fn what_cannot_be_played_is_a_usage_error_that_names_what_was_meant() {
    for (args, said) in [
        (&["metastble"][..], "metastable"),
        (&["metastable", "--strategy", "budgt"], "Did you mean budget?"),
        (&["hedging", "--strategy", "breaker"], "hedging does not compare \"breaker\""),
        (&["metastable", "--set", "lod=3"], "there is no \"lod\" to set; did you mean load?"),
        (&["metastable", "--set", "xyzzy=3"], "light_load, medium_load"),
        (&["metastable", "--set", "load=0"], "expected a number a second from 0.1 to 10000"),
        (&["metastable", "--set", "load=-3"], "\"-3\" is no value of load"),
        (&["metastable", "--set", "attempts=0"], "expected a whole number from 1 to 10000"),
        (&["metastable", "--set", "attempts=1.5"], "\"1.5\" is no value of attempts"),
        (&["metastable", "--set", "stall=200"], "a duration such as 250ms"),
        (&["metastable", "--set", "ratio=2"], "expected a share"),
        (&["metastable", "--set", "load"], "expected KEY=VALUE"),
        (&["metastable", "--engine", "rael"], "real"),
        (&["metastable", "--runs", "0"], "0"),
        (&["metastable", "--all"], "cannot be used with"),
        (&["metastable", "--format", "junit"], "junit"),
        (&[], "required"),
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(said), "{args:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{args:?}");
    }
}

#[test]
fn sockets_give_the_same_report() {
    let found = json(&["deadlines", "--engine", "real", "--strategy", "told", "--runs", "2"]);
    assert_eq!((&found["engine"], &found["runs"]), (&"real".into(), &2.into()));
    assert!(list(&found, "arms").iter().all(|arm| arm["amplification"].as_f64().unwrap() >= 1.0));
}
