//! What the edge finds out about a document and a resolver must know.

/// Whether a document selects nothing with selections of its own twice at one place, and has no directives. What is there twice
/// the library resolves twice and merges, which can't be done with text. What a directive leaves out it takes out of the document before it
/// resolves anything; what is kept for everybody doesn't rely on that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plain(pub bool);
