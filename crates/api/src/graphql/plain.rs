//! What the edge finds out about a document and a resolver must know.

/// Whether a document selects nothing with selections of its own twice at one place, and has no directives. Otherwise the library merges
/// what it resolved, or leaves some of it out, and neither can be done with text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plain(pub bool);
