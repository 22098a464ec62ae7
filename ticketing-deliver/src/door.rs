//! What the desk's word on a mail means to whoever brought it.

use ticketing_core::Error;

/// Why a mail was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotTaken {
    /// It is larger than any mail may be; it will be the next time too.
    TooLarge,
    /// Something else is wrong with it, the next time too.
    Refused,
    /// Not now.
    Later,
}

impl From<&Error> for NotTaken {
    /// Whatever is not plainly about the mail is about the desk, and a mail that waits is better than one that is lost.
    fn from(error: &Error) -> Self {
        match error {
            Error::Invalid(fields) if fields.iter().any(|field| field.code == "too_large") => Self::TooLarge,
            Error::Invalid(_) => Self::Refused,
            _ => Self::Later,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NotTaken;
    use ticketing_core::Error;

    #[test]
    fn only_what_is_wrong_with_the_mail_itself_is_for_good() {
        for (error, meaning) in [
            (Error::field("mail", "too_large", "It is too large."), NotTaken::TooLarge),
            (Error::field("mail", "empty", "It is empty."), NotTaken::Refused),
            (Error::Unavailable(None), NotTaken::Later),
            (Error::Internal("broken".into()), NotTaken::Later),
            (Error::conflict("gone", "It is gone."), NotTaken::Later),
            (Error::forbidden("no"), NotTaken::Later),
        ] {
            assert_eq!(NotTaken::from(&error), meaning, "{error}");
        }
    }
}
