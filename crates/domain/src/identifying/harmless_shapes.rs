//! The shapes of hours, dates, years, amounts and other numbers of an organisation's work. Each is looked for where a number begins.

use std::sync::LazyLock;

use regex::Regex;

use super::harmless_words::is_month;
use super::phone;

/// How sure it is that what was recognised is no part of a person's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Nobody writes a phone number or an id in this way.
    Sure,
    /// With the digits beside it, it could be a phone number in odd groups.
    Doubtful,
}

/// A recognised number: how many bytes it has, from where it was looked for, and how sure it is.
pub(super) type Shape = (usize, Trust);

// A number ends where neither a digit follows nor a sign that goes on with one, with or without spaces. A full stop, a comma, a
// colon or a bracket goes on with a digit only where no space stands between.
const AFTER: &str = concat!(
    r"(?:\z|[^\d.,:)/+(~ -]|[.,:)]+[^\d.,:)/+(~ -]|[.,:)]*[/+(-][.,:)/+( -]*(?:\z|[^\d.,:)/+(~ -])",
    r"|[.,:)]*(?:\z| +(?:\z|[^ ./+:-]|[./+:-][./+: -]*(?:\z|[^\d~./+: -]))))",
);
const TO: &str = r"(?: ?-+ ?)";
const NEXT: &str = r"(?: ?[,/&;] ?)";

// Hours: with a colon, with a full stop, as four digits, and the hour alone.
const COLON: &str = r"(?:(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?)";
const STOP: &str = r"(?:(?:[01]?\d|2[0-4])\.[0-5][05])";
const FOUR: &str = r"(?:(?:[01]\d|2[0-4])[0-5][05])";
const HOUR: &str = r"(?:[01]?\d|2[0-4])";
const HALF: &str = r"(?: ?(?:[ap]\.? ?m\b\.?|hrs?\b|hours\b|h\b|noon\b))?";

const DAY: &str = r"(?:0?[1-9]|[12]\d|3[01])";
const MONTH: &str = r"(?:0?[1-9]|1[0-2])";
const YEAR: &str = r"(?:19[2-9]\d|20[0-7]\d)";

// Amounts: with commas, with spaces, without either.
const COMMAS: &str = r"(?:[1-9]\d{0,2}(?:,\d{3})+(?:\.\d\d?)?)";
const SPACES: &str = r"(?:[1-9]\d?(?: \d{3}){2}|[1-9]\d{0,2} \d{3})";
const BARE: &str = r"(?:[1-9]\d{0,6}(?:\.\d\d?)?|0)";

fn anchored(shape: &str) -> Regex {
    Regex::new(&format!(r"(?i)\A({shape}){AFTER}")).expect("a pattern")
}

fn listed(item: &str) -> Regex {
    anchored(&format!("(?:{item})(?:{NEXT}(?:{item}))*"))
}

