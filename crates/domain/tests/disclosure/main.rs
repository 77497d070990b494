//! Attacks on the published figures of the coalition, each of which must fail; and where a safeguard is taken away, one that must succeed.
//!
//! They go by the public interface alone. What an attacker can know is told from the records themselves, not from what the code under test
//! keeps of them, so that a mistake in its bookkeeping can't hide itself.

#![expect(unreachable_pub, reason = "a test binary has no outside; pub says what other files of it use")]

mod averaging;
mod differencing;
mod intervals;
mod late;
mod linear;
mod naive;
mod noise;
mod oracle;
mod publication;
mod random;
mod reconstruction;
mod removal;
mod subtraction;
mod world;
