//! Devices that people sign in on.

use crate::vocabulary;

vocabulary! {
    /// The kind of device on which somebody signed in.
    pub enum Device {
        /// The user's own device: the session can be refreshed.
        Own = "own",
        /// A device that others use too: the session has no refresh token and ends after 15 idle minutes.
        Shared = "shared",
    }
}
