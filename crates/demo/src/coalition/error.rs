//! Faults in what is made up.

use pamoja_domain::refusal::Refusal;

/// Something made up breaks the rules: the program is at fault.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The rules refuse a move.
    #[error("the demo data break the rules at {action}: {refusal}")]
    Illegal {
        /// The move.
        action: &'static str,
        /// Why it is refused.
        refusal: String,
    },
    /// The data of an organisation don't fit together.
    #[error("the demo's organisation {0} doesn't hold together")]
    Coalition(&'static str),
}

/// Makes an error of what the rules refuse.
pub(super) fn illegal(action: &'static str, refusals: &[Refusal]) -> GenerateError {
    let refusal = refusals.first().map_or_else(String::new, |refusal| refusal.message.to_string());
    GenerateError::Illegal { action, refusal }
}
