//! The sequence diagram as a picture: time downwards, a lane for each who takes part. An arrow is drawn through where
//! somebody saw it and dotted where it only follows; who saw it stands beside it.

mod key;

use super::picture::{self, line, number, path, real, text};
use super::{figure, heading};
use crate::knowledge::{self, Terms};
use crate::lang::Lang;
use crate::report::run::story::{Arrow, Column, Drawn, Kind, Moment, Source, Story, Tip, Tone};
use crate::report::run::words;
use crate::report::wrap;
use crate::trace::Run;
use svg::Document;

/// Moments that are drawn.
const MOST: usize = 160;
/// Where the first lane stands.
const LEFT: f64 = 76.0;
/// Room for who saw it.
const RIGHT: f64 = 104.0;
/// Above the lanes: the names.
const TOP: f64 = 36.0;
/// The most that moments of one part take, so that the part has room on a page of paper.
const PART: f64 = 480.0;
/// The height of a line of text, and about the width of a letter.
const LINE: f64 = 16.0;
const LETTER: f64 = 7.3;

/// The section; nothing when nobody did anything.
pub(super) fn html(run: &Run, lang: Lang, id: &str) -> String {
    let story = Story::of(run, lang, MOST);
    if story.columns.is_empty() || story.moments.is_empty() {
        return String::new();
    }
    let terms = knowledge::terms(lang);
    let pictures = Drawing::of(&story, terms).pictures(id, words::name(run));
    heading(terms.h_sequence)
        + &figure(&pictures, &key::legend(&story, terms), &key::rows(&story, terms), terms)
}

struct Drawing<'a> {
    story: &'a Story,
    terms: &'static Terms,
    gap: f64,
}

impl<'a> Drawing<'a> {
    fn of(story: &'a Story, terms: &'static Terms) -> Self {
        let gap = match story.columns.len() {
            1 | 2 => 440.0,
            3 => 300.0,
            _ => 250.0,
        };
        Self { story, terms, gap }
    }

    /// The whole in parts, each of which has room on a page and begins with the names.
    fn pictures(&self, id: &str, name: &str) -> String {
        let mut parts: Vec<Vec<&Moment>> = Vec::new();
        let mut left = 0.0;
        for moment in &self.story.moments {
            let height = self.height(moment);
            if left < height {
                parts.push(Vec::new());
                left = PART;
            }
            left -= height;
            if let Some(part) = parts.last_mut() {
                part.push(moment);
            }
        }
        let all = parts.len();
        let picture = |(number, part): (usize, &Vec<&Moment>)| {
            let title = format!("{name}: {} ({}/{all})", self.terms.h_sequence, number + 1);
            self.picture(&format!("{id}-{number}"), &title, part).to_string()
        };
        parts.iter().enumerate().map(picture).collect::<Vec<_>>().join("\n")
    }

    fn picture(&self, id: &str, title: &str, moments: &[&Moment]) -> Document {
        let gaps = real(self.story.columns.len().max(2) - 1);
        let width = LEFT + gaps * self.gap + RIGHT;
        let height = TOP + moments.iter().map(|moment| self.height(moment)).sum::<f64>() + 10.0;
        let told = format!("{} {}", moments.len(), self.terms.moments);
        let mut picture = picture::picture(id, width, height, title, &told);
        for (lane, column) in self.story.columns.iter().enumerate() {
            picture = self.head(picture, lane, column, height);
        }
        let mut y = TOP;
        for moment in moments {
            picture = self.moment(picture, moment, y);
            y += self.height(moment);
        }
        picture
    }

    /// A lane and its name.
    fn head(&self, picture: Document, lane: usize, column: &Column, height: f64) -> Document {
        let x = self.lane(lane);
        let class = match column.kind {
            Kind::Traced | Kind::Link | Kind::Host => "lane",
            Kind::Untraced | Kind::Stranger => "lane unseen",
        };
        let (anchor, at) = match lane {
            0 => ("start", x - 30.0),
            _ if lane + 1 == self.story.columns.len() => ("end", x + 30.0),
            _ => ("middle", x),
        };
        picture.add(line((x, TOP - 8.0), (x, height), class)).add(text(
            at,
            18.0,
            anchor,
            "name",
            &cut(&column.name, self.letters()),
        ))
    }

    fn lane(&self, lane: usize) -> f64 {
        LEFT + real(lane) * self.gap
    }

    /// Letters that have room between two lanes.
    fn letters(&self) -> usize {
        // A gap is a few hundred wide.
        let mut letters = 0;
        while real(letters + 1) * LETTER < self.gap - 20.0 {
            letters += 1;
        }
        letters
    }

    fn lines(&self, said: &str) -> Vec<String> {
        let room = self.letters();
        wrap(said, room).into_iter().flat_map(|line| broken(&line, room)).collect()
    }

    fn height(&self, moment: &Moment) -> f64 {
        match &moment.what {
            Drawn::Arrow(arrow) => self.lines_of(arrow) * LINE + 14.0,
            Drawn::Mark { text, .. } | Drawn::Wait { text, .. } => real(self.lines(text).len()) * LINE + 6.0,
            Drawn::Across { .. } | Drawn::Left { .. } => LINE + 12.0,
        }
    }

