//! What stands in paths and headers.

use super::super::word::MailType;
use utoipa::IntoParams;
use uuid::Uuid;

macro_rules! in_path {
    ($($name:ident { $($(#[$about:meta])* $field:ident: $kind:ty),+ })+) => {$(
        #[derive(IntoParams)]
        #[into_params(parameter_in = Path)]
        pub(crate) struct $name { $($(#[$about])* $field: $kind),+ }
    )+};
}

in_path! {
    ById {
        /// Its id.
        id: Uuid
    }
    ByIdAndVersion {
        /// Its id.
        id: Uuid,
        /// The number of the version.
        #[param(minimum = 1)]
        version: i64
    }
    ByMailType {
        /// Which mail.
        r#type: MailType
    }
    ByTicket {
        /// The ticket's id or number.
        #[param(min_length = 1, max_length = 64, example = "TKT-7KQ2M9XD")]
        ticket: String
    }
    ByTicketAndLink {
        /// The ticket's id or number.
        #[param(min_length = 1, max_length = 64, example = "TKT-7KQ2M9XD")]
        ticket: String,
        /// The tie's id.
        id: Uuid
    }
    ByTicketAndMacro {
        /// The ticket's id or number.
        #[param(min_length = 1, max_length = 64, example = "TKT-7KQ2M9XD")]
        ticket: String,
        /// The macro's id.
        id: Uuid
    }
    ByTicketAndMail {
        /// The ticket's id or number.
        #[param(min_length = 1, max_length = 64, example = "TKT-7KQ2M9XD")]
        ticket: String,
        /// The mail's id.
        id: Uuid
    }
    ByTicketAndUser {
        /// The ticket's id or number.
        #[param(min_length = 1, max_length = 64, example = "TKT-7KQ2M9XD")]
        ticket: String,
        /// The person's id.
        user_id: Uuid
    }
    ByTeamAndUser {
        /// The team's id.
        id: Uuid,
        /// The person's id.
        user_id: Uuid
    }
}

/// `If-Match`, where a change may insist on a version.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct IfMatch {
    /// Change only what has one of these versions, in quotes and separated by commas, or `*`; else 412.
    #[param(rename = "If-Match", required = false)]
    if_match: String,
}

/// `If-None-Match`, where a client may hold a version.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct IfNoneMatch {
    /// Answer only what has none of these versions, in quotes and separated by commas; else 304.
    #[param(rename = "If-None-Match", required = false)]
    if_none_match: String,
}

/// `X-Inbound-Signature`, by which a mail server proves what it brings.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct InboundSignature {
    /// `sha256=` and the HMAC-SHA256 of the body under the shared secret, in hexadecimal.
    #[param(rename = "X-Inbound-Signature", pattern = "^sha256=[0-9A-Fa-f]{64}$")]
    signature: String,
}
