//! Which rows are others', judged by what a table's comment says of it and not by its policies.

/// A table, as an attacker finds it in the catalogue.
pub struct Table {
    /// Its name.
    pub name: String,
    /// What its comment begins with: the class, and for some classes a word more.
    class: String,
    word: String,
    columns: Vec<String>,
    identifiers: Vec<String>,
    /// The columns that the role may read.
    pub readable: Vec<String>,
    /// The columns that the role may insert.
    pub insertable: Vec<String>,
    /// The columns that the role may change.
    pub updatable: Vec<String>,
}

/// The tables of the program with the rights of a role; the role is `$1`.
pub const TABLES: &str = "
    SELECT relname::text, obj_description(pg_class.oid, 'pg_class'), array_agg(attname::text ORDER BY attnum),
        coalesce(array_agg(attname::text ORDER BY attnum) FILTER (WHERE has_column_privilege($1, pg_class.oid, attnum, 'SELECT')), '{}'),
        coalesce(array_agg(attname::text ORDER BY attnum) FILTER (
            WHERE has_column_privilege($1, pg_class.oid, attnum, 'INSERT') AND attgenerated = '' AND attidentity <> 'a'
        ), '{}'),
        coalesce(array_agg(attname::text ORDER BY attnum) FILTER (WHERE has_column_privilege($1, pg_class.oid, attnum, 'UPDATE')), '{}'),
        coalesce(array_agg(attname::text) FILTER (WHERE atttypid = 'uuid'::regtype), '{}')
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND obj_description(pg_class.oid, 'pg_class') IS NOT NULL
    GROUP BY pg_class.oid, relname ORDER BY relname";

impl Table {
    /// From a row of [`TABLES`].
    pub fn from_row(row: &tokio_postgres::Row) -> Self {
        let comment: String = row.get(1);
        let mut words = comment.split(':').next().unwrap_or("").split(' ').map(str::to_owned);
        Self {
            name: row.get(0),
            class: words.next().unwrap_or_default(),
            word: words.next().unwrap_or_default(),
            columns: row.get(2),
            readable: row.get(3),
            insertable: row.get(4),
            updatable: row.get(5),
            identifiers: row.get(6),
        }
    }

    /// Whether each row of it is an organisation's, and not for all to read.
    pub fn is_kept_apart(&self) -> bool {
        ["PRIVATE", "PARTIES", "OFFERED", "HOSTED", "ALONGSIDE"].contains(&self.class.as_str())
    }

    /// A column of it.
    pub fn first_column(&self) -> &str {
        &self.columns[0]
    }

    /// Whether a column holds ids.
    pub fn identifies(&self, column: &str) -> bool {
        self.identifiers.iter().any(|known| known == column)
    }

    /// Whether an inserted row says whose it is; otherwise the database says it.
    pub fn is_told_whose(&self) -> bool {
        self.insertable.iter().any(|column| column.ends_with("organisation_id"))
    }

    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|known| known == column)
    }

    /// The condition, on a row called `whole`, that the user of the organisation must not read it.
    pub fn hidden_from(&self, organisation: &str, user: &str) -> String {
        let not_mine = |column: &str| format!("whole.{column} IS DISTINCT FROM '{organisation}'");
        let offer = |from: &str, id: &str| {
            format!(
                "NOT EXISTS (SELECT FROM open_referral_offer AS offer WHERE offer.organisation_id = '{organisation}'
                     AND offer.from_organisation_id = {from} AND offer.referral_id = {id})"
            )
        };
        match (self.class.as_str(), self.name.as_str()) {
            ("PRIVATE", "client_mutation") => format!("({} OR whole.user_id <> '{user}')", not_mine("organisation_id")),
            ("PRIVATE", _) if self.word.is_empty() => not_mine("organisation_id"),
            ("PRIVATE", _) => not_mine(&self.word),
            // The accused reads no complaint.
            ("PARTIES", "referral_non_completion") => {
                format!("{} AND ({} OR {})", not_mine("from_organisation_id"), not_mine("to_organisation_id"), not_mine("by_organisation_id"))
            }
            ("PARTIES", _) => format!("{} AND {}", not_mine("from_organisation_id"), not_mine("to_organisation_id")),
            ("OFFERED", "open_referral") => {
                let offered = offer("whole.from_organisation_id", "whole.id");
                format!("{} AND (whole.closed_at IS NOT NULL OR {offered})", not_mine("from_organisation_id"))
            }
            ("OFFERED", _) => format!("{} AND {}", not_mine("from_organisation_id"), not_mine("organisation_id")),
            ("HOSTED", _) if self.has("hosts") => {
                format!("{} AND '{organisation}' <> ALL (whole.hosts)", not_mine("trainer_organisation_id"))
            }
            ("HOSTED", _) => format!("{} AND {}", not_mine("trainer_organisation_id"), not_mine("host_organisation_id")),
            ("ALONGSIDE", _) => format!(
                "NOT EXISTS (SELECT FROM training_request AS request WHERE request.from_organisation_id = whole.from_organisation_id
                     AND request.id = whole.request_id AND '{organisation}' IN (request.from_organisation_id, request.to_organisation_id))"
            ),
            ("DIRECTORY" | "PUBLIC" | "PUBLISHED", _) => "false".to_owned(),
            ("SYSTEM" | "UNPUBLISHED", _) => "true".to_owned(),
            (class, name) => panic!("{name} is of class {class}: say here whose its rows are"),
        }
    }

    /// The condition, on a row called `whole`, that the user of the organisation must not change it.
    pub fn not_to_be_changed_by(&self, organisation: &str, user: &str) -> String {
        match self.class.as_str() {
            "PUBLIC" | "PUBLISHED" => "true".to_owned(),
            "DIRECTORY" if self.has("organisation_id") => format!("whole.organisation_id <> '{organisation}'"),
            "DIRECTORY" => format!("whole.id <> '{organisation}'"),
            _ => self.hidden_from(organisation, user),
        }
    }
}
