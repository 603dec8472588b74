//! JSON, RFC 8259.

use super::{Entry, Mistake, Node, Value};
use jsonc_parser::ast;
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::de::IgnoredAny;

/// Reads a JSON text. `serde_json` judges it: it is strict and limits how deep values may nest. The tree with places
/// is made only of what it has accepted.
pub fn json(text: &str) -> Result<Node, Mistake> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| {
        let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
        let at = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
        let said = error.to_string();
        Mistake::new(at.min(text.len()), said.split(" at line ").next().unwrap_or_default())
    })?;
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &strict)
        .map_err(|error| Mistake::new(error.range().start, error.kind().to_string()))?;
    parsed.value.map(node).ok_or_else(|| Mistake::new(0, "nothing there"))
}

fn node(value: ast::Value) -> Node {
    let at = value.range().start;
    let value = match value {
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::BooleanLit(it) => Value::Bool(it.value),
        ast::Value::StringLit(it) => Value::Text(it.value.into_owned()),
        ast::Value::NumberLit(it) => match it.value.parse() {
            Ok(whole) => Value::Whole(whole),
            // What is no `i64` is an `f64`: JSON's numbers have no other form.
            Err(_) => Value::Real(it.value.parse().unwrap_or(f64::NAN)),
        },
        ast::Value::Array(it) => Value::List(it.elements.into_iter().map(node).collect()),
        ast::Value::Object(it) => Value::Table(it.properties.into_iter().map(entry).collect()),
    };
    Node { value, at }
}

fn entry(property: ast::ObjectProp) -> Entry {
    let at = property.range.start;
    Entry { at, key: property.name.into_string(), node: node(property.value) }
}
