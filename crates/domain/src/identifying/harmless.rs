//! Takes the numbers of an organisation's work out of a text before its digits are counted.

use super::harmless_shapes::{Before, MASK, Trust, shape_of};
use super::harmless_words::is_harmless;
use super::phone;

/// A text without its harmless numbers.
pub(super) struct Left {
    /// The text with [`MASK`] in place of each digit that was recognised.
    pub(super) text: String,
    /// Whether a number that was recognised makes a phone number together with the digits beside it.
    pub(super) phone: bool,
}

/// Takes the harmless numbers out of a text in ASCII.
pub(super) fn without_harmless(plain: &str) -> Left {
    let mut left = plain.as_bytes().to_vec();
    let mut doubtful = vec![false; left.len()];
    let mut place = 0;
    while place < plain.len() {
        if !plain.as_bytes()[place].is_ascii_digit() {
            place += 1;
            continue;
        }
        let shape = before(&left[..place]).and_then(|before| shape_of(&plain[..place], &plain[place..], before));
        let end = match shape {
            Some((length, trust)) => {
                for at in place..place + length {
                    if left[at].is_ascii_digit() {
                        left[at] = MASK as u8;
                        doubtful[at] = trust == Trust::Doubtful;
                    }
                }
                place + length
            }
            None => plain[place..].find(|character: char| !character.is_ascii_digit()).map_or(plain.len(), |end| place + end),
        };
        place = end;
    }
    let phone = is_doubtful_phone(plain, &left, &doubtful);
    Left { text: String::from_utf8_lossy(&left).into_owned(), phone }
}

/// What stands before a number that begins there; `None` when it goes on with a number that was not recognised.
fn before(text: &[u8]) -> Option<Before> {
    let last = text.iter().rposition(|byte| byte.is_ascii_alphanumeric() || *byte == MASK as u8);
    let gap = &text[last.map_or(0, |last| last + 1)..];
    if gap.last() == Some(&b'+') || gap.ends_with(b"+ ") {
        return None;
    }
    let last = last.map(|last| text[last]).unwrap_or(b' ');
    let has = |signs: &[u8]| gap.iter().any(|byte| signs.contains(byte));
    if last.is_ascii_digit() {
        let apart = has(b" ") && !has(b"-./:+");
        return apart.then_some(Before::Nothing);
    }
    if last.is_ascii_alphabetic() && !has(b" :;,(\"'=<>#") {
        let word = &text[..text.len() - gap.len()];
        let begin = word.iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |begin| begin + 1);
        let harmless = std::str::from_utf8(&word[begin..]).is_ok_and(is_harmless);
        return Some(if harmless { Before::HarmlessWord } else { Before::Word });
    }
    Some(Before::Nothing)
}

/// A run of digits, and whether it was recognised.
struct Group<'a> {
    digits: &'a str,
    left: bool,
    doubtful: bool,
}

/// Whether doubtful numbers and digits that are left make a phone number, with signs between them as in phone numbers.
fn is_doubtful_phone(plain: &str, left: &[u8], doubtful: &[bool]) -> bool {
    let mut groups: Vec<Option<Group<'_>>> = Vec::new();
    let mut place = 0;
    while place < plain.len() {
        let digits = plain[place..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            if !matches!(plain.as_bytes()[place], b' ' | b'.' | b'-' | b'/' | b'(' | b')' | b'+') {
                groups.push(None);
            }
            place += 1;
            continue;
        }
        let is_left = left[place] != MASK as u8;
        let group = Group { digits: &plain[place..place + digits], left: is_left, doubtful: doubtful[place] };
        // What is surely no part of a person's number divides.
        groups.push(Some(group).filter(|group| group.left || group.doubtful));
        place += digits;
    }
    groups.split(Option::is_none).any(|row| {
        (0..row.len()).any(|first| {
            let (mut digits, mut has_left, mut has_doubtful) = (String::new(), false, false);
            row[first..].iter().flatten().take(16).any(|group| {
                digits.push_str(group.digits);
                has_left |= group.left;
                has_doubtful |= group.doubtful;
                // Nine digits alone are also what hours and ages come to.
                let enough = has_left || digits.len() > 9;
                enough && has_doubtful && phone::is_number(&digits)
            })
        })
    })
}
