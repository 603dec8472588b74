//! Elements of pictures. The crate `svg` writes and escapes them; colours and dashes are the style sheet's, so that a
//! picture follows light, dark and print. Charts with axes are drawn by plotters (`histogram`); what is drawn from these
//! elements are a sequence diagram and a chart of spans with hatches, words in bars and a text for each, for which there
//! is no library.

use crate::report::visible::as_signs;
use svg::Document;
use svg::node::element::{Definitions, Description, Group, Line, Path, Pattern, Rectangle, Text, Title};

/// Patterns that tell areas apart without colour: one of each for the whole file.
pub(super) fn patterns() -> String {
    let pattern = |id: &str, path: &str| {
        let ground = Rectangle::new().set("width", 6).set("height", 6).set("class", "ground");
        Pattern::new()
            .set("id", id)
            .set("class", id)
            .set("width", 6)
            .set("height", 6)
            .set("patternUnits", "userSpaceOnUse")
            .add(ground)
            .add(Path::new().set("d", path))
    };
    let patterns = Definitions::new()
        .add(pattern("hatch-bad", "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2"))
        .add(pattern("hatch-fault", "M-1,5 l2,2 M0,0 l6,6 M5,-1 l2,2"))
        .add(pattern("dots-wait", "M2,3 h2"));
    let hidden = Document::new().set("width", 0).set("height", 0).set("class", "patterns");
    format!("{}\n", hidden.set("aria-hidden", "true").add(patterns))
}

/// A picture of this size, with what it is called and what it tells.
pub(super) fn picture(id: &str, width: f64, height: f64, title: &str, told: &str) -> Document {
    let (width, height) = (number(width), number(height));
    Document::new()
        .set("width", width.as_str())
        .set("height", height.as_str())
        .set("viewBox", format!("0 0 {width} {height}"))
        .set("role", "img")
        .set("aria-labelledby", format!("{id}-title {id}-told"))
        .add(Title::new(as_signs(title)).set("id", format!("{id}-title")))
        .add(Description::new().set("id", format!("{id}-told")).add(svg::node::Text::new(as_signs(told))))
}

/// A line of text, beginning, with its middle or ending at `x`.
pub(super) fn text(x: f64, y: f64, anchor: &str, class: &str, said: &str) -> Text {
    Text::new(as_signs(said))
        .set("x", number(x))
        .set("y", number(y))
        .set("text-anchor", anchor)
        .set("class", class)
}

pub(super) fn line(from: (f64, f64), to: (f64, f64), class: &str) -> Line {
    Line::new()
        .set("x1", number(from.0))
        .set("y1", number(from.1))
        .set("x2", number(to.0))
        .set("y2", number(to.1))
        .set("class", class)
}

/// A rectangle that says what it is when it is pointed at.
pub(super) fn bar(x: f64, y: f64, size: (f64, f64), class: &str, said: &str) -> Rectangle {
    let bar = Rectangle::new()
        .set("x", number(x))
        .set("y", number(y))
        .set("width", number(size.0))
        .set("height", number(size.1))
        .set("class", class);
    if said.is_empty() { bar } else { bar.add(Title::new(as_signs(said))) }
}

pub(super) fn path(d: String, class: &str) -> Path {
    Path::new().set("d", d).set("class", class)
}

pub(super) fn group(class: &str) -> Group {
    Group::new().set("class", class)
}

/// A number of elements as a length.
pub(super) fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// With one digit after the point, where it has any.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}
