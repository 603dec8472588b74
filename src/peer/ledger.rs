//! Books each request and answers with how many it has booked: a service that keeps something, at which a request
//! that is sent again does harm, unless it carries a key by which it is known again.

use super::Serve;
use super::requests::Requests;
use crate::socket::Socket;
use crate::transform;
use std::collections::HashMap;
use std::fmt::Display;
use std::sync::{Mutex, PoisonError};

/// More keys are not remembered, and requests with new ones not booked.
const MOST_KEYS: usize = 1_000_000;

/// The role.
pub struct Ledger {
    with_keys: bool,
    /// Is told of each booking, in order, before the client is.
    booked: Told,
    books: Mutex<Books>,
}

/// Who is told of bookings.
pub type Told = Box<dyn Fn(&Booking) + Send + Sync>;

/// A request that was booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// How many were booked with it.
    pub number: u64,
    /// The request, with its key.
    pub request: String,
}

#[derive(Default)]
struct Books {
    booked: u64,
    keys: HashMap<String, u64>,
}

impl Ledger {
    /// Empty books. With `with_keys` the first word of a request is its key, and a key is booked once.
    pub fn new(with_keys: bool, booked: Told) -> Self {
        Self { with_keys, booked, books: Mutex::default() }
    }

    fn book(&self, request: &str) -> String {
        // A panic elsewhere leaves books that are right: every entry is one step.
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        let number = books.booked + 1;
        let mut text = request;
        if self.with_keys {
            let (key, rest) = request.trim_start().split_once(char::is_whitespace).unwrap_or((request, ""));
            text = rest.trim_start();
            if let Some(before) = books.keys.get(key) {
                return answer("again", before, text);
            }
            if books.keys.len() >= MOST_KEYS {
                return "ERR full no more keys are remembered".to_owned();
            }
            books.keys.insert(key.to_owned(), number);
        }
        books.booked = number;
        (self.booked)(&Booking { number, request: request.to_owned() });
        answer("booked", number, text)
    }
}

fn answer(what: &str, number: impl Display, text: &str) -> String {
    format!("{what} {number}: {text}")
}

impl Serve for Ledger {
    fn connection(&self, client: Socket) {
        for request in Requests::of(&client) {
            let answer = self.book(&request) + "\n";
            if client.send_all(answer.as_bytes()).is_err() {
                break;
            }
        }
        client.close();
    }

    fn datagram(&self, data: &[u8]) -> Option<Vec<u8>> {
        let request = String::from_utf8_lossy(transform::datagram(data));
        Some(self.book(&request).into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn without_keys_every_request_is_booked() {
        let ledger = Ledger::new(false, Box::new(|_| {}));
        assert_eq!(ledger.book("pay 5"), "booked 1: pay 5");
        assert_eq!(ledger.book("pay 5"), "booked 2: pay 5");
    }

    #[test]
    fn a_key_is_booked_once_and_told_again_with_its_number() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let tell = Arc::clone(&told);
        let ledger = Ledger::new(true, Box::new(move |one| tell.lock().unwrap().push(one.clone())));
        assert_eq!(ledger.book("k1 pay 5"), "booked 1: pay 5");
        assert_eq!(ledger.book("k2 pay 5"), "booked 2: pay 5");
        assert_eq!(ledger.book("k1  pay 5"), "again 1: pay 5");
        assert_eq!(ledger.book("k3"), "booked 3: ");
        assert_eq!(ledger.book("k3"), "again 3: ");
        let told = told.lock().unwrap();
        assert_eq!(told.iter().map(|booking| booking.number).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(told[0].request, "k1 pay 5");
    }
}
