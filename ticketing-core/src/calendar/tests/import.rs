//! Holidays out of files, as programs write them and as nobody should.

use crate::calendar::{Found, ImportError, MOST_BYTES, MOST_EVENTS, read_holidays};
use chrono_tz::Tz;

/// A file with these events, each the lines between its beginning and end.
fn file(events: &[&str]) -> String {
    let event = |lines: &&str| {
        format!("BEGIN:VEVENT\r\nUID:x@desk.example\r\n{}\r\nEND:VEVENT\r\n", lines.replace('\n', "\r\n"))
    };
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    let events: String = events.iter().map(event).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Desk//EN\r\n{zone}{events}END:VCALENDAR\r\n")
}

fn read(events: &[&str]) -> Found {
    read_holidays(&file(events), Tz::Europe__Berlin).unwrap()
}

/// The days of one event, or why it is left out.
fn days(event: &str) -> Result<Vec<String>, String> {
    let found = read(&[event]);
    match found.skipped.first() {
        Some(skipped) => Err(skipped.reason.clone()),
        None => Ok(found.holidays.iter().map(|holiday| holiday.date.to_string()).collect()),
    }
}

#[test]
fn days_and_names_are_read() {
    let found = read(&[
        "SUMMARY:Christmas\\, first\n  day\nDTSTART;VALUE=DATE:20261225",
        "dtstart:20260101\nsummary;LANGUAGE=de:Neujahr",
        "DTSTART:20260501",
    ]);
    let told: Vec<_> = found.holidays.iter().map(|h| (h.date.to_string(), h.name.as_str())).collect();
    let wanted = [("2026-12-25", "Christmas, first day"), ("2026-01-01", "Neujahr"), ("2026-05-01", "2026-05-01")];
    assert_eq!(told, wanted.map(|(date, name)| (date.to_owned(), name)));
    assert_eq!(found.skipped, []);
}

#[test]
fn events_last_as_long_as_they_say() {
    for (event, wanted) in [
        ("DTSTART:20261225\nDTEND:20261226", vec!["2026-12-25"]),
        ("DTSTART:20261225\nDTEND:20261225", vec!["2026-12-25"]),
        ("DTSTART:20261225\nDTEND:20261228", vec!["2026-12-25", "2026-12-26", "2026-12-27"]),
        ("DTSTART:20261225\nDURATION:P2D", vec!["2026-12-25", "2026-12-26"]),
        ("DTSTART:20261225T080000\nDURATION:PT8H", vec!["2026-12-25"]),
        ("DTSTART;TZID=Europe/Berlin:20261225T230000\nDTEND:20261226T010000", vec!["2026-12-25", "2026-12-26"]),
        ("DTSTART:20261225T000000\nDTEND:20261226T000000", vec!["2026-12-25"]),
        // In UTC: the whole of the next day in Berlin.
        ("DTSTART:20261224T230000Z\nDTEND:20261225T230000Z", vec!["2026-12-25"]),
        ("DTSTART:20261231\nDTEND:20270102\nRRULE:FREQ=YEARLY", vec!["--12-31", "--01-01"]),
    ] {
        assert_eq!(days(event).unwrap(), wanted, "{event}");
    }
}

#[test]
fn only_what_comes_each_year_on_its_day_comes_again() {
    for rule in ["FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=1", "BYMONTHDAY=25;freq=yearly;BYMONTH=12;WKST=MO;"] {
        assert_eq!(days(&format!("DTSTART:20261225\nRRULE:{rule}")).unwrap(), ["--12-25"], "{rule}");
    }
    for rule in [
        "FREQ=YEARLY;INTERVAL=2",
        "FREQ=YEARLY;BYMONTH=11",
        "FREQ=YEARLY;BYMONTHDAY=24",
        "FREQ=YEARLY;COUNT=3",
        "FREQ=YEARLY;UNTIL=20300101",
        "FREQ=YEARLY;BYDAY=4TH",
        "FREQ=WEEKLY",
        "INTERVAL=1",
    ] {
        let refused = days(&format!("DTSTART:20261225\nRRULE:{rule}")).unwrap_err();
        assert!(refused.contains("repeats otherwise"), "{rule}: {refused}");
    }
}

