//! stand-in
#[derive(Clone)]
pub struct Authority;
