//! stub
/// The desk.
pub struct Desk;
