//! The published figures over all members.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::dsl::{max, min};
use diesel::pg::Pg;
use diesel::{ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Dimension, Question};
use pamoja_domain::vocabulary::Vocabulary;

use super::{Cell, Figures, categories, indices};
use crate::error::StoreError;
use crate::schema::{statistic_cell, statistic_release};
use crate::transaction::TenantTx;

/// The first and the last published month. None before the first publication.
pub async fn published_months(tx: &TenantTx) -> Result<Option<(Month, Month)>, StoreError> {
    let (first, last): (Option<NaiveDate>, Option<NaiveDate>) = statistic_release::table
        .select((min(statistic_release::month), max(statistic_release::month)))
        .get_result(&mut tx.connection()?)
        .await?;
    Ok(first.zip(last).map(|(first, last)| (Month::of(first), Month::of(last))))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = statistic_cell, check_for_backend(Pg))]
struct FigureRow {
    period: NaiveDate,
    keys: Vec<String>,
    value: i64,
}

/// The published figures of a table in these periods. A table of one dimension lists every key. A table of two dimensions lists,
/// for each period, the combinations of all keys with at least one published cell. A figure that isn't published has no value.
pub async fn published(tx: &TenantTx, question: &Question, periods: &[Month]) -> Result<Figures, StoreError> {
    let rows: Vec<FigureRow> = statistic_cell::table
        .filter(statistic_cell::table_name.eq(question.table.name.code()))
        .filter(statistic_cell::measure.eq(question.measure.code()))
        .filter(statistic_cell::period_kind.eq(question.period.code()))
        .filter(statistic_cell::period.ge(question.from.first_day()))
        .filter(statistic_cell::period.lt(question.until.first_day()))
        .select(FigureRow::as_select())
        .load(&mut tx.connection()?)
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

/// The indices of the listed cells' keys, in order.
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
