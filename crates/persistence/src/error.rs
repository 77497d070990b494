//! What can go wrong between the rules and the database. No error ever contains a value from a row.

use diesel::result::Error as DieselError;

use crate::sql_state::{self, Meaning};

/// Why a function of this crate failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The session, the account or the membership is no longer in force. The caller must sign in again.
    #[error("the session is no longer in force")]
    SessionEnded,
    /// The caller's roles do not include the permission that the transaction was opened for.
    #[error("the caller's roles do not allow this")]
    Forbidden,
    /// A unique constraint was violated; the text is the constraint's name.
    #[error("the constraint {0} stands against it")]
    Conflict(String),
    /// The database can't be reached, is in trouble, or has no free connection. Trying again later may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A statement or a lock took too long, and PostgreSQL gave up.
    #[error("the database took too long")]
    Timeout,
    /// Rows contradict each other, or the program broke one of its own rules.
    #[error("{0}")]
    Inconsistent(String),
    /// Any other failure; it is a fault of the program.
    #[error("the database refused a statement: {0}")]
    Fault(String),
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(_, information) => match sql_state::marked(information.message()) {
                Some((code, message)) => Self::of(code, message, information.constraint_name()),
                // The driver's own words: nothing came from PostgreSQL.
                None => Self::of_driver(information.message()),
            },
            DieselError::NotFound => Self::Inconsistent("a row that must be there isn't".to_owned()),
            DieselError::DeserializationError(_) => {
                Self::Inconsistent("a row holds something that the program doesn't know".to_owned())
            }
            other => Self::Fault(other.to_string()),
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(said) => Self::of(said.code().code(), said.message(), said.constraint()),
            None => Self::of_driver(&error.to_string()),
        }
    }
}

impl StoreError {
    /// The error that PostgreSQL gave, by its SQLSTATE. Its detail holds values of rows, so nobody keeps it; its message is kept
    /// where it can't hold any.
    fn of(code: &str, message: &str, constraint: Option<&str>) -> Self {
        match sql_state::meaning(code) {
            Meaning::SessionEnded => Self::SessionEnded,
            Meaning::Conflict => Self::Conflict(constraint.unwrap_or_default().to_owned()),
            Meaning::Timeout => Self::Timeout,
            Meaning::Trouble(_, why) => Self::Unavailable(why.to_owned()),
            Meaning::Fault if sql_state::names_no_value(code) => Self::Fault(format!("{code}: {message}")),
            Meaning::Fault => Self::Fault(code.to_owned()),
        }
    }

    /// The error with those words of the driver, which name no value. Only the first of them are about the connection: others say
    /// that the program and the database don't fit together.
    fn of_driver(words: &str) -> Self {
        const BROKEN: [&str; 4] =
            ["connection closed", "error communicating with the server", "timeout waiting for server", "channel closed"];
        if BROKEN.contains(&words) { Self::Unavailable("the connection broke".to_owned()) } else { Self::Fault(words.to_owned()) }
    }

    /// The error for a row with a code that the vocabulary doesn't have.
    pub(crate) fn unknown_code(vocabulary: &str) -> Self {
        Self::Inconsistent(format!("a row holds a code that {vocabulary} doesn't know"))
    }
}
