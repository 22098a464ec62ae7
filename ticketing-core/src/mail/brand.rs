//! What mails carry of the desk's own: name, colour, logo, addresses.

use crate::setting::{DeskProfile, Setting, SingleSetting};
use serde::{Deserialize, Serialize};

/// How the desk shows itself in mail; there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Brand {
    /// The name in mails; the desk's own unless given.
    pub name: Option<String>,
    /// The colour of header and buttons, such as `#1d4ed8`.
    pub colour: String,
    /// A picture for the header, by `https`. It stands in place of the name.
    pub logo_url: Option<String>,
    /// What stands below each mail, such as the company's address.
    pub footer: Option<String>,
    /// The sender's name; the name in mails unless given.
    pub from_name: Option<String>,
    /// The sender's address; the operator's unless given.
    pub from_address: Option<String>,
    /// Where answers go, where that is somewhere else.
    pub reply_to: Option<String>,
}

impl Default for Brand {
    fn default() -> Self {
        Self {
            name: None,
            colour: "#1f4f8f".to_owned(),
            logo_url: None,
            footer: None,
            from_name: None,
            from_address: None,
            reply_to: None,
        }
    }
}

impl Setting for Brand {
    const KIND: &'static str = "brand";
}

impl SingleSetting for Brand {}

impl Brand {
    /// The name beside the sender's address.
    pub fn sender_name(&self, profile: &DeskProfile) -> String {
        self.from_name.clone().unwrap_or_else(|| self.shown_name(profile))
    }

    fn shown_name(&self, profile: &DeskProfile) -> String {
        self.name.clone().unwrap_or_else(|| profile.name.clone())
    }

    /// What a mail shows of the brand. `app_url` is where the desk is found.
    pub fn letterhead(&self, profile: &DeskProfile, app_url: &str) -> Letterhead {
        Letterhead {
            name: self.shown_name(profile),
            colour: self.colour.clone(),
            logo_url: self.logo_url.clone(),
            footer: self.footer.clone(),
            url: app_url.to_owned(),
        }
    }
}

/// What a mail shows of the brand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letterhead {
    /// The name.
    pub name: String,
    /// The colour of header and buttons, such as `#1d4ed8`.
    pub colour: String,
    /// A picture for the header.
    pub logo_url: Option<String>,
    /// What stands below each mail.
    pub footer: Option<String>,
    /// Where the desk is found.
    pub url: String,
}

/// Red, green and blue of a colour such as `#1d4ed8`.
pub(crate) fn rgb(colour: &str) -> Option<[u8; 3]> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// How bright a colour looks, from 0 to 1, as WCAG 2 reckons contrast.
fn luminance(colour: [u8; 3]) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

impl Letterhead {
    /// Black or white, whichever is read more easily on the colour.
    pub fn text_colour(&self) -> &'static str {
        let bright = rgb(&self.colour).map_or(0.0, luminance);
        // Contrast with white is 1.05 / (bright + 0.05), with black (bright + 0.05) / 0.05.
        if (bright + 0.05).powi(2) > 1.05 * 0.05 { "#000000" } else { "#ffffff" }
    }

    /// The edge of what has the colour: the colour, or grey where it is hardly seen on white.
    pub fn edge_colour(&self) -> &str {
        let bright = rgb(&self.colour).map_or(0.0, luminance);
        if bright > 0.8 { "#b6bec9" } else { &self.colour }
    }
}

#[cfg(test)]
mod tests {
    use super::{Brand, luminance, rgb};
    use crate::setting::DeskProfile;

    #[test]
    fn text_on_any_colour_is_readable() {
        for step in 0..=0x1000_u32 {
            let colour = format!("#{:06x}", (step * 4_099) % 0x0100_0000);
            let head = Brand { colour: colour.clone(), ..Brand::default() }.letterhead(&DeskProfile::default(), "");
            let (ground, text) = (luminance(rgb(&colour).unwrap()), luminance(rgb(head.text_colour()).unwrap()));
            let contrast = (ground.max(text) + 0.05) / (ground.min(text) + 0.05);
            assert!(contrast >= 4.5, "{colour} with {}: {contrast}", head.text_colour());
        }
    }

    #[test]
    fn a_pale_colour_has_an_edge() {
        let edge = |colour: &str| {
            let brand = Brand { colour: colour.to_owned(), ..Brand::default() };
            brand.letterhead(&DeskProfile::default(), "").edge_colour().to_owned()
        };
        assert_eq!([edge("#ffffff"), edge("#1f4f8f")], ["#b6bec9", "#1f4f8f"]);
    }

    #[test]
    fn colours_have_one_form() {
        assert_eq!(rgb("#1F4f8f"), Some([0x1f, 0x4f, 0x8f]));
        for bad in ["", "1f4f8f", "#1f4f8", "#1f4f8g", "#+1+2+3", "#1f4f8f ", "red", "#ääé"] {
            assert_eq!(rgb(bad), None, "{bad}");
        }
    }
}
