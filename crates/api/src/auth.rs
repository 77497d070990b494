//! Signing in: passwords in exchange for short-lived access tokens. This room knows nothing of HTTP: `http/session.rs` reads the
//! requests and writes the answers.

mod errors;
mod password;
mod refresh;
mod sign_in;
mod sign_out;
mod state;
mod token;
mod watch;

pub use errors::{AuthError, Tokens};
pub use password::{PasswordError, Passwords, new_credential};
pub use refresh::{Renewal, refresh};
pub use sign_in::{Credentials, sign_in};
pub use sign_out::sign_out;
pub use state::AuthState;
pub use token::{Authority, LIFETIME, TokenRefused, Verified};
pub use watch::until_over;
