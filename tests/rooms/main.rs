//! Which file imports which, in every crate: no circle of files; and which rooms of crates/api may import which.

#![expect(unreachable_pub, reason = "a test binary has no outside; pub says what other files of it use")]

mod graph;
mod imports;
mod resolve;
mod source;
mod tokens;
mod trees;

mod analyser;
mod circles;
mod walls;
