//! A fault in what is made up.

use pamoja_domain::refusal::Refusal;

/// Something that was made up against the rules: a fault of the program.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// A move that the rules refuse.
    #[error("the demo data break the rules at {action}: {refusal}")]
    Illegal {
        /// The move.
        action: &'static str,
        /// Why it is refused.
        refusal: String,
    },
    /// An organisation that doesn't hold together.
    #[error("the demo's organisation {0} doesn't hold together")]
    Coalition(&'static str),
}

/// What the rules refuse is a fault of the program.
pub(super) fn illegal(action: &'static str, refusals: &[Refusal]) -> GenerateError {
    let refusal = refusals.first().map_or_else(String::new, |refusal| refusal.message.to_string());
    GenerateError::Illegal { action, refusal }
}
