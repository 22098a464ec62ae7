//! Tables as files: RFC 4180 with commas, semicolons or tabs, within limits.

use super::{CsvImport, ImportKind};
use crate::desk::transfer::{OpenFile, TransferError};
use crate::error::{Error, FieldError};
use crate::input::Problems;
use crate::model::CustomFields;
use crate::model::custom_field::CUSTOM;
use csv::{ByteRecord, ReaderBuilder, WriterBuilder};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead, Read, Write};

/// A longer line has a quotation mark too few.
const LONGEST_LINE: usize = 1024 * 1024;

/// How many lines a table has at most.
const MOST_ROWS: u64 = 2_000_000;

/// How many columns it has at most.
const MOST_COLUMNS: usize = 300;

/// How many bytes the delimiter is looked for in.
const SNIFFED: usize = 64 * 1024;

/// What can part cells, the likeliest first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Columns by other names than the desk's.
pub type CsvColumns = Vec<(String, String)>;

/// How a table is written.
#[derive(Clone, Debug, Default)]
pub struct CsvFormat {
    /// What parts cells; seen from the header unless said.
    pub delimiter: Option<u8>,
    /// Their column, and our field; nothing where the column is to be passed over. A column may be several fields.
    pub columns: CsvColumns,
}

/// A line, cell by cell.
pub(super) struct Row {
    /// Where it begins in the file.
    pub(super) line: u64,
    /// What is said, by our fields. An empty cell says nothing.
    pub(super) cells: BTreeMap<String, String>,
    /// What it is known by: the same whenever the same table is read.
    pub(super) key: [u8; 32],
    /// As it stands in the file.
    pub(super) raw: ByteRecord,
    /// Why it can't be read.
    pub(super) fault: Option<FieldError>,
}

impl Row {
    /// What is said of a field.
    pub(super) fn cell(&self, field: &str) -> Option<&str> {
        self.cells.get(field).map(String::as_str)
    }
}

/// Gives no more than is left, so that no line grows without end.
struct Bounded {
    file: Box<dyn BufRead + Send>,
    left: usize,
}

impl Read for Bounded {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 && !self.file.fill_buf()?.is_empty() {
            return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "a line is too long"));
        }
        let most = into.len().min(self.left);
        let read = self.file.read(&mut into[..most])?;
        self.left -= read;
        Ok(read)
    }
}

/// A table that is read line by line.
pub(super) struct Table {
    reader: csv::Reader<Bounded>,
    delimiter: u8,
    header: ByteRecord,
    /// Which fields each column is.
    columns: Vec<Vec<String>>,
    rows: u64,
    /// How often each line was there before.
    repeats: HashMap<[u8; 16], u32>,
}

impl Table {
    /// Reads the header, and says what is wrong with it.
    pub(super) fn open(
        open: OpenFile<'_>,
        options: &CsvImport,
        fields: &CustomFields,
    ) -> Result<(Self, ImportKind), TransferError> {
        let delimiter = match options.format.delimiter {
            Some(delimiter) => delimiter,
            None => sniff(open)?,
        };
        let file = Bounded { file: open()?, left: LONGEST_LINE };
        let mut builder = ReaderBuilder::new();
        let mut reader = builder.delimiter(delimiter).has_headers(false).flexible(true).from_reader(file);
        let mut header = ByteRecord::new();
        let is_there = reader.read_byte_record(&mut header).map_err(|error| unread(1, &error))?;
        if !is_there {
            return Err(Error::field("header", "empty", "There is nothing in the file.").into());
        }
        let (columns, kind) = columns(&header, options, fields)?;
        Ok((Self { reader, delimiter, header, columns, rows: 0, repeats: HashMap::new() }, kind))
    }

    /// Writes lines as this table has them, below its header.
    pub(super) fn writer<W: Write>(&self, out: W) -> Result<csv::Writer<W>, TransferError> {
        let mut writer = WriterBuilder::new().delimiter(self.delimiter).flexible(true).from_writer(out);
        writer.write_byte_record(&self.header).map_err(unwritten)?;
        Ok(writer)
    }

    /// The next line. Its key follows from the name of the table, from what the line says, and from how often the very same
    /// line stands above it.
    pub(super) fn next_row(&mut self, name: &str) -> Result<Option<Row>, TransferError> {
        self.reader.get_mut().left = LONGEST_LINE;
        let line = self.reader.position().line();
        let mut raw = ByteRecord::new();
        if !self.reader.read_byte_record(&mut raw).map_err(|error| unread(line, &error))? {
            return Ok(None);
        }
        let line = raw.position().map_or(line, csv::Position::line);
        self.rows += 1;
        if self.rows > MOST_ROWS {
            return Err(TransferError::at(line, format!("A table may have at most {MOST_ROWS} lines.")));
        }
        let mut row = Row { line, cells: BTreeMap::new(), key: [0; 32], raw, fault: None };
        if row.raw.len() != self.columns.len() {
            let message = format!("Has {} cells; the header has {}.", row.raw.len(), self.columns.len());
            row.fault = Some(FieldError::new("line", "length", message));
            return Ok(Some(row));
        }
        for (cell, fields) in row.raw.iter().zip(&self.columns) {
            let Ok(text) = std::str::from_utf8(cell) else {
                row.fault = Some(FieldError::new("line", "malformed", "Is not UTF-8."));
                return Ok(Some(row));
            };
            if text.trim().is_empty() {
                continue;
            }
            for field in fields {
                row.cells.insert(field.clone(), text.to_owned());
            }
        }
        row.key = self.key(name, &row.cells);
        Ok(Some(row))
    }

