//! Who looks at the live system around the calls that are written down. The recorder knows when a call begins and
//! ends, and nothing of what there is to see then.

use crate::failure::{Call, Failure};
use std::any::Any;
use std::fmt::Debug;

/// Looks at the live system while a trace is made. It may take its time, and the calls wait for it.
pub trait Witness: Debug + Send + Sync {
    /// `call` begins when this returns. What is given back is dropped when the call is over, before its end is
    /// written down.
    fn begins(&self, call: &Call) -> Watch;

    /// A call on `socket` has failed, and that was written down. The type of the socket is that of the room which
    /// made the call.
    fn failed(&self, failure: &Failure, socket: &dyn Any);
}

/// A call that is under way, in the eyes of a witness.
pub type Watch = Box<dyn Debug + Send>;
