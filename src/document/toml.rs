//! TOML 1.0.

use super::{Entry, Mistake, Node, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads a TOML text.
pub fn toml(text: &str) -> Result<Node, Mistake> {
    let table = DeTable::parse(text).map_err(|error| {
        Mistake::new(error.span().map_or(0, |span| span.start), error.message().to_owned())
    })?;
    Ok(Node { value: Value::Table(entries(table.get_ref())), at: 0 })
}

fn entries(table: &DeTable) -> Vec<Entry> {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue>)| Entry {
        at: key.span().start,
        key: AsRef::<str>::as_ref(key.get_ref()).to_owned(),
        node: node(value),
    };
    let mut entries: Vec<Entry> = table.iter().map(entry).collect();
    entries.sort_by_key(|entry| entry.at);
    entries
}

fn node(value: &Spanned<DeValue>) -> Node {
    let found = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.clone().into_owned()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(whole) => Value::Whole(whole),
            Err(_) => Value::Real(f64::INFINITY),
        },
        DeValue::Float(number) => Value::Real(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Datetime(time) => Value::Text(time.to_string()),
        DeValue::Array(values) => Value::List(values.iter().map(node).collect()),
        DeValue::Table(table) => Value::Table(entries(table)),
    };
    Node { value: found, at: value.span().start }
}
