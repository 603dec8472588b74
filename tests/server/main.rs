//! The hardened servers over real sockets on loopback, with polite clients, hostile ones, and too little of what
//! they need.

mod hostile;
mod polite;
mod program;
mod running;
