//! Which file imports which, in every crate: no circle of files; and which rooms of crates/api may import which.

mod graph;
mod imports;
mod resolve;
mod source;
mod tokens;
mod trees;

mod analyser;
mod circles;
mod walls;
