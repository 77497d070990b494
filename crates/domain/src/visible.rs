//! What a person sees of a text: the one rule by which names are made of what people type and of what the register sends.
//!
//! Nobody can check what they can't see. So characters that are drawn as nothing are taken out: zero-width ones, marks of
//! direction, soft hyphens, control characters, private ones. Those that hold an emoji together stay where they do: a family or a
//! flag is several code points and one character.

use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};
use unicode_segmentation::UnicodeSegmentation;

/// The most bytes that a text may have for each of the characters that it may have. The flag of Scotland has as many.
pub const BYTES_A_CHARACTER: usize = 28;
/// The most code points in a character that is no emoji: a letter with more marks stacked on it can't be read.
const MAXIMUM_STACK: usize = 6;
/// The most code points in an emoji: a couple, each with a skin tone, has ten.
const MAXIMUM_EMOJI: usize = 12;

const ZERO_WIDTH_JOINER: char = '\u{200d}';
const KEYCAP: char = '\u{20e3}';
const BLACK_FLAG: char = '\u{1f3f4}';
const END_OF_TAGS: char = '\u{e007f}';
/// A space that counts as a letter of Braille.
const BLANK_BRAILLE: char = '\u{2800}';

/// The text as one line, as a person sees it: without what can't be seen, trimmed, with single spaces.
pub fn line(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for character in text.graphemes(true) {
        push_seen(character, &mut seen);
    }
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many characters a person sees in the text.
pub fn length(text: &str) -> usize {
    text.graphemes(true).count()
}

/// Whether the text has at most so many characters, as a person counts them, and no more bytes than such characters need.
pub fn fits(text: &str, maximum: usize) -> bool {
    text.len() <= maximum * BYTES_A_CHARACTER && text.graphemes(true).nth(maximum).is_none()
}

/// Whether a character of the text is made of so many code points that nobody can read it.
pub fn is_stacked(text: &str) -> bool {
    text.graphemes(true).any(|character| {
        let most = if character.chars().any(is_pictograph) { MAXIMUM_EMOJI } else { MAXIMUM_STACK };
        character.chars().nth(most).is_some()
    })
}

/// Whether a code point by itself is drawn as nothing.
pub fn is_invisible(character: char) -> bool {
    match character.general_category() {
        // These signs span numbers in Arabic script and are drawn.
        GeneralCategory::Format => {
            !matches!(character, '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{8e2}' | '\u{110bd}' | '\u{110cd}')
        }
        GeneralCategory::Control => !character.is_whitespace(),
        GeneralCategory::PrivateUse | GeneralCategory::Surrogate => true,
        _ => matches!(
            character,
            '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2065}' | '\u{3164}'
                | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
                | '\u{e0000}'..='\u{10ffff}'
        ),
    }
}

/// Whether a code point is a picture that can be joined to others. Digits are emoji to Unicode, too, but no pictures.
fn is_pictograph(character: char) -> bool {
    character.is_emoji_char() && !character.is_ascii() && !is_regional(character) && !is_skin_tone(character)
}

fn is_regional(character: char) -> bool {
    matches!(character, '\u{1f1e6}'..='\u{1f1ff}')
}

fn is_skin_tone(character: char) -> bool {
    matches!(character, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Adds what is seen of one character.
fn push_seen(character: &str, seen: &mut String) {
    let points: Vec<char> = character.chars().collect();
    let tags = tags_of_a_flag(&points);
    for (place, &point) in points.iter().enumerate() {
        let before = points[..place].iter().rev().copied().find(|before| !is_skin_tone(*before) && !is_selector(*before));
        let after = points.get(place + 1).copied();
        let kept = match point {
            ZERO_WIDTH_JOINER => before.is_some_and(is_pictograph) && after.is_some_and(is_pictograph),
            // Whether a sign is shown as a picture or as text; a digit is, in a keycap.
            '\u{fe0e}' | '\u{fe0f}' => {
                let base = place.checked_sub(1).map(|place| points[place]);
                base.is_some_and(is_pictograph) || (base.is_some_and(|base| base.is_emoji_char()) && after == Some(KEYCAP))
            }
            '\u{e0020}'..=END_OF_TAGS => (1..=tags).contains(&place),
            _ => !is_invisible(point),
        };
        if point == BLANK_BRAILLE {
            seen.push(' ');
        } else if kept {
            seen.push(point);
        }
    }
}

/// How many tags make the black flag that the character begins with a region's flag, with the one that ends them. A mark may follow.
fn tags_of_a_flag(points: &[char]) -> usize {
    let [BLACK_FLAG, rest @ ..] = points else { return 0 };
    let tags = rest.iter().take_while(|point| matches!(point, '\u{e0020}'..'\u{e007f}')).count();
    if rest.get(tags) == Some(&END_OF_TAGS) { tags + 1 } else { 0 }
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe0e}' | '\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A family, a flag of two letters, a flag of tags, a keycap, a heart as a picture, a couple with skin tones.
    const WHOLE: [&str; 6] = [
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}",
        "\u{1f1f0}\u{1f1ea}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "7\u{fe0f}\u{20e3}",
        "\u{2764}\u{fe0f}",
        "\u{1f469}\u{1f3fb}\u{200d}\u{2764}\u{fe0f}\u{200d}\u{1f48b}\u{200d}\u{1f469}\u{1f3ff}",
    ];

    /// What can't be seen, each between two letters or after an emoji.
    const UNSEEN: [char; 30] = [
        '\u{0}',
        '\u{7}',
        '\u{1b}',
        '\u{7f}',
        '\u{80}',
        '\u{ad}',
        '\u{34f}',
        '\u{61c}',
        '\u{115f}',
        '\u{180e}',
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{200e}',
        '\u{200f}',
        '\u{202a}',
        '\u{202e}',
        '\u{2060}',
        '\u{2063}',
        '\u{2066}',
        '\u{2069}',
        '\u{3164}',
        '\u{fe00}',
        '\u{fe0f}',
        '\u{feff}',
        '\u{fff9}',
        '\u{e000}',
        '\u{e0041}',
        '\u{e007f}',
        '\u{f0000}',
    ];

    #[test]
    fn what_cannot_be_seen_is_taken_out_wherever_it_stands() {
        for unseen in UNSEEN {
            assert_eq!(line(&format!("{unseen}Clin{unseen}{unseen}ic{unseen} {unseen} B{unseen}")), "Clinic B", "{unseen:?}");
            assert_eq!(line(&unseen.to_string()), "", "{unseen:?}");
        }
        assert_eq!(line(" A\tB\r\nC\u{a0}\u{2028}D\u{3000}E\u{85}F\u{2800}G "), "A B C D E F G");
    }

    #[test]
    fn an_emoji_of_several_code_points_stays_whole_and_is_one_character() {
        for whole in WHOLE {
            let text = format!("A {whole} {whole}{whole} Z");
            assert_eq!(line(&text), text);
            assert_eq!(length(&text), 8, "{whole}");
            assert!(fits(&whole.repeat(120), 120) || whole == WHOLE[5]);
            assert!(!fits(&whole.repeat(121), 120) && !is_stacked(&text), "{whole}");
        }
        // What held it together goes with what it held.
        assert_eq!(line("\u{1f468}\u{200d} A\u{200d}B \u{1f3f4}\u{e0067}\u{e0062} 7\u{fe0f}"), "\u{1f468} AB \u{1f3f4} 7");
    }

    #[test]
    fn a_mark_on_a_flag_of_tags_leaves_the_flag() {
        let flag = format!("{}\u{8ca}", WHOLE[2]);
        assert_eq!(line(&format!("{}\u{7f}\u{8ca}", WHOLE[2])), flag);
        assert_eq!(line(&flag), flag);
    }

    #[test]
    fn stacked_marks_are_told_from_letters_with_marks() {
        assert!(is_stacked(&format!("e{}", "\u{301}".repeat(6))));
        for text in ["Ng\u{303}\u{301}ewa", "\u{1ec7}", "\u{646}\u{64e}\u{651}", "\u{915}\u{94d}\u{937}"] {
            assert!(!is_stacked(text), "{text}");
        }
    }

    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            prop::sample::select(UNSEEN.to_vec()).prop_map(String::from),
            prop::sample::select(WHOLE.to_vec()).prop_map(str::to_owned),
            "[A-Za-z0-9 ]{1,4}",
        ];
        prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn a_line_is_its_own_line_and_has_nothing_that_is_not_in_the_text(text in pieces()) {
            let once = line(&text);
            prop_assert_eq!(&line(&once), &once);
            prop_assert!(once.trim() == once && !once.contains("  "));
            let alone = |character: &str| character.chars().all(is_invisible);
            prop_assert!(!once.graphemes(true).any(alone), "{:?}", once);
        }

        #[test]
        fn what_is_seen_stays(text in "[A-Za-z0-9é'(),.&/ -]{0,40}", unseen in prop::sample::select(UNSEEN.to_vec()), place in 0_usize..40) {
            let plain = line(&text);
            let mut hidden: Vec<char> = text.chars().collect();
            hidden.insert(place.min(hidden.len()), unseen);
            prop_assert_eq!(line(&String::from_iter(hidden)), plain);
        }
    }
}