static HOURS: LazyLock<Regex> = LazyLock::new(|| {
    listed(&format!(
        "{COLON}{HALF}{TO}(?:{COLON}|{STOP}|{HOUR}){HALF}|(?:{STOP}|{HOUR}){HALF}{TO}{COLON}{HALF}|{STOP}{HALF}{TO}{STOP}{HALF}\
         |{FOUR}{HALF}{TO}{FOUR}{HALF}|{COLON}{HALF}"
    ))
});
static DATES: LazyLock<Regex> = LazyLock::new(|| {
    let date = format!(
        r"(?:{DAY}/{MONTH}/{YEAR}|{MONTH}/{DAY}/{YEAR}|{DAY}\.{MONTH}\.{YEAR}|{DAY}-{MONTH}-{YEAR}|{YEAR}-{MONTH}-{DAY}|{YEAR}/{MONTH}/{DAY}|{YEAR}\.{MONTH}\.{DAY})"
    );
    listed(&format!(r"(?:{DAY}\.?{TO}|{DAY}[/.]{MONTH}\.?{TO}|{date}{TO})?{date}"))
});
static SHORT_DATES: LazyLock<Regex> = LazyLock::new(|| {
    // Between two of them stands another sign than within them, as not in a number whose groups are all divided by the same one.
    let date = |sign: &str, to: &str| {
        let date = format!(r"{DAY}{sign}{MONTH}{sign}\d\d");
        let range = format!(r"(?:{DAY}\.?{to}|{DAY}{sign}{MONTH}{sign}?{to}|{date}{to})?{date}");
        format!("{range}(?: ?[,&;] ?{range})*")
    };
    let apart = "(?: -+ ?| ?-+ )";
    anchored(&[date("/", TO), format!(r"{MONTH}/{DAY}/\d\d"), date(r"\.", TO), date("-", apart)].join("|"))
});
static MONTHS: LazyLock<Regex> = LazyLock::new(|| {
    let month = format!(r"(?:{YEAR}[-/.](?:0[1-9]|1[0-2])|{MONTH}[-/.]{YEAR})");
    listed(&format!("(?:{MONTH}{TO}|{month}{TO})?{month}"))
});
static YEARS: LazyLock<Regex> = LazyLock::new(|| {
    let span = format!(r"{YEAR}(?:[/-]\d\d)?");
    anchored(&format!(r"{span}(?: ?[-/,;&] ?{span})+|{YEAR}[/-]\d\d"))
});
static YEAR_BEFORE_MORE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!(r"\A({YEAR})(?:[,;:](?: |\z)| ?\()")).expect("a pattern"));
static YEAR_ALONE: LazyLock<Regex> = LazyLock::new(|| Regex::new(&format!(r"\A({YEAR})(?:\z|\D)")).expect("a pattern"));
static DAY_AND_YEAR: LazyLock<Regex> = LazyLock::new(|| anchored(&format!("{DAY}(?:st|nd|rd|th)?,? {YEAR}")));
static CASE_OF_YEAR: LazyLock<Regex> = LazyLock::new(|| anchored(&format!("[1-9]\\d{{0,2}}/{YEAR}")));
static SPACED: LazyLock<Regex> = LazyLock::new(|| anchored(SPACES));
static STANDARD: LazyLock<Regex> = LazyLock::new(|| anchored(&format!(r"[1-9]\d{{1,4}}:{YEAR}")));
static SHORT_NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    let number = "(?:999|911|112|114|116|119\\d)";
    anchored(&format!("{number}(?:{NEXT}{number})+"))
});
static PERCENT: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"\d{1,3}(?:[.,]\d{1,2})?";
    Regex::new(&format!(r"\A({number}(?: ?%?{TO}{number})? ?%)(?:\z|\D)")).expect("a pattern")
});
static ALWAYS_OPEN: LazyLock<Regex> = LazyLock::new(|| anchored("24/7/36[56]|36[56]/24/7|24/7|7/24"));
static CURRENCY_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:(?:\A|[^a-z])(?:kes|kshs?|shs?|usd|us|gbp|eur|euros?|tzs|tshs?|ugx|ushs?|bob)[.:]{0,2}|\$) ?\z")
        .expect("a pattern")
});
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    let amount = format!("(?:{COMMAS}|{SPACES}|{BARE})");
    anchored(&format!("{amount}(?:(?:{TO}|/){amount})*(?:/[=-])?"))
});
static AMOUNT_BEFORE_CURRENCY: LazyLock<Regex> = LazyLock::new(|| {
    let amount = format!("(?:{COMMAS}|{SPACES}|{BARE})");
    Regex::new(&format!(
        r"(?i)\A({amount}(?:{TO}{amount})?) ?(?:/=|/-|(?:kes|kshs?|shs|usd|gbp|eur|euros?|bob|shillings?|shilingi|dollars?|dola)(?:\z|[^a-z]))"
    ))
    .expect("a pattern")
});
static GROUPED: LazyLock<Regex> = LazyLock::new(|| anchored(&format!("{COMMAS}(?:{TO}{COMMAS})?")));
static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\A ?(?:people|persons?|kenyans|clients?|members|residents|adults|children|women|men|girls|boys|youths?|households|condoms|lubricants|sachets|needles|syringes|kits|tests|doses|tablets|pills|copies|leaflets|visits|contacts|referrals|watu|wateja|wanachama|wakazi|kondomu)\b",
    )
    .expect("a pattern")
});
static SPANS: LazyLock<Regex> = LazyLock::new(|| {
    let span = r"\d{1,2} ?- ?\d{1,2}";
    anchored(&format!(r"{span}(?:(?:{NEXT}| )(?:{span}|\d{{1,2}}\+))*"))
});
static SPAN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"([,/&;]? ?)(\d{1,2}) ?- ?(\d{1,2})").expect("a pattern"));
static LONG_SPAN: LazyLock<Regex> = LazyLock::new(|| anchored(r"[1-9]\d\d ?- ?[1-9]\d\d"));
static THRICE: LazyLock<Regex> = LazyLock::new(|| anchored(r"[1-9]\d?[-/][1-9]\d?[-/][1-9]\d?"));
static LIST: LazyLock<Regex> = LazyLock::new(|| anchored(r"[1-9]\d{0,2}(?:(?:, | ?; ?| ?& ?|, ?& ?|/)[1-9]\d{0,2})+"));
static COUNTIES: LazyLock<Regex> = LazyLock::new(|| anchored(r"0(?:[0-3]\d|4[0-7])(?:, ?0(?:[0-3]\d|4[0-7]))+"));
static DOSES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\A([1-9]\d{0,2}(?:/[1-9]\d{0,2}){1,3}) ?(?:mg|mcg|ml|g|iu)\b").expect("a pattern"));

