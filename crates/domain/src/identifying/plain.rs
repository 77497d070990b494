//! A text as the rules read it: in ASCII, so that a digit is a digit in whatever script and shape it is written.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::visible::is_invisible;

/// The letter that stands for a letter of another script.
const OTHER_LETTER: char = 'q';
/// What stands for any other sign: neither a letter nor a digit.
const OTHER_SIGN: char = '*';

/// What stands in place of a digit that was recognised as harmless. A text in ASCII has no such sign of its own.
pub(super) const MASK: char = '~';

/// The text in ASCII. Digits of all scripts and shapes become digits, and letters lose their accents. What can't be seen, and marks
/// over and under letters, are left out. Kinds of dashes, slashes, quotation marks, currencies and spaces become one of each.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|character| if is_vulgar_fraction(character) { ' ' } else { character })
        .nfkd()
        .filter(|character| !is_invisible(*character))
        .filter(|character| character.general_category_group() != GeneralCategoryGroup::Mark)
        .filter_map(ascii)
        .collect()
}

fn ascii(character: char) -> Option<char> {
    if character.is_ascii() {
        return Some(match character {
            '~' => '-',
            _ if character.is_ascii_control() => ' ',
            _ => character,
        });
    }
    Some(match character {
        '\u{2044}' | '\u{2215}' | '\u{29f8}' => '/',
        '\u{2212}' | '\u{301c}' | '\u{223c}' | '\u{2053}' => '-',
        '\u{2236}' => ':',
        '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{ab}' | '\u{bb}' => '"',
        '\u{2264}' => '<',
        '\u{2265}' => '>',
        '\u{66a}' => '%',
        '\u{60c}' => ',',
        '\u{66b}' => '.',
        '\u{2800}' => ' ',
        _ => return by_category(character),
    })
}

fn by_category(character: char) -> Option<char> {
    Some(match character.general_category() {
        GeneralCategory::DecimalNumber => digit(character),
        GeneralCategory::DashPunctuation => '-',
        GeneralCategory::CurrencySymbol => '$',
        GeneralCategory::SpaceSeparator | GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator => ' ',
        _ => match character {
            // White digits on black rounds, which Unicode takes apart no further.
            '\u{2776}'..='\u{277e}' => numbered(character, '\u{2776}', 1),
            '\u{2780}'..='\u{2788}' => numbered(character, '\u{2780}', 1),
            '\u{278a}'..='\u{2792}' => numbered(character, '\u{278a}', 1),
            '\u{24f5}'..='\u{24fd}' => numbered(character, '\u{24f5}', 1),
            '\u{24ff}' | '\u{1f10b}' | '\u{1f10c}' | '\u{3007}' => '0',
            _ if character.is_numeric() => '0',
            _ if character.is_alphabetic() => OTHER_LETTER,
            _ => OTHER_SIGN,
        },
    })
}

fn numbered(character: char, first: char, value: u32) -> char {
    char::from_digit(u32::from(character) - u32::from(first) + value, 10).unwrap_or('0')
}

/// The value of a decimal digit. In Unicode the ten digits of a script stand in a row, from zero on.
fn digit(character: char) -> char {
    let place = u32::from(character);
    let before = (1..=u32::from(character)).take_while(|back| {
        char::from_u32(place - back).is_some_and(|before| before.general_category() == GeneralCategory::DecimalNumber)
    });
    char::from_digit((before.count() % 10) as u32, 10).unwrap_or('0')
}

/// Half an hour is no digit of a number.
fn is_vulgar_fraction(character: char) -> bool {
    matches!(character, '\u{bc}'..='\u{be}' | '\u{2150}'..='\u{215f}' | '\u{2189}')
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn digits_of_all_scripts_and_shapes_are_digits() {
        for text in [
            "0712345678",
            "٠٧١٢٣٤٥٦٧٨",
            "۰۷۱۲۳۴۵۶۷۸",
            "０７１２３４５６７８",
            "०७१२३४५६७८",
            "⁰⁷¹²³⁴⁵⁶⁷⁸",
            "₀₇₁₂₃₄₅₆₇₈",
            "⓪⑦①②③④⑤⑥⑦⑧",
            "⓿❼❶❷❸❹❺❻❼❽",
            "𝟎𝟕𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",
            "𝟶𝟽𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾",
            "0\u{fe0f}\u{20e3}7\u{fe0f}\u{20e3}12345678",
            "0\u{332}7\u{200b}1\u{ad}2\u{2060}345678",
        ] {
            assert_eq!(plain(text), "0712345678", "{text}");
        }
        assert_eq!(plain("Ngũgĩ – ‘8½’ €5 ＠ 下"), "Ngugi - '8 ' $5 @ q");
    }
}
