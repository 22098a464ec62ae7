//! placeholder
mod condition;
