//! Names as users give them: ids, errnos, everyday words; and what a misspelled one was meant to be.

use super::{Family, Fault};
use std::fmt;
use std::str::FromStr;

/// What a name on the command line can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// One fault.
    Fault(Fault),
    /// All faults of a family.
    Family(Family),
}

impl Named {
    /// The id as the command line writes it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.id(),
            Self::Family(family) => family.id(),
        }
    }

    /// The family itself, or that of the fault.
    pub const fn family(self) -> Family {
        match self {
            Self::Fault(fault) => fault.family(),
            Self::Family(family) => family,
        }
    }
}

/// A name that is neither a fault nor a family nor an alias of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The name as given.
    pub given: String,
    /// The id or alias that is spelled most like it, if any is near.
    pub nearest: Option<&'static str>,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no fault or family is named {:?}", self.given)?;
        match self.nearest {
            Some(nearest) => write!(f, "; the nearest is {nearest}"),
            None => f.write_str("; `netfault reproduce --list` shows all"),
        }
    }
}

impl std::error::Error for UnknownName {}

impl FromStr for Named {
    type Err = UnknownName;

    fn from_str(given: &str) -> Result<Self, UnknownName> {
        let wanted = given.trim().trim_end_matches('/');
        let is = |name: &str| name.eq_ignore_ascii_case(wanted);
        if let Some(fault) = Fault::ALL.iter().find(|fault| is(fault.id())) {
            return Ok(Self::Fault(*fault));
        }
        if let Some(family) = Family::ALL
            .iter()
            .find(|family| is(family.id()) || family.aliases().iter().any(|alias| is(alias)))
        {
            return Ok(Self::Family(*family));
        }
        Err(UnknownName { given: given.to_owned(), nearest: nearest(wanted, spellings()).first().copied() })
    }
}

/// Every spelling by which a fault or a family may be named, each with the id that it stands for.
pub fn spellings() -> impl Iterator<Item = (&'static str, &'static str)> {
    let causes = Fault::ALL.iter().map(|fault| (fault.cause(), fault.id()));
    let ids = Fault::ALL.iter().map(|fault| (fault.id(), fault.id()));
    let families = Family::ALL.iter().flat_map(|family| {
        std::iter::once((family.id(), family.id()))
            .chain(family.aliases().iter().map(|alias| (*alias, family.id())))
    });
    ids.chain(causes).chain(families)
}

/// What `wanted` may have been meant to be, the nearest spelling first; a third of the letters may be wrong.
/// `spellings` are pairs of a spelling and what it stands for.
pub fn nearest<'a, 'b>(wanted: &str, spellings: impl Iterator<Item = (&'a str, &'b str)>) -> Vec<&'b str> {
    let wanted = wanted.to_lowercase();
    let mut near: Vec<(usize, &str)> = spellings
        .map(|(spelling, id)| {
            (strsim::damerau_levenshtein(&wanted, &spelling.to_lowercase()), spelling.len(), id)
        })
        .filter(|(distance, length, _)| *distance * 3 <= *length)
        .map(|(distance, _, id)| (distance, id))
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    let mut ids = Vec::new();
    for (_, id) in near {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_names_its_own_fault() {
        for fault in Fault::ALL {
            assert_eq!(fault.id().parse(), Ok(Named::Fault(*fault)));
            assert!(fault.id().starts_with(fault.family().id()));
        }
    }

    #[test]
    fn families_answer_to_the_errno_and_the_everyday_name() {
        for (given, family) in [
            ("refused", Family::ConnectionRefused),
            ("econnrefused", Family::ConnectionRefused),
            ("in-use", Family::AddressInUse),
            ("timeout/", Family::Timeout),
        ] {
            assert_eq!(given.parse(), Ok(Named::Family(family)));
        }
    }

    #[test]
    fn a_misspelled_name_gets_the_nearest_one() {
        let near = |given: &str| given.parse::<Named>().unwrap_err().nearest;
        assert_eq!(near("address-in-use/timewait"), Some("address-in-use/time-wait"));
        assert_eq!(near("timeuot"), Some("timeout"));
        assert_eq!(near("no-listner"), Some("connection-refused/no-listener"));
        assert_eq!(near("xyzzy"), None);
    }
}
