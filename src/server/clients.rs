//! The clients of one engine, each at a place that stays its own while it is connected.

use super::client::Client;

/// Clients by place. Places are used again.
#[derive(Debug, Default)]
pub(super) struct Clients {
    places: Vec<Option<Client>>,
    free: Vec<usize>,
}

impl Clients {
    /// Number of clients.
    pub(super) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Every place below this one may have a client.
    pub(super) fn places(&self) -> usize {
        self.places.len()
    }

    /// The place that [`Self::insert`] will give to the next client.
    pub(super) fn next_place(&self) -> usize {
        self.free.last().copied().unwrap_or(self.places.len())
    }

    /// Puts a client at [`Self::next_place`].
    pub(super) fn insert(&mut self, client: Client) {
        match self.free.pop() {
            Some(place) => self.places[place] = Some(client),
            None => self.places.push(Some(client)),
        }
    }

    pub(super) fn at(&mut self, place: usize) -> Option<&mut Client> {
        self.places.get_mut(place)?.as_mut()
    }

    pub(super) fn remove(&mut self, place: usize) -> Option<Client> {
        let client = self.places.get_mut(place)?.take()?;
        self.free.push(place);
        Some(client)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Client> {
        self.places.iter().flatten()
    }
}
