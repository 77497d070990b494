//! The register's code, as the register writes it and as spreadsheets do.

use super::RegisterProblem;
use crate::visible;

/// The most digits in a code.
const MAXIMUM: usize = 10;

/// The code that a text or a number of the file says.
///
/// A spreadsheet writes `91011.0`, `91,011`, `9.1011E4` or `'91011`. Each is read as long as it shows every digit.
///
/// # Errors
/// When it says no code, or hides digits. Another code than the one that was meant is never read.
pub(super) fn read(written: &str) -> Result<String, RegisterProblem> {
    let text = visible::line(written);
    let text = text.strip_prefix(['\'', '\u{2018}', '\u{2019}', '`']).unwrap_or(&text).trim();
    let code = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => scientific(mantissa, exponent)?,
        None => plain(text).ok_or(RegisterProblem::InvalidCode)?,
    };
    if code.starts_with('0') {
        return Err(RegisterProblem::CodeBeginsWithZero);
    }
    if (1..=MAXIMUM).contains(&code.len()) { Ok(code) } else { Err(RegisterProblem::InvalidCode) }
}

/// Digits, perhaps in groups of three, perhaps with zeros behind a decimal point.
fn plain(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let zeros = fraction.bytes().all(|byte| byte == b'0');
    zeros.then(|| grouped(whole)).flatten()
}

fn grouped(whole: &str) -> Option<String> {
    let separator = whole.chars().find(|character| matches!(character, ',' | ' '));
    let groups: Vec<&str> = separator.map_or_else(|| vec![whole], |separator| whole.split(separator).collect());
    let digits = |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let in_threes = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    (groups.iter().all(digits) && in_threes).then(|| groups.concat())
}

/// `9.1011E4` shows all digits of 91011. `9.1E4` could be any code from 90500 on.
fn scientific(mantissa: &str, exponent: &str) -> Result<String, RegisterProblem> {
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let number = !whole.is_empty() && digits(whole) && digits(fraction) && digits(exponent);
    let exponent: usize = exponent.parse().ok().filter(|_| number).ok_or(RegisterProblem::InvalidCode)?;
    if fraction.len() < exponent {
        return Err(RegisterProblem::ShortenedCode);
    }
    let (shown, rest) = fraction.split_at(exponent);
    if rest.bytes().any(|byte| byte != b'0') {
        return Err(RegisterProblem::InvalidCode);
    }
    Ok(format!("{whole}{shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_or_named_and_never_another_code() {
        for written in [
            "91011",
            " 91011 ",
            "91011.0",
            "91011.00",
            "91011.",
            "91,011",
            "91,011.0",
            "91 011",
            "91\u{a0}011",
            "91\u{202f}011",
            "9.1011E4",
            "9.1011e4",
            "9.1011E+4",
            "9.1011E+04",
            "9.10110E4",
            "9.1011000E+04",
            "91011E0",
            "'91011",
            "\u{2019}91011",
            "' 91011",
            "\u{feff}91011",
            "9\u{200b}1011",
        ] {
            assert_eq!(read(written), Ok("91011".to_owned()), "{written}");
        }
        for written in [
            "",
            " ",
            "'",
            "91011.5",
            "91011.01",
            "91.011",
            "91011,0",
            "9,1011",
            "9 1011",
            "91,01",
            "91,011 0",
            "91, 011",
            ",91011",
            "-91011",
            "+91011",
            "9.10115E4",
            "E4",
            "9E",
            "9.1011E-4",
            "9.1011E4.0",
            "91011A",
            "A91011",
            "#91011",
            "=91011",
            "\"91011\"",
            "9101I",
            "91011/1",
            "12345678901",
            "\u{ff19}1011",
            "1e999999999999999999999999",
            "NaN",
            "Infinity",
            "0x163",
            "91011-2",
        ] {
            assert_eq!(read(written), Err(RegisterProblem::InvalidCode), "{written}");
        }
        for written in ["9.1E4", "9E4", "9.101E+04", "1E2"] {
            assert_eq!(read(written), Err(RegisterProblem::ShortenedCode), "{written}");
        }
        for written in ["0", "0091011", "0.0", "'0123", "00,123"] {
            assert!(matches!(read(written), Err(RegisterProblem::CodeBeginsWithZero)), "{written}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_the_number_that_was_written(code in 1_u64..10_000_000_000, form in 0_usize..5) {
            let digits = code.to_string();
            let written = match form {
                0 => format!("{code}.0"),
                1 => format!("{}.{}E+{:02}", &digits[..1], &digits[1..], digits.len() - 1),
                2 => format!("'{code}"),
                3 => {
                    let mut grouped = digits.clone();
                    (1..=(digits.len() - 1) / 3).for_each(|group| grouped.insert(digits.len() - 3 * group, ','));
                    grouped
                }
                _ => format!("\t{code} "),
            };
            prop_assert_eq!(read(&written), Ok(digits));
        }

        #[test]
        fn anything_else_is_named(written in "[0-9.,Ee+ -]{0,12}") {
            if let Ok(code) = read(&written) {
                let value: f64 = written.replace([',', ' '], "").parse().expect("a number");
                prop_assert_eq!(code.parse::<f64>().expect("digits"), value);
            }
        }
    }
}
