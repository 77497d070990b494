//! What the program says to people, in the languages that it speaks. A [`Message`](pamoja_domain::message::Message) has a key;
//! the words for it are in `messages/<language>/*.ftl` (Project Fluent). What only a developer can put right is said in English,
//! where it arises.

mod bundle;
mod caption;
mod filling;
mod language;
pub mod search_words;
mod sentence;
#[cfg(test)]
mod tests;
mod text;

pub use caption::caption;
pub use language::Language;
pub use sentence::load;
pub use text::Text;
