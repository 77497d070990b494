//! A stream that gives the HTTP library only requests that everybody reads alike. In place of the first byte that isn't of such a request
//! the library gets one that no request may hold, and the end of a head, for which it waits. So it answers 400 and closes the connection.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::http::framing::Framing;

/// What the library gets in place of the first byte that it must not read, and of all after it.
const REFUSED: &[u8] = b"\0\r\n\r\n";
/// How the answer begins after which a connection speaks another protocol.
const SWITCHED: &[u8] = b"HTTP/1.1 101 ";

/// A stream of which only strict requests are read.
pub(crate) struct Strict<Stream> {
    stream: Stream,
    /// None once the connection speaks another protocol.
    framing: Option<Framing>,
    /// What is left of [`REFUSED`]; none while everything can be read.
    refused: Option<&'static [u8]>,
}

impl<Stream> Strict<Stream> {
    /// Wraps the stream of a new connection.
    pub(crate) fn new(stream: Stream) -> Self {
        Self { stream, framing: Some(Framing::new()), refused: None }
    }

    /// Looks at what is answered: only the program says that the connection speaks another protocol, and only when it was asked to.
    fn answers(&mut self, bytes: &[u8]) {
        if bytes.starts_with(SWITCHED) && self.framing.as_ref().is_some_and(Framing::asked_to_upgrade) {
            self.framing = None;
        }
    }
}

impl<Stream: AsyncRead + Unpin> AsyncRead for Strict<Stream> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        if self.refused.is_none() {
            ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
            let Some(framing) = &mut self.framing else { return Poll::Ready(Ok(())) };
            if let Some(at) = framing.follow(&buffer.filled()[before..]) {
                buffer.set_filled(before + at);
                self.refused = Some(REFUSED);
            }
        }
        if let Some(left) = self.refused {
            let (now, later) = left.split_at(left.len().min(buffer.remaining()));
            buffer.put_slice(now);
            self.refused = Some(later);
        }
        Poll::Ready(Ok(()))
    }
}

impl<Stream: AsyncWrite + Unpin> AsyncWrite for Strict<Stream> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.answers(bytes);
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let Some(first) = slices.iter().find(|slice| !slice.is_empty()) {
            self.answers(first);
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
