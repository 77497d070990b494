//! What runs by the clock: in `pamoja worker`, apart from the exposed process, and inside `pamoja demo`.

pub(crate) mod publication;
pub(crate) mod upkeep;
