//! Hours against a naive week of minutes.

use chrono::TimeZone;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

type Spans = Vec<(Vec<Weekday>, String, String)>;

fn read(spans: &Spans) -> Result<OpeningHours, Refusal> {
    let drafts: Vec<_> = spans.iter().map(|(days, opens, closes)| SpanDraft { days, opens, closes }).collect();
    OpeningHours::parse("hours", &drafts)
}

fn hours(spans: &[(&[Weekday], &str, &str)]) -> Result<OpeningHours, &'static str> {
    let spans: Spans =
        spans.iter().map(|(days, opens, closes)| (days.to_vec(), (*opens).to_owned(), (*closes).to_owned())).collect();
    read(&spans).map_err(|refusal| refusal.message.key)
}

/// Quarters of hours, and the minutes around midnight.
fn times() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..24_u16, select(vec![0, 15, 30, 45, 59])).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}")),
        select(vec!["00:00", "00:01", "23:59", "24:00"]).prop_map(str::to_owned),
    ]
}

fn some_spans() -> impl Strategy<Value = Spans> {
    let days = btree_set(select(Weekday::ALL), 1..=3).prop_map(|days| days.into_iter().collect());
    vec((days, times(), times()), 1..=4)
}

/// The minutes of the week in which it is open, each with how many spans it is in.
fn naive(spans: &Spans) -> Vec<u8> {
    let mut week = vec![0_u8; WEEK as usize];
    let minutes = |text: &str| text[..2].parse::<usize>().expect("hours") * 60 + text[3..].parse::<usize>().expect("minutes");
    for (days, opens, closes) in spans {
        let (opens, closes) = (minutes(opens), minutes(closes));
        let end = if closes > opens { closes } else { closes + 1_440 };
        for day in days {
            for minute in opens..end {
                week[(*day as usize * 1_440 + minute) % WEEK as usize] += 1;
            }
        }
    }
    week
}

/// The moment at which that minute of a week begins in Kenya.
fn moment(minute: u32) -> DateTime<Utc> {
    // A Monday, at midnight in Kenya.
    let monday = Utc.with_ymd_and_hms(2026, 11, 22, 21, 0, 0).single().expect("a moment");
    monday + TimeDelta::minutes(i64::from(minute))
}

proptest! {
    #[test]
    fn spans_are_taken_unless_they_overlap_or_have_no_time(spans in some_spans()) {
        let without_time = spans.iter().any(|(_, opens, closes)| opens == closes || opens == "24:00");
        let twice = naive(&spans).iter().any(|count| *count > 1);
        match read(&spans).map_err(|refusal| refusal.message.key) {
            Err("hours-no-time") => prop_assert!(without_time),
            Err("hours-overlap") => prop_assert!(twice && !without_time),
            Err(other) => prop_assert!(false, "{}", other),
            Ok(_) => prop_assert!(!twice && !without_time),
        }
    }

    #[test]
    fn it_is_open_when_a_span_says_so_and_until_the_first_minute_that_none_says(spans in some_spans(), minute in 0..WEEK, second in 0..60_i64) {
        let Ok(hours) = read(&spans) else { return Ok(()) };
        let week = naive(&spans);
        let at = moment(minute) + TimeDelta::seconds(second);
        let is_open = |minute: u32| week[(minute % WEEK) as usize] > 0;
        let change = (1..=WEEK).find(|ahead| is_open(minute + ahead) != is_open(minute));
        match (hours.at(at), change) {
            (Some(Opening::Open(None)), None) => prop_assert!(is_open(minute)),
            (Some(Opening::Open(Some(next))), Some(ahead)) => {
                prop_assert!(is_open(minute));
                prop_assert_eq!(next.at, moment(minute + ahead));
            }
            (Some(Opening::Closed(next)), Some(ahead)) => {
                prop_assert!(!is_open(minute));
                prop_assert_eq!(next.at, moment(minute + ahead));
                prop_assert_eq!(next.time.to_string(), clock_of(next.at).format("%H:%M").to_string());
                prop_assert_eq!(next.day.is_none(), clock_of(next.at).date() == clock_of(at).date());
                prop_assert!(next.day.is_none_or(|day| day == Weekday::ALL[clock_of(next.at).weekday().num_days_from_monday() as usize]));
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn what_is_written_is_read_again(spans in some_spans()) {
        if let Ok(hours) = read(&spans) {
            prop_assert_eq!(OpeningHours::from_text(&hours.to_string()), Some(hours));
        }
    }

    #[test]
    fn the_order_in_which_spans_are_named_makes_no_difference(spans in some_spans()) {
        let mut backward = spans.clone();
        backward.reverse();
        prop_assert_eq!(read(&spans).ok(), read(&backward).ok());
    }

    #[test]
    fn no_text_is_taken_for_a_time_but_such_as_clocks_show(text in "\\PC{0,6}|[0-9]{2}:[0-9]{2}") {
        let shown = (0..=1_440).map(|minutes| format!("{:02}:{:02}", minutes / 60, minutes % 60)).any(|shown| shown == text);
        prop_assert_eq!(TimeOfDay::parse(&text).is_some(), shown);
    }
}

const WEEKDAYS: &[Weekday] = &[Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

#[test]
fn a_lunch_break_a_night_and_day_and_night_can_be_said() {
    for spans in [
        &[(WEEKDAYS, "08:00", "13:00"), (WEEKDAYS, "14:00", "17:00")][..],
        &[(Weekday::ALL, "20:00", "06:00")],
        &[(Weekday::ALL, "00:00", "24:00")],
        &[(&[Weekday::Sunday], "22:00", "06:00"), (&[Weekday::Monday], "06:00", "07:00")],
    ] {
        assert!(hours(spans).is_ok(), "{spans:?}");
    }
    let always = hours(&[(Weekday::ALL, "00:00", "24:00")]).expect("hours");
    assert_eq!(always.at(moment(5)), Some(Opening::Open(None)));
    assert_eq!(OpeningHours::default().at(moment(5)), None, "nobody has said it");
}

#[test]
fn each_mistake_is_told_apart() {
    for (spans, key) in [
        (&[(WEEKDAYS, "8:00", "17:00")][..], "hours-time-malformed"),
        (&[(WEEKDAYS, "08:00", "25:00")], "hours-time-malformed"),
        (&[(WEEKDAYS, "08:60", "17:00")], "hours-time-malformed"),
        (&[(WEEKDAYS, "+8:00", "17:00")], "hours-time-malformed"),
        (&[(&[], "08:00", "17:00")], "hours-days-missing"),
        (&[(WEEKDAYS, "08:00", "08:00")], "hours-no-time"),
        (&[(WEEKDAYS, "24:00", "08:00")], "hours-no-time"),
        (&[(WEEKDAYS, "08:00", "17:00"), (&[Weekday::Friday], "16:59", "18:00")], "hours-overlap"),
        (&[(WEEKDAYS, "08:00", "17:00"), (WEEKDAYS, "08:00", "17:00")], "hours-overlap"),
        (&[(&[Weekday::Sunday], "22:00", "06:00"), (&[Weekday::Monday], "05:59", "07:00")], "hours-overlap"),
        (&[(WEEKDAYS, "08:00", "09:00"); 15], "hours-too-many"),
    ] {
        assert_eq!(hours(spans), Err(key), "{spans:?}");
    }
}
