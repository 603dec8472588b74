//! Lanes of characters: where they stand, and lines of text and arrows between them.

use super::{Arrow, Tip};
use crate::report::wrap;

/// Columns of the time at the left, with the blank after it.
pub(super) const TIME: usize = 10;
/// Columns of the tag at the right, with the blank before it.
const TAG: usize = 7;
/// The least distance of two lanes: an address or an errno fits between them.
const NARROWEST: usize = 26;

/// What lines are made of.
pub(super) struct Signs {
    lane: char,
    pub(super) line: char,
    pub(super) dots: char,
    pub(super) right: char,
    left: char,
    pub(super) stopped: char,
    step: char,
}

impl Signs {
    pub(super) const fn of(ascii: bool) -> Self {
        if ascii {
            Self { lane: '|', line: '-', dots: '.', right: '>', left: '<', stopped: 'x', step: '=' }
        } else {
            Self {
                lane: '│', line: '─', dots: '┄', right: '▶', left: '◀', stopped: '✗', step: '═'
            }
        }
    }
}

/// A way to colour a part of a line.
type Paint<'a> = &'a dyn Fn(&str) -> String;

/// Where the lanes stand.
pub(super) struct Canvas {
    signs: Signs,
    /// The place of each lane in the line.
    lanes: Vec<usize>,
    /// The end of the picture, after which tags stand.
    end: usize,
}

impl Canvas {
    /// Whether so many lanes have room.
    pub(super) const fn has_room(lanes: usize, width: usize) -> bool {
        lanes > 1 && (width - TIME - TAG) / (lanes - 1) >= NARROWEST
    }

    pub(super) fn new(lanes: usize, width: usize, ascii: bool) -> Self {
        let first = TIME + 1;
        let end = width - TAG - 1;
        let gap = (end - first) / lanes.saturating_sub(1).max(1);
        let lanes: Vec<usize> = (0..lanes).map(|lane| first + lane * gap).collect();
        let end = lanes.last().copied().unwrap_or(end);
        Self { signs: Signs::of(ascii), lanes, end }
    }

    /// Columns between two lanes.
    pub(super) fn room(&self, one: usize, other: usize) -> usize {
        self.lanes[one].abs_diff(self.lanes[other]).saturating_sub(1)
    }

    /// The names above the lanes: the first begins at its lane, the last ends at its own, those between stand over
    /// theirs. One that would touch another goes to a line of its own.
    pub(super) fn names(&self, names: &[String]) -> String {
        let mut rows: Vec<Vec<char>> = Vec::new();
        for (lane, name) in names.iter().enumerate() {
            let (at, long) = (self.lanes[lane], name.chars().count());
            let from = match lane {
                0 => at,
                _ if lane + 1 == names.len() => (at + 1).saturating_sub(long),
                _ => at.saturating_sub(long / 2),
            };
            let free = rows.iter().position(|row: &Vec<char>| row.len() + 2 <= from);
            if free.is_none() {
                rows.push(Vec::new());
            }
            let last = rows.len() - 1;
            let row = rows.get_mut(free.unwrap_or(last));
            if let Some(row) = row {
                row.resize(from, ' ');
                row.extend(name.chars());
            }
        }
        rows.into_iter().map(|row| row.into_iter().collect::<String>() + "\n").collect()
    }

    /// Nothing but the lanes.
    pub(super) fn empty(&self) -> String {
        Self::line("", &self.blank(), "", None)
    }

    /// Text beside a lane, at its right, of the last one at its left.
    pub(super) fn text(&self, time: &str, on: usize, text: &str, tag: &str, paint: Paint) -> String {
        let last = on + 1 == self.lanes.len();
        let (from, to) = if last { (on - 1, on) } else { (on, on + 1) };
        let room = self.room(from, to) - 2;
        let mut drawn = String::new();
        for (number, piece) in pieces(text, room).iter().enumerate() {
            let long = piece.chars().count();
            let begin = if last { self.lanes[to] - 1 - long } else { self.lanes[from] + 2 };
            let (time, tag) = if number == 0 { (time, tag) } else { ("", "") };
            let mut line = self.blank();
            put(&mut line, begin, piece);
            drawn += &Self::line(time, &line, tag, Some((begin, begin + long, paint)));
        }
        drawn
    }

