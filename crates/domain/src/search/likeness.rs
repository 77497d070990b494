//! Whether a word that was typed stands for a word of an entry.

/// How a word was found. Less is better: typing errors count first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    /// The number of typing errors: letters that are wrong, missing, added, or swapped with the next.
    pub(super) errors: u8,
    /// Whether only the beginning of the word was typed.
    pub(super) begun: bool,
}

impl Fit {
    /// The word as it is.
    pub(super) const WHOLE: Self = Self { errors: 0, begun: false };
    /// The beginning of the word.
    pub(super) const BEGUN: Self = Self { errors: 0, begun: true };
}

/// A folded word of an entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'w> {
    pub(super) text: &'w str,
    signature: u64,
}

impl<'w> Word<'w> {
    pub(super) fn new(text: &'w str) -> Self {
        Self { text, signature: signature(text) }
    }
}

/// A word that was typed, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    text: String,
    /// Words that mean the same.
    synonyms: Vec<String>,
    letters: Vec<char>,
    signature: u64,
    forgiven: usize,
}

/// The most errors that are forgiven in a word of so many letters. In three letters only a missing one is.
const FORGIVEN: [usize; 8] = [0, 0, 0, 1, 1, 1, 1, 2];
/// The most letters of a known word that is taken as it is: a letter makes one abbreviation another.
const LETTERS_OF_AN_ABBREVIATION: usize = 4;
/// The most letters of a word in which errors are forgiven. No name has a word nearly as long.
const LONGEST: usize = 40;
/// The fewest words of a name that is called by its initials.
const FEWEST_INITIALS: usize = 3;
/// Words of a name without an initial of their own.
const JOINING: [&str; 8] = ["and", "of", "the", "cha", "la", "na", "wa", "ya"];
/// The fewest letters of which a beginning is recognised in spite of an error.
const LETTERS_OF_A_BEGINNING: usize = 5;

