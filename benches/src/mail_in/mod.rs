//! The proofs of mail that comes in: that each is taken once however often the server dies, that no circle of programs
//! goes on, how many are taken a second, and that none is a bomb.

pub mod bomb;
pub mod bombs;
pub mod circle;
pub mod crash;
pub mod crowd;
pub mod door;
pub mod dovecot;
pub mod judge;
pub mod letter;
pub mod manner;
pub mod post;
pub mod rate;
pub mod side;
pub mod verify;

pub use door::{Door, Parcel};
pub use dovecot::Dovecot;
pub use letter::Letter;

use crate::wire::Session;
use anyhow::{Context, Result, bail};
use hyper::Method;
use serde_json::Value;
use std::time::{Duration, Instant};

/// How often to ask whether all is decided.
const POLL: Duration = Duration::from_millis(20);

/// How many mails are kept and not decided.
pub async fn waiting(admin: &mut Session) -> Result<u64> {
    let counts = admin.expect(Method::GET, "/api/inbound/counts", None).await?;
    let counts = counts["items"].as_array().context("counts without items")?;
    let waiting = counts.iter().filter(|count| count["state"] == "waiting");
    Ok(waiting.filter_map(|count| count["count"].as_u64()).sum())
}

/// Waits until every mail is decided.
pub async fn wait_until_decided(admin: &mut Session, limit: Duration) -> Result<()> {
    let begun = Instant::now();
    loop {
        let left = waiting(admin).await?;
        if left == 0 {
            return Ok(());
        }
        if begun.elapsed() > limit {
            bail!("after {} s {left} mails are not decided", limit.as_secs());
        }
        tokio::time::sleep(POLL).await;
    }
}

/// A field that is a text, or nothing.
fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}
