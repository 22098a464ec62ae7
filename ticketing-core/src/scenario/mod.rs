//! Rules held to examples: what a desk has, what happens, and what rules are to do about it.
//!
//! A [`ScenarioFile`] is read from JSON; with the rules that it names it is a [`Suite`]. Each scenario is played on a
//! desk of its own in memory, by the desk's own calls and by a clock that stands still until a step moves it: the same
//! file always comes out the same, and nothing leaves the process. An application plays them on a builder that has its
//! own fields, operators and actions.

mod act;
mod compare;
mod given;
mod judge;
mod look;
mod name;
mod report;
mod stage;
mod step;
mod suite;
#[cfg(test)]
mod tests;
mod then;

pub use report::{RuleStory, ScenarioReport, Unmet, UnmetKind};
pub use suite::{RuleSource, Scenario, ScenarioFile, Suite};
