//! Which file imports which, in every crate: there are no circles of files, and the rooms of crates/api import only what they
//! may.

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
