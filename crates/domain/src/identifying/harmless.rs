//! Takes the numbers of an organisation's work out of a text before its digits are counted.

use std::sync::LazyLock;

use regex::Regex;

use super::harmless_shapes::{Before, Trust, shape_of};
use super::harmless_words::is_harmless;
use super::phone;
use super::plain::MASK;

/// Words that say that the number after them is a person's.
static OF_A_PERSON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:id|kitambulisho|passport|pasipoti|nhif|nssf|huduma)(?: (?:no|nr|number|nambari|namba))?[.:# ]*\z|\b(?:born|b|d\.?o\.?b|birth ?day|birth|kuzaliwa|alizaliwa|amezaliwa)(?: (?:on|in|date|tarehe|mwaka))*[.:# ]*\z")
        .expect("a pattern")
});

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
        let known = before(&left[..place]).filter(|_| !OF_A_PERSON.is_match(&plain[..place]));
        let shape = known.and_then(|before| shape_of(&plain[..place], &plain[place..], before));
        // A number that can be dialled is no amount: KES 712,345,678.
        let shape = shape.filter(|(length, _)| !is_dialled(&plain[place..place + length]));
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

fn is_dialled(number: &str) -> bool {
    number.contains(',') && phone::is_number(&number.chars().filter(char::is_ascii_digit).collect::<String>())
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
        return divides(gap).then_some(Before::Nothing);
    }
    if last.is_ascii_alphabetic() && !has(b" :;,(\"'=<>#") {
        let word = &text[..text.len() - gap.len()];
        let begin = word.iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |begin| begin + 1);
        let harmless = std::str::from_utf8(&word[begin..]).is_ok_and(is_harmless);
        return Some(if harmless { Before::HarmlessWord } else { Before::Word });
    }
    Some(Before::Nothing)
}

/// Whether what stands between two numbers says that the second is another one: a space, with a sign of a sentence or a list.
fn divides(gap: &[u8]) -> bool {
    let gap = std::str::from_utf8(gap).unwrap_or("");
    let sign = gap.trim();
    let signs = sign.is_empty() || matches!(sign, ":" | "." | "," | ";" | "(" | ")" | ")," | "):" | ",(" | "&" | "=" | "\"");
    (gap.ends_with(' ') || sign == "(") && gap.contains(' ') && (signs || (sign == "-" && gap.starts_with(' ')))
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
            row[first..].iter().flatten().take(16).enumerate().any(|(place, group)| {
                digits.push_str(group.digits);
                has_left |= group.left;
                has_doubtful |= group.doubtful;
                // Hours, ages and dates alone can come to as many digits as a number has: they are one only as a whole.
                let whole = first == 0 && place + 1 == row.len() && digits.len() > 9;
                (has_left || whole) && has_doubtful && phone::is_number(&digits)
            })
        })
    })
}
