//! Netlink's framing, netlink(7) and rtnetlink(7): messages in a datagram, attributes in a message.
//! Bytes in, parts out: it knows no socket and no meaning, and whatever ends before its own length says is
//! [`Truncated`], never a panic.

use std::iter;

/// Bytes that end before their own lengths say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Truncated;

/// Takes fields off the front of `0`, in the byte order of this machine unless said otherwise.
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Truncated> {
        let (front, rest) = self.0.split_first_chunk().ok_or(Truncated)?;
        self.0 = rest;
        Ok(*front)
    }

    pub(super) fn bytes(&mut self, length: usize) -> Result<&'a [u8], Truncated> {
        let (front, rest) = self.0.split_at_checked(length).ok_or(Truncated)?;
        self.0 = rest;
        Ok(front)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Truncated> {
        self.array().map(u8::from_ne_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Truncated> {
        self.array().map(u16::from_ne_bytes)
    }

    /// A port, in network byte order.
    pub(super) fn port(&mut self) -> Result<u16, Truncated> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Truncated> {
        self.array().map(u32::from_ne_bytes)
    }

    pub(super) fn i32(&mut self) -> Result<i32, Truncated> {
        self.array().map(i32::from_ne_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Truncated> {
        self.array().map(u64::from_ne_bytes)
    }

    /// What follows a header of `HEADER` bytes up to `length`, which counts the header. The next part starts at
    /// a multiple of four (`NLMSG_ALIGN`, `RTA_ALIGN`), if there is one.
    fn rest_of<const HEADER: usize>(&mut self, length: usize) -> Result<&'a [u8], Truncated> {
        let payload = self.bytes(length.checked_sub(HEADER).ok_or(Truncated)?)?;
        let padding = length.next_multiple_of(4) - length;
        self.0 = self.0.get(padding..).unwrap_or_default();
        Ok(payload)
    }
}

/// One netlink message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message<'a> {
    pub(super) kind: u16,
    pub(super) flags: u16,
    pub(super) sequence: u32,
    pub(super) payload: &'a [u8],
}

/// The messages of a datagram; the first one that is cut off is the last item.
pub(super) fn messages(datagram: &[u8]) -> impl Iterator<Item = Result<Message<'_>, Truncated>> {
    parts(datagram, |cursor| {
        // struct nlmsghdr, linux/netlink.h: len, type, flags, seq, pid
        let length = cursor.u32()?;
        let (kind, flags, sequence, _port) = (cursor.u16()?, cursor.u16()?, cursor.u32()?, cursor.u32()?);
        let payload = cursor.rest_of::<16>(usize::try_from(length).map_err(|_| Truncated)?)?;
        Ok(Message { kind, flags, sequence, payload })
    })
}

/// The attributes of a message: type and value. The first one that is cut off is the last item.
pub(super) fn attributes(bytes: &[u8]) -> impl Iterator<Item = Result<(u16, &[u8]), Truncated>> {
    parts(bytes, |cursor| {
        // struct rtattr, linux/rtnetlink.h: len, type
        let (length, kind) = (cursor.u16()?, cursor.u16()?);
        Ok((kind, cursor.rest_of::<4>(usize::from(length))?))
    })
}

fn parts<'a, T>(
    bytes: &'a [u8],
    take: impl Fn(&mut Cursor<'a>) -> Result<T, Truncated>,
) -> impl Iterator<Item = Result<T, Truncated>> {
    let mut cursor = Cursor(bytes);
    iter::from_fn(move || {
        if cursor.0.is_empty() {
            return None;
        }
        let part = take(&mut cursor);
        if part.is_err() {
            cursor.0 = &[];
        }
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(kind: u16, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(16 + payload.len()).unwrap();
        let mut bytes = length.to_ne_bytes().to_vec();
        bytes.extend(kind.to_ne_bytes());
        bytes.extend([0; 10]);
        bytes.extend(payload);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    #[test]
    fn a_length_shorter_than_its_own_header_ends_the_datagram() {
        let mut bytes = message(1, b"");
        bytes[..4].copy_from_slice(&15_u32.to_ne_bytes());
        assert_eq!(messages(&bytes).collect::<Vec<_>>(), [Err(Truncated)]);
        assert_eq!(attributes(&[0; 4]).collect::<Vec<_>>(), [Err(Truncated)]);
    }

    proptest! {
        #[test]
        fn messages_come_out_as_they_went_in(payloads: Vec<Vec<u8>>) {
            let datagram: Vec<u8> = payloads.iter().flat_map(|payload| message(7, payload)).collect();
            let read: Vec<_> = messages(&datagram).map(|message| message.unwrap().payload.to_vec()).collect();
            prop_assert_eq!(read, payloads);
        }

        #[test]
        fn a_message_cut_anywhere_is_truncated(payload in proptest::collection::vec(any::<u8>(), 0..64), cut: prop::sample::Index) {
            let whole = 16 + payload.len();
            let datagram = message(7, &payload);
            let cut = 1 + cut.index(whole - 1);
            prop_assert_eq!(messages(&datagram[..cut]).collect::<Vec<_>>(), [Err(Truncated)]);
        }

        #[test]
        fn any_bytes_are_read_to_their_end(bytes: Vec<u8>) {
            prop_assert!(messages(&bytes).count() <= bytes.len() / 16 + 1);
            prop_assert!(attributes(&bytes).count() <= bytes.len() / 4 + 1);
        }
    }
}
