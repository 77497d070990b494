//! What can be set of how requests are served.

/// What can be set of how requests are served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether documents that only introspect are answered.
    pub introspection: bool,
    /// Whether errors in a document are explained with the parser's or validator's own words; never in production.
    pub explain_documents: bool,
    /// Origins that browsers may call from; empty means none but our own.
    pub allowed_origins: Vec<String>,
}
