//! Search in the directory: what somebody typed is compared with each entry, and the best come first.
//!
//! - Case, accents, apostrophes, punctuation and invisible characters make no difference (`fold`).
//! - Every word must be found, in any order; little words such as "in" and "ya" may be missing (`text`).
//! - A word is found as a whole, as the beginning of a word, or with typing errors (`likeness`), in the name, among the words
//!   for what is offered (`lexicon`), or in the address (`rank`).
//!
//! An entry's place depends on that entry alone, never on the others. So a page goes on after the last place that was seen, as
//! in every other list, while entries come and go (`place`).

mod fold;
mod lexicon;
mod likeness;
mod place;
mod rank;
#[cfg(test)]
mod tests;
mod text;

pub use self::fold::fold;
pub use self::lexicon::Lexicon;
pub use self::place::{Place, page};
pub use self::rank::{Entry, Rank, Search};
pub use self::text::{MAXIMUM_CHARACTERS, MAXIMUM_WORDS, SearchText};
