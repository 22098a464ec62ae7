//! Running the suite and telling how it went.

use super::{Trial, tests};
use crate::port::Store;
use async_trait::async_trait;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use std::any::Any;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

/// A store under test: how to get fresh ones, and how hard to try.
#[async_trait]
pub trait Harness: Send + Sync {
    /// A new and empty store that nobody else uses.
    async fn fresh(&self) -> Arc<dyn Store>;

    /// The test is over; drop what the store left behind, such as its database.
    async fn discard(&self, store: Arc<dyn Store>) {
        drop(store);
    }

    /// How many random conditions a store is compared by.
    fn cases(&self) -> usize {
        2_000
    }

    /// How many tests run side by side, each on its own store.
    fn at_once(&self) -> usize {
        4
    }

    /// After this long a test that still runs has failed.
    fn patience(&self) -> Duration {
        Duration::from_mins(5)
    }
}

/// A test's body.
pub type TestFn = fn(Trial) -> BoxFuture<'static, ()>;

/// One rule that a store must keep.
#[derive(Clone, Copy, Debug)]
pub struct Test {
    /// Area and rule, such as `commit::a_row_is_new_once`.
    pub name: &'static str,
    /// Panics where the rule is broken.
    pub run: TestFn,
}

/// Which rules a store keeps.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Names of the tests that passed.
    pub passed: Vec<&'static str>,
    /// Names of the tests that failed, and why.
    pub failed: Vec<(&'static str, String)>,
}

impl Report {
    /// Whether this test failed.
    pub fn has_failed(&self, name: &str) -> bool {
        self.failed.iter().any(|(failed, _)| *failed == name)
    }

    /// Fails the test that ran the suite, naming every rule that was broken.
    ///
    /// # Panics
    /// Where a test failed, or where none was run.
    pub fn assert_passed(&self) {
        assert!(self.failed.is_empty(), "{self}");
        assert!(!self.passed.is_empty(), "no test has such a name");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed.len(), self.failed.len())?;
        for (name, why) in &self.failed {
            write!(f, "\n  {name}: {}", why.replace('\n', "\n    "))?;
        }
        Ok(())
    }
}

/// Runs every test whose name contains the filter, each on a fresh store, and prints each name as
/// it is done. A test that panics or hangs fails alone.
pub async fn run(harness: &dyn Harness, filter: Option<&str>) -> Report {
    let chosen = tests().into_iter().filter(|test| filter.is_none_or(|part| test.name.contains(part)));
    let outcomes = stream::iter(chosen).map(|test| async move {
        let outcome = run_one(harness, test).await;
        println!("test {} ... {}", test.name, if outcome.is_ok() { "ok" } else { "FAILED" });
        (test.name, outcome)
    });
    let mut outcomes = outcomes.buffered(harness.at_once().max(1));
    let mut report = Report::default();
    while let Some((name, outcome)) = outcomes.next().await {
        match outcome {
            Ok(()) => report.passed.push(name),
            Err(why) => report.failed.push((name, why)),
        }
    }
    report
}

async fn run_one(harness: &dyn Harness, test: Test) -> Result<(), String> {
    let fresh = AssertUnwindSafe(harness.fresh()).catch_unwind().await;
    let store = fresh.map_err(|panic| format!("there was no fresh store: {}", message(&*panic)))?;
    let trial = Trial::new(Arc::clone(&store), harness.cases());
    let mut task = tokio::spawn((test.run)(trial));
    let outcome = match tokio::time::timeout(harness.patience(), &mut task).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(match error.try_into_panic() {
            Ok(panic) => message(&*panic),
            Err(error) => error.to_string(),
        }),
        Err(_) => {
            task.abort();
            Err(format!("it still ran after {:?}", harness.patience()))
        }
    };
    harness.discard(store).await;
    outcome
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
}
