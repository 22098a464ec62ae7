//! The whole suite on the store in memory.

use async_trait::async_trait;
use std::sync::Arc;
use ticketing_core::conformance::{Harness, run};
use ticketing_core::memory::MemoryStore;
use ticketing_core::port::Store;

struct Memory;

#[async_trait]
impl Harness for Memory {
    async fn fresh(&self) -> Arc<dyn Store> {
        Arc::new(MemoryStore::new())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_store_in_memory_keeps_every_rule() {
    let report = run(&Memory, None).await;
    println!("{report}");
    report.assert_passed();
}
