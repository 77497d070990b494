//! What can go wrong between the rules and the database. No error ever contains a value from a row.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

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
    /// The database can't be reached or has no free connection. Trying again later may help.
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
            DieselError::DatabaseError(kind, information) => match kind {
                DatabaseErrorKind::UniqueViolation => {
                    Self::Conflict(information.constraint_name().unwrap_or_default().to_owned())
                }
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                    Self::Unavailable("the connection broke".to_owned())
                }
                _ if information.message() == "the session has ended" => Self::SessionEnded,
                _ if information.message().starts_with("canceling statement due to") => Self::Timeout,
                _ if information.message().starts_with("terminating connection due to") => {
                    Self::Unavailable("the server is going down".to_owned())
                }
                // The message names tables, columns and constraints. The detail holds values of rows, so it is left out.
                kind => Self::Fault(format!("{kind:?}: {}", information.message())),
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
        use tokio_postgres::error::SqlState;
        let Some(said) = error.as_db_error() else {
            return if error.is_closed() {
                Self::Unavailable("the connection broke".to_owned())
            } else {
                Self::Fault(error.to_string())
            };
        };
        match *said.code() {
            SqlState::QUERY_CANCELED | SqlState::LOCK_NOT_AVAILABLE => Self::Timeout,
            SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => Self::Unavailable("the server is going down".to_owned()),
            SqlState::UNIQUE_VIOLATION => Self::Conflict(said.constraint().unwrap_or_default().to_owned()),
            // The detail holds values of rows, so it is left out.
            _ => Self::Fault(said.message().to_owned()),
        }
    }
}

impl StoreError {
    /// The error for a row with a code that the vocabulary doesn't have.
    pub(crate) fn unknown_code(vocabulary: &str) -> Self {
        Self::Inconsistent(format!("a row holds a code that {vocabulary} doesn't know"))
    }
}
