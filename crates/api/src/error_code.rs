//! The codes of errors, spelled in this one place: a frontend acts on them, and the log names them.

/// Why a request, or a field of it, was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// No token, or one that doesn't hold.
    Unauthenticated,
    /// The roles of the caller don't allow it.
    Forbidden,
    /// The request itself is malformed.
    BadRequest,
    /// The request asks for too much at once.
    TooCostly,
    /// Too many requests of this kind.
    RateLimited,
    /// Try again later.
    Unavailable,
    /// A fault of ours.
    Internal,
    /// The body of a request about a session isn't JSON.
    UnsupportedMediaType,
    /// The body of a request about a session is too large.
    PayloadTooLarge,
    /// The method means nothing at an address about sessions.
    MethodNotAllowed,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [Self; 10] = [
        Self::Unauthenticated,
        Self::Forbidden,
        Self::BadRequest,
        Self::TooCostly,
        Self::RateLimited,
        Self::Unavailable,
        Self::Internal,
        Self::UnsupportedMediaType,
        Self::PayloadTooLarge,
        Self::MethodNotAllowed,
    ];

    /// As clients read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadRequest => "BAD_REQUEST",
            Self::TooCostly => "TOO_COSTLY",
            Self::RateLimited => "RATE_LIMITED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
        }
    }

    /// The code that clients read as that text.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }
}
