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

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn what_people_hold_for_the_same_folds_alike() {
        for (one, other) in [
            ("Printer", "PRINTER"),
            ("ＰＲＩＮＴＥＲ", "printer"),
            ("straße", "STRASSE"),
            ("ẞ", "ss"),
            ("ﬁle", "FILE"),
            ("e\u{301}", "É"),
            ("σίσυφος", "ΣΊΣΥΦΟΣ"),
            ("Ǆ", "ǆ"),
            ("İ", "i\u{307}"),
            ("Ω", "ω"),
            ("K", "k"),
            ("ｶﾞ", "ガ"),
            ("ᲐᲑ", "აბ"),
            ("Ꭰ", "ꭰ"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} and {other}");
        }
    }

    #[test]
    fn what_differs_stays_apart() {
        for (one, other) in
            [("I", "ı"), ("e", "é"), ("שלום", "שָׁלוֹם"), ("👩", "👩‍👩‍👧"), ("a_b", "axb"), ("Straße", "Strase")]
        {
            assert_ne!(fold(one), fold(other), "{one} and {other}");
        }
    }

    #[test]
    fn only_nothing_folds_to_nothing() {
        assert_eq!(fold(""), "");
        for text in [" ", "\u{200f}", "\u{ad}", "\u{feff}", "\u{301}"] {
            assert_ne!(fold(text), "", "{text:?}");
        }
    }

    #[test]
    fn ascii_takes_a_short_cut_to_the_same_place() {
        let ascii: String = (0..128_u8).map(char::from).collect();
        let long_way = fold(&format!("{ascii}ß"));
        assert_eq!(fold(&ascii), long_way.strip_suffix("ss").unwrap());
    }

    /// Folded texts are stored, sent back and folded again, so folding twice must change nothing.
    #[test]
    fn folding_is_done_once_and_for_all() {
        let marks = [
            "",
            "\u{301}",
            "\u{307}",
            "\u{308}\u{301}",
            "\u{313}",
            "\u{323}",
            "\u{328}",
            "\u{342}",
            "\u{345}",
            "\u{345}\u{301}",
            "\u{338}",
        ];
        for c in '\0'..=char::MAX {
            for mark in marks.iter().filter(|mark| mark.is_empty() || c < '\u{3000}') {
                let once = fold(&format!("{c}{mark}"));
                assert_eq!(fold(&once), once, "U+{:04X} and {mark:?}", c as u32);
            }
        }
    }
}
