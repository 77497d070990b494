//! Figures over all members, as they were published.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text};
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Dimension, Question};
use pamoja_domain::vocabulary::Vocabulary;

use super::{Cell, Figures, categories, indices};
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

#[derive(QueryableByName)]
struct MonthsRow {
    #[diesel(sql_type = Nullable<Date>)]
    first: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    last: Option<NaiveDate>,
}

/// The first and the last month that are published; none before anything is.
///
/// # Errors
/// When the database fails.
pub async fn published_months(tx: &TenantTx) -> Result<Option<(Month, Month)>, StoreError> {
    let rows: Vec<MonthsRow> =
        Statement::new("SELECT min(month) AS first, max(month) AS last FROM statistic_release").rows(tx).await?;
    Ok(rows.first().and_then(|row| Some((Month::of(row.first?), Month::of(row.last?)))))
}

#[derive(QueryableByName)]
struct FigureRow {
    #[diesel(sql_type = Date)]
    period: NaiveDate,
    #[diesel(sql_type = Array<Text>)]
    keys: Vec<String>,
    #[diesel(sql_type = BigInt)]
    value: i64,
}

/// What is published of a table in those periods. Listed is, of a table of one dimension, every key; of one of two, in each period the keys
/// of which anything is published, each with each. A figure that isn't published is none.
///
/// # Errors
/// When the database fails.
pub async fn published(tx: &TenantTx, question: &Question, periods: &[Month]) -> Result<Figures, StoreError> {
    let rows: Vec<FigureRow> = Statement::new(
        "SELECT period, keys, value FROM statistic_cell
         WHERE table_name = $1 AND measure = $2 AND period_kind = $3 AND period >= $4 AND period < $5",
    )
    .bind::<Text, _>(question.table.name.code())
    .bind::<Text, _>(question.measure.code())
    .bind::<Text, _>(question.period.code())
    .bind::<Date, _>(question.from.first_day())
    .bind::<Date, _>(question.until.first_day())
    .rows(tx)
    .await?;
    let dimensions = question.table.dimensions;
    let mut published: BTreeMap<Month, BTreeMap<Vec<usize>, i64>> = BTreeMap::new();
    for row in rows {
        published.entry(Month::of(row.period)).or_default().insert(indices(dimensions, &row.keys)?, row.value);
    }
    let nothing = BTreeMap::new();
    let mut figures = Figures { cells: Vec::new(), totals: Vec::new() };
    for period in periods {
        let published = published.get(period).unwrap_or(&nothing);
        figures.totals.push(Cell { period: *period, categories: Vec::new(), value: published.get(&Vec::new()).copied() });
        for indices in listed(dimensions, published) {
            let categories = categories(dimensions, &indices);
            let picked = question
                .picked
                .iter()
                .zip(&categories)
                .all(|(picked, category)| picked.as_ref().is_none_or(|all| all.contains(category)));
            if picked {
                let zero = question.table.is_structural_zero(question.measure, &categories).then_some(0);
                figures.cells.push(Cell { period: *period, categories, value: published.get(&indices).copied().or(zero) });
            }
        }
    }
    Ok(figures)
}

/// The indices of the keys of all cells that are listed, in their order.
fn listed(dimensions: &[Dimension], published: &BTreeMap<Vec<usize>, i64>) -> Vec<Vec<usize>> {
    match dimensions {
        [only] => (0..only.categories().len()).map(|row| vec![row]).collect(),
        _ => {
            let cells = || published.keys().filter(|indices| indices.len() == 2);
            let rows: BTreeSet<usize> = cells().map(|indices| indices[0]).collect();
            let columns: BTreeSet<usize> = cells().map(|indices| indices[1]).collect();
            rows.into_iter().flat_map(|row| columns.iter().map(move |column| vec![row, *column])).collect()
        }
    }
}
