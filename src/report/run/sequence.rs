//! A sequence diagram for the terminal: a lane for each who takes part, time downwards, arrows for what went from one to
//! another. Whoever has no room for the lanes gets a line for each moment instead. (No library draws such in text.)

mod canvas;

use super::story::{Arrow, Column, Drawn, Moment, Source, Story, Tip, Tone};
use super::words;
use crate::knowledge::{self, Terms};
use crate::report::visible::{in_ascii, visible};
use crate::report::{Look, wrap};
use crate::trace::Run;
use canvas::{Canvas, Signs, TIME};

/// Moments that are drawn of one run.
const MOST: usize = 120;

/// Columns that a diagram may take.
const WIDTHS: std::ops::RangeInclusive<usize> = 60..=120;

/// The run as a sequence diagram.
pub fn sequence(run: &Run, look: &Look) -> String {
    let story = Story::of(run, look.lang, MOST);
    let width = look.width.clamp(*WIDTHS.start(), *WIDTHS.end());
    let mut text = head(run, look, width);
    if story.columns.len() > 1 && Canvas::has_room(story.columns.len(), width) {
        text += &Diagram { canvas: Canvas::new(story.columns.len(), width, look.ascii), look }.draw(&story);
    } else {
        text += &listed(&story, look, width);
    }
    let terms = knowledge::terms(look.lang);
    text + &legend(&story, terms, width, look)
}

fn head(run: &Run, look: &Look, width: usize) -> String {
    let terms = knowledge::terms(look.lang);
    let name = look.strong(&said(words::name(run), look));
    let cut_off = if words::is_cut_off(run) { wrap(terms.was_cut_off, width) } else { Vec::new() };
    let lines = [format!("{name}  {}", words::status_word(run, terms))].into_iter().chain(cut_off);
    lines.map(|line| line + "\n").chain(["\n".to_owned()]).collect()
}

/// As it may be shown: nothing that a terminal obeys, and ASCII where nothing else is to be had.
fn said(text: &str, look: &Look) -> String {
    let text = visible(text);
    if look.ascii { in_ascii(&text) } else { text }
}

struct Diagram<'a> {
    canvas: Canvas,
    look: &'a Look,
}

impl Diagram<'_> {
    fn draw(&self, story: &Story) -> String {
        let names: Vec<String> = story.columns.iter().map(|column| said(&column.name, self.look)).collect();
        let mut text = self.canvas.names(&names);
        text += &self.canvas.empty();
        for moment in &story.moments {
            text += &self.moment(moment);
        }
        text + &self.canvas.empty()
    }

    fn moment(&self, moment: &Moment) -> String {
        let at = words::at(moment.at);
        let paint = |line: &str| self.painted(line, moment.tone);
        match &moment.what {
            Drawn::Arrow(arrow) => self.arrow(&at, arrow, moment.tone),
            Drawn::Mark { on, text, source } => {
                self.canvas.text(&at, *on, &said(text, self.look), tag(*source, self.look), &paint)
            }
            Drawn::Wait { on, text } => {
                let text = format!("~ {}", said(text, self.look));
                self.canvas.text(&at, *on, &text, "", &|line| self.look.doubtful(line))
            }
            Drawn::Across { text } => {
                self.canvas.across(&at, &said(text, self.look), &|line| self.look.strong(line))
            }
            Drawn::Left { moments, until } => {
                self.canvas.across(&at, &left(*moments, *until, self.look), &|line| self.look.faint(line))
            }
        }
    }

    fn arrow(&self, at: &str, arrow: &Arrow, tone: Tone) -> String {
        let tag = tag(arrow.source, self.look);
        let label = said(&arrow.label, self.look);
        let (on, room) = (arrow.from.min(arrow.to), self.canvas.room(arrow.from, arrow.to));
        let paint = |line: &str| self.painted(line, tone);
        // A label that does not fit into its arrow stands above it.
        if label.chars().count() + 6 > room {
            let above = self.canvas.text(at, on, &label, "", &paint);
            return above + &self.canvas.arrow("", arrow, "", tag, &paint);
        }
        self.canvas.arrow(at, arrow, &label, tag, &paint)
    }

    fn painted(&self, line: &str, tone: Tone) -> String {
        painted(line, tone, self.look)
    }
}