    fn lines_of(&self, arrow: &Arrow) -> f64 {
        real(self.lines(&arrow.label).len())
    }

    fn moment(&self, picture: Document, moment: &Moment, y: f64) -> Document {
        let down = if matches!(moment.what, Drawn::Across { .. } | Drawn::Left { .. }) { 16.0 } else { 12.0 };
        let picture = picture.add(text(LEFT - 14.0, y + down, "end", "time", &words::at(moment.at)));
        match &moment.what {
            Drawn::Arrow(arrow) => self.arrow(picture, arrow, moment.tone, y),
            Drawn::Mark { on, text, source } => {
                self.mark(picture, *on, text, Some(*source), class(moment.tone), y)
            }
            Drawn::Wait { on, text } => {
                let x = self.lane(*on);
                let picture = picture.add(path(zigzag(x, y, LINE), "wait"));
                self.mark(picture, *on, text, None, "wait", y)
            }
            Drawn::Across { text } => self.across(picture, text, "step", y),
            Drawn::Left { moments, until } => {
                let said = format!("… {moments} {} {}", self.terms.left_out, words::at(*until));
                self.across(picture, &said, "left", y)
            }
        }
    }

    fn across(&self, picture: Document, said: &str, class: &str, y: f64) -> Document {
        let end = self.lane(self.story.columns.len().max(2) - 1);
        let letters = self.letters() * (self.story.columns.len().max(2) - 1);
        picture.add(picture::bar(LEFT - 6.0, y + 1.0, (end - LEFT + 12.0, LINE + 6.0), class, "")).add(text(
            f64::midpoint(LEFT, end),
            y + 16.0,
            "middle",
            class,
            &cut(said, letters),
        ))
    }

    fn mark(
        &self,
        mut picture: Document,
        on: usize,
        said: &str,
        by: Option<Source>,
        class: &str,
        y: f64,
    ) -> Document {
        let x = self.lane(on);
        let last = on > 0 && on + 1 == self.story.columns.len();
        let (anchor, x) = if last { ("end", x - 10.0) } else { ("start", x + 10.0) };
        for (number, line) in self.lines(said).iter().enumerate() {
            picture = picture.add(text(x, y + 12.0 + real(number) * LINE, anchor, class, line));
        }
        self.tag(picture, by, y + 12.0)
    }

    fn tag(&self, picture: Document, by: Option<Source>, y: f64) -> Document {
        let word = match by {
            Some(Source::Call) => self.terms.socket_call,
            Some(Source::Link) => self.terms.tag_link,
            Some(Source::Packet) => self.terms.tag_packet,
            _ => return picture,
        };
        let x = self.lane(self.story.columns.len().max(2) - 1) + 14.0;
        picture.add(text(x, y, "start", "tag", word))
    }

    fn arrow(&self, mut picture: Document, arrow: &Arrow, tone: Tone, y: f64) -> Document {
        let (from, to) = (self.lane(arrow.from), self.lane(arrow.to));
        let middle = f64::midpoint(from, to);
        let way = if from < to { 1.0 } else { -1.0 };
        for (number, line) in self.lines(&arrow.label).iter().enumerate() {
            picture = picture.add(text(middle, y + 11.0 + real(number) * LINE, "middle", class(tone), line));
        }
        let at = y + self.lines_of(arrow) * LINE + 3.0;
        let source = match arrow.source {
            Source::Link => "link",
            Source::Packet => "packet",
            Source::Call | Source::Runner => "call",
        };
        let half = |seen: bool| format!("arrow {} {}", if seen { source } else { "inferred" }, class(tone));
        let end = if arrow.tip == Tip::Stopped { to - way * 10.0 } else { to };
        picture = picture.add(line((from, at), (middle, at), &half(arrow.left))).add(line(
            (middle, at),
            (end - way * 2.0, at),
            &half(arrow.tip != Tip::Inferred),
        ));
        let head = match arrow.tip {
            Tip::Stopped => path(
                format!("M{0},{1} l8,8 m-8,0 l8,-8", number(end - 4.0), number(at - 4.0)),
                &format!("cross {}", class(tone)),
            ),
            _ => path(
                format!("M{},{} l{},-4 v8 z", number(end), number(at), number(-way * 8.0)),
                &format!("head {}", class(tone)),
            ),
        };
        self.tag(picture.add(head), Some(arrow.source), at + 4.0)
    }
}

/// A wait as a line that goes to and fro on its lane.
fn zigzag(x: f64, y: f64, height: f64) -> String {
    let step = height / 4.0;
    format!("M{},{} l3,{2} l-6,{2} l6,{2} l-3,{2}", number(x), number(y), number(step))
}

fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Bad => "bad",
        Tone::Fault => "fault",
        Tone::Faint => "faint",
    }
}

/// A word that is longer than a line, in pieces.
fn broken(line: &str, room: usize) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    letters.chunks(room.max(1)).map(|piece| piece.iter().collect()).collect()
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
