//! A stream on which PostgreSQL's errors say their SQLSTATE in their message.
//!
//! diesel-async keeps an error's message and drops its SQLSTATE. The message depends on the server's version and language, so
//! that nothing can be decided by it. [`Marked`] therefore puts the SQLSTATE in front of the message while it reads the answers
//! of the server, and [`sql_state::marked`] takes it off again.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::Socket;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::sql_state;
use crate::trouble::Trouble;

/// How much is read at once, in bytes.
const CHUNK: usize = 16 * 1024;
/// A longer error is left as it is, so that nobody makes the program keep much.
const LONGEST: usize = 64 * 1024;
/// The kind of a message from the server, and its length.
const HEADER: usize = 5;

/// A stream to PostgreSQL whose errors are marked. Each error is also noted, where somebody keeps note.
pub(super) struct Marked<S> {
    inner: S,
    frames: Frames,
    chunk: Box<[u8]>,
    trouble: Option<Arc<Trouble>>,
}

impl<S> Marked<S> {
    pub(super) fn new(inner: S, trouble: Option<Arc<Trouble>>) -> Self {
        Self { inner, frames: Frames::default(), chunk: vec![0; CHUNK].into(), trouble }
    }
}

/// The messages of the server, one after the other.
#[derive(Default)]
struct Frames {
    /// The beginning of a message that hasn't come whole: its header, or an error.
    begun: Vec<u8>,
    /// How many bytes of a message are still to be passed on as they are.
    passing: usize,
    /// What can be read.
    out: Vec<u8>,
    /// How much of it has been read.
    taken: usize,
}

impl Frames {
    /// Takes in what came, and calls `note` with the SQLSTATE of each error.
    fn push(&mut self, mut came: &[u8], note: impl Fn(&str)) {
        while !came.is_empty() {
            if self.passing > 0 {
                let (passed, rest) = came.split_at(self.passing.min(came.len()));
                self.out.extend_from_slice(passed);
                self.passing -= passed.len();
                came = rest;
                continue;
            }
            let wanted = self.length().unwrap_or(HEADER);
            let (taken, rest) = came.split_at((wanted - self.begun.len()).min(came.len()));
            self.begun.extend_from_slice(taken);
            came = rest;
            let Some(length) = self.length() else { continue };
            let is_error = self.begun[0] == b'E' && length <= LONGEST;
            if is_error && self.begun.len() < length {
                continue;
            }
            let begun = std::mem::take(&mut self.begun);
            if is_error {
                self.out.extend_from_slice(&with_mark(&begun, &note).unwrap_or(begun));
            } else {
                self.passing = length - HEADER;
                self.out.extend_from_slice(&begun);
            }
        }
    }

    /// The length of the message that has begun, with its header, once that has come.
    fn length(&self) -> Option<usize> {
        let length = self.begun.get(1..HEADER)?.first_chunk()?;
        // The length counts itself, and not the kind before it.
        Some((u32::from_be_bytes(*length) as usize + 1).max(HEADER))
    }

    /// Whether something can be read.
    fn is_ready(&self) -> bool {
        self.taken < self.out.len()
    }

    /// Passes on what came of a message whose end never comes.
    fn end(&mut self) {
        let begun = std::mem::take(&mut self.begun);
        self.out.extend_from_slice(&begun);
    }

    fn read(&mut self, into: &mut ReadBuf<'_>) {
        let fits = into.remaining().min(self.out.len() - self.taken);
        into.put_slice(&self.out[self.taken..self.taken + fits]);
        self.taken += fits;
        if !self.is_ready() {
            self.out.clear();
            self.taken = 0;
        }
    }
}

/// The error with its SQLSTATE in front of its message. None when it isn't written as PostgreSQL writes errors.
fn with_mark(error: &[u8], note: impl Fn(&str)) -> Option<Vec<u8>> {
    // A field is a letter and a text that ends with a zero; a zero ends the last.
    let fields: Vec<(u8, &[u8])> = error
        .get(HEADER..)?
        .split(|byte| *byte == 0)
        .take_while(|field| !field.is_empty())
        .map(|field| (field[0], &field[1..]))
        .collect();
    let (_, code) = fields.iter().find(|(kind, _)| *kind == b'C')?;
    let code = std::str::from_utf8(code).ok().filter(|code| code.len() == 5)?;
    note(code);
    let mark = sql_state::mark(code);
    let mut body = Vec::with_capacity(error.len() + mark.len());
    for (kind, text) in fields {
        body.push(kind);
        if kind == b'M' {
            body.extend_from_slice(mark.as_bytes());
        }
        body.extend_from_slice(text);
        body.push(0);
    }
    body.push(0);
    let length = u32::try_from(body.len() + HEADER - 1).ok()?;
    Some([&b"E"[..], &length.to_be_bytes(), &body].concat())
}

