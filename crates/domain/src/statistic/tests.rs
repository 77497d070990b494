use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::month::Month;
use crate::refusal::{Refusal, UserErrorCode};
use crate::vocabulary::Vocabulary;

fn ask(name: StatisticTableName, measure: &str, months: [&str; 2], picked: &[(&str, &[&str])]) -> Result<Question, Refusal> {
    let picked: Vec<(String, Vec<String>)> = picked
        .iter()
        .map(|(dimension, keys)| ((*dimension).to_owned(), keys.iter().map(|key| (*key).to_owned()).collect()))
        .collect();
    let [from, through] = months;
    Question::parse(QuestionDraft { name, measures: &[measure], period: PeriodKind::Month, from, through, picked: &picked })
}

const COUNTY_AND_TYPE: StatisticTableName = StatisticTableName::ReferralsByCountyAndServiceType;

#[test]
fn every_table_has_one_or_two_dimensions_and_keys_that_are_told_apart() {
    for name in StatisticTableName::ALL {
        let table = name.table();
        assert!((1..=2).contains(&table.dimensions.len()) && !table.measures.is_empty(), "{name}");
        let names: HashSet<&str> = table.dimensions.iter().map(|dimension| dimension.name()).collect();
        assert_eq!(names.len(), table.dimensions.len(), "{name}");
        for dimension in table.dimensions {
            let keys = dimension.categories();
            assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len(), "{dimension:?}");
        }
    }
}

#[test]
fn a_table_counts_what_it_is_declared_to_count_alone() {
    for name in StatisticTableName::ALL {
        for measure in Measure::ALL {
            let asked = ask(*name, measure.code(), ["2026-01", "2026-01"], &[]);
            assert_eq!(asked.is_ok(), name.table().measures.contains(measure), "{name} {measure}");
        }
        assert!(ask(*name, "created", ["2026-01", "2026-01"], &[]).is_err());
    }
}

#[test]
fn what_is_wrong_is_told_with_the_field() {
    let cases = [
        (ask(COUNTY_AND_TYPE, "SENT", ["2026-01", "2026-01"], &[]), "measure", "statistic-measure"),
        (ask(COUNTY_AND_TYPE, "CREATED", ["2026", "2026-01"], &[]), "from", "month-malformed"),
        (ask(COUNTY_AND_TYPE, "CREATED", ["2026-01", "2026-13"], &[]), "through", "month-malformed"),
        (ask(COUNTY_AND_TYPE, "CREATED", ["2026-02", "2026-01"], &[]), "through", "statistic-order"),
        (ask(COUNTY_AND_TYPE, "CREATED", ["2021-01", "2026-01"], &[]), "through", "statistic-range"),
        (ask(COUNTY_AND_TYPE, "CREATED", ["2026-01", "2026-01"], &[("ageBand", &[])]), "where", "statistic-dimension"),
        (ask(COUNTY_AND_TYPE, "CREATED", ["2026-01", "2026-01"], &[("county", &["047", "048"])]), "where", "statistic-category"),
        (ask(COUNTY_AND_TYPE, "CREATED", ["2024-04", "2026-01"], &[]), "through", "statistic-too-many"),
    ];
    for (asked, field, key) in cases {
        let refusal = asked.expect_err(key);
        assert_eq!((refusal.code, refusal.message.key), (UserErrorCode::Invalid, key));
        assert_eq!(refusal.field, Some(vec![field.to_owned()]));
    }
    let nairobi: &[(&str, &[&str])] = &[("county", &["047"])];
    assert!(ask(COUNTY_AND_TYPE, "CREATED", ["2021-02", "2026-01"], nairobi).is_ok(), "sixty months");
}

#[test]
fn keys_are_picked_out_of_those_that_the_dimension_has() {
    let picked = |conditions: &[(&str, &[&str])]| {
        ask(COUNTY_AND_TYPE, "CREATED", ["2026-01", "2026-01"], conditions).expect("a question").picked
    };
    assert_eq!(picked(&[]), [None, None]);
    assert_eq!(picked(&[("county", &[])]), [None, None]);
    assert_eq!(picked(&[("county", &["047", "001", "047"])]), [Some(vec!["001", "047"]), None]);
    assert_eq!(picked(&[("county", &["047", "001"]), ("county", &["047", "002"])]), [Some(vec!["047"]), None]);
}

/// A text that is none of a dimension's categories, although it looks like one.
fn no_category(dimension: Dimension) -> impl Strategy<Value = String> {
    let known = prop::sample::select(dimension.categories());
    let near = (known, 0_usize..6).prop_map(|(category, change)| match change {
        0 => category.to_lowercase(),
        1 => format!("{category} "),
        2 => category[1..].to_owned(),
        3 => format!("{category},{category}"),
        4 => category.replace('_', " "),
        _ => String::new(),
    });
    let label = prop::sample::select(vec!["Nairobi", "Mombasa", "HIV testing", "48", "000", "TOTAL", "null", "*", "\0", "०४७"]);
    prop_oneof![near, label.prop_map(str::to_owned), any::<String>()]
        .prop_filter("it is one", move |text| dimension.index_of(text).is_none())
}

