//! Platforms other than Linux, where the faults that need this are not judged either.

use crate::reproduce::trouble::Trouble;
use crate::socket::Socket;

fn absent<T>() -> Result<T, Trouble> {
    Err(Trouble::Unsupported { needs: "Linux".into() })
}

/// Not there.
pub(in crate::reproduce) struct FewDescriptors;

impl FewDescriptors {
    /// Not there.
    pub(in crate::reproduce) fn leave(_: usize) -> Result<Self, Trouble> {
        absent()
    }

    /// Never asked: there is none.
    pub(in crate::reproduce) fn lift(self) -> u64 {
        0
    }
}

/// Not there.
pub(in crate::reproduce) fn without_port_privilege<T: Send>(
    _: impl FnOnce() -> Result<T, Trouble> + Send,
) -> Result<T, Trouble> {
    absent()
}

/// Not there.
pub(in crate::reproduce) struct Holder;

impl Holder {
    /// Not there.
    pub(in crate::reproduce) fn of(_: Socket) -> Result<Self, Trouble> {
        absent()
    }

    /// Never asked: there is none.
    pub(in crate::reproduce) fn pid(&self) -> u32 {
        0
    }

    /// Never asked: there is none.
    pub(in crate::reproduce) fn kill(self) -> Result<Option<i32>, Trouble> {
        absent()
    }
}
