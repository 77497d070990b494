//! Where one HTTP/1 request ends and the next begins. The proxy in front of the program and the program must agree on it, or somebody
//! puts a request of theirs into another's connection. So whatever two readers could read in two ways is refused.

/// The longest line that is looked at. Longer ones are none of those that say where a request ends.
const LINE: usize = 256;

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The request line, its headers and the empty line after them.
    Head,
    /// So many bytes of a body.
    Body(u64),
    /// The line with the size of a chunk.
    ChunkSize,
    /// So many bytes of a chunk.
    Chunk(u64),
    /// The line end after a chunk.
    ChunkEnd,
    /// What comes after the last chunk, up to an empty line.
    Trailers,
}

/// What the head that is being read has said so far.
#[derive(Clone, Copy, Debug, Default)]
struct Head {
    begun: bool,
    is_1_1: bool,
    hosts: u32,
    length: Option<u64>,
    chunked: bool,
    upgrade: bool,
}

/// Follows the bytes of one connection, however they are cut into pieces.
#[derive(Debug)]
pub(crate) struct Framing {
    place: Place,
    head: Head,
    line: Vec<u8>,
    /// Whether the last byte was a carriage return.
    returned: bool,
    /// Whether the last whole head asked for another protocol.
    upgrade: bool,
}

impl Framing {
    /// At the beginning of a connection.
    pub(crate) fn new() -> Self {
        Self { place: Place::Head, head: Head::default(), line: Vec::new(), returned: false, upgrade: false }
    }

    /// Whether the last whole head asked for another protocol.
    pub(crate) fn asked_to_upgrade(&self) -> bool {
        self.upgrade
    }

    /// Follows these bytes. Returns the position of the first byte with which they stop being requests that everybody reads alike:
    /// a line feed without a carriage return, or the end of a head without exactly one Host, with two lengths, or with a length
    /// and chunks.
    pub(crate) fn follow(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if let Place::Body(left) | Place::Chunk(left) = self.place {
                let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len() - at);
                at += taken;
                let left = left - taken as u64;
                self.place = match (self.place, left) {
                    (Place::Body(_), 0) => Place::Head,
                    (Place::Body(_), left) => Place::Body(left),
                    (_, 0) => Place::ChunkEnd,
                    (_, left) => Place::Chunk(left),
                };
                continue;
            }
            match byte {
                b'\n' => {
                    let ended = self.returned && self.end_line();
                    if !ended {
                        return Some(at);
                    }
                    self.returned = false;
                    self.line.clear();
                }
                _ if self.returned => return Some(at),
                b'\r' => self.returned = true,
                byte if self.line.len() < LINE => self.line.push(*byte),
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// Reads a whole line. False when it can't stand there.
    fn end_line(&mut self) -> bool {
        match self.place {
            Place::Head if self.line.is_empty() => !self.head.begun || self.end_head(),
            Place::Head if !self.head.begun => {
                self.head =
                    Head { begun: true, is_1_1: self.line.ends_with(b"HTTP/1.1") || self.line.len() == LINE, ..Head::default() };
                true
            }
            Place::Head => self.header(),
            Place::ChunkSize => {
                let size = self.line.split(|byte| *byte == b';').next().unwrap_or_default();
                match std::str::from_utf8(size).ok().and_then(|size| hexadecimal(size.trim_end_matches([' ', '\t']))) {
                    Some(0) => self.place = Place::Trailers,
                    Some(size) => self.place = Place::Chunk(size),
                    None => return false,
                }
                true
            }
            Place::ChunkEnd => {
                self.place = Place::ChunkSize;
                self.line.is_empty()
            }
            Place::Trailers => {
                if self.line.is_empty() {
                    self.place = Place::Head;
                }
                true
            }
            // These have no lines.
            Place::Body(_) | Place::Chunk(_) => false,
        }
    }

    fn header(&mut self) -> bool {
        let Some(colon) = self.line.iter().position(|byte| *byte == b':') else { return true };
        let (name, value) = (&self.line[..colon], self.line[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"host") {
            self.head.hosts += 1;
        } else if name.eq_ignore_ascii_case(b"upgrade") {
            self.head.upgrade = true;
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            // Another encoding, or a second one, has no end that everybody sees.
            let known = !self.head.chunked && value.eq_ignore_ascii_case(b"chunked");
            self.head.chunked = true;
            return known;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
            let length = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
            let first = self.head.length.is_none();
            self.head.length = length;
            return first && digits && length.is_some();
        }
        true
    }

    fn end_head(&mut self) -> bool {
        let head = std::mem::take(&mut self.head);
        self.upgrade = head.upgrade;
        self.place = match (head.chunked, head.length) {
            (true, Some(_)) => return false,
            (true, None) => Place::ChunkSize,
            (false, Some(length)) if length > 0 => Place::Body(length),
            (false, _) => Place::Head,
        };
        if head.is_1_1 { head.hosts == 1 } else { head.hosts <= 1 && !head.chunked }
    }
}

fn hexadecimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits.then(|| u64::from_str_radix(text, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Framing;

    const GOOD: &str = "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n{\n}GET / HTTP/1.1\r\nhost: a\r\n\r\n\r\n\
        POST / HTTP/1.1\r\nHOST: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\na\nb\r\n0\r\nTrailer: x\r\n\r\nGET / HTTP/1.0\r\n\r\n";

    fn follow(text: &str, cuts: &[usize]) -> Option<usize> {
        let (mut framing, mut from) = (Framing::new(), 0);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (text.len() + 1)).collect();
        cuts.sort_unstable();
        for to in cuts.into_iter().chain([text.len()]) {
            if let Some(at) = framing.follow(&text.as_bytes()[from..to]) {
                return Some(from + at);
            }
            from = to;
        }
        None
    }

    #[test]
    fn requests_that_can_be_read_in_two_ways_stop_where_they_can() {
        assert_eq!(follow(GOOD, &[]), None);
        for (head, refused) in [
            ("GET / HTTP/1.1\r\n\r\n", true),
            ("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", true),
            ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", true),
            ("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", true),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", true),
            ("GET / HTTP/1.0\r\n\r\n", false),
            ("GET / HTTP/1.0\r\nHost: a\r\n\r\n", false),
        ] {
            assert_eq!(follow(head, &[]).is_some(), refused, "{head:?}");
        }
    }

    proptest! {
        #[test]
        fn it_makes_no_difference_how_the_bytes_are_cut(text in "[\r\n aH:1]{0,40}", cuts in prop::collection::vec(any::<usize>(), 0..5)) {
            let text = format!("{GOOD}{text}");
            prop_assert_eq!(follow(&text, &cuts), follow(&text, &[]));
        }

        #[test]
        fn one_line_feed_alone_is_always_noticed(line in 0_usize..16, cuts in prop::collection::vec(any::<usize>(), 0..5)) {
            let ends: Vec<usize> = GOOD.match_indices("\r\n").map(|(at, _)| at).collect();
            let mut text = GOOD.to_owned();
            let at = ends[line % ends.len()];
            text.remove(at);
            prop_assert_eq!(follow(&text, &cuts), Some(at));
        }
    }
}
