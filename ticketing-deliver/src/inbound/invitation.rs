//! Meetings that a mail is about (RFC 5546, RFC 6047).

use super::body::part_text;
use super::field::{cut, one_line};
use super::part::{Part, Parts};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use icalendar::parser::{Component, Property, unfold};
use ticketing_core::mail::inbound::Invitation;
use ticketing_core::time::Time;

/// Bytes of a calendar that are looked at.
const BYTES: usize = 64 * 1024;
/// Lines of an event.
const LINES: usize = 500;
/// Characters of a name or a place.
const WORDS: usize = 500;

/// The meeting that a mail is about, where it is about one.
pub(super) fn invitation(raw: &[u8], parts: &Parts<'_>) -> Option<Invitation> {
    let is_calendar = |part: &&Part<'_>| part.kind.is("text", "calendar") || part.kind.is("application", "ics");
    parts.parts.iter().filter(is_calendar).take(3).find_map(|part| read(&part_text(raw, part, BYTES).0))
}

fn read(text: &str) -> Option<Invitation> {
    let text = unfold(text);
    let (mut method, mut event, mut depth) = (String::new(), String::from("BEGIN:VEVENT\n"), 0_usize);
    // What is in the event itself, and nothing that is in other things of it: the reader behind this goes as deep as it is led.
    let mut lines = text.lines().map(str::trim_end);
    for line in lines.by_ref() {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        if name.eq_ignore_ascii_case("method") {
            cut(value.trim(), 40).to_ascii_uppercase().clone_into(&mut method);
        } else if name.eq_ignore_ascii_case("begin") && value.eq_ignore_ascii_case("vevent") {
            depth = 1;
            break;
        }
    }
    if depth == 0 {
        return None;
    }
    for line in lines.take(LINES) {
        let name = line.split([':', ';']).next().unwrap_or_default().to_ascii_uppercase();
        match name.as_str() {
            "BEGIN" => depth += 1,
            "END" => depth -= 1,
            "SUMMARY" | "DTSTART" | "DTEND" | "LOCATION" | "ORGANIZER" if depth == 1 => {
                event.push_str(line);
                event.push('\n');
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    event.push_str("END:VEVENT\n");
    let event = Component::try_from(event.as_str()).ok()?;
    let words = |name: &str| {
        let words = property(&event, name).map(|found| one_line(found.val.clone().unescape_text().as_str()));
        words.map(|words| cut(&words, WORDS).to_owned()).filter(|words| !words.is_empty())
    };
    Some(Invitation {
        method,
        summary: words("SUMMARY"),
        starts_at: property(&event, "DTSTART").and_then(time),
        ends_at: property(&event, "DTEND").and_then(time),
        location: words("LOCATION"),
        organizer: words("ORGANIZER").and_then(|organizer| {
            let address = organizer.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
            address.and_then(|_| organizer.get(7..)).map(str::to_owned).filter(|address| address.contains('@'))
        }),
    })
}

fn property<'a>(event: &'a Component<'_>, name: &str) -> Option<&'a Property<'a>> {
    event.properties.iter().find(|property| property.name.as_str().eq_ignore_ascii_case(name))
}

/// A moment, where its zone is known.
fn time(property: &Property<'_>) -> Option<Time> {
    let value = property.val.as_str().trim();
    if let Ok(day) = NaiveDate::parse_from_str(value, "%Y%m%d") {
        return Some(Utc.from_utc_datetime(&day.and_time(NaiveTime::MIN)));
    }
    let at = NaiveDateTime::parse_from_str(value.trim_end_matches(['Z', 'z']), "%Y%m%dT%H%M%S").ok()?;
    if value.ends_with(['Z', 'z']) {
        return Some(Utc.from_utc_datetime(&at));
    }
    let named = property.params.iter().find(|parameter| parameter.key.as_str().eq_ignore_ascii_case("TZID"))?;
    let zone = zone(named.val.as_ref()?.as_str())?;
    zone.from_local_datetime(&at).earliest().map(|at| at.with_timezone(&Utc))
}

fn zone(name: &str) -> Option<Tz> {
    let name = name.trim().trim_matches('"');
    let windows = WINDOWS.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(name));
    windows.map_or(name, |(_, zone)| zone).parse().ok()
}

/// The zones that Outlook calls by names of its own, as Unicode's CLDR maps them.
const WINDOWS: [(&str, &str); 28] = [
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Argentina Standard Time", "America/Buenos_Aires"),
    ("Atlantic Standard Time", "America/Halifax"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Central Standard Time", "America/Chicago"),
    ("Central Standard Time (Mexico)", "America/Mexico_City"),
    ("China Standard Time", "Asia/Shanghai"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("E. South America Standard Time", "America/Sao_Paulo"),
    ("Eastern Standard Time", "America/New_York"),
    ("FLE Standard Time", "Europe/Kiev"),
    ("GMT Standard Time", "Europe/London"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("India Standard Time", "Asia/Calcutta"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("Mountain Standard Time", "America/Denver"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("W. Europe Standard Time", "Europe/Berlin"),
];
