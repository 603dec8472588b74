//! The language as JSON Schema (draft-07), with which editors complete and check. Made from the same tables as the
//! checker; what a name refers to is left to `validate`.

use super::language::{DECLARED, FILE, Key, Shape, Table, VERSION};
use serde_json::{Map, Value, json};

/// A whole text that is a placeholder: it may stand for a value of any kind.
const PLACEHOLDER: &str = r"^\{[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z]+)?\}$";

/// Every unit that humantime knows, in parts such as `1m 30s`.
const TIME: &str = r"^0$|^\s*([0-9]+(\.[0-9]+)?\s*(nanos|nsec|ns|usec|us|µs|millis|msec|ms|seconds|second|secs|sec|s|minutes|minute|mins|min|m|hours|hour|hrs|hr|h|days|day|d)\s*)+$";

const SIZE: &str = r"^[0-9]+\s*(B|KB|MB|GB|KiB|MiB|GiB)$";

const NAME: &str = "^[A-Za-z][A-Za-z0-9_-]*$";

/// The schema as a text, for people to read too.
pub fn text() -> String {
    let schema = json!(schema());
    // Every value is made here, of texts and numbers.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// The schema.
pub fn schema() -> Value {
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".into(), json!("netfault scenario"));
    if let Value::Object(file) = (Writer { fills: true }).table(&FILE) {
        schema.extend(file);
    }
    Value::Object(schema)
}

/// Writes the schema of one shape after the other.
#[derive(Clone, Copy)]
struct Writer {
    /// Whether placeholders are replaced there.
    fills: bool,
}

impl Writer {
    fn table(self, table: &Table) -> Value {
        let properties: Map<String, Value> = table.keys.iter().map(|key| self.property(key)).collect();
        let required: Vec<&str> = table.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
        let mut schema = Map::new();
        schema.insert("description".into(), json!(table.about));
        schema.insert("type".into(), json!("object"));
        schema.insert("properties".into(), Value::Object(properties));
        schema.insert("additionalProperties".into(), json!(false));
        if !required.is_empty() {
            schema.insert("required".into(), json!(required));
        }
        let required = |key: &&str| json!({ "required": [key] });
        if !table.some_of.is_empty() {
            schema.insert("anyOf".into(), table.some_of.iter().map(required).collect());
        }
        let group = |keys: &&[&str]| {
            let each: Vec<Value> = keys.iter().map(required).collect();
            json!({ "oneOf": each })
        };
        if !table.one_of.is_empty() {
            schema.insert("allOf".into(), table.one_of.iter().map(group).collect());
        }
        Value::Object(schema)
    }

    fn property(self, key: &Key) -> (String, Value) {
        let fills = self.fills && !DECLARED.contains(&key.name);
        let mut schema = Self { fills }.shape(&key.shape);
        if let Value::Object(schema) = &mut schema {
            schema.insert("description".into(), json!(key.about));
        }
        (key.name.to_owned(), schema)
    }

    fn shape(self, shape: &Shape) -> Value {
        match shape {
            Shape::Version => json!({ "type": "integer", "const": VERSION }),
            Shape::Text | Shape::Template => json!({ "type": "string" }),
            Shape::Command => json!({ "anyOf": [{ "type": "string" }, list(&json!({ "type": "string" }))] }),
            Shape::Time => self.text(TIME),
            Shape::Size => self.text(SIZE),
            Shape::Whole { least, most } => {
                let mut number = json!({ "type": "integer", "minimum": least });
                if *most < i64::MAX {
                    number["maximum"] = json!(most);
                }
                self.or_placeholder(number)
            }
            Shape::Number => self.or_placeholder(json!({ "type": "number" })),
            Shape::Truth => json!({ "type": "boolean" }),
            Shape::Word(words) => self.or_placeholder(json!({ "enum": words() })),
            Shape::Any => json!({}),
            // A parameter that is a command is a list of words.
            Shape::List(of @ (Shape::Text | Shape::Template)) => self.or_placeholder(list(&self.shape(of))),
            Shape::List(of) => list(&self.shape(of)),
            Shape::Table(of) => self.table(of),
            Shape::Named(of) => json!({
                "type": "object",
                "propertyNames": { "pattern": NAME },
                "additionalProperties": self.shape(of),
            }),
            Shape::Map(of) => json!({ "type": "object", "additionalProperties": self.shape(of) }),
            Shape::Either(shapes) => {
                json!({ "anyOf": shapes.iter().map(|shape| self.shape(shape)).collect::<Vec<_>>() })
            }
        }
    }

    /// A text of this pattern.
    fn text(self, pattern: &str) -> Value {
        let pattern = if self.fills { format!("{pattern}|{PLACEHOLDER}") } else { pattern.to_owned() };
        json!({ "type": "string", "pattern": pattern })
    }

    fn or_placeholder(self, value: Value) -> Value {
        if !self.fills {
            return value;
        }
        json!({ "anyOf": [value, { "type": "string", "pattern": PLACEHOLDER }] })
    }
}

fn list(of: &Value) -> Value {
    json!({ "type": "array", "items": of })
}
