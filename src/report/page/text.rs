//! What the catalogue says about an error or an idea, as text.

use super::parts::{self, Part};
use crate::failure::{Code, Platform};
use crate::knowledge::{self, Answer, Cause, Terms, Topic};
use crate::report::{Look, wrap};

/// Everything that is known about the topic of `answer`; in `brief` only the names, the meaning, and what it
/// proves. Of several topics the names and the meanings.
pub fn answer(answer: &Answer, look: &Look, brief: bool) -> String {
    let mut leaf = Leaf::new(look);
    if let Some(number) = answer.number {
        leaf.faint(&meanings(number, leaf.terms));
    }
    match answer.topics.as_slice() {
        [Topic::Error(sighting)] => leaf.parts(&parts::error(sighting, look.lang, brief)),
        [Topic::Concept(id, concept)] => leaf.parts(&parts::concept(id, concept, look.lang, brief)),
        several => leaf.several(several, answer.number.is_none()),
    }
    leaf.text
}

/// One page as text.
pub(in crate::report) fn page(parts: &[Part], look: &Look) -> String {
    let mut leaf = Leaf::new(look);
    leaf.parts(parts);
    leaf.text
}

/// The names and numbers of an error in one line.
pub fn numbers(code: &Code) -> String {
    let on = |platform: &Platform| {
        let number = code.number(*platform)?;
        let symbol =
            code.wsa.filter(|_| *platform == Platform::Windows).map(|(symbol, _)| format!(" {symbol}"));
        Some(format!("{platform} {number}{}", symbol.unwrap_or_default()))
    };
    let known: Vec<String> = Platform::ALL.iter().filter_map(on).collect();
    known.join(" · ")
}

/// What `number` stands for on each platform.
fn meanings(number: i32, terms: &Terms) -> String {
    let on = |platform: &Platform| {
        let having = Code::all().filter(|code| code.number(*platform) == Some(number));
        let names: Vec<&str> = having.map(|code| code.name).collect();
        let names = if names.is_empty() { terms.no_such_number.to_owned() } else { names.join(", ") };
        format!("{platform}: {names}")
    };
    let each: Vec<String> = Platform::ALL.iter().map(on).collect();
    format!("{number}  {}", each.join(" · "))
}

/// The text of one page under way.
struct Leaf<'a> {
    look: &'a Look,
    terms: &'static Terms,
    text: String,
}

impl<'a> Leaf<'a> {
    fn new(look: &'a Look) -> Self {
        Self { look, terms: knowledge::terms(look.lang), text: String::new() }
    }

    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Title(name, words) => self.title(name, words),
                Part::Numbers(numbers) => self.faint(numbers),
                Part::Paragraph(text) => self.paragraph(text),
                Part::Section(label, text) => self.section(label, text),
                Part::Causes(label, causes) => self.causes(label, causes),
                Part::Samples(label, samples) => self.samples(label, samples),
                Part::Command(label, command) => {
                    self.heading(label);
                    self.line(4, &self.look.command(command));
                }
                Part::Related(label, ids) => self.section(label, &ids.join(", ")),
            }
        }
    }

    /// Several topics, each with a line that tells it from the others.
    fn several(&mut self, topics: &[Topic], searched: bool) {
        if searched {
            self.hanging(0, "", self.terms.which);
        }
        for topic in topics {
            let (name, words) = summary(topic, self.look);
            self.text.push('\n');
            self.line(2, &self.look.command(&format!("netfault explain {name}")));
            self.hanging(4, "", &words);
        }
    }

    fn causes(&mut self, label: &str, causes: &[Cause]) {
        self.heading(label);
        for (number, cause) in causes.iter().enumerate() {
            self.hanging(4, &format!("{}. ", number + 1), cause.cause);
            self.hanging(7, &format!("{}: ", self.terms.check), cause.check);
            self.hanging(7, &format!("{}: ", self.terms.fix), cause.fix);
        }
    }

    fn samples(&mut self, label: &str, samples: &[(&str, &str)]) {
        self.heading(label);
        for (language, code) in samples {
            self.line(4, &self.look.faint(language));
            for line in code.trim_matches('\n').lines() {
                self.line(6, line);
            }
        }
    }

    fn title(&mut self, name: &str, words: &str) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        for (number, line) in wrap(&format!("{name}  {words}"), self.look.width).iter().enumerate() {
            let rest = line.strip_prefix(name).filter(|_| number == 0);
            let line = rest.map_or(line.clone(), |rest| self.look.bad(name) + rest);
            self.line(0, &line);
        }
    }

    fn faint(&mut self, text: &str) {
        for line in wrap(text, self.look.width.saturating_sub(2)) {
            let line = self.look.faint(&line);
            self.line(2, &line);
        }
    }

    fn heading(&mut self, label: &str) {
        let label = self.look.strong(label);
        self.text.push('\n');
        self.line(2, &label);
    }

    fn section(&mut self, label: &str, text: &str) {
        self.heading(label);
        self.hanging(4, "", text);
    }

    fn paragraph(&mut self, text: &str) {
        self.text.push('\n');
        self.hanging(2, "", text);
    }

    /// Wrapped text after a label, its lines all below the first one's text.
    fn hanging(&mut self, indent: usize, label: &str, text: &str) {
        let label_width = label.chars().count();
        let width = self.look.width.saturating_sub(indent + label_width);
        for (number, line) in wrap(text, width).iter().enumerate() {
            if number == 0 {
                let line = format!("{}{line}", self.look.strong(label));
                self.line(indent, &line);
            } else {
                self.line(indent + label_width, line);
            }
        }
    }

    fn line(&mut self, indent: usize, line: &str) {
        self.text.push_str(format!("{:indent$}{line}", "").trim_end());
        self.text.push('\n');
    }
}

/// The name under which a topic is asked for, and a line about it.
fn summary(topic: &Topic, look: &Look) -> (&'static str, String) {
    match topic {
        Topic::Concept(id, concept) => (id, concept.text(look.lang).meaning.to_owned()),
        Topic::Error(sighting) => {
            let meaning = knowledge::page(sighting.page()).text(look.lang).meaning;
            match sighting.code {
                None => (topic.id(), meaning.to_owned()),
                Some(code) => {
                    let apart = knowledge::entry(code).text(look.lang).unwrap_or(meaning);
                    (code.name, format!("{}. {apart}", numbers(code)))
                }
            }
        }
    }
}
