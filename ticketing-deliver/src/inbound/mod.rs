//! Mail that comes in, read from its bytes.

mod body;
mod decode;
mod field;
mod html;
mod invitation;
mod limit;
mod part;
mod read;
mod report;
#[cfg(test)]
mod tests;

pub use limit::Limits;
pub use read::Reader;
