//! What there is to reproduce: every fault with its meaning in one sentence.

use super::{Look, wrap};
use crate::fault::{Family, Fault};
use crate::knowledge;
use crate::lang::Lang;
use serde::Serialize;

/// The faults, family by family.
pub fn fault_list(look: &Look) -> String {
    let mut lines = Vec::new();
    for family in Family::ALL {
        lines.push(look.strong(family.id()));
        for fault in family.faults() {
            lines.push(format!("  {}", look.command(fault.id())));
            let meaning = knowledge::fault(fault).text(look.lang).meaning;
            lines
                .extend(wrap(meaning, look.width.saturating_sub(4)).iter().map(|line| format!("    {line}")));
        }
    }
    lines.join("\n") + "\n"
}

/// The same for scripts: `{"faults":[{"fault":…,"family":…,"meaning":…}]}`.
#[derive(Serialize)]
pub struct FaultList {
    faults: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    fault: Fault,
    family: Family,
    meaning: &'static str,
}

impl FaultList {
    /// Every fault, its meaning in `lang`.
    pub fn new(lang: Lang) -> Self {
        let listed = |fault: &Fault| Listed {
            fault: *fault,
            family: fault.family(),
            meaning: knowledge::fault(*fault).text(lang).meaning,
        };
        Self { faults: Fault::ALL.iter().map(listed).collect() }
    }
}
