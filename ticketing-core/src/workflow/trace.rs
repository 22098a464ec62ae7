//! What a rule was found to do, and why.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How one test went: whether it held, and the value that was found. Nothing where nobody has looked: it was of no
/// consequence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeafTrace(pub Option<bool>, pub Value);

/// How one action went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EffectTrace {
    /// What was to be done, such as `send_email`.
    #[serde(rename = "type")]
    pub kind: String,
    /// With what, variables filled in.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub params: Map<String, Value>,
    /// Whether it was done, or promised in the same commit.
    pub done: bool,
    /// Why it was not, or that it changed nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What is kept of a run. The conditions stand in the rule's version; only what was found is kept here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunTrace {
    /// The tests in the order in which they are written.
    #[serde(default)]
    pub leaves: Vec<LeafTrace>,
    /// The actions in their order; none where the conditions did not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<EffectTrace>,
}
