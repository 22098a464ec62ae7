//! What staff write among themselves. The desk's own language is English.

/// Notes that fit any ticket.
pub(in crate::demo) const NOTES: &[&str] = &[
    "Called the customer at %h, no answer. Left a message and will try again tomorrow.",
    "Same customer wrote in on %d about something related. Keeping both open for now.",
    "Customer is friendly but in a hurry, please keep the tone light and the steps short.",
    "Handing over because my shift ends at %h. Everything up to here is in the thread.",
    "Checked the device log for %s: nothing unusual apart from one %e on %d.",
    "Goodwill is fine here if it helps, up to %t. No need to ask again.",
    "Warehouse confirms that order %o left the building. The rest is with the carrier.",
    "Translated with care, a native speaker may want to look over the next reply.",
    "Dealer has the bike now, they expect to look at it by %f.",
    "I could reproduce it on the test %p with firmware %v.",
    "Not reproducible here with %v, only with %w. Asked the customer to update first.",
    "Please do not close before %f, I promised to check back.",
];

/// What a lead writes when a ticket goes to somebody else.
pub(in crate::demo) const HANDOVERS: &[&str] = &[
    "Moving this to the right queue, it is not ours.",
    "Taking this over while the colleague is on leave until %f.",
    "Reassigned: needs somebody who knows %v inside out.",
    "Load is uneven today, so I am moving this one.",
];

/// Why a ticket is raised, whatever it is about.
pub(in crate::demo) const REASONS: &[&str] = &[
    "Customer has waited since %d and threatens to cancel order %o.",
    "Third contact about the same problem, the usual steps did not help.",
    "Needs a decision on goodwill above the agents' limit (%t).",
    "Several customers report the same since firmware %v, this looks like more than one case.",
    "Press contact of the customer asked for a statement by %f.",
];
