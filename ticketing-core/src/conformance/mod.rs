//! Tests that any store can run: one a method and a rule.
//!
//! A [`Harness`] hands out fresh, empty stores; [`run`] gives each test one of its own, in a tokio
//! runtime (of several threads, so that races are races), and answers with a [`Report`] that names
//! what failed and why. [`tests`] lists them. To check a store of your own, depend on
//! `ticketing-core` with the feature `conformance` and write one test:
//!
//! ```
//! use std::sync::Arc;
//! use ticketing_core::conformance::{Harness, run};
//! use ticketing_core::memory::MemoryStore;
//! use ticketing_core::port::Store;
//!
//! struct Fresh;
//!
//! #[async_trait::async_trait]
//! impl Harness for Fresh {
//!     async fn fresh(&self) -> Arc<dyn Store> {
//!         Arc::new(MemoryStore::new()) // Yours here: a new schema, file or database each time.
//!     }
//! }
//!
//! # #[tokio::main]
//! # async fn main() {
//! // `None` runs all; a part of a name, such as `ticket::`, runs those that have it in theirs.
//! let report = run(&Fresh, Some("ticket::")).await;
//! println!("{report}");
//! report.assert_passed();
//! # }
//! ```
//!
//! The tests go through the ports alone and hold a store to what [`crate::port`] says, not to how
//! it is done. [`bus`] and [`blob`] have as much for the ports of these names. [`sample`] makes the rows they write; it may serve other tests too.

// A test says that something is wrong by panicking; the runner catches it and names the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]
// Racing writers are tasks of their own, in the runtime of whoever runs the suite.
#![allow(clippy::disallowed_methods)]
// A row is made and then told what is special about it; plain assignments read best.
#![allow(clippy::assigning_clones)]

mod answer;
pub mod arbitrary;
mod arrival;
mod attachment;
mod audit;
pub mod blob;
pub mod bus;
mod canned;
mod claim;
mod comment;
mod commit;
mod condition;
mod count;
mod drift;
mod event;
pub mod field_value;
mod hearer;
mod job;
mod job_list;
mod known;
mod list;
mod notification;
mod person;
mod race;
mod report;
mod routing;
mod run;
pub mod sample;
mod scope;
mod seal;
mod setting;
mod sign_in;
mod team;
mod text;
mod ticket;
mod tie;
mod time;
mod timer;
mod trial;
mod unique;
mod whole;
mod workflow;
mod world;

pub use run::{Harness, Report, Test, TestFn, run};
pub use trial::Trial;

/// Every test, area by area.
pub fn tests() -> Vec<Test> {
    [
        commit::TESTS,
        whole::TESTS,
        unique::TESTS,
        race::TESTS,
        ticket::TESTS,
        list::TESTS,
        drift::TESTS,
        condition::TESTS,
        comment::TESTS,
        person::TESTS,
        sign_in::TESTS,
        team::TESTS,
        setting::TESTS,
        scope::TESTS,
        event::TESTS,
        audit::TESTS,
        answer::TESTS,
        seal::TESTS,
        count::TESTS,
        text::TESTS,
        tie::TESTS,
        job::TESTS,
        claim::TESTS,
        job_list::TESTS,
        known::TESTS,
        workflow::TESTS,
        notification::TESTS,
        hearer::TESTS,
        timer::TESTS,
        report::TESTS,
        routing::TESTS,
        time::TESTS,
        arrival::TESTS,
        attachment::TESTS,
        canned::TESTS,
    ]
    .concat()
}

/// Lists an area's tests, each named for its function. One that is forgotten is dead code.
macro_rules! area {
    ($area:literal: $($name:ident),+ $(,)?) => {
        pub(super) const TESTS: &[$crate::conformance::Test] = &[$($crate::conformance::Test {
            name: concat!($area, "::", stringify!($name)),
            run: |trial| Box::pin(async move { $name(&trial).await }),
        }),+];
    };
}

/// Fails unless the outcome is this error.
macro_rules! refused {
    ($outcome:expr, $error:pat, $($why:tt)+) => {
        let outcome = $outcome;
        assert!(matches!(&outcome, Err($error)), "{}: {outcome:?}", format_args!($($why)+));
    };
}
pub(crate) use {area, refused};
