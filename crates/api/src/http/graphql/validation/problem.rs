//! What is wrong with a document.

use apollo_compiler::Node;
use apollo_compiler::executable::ExecutableDocument;
use async_graphql::Pos;

/// What is wrong with a document, and where.
pub(crate) struct Problem {
    /// What is wrong, in words that hold nothing that was sent but names.
    pub message: String,
    /// Where, if it is at one place.
    pub location: Option<Pos>,
}

/// A place in a document, as it is told.
pub(super) fn position_of(at: apollo_compiler::parser::LineColumn) -> Pos {
    Pos { line: at.line, column: at.column }
}

/// Where a node of that document stands.
pub(super) fn located<T>(document: &ExecutableDocument, node: &Node<T>) -> Option<Pos> {
    node.line_column_range(&document.sources).map(|range| position_of(range.start))
}
