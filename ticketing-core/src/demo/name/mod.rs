//! What people and companies are called, and how that looks in an address.

mod list;

pub(super) use list::NAMES;

/// What people of one language are called.
pub(super) struct Names {
    /// First names.
    pub given: &'static [&'static str],
    /// Last names.
    pub family: &'static [&'static str],
    /// The same first names in Latin letters, where they are written in others.
    pub given_latin: &'static [&'static str],
    /// The same last names in Latin letters.
    pub family_latin: &'static [&'static str],
    /// Whether the last name comes first, without a space.
    pub family_first: bool,
    /// Where private people have their mail.
    pub mail: &'static str,
    /// What companies are called by, and how that looks in a domain.
    pub stems: &'static [(&'static str, &'static str)],
    /// What stands around that, and how it looks in a domain.
    pub kinds: &'static [(&'static str, &'static str, &'static str)],
}

impl Names {
    /// A whole name as it is written, and as it stands in an address. The numbers choose.
    pub(super) fn person(&self, given: usize, family: usize) -> (String, String) {
        let (first, last) = (self.given[given], self.family[family]);
        let name = if self.family_first { [last, " ", first].concat() } else { [first, " ", last].concat() };
        let first = self.given_latin.get(given).copied().unwrap_or(first);
        let last = self.family_latin.get(family).copied().unwrap_or(last);
        (name, [&ascii(first), ".", &ascii(last)].concat())
    }

    /// The name and domain of company number `index` of this language, or none where all are taken.
    pub(super) fn company(&self, index: usize) -> Option<(String, String)> {
        let kind = index % self.kinds.len();
        let stem = self.stems.get(index / self.kinds.len())?;
        // Neighbours in the list differ in the stem too.
        let stem = self.stems.get((index / self.kinds.len() + kind * 3) % self.stems.len()).unwrap_or(stem);
        let (before, after, short) = self.kinds[kind];
        Some(([before, stem.0, after].concat(), [stem.1, "-", short, ".example"].concat()))
    }
}

/// A Latin name in the letters that addresses are made of.
pub(super) fn ascii(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        plain.push_str(match letter {
            'ä' => "ae",
            'ö' => "oe",
            'ü' => "ue",
            'ß' => "ss",
            'á' | 'â' | 'ã' | 'à' | 'ą' => "a",
            'é' | 'è' | 'ê' | 'ë' | 'ę' => "e",
            'í' | 'î' | 'ï' | 'ı' => "i",
            'ó' | 'ô' | 'õ' => "o",
            'ú' | 'û' => "u",
            'ç' | 'ć' => "c",
            'ñ' | 'ń' => "n",
            'ł' => "l",
            'ś' => "s",
            'ź' | 'ż' => "z",
            letter if letter.is_ascii_alphanumeric() => {
                plain.push(letter);
                continue;
            }
            _ => continue,
        });
    }
    plain
}
