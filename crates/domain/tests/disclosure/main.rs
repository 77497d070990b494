//! Attacks on the coalition's published figures, and on what hosts read of each other's people. Each attack must fail; with a
//! safeguard removed, one must succeed.
//!
//! The attacks use only the public interface. What an attacker can know is counted from the records themselves, not from the
//! tallies of the code under test: a mistake in its bookkeeping then can't hide itself.

#![expect(unreachable_pub, reason = "a test binary has no outside; pub says what other files of it use")]

mod averaging;
mod differencing;
mod intervals;
mod joint;
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
