//! The doors that mail comes in by besides HTTP: mail servers by LMTP, and mailboxes elsewhere that are fetched by IMAP. They
//! are where the workers are.

use crate::config::{Config, LmtpAddress};
use anyhow::Context;
use axum::http::Uri;
use std::error::Error;
use std::fmt::Write;
use ticketing_core::Desk;
use ticketing_deliver::imap::{self, ImapOptions, ImapStatus, ImapStatuses};
use ticketing_deliver::lmtp::{self, LmtpListener, LmtpOptions};
use tokio_util::sync::CancellationToken;

/// The doors of one process.
pub struct Doors {
    lmtp: Option<LmtpListener>,
    desk: Desk,
    statuses: ImapStatuses,
}

impl Doors {
    /// Opens what is set. Nobody is let in yet.
    pub async fn open(config: &Config, desk: Desk) -> anyhow::Result<Self> {
        let lmtp = match &config.settings.lmtp_listen {
            None => None,
            Some(LmtpAddress::Tcp(address)) => {
                let listener = LmtpListener::tcp(*address).await;
                Some(listener.with_context(|| format!("LMTP_LISTEN: can't listen on {address}"))?)
            }
            Some(LmtpAddress::Unix(path)) => {
                let listener = LmtpListener::unix(path).await;
                Some(listener.with_context(|| format!("LMTP_LISTEN: can't listen on {}", path.display()))?)
            }
        };
        Ok(Self { lmtp, desk, statuses: ImapStatuses::default() })
    }

    /// What the operator should know: the port, where any free one was asked for.
    pub fn greeting(&self) -> Option<String> {
        let address = self.lmtp.as_ref()?.local_addr()?;
        Some(format!("taking mail by LMTP on {address}"))
    }

    /// How the mailboxes are doing that are fetched.
    pub fn statuses(&self) -> ImapStatuses {
        self.statuses.clone()
    }

    /// Takes mail in until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let Self { lmtp, desk, statuses } = self;
        let fetching = async {
            let stopped = stop.cancelled();
            if let Err(error) = imap::run(desk.clone(), ImapOptions::default(), statuses, stopped).await {
                tracing::error!(error = &error as &dyn Error, "no mailbox is fetched");
            }
        };
        let listening = async {
            if let Some(listener) = lmtp {
                lmtp::serve(listener, desk.clone(), LmtpOptions::new(hostname(&desk)), stop.cancelled()).await;
            }
        };
        tokio::join!(fetching, listening);
    }
}

/// How the desk calls itself to mail servers.
fn hostname(desk: &Desk) -> String {
    let uri = desk.options().app_url.parse::<Uri>().ok();
    uri.as_ref().and_then(Uri::host).unwrap_or("localhost").trim_matches(['[', ']']).to_owned()
}

/// What `/metrics` says of the mailboxes that this process fetches.
pub fn write_metrics(statuses: &ImapStatuses, out: &mut String) {
    let all = statuses.all();
    if !all.is_empty() {
        // Writing to a String can't fail.
        let _ = try_write_metrics(&all, out);
    }
}

fn try_write_metrics(all: &[ImapStatus], out: &mut String) -> std::fmt::Result {
    writeln!(out, "# HELP ticketing_imap_connected Whether the mailbox's server lets the desk in.")?;
    writeln!(out, "# TYPE ticketing_imap_connected gauge")?;
    for ImapStatus { mailbox_id, connected_since, .. } in all {
        let connected = u8::from(connected_since.is_some());
        writeln!(out, "ticketing_imap_connected{{mailbox_id=\"{mailbox_id}\"}} {connected}")?;
    }
    let name = "ticketing_imap_mails_total";
    writeln!(out, "# HELP {name} Mails out of the mailbox, by whether the desk took them.")?;
    writeln!(out, "# TYPE {name} counter")?;
    for ImapStatus { mailbox_id, fetched, refused, .. } in all {
        for (outcome, count) in [("fetched", fetched), ("refused", refused)] {
            writeln!(out, "{name}{{mailbox_id=\"{mailbox_id}\",outcome=\"{outcome}\"}} {count}")?;
        }
    }
    Ok(())
}
