//! The closed list of the statements that a member's request can send.
//!
//! The role that serves members reads and writes no table. The database has a function for each statement of the list, and that role
//! may call these functions and nothing else, so that whoever takes the program over can send no statement of their own: see
//! `docs/decisions/0032`. The list is printed by a test from what the program sends; `pamoja migrate` makes its functions.

mod doers;
mod install;
mod sent;

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{LazyLock, OnceLock};

use pamoja_domain::vocabulary::Vocabulary;
use sha2::{Digest, Sha256};

use crate::acting::acts_as;

pub(crate) use self::install::lacking;
pub use self::install::{install, missing};
pub(crate) use self::sent::{Sender, types};

/// The list, as a test prints it.
const LIST: &str = include_str!("listed/statements.txt");
/// How each entry of the list begins.
const BEGINS: &str = "=== ";

/// A statement, and the function that the database has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedStatement {
    /// The types of its parameters, separated by commas, as PostgreSQL writes them.
    pub parameters: String,
    /// What its function returns: `TABLE (…)` with a column for each of the statement's, `void`, or `SETOF boolean` for a statement
    /// that has no columns: then a row for each row that the statement touched.
    pub returns: String,
    /// The statement's text.
    pub text: String,
}

impl ListedStatement {
    /// The name of its function, by what the function is: another statement, or one that takes or returns something else, has another
    /// name.
    pub fn name(&self) -> String {
        let body = self.body();
        let hash = Sha256::digest([self.parameters.as_str(), self.returns.as_str(), body.as_str()].join("\n"));
        let mut name = "s_".to_owned();
        for byte in &hash[..8] {
            write!(name, "{byte:02x}").expect("a string takes it");
        }
        name
    }

    /// The codes of the roles that may send it, separated by spaces. Empty when everybody may.
    pub fn doers(&self) -> String {
        let roles = doers::doers(&self.text).unwrap_or_default();
        roles.iter().map(|role| role.code()).collect::<Vec<_>>().join(" ")
    }

    /// What the function does, in PL/pgSQL, which keeps the statement's plan for as long as the connection lasts. To somebody whose roles
    /// it isn't for, it does nothing.
    pub fn body(&self) -> String {
        let text = &self.text;
        let asks =
            doers::doers(text).map(|roles| format!("IF NOT {} THEN RETURN; END IF;\n", acts_as(&roles))).unwrap_or_default();
        match (self.returns.as_str(), text.strip_prefix("SELECT ")) {
            ("void", Some(what)) => format!("BEGIN\n{asks}PERFORM {what}\n; END"),
            (TOUCHED, _) => format!(
                "DECLARE touched bigint; BEGIN\n{asks}{text}\n; GET DIAGNOSTICS touched = ROW_COUNT; RETURN QUERY SELECT true FROM generate_series(1, touched); END"
            ),
            // The columns of what it returns must not be taken for variables.
            _ => format!("#variable_conflict use_column\nBEGIN\n{asks}RETURN QUERY\n{text}\n; END"),
        }
    }

    /// The statement that calls it.
    fn call(&self) -> String {
        let count = if self.parameters.is_empty() { 0 } else { self.parameters.split(", ").count() };
        let parameters: Vec<String> = (1..=count).map(|number| format!("${number}")).collect();
        format!("SELECT * FROM statement.{}({})", self.name(), parameters.join(", "))
    }
}

/// What the function of a statement without columns returns.
pub const TOUCHED: &str = "SETOF boolean";

/// The list.
pub fn statements() -> Vec<ListedStatement> {
    read(LIST)
}

/// Reads a list, as [`print()`] writes it.
fn read(list: &str) -> Vec<ListedStatement> {
    let (list, begins) = (format!("\n{list}"), format!("\n{BEGINS}"));
    let entries = list.split(&begins).skip(1);
    let parts = entries.filter_map(|entry| entry.split_once('\n').map(|(head, text)| (head, text.trim_end())));
    parts
        .filter_map(|(head, text)| {
            let (parameters, returns) = head.strip_prefix('(')?.split_once(") -> ")?;
            // Whose it is follows from the text.
            let returns = returns.split_once(" for ").map_or(returns, |(returns, _)| returns);
            Some(ListedStatement { parameters: parameters.to_owned(), returns: returns.to_owned(), text: text.to_owned() })
        })
        .collect()
}

/// Writes a list, sorted by the text. What a text ends with, after its last word, is left out.
pub fn print(mut statements: Vec<ListedStatement>) -> String {
    for statement in &mut statements {
        statement.text.truncate(statement.text.trim_end().len());
    }
    statements.sort_by(|one, other| (&one.text, &one.parameters).cmp(&(&other.text, &other.parameters)));
    statements.dedup();
    let entry = |statement: &ListedStatement| {
        let doers = statement.doers();
        let doers = if doers.is_empty() { doers } else { format!(" for {doers}") };
        format!("{BEGINS}({}) -> {}{doers}\n{}\n", statement.parameters, statement.returns, statement.text)
    };
    statements.iter().map(entry).collect()
}

/// The call for a statement's text. None when the list doesn't have it.
fn call(text: &str) -> Option<&'static str> {
    static CALLS: LazyLock<HashMap<String, String>> =
        LazyLock::new(|| statements().into_iter().map(|statement| (statement.text.clone(), statement.call())).collect());
    CALLS.get(text.trim_end()).map(String::as_str)
}

/// Hears of each statement that a member's request sends: its text, and the types of its parameters by their object identifiers.
pub type Recorder = Box<dyn Fn(&str, &[u32]) + Send + Sync>;

static RECORDER: OnceLock<Recorder> = OnceLock::new();

/// From now on, statements of members are sent as they are, and the recorder hears of each. The test that prints the list needs it; it
/// connects as a role that may send statements of its own, which the program's never is.
pub fn record(recorder: Recorder) {
    drop(RECORDER.set(recorder));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_was_printed() {
        let statement = |parameters: &str, returns: &str, text: &str| ListedStatement {
            parameters: parameters.to_owned(),
            returns: returns.to_owned(),
            text: text.to_owned(),
        };
        let list = vec![
            statement("", "void", "SELECT a()"),
            statement("uuid, text[]", "TABLE (\"id\" uuid)", "SELECT id\n\nFROM b\n WHERE c = $1 AND d = $2"),
            statement("uuid", TOUCHED, "UPDATE e SET f = $1"),
        ];
        assert_eq!(read(&print(list.clone())), list);
        assert_eq!(list[1].call(), format!("SELECT * FROM statement.{}($1, $2)", list[1].name()));
        assert_ne!(list[0].name(), ListedStatement { parameters: "uuid".to_owned(), ..list[0].clone() }.name());
    }

    #[test]
    fn no_text_is_listed_twice() {
        let list = statements();
        let texts: std::collections::BTreeSet<&str> = list.iter().map(|statement| statement.text.as_str()).collect();
        assert_eq!(texts.len(), list.len(), "a text would be sent with the wrong types");
        let names: std::collections::BTreeSet<String> = list.iter().map(ListedStatement::name).collect();
        assert_eq!(names.len(), list.len());
        assert_eq!(print(list), LIST);
    }
}