impl Typed {
    /// A folded word. A short word that `is_known` is spelt right: PEP doesn't stand for PrEP. A number has no typing errors:
    /// another number is something else.
    pub(super) fn new(word: &str, is_known: bool, synonyms: Vec<String>) -> Self {
        let letters: Vec<char> = word.chars().collect();
        let is_exact =
            is_known && letters.len() <= LETTERS_OF_AN_ABBREVIATION || letters.iter().any(|letter| letter.is_numeric());
        let is_exact = is_exact || letters.len() > LONGEST;
        let forgiven = if is_exact { 0 } else { FORGIVEN[letters.len().min(FORGIVEN.len() - 1)] };
        Self { text: word.to_owned(), synonyms, signature: signature(word), letters, forgiven }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How this stands for a word; nothing when it doesn't.
    pub(super) fn fit(&self, word: Word<'_>) -> Option<Fit> {
        if let Some(rest) = word.text.strip_prefix(self.text.as_str()) {
            return Some(if rest.is_empty() { Fit::WHOLE } else { Fit::BEGUN });
        }
        if self.synonyms.iter().any(|synonym| synonym == word.text) {
            return Some(Fit::WHOLE);
        }
        if self.forgiven == 0 {
            return None;
        }
        // Each error brings in at most one letter that the other word lacks.
        let strange = (self.signature & !word.signature).count_ones() as usize;
        if strange > self.forgiven { None } else { self.fit_with_errors(word.text) }
    }

    /// How this stands for two words written as one: "homabay" for "homa bay".
    pub(super) fn fit_joined(&self, first: &str, second: &str) -> Option<Fit> {
        let rest = self.text.strip_prefix(first).filter(|rest| !rest.is_empty())?;
        let left = second.strip_prefix(rest)?;
        Some(if left.is_empty() { Fit::WHOLE } else { Fit::BEGUN })
    }

    /// How this stands for a whole name as its initials: "jootrh" for "jaramogi oginga odinga teaching referral hospital". It counts
    /// as a beginning.
    pub(super) fn fit_initials(&self, name: &str) -> Option<Fit> {
        if self.letters.len() < FEWEST_INITIALS {
            return None;
        }
        let words = name.split(' ').filter(|word| !JOINING.contains(word));
        words.filter_map(|word| word.chars().next()).eq(self.letters.iter().copied()).then_some(Fit::BEGUN)
    }

    fn fit_with_errors(&self, word: &str) -> Option<Fit> {
        // Of a longer word only the beginning matters.
        let mut letters = ['\0'; LONGEST + 3];
        let length = letters
            .iter_mut()
            .zip(word.chars().take(self.letters.len() + self.forgiven + 1))
            .map(|(at, letter)| *at = letter)
            .count();
        let distances = distances(&self.letters, &letters[..length], self.forgiven as u8)?;
        let whole = distances[length];
        let is_forgiven = usize::from(whole) <= self.forgiven
            && match (self.letters.len(), whole) {
                (3, _) => length == 4,
                (_, 1) => length >= 3,
                _ => length >= 6,
            };
        if is_forgiven {
            return Some(Fit { errors: whole, begun: false });
        }
        let begun = distances[..=length].iter().copied().min().filter(|begun| *begun <= 1)?;
        (self.letters.len() >= LETTERS_OF_A_BEGINNING).then_some(Fit { errors: begun, begun: true })
    }
}

/// A row of distances to the beginnings of a word.
type Row = [u8; LONGEST + 4];

/// The distance between what was typed and each beginning of the word, from the empty one to the whole: how many letters must be
/// changed, added, taken away or swapped with their neighbour (the optimal string alignment distance). Nothing when no beginning
/// is within the limit.
fn distances(typed: &[char], word: &[char], limit: u8) -> Option<Row> {
    let mut last: Row = std::array::from_fn(|column| column as u8);
    let mut before = last;
    for row in 1..=typed.len() {
        // Further from the diagonal than the limit, no distance is within it.
        let mut next: Row = [limit + 1; LONGEST + 4];
        next[0] = next[0].min(row as u8);
        let mut least_of_row = next[0];
        for column in row.saturating_sub(limit.into()).max(1)..=word.len().min(row + usize::from(limit)) {
            let (letter, other) = (typed[row - 1], word[column - 1]);
            let mut least = (last[column - 1] + u8::from(letter != other)).min(last[column] + 1).min(next[column - 1] + 1);
            if row > 1 && column > 1 && letter == word[column - 2] && typed[row - 2] == other {
                least = least.min(before[column - 2] + 1);
            }
            next[column] = least;
            least_of_row = least_of_row.min(least);
        }
        // A swap reaches back over one row: only two rows together are a barrier.
        if least_of_row > limit && last[..=word.len()].iter().all(|distance| *distance > limit) {
            return None;
        }
        (before, last) = (last, next);
    }
    Some(last)
}

/// The letters of a word as a set. Rare letters share places in it.
fn signature(word: &str) -> u64 {
    word.chars().fold(0, |set, letter| {
        let place = match letter {
            'a'..='z' => letter as u32 - 'a' as u32,
            '0'..='9' => 26 + letter as u32 - '0' as u32,
            _ => 36 + letter as u32 % 28,
        };
        set | 1 << place
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn new(typed: &str, is_known: bool) -> Typed {
        Typed::new(typed, is_known, Vec::new())
    }

    fn fit(typed: &str, word: &str) -> Option<(u8, bool)> {
        new(typed, false).fit(Word::new(word)).map(|fit| (fit.errors, fit.begun))
    }

    #[test]
    fn words_are_found_whole_begun_and_with_errors() {
        for (typed, word, found) in [
            ("dice", "dice", Some((0, false))),
            ("di", "dice", Some((0, true))),
            ("dise", "dice", Some((1, false))),
            ("lvtc", "lvct", Some((1, false))),
            ("dcie", "dice", Some((1, false))),
            ("dce", "dice", Some((1, false))),
            ("dicce", "dice", Some((1, false))),
            ("pepp", "pep", Some((1, false))),
            ("hepatitus", "hepatitis", Some((1, false))),
            ("dispencery", "dispensary", Some((2, false))),
            ("mobassa", "mombasa", Some((2, false))),
            ("kenat", "kenyatta", Some((1, true))),
            ("dos", "dic", None),
            ("hos", "hot", None),
            ("ab", "abcd", Some((0, true))),
            ("ac", "abcd", None),
            ("dosi", "dice", None),
            ("diec2", "dice2", None),
            ("13024", "13023", None),
            ("kisumu", "kilifi", None),
        ] {
            assert_eq!(fit(typed, word), found, "{typed} for {word}");
        }
        assert_eq!(new("pep", true).fit(Word::new("prep")), None, "a short word that is known is spelt right");
        assert!(new("centre", true).fit(Word::new("center")).is_some(), "a longer one may be spelt otherwise");
        assert_eq!(fit("pep", "prep"), Some((1, false)), "otherwise a letter may be missing");
        let same = Typed::new("zahanati", false, vec!["dispensary".to_owned()]);
        assert_eq!(same.fit(Word::new("dispensary")), Some(Fit::WHOLE));
        let initials = |typed: &str| new(typed, false).fit_initials("coast general teaching and referral hospital").is_some();
        assert_eq!([initials("cgtrh"), initials("cgt"), initials("cgtarh"), initials("cg")], [true, false, false, false]);
        let joined = |typed: &str| new(typed, false).fit_joined("homa", "bay").map(|fit| fit.begun);
        assert_eq!((joined("homabay"), joined("homab"), joined("homa"), joined("bay")), (Some(false), Some(true), None, None));
    }

    /// What somebody who mistypes one letter makes of a word.
    fn mistyped(word: &str, at: usize, letter: char, how: usize) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        let at = at % letters.len();
        match how % 4 {
            0 => letters[at] = letter,
            1 => letters.insert(at, letter),
            2 => drop(letters.remove(at)),
            _ => {
                let next = (at + 1) % letters.len();
                if next > at {
                    letters.swap(at, next);
                }
            }
        }
        letters.into_iter().collect()
    }

    /// The distance between two beginnings, as its definition says it.
    fn plain(typed: &[char], word: &[char], known: &mut HashMap<(usize, usize), usize>) -> usize {
        let (rows, columns) = (typed.len(), word.len());
        if rows == 0 || columns == 0 {
            return rows + columns;
        }
        if let Some(known) = known.get(&(rows, columns)) {
            return *known;
        }
        let changed = plain(&typed[..rows - 1], &word[..columns - 1], known) + usize::from(typed[rows - 1] != word[columns - 1]);
        let added = plain(&typed[..rows - 1], word, known) + 1;
        let missing = plain(typed, &word[..columns - 1], known) + 1;
        let mut least = changed.min(added).min(missing);
        if rows > 1 && columns > 1 && typed[rows - 1] == word[columns - 2] && typed[rows - 2] == word[columns - 1] {
            least = least.min(plain(&typed[..rows - 2], &word[..columns - 2], known) + 1);
        }
        known.insert((rows, columns), least);
        least
    }

    proptest! {
        #[test]
        fn one_error_in_a_word_of_four_letters_or_more_is_forgiven(
            word in "[a-z]{4,14}", at in any::<usize>(), letter in prop::char::range('a', 'z'), how in any::<usize>(),
        ) {
            let found = fit(&mistyped(&word, at, letter, how), &word);
            prop_assert!(found.is_some_and(|(errors, _)| errors <= 1), "{:?}", found);
        }

        #[test]
        fn two_errors_are_forgiven_in_a_long_word(
            word in "[a-z]{8,14}", at in any::<[usize; 2]>(), letters in any::<[u8; 2]>(), how in any::<[usize; 2]>(),
        ) {
            let letter = |at: usize| char::from(b'a' + letters[at] % 26);
            let once = mistyped(&word, at[0], letter(0), how[0] % 2);
            let found = fit(&mistyped(&once, at[1], letter(1), how[1] % 2), &word);
            prop_assert!(found.is_some_and(|(errors, _)| errors <= 2), "{:?}", found);
        }

        #[test]
        fn no_more_is_forgiven_than_is_said(typed in "[a-e]{1,9}", word in "[a-e]{1,9}") {
            let letters = |word: &str| word.chars().collect::<Vec<_>>();
            let (typed_letters, word_letters) = (letters(&typed), letters(&word));
            let mut known = HashMap::new();
            let mut to_beginning = |length: usize| plain(&typed_letters, &word_letters[..length], &mut known);
            let whole = to_beginning(word.len());
            let allowed = match typed.len() { 0..=2 => 0, 3..=6 => 1, _ => 2 };
            match fit(&typed, &word) {
                Some((0, begun)) => prop_assert!(word.starts_with(&typed) && begun == (word != typed)),
                Some((errors, false)) => prop_assert!(usize::from(errors) == whole && whole <= allowed),
                Some((errors, true)) => {
                    let nearest = (0..=word.len()).map(&mut to_beginning).min();
                    prop_assert!(errors == 1 && nearest == Some(1) && typed.len() >= 5);
                }
                None => prop_assert!(whole > allowed || typed.len() == 3 || word.len() < 6, "{} for {}", typed, word),
            }
        }
    }
}
