//! What the catalogue says about an error or an idea, as text.

use crate::failure::{Code, Platform};
use crate::fault::{Fault, Named};
use crate::knowledge::{self, Answer, Concept, Page, Sighting, Terms, Text, Topic};
use crate::lang::Lang;
use crate::report::{Look, wrap};

/// Everything that is known about the topic of `answer`; in `brief` only the names, the meaning, and what it
/// proves. Of several topics the names and the meanings.
pub fn answer(answer: &Answer, look: &Look, brief: bool) -> String {
    let terms = knowledge::terms(look.lang);
    let mut leaf = Leaf { look, terms, text: String::new() };
    if let Some(number) = answer.number {
        leaf.faint(&meanings(number, terms));
        leaf.text.push('\n');
    }
    match answer.topics.as_slice() {
        [Topic::Error(sighting)] => leaf.error(sighting, brief),
        [Topic::Concept(id, concept)] => leaf.concept(id, concept, brief),
        several => leaf.several(several, answer.number.is_none()),
    }
    leaf.text
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

/// The text of one page under way.
struct Leaf<'a> {
    look: &'a Look,
    terms: &'static Terms,
    text: String,
}

impl Leaf<'_> {
    fn error(&mut self, sighting: &Sighting, brief: bool) {
        let named = sighting.page();
        let (id, page) = (named.id(), knowledge::page(named));
        let text = page.text(self.look.lang);
        match sighting.code.filter(|_| sighting.fault.is_none()) {
            Some(code) => self.code(code, id, text),
            None => {
                self.title(id, text.title);
                self.all_codes(page);
            }
        }
        self.paragraph(text.meaning);
        self.section(self.terms.proves, text.proves);
        self.section(self.terms.does_not_prove, text.does_not_prove);
        if brief {
            return;
        }
        if sighting.line.is_some() {
            self.section(self.terms.pasted, &pasted(sighting, self.terms));
        }
        self.causes(text);
        self.section(self.terms.useless, text.useless);
        self.section(self.terms.retry, text.retry);
        self.handling(page);
        self.section(self.terms.platforms, text.platforms);
        if let Some(shown) = reproducible(named) {
            self.heading(self.terms.see_it);
            self.line(4, &self.look.command(&format!("netfault reproduce {}", shown.id())));
        }
        self.related(page.related);
    }

    /// The head of a page that was found by the name of an error.
    fn code(&mut self, code: &Code, id: &str, text: &Text) {
        match knowledge::entry(code).text(self.look.lang) {
            None => {
                self.title(code.name, text.title);
                self.faint(&numbers(code));
            }
            Some(apart) => {
                self.title(code.name, code.text);
                self.faint(&numbers(code));
                self.paragraph(apart);
                self.text.push('\n');
                self.title(id, text.title);
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

    fn concept(&mut self, id: &str, concept: &Concept, brief: bool) {
        let idea = concept.text(self.look.lang);
        self.title(id, idea.title);
        self.paragraph(idea.meaning);
        if !brief {
            self.paragraph(idea.text);
            self.related(concept.related);
        }
    }

    /// Names and numbers of all that the page explains.
    fn all_codes(&mut self, page: &Page) {
        for code in page.errnos.iter().filter_map(|name| Code::named(name)) {
            self.faint(&format!("{}  {}", code.name, numbers(code)));
        }
        if page.errnos.is_empty() {
            self.faint(self.terms.no_errno);
        }
    }

    fn causes(&mut self, text: &Text) {
        self.heading(self.terms.causes);
        for (number, cause) in text.causes.iter().enumerate() {
            self.hanging(4, &format!("{}. ", number + 1), cause.cause);
            self.hanging(7, &format!("{}: ", self.terms.check), cause.check);
            self.hanging(7, &format!("{}: ", self.terms.fix), cause.fix);
        }
    }

    fn handling(&mut self, page: &Page) {
        self.heading(self.terms.handling);
        for (language, code) in [("Python", page.python), ("Rust", page.rust)] {
            self.line(4, &self.look.faint(language));
            for line in code.trim_matches('\n').lines() {
                self.line(6, line);
            }
        }
    }

    fn related(&mut self, ids: &[&str]) {
        self.section(self.terms.related, &ids.join(", "));
    }

    fn title(&mut self, name: &str, title: &str) {
        for (number, line) in wrap(&format!("{name}  {title}"), self.look.width).iter().enumerate() {
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

/// What can be made to happen to see it: the fault itself, or the family when one of its faults can.
fn reproducible(named: Named) -> Option<Named> {
    let can = |fault: Fault| knowledge::lesson(fault, Lang::En).is_some();
    let shown = match named {
        Named::Fault(fault) => can(fault),
        Named::Family(family) => family.faults().any(can),
    };
    shown.then_some(named)
}

/// The name under which a topic is asked for, and a line about it.
fn summary(topic: &Topic, look: &Look) -> (&'static str, String) {
    match topic {
        Topic::Concept(id, concept) => (id, concept.text(look.lang).meaning.to_owned()),
        Topic::Error(sighting) => match sighting.code {
            Some(code) => {
                let apart = knowledge::entry(code).text(look.lang);
                let meaning = knowledge::page(sighting.page()).text(look.lang).meaning;
                (code.name, format!("{}. {}", numbers(code), apart.unwrap_or(meaning)))
            }
            None => (topic.id(), knowledge::page(sighting.page()).text(look.lang).meaning.to_owned()),
        },
    }
}

/// Where the error stands in the text, and what else the text tells about it.
fn pasted(sighting: &Sighting, terms: &Terms) -> String {
    let line = sighting.line.map(|line| format!("{} {line}", terms.on_line));
    let call = sighting.call.map(|call| format!("{}()", call.name()));
    let runtime = sighting.runtime.map(|runtime| runtime.to_string());
    let known: Vec<String> = [line, call, sighting.address.clone(), runtime].into_iter().flatten().collect();
    known.join(", ")
}
