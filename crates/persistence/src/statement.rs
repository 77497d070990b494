//! SQL text with typed parameters, for what diesel's builder can't say plainly.
//!
//! Each text is a file of its own, which [`Statement::new`] takes by `include_str!`. Only a statement with many variants is built
//! at run time, in the files that [`crate::builders`] names. A test has PostgreSQL prepare each file and each variant. Unlike
//! `diesel::sql_query`, a statement is prepared once for each connection and found again by its text.

use std::borrow::Cow;
use std::marker::PhantomData;

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Nullable, SqlType, Untyped};

use crate::listed;

/// A statement and its parameters, in the order of `$1`, `$2` …
pub(crate) struct Statement {
    sql: Cow<'static, str>,
    parameters: Vec<Box<dyn Parameter>>,
}

impl Statement {
    /// A statement from a file. Values from outside must be parameters, never part of the text.
    pub(crate) fn new(sql: &'static str) -> Self {
        Self { sql: Cow::Borrowed(sql), parameters: Vec::new() }
    }

    /// A statement that is built at run time, in one of the files that [`crate::builders`] names.
    pub(crate) fn built(sql: String) -> Self {
        Self { sql: sql.into(), parameters: Vec::new() }
    }

    /// Adds the next parameter.
    pub(crate) fn bind<ST, T>(mut self, value: T) -> Self
    where
        Pg: HasSqlType<ST>,
        ST: Send + Sync + 'static,
        T: ToSql<ST, Pg> + Send + Sync + 'static,
    {
        self.add::<ST, T>(value);
        self
    }

    /// Adds the next parameter and returns the text that refers to it.
    pub(crate) fn add<ST, T>(&mut self, value: T) -> String
    where
        Pg: HasSqlType<ST>,
        ST: Send + Sync + 'static,
        T: ToSql<ST, Pg> + Send + Sync + 'static,
    {
        self.parameters.push(Box::new(Typed::<ST, T> { value, sql_type: PhantomData }));
        format!("${}", self.parameters.len())
    }

    /// The types of its parameters, by their object identifiers.
    ///
    /// # Errors
    /// When a parameter can't be written, or its type isn't one of PostgreSQL's own.
    pub(crate) fn types(&self) -> diesel::QueryResult<Vec<u32>> {
        listed::types(self)
    }

    /// The statement's text.
    pub(crate) fn into_text(self) -> String {
        self.sql.into_owned()
    }

    /// Adds a condition that counts only where a value is given. The type is PostgreSQL's word for it. Only the files that
    /// [`crate::builders`] names may call it.
    pub(crate) fn push_if_given<ST, T>(&mut self, sql_type: &str, value: Option<T>, condition: impl FnOnce(&str) -> String)
    where
        ST: SqlType + Send + Sync + 'static,
        Pg: HasSqlType<ST> + HasSqlType<Nullable<ST>>,
        Option<T>: ToSql<Nullable<ST>, Pg> + Send + Sync + 'static,
        Nullable<ST>: Send + Sync + 'static,
    {
        let value = self.add::<Nullable<ST>, _>(value);
        // The planner expects a parameter to be null once in two hundred times. A few such conditions would make it expect a single
        // row, sort instead of reading an index in its order, and join in loops. It expects IS NOT NULL to hold nearly always.
        self.push_sql(&format!(" AND CASE WHEN {value}::{sql_type} IS NULL OR {} THEN true END IS NOT NULL", condition(&value)));
    }

    /// Puts text before and after the whole. Only the files that [`crate::builders`] names may call it.
    pub(crate) fn enclose(&mut self, before: &str, after: &str) {
        let sql = self.sql.to_mut();
        sql.insert_str(0, before);
        sql.push_str(after);
    }

    /// Returns what would be appended to the text, to be appended in several places. Its parameters are added once. Only the files that
    /// [`crate::builders`] names may call it.
    pub(crate) fn set_aside(&mut self, append: impl FnOnce(&mut Self)) -> String {
        let begins = self.sql.len();
        append(self);
        self.sql.to_mut().split_off(begins)
    }

    /// Appends to the text. Only the files that [`crate::builders`] names may call it.
    pub(crate) fn push_sql(&mut self, sql: &str) {
        self.sql.to_mut().push_str(sql);
    }
}

trait Parameter: Send + Sync {
    fn push<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()>;
}

struct Typed<ST, T> {
    value: T,
    sql_type: PhantomData<ST>,
}

impl<ST, T> Parameter for Typed<ST, T>
where
    Pg: HasSqlType<ST>,
    ST: Send + Sync,
    T: ToSql<ST, Pg> + Send + Sync,
{
    fn push<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param_value_only::<ST, T>(&self.value)
    }
}

impl QueryFragment<Pg> for Statement {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&self.sql);
        for parameter in &self.parameters {
            parameter.push(out.reborrow())?;
        }
        Ok(())
    }
}

impl QueryId for Statement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = Untyped;
}
