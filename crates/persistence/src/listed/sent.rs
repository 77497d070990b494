//! Sending a statement: as it is, or as a call of the function that the database has for it.

use diesel::QueryResult;
use diesel::pg::{Pg, PgMetadataLookup, PgQueryBuilder, PgTypeMetadata};
use diesel::query_builder::bind_collector::RawBytesBindCollector;
use diesel::query_builder::{AsQuery, AstPass, Query, QueryBuilder, QueryFragment, QueryId};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, SimpleAsyncConnection};

use super::{RECORDER, call};

/// The connection of a transaction, for one statement.
pub(crate) struct Sender<'t> {
    connection: &'t AsyncPgConnection,
    /// Whether only listed statements go out.
    listed: bool,
}

impl<'t> Sender<'t> {
    /// For statements as they are, of roles that may read and write tables.
    pub(crate) fn of_any(connection: &'t AsyncPgConnection) -> Self {
        Self { connection, listed: false }
    }

    /// For listed statements alone.
    pub(crate) fn of_listed(connection: &'t AsyncPgConnection) -> Self {
        Self { connection, listed: true }
    }
}

impl SimpleAsyncConnection for Sender<'_> {
    async fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        let mut connection = self.connection;
        connection.batch_execute(query).await
    }
}

impl<'t> AsyncConnectionCore for Sender<'t> {
    type ExecuteFuture<'conn, 'query> = <&'t AsyncPgConnection as AsyncConnectionCore>::ExecuteFuture<'conn, 'query>;
    type LoadFuture<'conn, 'query> = <&'t AsyncPgConnection as AsyncConnectionCore>::LoadFuture<'conn, 'query>;
    type Stream<'conn, 'query> = <&'t AsyncPgConnection as AsyncConnectionCore>::Stream<'conn, 'query>;
    type Row<'conn, 'query> = <&'t AsyncPgConnection as AsyncConnectionCore>::Row<'conn, 'query>;
    type Backend = Pg;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> Self::LoadFuture<'conn, 'query>
    where
        T: AsQuery + 'query,
        T::Query: QueryFragment<Pg> + QueryId + 'query,
    {
        let mut connection = self.connection;
        connection.load(Sent { query: source.as_query(), listed: self.listed })
    }

    fn execute_returning_count<'conn, 'query, T>(&'conn mut self, source: T) -> Self::ExecuteFuture<'conn, 'query>
    where
        T: QueryFragment<Pg> + QueryId + 'query,
    {
        let mut connection = self.connection;
        connection.execute_returning_count(Sent { query: source, listed: self.listed })
    }
}

/// A query on its way.
struct Sent<Q> {
    query: Q,
    listed: bool,
}

impl<Q: QueryFragment<Pg> + QueryId> QueryFragment<Pg> for Sent<Q> {
    /// For all passes but the one that makes the text: the parameters are the query's own.
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.query.walk_ast(pass)
    }

    fn to_sql(&self, out: &mut PgQueryBuilder, backend: &Pg) -> QueryResult<()> {
        if !self.listed {
            return self.query.to_sql(out, backend);
        }
        let mut text = PgQueryBuilder::default();
        self.query.to_sql(&mut text, backend)?;
        let text = text.finish();
        if let Some(recorder) = RECORDER.get() {
            recorder(&text, &types(&self.query)?);
            out.push_sql(&text);
            return Ok(());
        }
        let Some(call) = call(&text) else {
            return Err(diesel::result::Error::QueryBuilderError(
                format!("this statement is not in the list of statements, print the list: {text}").into(),
            ));
        };
        out.push_sql(call);
        Ok(())
    }

    /// An UPDATE sets now these columns and now those, so diesel has each prepared anew, in a round trip of its own. The call of a listed
    /// one is a text of its own, by which the connection finds what it has prepared.
    fn is_safe_to_cache_prepared(&self, backend: &Pg) -> QueryResult<bool> {
        Ok((self.listed && !Q::HAS_STATIC_QUERY_ID) || self.query.is_safe_to_cache_prepared(backend)?)
    }
}

impl<Q: QueryId> QueryId for Sent<Q> {
    type QueryId = Sent<Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: Query> Query for Sent<Q> {
    type SqlType = Q::SqlType;
}

/// The types of a query's parameters.
pub(crate) fn types(query: &impl QueryFragment<Pg>) -> QueryResult<Vec<u32>> {
    let mut parameters = RawBytesBindCollector::<Pg>::new();
    query.collect_binds(&mut parameters, &mut NoOtherTypes, &Pg)?;
    let types = parameters.metadata.iter().map(|metadata| metadata.oid());
    types.collect::<Result<_, _>>().map_err(|error| diesel::result::Error::QueryBuilderError(Box::new(error)))
}

/// All types of parameters are PostgreSQL's own, whose object identifiers never change.
struct NoOtherTypes;

impl PgMetadataLookup for NoOtherTypes {
    fn lookup_type(&mut self, _: &str, _: Option<&str>) -> PgTypeMetadata {
        PgTypeMetadata::new(0, 0)
    }
}

#[cfg(test)]
mod tests {
    use diesel::ExpressionMethods;

    use super::*;
    use crate::schema::client_mutation;

    #[test]
    fn what_is_listed_is_prepared_once_a_connection() {
        let update = || diesel::update(client_mutation::table).set(client_mutation::operation.eq("acceptReferral"));
        let insert = || diesel::insert_into(client_mutation::table).values(client_mutation::operation.eq("acceptReferral"));
        let safe = |query: &dyn Fn() -> QueryResult<bool>| query().expect("it can be told");
        assert!(safe(&|| Sent { query: update(), listed: true }.is_safe_to_cache_prepared(&Pg)));
        assert!(safe(&|| Sent { query: insert(), listed: true }.is_safe_to_cache_prepared(&Pg)));
        // What isn't called by one text goes by diesel's rule.
        assert!(!safe(&|| Sent { query: update(), listed: false }.is_safe_to_cache_prepared(&Pg)));
    }
}
