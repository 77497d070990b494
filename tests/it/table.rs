//! diesel's tables are those of the migrated database: this test prints `schema.rs` from the catalogue.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pamoja_demo::private_postgresql::DatabaseRole;
use tokio_postgres::Client;

use crate::harness::World;

const WRITTEN: &str = include_str!("../../crates/persistence/src/schema.rs");

const HEAD: &str = "//! The tables as diesel knows them. A test prints this file from the catalogue of the migrated database and compares the two.

/// Types that diesel doesn't know.
pub(crate) mod sql_types {
    /// The id of a transaction.
    #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = \"xid8\"))]
    pub struct Xid8;
}
";

/// The types of the catalogue.
struct Types(BTreeMap<u32, Type>);

struct Type {
    name: String,
    kind: i8,
    base: u32,
    element: u32,
    is_array: bool,
    required: bool,
}

impl Types {
    async fn read(client: &Client) -> Self {
        let query = "SELECT oid, typname::text, typtype, typbasetype, typelem, typcategory = 'A', typnotnull FROM pg_type";
        let rows = client.query(query, &[]).await.expect("the types");
        let of = |row: &tokio_postgres::Row| Type {
            name: row.get(1),
            kind: row.get(2),
            base: row.get(3),
            element: row.get(4),
            is_array: row.get(5),
            required: row.get(6),
        };
        Self(rows.iter().map(|row| (row.get(0), of(row))).collect())
    }

    /// The type as diesel names it; for a DOMAIN, its base type.
    fn name(&self, oid: u32) -> String {
        let found = &self.0[&oid];
        if found.kind == b'd' as i8 {
            return self.name(found.base);
        }
        if found.is_array {
            return format!("Array<{}>", self.name(found.element));
        }
        match found.name.as_str() {
            "bool" => "Bool",
            "bytea" => "Binary",
            "date" => "Date",
            "float8" => "Double",
            "int4" => "Integer",
            "int8" => "BigInt",
            "text" => "Text",
            "timestamptz" => "Timestamptz",
            "uuid" => "Uuid",
            "xid8" => "Xid8",
            unknown => panic!("say what diesel calls {unknown}"),
        }
        .to_owned()
    }

    /// Whether a column of that type is never null, even if the column itself allows null.
    fn is_required(&self, oid: u32) -> bool {
        self.0[&oid].required
    }
}

struct Table {
    name: String,
    key: Vec<String>,
    columns: Vec<(String, String)>,
}

async fn tables(client: &Client) -> Vec<Table> {
    let types = Types::read(client).await;
    let query = "SELECT class.oid, class.relname::text,
            (SELECT array_agg(attname::text ORDER BY place) FROM unnest(indkey::int2[]) WITH ORDINALITY AS key (number, place)
                JOIN pg_attribute ON attrelid = class.oid AND attnum = key.number) AS key
        FROM pg_class AS class LEFT JOIN pg_index ON indrelid = class.oid AND indisprimary
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relname <> '__diesel_schema_migrations'
        ORDER BY relname COLLATE \"C\"";
    let mut tables = Vec::new();
    for row in client.query(query, &[]).await.expect("the tables") {
        let (oid, name): (u32, String) = (row.get(0), row.get(1));
        let key: Option<Vec<String>> = row.get(2);
        let query = "SELECT attname::text, atttypid, attnotnull FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
        let columns = client.query(query, &[&oid]).await.expect("its columns");
        let column = |row: &tokio_postgres::Row| {
            let (name, oid, required): (String, u32, bool) = (row.get(0), row.get(1), row.get(2));
            let known = types.name(oid);
            (name, if required || types.is_required(oid) { known } else { format!("Nullable<{known}>") })
        };
        let columns: Vec<(String, String)> = columns.iter().map(column).collect();
        // Diesel needs a primary key: without one, all columns together identify a row.
        let key = key.unwrap_or_else(|| columns.iter().map(|(name, _)| name.clone()).collect());
        tables.push(Table { name, key, columns });
    }
    tables
}

fn print(tables: &[Table]) -> String {
    let mut printed = HEAD.to_owned();
    for Table { name, key, columns } in tables {
        let ours = if columns.iter().any(|(_, kind)| kind.contains("Xid8")) {
            "    use super::sql_types::Xid8;\n    use diesel::sql_types::*;\n\n"
        } else {
            ""
        };
        write!(printed, "\ndiesel::table! {{\n{ours}    {name} ({}) {{\n", key.join(", ")).expect("a text");
        for (column, kind) in columns {
            writeln!(printed, "        {column} -> {kind},").expect("a text");
        }
        printed.push_str("    }\n}\n");
    }
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let names = names.join(",\n    ");
    write!(printed, "\ndiesel::allow_tables_to_appear_in_same_query!(\n    {names}\n);\n").expect("a text");
    printed
}

#[tokio::test]
async fn the_tables_of_diesel_are_those_of_the_database() {
    let world = World::new().await;
    let tables = tables(&world.connect(DatabaseRole::Superuser).await).await;
    assert!(tables.len() > 30, "only {} tables", tables.len());
    let printed = print(&tables);
    if printed != WRITTEN {
        let fresh = concat!(env!("CARGO_TARGET_TMPDIR"), "/schema.rs");
        std::fs::write(fresh, &printed).expect("it is written");
        let lines = differences(WRITTEN, &printed);
        panic!("schema.rs is not what the catalogue has; {fresh} is:\n{}", lines.join("\n"));
    }
}

/// The lines that are in only one of the texts.
fn differences(written: &str, printed: &str) -> Vec<String> {
    let only = |here: &str, there: &str, sign: &str| -> Vec<String> {
        blocks(here).difference(&blocks(there)).map(|line| format!("{sign} {line}")).collect()
    };
    [only(written, printed, "-"), only(printed, written, "+")].concat()
}

/// Each line, prefixed with its table.
fn blocks(text: &str) -> std::collections::BTreeSet<String> {
    let mut table = "";
    let mut blocks = std::collections::BTreeSet::new();
    for line in text.lines().map(str::trim) {
        if line.ends_with(") {") {
            table = line;
        }
        blocks.insert(format!("{table} {line}"));
    }
    blocks
}
