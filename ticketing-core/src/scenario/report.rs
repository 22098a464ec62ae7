//! How scenarios came out.

use crate::error::Error;
use crate::model::Trigger;
use crate::workflow::trace::EffectTrace;
use serde::Serialize;
use serde_json::Value;

/// How a scenario came out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScenarioReport {
    /// The scenario.
    pub name: String,
    /// Whether all came as it says.
    pub passed: bool,
    /// Why it could not be played to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
    /// What did not come as it says, in the order of the steps.
    pub unmet: Vec<Unmet>,
}

/// One expectation that was not met.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unmet {
    /// Its place, such as `scenarios[0].steps[1].then.ticket.priority`.
    pub at: String,
    /// How it was not met.
    pub kind: UnmetKind,
    /// What was to come.
    pub expected: Value,
    /// What came; where something is missing, all that might have been it.
    pub actual: Value,
    /// Why rules fired that were not to, and why others did not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleStory>,
}

/// How an expectation was not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnmetKind {
    /// Something else came.
    Differs,
    /// It did not come.
    Missing,
    /// It came, and nobody named it.
    Unexpected,
}

/// What a rule made of a step, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleStory {
    /// What it is called.
    pub rule: String,
    /// Whether it fired.
    pub fired: bool,
    /// What makes it look.
    pub trigger: Trigger,
    /// Why it fired, or why it did not.
    pub reason: String,
    /// Its conditions as they are written, each with what was found and how it came out; none where it did not look.
    pub conditions: Vec<Value>,
    /// What it did, in order.
    pub effects: Vec<EffectTrace>,
}

/// Why a scenario ends early.
#[derive(Debug)]
pub(super) struct Broken(pub(super) String);

impl Broken {
    /// The desk refused what stands at this place.
    pub(super) fn at(place: &str, error: &Error) -> Self {
        Self(match error {
            Error::Invalid(errors) => {
                let told = errors.iter().map(|error| match &*error.field {
                    "" => format!("{place}: {}", error.message),
                    field => format!("{place}.{field}: {}", error.message),
                });
                told.collect::<Vec<_>>().join("; ")
            }
            Error::Internal(cause) => format!("{place}: {error}: {cause}"),
            error => format!("{place}: {error}"),
        })
    }

    /// The desk refused rules whose places are told behind this.
    pub(super) fn of_rules(prefix: &str, error: &Error) -> Self {
        Self(match error {
            Error::Invalid(errors) => {
                let told = errors.iter().map(|error| format!("{prefix}{error}"));
                told.collect::<Vec<_>>().join("; ")
            }
            error => format!("{prefix}{error}"),
        })
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        match &error {
            Error::Internal(cause) => Self(format!("{error}: {cause}")),
            error => Self(error.to_string()),
        }
    }
}
