//! How well a canned response fits what somebody types.

use super::{Findable, typed, words};

/// Letters up to which a word has to be right.
const EXACT: usize = 3;
/// Letters from which on a word may have two mistakes.
const LONG: usize = 8;
/// Characters of what is typed that are looked at.
const LONGEST: usize = 200;

/// What somebody types to find one.
#[derive(Clone, Debug)]
pub struct Wanted {
    shortcut: String,
    words: Vec<String>,
}

/// How well one fits; the better, the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// It is what one types for it.
    Shortcut,
    /// What one types for it begins so.
    ShortcutPrefix,
    /// Words of its title begin so.
    Words,
    /// The same but for so many mistakes.
    Nearly(usize),
}

impl Wanted {
    /// Reads what was typed.
    pub fn new(text: &str) -> Self {
        let text: String = text.chars().take(LONGEST).collect();
        Self { shortcut: typed(&text), words: words(&text) }
    }

    /// How well this one fits, if it does.
    pub fn of(&self, one: &Findable) -> Option<Match> {
        if let Some(shortcut) = one.shortcut.as_deref().filter(|_| !self.shortcut.is_empty()) {
            if shortcut == self.shortcut {
                return Some(Match::Shortcut);
            }
            if shortcut.starts_with(&self.shortcut) {
                return Some(Match::ShortcutPrefix);
            }
        }
        if self.words.is_empty() {
            return None;
        }
        if self.words.iter().all(|word| one.title.iter().any(|other| other.starts_with(word.as_str()))) {
            return Some(Match::Words);
        }
        let nearest = |word: &String| {
            let known = one.title.iter().chain(&one.shortcut);
            let mistakes = known.map(|other| mistakes(word, other)).min()?;
            (mistakes <= allowed(word)).then_some(mistakes)
        };
        self.words.iter().map(nearest).sum::<Option<usize>>().map(Match::Nearly)
    }
}

fn allowed(word: &str) -> usize {
    match word.chars().count() {
        0..=EXACT => 0,
        count if count < LONG => 1,
        _ => 2,
    }
}

/// How many letters are wrong, missing, too much or swapped in a word, as the beginning of another.
fn mistakes(word: &str, other: &str) -> usize {
    let word: Vec<char> = word.chars().collect();
    // What is further on can only add to it.
    let other: Vec<char> = other.chars().take(word.len() + 2).collect();
    // A row a letter of the word, a column a letter of the other; the last two rows are enough.
    let mut above: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in word.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(place + 1);
        for (column, known) in other.iter().enumerate() {
            let replaced = row[column] + usize::from(letter != known);
            let mut least = replaced.min(row[column + 1] + 1).min(next[column] + 1);
            let is_swapped = place > 0 && column > 0 && word[place - 1] == *known && other[column - 1] == *letter;
            if is_swapped {
                least = least.min(above[column - 1] + 1);
            }
            next.push(least);
        }
        (above, row) = (row, next);
    }
    row.into_iter().min().unwrap_or_default()
}
