//! What proves a sign-in to the database.

use std::fmt;

use uuid::Uuid;

/// The secret part of an access token: 122 random bits. Whoever has it can act as the session's user until the token expires.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SessionSecret(pub Uuid);

/// It says nothing of the secret, so that no log can.
impl fmt::Debug for SessionSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_never_written_out() {
        let secret = Uuid::from_u128(0x0123_4567_89ab_4def_8123_4567_89ab_cdef);
        let written = format!("{:?}", SessionSecret(secret));
        assert!(!written.contains(char::is_numeric), "{written}");
    }
}
