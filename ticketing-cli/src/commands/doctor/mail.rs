//! Mail: the server lets us in, or the folder can be written.

use super::check::Check;
use crate::config::Config;
use crate::wiring;
use ticketing_deliver::smtp::SmtpMailer;

const MAIL: &str = "mail";

/// Connects, greets and signs in where a server is set; sends nothing.
pub async fn check(config: &Config) -> Check {
    let Some(options) = wiring::smtp_options(config) else {
        let folder = wiring::outbox(config);
        let detail = format!("no SMTP_HOST is set; mails are written to {} and go nowhere", folder.display());
        return if config.is_production() { Check::warn(MAIL, detail) } else { Check::ok(MAIL, detail) };
    };
    let at = format!("{}:{}", options.host, options.port);
    let checked = match SmtpMailer::new(&options) {
        Ok(mailer) => mailer.check().await,
        Err(error) => Err(error),
    };
    match checked {
        Ok(()) => Check::ok(MAIL, format!("{at} takes our mail")),
        Err(error) => {
            let why = format!("{:#}", anyhow::Error::new(error));
            Check::fail(MAIL, format!("{at}: {why}; check SMTP_HOST, SMTP_PORT, SMTP_TLS, SMTP_USER and SMTP_PASSWORD"))
        }
    }
}