/// What stands before a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing that it belongs to.
    Nothing,
    /// A word beside which a number is harmless, without a space.
    HarmlessWord,
    /// Another word, without a space.
    Word,
}

/// What the number at the beginning of `rest` is, if it is harmless. `text` stands before it.
pub(super) fn shape_of(text: &str, rest: &str, before: Before) -> Option<Shape> {
    use Trust::{Doubtful, Sure};
    let found = |pattern: &Regex| pattern.captures(rest).and_then(|found| found.get(1)).map(|found| found.end());
    let sure = |pattern: &Regex| found(pattern).map(|end| (end, Sure));
    let doubtful = |pattern: &Regex| found(pattern).map(|end| (end, Doubtful));
    // Six digits can be a part of any number; the eight of two years are rarely one.
    let by_length =
        |pattern: &Regex| found(pattern).map(|end| (end, if digits(&rest[..end]).len() > 6 { Sure } else { Doubtful }));
    let hours = sure(&HOURS).or_else(|| sure(&ALWAYS_OPEN)).or_else(|| sure(&PERCENT));
    // A birth date can be part of a person's code; hours and ranges of years can't.
    let dates = || {
        (before != Before::Word).then(|| sure(&DATES).or_else(|| by_length(&MONTHS)).or_else(|| doubtful(&SHORT_DATES))).flatten()
    };
    let dates = || dates().filter(|(end, _)| !goes_on_as_word(&rest[*end..]));
    let years = || by_length(&YEARS).or_else(|| doubtful(&YEAR_BEFORE_MORE));
    let month_before = text.strip_suffix(' ').and_then(|text| text.rsplit(|last: char| !last.is_ascii_alphabetic()).next());
    let dates = || {
        dates().or_else(|| {
            month_before.is_some_and(is_month).then(|| sure(&DAY_AND_YEAR).or_else(|| doubtful(&YEAR_ALONE))).flatten()
        })
    };
    if let Some(shape) = hours.or_else(dates).or_else(years) {
        return Some(shape);
    }
    if before == Before::Word {
        return None;
    }
    let money = CURRENCY_BEFORE.is_match(text).then(|| sure(&AMOUNT)).flatten();
    money
        .or_else(|| sure(&AMOUNT_BEFORE_CURRENCY))
        .or_else(|| sure(&DOSES))
        .or_else(|| sure(&STANDARD))
        .or_else(|| doubtful(&CASE_OF_YEAR))
        .or_else(|| doubtful(&SPACED).filter(|(end, _)| COUNTED.is_match(&rest[*end..])))
        .or_else(|| doubtful(&SHORT_NUMBERS))
        .or_else(|| found(&GROUPED).filter(|end| is_count(&rest[..*end], &rest[*end..])).map(|end| (end, Doubtful)))
        .or_else(|| found(&THRICE).filter(|end| is_thrice(&rest[..*end])).map(|end| (end, Doubtful)))
        .or_else(|| found(&SPANS).filter(|end| are_spans(&rest[..*end])).map(|end| (end, Doubtful)))
        .or_else(|| found(&LONG_SPAN).filter(|end| is_long_span(&rest[..*end])).map(|end| (end, Doubtful)))
        .or_else(|| doubtful(&COUNTIES))
        .or_else(|| found(&LIST).filter(|end| is_list(&rest[..*end])).map(|end| (end, Doubtful)))
}

