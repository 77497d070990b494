//! A note that only the receiver's device can open. The server checks that it is an age file but can't read it.

use data_encoding::{BASE64, BASE64_NOPAD};

use crate::message::{Filling, Message};
use crate::refusal::Refusal;

/// The most bytes that an armoured sealed note may have: enough for 16 KiB of text.
pub const MAXIMUM_SEALED_BYTES: usize = 24 * 1024;

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";
const VERSION_LINE: &[u8] = b"age-encryption.org/v1";
const ARMOUR_COLUMNS: usize = 64;
/// The length of an X25519 share, and of the MAC that ends the header.
const KEY_BYTES: usize = 32;
/// The shortest content after the header: a nonce of 16 bytes and one chunk with a tag of 16 bytes.
const SHORTEST_PAYLOAD: usize = 32;

/// An ASCII-armoured age file (age-encryption.org/v1) with at least one X25519 recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedText(String);

impl SealedText {
    /// Checks the form of a field's text.
    ///
    /// # Errors
    /// INVALID, with what is wrong about the form. The refusal never repeats the text: the sender may have left it unsealed by
    /// mistake.
    pub fn parse(field: &str, text: &str) -> Result<Self, Refusal> {
        if text.len() > MAXIMUM_SEALED_BYTES {
            return Err(Refusal::invalid(field, "sealed-note-too-long"));
        }
        check(text).map_err(|problem| {
            Refusal::invalid(field, Message::of("sealed-note-malformed").with("problem", Filling::Variant(problem)))
        })?;
        Ok(Self(text.to_owned()))
    }

    /// The armoured file.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The error is a code for what is wrong; the message files put it into words.
fn check(text: &str) -> Result<(), &'static str> {
    let file = dearmour(text.trim())?;
    let mut lines = HeaderLines { rest: &file };
    if lines.next() != Some(VERSION_LINE) {
        return Err("version");
    }
    let mut recipients = 0;
    let mut line = lines.next().ok_or("header-cut-off")?;
    while let Some(stanza) = line.strip_prefix(b"-> ") {
        let mut arguments = stanza.split(|byte| *byte == b' ');
        if arguments.next() == Some(b"X25519") {
            let share = arguments.next().unwrap_or_default();
            if !is_key_material(share) || arguments.next().is_some() {
                return Err("recipient-malformed");
            }
            recipients += 1;
        } else if !stanza.split(|byte| *byte == b' ').next().is_some_and(|kind| kind.ends_with(b"-grease")) {
            return Err("recipient-unknown");
        }
        line = skip_stanza_body(&mut lines)?;
    }
    let mac = line.strip_prefix(b"--- ").ok_or("mac-missing")?;
    if !is_key_material(mac) {
        return Err("mac-malformed");
    }
    if recipients == 0 {
        return Err("recipient-missing");
    }
    if lines.rest.len() < SHORTEST_PAYLOAD {
        return Err("payload-cut-off");
    }
    // Encrypted bytes are valid UTF-8 by chance less than once in a thousand million times.
    if std::str::from_utf8(lines.rest).is_ok() {
        return Err("readable");
    }
    Ok(())
}

/// Whether it is 32 bytes in canonical base64 without padding.
fn is_key_material(encoded: &[u8]) -> bool {
    BASE64_NOPAD.decode(encoded).is_ok_and(|bytes| bytes.len() == KEY_BYTES)
}

/// A stanza's body is base64 in lines of 64 columns and ends with a shorter line. Returns the line after the body.
fn skip_stanza_body<'a>(lines: &mut HeaderLines<'a>) -> Result<&'a [u8], &'static str> {
    loop {
        let line = lines.next().ok_or("header-cut-off")?;
        if line.len() > ARMOUR_COLUMNS || !line.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')) {
            return Err("recipient-malformed");
        }
        if line.len() < ARMOUR_COLUMNS {
            return lines.next().ok_or("header-cut-off");
        }
    }
}

/// The lines of the header; the rest is the encrypted payload.
struct HeaderLines<'a> {
    rest: &'a [u8],
}

impl<'a> HeaderLines<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        let end = self.rest.iter().position(|byte| *byte == b'\n')?;
        let (line, rest) = self.rest.split_at(end);
        self.rest = &rest[1..];
        Some(line)
    }
}

/// Removes the armour. It must be strict PEM as the age specification says: 64 columns, only the last line shorter, canonical
/// base64.
fn dearmour(text: &str) -> Result<Vec<u8>, &'static str> {
    let body = text.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END)).ok_or("armour-missing")?;
    let lines: Vec<&str> = body.lines().map(|line| line.trim_end_matches('\r')).skip_while(|line| line.is_empty()).collect();
    let (last, full) = lines.split_last().ok_or("empty")?;
    if full.iter().any(|line| line.len() != ARMOUR_COLUMNS) || last.is_empty() || last.len() > ARMOUR_COLUMNS {
        return Err("armour-columns");
    }
    BASE64.decode(lines.concat().as_bytes()).map_err(|_| "armour-symbols")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn armoured(file: &[u8]) -> String {
        let encoded = BASE64.encode(file);
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(ARMOUR_COLUMNS).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
        format!("{BEGIN}\n{}\n{END}\n", lines.join("\n"))
    }

    fn file(recipients: usize, payload: usize) -> Vec<u8> {
        let mut file = b"age-encryption.org/v1\n".to_vec();
        for _ in 0..recipients {
            file.extend_from_slice(format!("-> X25519 {}\n{}\n", "A".repeat(43), "A".repeat(43)).as_bytes());
        }
        file.extend_from_slice(format!("--- {}\n", "A".repeat(43)).as_bytes());
        file.extend(std::iter::repeat_n(0xfe, payload));
        file
    }

    #[test]
    fn the_form_is_checked() {
        assert!(SealedText::parse("sealedNote", &armoured(&file(1, 48))).is_ok());
        assert!(SealedText::parse("sealedNote", &armoured(&file(3, 4000))).is_ok());
        for broken in [
            "Please see Jo at the clinic".to_owned(),
            String::new(),
            armoured(&file(0, 48)),
            armoured(&file(1, 8)),
            armoured(b"age-encryption.org/v2\n--- x\n"),
            armoured(&file(1, 48)).replace("AGE", "PGP"),
            armoured(&file(1, 20_000)),
            armoured(&[file(1, 0), b"Please see Jo at the clinic, she was there before.".to_vec()].concat()),
            armoured(&[String::from_utf8_lossy(&file(1, 0)).replace("AAAA", "!!!!").as_bytes(), &[0xfe; 48]].concat()),
            armoured(
                &[String::from_utf8_lossy(&file(1, 0)).replace("-> X25519", "-> Jo\n\n-> X25519").as_bytes(), &[0xfe; 48]]
                    .concat(),
            ),
        ] {
            assert!(SealedText::parse("sealedNote", &broken).is_err());
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic_and_a_cut_file_is_refused(cut in 0_usize..200, junk in ".{0,200}") {
            let whole = armoured(&file(2, 64));
            let cut = whole.len().saturating_sub(cut + 2);
            prop_assert!(SealedText::parse("sealedNote", &whole[..cut]).is_err());
            prop_assert!(SealedText::parse("sealedNote", &junk).is_err());
        }
    }
}
