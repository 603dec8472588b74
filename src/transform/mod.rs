//! The five text operations of the course's server, and the framing of requests. No I/O, no clock.