/// Letters right after a date, other than the T before its time.
fn goes_on_as_word(rest: &str) -> bool {
    let mut bytes = rest.bytes();
    match (bytes.next(), bytes.next()) {
        (Some(b'T' | b't'), Some(next)) if next.is_ascii_digit() => false,
        (Some(first), _) => first.is_ascii_alphabetic(),
        (None, _) => false,
    }
}

fn numbers(text: &str) -> Vec<u32> {
    text.split(|character: char| !character.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A number with commas is a count when it is short, round, or says of what.
fn is_count(number: &str, rest: &str) -> bool {
    let whole = number.split('.').next().unwrap_or(number);
    let long = whole.split('-').any(|part| digits(part).len() > 6);
    !phone::is_number(&digits(whole)) && (!long || whole.ends_with(",000") || COUNTED.is_match(rest))
}

/// Targets such as 95-95-95.
fn is_thrice(text: &str) -> bool {
    matches!(numbers(text)[..], [first, second, third] if first == second && second == third)
}

/// Ages and hours: each from less to more, or from an hour to an hour.
fn are_spans(text: &str) -> bool {
    let mut last: Option<u32> = None;
    SPAN.captures_iter(text).all(|span| {
        let bound = |place: usize| span[place].parse::<u32>().unwrap_or(99);
        let (from, to) = (bound(2), bound(3));
        let hours = from != to && (1..=24).contains(&from) && (1..=24).contains(&to);
        let ages = from < to && (&span[2] == "0" || !span[2].starts_with('0'));
        // Without a comma, the next group of ages begins where the last one ends.
        let follows = &span[1] != " " || last.is_none_or(|last| hours || (from >= last && from - last <= 1));
        last = Some(to);
        (hours || ages) && follows
    })
}

/// Rooms 101-110, or a range between round numbers.
fn is_long_span(text: &str) -> bool {
    matches!(numbers(text)[..], [from, to] if from < to && (to - from <= 100 || (from % 10 == 0 && to % 10 == 0)))
}

/// Wards 3, 5, 7 and Sections 162, 163 and 165, in ascending order.
fn is_list(text: &str) -> bool {
    let numbers = numbers(text);
    let widest = if text.contains('/') { 10 } else { 100 };
    let steps: Vec<u32> = numbers.windows(2).map(|pair| pair[1].checked_sub(pair[0]).unwrap_or(u32::MAX)).collect();
    let ascending = steps.iter().all(|step| (1..=widest).contains(step));
    ascending && (!phone::is_number(&digits(text)) || (!text.contains('/') && steps.iter().all(|step| *step <= 10)))
}