fn painted(line: &str, tone: Tone, look: &Look) -> String {
    match tone {
        Tone::Plain => line.to_owned(),
        Tone::Bad => look.bad(line),
        Tone::Fault => look.doubtful(line),
        Tone::Faint => look.faint(line),
    }
}

fn tag(source: Source, look: &Look) -> &'static str {
    let terms = knowledge::terms(look.lang);
    match source {
        Source::Call => terms.tag_call,
        Source::Link => terms.tag_link,
        Source::Packet => terms.tag_packet,
        Source::Runner => "",
    }
}

fn left(moments: usize, until: std::time::Duration, look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    said(&format!("… {moments} {} {}", terms.left_out, words::at(until)), look)
}

/// A line for each moment, for a terminal that is too narrow for the lanes.
fn listed(story: &Story, look: &Look, width: usize) -> String {
    let signs = Signs::of(look.ascii);
    let name = |at: &usize| said(story.columns.get(*at).map_or("", |column: &Column| &column.name), look);
    let mut text = String::new();
    for moment in &story.moments {
        let (line, source) = match &moment.what {
            Drawn::Arrow(arrow) => {
                let half = |seen: bool| if seen { signs.line } else { signs.dots };
                let head = if arrow.tip == Tip::Stopped { signs.stopped } else { signs.right };
                let tip = format!("{}{}{head}", half(arrow.left), half(arrow.tip != Tip::Inferred));
                let label = said(&arrow.label, look);
                (format!("{} {tip} {}: {label}", name(&arrow.from), name(&arrow.to)), Some(arrow.source))
            }
            Drawn::Mark { on, text, source } => {
                (format!("{}: {}", name(on), said(text, look)), Some(*source))
            }
            Drawn::Wait { on, text } => (format!("{}: ~ {}", name(on), said(text, look)), None),
            Drawn::Across { text } => (format!("== {}", said(text, look)), None),
            Drawn::Left { moments, until } => (left(*moments, *until, look), None),
        };
        let tag = source.map_or("", |source| tag(source, look));
        let lines = wrap(&line, width.saturating_sub(TIME + tag.chars().count() + 2));
        for (number, line) in lines.iter().enumerate() {
            let (time, tag) = if number == 0 { (words::at(moment.at), tag) } else { (String::new(), "") };
            let line = painted(line, moment.tone, look);
            let end = if tag.is_empty() { String::new() } else { format!("  {}", look.faint(tag)) };
            text += format!("{time:>8}  {line}{end}").trim_end();
            text.push('\n');
        }
    }
    text
}

/// What the tags and lines mean, of those that are there.
fn legend(story: &Story, terms: &Terms, width: usize, look: &Look) -> String {
    let signs = Signs::of(look.ascii);
    let has = |wanted: Source| {
        story.moments.iter().any(|moment| match &moment.what {
            Drawn::Arrow(arrow) => arrow.source == wanted,
            Drawn::Mark { source, .. } => *source == wanted,
            _ => false,
        })
    };
    let half = |moment: &Moment| matches!(&moment.what, Drawn::Arrow(arrow) if !arrow.left || arrow.tip == Tip::Inferred);
    let mut parts = Vec::new();
    for (source, tag, means) in [
        (Source::Call, terms.tag_call, terms.source_call),
        (Source::Link, terms.tag_link, terms.source_link),
        (Source::Packet, terms.tag_packet, terms.source_packet),
    ] {
        if has(source) {
            parts.push(format!("{tag}: {means}"));
        }
    }
    if story.moments.iter().any(half) {
        parts.push(format!("{0}{0}{0} {1}", signs.dots, terms.source_inferred));
    }
    if parts.is_empty() {
        return String::new();
    }
    let lines = wrap(&said(&parts.join("; "), look), width);
    format!("\n{}\n", lines.iter().map(|line| look.faint(line)).collect::<Vec<_>>().join("\n"))
}
