//! stub
pub mod audit;
/// The desk.
pub struct Desk;