    /// An arrow with its label in it.
    pub(super) fn arrow(&self, time: &str, arrow: &Arrow, label: &str, tag: &str, paint: Paint) -> String {
        let (from, to) = (self.lanes[arrow.from], self.lanes[arrow.to]);
        let rightward = from < to;
        let (begin, end) = if rightward { (from + 1, to) } else { (to + 1, from) };
        let middle = begin + (end - begin) / 2;
        let sign = |at: usize| {
            let near_start = (at < middle) == rightward;
            let seen = if near_start { arrow.left } else { arrow.tip != Tip::Inferred };
            if seen { self.signs.line } else { self.signs.dots }
        };
        let mut line = self.blank();
        for (at, place) in line.iter_mut().enumerate().take(end).skip(begin) {
            *place = sign(at);
        }
        let head = if rightward { end - 1 } else { begin };
        line[head] = match (arrow.tip, rightward) {
            (Tip::Stopped, _) => self.signs.stopped,
            (_, true) => self.signs.right,
            (_, false) => self.signs.left,
        };
        if !label.is_empty() {
            let label = format!(" {label} ");
            let long = label.chars().count();
            put(&mut line, begin + (end - begin - long) / 2, &label);
        }
        Self::line(time, &line, tag, Some((begin, end, paint)))
    }

    /// Text across all lanes.
    pub(super) fn across(&self, time: &str, text: &str, paint: Paint) -> String {
        let (first, room) = (self.lanes[0], self.end - self.lanes[0] + 1);
        let mut drawn = String::new();
        for (number, piece) in pieces(text, room.saturating_sub(8)).iter().enumerate() {
            let mut line = vec![' '; first];
            line.extend(format!("{0}{0} {piece} ", self.signs.step).chars());
            while line.len() <= self.end {
                line.push(self.signs.step);
            }
            let end = line.len();
            drawn += &Self::line(if number == 0 { time } else { "" }, &line, "", Some((first, end, paint)));
        }
        drawn
    }

    fn blank(&self) -> Vec<char> {
        let mut line = vec![' '; self.end + 1];
        for lane in &self.lanes {
            line[*lane] = self.signs.lane;
        }
        line
    }

    /// The line with its time and its tag; a part of it may have a colour.
    fn line(time: &str, line: &[char], tag: &str, paint: Option<(usize, usize, Paint)>) -> String {
        let text = |part: &[char]| part.iter().collect::<String>();
        let rest = line.get(TIME..).unwrap_or_default();
        let body = match paint {
            Some((from, to, paint)) if from >= TIME && to <= line.len() => {
                text(&line[TIME..from]) + &paint(&text(&line[from..to])) + &text(&line[to..])
            }
            _ => text(rest),
        };
        let tag = if tag.is_empty() { String::new() } else { format!(" {tag}") };
        format!("{time:>8}  {body}{tag}").trim_end().to_owned() + "\n"
    }
}

/// Text in lines of at most `room`; a word that is longer is broken.
fn pieces(text: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut pieces = Vec::new();
    for line in wrap(text, room) {
        let letters: Vec<char> = line.chars().collect();
        if letters.is_empty() {
            pieces.push(String::new());
        }
        pieces.extend(letters.chunks(room).map(|chunk| chunk.iter().collect::<String>()));
    }
    pieces
}

fn put(line: &mut [char], from: usize, text: &str) {
    for (place, letter) in line.iter_mut().skip(from).zip(text.chars()) {
        *place = letter;
    }
}