    fn key(&mut self, name: &str, cells: &BTreeMap<String, String>) -> [u8; 32] {
        let mut digest = Sha256::new().chain_update("ticketing line\0").chain_update(name).chain_update([0]);
        for (field, text) in cells {
            // Lengths first, so that no two tables run into the same bytes.
            digest.update((field.len() as u64).to_be_bytes());
            digest.update(field);
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
        let content: [u8; 32] = digest.finalize().into();
        let mut short = [0; 16];
        short.copy_from_slice(&content[..16]);
        let before = self.repeats.entry(short).or_default();
        let key = Sha256::new().chain_update(content).chain_update(before.to_be_bytes()).finalize();
        *before += 1;
        key.into()
    }
}

/// What stands in the first line most often, outside of quotation marks.
fn sniff(open: OpenFile<'_>) -> Result<u8, TransferError> {
    let mut beginning = Vec::new();
    open()?.take(SNIFFED as u64).read_to_end(&mut beginning)?;
    let mut counts = [0; DELIMITERS.len()];
    let mut quoted = false;
    for byte in beginning {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => {
                if let Some(place) = DELIMITERS.iter().position(|delimiter| *delimiter == byte) {
                    counts[place] += 1;
                }
            }
            _ => {}
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    let place = counts.iter().position(|count| *count == most).unwrap_or_default();
    Ok(DELIMITERS[place])
}

/// Fields that a line of a kind has, those that it must have first.
fn fields_of(kind: ImportKind) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        ImportKind::Users => (&["email", "name"], &["role", "organization", "time_zone", "locale"]),
        ImportKind::Organizations => (&["name"], &["domains", "shares_tickets"]),
        ImportKind::Tickets => (
            &["subject", "description", "customer_email"],
            &[
                "external_id",
                "status",
                "priority",
                "category",
                "tags",
                "customer_name",
                "assigned_agent_email",
                "team",
                "channel",
                "created_at",
                "resolved_at",
                "closed_at",
            ],
        ),
    }
}

fn columns(
    header: &ByteRecord,
    options: &CsvImport,
    custom: &CustomFields,
) -> Result<(Vec<Vec<String>>, ImportKind), Error> {
    if header.len() > MOST_COLUMNS {
        return Err(Error::field("header", "too_many", format!("May have at most {MOST_COLUMNS} columns.")));
    }
    let mut problems = Problems::default();
    let mut columns = Vec::with_capacity(header.len());
    let mut theirs = BTreeSet::new();
    for name in header {
        let Ok(name) = std::str::from_utf8(name) else {
            return Err(Error::field("header", "malformed", "Is not UTF-8."));
        };
        let name = name.trim();
        theirs.insert(name.to_owned());
        let mapped: Vec<&str> =
            options.format.columns.iter().filter(|(from, _)| from.trim() == name).map(|(_, to)| to.trim()).collect();
        columns.push(if mapped.is_empty() {
            vec![name.to_lowercase().replace([' ', '-'], "_")]
        } else {
            mapped.into_iter().filter(|to| !to.is_empty()).map(str::to_owned).collect()
        });
    }
    for (from, _) in &options.format.columns {
        if !theirs.contains(from.trim()) {
            problems.add(from.as_str(), "unknown_field", "The table has no such column.");
        }
    }
    let all: BTreeSet<&str> = columns.iter().flatten().map(String::as_str).collect();
    let kind = options.kind.or_else(|| {
        let has = |field| all.contains(field);
        if has("subject") {
            Some(ImportKind::Tickets)
        } else if has("email") {
            Some(ImportKind::Users)
        } else {
            has("name").then_some(ImportKind::Organizations)
        }
    });
    let Some(kind) = kind else {
        return Err(Error::field("kind", "required", "The columns don't show what the lines are: say the kind."));
    };
    let (required, other) = fields_of(kind);
    for field in required.iter().filter(|field| !all.contains(*field)) {
        problems.add(*field, "required", "The table has no such column.");
    }
    let mut seen = BTreeSet::new();
    for field in columns.iter().flatten() {
        let key = field.strip_prefix(CUSTOM).filter(|_| kind == ImportKind::Tickets);
        let is_known = match key {
            Some(key) => custom.by_key(key).is_some(),
            None => required.contains(&field.as_str()) || other.contains(&field.as_str()),
        };
        if !is_known {
            let field: String = field.chars().take(100).collect();
            problems.add(
                field,
                "unknown_field",
                format!("There is no such field of {kind}; a column can be passed over."),
            );
        } else if !seen.insert(field.as_str()) {
            problems.add(field.as_str(), "repeated", "Two columns are this field.");
        }
    }
    problems.finish()?;
    Ok((columns, kind))
}

fn unread(line: u64, error: &csv::Error) -> TransferError {
    match error.kind() {
        csv::ErrorKind::Io(io) if io.kind() != std::io::ErrorKind::FileTooLarge => {
            TransferError::Io(std::io::Error::new(io.kind(), io.to_string()))
        }
        csv::ErrorKind::Io(_) => {
            let why = format!("It has more than {LONGEST_LINE} bytes; a quotation mark may be missing.");
            TransferError::at(line, why)
        }
        _ => TransferError::at(line, error.to_string()),
    }
}

pub(super) fn unwritten(error: csv::Error) -> TransferError {
    TransferError::Io(std::io::Error::other(error))
}
