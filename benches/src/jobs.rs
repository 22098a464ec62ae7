//! What a desk still has to do, asked of it.

use crate::wire::Session;
use anyhow::{Result, bail};
use serde_json::Value;
use std::time::{Duration, Instant};

/// How often to ask.
const PAUSE: Duration = Duration::from_millis(100);

/// Waits until nothing is to be done any more.
pub async fn wait_until_idle(admin: &mut Session, limit: Duration) -> Result<()> {
    let begun = Instant::now();
    loop {
        let (left, _) = admin.page("/api/jobs?state=ready,running&limit=5", None).await?;
        if left.is_empty() {
            return Ok(());
        }
        if begun.elapsed() > limit {
            bail!("after {} s there is still something to do, such as {left:#?}", limit.as_secs());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What was given up, of this kind or of all.
pub async fn dead(admin: &mut Session, kind: Option<&str>) -> Result<Vec<Value>> {
    let kind = kind.map(|kind| format!("&kind={kind}")).unwrap_or_default();
    admin.all(&format!("/api/jobs?state=dead&limit=100{kind}")).await
}
