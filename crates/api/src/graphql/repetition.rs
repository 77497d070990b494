//! What the edge finds out about a document and a resolver must know.

/// Whether a document selects something with selections of its own twice at one place. Both are then resolved and merged, which can't be
/// done with text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repeats(pub bool);
