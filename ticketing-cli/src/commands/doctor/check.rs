//! One line of the doctor.

use serde::Serialize;
use std::fmt;

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Works, or is not configured.
    Ok,
    /// Works for now.
    Warn,
    /// Does not work.
    Fail,
}

/// What was looked at, how it is, and what to do.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// How it is.
    pub state: State,
    /// What was found and what to do.
    pub detail: String,
}

impl Check {
    /// It works.
    pub fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, state: State::Ok, detail: detail.into() }
    }

    /// It works for now.
    pub fn warn(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, state: State::Warn, detail: detail.into() }
    }

    /// It does not work.
    pub fn fail(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, state: State::Fail, detail: detail.into() }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Fail => "fail",
        };
        write!(f, "{state:<4} {} — {}", self.name, self.detail.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
