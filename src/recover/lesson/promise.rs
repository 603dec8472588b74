//! What a lesson says that will come of a choice. A run that goes otherwise is told, and is no success.

use crate::failure::Failure;
use crate::fault::Fault;
use crate::trace::Effect;
use std::time::Duration;

/// What must come of a choice. Only lower bounds on time: a busy machine is slower.
#[derive(Clone, Copy, Debug)]
pub(super) struct Promise {
    ends: Ends,
    attempts: u32,
    took: Duration,
    carried_out: Option<u32>,
    fault: Option<Fault>,
}

#[derive(Clone, Copy, Debug)]
enum Ends {
    Well,
    InTime,
    With(&'static str),
}

impl Promise {
    /// It works.
    pub(super) const WORKS: Self =
        Self { ends: Ends::Well, attempts: 1, took: Duration::ZERO, carried_out: None, fault: None };
    /// No answer comes in time.
    pub(super) const NO_ANSWER: Self = Self { ends: Ends::InTime, ..Self::WORKS };

    /// It ends with this errno.
    pub(super) const fn fails(errno: &'static str) -> Self {
        Self { ends: Ends::With(errno), ..Self::WORKS }
    }

    /// It takes this many attempts, or more.
    pub(super) const fn attempts(self, least: u32) -> Self {
        Self { attempts: least, ..self }
    }

    /// It takes this long, or longer.
    pub(super) const fn after(self, least: Duration) -> Self {
        Self { took: least, ..self }
    }

    /// The server does the work this many times, or more often.
    pub(super) const fn carried_out(self, least: u32) -> Self {
        Self { carried_out: Some(least), ..self }
    }

    /// The evidence names this fault.
    pub(super) const fn names(self, fault: Fault) -> Self {
        Self { fault: Some(fault), ..self }
    }

    pub(super) fn is_kept_by(&self, effect: &Effect) -> bool {
        let failure = effect.failure.as_ref().filter(|_| !effect.succeeded);
        let ends = match self.ends {
            Ends::Well => effect.succeeded,
            Ends::InTime => failure.is_some_and(Failure::is_timeout),
            Ends::With(errno) => failure.is_some_and(|failure| failure.is(errno)),
        };
        let named = effect.verdict.as_ref().and_then(|verdict| verdict.fault);
        ends && effect.attempts >= self.attempts
            && effect.took >= self.took
            && self.carried_out.is_none_or(|least| effect.carried_out.is_some_and(|times| times >= least))
            && self.fault.is_none_or(|fault| named == Some(fault))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Call, Op, Protocol};
    use std::io;

    #[test]
    fn a_promise_is_kept_by_what_it_says_and_nothing_less() {
        let call = Call::new(Op::Receive, Protocol::Tcp);
        let limit = Duration::from_millis(5);
        let late = Failure::of(call, &io::ErrorKind::TimedOut.into(), Some(limit), limit);
        let works = Effect { took: limit, carried_out: Some(2), ..Effect::success("iPIN", 2) };
        let waited = Effect { took: limit, ..Effect::failed(late.clone(), 1) };
        let long = Duration::from_secs(1);
        assert!(Promise::WORKS.is_kept_by(&works) && !Promise::WORKS.is_kept_by(&waited));
        assert!(Promise::NO_ANSWER.is_kept_by(&waited) && !Promise::NO_ANSWER.is_kept_by(&works));
        let met_on_the_way = Effect { failure: Some(late), ..works.clone() };
        assert!(!Promise::NO_ANSWER.is_kept_by(&met_on_the_way));
        assert!(!Promise::fails("ECONNREFUSED").is_kept_by(&waited));
        assert!(
            Promise::WORKS.attempts(2).is_kept_by(&works) && !Promise::WORKS.attempts(3).is_kept_by(&works)
        );
        assert!(
            Promise::WORKS.after(limit).is_kept_by(&works) && !Promise::WORKS.after(long).is_kept_by(&works)
        );
        let twice = Promise::WORKS.carried_out(2);
        assert!(
            twice.is_kept_by(&works) && !twice.is_kept_by(&Effect { carried_out: Some(1), ..works.clone() })
        );
        assert!(!Promise::WORKS.names(Fault::NoListener).is_kept_by(&works));
    }
}
