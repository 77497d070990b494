//! The shape of a code for a person: letters of names with digits of a birth date, as the national code of key populations has.

use super::harmless_words::is_harmless;

/// The longest such code that is known.
const LONGEST: usize = 16;
/// The most digits in such a code: a whole birth date.
const MOST_DIGITS: usize = 8;

/// Whether a word is such a code: three or more letters and three or more digits, divided by any dashes.
///
/// It is none when its letters are words beside which a number is harmless (`MOH731`, `peer100`), when its only digits are a count
/// of three (`jirani101`: a birth date takes four) or a year in which nobody was born who is sent anywhere (`Vision2030`), or when
/// it begins with a number of something (`100-bed`).
pub(super) fn is_personal_code(word: &str) -> bool {
    let runs = runs(word);
    let letters: usize = runs.iter().filter(|run| !is_digits(run) && !is_harmless(run)).map(|run| run.len()).sum();
    let digits: Vec<&str> = runs.iter().copied().filter(|run| is_digits(run)).collect();
    let count: usize = digits.iter().map(|run| run.len()).sum();
    if letters < 3 || !(3..=MOST_DIGITS).contains(&count) || letters + count > LONGEST {
        return false;
    }
    if let [only] = digits[..] {
        let last = runs.last() == Some(&only) || runs.last().is_some_and(|suffix| suffix.len() <= 2 && is_lower(suffix));
        let counted = only.len() == 3 && last && !has_short_birth_date(letters, word, only);
        let recent = only.len() == 4 && ("2016".."2061").contains(&only);
        if counted || recent || counts_something(&runs, word) {
            return false;
        }
    }
    // A number that a harmless word stands right before is that word's, whatever else is in the word: "MOH731Plus".
    let numbered = runs.first().is_some_and(|run| !is_digits(run) && is_harmless(run)) && digits.len() == 1 && count <= 4;
    !numbered
}

/// Runs of letters and runs of digits.
fn runs(word: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut begin = 0;
    let kind = |byte: u8| (byte.is_ascii_alphabetic(), byte.is_ascii_digit());
    let bytes = word.as_bytes();
    for place in 1..=bytes.len() {
        if place == bytes.len() || kind(bytes[place]) != kind(bytes[begin]) {
            if bytes[begin].is_ascii_alphanumeric() {
                runs.push(&word[begin..place]);
            }
            begin = place;
        }
    }
    runs
}

fn is_digits(run: &str) -> bool {
    run.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_lower(run: &str) -> bool {
    run.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// `KAMJO390`: capitals of two names with a month of one digit and the year.
fn has_short_birth_date(letters: usize, word: &str, digits: &str) -> bool {
    letters >= 4 && !word.bytes().any(|byte| byte.is_ascii_lowercase()) && !digits.starts_with('0')
}

/// `100-bed`, `2019-present`.
fn counts_something(runs: &[&str], word: &str) -> bool {
    let number = runs.first().filter(|run| is_digits(run));
    number.is_some_and(|number| {
        !number.starts_with('0') && word[number.len()..].starts_with('-') && !word.bytes().any(|byte| byte.is_ascii_uppercase())
    })
}
