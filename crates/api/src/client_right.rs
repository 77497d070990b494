//! A client's rights towards an organisation that holds something about them: to see it, and to have it erased. And new
//! pseudonyms.

mod count;
mod erasing;
mod input;
mod mutation;
mod query;
mod rotating;

pub(crate) use mutation::ClientRightMutation;
pub(crate) use query::ClientRightQuery;
