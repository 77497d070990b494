//! How well an entry answers a text.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::fold::fold;
use super::lexicon::Lexicon;
use super::likeness::{Fit, Typed, Word};
use super::text::SearchText;
use crate::vocabulary::Vocabulary;

/// What a text is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a, V> {
    /// The code of the entry in a register, found by the whole code alone.
    pub code: Option<&'a str>,
    /// The name.
    pub name: &'a str,
    /// What it offers.
    pub offers: &'a [V],
    /// Where it is and whose it is.
    pub address: &'a [&'a str],
    /// Whether it comes after its equals, because the place isn't known to be friendly to key populations.
    pub unfriendly: bool,
}

/// How well an entry answers a text: seven numbers, of which the first that differs decides. Less is better.
///
/// 1. 0 when its code was typed, else 1;
/// 2. the typing errors in all words;
/// 3. where and how the words were found, added up: 0 for a whole word of the name, 1 for a whole word for what is offered, 2 and
///    3 for their beginnings, 4 and 5 for a word of the address and its beginning;
/// 4. the little words that are no words of the name;
/// 5. 0 when the text is the whole name, else 1;
/// 6. 0 at a friendly place, else 1;
/// 7. the words of the name that were not typed, if any was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rank([u8; 7]);

impl Rank {
    #[cfg(test)]
    pub(super) fn of_numbers(numbers: [u8; 7]) -> Self {
        Self(numbers)
    }
}

/// Where a word was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Where {
    Name,
    Offer,
    Address,
}

/// How one word was found: by the errors, then by the number that [`Rank`] adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    errors: u8,
    weight: u8,
    /// How many words of the name it stands for.
    of_name: u8,
}

impl Hit {
    fn new(fit: Fit, at: Where) -> Self {
        let weight = match (at, fit.begun) {
            (Where::Name, false) => 0,
            (Where::Offer, false) => 1,
            (Where::Name, true) => 2,
            (Where::Offer, true) => 3,
            (Where::Address, false) => 4,
            (Where::Address, true) => 5,
        };
        Self { errors: fit.errors, weight, of_name: u8::from(at == Where::Name) }
    }

    fn joined(fit: Fit, at: Where) -> Self {
        let hit = Self::new(fit, at);
        Self { of_name: 2 * hit.of_name, ..hit }
    }
}

/// A text, ready to be compared with many entries.
#[derive(Debug)]
pub struct Search<'t, V> {
    words: Vec<Typed>,
    little: &'t [String],
    /// For each word, what it stands for.
    offers: Vec<HashMap<V, Fit>>,
}

impl<'t, V: Vocabulary> Search<'t, V> {
    /// Prepares the search for a text.
    pub fn new(text: &'t SearchText, lexicon: &Lexicon<V>) -> Self {
        let words: Vec<Typed> =
            text.words.iter().map(|word| Typed::new(word, lexicon.knows(word), lexicon.synonyms(word))).collect();
        let offers = words.iter().map(|typed| lexicon.fits(typed)).collect();
        Self { words, little: &text.little, offers }
    }

    /// The entry's rank; nothing when a word isn't found, or when the text has no words.
    pub fn rank(&self, entry: &Entry<'_, V>) -> Option<Rank> {
        let mut hits: Vec<Option<Hit>> = self.offers.iter().map(|offers| offered(offers, entry.offers)).collect();
        let name = fold(entry.name);
        let names = self.compare(&name, Where::Name, &mut hits);
        for (typed, hit) in self.words.iter().zip(&mut hits) {
            let initials = typed.fit_initials(&name).map(|fit| Hit::new(fit, Where::Name));
            *hit = [*hit, initials].into_iter().flatten().min();
        }
        for part in entry.address {
            self.compare(&fold(part), Where::Address, &mut hits);
        }
        let mut is_code = false;
        if let Some(at) = entry.code.and_then(|code| self.words.iter().position(|typed| typed.text() == code)) {
            hits[at] = Some(Hit::new(Fit::WHOLE, Where::Name));
            is_code = true;
        }
        if hits.is_empty() {
            return None;
        }
        let hits = hits.into_iter().collect::<Option<Vec<Hit>>>()?;
        let sum = |number: fn(&Hit) -> u8| hits.iter().map(number).fold(0_u8, u8::saturating_add);
        let missing = self.little.iter().filter(|word| !name.split(' ').any(|of_name| of_name == *word)).count();
        let (missing, found) = (u8::try_from(missing).unwrap_or(u8::MAX), self.little.len() - missing);
        let typed = usize::from(sum(|hit| hit.of_name)) + found;
        // Where no word is of the name, its length says nothing.
        let left = if typed == 0 { u8::MAX } else { u8::try_from(names.saturating_sub(typed)).unwrap_or(u8::MAX) };
        let weight = sum(|hit| hit.weight);
        let is_whole = left == 0 && weight == 0;
        Some(Rank([
            u8::from(!is_code),
            sum(|hit| hit.errors),
            weight,
            missing,
            u8::from(!is_whole),
            u8::from(entry.unfriendly),
            left,
        ]))
    }

    /// Compares every word with a folded text and keeps the better hits. Returns how many words the text has.
    fn compare(&self, text: &str, at: Where, hits: &mut [Option<Hit>]) -> usize {
        let (mut count, mut before) = (0, "");
        for word in text.split(' ').filter(|word| !word.is_empty()).map(Word::new) {
            count += 1;
            for (typed, hit) in self.words.iter().zip(&mut *hits) {
                let alone = typed.fit(word).map(|fit| Hit::new(fit, at));
                let joined = (!before.is_empty()).then(|| typed.fit_joined(before, word.text)).flatten();
                let joined = joined.map(|fit| Hit::joined(fit, at));
                *hit = [*hit, alone, joined].into_iter().flatten().min();
            }
            before = word.text;
        }
        count
    }
}

fn offered<V: Vocabulary>(fits: &HashMap<V, Fit>, offers: &[V]) -> Option<Hit> {
    let fit = offers.iter().filter_map(|offer| fits.get(offer)).min()?;
    Some(Hit::new(*fit, Where::Offer))
}
