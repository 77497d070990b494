//! What a command says when it gives up.

/// Why a command gave up: one sentence that says what to put right.
#[derive(Debug)]
pub struct Problem(pub(super) String);

impl Problem {
    /// With that sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl<E: std::error::Error> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}
