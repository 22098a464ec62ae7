//! What is found by what.

use super::{Findable, Match, Wanted};
use crate::model::{CannedResponse, Sharing};
use crate::setting::Stored;
use crate::time::Time;
use proptest::prelude::*;
use uuid::Uuid;

fn one(title: &str, shortcut: Option<&str>) -> Findable {
    let at = Time::UNIX_EPOCH;
    let content = CannedResponse {
        title: title.to_owned(),
        category: None,
        content: "x".to_owned(),
        shortcut: shortcut.map(str::to_owned),
        sharing: Sharing::All,
        created_at: at,
    };
    Findable::new(Stored { id: Uuid::nil(), version: 1, saved_at: at, content })
}

fn of(typed: &str, title: &str, shortcut: Option<&str>) -> Option<Match> {
    Wanted::new(typed).of(&one(title, shortcut))
}

#[test]
fn what_one_types_for_it_comes_before_its_title_and_that_before_mistakes() {
    let known = |typed| of(typed, "Password Reset Instructions", Some("/pwreset"));
    assert_eq!(known("pwreset"), Some(Match::Shortcut));
    assert_eq!(known("/PWReset "), Some(Match::Shortcut));
    assert_eq!(known("pw"), Some(Match::ShortcutPrefix));
    assert_eq!(known("res pass"), Some(Match::Words), "in any order");
    assert_eq!(known("pasword"), Some(Match::Nearly(1)), "a letter is missing");
    assert_eq!(known("passwrod"), Some(Match::Nearly(1)), "two are swapped");
    assert_eq!(known("rezet"), Some(Match::Nearly(1)), "one is another");
    assert_eq!(known("insttrucshun"), None);
    assert_eq!(known("pxwreset"), Some(Match::Nearly(1)));
    assert_eq!(known("reset refund"), None, "every word must be there");
    assert!(Match::Shortcut < Match::ShortcutPrefix && Match::ShortcutPrefix < Match::Words);
    assert!(Match::Words < Match::Nearly(1) && Match::Nearly(1) < Match::Nearly(2));
}

#[test]
fn neither_case_nor_accents_matter() {
    for typed in ["ruckerstattung", "RÜCKERSTATTUNG", "rückerst", "ru\u{308}ck"] {
        assert_eq!(of(typed, "Rückerstattung der Gebühr", None), Some(Match::Words), "{typed}");
    }
    assert_eq!(of("strasse", "Falsche Straße", None), Some(Match::Words));
    assert_eq!(of("ответ", "Быстрый Ответ", None), Some(Match::Words));
    assert_eq!(of("ガ", "ｶﾞイド", None), Some(Match::Words));
}

#[test]
fn short_words_have_to_be_right_and_nothing_is_found_by_nothing() {
    assert_eq!(of("rat", "Red flag", None), None);
    assert_eq!(of("red", "Red flag", None), Some(Match::Words));
    for nothing in ["", "  ", "!?", "/"] {
        assert_eq!(of(nothing, "Red flag", Some("red")), None, "{nothing:?}");
    }
}

proptest! {
    #[test]
    fn the_beginning_of_a_title_finds_it_also_with_a_mistake(
        title in "[a-z]{8,12} [a-zäöü]{4,9}", cut in 5..8_usize, place in 0..5_usize, other in "[0-9]",
    ) {
        let typed: String = title.chars().take(cut).collect();
        prop_assert_eq!(of(&typed, &title, None), Some(Match::Words));
        let mistaken: String = typed.chars().enumerate().map(|(n, c)| if n == place { other.clone() } else { c.to_string() }).collect();
        let is_found = matches!(of(&mistaken, &title, None), Some(Match::Nearly(1)));
        prop_assert!(is_found, "{} for {}", mistaken, title);
    }

    #[test]
    fn nothing_that_is_typed_is_too_much(typed in "\\PC*", title in "\\PC{1,60}", shortcut in "\\PC{1,20}") {
        of(&typed, &title, Some(&shortcut));
    }
}
