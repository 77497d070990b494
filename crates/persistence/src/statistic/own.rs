//! An organisation's own figures: what is kept of closed months, and all else counted.

use std::collections::HashMap;

use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Figure, OwnSide, Question};

use super::{CellRow, Counted, Figures, categories, indices, kept, laid_out, run, statement};
use crate::error::StoreError;
use crate::transaction::TenantTx;

/// The figures of the tenant's referrals and trainings on that side. What is kept of closed months is read; all other months are
/// counted, by one statement for each run of them.
pub async fn own(tx: &TenantTx, question: &Question, side: OwnSide) -> Result<Figures, StoreError> {
    let mut kept = kept::read(tx, question, side).await?;
    let runs = run::uncounted([question.from, question.until], &kept.keys().copied().collect());
    let mut counts = Counts { question, counts: HashMap::new() };
    for run in runs {
        kept.retain(|month, _| *month < run[0] || *month >= run[1]);
        let counted = Counted::by(question);
        let rows: Vec<CellRow> = statement(question, side, counted, run).rows(tx).await?;
        for CellRow { period, keys, counts: of_cell } in rows {
            let codes: Option<Vec<&str>> = keys.as_ref().map(|codes| codes.iter().map(String::as_str).collect());
            counts.add(Month::of(period), codes, counted, &of_cell)?;
        }
    }
    for (month, kept) in &kept {
        let (period, counted) = (question.period.first_month(*month), Counted::whole(&question.table));
        counts.add(period, None, counted, &kept.totals)?;
        for (codes, of_cell) in kept.cells() {
            counts.add(period, Some(codes), counted, of_cell)?;
        }
    }
    Ok(laid_out(question, |period, categories| counts.figures(period, categories)))
}

/// The counts that answer a question.
struct Counts<'q> {
    question: &'q Question,
    counts: HashMap<(Month, Vec<&'static str>), Vec<i64>>,
}

impl Counts<'_> {
    /// Adds what was counted in some months of a period: of a cell, or the total. Each record is in one month, so the months add up.
    fn add(&mut self, period: Month, codes: Option<Vec<&str>>, counted: Counted, counts: &[i64]) -> Result<(), StoreError> {
        let Question { table, picked, measures, .. } = self.question;
        let categories = match codes {
            None => Vec::new(),
            Some(codes) => categories(table.dimensions, &indices(table.dimensions, &codes)?),
        };
        let is_asked_for =
            |(category, picked): (&&str, &Option<Vec<&str>>)| picked.as_ref().is_none_or(|of| of.contains(category));
        if !categories.iter().zip(picked).all(is_asked_for) {
            return Ok(());
        }
        let sums = self.counts.entry((period, categories)).or_insert_with(|| vec![0; measures.len()]);
        for (measure, sum) in measures.iter().zip(sums) {
            let place = counted.measures(table).iter().position(|known| known == measure);
            *sum += place.and_then(|place| counts.get(place)).copied().unwrap_or(0);
        }
        Ok(())
    }

    /// A figure for each measure; what wasn't counted is zero.
    fn figures(&self, period: Month, categories: &[&'static str]) -> Vec<Figure> {
        let zero = vec![0; self.question.measures.len()];
        let counts = self.counts.get(&(period, categories.to_vec())).unwrap_or(&zero);
        counts.iter().map(|count| Figure::shown(*count)).collect()
    }
}
