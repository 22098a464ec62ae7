//! What people need help with, in the order in which each language tells it.

use super::text::TOPICS;

/// The front line.
pub(super) const RIDERS: usize = 0;
/// Those with the spanners.
pub(super) const WORKSHOP: usize = 1;
/// Those who know where the parcel and the money are.
pub(super) const ORDERS: usize = 2;
/// Those who speak API.
pub(super) const FLEET: usize = 3;

/// One thing that people need help with, as the desk sees it.
pub(super) struct Scenario {
    /// Whose queue it belongs to.
    pub team: usize,
    /// The desk's name for it.
    pub category: &'static str,
    /// Labels that fit it.
    pub tags: &'static [&'static str],
    /// How many of the tickets about it are low, medium, high, critical.
    pub priority: [u32; 4],
    /// How often a private customer writes about it.
    pub private: u32,
    /// How often somebody of a company does.
    pub business: u32,
    /// What staff note about it.
    pub notes: &'static [&'static str],
    /// Why it is raised.
    pub reasons: &'static [&'static str],
}

/// All of them.
pub(super) static SCENARIOS: [Scenario; TOPICS] = [
    Scenario {
        team: RIDERS,
        category: "Account",
        tags: &["2fa", "login", "mobile-app", "password"],
        priority: [15, 60, 23, 2],
        private: 14,
        business: 9,
        notes: &[
            "Two accounts with almost the same address. Asked which one is in use before I merge anything.",
            "Account was locked after six attempts from one address. Looks like the customer, not an attack.",
        ],
        reasons: &["Locked out for the third time this month, asks for somebody who can look behind the lock."],
    },
    Scenario {
        team: ORDERS,
        category: "Billing",
        tags: &["double-charge", "invoice", "vat"],
        priority: [12, 63, 23, 2],
        private: 10,
        business: 15,
        notes: &[
            "Lock set was removed from the basket after checkout had begun, known bug. Corrected by hand.",
            "Finance has confirmed the credit note for %i.",
        ],
        reasons: &["Their finance department blocks all further orders until invoice %i is corrected."],
    },
    Scenario {
        team: ORDERS,
        category: "Delivery",
        tags: &["carrier", "delay", "delivery", "tracking"],
        priority: [14, 58, 25, 3],
        private: 15,
        business: 9,
        notes: &[
            "Carrier says the box never left the depot. Search order placed for %r.",
            "Box found, label torn off. New label as %r.",
        ],
        reasons: &["Third missed delivery date, customer asks for the order to be cancelled unless it ships today."],
    },
    Scenario {
        team: FLEET,
        category: "Connectivity",
        tags: &["gps", "hub", "offline", "tracker"],
        priority: [8, 50, 34, 8],
        private: 10,
        business: 20,
        notes: &[
            "Tracker was last seen with signal -113 dBm, then nothing. Check the SIM first.",
            "Same mobile cell as two other cases this week. Asked the operator.",
        ],
        reasons: &["%q bikes offline at once, the customer's drivers cannot start their shift."],
    },
    Scenario {
        team: WORKSHOP,
        category: "Firmware",
        tags: &["bricked", "display", "firmware", "update"],
        priority: [4, 40, 44, 12],
        private: 11,
        business: 8,
        notes: &[
            "Boot loader answers over Bluetooth, so this can be rescued without a visit.",
            "Second display with %e after %v this week. Asked the firmware team to look.",
        ],
        reasons: &["Update to %v bricks displays of this batch, please stop the rollout until it is understood."],
    },
    Scenario {
        team: ORDERS,
        category: "Refund",
        tags: &["cancellation", "refund", "return"],
        priority: [12, 66, 20, 2],
        private: 11,
        business: 5,
        notes: &[
            "Return was booked to the order before this one. Moved it.",
            "Refund of %t released, reference in the ledger.",
        ],
        reasons: &["Refund is overdue by more than the legal 14 days, customer mentions a lawyer."],
    },
    Scenario {
        team: RIDERS,
        category: "Privacy",
        tags: &["data-export", "deletion", "gdpr"],
        priority: [6, 70, 22, 2],
        private: 5,
        business: 3,
        notes: &[
            "Clock started, the answer is due within a month. Identity is confirmed in the app.",
            "Legal asks us to keep the invoices and delete the rest.",
        ],
        reasons: &["Deadline of the data request is near and ride data of the old backend is still missing."],
    },
    Scenario {
        team: FLEET,
        category: "API",
        tags: &["api", "integration", "rate-limit"],
        priority: [5, 45, 40, 10],
        private: 0,
        business: 14,
        notes: &[
            "They poll each bike on its own. Batch endpoint would bring them far below the limit.",
            "Limit for the key was raised until %f while they change their code.",
        ],
        reasons: &["Dispatch screens at %g are empty every night, contract asks for an answer within four hours."],
    },
    Scenario {
        team: FLEET,
        category: "Single sign-on",
        tags: &["identity", "saml", "sso"],
        priority: [8, 52, 32, 8],
        private: 0,
        business: 11,
        notes: &[
            "Their assertion is not signed. Metadata of both sides compared line by line.",
            "Test sign-in with their admin at %h worked.",
        ],
        reasons: &["Nobody at %g can sign in since the change of the certificate."],
    },
    Scenario {
        team: RIDERS,
        category: "Feedback",
        tags: &["feature-request", "feedback", "mobile-app"],
        priority: [72, 27, 1, 0],
        private: 9,
        business: 5,
        notes: &["Counted as vote number %q for this wish.", "Product says: planned, no date."],
        reasons: &["A key account ties the renewal of the contract to this wish."],
    },
    Scenario {
        team: WORKSHOP,
        category: "Safety",
        tags: &["battery", "recall", "safety"],
        priority: [0, 14, 46, 40],
        private: 7,
        business: 5,
        notes: &[
            "Batch B240611 is on the recall list. Courier with safe box is booked for %f.",
            "Serial %s is outside the affected range, still offering a check.",
        ],
        reasons: &["Battery is swollen and stands inside a building. Please call the customer now."],
    },
    Scenario {
        team: RIDERS,
        category: "App",
        tags: &["language", "localization", "mobile-app"],
        priority: [48, 46, 6, 0],
        private: 8,
        business: 3,
        notes: &[
            "Account language was empty, so the app fell back to the phone's region. Set by hand.",
            "Bug is known, fix goes out with the next version.",
        ],
        reasons: &["Many customers in one region see the wrong language since %v, please treat as one problem."],
    },
    Scenario {
        team: RIDERS,
        category: "Theft",
        tags: &["gps", "police", "safety", "theft"],
        priority: [0, 6, 48, 46],
        private: 6,
        business: 4,
        notes: &[
            "Theft mode on since %h. Positions only go to the police, never to the customer alone.",
            "Police station called back, they want the last 24 hours as a list.",
        ],
        reasons: &["Bike is moving right now. Police wait for a live position, please call them."],
    },
    Scenario {
        team: WORKSHOP,
        category: "Warranty",
        tags: &["brakes", "noise", "warranty"],
        priority: [9, 52, 33, 6],
        private: 12,
        business: 7,
        notes: &[
            "Pads from the photo are contaminated with oil, caliper leaks. Warranty.",
            "Dealer has the parts (%r) and a slot on %f.",
        ],
        reasons: &["Brake has no pressure and the dealer refuses the repair. Needs a word with the dealer."],
    },
];
