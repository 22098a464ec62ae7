//! The mark that a desk which is being taken in leaves in the settings, so that one which was interrupted can go on.

use crate::setting::{Setting, SingleSetting};
use serde::{Deserialize, Serialize};

/// Of which file this desk was made, and whether all of it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ImportMark {
    /// The checksum that the file ends with.
    pub(super) sha256: String,
    /// Whether the last line is in.
    pub(super) is_whole: bool,
}

impl Setting for ImportMark {
    const KIND: &'static str = "desk_import";
}

impl SingleSetting for ImportMark {}
