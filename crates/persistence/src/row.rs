//! Rows that lists have many of.

use diesel::deserialize::{self, FromSql};
use diesel::pg::Pg;
use diesel::row::{Field, NamedRow, Row};

/// The columns of a row, read one after another. Each is looked for at its place first: a statement returns them in the order in which
/// they are read, and to look through all names for each takes longer than all else that is done with a row. Where another column stands at
/// the place, it is looked for by its name.
pub(crate) struct Columns<'r, R> {
    row: &'r R,
    place: usize,
}

impl<'r, R> Columns<'r, R> {
    pub(crate) fn of(row: &'r R) -> Self {
        Self { row, place: 0 }
    }

    /// Reads the next column, which has that name.
    ///
    /// # Errors
    /// When there is none of that name, or it can't be read.
    pub(crate) fn next<'a, ST, T>(&mut self, name: &str) -> deserialize::Result<T>
    where
        R: NamedRow<'a, Pg>,
        T: FromSql<ST, Pg>,
    {
        let place = self.place;
        self.place += 1;
        match Row::get(self.row, place) {
            Some(field) if field.field_name() == Some(name) => T::from_nullable_sql(field.value()),
            _ => NamedRow::get(self.row, name),
        }
    }
}

/// A row whose columns have the names of its fields: `field: type as type of SQL`, in the order of the statement.
macro_rules! row {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident { $($field:ident: $type:ty as $sql:ty,)+ }) => {
        $(#[$meta])*
        $visibility struct $name {
            $($field: $type,)+
        }

        impl ::diesel::deserialize::QueryableByName<::diesel::pg::Pg> for $name {
            fn build<'a>(row: &impl ::diesel::row::NamedRow<'a, ::diesel::pg::Pg>) -> ::diesel::deserialize::Result<Self> {
                let mut columns = $crate::row::Columns::of(row);
                Ok(Self { $($field: columns.next::<$sql, $type>(stringify!($field))?,)+ })
            }
        }
    };
}
pub(crate) use row;
