//! What can go wrong between the rules and the database. None of it ever holds a value of a row.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Why a transaction did not come about.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The session, the account or the membership is no longer in force: the caller must sign in again.
    #[error("the session is no longer in force")]
    SessionEnded,
    /// The caller's roles do not include what the transaction was opened for.
    #[error("the caller's roles do not allow this")]
    Forbidden,
    /// A unique constraint stands against it; the text is the constraint's name.
    #[error("the constraint {0} stands against it")]
    Conflict(String),
    /// The database can't be reached or has no connection free; trying again later may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database took too long and gave up.
    #[error("the database took too long")]
    Timeout,
    /// Rows contradict each other, or a rule of the program was broken in the program itself.
    #[error("{0}")]
    Inconsistent(String),
    /// Anything else, which is a fault of ours.
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
                // The message names tables, columns and constraints; the detail, which holds values, is left out.
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
            // The detail, which holds values, is left out.
            _ => Self::Fault(said.message().to_owned()),
        }
    }
}

impl StoreError {
    /// A row that holds a code which that vocabulary doesn't know.
    pub(crate) fn unknown_code(vocabulary: &str) -> Self {
        Self::Inconsistent(format!("a row holds a code that {vocabulary} doesn't know"))
    }
}