impl<S: AsyncRead + Unpin> AsyncRead for Marked<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while !this.frames.is_ready() {
            let mut chunk = ReadBuf::new(&mut this.chunk);
            ready!(Pin::new(&mut this.inner).poll_read(context, &mut chunk))?;
            let came = chunk.filled();
            if came.is_empty() {
                this.frames.end();
                break;
            }
            let trouble = this.trouble.as_deref();
            this.frames.push(came, |code| {
                if let Some(trouble) = trouble {
                    trouble.refused(code);
                }
            });
        }
        this.frames.read(into);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Marked<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(context)
    }
}

impl<S: TlsStream + Unpin> TlsStream for Marked<S> {
    fn channel_binding(&self) -> ChannelBinding {
        self.inner.channel_binding()
    }
}

/// Makes connections with TLS whose errors are marked.
pub(super) struct MarkedTls<T> {
    pub(super) tls: T,
    pub(super) trouble: Option<Arc<Trouble>>,
}

type Connector = <MakeRustlsConnect as MakeTlsConnect<Socket>>::TlsConnect;
type Encrypted = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

impl MakeTlsConnect<Socket> for MarkedTls<MakeRustlsConnect> {
    type Stream = Marked<Encrypted>;
    type TlsConnect = MarkedTls<Connector>;
    type Error = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Error;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Self::TlsConnect, Self::Error> {
        let tls = MakeTlsConnect::<Socket>::make_tls_connect(&mut self.tls, domain)?;
        Ok(MarkedTls { tls, trouble: self.trouble.clone() })
    }
}

impl TlsConnect<Socket> for MarkedTls<Connector> {
    type Stream = Marked<Encrypted>;
    type Error = <Connector as TlsConnect<Socket>>::Error;
    type Future = BoxFuture<'static, Result<Self::Stream, Self::Error>>;

    fn connect(self, stream: Socket) -> Self::Future {
        let (connecting, trouble) = (self.tls.connect(stream), self.trouble);
        async move { Ok(Marked::new(connecting.await?, trouble)) }.boxed()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).expect("a length");
        [&[kind], &length.to_be_bytes()[..], body].concat()
    }

    fn error(code: &str, text: &str) -> Vec<u8> {
        message(b'E', format!("SERROR\0VERROR\0C{code}\0M{text}\0Hask again\0\0").as_bytes())
    }

    /// Pushes the bytes in pieces of that size, and reads with a buffer of another.
    fn passed(bytes: &[u8], size: usize) -> (Vec<u8>, Vec<String>) {
        let (mut frames, noted, mut read) = (Frames::default(), RefCell::new(Vec::new()), Vec::new());
        for piece in bytes.chunks(size) {
            frames.push(piece, |code| noted.borrow_mut().push(code.to_owned()));
            while frames.is_ready() {
                let mut buffer = [0; 7];
                let mut into = ReadBuf::new(&mut buffer);
                frames.read(&mut into);
                read.extend_from_slice(into.filled());
            }
        }
        frames.end();
        read.extend_from_slice(&frames.out);
        (read, noted.into_inner())
    }

    #[test]
    fn however_the_bytes_come_errors_are_marked_and_all_else_is_as_it_was() {
        let row = message(b'D', &[b'E'; 300]);
        let sent =
            [message(b'R', &[0, 0, 0, 0]), row.clone(), error("53100", "no room"), message(b'Z', b"I"), row.clone()].concat();
        let marked = error("53100", "SQLSTATE 53100: no room");
        let wanted = [message(b'R', &[0, 0, 0, 0]), row.clone(), marked, message(b'Z', b"I"), row].concat();
        for size in [1, 2, 3, 4, 5, 6, 7, 50, 299, 10_000] {
            assert_eq!(passed(&sent, size), (wanted.clone(), vec!["53100".to_owned()]), "in pieces of {size}");
        }
    }

    #[test]
    fn what_is_not_written_as_an_error_is_passed_on() {
        let cut_off = error("53100", "no room")[..9].to_vec();
        let long = error("53100", &"x".repeat(LONGEST));
        for sent in [message(b'E', b""), message(b'E', b"Mno code\0\0"), message(b'E', b"C1\0Mshort\0\0"), cut_off, long] {
            assert_eq!(passed(&sent, 3), (sent.clone(), Vec::new()));
        }
    }
}