#[test]
fn what_can_not_be_carried_over_is_told() {
    for (event, reason) in [
        ("SUMMARY:No day", "no day"),
        ("DTSTART:2026-12-25", "day can't be read"),
        ("DTSTART:20261325", "day can't be read"),
        ("DTSTART:20261225T25", "day can't be read"),
        ("DTSTART:20261225\nDTEND:20261224", "end can't be read"),
        ("DTSTART:20261225\nDURATION:P-1D", "how long"),
        ("DTSTART:20261225\nDURATION:P99999D", "how long"),
        ("DTSTART:20261225\nDTEND:20281225", "more than a year"),
        ("DTSTART:20261225\nRDATE:20270101", "days of a list"),
        ("DTSTART:20261225\nRRULE:FREQ=YEARLY\nEXDATE:20271225", "days of a list"),
        ("DTSTART:20261225\nSTATUS:CANCELLED", "cancelled"),
        ("DTSTART:20261225\nRECURRENCE-ID:20261225", "one day of a repetition"),
        ("this is no line", "can't be read"),
    ] {
        let told = days(event).unwrap_err();
        assert!(told.contains(reason), "{event}: {told}");
    }
    let found = read(&["SUMMARY:Each week\nDTSTART:20261225\nRRULE:FREQ=WEEKLY", "DTSTART:20260101"]);
    assert_eq!(found.skipped[0].summary.as_deref(), Some("Each week"));
    assert_eq!(found.holidays.len(), 1, "one that is left out spoils no other");
}

#[test]
fn alarms_in_an_event_are_no_events() {
    let alarm = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nDESCRIPTION:Soon\nEND:VALARM";
    assert_eq!(days(&format!("DTSTART:20261225\n{alarm}")).unwrap(), ["2026-12-25"]);
}

#[test]
fn a_name_is_one_short_line() {
    let long = format!("SUMMARY:  A\\n\\n b\t{}\nDTSTART:20261225", "x".repeat(300));
    let name = read(&[&long]).holidays[0].name.clone();
    assert!(name.starts_with("A b xxx") && name.chars().count() == 100, "{name}");
    assert_eq!(read(&["SUMMARY: \nDTSTART:20261225"]).holidays[0].name, "2026-12-25");
}

#[test]
fn what_is_no_calendar_or_too_much_is_refused() {
    let zone = Tz::UTC;
    for none in ["", "hello", "BEGIN:VCALENDAR\nEND:VCALENDAR\n"] {
        assert_eq!(read_holidays(none, zone), Err(ImportError::NoEvent), "{none}");
    }
    assert_eq!(read_holidays(&" ".repeat(MOST_BYTES + 1), zone), Err(ImportError::TooLong));
    let many = |count| file(&vec!["DTSTART:20261225"; count]);
    assert_eq!(read_holidays(&many(MOST_EVENTS), zone).unwrap().holidays.len(), MOST_EVENTS);
    assert_eq!(read_holidays(&many(MOST_EVENTS + 1), zone), Err(ImportError::TooMany));
    let long = file(&vec!["DTSTART:20260101\nDURATION:P360D"; 20]);
    assert_eq!(read_holidays(&long, zone), Err(ImportError::TooManyDays));
    let cut = file(&["DTSTART:20261225"]).replace("END:VEVENT", "");
    assert_eq!(read_holidays(&cut, zone).unwrap().skipped[0].reason, "it has no end");
    // Read as it is written, this would need a stack as deep as the file is long.
    let deep = file(&[&"BEGIN:VALARM\n".repeat(50_000)]);
    assert!(read_holidays(&deep, zone).unwrap().skipped[0].reason.contains("too many parts"));
}
