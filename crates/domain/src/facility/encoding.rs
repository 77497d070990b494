//! Which kind of file it is: UTF-8 and UTF-16 are read as text, everything else is told apart.

use std::borrow::Cow;

use super::RegisterProblem;
use super::kind::FileKind;

/// The text of a file.
///
/// # Errors
/// What the file is instead of text that could be JSON.
pub(super) fn text_of(bytes: &[u8]) -> Result<Cow<'_, str>, RegisterProblem> {
    if let Some(kind) = FileKind::of(bytes) {
        return Err(RegisterProblem::OtherKind { kind });
    }
    // Windows programs put a byte order mark before the text. JSON begins with ASCII, so that UTF-16 is known without one, too.
    let utf_16 = |encoding: &'static encoding_rs::Encoding, bytes| {
        let (text, damaged) = encoding.decode_without_bom_handling(bytes);
        if damaged { Err(RegisterProblem::DamagedUtf16) } else { Ok(text) }
    };
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(encoding_rs::UTF_16LE, rest)?,
        [0xfe, 0xff, rest @ ..] => utf_16(encoding_rs::UTF_16BE, rest)?,
        [first, 0, _, 0, ..] if *first != 0 => utf_16(encoding_rs::UTF_16LE, bytes)?,
        [0, first, 0, _, ..] if *first != 0 => utf_16(encoding_rs::UTF_16BE, bytes)?,
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let text = std::str::from_utf8(bytes)
                .map_err(|error| RegisterProblem::NotUtf8 { line: line_of(bytes, error.valid_up_to()) })?;
            Cow::Borrowed(text)
        }
    };
    if text.trim().is_empty() {
        return Err(RegisterProblem::Empty);
    }
    match FileKind::of_text(&text) {
        Some(kind) => Err(RegisterProblem::OtherKind { kind }),
        None => Ok(text),
    }
}

fn line_of(bytes: &[u8], place: usize) -> usize {
    bytes[..place].iter().filter(|byte| **byte == b'\n').count() + 1
}