proptest! {
    #[test]
    fn what_a_dimension_does_not_have_is_refused_in_words_that_name_the_dimension(
        (dimension, wrong) in prop::sample::select(Dimension::ALL).prop_flat_map(|dimension| (Just(dimension), no_category(dimension))),
        at in 0_usize..3,
    ) {
        let tables = StatisticTableName::ALL.iter().filter(|name| name.table().dimensions.contains(&dimension));
        for name in tables {
            let mut values: Vec<&str> = dimension.categories().iter().copied().take(2).collect();
            values.insert(at.min(values.len()), &wrong);
            let measure = name.table().measures[0].code();
            let refusal = ask(*name, measure, ["2026-01", "2026-01"], &[(dimension.name(), &values)]).expect_err("a refusal");
            prop_assert_eq!((refusal.message.key, refusal.field), ("statistic-category", Some(vec!["where".to_owned()])));
            let told = refusal.message.arguments.iter().map(|(_, value)| value.to_string()).collect::<Vec<_>>();
            prop_assert_eq!(told, [dimension.name(), dimension.categories()[0]]);
        }
    }
}

#[test]
fn every_subject_and_dimension_of_the_catalogue_is_counted() {
    for name in StatisticTableName::ALL {
        let table = name.table();
        assert!(Subject::ALL.contains(&table.subject), "{name}");
        let (dimensions, measures) = (table.subject.dimensions(), table.subject.measures());
        assert!(table.dimensions.iter().all(|dimension| dimensions.contains(dimension)), "{name}");
        assert!(table.measures.iter().all(|measure| measures.contains(measure)), "{name}");
    }
    for dimension in Dimension::ALL {
        assert!(Subject::ALL.iter().any(|subject| subject.dimensions().contains(dimension)), "{dimension:?} is in no table");
    }
}

#[test]
fn a_table_joins_the_catalogue_late_and_has_no_figure_of_a_period_that_began_before() {
    let month = |text: &str| Month::parse("", text).expect("a month");
    let uncounted = |months: &[&str]| months.iter().map(|text| month(text)).collect();
    for (last, without, longest) in [
        ("2026-12", &[][..], PeriodKind::Year),
        ("2026-12", &["2025-12"], PeriodKind::Year),
        ("2026-12", &["2026-01"], PeriodKind::Quarter),
        ("2026-12", &["2026-09"], PeriodKind::Quarter),
        ("2026-12", &["2026-10"], PeriodKind::Month),
        ("2026-09", &[], PeriodKind::Quarter),
        ("2026-09", &["2026-08"], PeriodKind::Month),
        ("2026-08", &[], PeriodKind::Month),
    ] {
        let found = PeriodKind::ending_with_and_without(month(last), &uncounted(without));
        assert_eq!(found, longest, "{last} without {without:?}");
    }
}

#[test]
fn the_times_to_an_answer_stand_in_order_and_end_with_the_cohort() {
    let longest: Vec<_> = ResponseTime::ALL.iter().map_while(|band| band.longest()).collect();
    assert!(longest.is_sorted() && longest.len() + 1 == ResponseTime::ALL.len());
    assert_eq!(longest.last().map(chrono::TimeDelta::num_days), Some(COHORT_DAYS));
}

proptest! {
    #[test]
    fn the_periods_are_whole_ones_and_hold_every_month_that_was_asked_for(first in 0_u32..600, months in 0_u32..60, kind in 0_usize..3) {
        let from = Month::parse("from", "2000-01").expect("a month").plus(first);
        let through = from.plus(months);
        let period = PeriodKind::ALL[kind];
        let (from_text, through_text) = (from.to_string(), through.to_string());
        let draft = QuestionDraft {
            name: StatisticTableName::ReferralsByCounty, measures: &["CREATED"], period, from: &from_text, through: &through_text, picked: &[],
        };
        let question = Question::parse(draft).expect("a question");
        let periods: Vec<Month> = question.periods().collect();
        let held = |month: Month| periods.iter().any(|start| *start <= month && month < start.plus(period.months()));
        prop_assert!(held(from) && held(through));
        prop_assert!(periods[0].plus(period.months()) > from && periods[periods.len() - 1] <= through);
        for start in &periods {
            prop_assert_eq!(period.first_month(*start), *start);
        }
        prop_assert_eq!(question.from.through(question.until) - 1, periods.len() * period.months() as usize);
        prop_assert_eq!(question.listed().len(), 47);
    }
}
