//! What a client may ask of whoever holds something about them: to see it and to have it erased; and new pseudonyms.

mod count;
mod erasing;
mod input;
mod mutation;
mod query;
mod rotating;

pub use mutation::ClientRightMutation;
pub use query::ClientRightQuery;
