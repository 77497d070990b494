//! The published figures over all members.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::dsl::{max, min, not};
use diesel::pg::Pg;
use diesel::{ExpressionMethods, PgArrayExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Figure, FigureStatus, Measure, Publication, PublishedMonths, Question};
use pamoja_domain::vocabulary::Vocabulary;

use super::{Figures, categories, indices, laid_out, series};
use crate::error::StoreError;
use crate::schema::{statistic_cell, statistic_release};
use crate::transaction::TenantTx;

/// The published months. None before the first publication.
pub async fn published_months(tx: &TenantTx) -> Result<Option<PublishedMonths>, StoreError> {
    let months = statistic_release::table.select((min(statistic_release::month), max(statistic_release::month)));
    let months = tx.answered(months.get_result(&mut tx.connection()?).await);
    let (first, last): (Option<NaiveDate>, Option<NaiveDate>) = months?;
    Ok(first.zip(last).map(|(first, last)| PublishedMonths { first: Month::of(first), last: Month::of(last) }))
}

/// What is published of the question's table in its periods. As long as it is the same, so are the figures.
pub async fn publication(tx: &TenantTx, question: &Question) -> Result<Publication, StoreError> {
    let (without, months) = try_join(lacking(tx, question), published_months(tx)).await?;
    Ok(Publication { months, without })
}

/// The published months that lack one of the question's measures, each with that measure.
async fn lacking(tx: &TenantTx, question: &Question) -> Result<BTreeSet<(Measure, Month)>, StoreError> {
    let series = |measure: Measure| series(question.table.name, measure);
    let asked: Vec<String> = question.measures.iter().map(|measure| series(*measure)).collect();
    let lacking = statistic_release::table
        .filter(statistic_release::month.ge(question.from.first_day()))
        .filter(statistic_release::month.lt(question.until.first_day()))
        .filter(not(statistic_release::series.contains(asked)))
        .select((statistic_release::month, statistic_release::series));
    let lacking: Vec<(NaiveDate, Vec<String>)> = tx.answered(lacking.load(&mut tx.connection()?).await)?;
    let mut without = BTreeSet::new();
    for (month, counted) in lacking {
        let missing = question.measures.iter().filter(|measure| !counted.contains(&series(**measure)));
        without.extend(missing.map(|measure| (*measure, Month::of(month))));
    }
    Ok(without)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = statistic_cell, check_for_backend(Pg))]
struct FigureRow {
    measure: String,
    period: NaiveDate,
    keys: Vec<String>,
    value: i64,
}

/// The published figures of a table, laid out as its own figures are for the same question. A figure that isn't published says
/// why.
pub async fn published(tx: &TenantTx, question: &Question, publication: &Publication) -> Result<Figures, StoreError> {
    let Question { table, period: kind, .. } = question;
    let rows: Vec<FigureRow> = statistic_cell::table
        .filter(statistic_cell::table_name.eq(table.name.code()))
        .filter(statistic_cell::measure.eq_any(question.measures.iter().map(|measure| measure.code())))
        .filter(statistic_cell::period_kind.eq(kind.code()))
        .filter(statistic_cell::period.ge(question.from.first_day()))
        .filter(statistic_cell::period.lt(question.until.first_day()))
        .select(FigureRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    let mut published: HashMap<(String, Month, Vec<&'static str>), i64> = HashMap::new();
    for row in rows {
        let categories = categories(table.dimensions, &indices(table.dimensions, &row.keys)?);
        published.insert((row.measure, Month::of(row.period), categories), row.value);
    }
    Ok(laid_out(question, |period, categories| {
        let figure = |measure: &Measure| {
            if let Some(status) = publication.missing(*measure, *kind, period) {
                return Figure::missing(status);
            }
            let value = published.get(&(measure.code().to_owned(), period, categories.to_vec())).copied();
            let zero = table.is_structural_zero(*measure, categories).then_some(0);
            value.or(zero).map_or(Figure::missing(FigureStatus::Suppressed), Figure::shown)
        };
        question.measures.iter().map(figure).collect()
    }))
}
