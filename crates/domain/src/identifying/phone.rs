//! The shapes of phone numbers, however their digits are grouped.

use super::plain::MASK;

/// Whether the digits, all of them, are a number as it is dialled in Kenya or from abroad.
pub(super) fn is_number(digits: &str) -> bool {
    let of = |rest: &str, first: &[u8], lengths: &[usize]| {
        lengths.contains(&rest.len()) && rest.bytes().next().is_some_and(|digit| first.contains(&digit))
    };
    // 7xx or 1xx and six digits; landlines have a shorter number behind the 2 digits of their place.
    let mobile = |rest: &str| of(rest, b"71", &[9]);
    let landline = |rest: &str| of(rest, b"234568", &[8, 9]);
    let abroad = digits.trim_start_matches('0').strip_prefix("254").map(|rest| rest.strip_prefix('0').unwrap_or(rest));
    mobile(digits)
        || digits.strip_prefix('0').is_some_and(|rest| mobile(rest) || landline(rest))
        || abroad.is_some_and(|rest| mobile(rest) || landline(rest))
}

/// Whether groups of digits that follow each other are a number. Anything but letters may stand between the groups.
pub(super) fn is_in(plain: &str) -> bool {
    plain.split(|character: char| character.is_ascii_alphabetic() || character == MASK).any(|cluster| {
        let groups: Vec<&str> =
            cluster.split(|character: char| !character.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
        (0..groups.len()).any(|first| {
            let mut digits = String::new();
            groups[first..].iter().take(MOST_GROUPS).any(|group| {
                digits.push_str(group);
                digits.len() <= MOST_DIGITS && is_number(&digits)
            })
        })
    })
}

/// The most digits of a number, with the code for a call abroad.
const MOST_DIGITS: usize = 16;
/// As many groups as digits: a number can be written with a space after each.
const MOST_GROUPS: usize = MOST_DIGITS;

/// Whether a plus sign stands before a digit, as before a country's code.
pub(super) fn has_international(plain: &str) -> bool {
    let mut after = plain.split('+').skip(1);
    after.any(|rest| rest.trim_start_matches([' ', '(']).bytes().next().is_some_and(|byte| byte.is_ascii_digit()))
}

/// Whether a number is written with letters for some of its digits ("O7l2 ..."), or in words.
pub(super) fn is_spelled_in(plain: &str) -> bool {
    let in_words = respelled(plain, |word| digit_of(word).map(String::from));
    let in_letters = respelled(plain, |word| digit_of(word).map(String::from).or_else(|| digits_of_letters(word)));
    // A list of things that end in such a letter ("10l, 20l") is no number.
    (in_words != plain && is_in(&in_words)) || (in_letters != plain && in_letters.split(", ").any(is_in))
}

/// The text with digits for the words for which there are any. "Double seven" is two of them.
fn respelled(plain: &str, digits: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(plain.len());
    let mut times = 1;
    let mut rest = plain;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(rest.len());
        if end == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let word = &rest[..end];
        rest = &rest[end..];
        if let Some(more) = times_of(&word.to_ascii_lowercase()) {
            times = more;
            continue;
        }
        match digits(word) {
            Some(digits) => out.push_str(&digits.repeat(times)),
            None => out.push_str(word),
        }
        times = 1;
    }
    out
}

/// The digits that letters stand for among digits: O for zero, l and I for one.
fn digits_of_letters(word: &str) -> Option<String> {
    let among_digits = word.bytes().any(|byte| byte.is_ascii_digit()) || word.bytes().all(|byte| matches!(byte, b'o' | b'O'));
    let digits = word.chars().map(|character| match character {
        '0'..='9' => Some(character),
        'o' | 'O' => Some('0'),
        'l' | 'I' => Some('1'),
        _ => None,
    });
    among_digits.then(|| digits.collect()).flatten()
}

fn times_of(word: &str) -> Option<usize> {
    match word {
        "double" => Some(2),
        "triple" => Some(3),
        _ => None,
    }
}

/// English and Swahili.
fn digit_of(word: &str) -> Option<char> {
    Some(match word.to_ascii_lowercase().as_str() {
        "zero" | "oh" | "nought" | "sifuri" | "ziro" => '0',
        "one" | "moja" => '1',
        "two" | "mbili" => '2',
        "three" | "tatu" => '3',
        "four" | "nne" => '4',
        "five" | "tano" => '5',
        "six" | "sita" => '6',
        "seven" | "saba" => '7',
        "eight" | "nane" => '8',
        "nine" | "tisa" => '9',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_dialled() {
        for digits in [
            "0712345678",
            "0112345678",
            "712345678",
            "112345678",
            "254712345678",
            "2540712345678",
            "00254712345678",
            "000254712345678",
            "0202345678",
            "020234567",
            "0412345678",
            "254202345678",
            "0800720999",
        ] {
            assert!(is_number(digits), "{digits}");
        }
        for digits in ["", "0", "071234567", "07123456789", "08001700", "12032026", "25471234", "312345678", "254"] {
            assert!(!is_number(digits), "{digits}");
        }
    }

    #[test]
    fn a_double_digit_is_two_and_letters_count_among_digits_alone() {
        assert_eq!(respelled("Double seven, saba", |word| digit_of(word).map(String::from)), " 77, 7");
        assert_eq!(respelled("1O2 Ol OO", digits_of_letters), "102 Ol 00");
    }
}
