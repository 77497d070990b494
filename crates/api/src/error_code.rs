//! The codes of errors, spelled in this one place. A frontend acts on them, and the log names them.

/// Why a request, or a field of it, was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// The request has no token, or one that isn't valid.
    Unauthenticated,
    /// The caller's roles don't allow it.
    Forbidden,
    /// The request itself is malformed.
    BadRequest,
    /// The request asks for too much at once.
    TooCostly,
    /// The caller sent too many requests of this kind.
    RateLimited,
    /// The program can't answer now; trying again later helps.
    Unavailable,
    /// The program is at fault.
    Internal,
    /// The body of a request about a session isn't JSON.
    UnsupportedMediaType,
    /// The body of a request about a session is too large.
    PayloadTooLarge,
    /// An address about sessions doesn't support the method.
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

    /// The code as clients read it.
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

    /// The code with that spelling, if there is one.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }
}
