//! Runs as `JUnit` XML, which CI systems read: a suite for each scenario, a case for each expectation. What was not met
//! is a failure, what broke an error, what cannot be told here is skipped. The library keeps XML 1.0's rules; escapes
//! are written before, because it would drop what a terminal obeys.

use super::words;
use crate::knowledge::{self, Terms};
use crate::lang::Lang;
use crate::report::visible::{one_line, visible};
use crate::trace::{Checked, Run, RunStatus};
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

/// All runs as one document, the words in `lang`.
pub fn junit(runs: &[Run], lang: Lang) -> String {
    let mut report = Report::new("netfault");
    report.set_time(runs.iter().map(words::took).sum());
    for run in runs {
        report.add_test_suite(suite(run, lang));
    }
    // It is written into memory, and every text in it is valid.
    report.to_string().unwrap_or_default()
}

fn suite(run: &Run, lang: Lang) -> TestSuite {
    let terms = knowledge::terms(lang);
    let name = visible(words::name(run));
    let mut suite = TestSuite::new(&name);
    suite.set_time(words::took(run));
    suite.add_property(Property::new("seed", run.header.seed.to_string()));
    if let Some(told) = &run.header.scenario {
        suite.add_property(Property::new("file", visible(&told.file)));
        for (name, value) in &told.parameters {
            suite.add_property(Property::new(format!("set.{}", visible(name)), visible(value)));
        }
    }
    let mut cases: Vec<TestCase> = run.checks.iter().map(|checked| case(run, checked, terms, lang)).collect();
    cases.extend(whole(run, terms, lang));
    for mut case in cases {
        case.set_classname(&name);
        suite.add_test_case(case);
    }
    if let Some(end) = &run.end {
        suite.set_system_out(format!("{}: {}", terms.replay, visible(&end.replay)));
    }
    suite
}

/// What is said of the run as such, and of no expectation.
fn whole(run: &Run, terms: &'static Terms, lang: Lang) -> Option<TestCase> {
    let reason = visible(words::reason(run, lang).unwrap_or_default());
    let status = match words::status(run) {
        Some(RunStatus::Error) => {
            let mut error = TestCaseStatus::non_success(NonSuccessKind::Error);
            error.set_type("error").set_message(reason);
            error
        }
        Some(RunStatus::Unsupported) if run.checks.iter().all(|checked| checked.passed.is_some()) => {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_type("unsupported").set_message(reason);
            skipped
        }
        None if words::is_cut_off(run) => {
            let mut error = TestCaseStatus::non_success(NonSuccessKind::Error);
            error.set_type("cut-off").set_message(terms.was_cut_off);
            error
        }
        _ => return None,
    };
    Some(TestCase::new(terms.set_up, status))
}

fn case(run: &Run, checked: &Checked, terms: &'static Terms, lang: Lang) -> TestCase {
    let message = format!(
        "{} {}, {} {}",
        terms.want,
        one_line(&checked.want, false),
        terms.got,
        one_line(&checked.got, false)
    );
    let status = match checked.passed {
        Some(true) => TestCaseStatus::success(),
        Some(false) => {
            let mut failure = TestCaseStatus::non_success(NonSuccessKind::Failure);
            failure.set_type("expectation").set_message(message);
            failure.set_description(description(run, checked, lang));
            failure
        }
        None => {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_type("unsupported").set_message(visible(&checked.got));
            skipped
        }
    };
    let mut case = TestCase::new(visible(checked.name.text(lang)), status);
    if let Some(points) = checked.points {
        case.add_property(Property::new("points", points.to_string()));
    }
    case
}

/// What helps, and what shows it.
fn description(run: &Run, checked: &Checked, lang: Lang) -> String {
    let hint = checked.hint.iter().map(|hint| visible(hint.text(lang)));
    let quotes = checked.because.iter().filter_map(|seq| words::quoted(run, *seq));
    let quotes = quotes.map(|quote| visible(&quote));
    let verdicts = words::distinct_verdicts(run);
    let verdicts = verdicts.iter().filter_map(|(judged, _)| {
        let fault = judged.verdict.fault?;
        Some(format!(
            "{}: {fault}, {} ({})",
            visible(&judged.of),
            judged.verdict.confidence,
            knowledge::fault(fault).text(lang).title
        ))
    });
    hint.chain(quotes).chain(verdicts).collect::<Vec<_>>().join("\n")
}
