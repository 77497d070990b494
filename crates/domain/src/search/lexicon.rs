//! The words for the members of a vocabulary: what people call a type of service when they look for it.

use std::collections::{HashMap, HashSet};

use super::fold::fold;
use super::likeness::{Fit, Typed, Word};
use crate::vocabulary::Vocabulary;

/// The folded words for each member of a vocabulary, in all languages together.
#[derive(Clone, Debug)]
pub struct Lexicon<V> {
    words: HashMap<V, Vec<String>>,
    all: HashSet<String>,
    synonyms: HashMap<String, Vec<String>>,
}

impl<V: Vocabulary> Lexicon<V> {
    /// A lexicon of these texts. A member may have several, and a text several words.
    pub fn new(texts: impl IntoIterator<Item = (V, String)>) -> Self {
        let (mut words, mut all): (HashMap<V, Vec<String>>, _) = (HashMap::new(), HashSet::new());
        for (member, text) in texts {
            let known = words.entry(member).or_default();
            for word in fold(&text).split(' ').filter(|word| !word.is_empty()) {
                all.insert(word.to_owned());
                if !known.iter().any(|known| known == word) {
                    known.push(word.to_owned());
                }
            }
        }
        Self { words, all, synonyms: HashMap::new() }
    }

    /// The same lexicon with groups of words that mean the same: who types one of a group finds all of it.
    pub fn with_synonyms(mut self, groups: impl IntoIterator<Item = String>) -> Self {
        for group in groups {
            let group = fold(&group);
            let words = || group.split(' ').filter(|word| !word.is_empty());
            for word in words() {
                let others = words().filter(|other| *other != word).map(str::to_owned);
                self.synonyms.entry(word.to_owned()).or_default().extend(others);
            }
        }
        self
    }

    /// The words that mean the same as a folded word.
    pub(super) fn synonyms(&self, word: &str) -> Vec<String> {
        self.synonyms.get(word).cloned().unwrap_or_default()
    }

    /// The words for one member.
    pub fn words(&self, member: V) -> &[String] {
        self.words.get(&member).map_or(&[], Vec::as_slice)
    }

    /// Whether a folded word is one of them.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.all.contains(word)
    }

    /// How a word stands for each member for which it does.
    pub(super) fn fits(&self, typed: &Typed) -> HashMap<V, Fit> {
        let fit = |words: &Vec<String>| words.iter().filter_map(|word| typed.fit(Word::new(word))).min();
        self.words.iter().filter_map(|(member, words)| Some((*member, fit(words)?))).collect()
    }
}
