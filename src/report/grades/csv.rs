//! The table of points as CSV (RFC 4180), for a spreadsheet.

use super::Graded;
use crate::lang::Lang;

/// A line for each submission: who, how it ended, points, seed, and a column for each expectation.
pub fn csv(graded: &[Graded], lang: Lang) -> String {
    let names: Vec<&str> = graded
        .iter()
        .map(|graded| &graded.run.checks)
        .max_by_key(|checks| checks.len())
        .map(|checks| checks.iter().map(|checked| checked.name.text(lang)).collect())
        .unwrap_or_default();
    let mut table = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    let fixed = ["student", "status", "got", "of", "seed"];
    // Written into memory, and every line has as many cells as the first.
    let _ = table.write_record(fixed.iter().chain(&names).map(|name| harmless(name)));
    for row in graded {
        let points = row.points();
        let number = |points: Option<u32>| points.map(|points| points.to_string()).unwrap_or_default();
        let mut cells = vec![
            row.student.clone(),
            row.status().name().to_owned(),
            number(points.map(|points| points.got)),
            number(points.map(|points| points.of)),
            row.run.header.seed.to_string(),
        ];
        cells.extend((0..names.len()).map(|column| {
            let passed = row.run.checks.get(column).and_then(|checked| checked.passed);
            passed.map_or("", |passed| if passed { "passed" } else { "failed" }).to_owned()
        }));
        let _ = table.write_record(cells.iter().map(|cell| harmless(cell)));
    }
    table.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula: a student names the folder.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Words;
    use crate::trace::{Checked, End, Header, Host, Run, RunStatus};
    use std::time::Duration;

    fn graded(student: &str, status: RunStatus, passed: &[Option<bool>]) -> Graded {
        let header = Header {
            schema_version: 1,
            seed: 7,
            command: String::new(),
            started: 0.0,
            host: Host::default(),
            scenario: None,
        };
        let checked = |(number, passed): (usize, &Option<bool>)| Checked {
            name: Words { en: format!("reply, {number}"), id: format!("balasan, {number}") },
            want: String::new(),
            got: String::new(),
            passed: *passed,
            hint: None,
            points: Some(10),
            because: Vec::new(),
        };
        let end = End { status, seconds: Duration::ZERO, reason: None, replay: String::new() };
        let run = Run {
            checks: passed.iter().enumerate().map(checked).collect(),
            end: Some(end),
            ..Run::new(header)
        };
        Graded { student: student.to_owned(), run }
    }

    #[test]
    fn a_line_for_each_submission_and_a_column_for_each_expectation() {
        let rows = [
            graded("budi", RunStatus::Passed, &[Some(true); 2]),
            graded("siti \"S\"", RunStatus::Failed, &[Some(true), Some(false)]),
        ];
        assert_eq!(
            csv(&rows, Lang::Id),
            "student,status,got,of,seed,\"balasan, 0\",\"balasan, 1\"\r\n\
             budi,passed,20,20,7,passed,passed\r\n\
             \"siti \"\"S\"\"\",failed,10,20,7,passed,failed\r\n"
        );
    }

    #[test]
    fn what_was_not_graded_has_no_points() {
        for (status, name) in [(RunStatus::Error, "error"), (RunStatus::Unsupported, "unsupported")] {
            let table = csv(&[graded("budi", status, &[None])], Lang::En);
            assert_eq!(table.lines().nth(1), Some(format!("budi,{name},,,7,").as_str()));
        }
        // One that broke before anything was checked has as many cells as the others.
        let both = [graded("a", RunStatus::Error, &[]), graded("b", RunStatus::Passed, &[Some(true)])];
        let table = csv(&both, Lang::En);
        assert_eq!(table.lines().nth(1), Some("a,error,,,7,"));
        assert_eq!(csv(&[], Lang::En), "student,status,got,of,seed\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for name in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"] {
            let table = csv(&[graded(name, RunStatus::Passed, &[])], Lang::En);
            let mut reader = ::csv::Reader::from_reader(table.as_bytes());
            let cell = reader.records().next().unwrap().unwrap()[0].to_owned();
            assert_eq!(cell, format!("'{name}"));
        }
    }
}
