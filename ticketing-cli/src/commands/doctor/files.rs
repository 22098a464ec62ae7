//! Files and mail that comes in: there is a place to keep them, and no door is open to strangers.

use super::check::Check;
use crate::config::{Config, LmtpAddress, Secret};
use crate::wiring;
use ticketing_core::port::BlobStore;
use ticketing_store::FolderBlobs;

/// Whether files can be kept. The folder is not made here.
pub async fn check(config: &Config) -> Check {
    const NAME: &str = "files";
    let folder = wiring::files(config);
    let shown = folder.display();
    if !folder.exists() {
        return Check::ok(NAME, format!("{shown} is not there yet; it is made at the start"));
    }
    let written = match FolderBlobs::open(&folder).await {
        Ok(blobs) => blobs.ping().await,
        Err(error) => Err(error),
    };
    match written {
        Ok(()) => Check::ok(NAME, format!("{shown} can be written")),
        Err(error) => {
            let why = format!("{:#}", anyhow::Error::new(error));
            Check::fail(NAME, format!("{shown}: {why}; let this user write there, or set UPLOAD_PATH"))
        }
    }
}

/// By which doors mail comes in, as far as settings say.
pub fn doors(config: &Config) -> Check {
    const NAME: &str = "mail in";
    let settings = &config.settings;
    if let Some(LmtpAddress::Tcp(address)) = &settings.lmtp_listen
        && !address.ip().to_canonical().is_loopback()
    {
        let detail = format!(
            "whoever reaches {address} may bring mail, LMTP knows no sign-in; set LMTP_LISTEN to 127.0.0.1 or unix:PATH, or keep all but the mail server away from it"
        );
        return Check::warn(NAME, detail);
    }
    let secret = settings.inbound_email_secret.as_ref();
    if let Some(weakness) = secret.and_then(Secret::weakness) {
        return Check::warn(NAME, format!("INBOUND_EMAIL_SECRET {weakness}; make one with: openssl rand -base64 48"));
    }
    let lmtp = settings.lmtp_listen.as_ref().map(|address| match address {
        LmtpAddress::Tcp(address) => format!("LMTP on {address}"),
        LmtpAddress::Unix(path) => format!("LMTP on {}", path.display()),
    });
    let http = secret.map(|_| "POST /api/inbound/email".to_owned());
    let own = ["mailboxes that are fetched".to_owned(), "ticketing mail deliver".to_owned()];
    let doors: Vec<String> = own.into_iter().chain(http).chain(lmtp).collect();
    Check::ok(NAME, format!("comes by {}", doors.join(", ")))
}
