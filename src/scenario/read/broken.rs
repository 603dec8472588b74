//! The broken variants of a scenario.

use super::file::named;
use super::got::Got;
use super::parameters::{Parameter, as_given};
use crate::document::{Mistakes, Node};
use crate::scenario::model::{Broken, Expect};
use std::collections::BTreeMap;

/// All of them, in the order of the file.
pub(super) fn broken(
    got: Got,
    expectations: &[Expect],
    parameters: &[Parameter],
    mistakes: &mut Mistakes,
) -> Vec<Broken> {
    let names: Vec<String> = expectations.iter().map(|expect| expect.name.en.clone()).collect();
    let mut variants = Vec::new();
    for table in got.list("broken").iter().map(Got) {
        let set = set(table, parameters, mistakes);
        let fails = table.list("fails").iter();
        let fails = fails.filter_map(|node| named("fails", "expectation", node, &names, mistakes)).collect();
        variants.extend(table.words("why").map(|why| Broken { why, set, fails }));
    }
    variants
}

/// Parameters that there are, with values that they can have.
fn set(table: Got, parameters: &[Parameter], mistakes: &mut Mistakes) -> BTreeMap<String, String> {
    let names: Vec<String> = parameters.iter().map(|parameter| parameter.name.clone()).collect();
    let mut set = BTreeMap::new();
    let Some(node) = table.node("set") else { return set };
    let entries = node.entries().unwrap_or_default();
    if entries.is_empty() {
        mistakes.add(node.at, "set: a broken variant has to change a parameter");
    }
    for entry in entries {
        let key = Node { value: crate::document::Value::Text(entry.key.clone()), at: entry.at };
        if named("set", "parameter", &key, &names, mistakes).is_none() {
            continue;
        }
        let Some(value) = as_given(&entry.node) else { continue };
        let parameter = parameters.iter().find(|parameter| parameter.name == entry.key);
        if let Some(Err(wrong)) = parameter.map(|parameter| parameter.value(&value)) {
            mistakes.add(entry.node.at, wrong);
        }
        set.insert(entry.key.clone(), value);
    }
    set
}
