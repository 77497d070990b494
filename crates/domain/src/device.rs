//! Devices that people sign in on.

use crate::vocabulary;

vocabulary! {
    /// On what kind of device somebody signed in.
    pub enum Device {
        /// Their own: the session can be refreshed.
        Own = "own",
        /// One that others use too: no refresh token, and it ends after 15 idle minutes.
        Shared = "shared",
    }
}
