//! Signing in: passwords against short-lived access tokens, apart from GraphQL, where one request could try a thousand.

mod answer;
mod http;
mod password;
mod refresh;
mod request;
mod sign_in;
mod sign_out;
mod token;
mod touch;

pub use answer::AuthError;
pub use http::{AuthState, router};
pub use password::{PasswordError, Passwords, hash_password};
pub use request::bearer;
pub use token::{Authority, LIFETIME, TokenRefused, Verified};
pub use touch::SharedSessions;
