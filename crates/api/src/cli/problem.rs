//! Why a command gave up.

/// Why a command gave up: one sentence that says what to put right.
#[derive(Debug)]
pub struct Problem(pub(super) String);

impl Problem {
    /// A problem with that sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl<E: std::error::Error> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}
