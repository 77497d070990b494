//! Which file imports which, in every crate: no circle of files.

mod graph;
mod imports;
mod resolve;
mod source;
mod tokens;
mod trees;

mod analyser;
mod circles;
