//! What a client may ask of whoever holds something about them: to see it and to have it erased; and new pseudonyms.

mod count;
mod erasing;
mod input;
mod mutation;
mod query;
mod rotating;

pub(crate) use mutation::ClientRightMutation;
pub(crate) use query::ClientRightQuery;
