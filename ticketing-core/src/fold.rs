//! Case folding, ours and the same over every store.
//!
//! Databases disagree about `lower` and `ILIKE` (`straße`, `İ`), so texts are folded here, stored
//! folded beside the original, and compared as bytes.

use unicode_normalization::UnicodeNormalization;

/// The text as comparisons see it: compatibility-composed, full case folding, composed again.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    caseless::default_case_fold_str(&text.nfkc().collect::<String>()).nfkc().collect()
}
