//! Promised times: which policy a ticket is under, and how its clocks go. All pure.
//!
//! - Of the active policies the first whose conditions hold for the ticket counts; its targets are those of the
//!   ticket's priority. A ticket that none is for has no clocks.
//! - `first_response` and `resolution` count from the ticket's creation, whatever its priority was before;
//!   `next_response` from the first word of the customer that staff have not answered, each time anew, and only
//!   once the first response was given.
//! - A public comment of staff is a response; one that a rule makes is not, and neither is a note.
//! - Working time counts by the policy's calendar, else by the ticket's team's, else by the desk's, else round the
//!   clock. What has counted stays counted: a changed priority, policy, calendar or team only changes what is still
//!   left.
//! - In a status of the policy's `pause_on` nothing counts, and a resolved or closed ticket's clocks stand still and
//!   are not broken. Opened again, they go on from where they stood.
//! - A promise is broken once: the clock that passed its end stays broken, also where it is given more time later.

mod clock;
mod policy;
mod story;
#[cfg(all(test, feature = "conformance"))]
mod tests;

pub use clock::{Said, Struck, follow, replan, strike};
pub use policy::{KnownPolicy, SlaPolicies};
pub use story::{ClockState, ClockStory, MOST_STRETCHES, Station, StoryStretch, Why, tell};
