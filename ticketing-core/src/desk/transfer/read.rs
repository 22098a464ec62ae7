//! Reading a desk's file: once to see that it is whole, then once for each kind of rows.

use super::TransferError;
use super::line::{Footer, Header, Line};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead, Read};

/// Opens the file from its beginning.
pub type OpenFile<'a> = &'a (dyn Fn() -> std::io::Result<Box<dyn BufRead + Send>> + Sync);

/// A longer line was not written by a desk, whatever it says.
const LONGEST: u64 = 64 * 1024 * 1024;

/// How the first line of every desk's file begins.
const BEGINNING: &str = "{\"type\":\"header\",";

/// Whether a file that begins so is a desk's.
pub fn is_desk_file(beginning: &[u8]) -> bool {
    beginning.starts_with(BEGINNING.as_bytes())
}

/// The lines of a file.
pub(super) struct Lines {
    file: Box<dyn BufRead + Send>,
    text: Vec<u8>,
    number: u64,
}

impl Lines {
    pub(super) fn open(open: OpenFile<'_>) -> Result<Self, TransferError> {
        Ok(Self { file: open()?, text: Vec::new(), number: 0 })
    }

    /// The next line with its end, and its number; nothing behind the last.
    fn next_text(&mut self) -> Result<Option<(u64, &[u8])>, TransferError> {
        self.text.clear();
        let read = (&mut self.file).take(LONGEST).read_until(b'\n', &mut self.text)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if !self.text.ends_with(b"\n") {
            return Err(TransferError::at(self.number, "The file is cut off here."));
        }
        Ok(Some((self.number, &self.text)))
    }

    /// How many bytes the line has that was read last.
    pub(super) fn length(&self) -> usize {
        self.text.len()
    }

    /// The next line of one of these types, and its number.
    pub(super) fn next_of(&mut self, types: &[&str]) -> Result<Option<(u64, Line)>, TransferError> {
        while let Some((number, text)) = self.next_text()? {
            if types.iter().any(|name| is_of(text, name)) {
                return Ok(Some((number, parse(number, text)?)));
            }
        }
        Ok(None)
    }
}

/// Whether a line is of this type: that stands first in it.
fn is_of(text: &[u8], name: &str) -> bool {
    let rest = text.strip_prefix(b"{\"type\":\"").and_then(|rest| rest.strip_prefix(name.as_bytes()));
    rest.is_some_and(|rest| rest.starts_with(b"\""))
}

fn parse(number: u64, text: &[u8]) -> Result<Line, TransferError> {
    let line: Line = serde_json::from_slice(text).map_err(|error| TransferError::at(number, error.to_string()))?;
    if is_of(text, line.name()) { Ok(line) } else { Err(TransferError::at(number, "Its type does not stand first.")) }
}

/// Reads all of the file, and says what is wrong with it.
pub(super) fn check(open: OpenFile<'_>) -> Result<(Header, Footer), TransferError> {
    let mut lines = Lines::open(open)?;
    let mut digest = Sha256::new();
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut header = None;
    while let Some((number, text)) = lines.next_text()? {
        let line = parse(number, text)?;
        match (line, number) {
            (Line::Header(first), 1) => {
                let fits = first.format == Header::FORMAT && first.version == Header::VERSION;
                if !fits {
                    let why = format!("It is {} {}, which this program does not read.", first.format, first.version);
                    return Err(TransferError::at(number, why));
                }
                header = Some(first);
            }
            (_, 1) => return Err(TransferError::at(number, "It is not the header of a desk's file.")),
            (Line::Header(_), _) => return Err(TransferError::at(number, "There is a second header.")),
            (Line::Footer(footer), _) => {
                let sha256 = data_encoding::HEXLOWER.encode(&digest.finalize());
                if footer.sha256 != sha256 || footer.counts != counts {
                    return Err(TransferError::at(
                        number,
                        "The file is not what was written: its checksum is another.",
                    ));
                }
                if lines.next_text()?.is_some() {
                    return Err(TransferError::at(number + 1, "Something follows the footer."));
                }
                let header = header.ok_or_else(|| TransferError::at(1, "There is no header."))?;
                return Ok((header, footer));
            }
            (line, _) => *counts.entry(line.name().to_owned()).or_default() += 1,
        }
        digest.update(text);
    }
    Err(TransferError::at(lines.number + 1, "The file is cut off: its footer is missing."))
}
