//! The one error of the desk, with codes that never change, for every transport.

use crate::port::{StoreError, Unique};

/// Why a call of the desk did not succeed. Nothing was written, unless it is [`Error::OutcomeUnknown`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input can't be accepted; all failures at once.
    #[error("invalid input: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// Not signed in, or not with these credentials.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// May be seen, may not be done.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing, or the actor may not see it: the same on purpose.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// It does not fit what is there.
    #[error("{detail}")]
    Conflict {
        /// A stable code.
        code: &'static str,
        /// For people.
        detail: String,
    },
    /// The caller named a version, and the row has another by now.
    #[error("version {expected} was named, version {current} is stored")]
    Stale {
        /// What the caller named.
        expected: i64,
        /// What is stored.
        current: i64,
    },
    /// The store or a neighbour is away or too busy; trying again later may help.
    #[error("temporarily unavailable")]
    Unavailable(#[source] Option<StoreError>),
    /// The store was lost while it wrote: the change was made or not, and nobody can tell which. Look
    /// before doing it again.
    #[error("the change may or may not have been made; look before repeating it")]
    OutcomeUnknown(#[source] StoreError),
    /// Something that should not happen. The cause is for the log, never for the caller.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// One failed field.
    pub fn field(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, code, message)])
    }

    /// May be seen, may not be done.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::Forbidden(detail.into())
    }

    /// It does not fit what is there.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, detail: detail.into() }
    }

    /// The stable code of the kind.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::Unauthenticated(_) => "unauthenticated",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::Conflict { code, .. } => code,
            Self::Stale { .. } => "stale_version",
            Self::Unavailable(_) => "unavailable",
            Self::OutcomeUnknown(_) => "outcome_unknown",
            Self::Internal(_) => "internal",
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            // A ticket number is drawn by lot: a taken one is nobody's mistake, the next draw helps.
            StoreError::Unavailable(_)
            | StoreError::Conflict
            | StoreError::StaleSettings
            | StoreError::Duplicate(Unique::TicketNumber) => Self::Unavailable(Some(error)),
            StoreError::Unknown(_) => Self::OutcomeUnknown(error),
            StoreError::Duplicate(Unique::Answer) => {
                Self::Conflict { code: "repeated", detail: "This very call was made and done before.".to_owned() }
            }
            StoreError::Duplicate(unique) => Self::Conflict {
                code: "duplicate",
                detail: format!("There is another {} already.", unique.describes()),
            },
            StoreError::Missing(what) => {
                Self::Conflict { code: "gone", detail: format!("A {what} that this names is gone.") }
            }
            StoreError::Corrupt(_) | StoreError::Other(_) => Self::Internal(Box::new(error)),
        }
    }
}

/// One field that can't be accepted.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[error("{field}: {message}")]
pub struct FieldError {
    /// Path of the field, such as `customer.email` or `conditions[0].value`.
    pub field: String,
    /// A stable code, one of [`crate::FieldCode`] where the desk itself says it.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

impl FieldError {
    /// One field that can't be accepted.
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { field: field.into(), code, message: message.into() }
    }
}
