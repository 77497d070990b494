//! What goes over a connection to PostgreSQL: messages, and what a client asks with them.

use std::collections::HashMap;
use std::io::{self, BufReader, Read};
use std::os::unix::net::UnixStream;

/// The kind of the message with which PostgreSQL ends an answer.
const READY: u8 = b'Z';

/// The client's side of a connection.
pub struct Asking {
    stream: BufReader<UnixStream>,
    /// The texts of prepared statements, by their names.
    prepared: HashMap<Vec<u8>, String>,
}

/// What a client sends until it waits for an answer.
pub struct Question {
    /// What it asks: whether it prepares or executes, and the statement's text; never a parameter.
    pub asked: String,
    /// As it was sent.
    pub bytes: Vec<u8>,
    /// Whether it came alone or first. If not, it came together with the one before it.
    pub is_first: bool,
}

impl Question {
    /// Whether a statement is executed, and not just prepared or closed.
    pub fn executes(&self) -> bool {
        self.asked.starts_with("execute ") || self.asked.starts_with("say ")
    }
}

impl Asking {
    /// The client at the other end.
    pub fn new(stream: UnixStream) -> Self {
        Self { stream: BufReader::with_capacity(64 * 1024, stream), prepared: HashMap::new() }
    }

    /// The message that opens a connection, which has no kind.
    pub fn opening(&mut self) -> io::Result<Vec<u8>> {
        let mut message = Vec::new();
        body(&mut self.stream, &mut message)?;
        Ok(message)
    }

    /// One message, whatever it is.
    pub fn message(&mut self) -> io::Result<Vec<u8>> {
        let mut message = Vec::new();
        read(&mut self.stream, &mut message)?;
        Ok(message)
    }

    /// The next question. None when the client has closed the connection.
    pub fn question(&mut self) -> io::Result<Option<Question>> {
        let is_first = self.stream.buffer().is_empty();
        let (mut bytes, mut asked) = (Vec::new(), Vec::new());
        loop {
            let begin = bytes.len();
            let kind = match read(&mut self.stream, &mut bytes) {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
                kind => kind?,
            };
            let mut texts = bytes[begin + 5..].split(|byte| *byte == 0);
            let mut text = || texts.next().unwrap_or_default();
            match kind {
                b'P' => {
                    let (name, statement) = (text().to_vec(), String::from_utf8_lossy(text()).into_owned());
                    asked.push(format!("prepare {statement}"));
                    self.prepared.insert(name, statement);
                }
                b'B' => {
                    let name = {
                        text();
                        text()
                    };
                    asked.push(format!("execute {}", self.prepared.get(name).map_or("", String::as_str)));
                }
                b'Q' => asked.push(format!("say {}", String::from_utf8_lossy(text()))),
                b'C' => asked.push("close".to_owned()),
                b'X' => return Ok(None),
                _ => {}
            }
            if matches!(kind, b'S' | b'Q') {
                return Ok(Some(Question { asked: asked.join("\n"), bytes, is_first }));
            }
        }
    }
}

/// Reads PostgreSQL's messages until it is ready for the next question. Each is shown to `see` as soon as it has come.
pub fn answer(stream: &mut impl Read, mut see: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let begin = bytes.len();
        let kind = read(stream, &mut bytes)?;
        see(&bytes[begin..])?;
        if kind == READY {
            return Ok(bytes);
        }
    }
}

/// What PostgreSQL says when it lets somebody in without a password.
pub fn welcome() -> Vec<u8> {
    [message(b'R', &[0; 4]), message(b'K', &[0; 8]), message(READY, b"I")].concat()
}

/// What PostgreSQL says when it has done something and has nothing to tell of it.
pub fn done() -> Vec<u8> {
    [message(b'C', b"SELECT 1\0"), message(READY, b"I")].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &(body.len() as u32 + 4).to_be_bytes(), body].concat()
}

/// Reads one message behind those that are there; returns its kind.
fn read(stream: &mut impl Read, into: &mut Vec<u8>) -> io::Result<u8> {
    let mut kind = [0];
    stream.read_exact(&mut kind)?;
    into.push(kind[0]);
    body(stream, into)?;
    Ok(kind[0])
}

fn body(stream: &mut impl Read, into: &mut Vec<u8>) -> io::Result<()> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    into.extend_from_slice(&length);
    let begin = into.len();
    // The length counts itself.
    into.resize(begin + (u32::from_be_bytes(length) as usize).saturating_sub(4), 0);
    stream.read_exact(&mut into[begin..])
}
