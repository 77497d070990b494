//! A phone number is found however it is grouped; hours, dates and years are accepted whatever they are.

use proptest::prelude::*;

use super::*;

/// What people put between the groups of a number.
const BETWEEN: [&str; 14] = [" ", ".", "-", "/", "(", ")", ") ", " (", " - ", " / ", "\u{2013}", "\u{a0}", "\u{200b}", ""];

/// A Kenyan number as it is dialled, mobile or landline, from within or abroad.
fn number() -> impl Strategy<Value = String> {
    prop_oneof!["(0|254|\\+254|00254|\\+2540|)[71][0-9]{8}", "(0|254|\\+254|00254)(20|41|51|57)[0-9]{7}",]
}

/// The number in groups, with something between them: always the same, or each time another.
fn written() -> impl Strategy<Value = String> {
    let cuts = prop::collection::vec((any::<bool>(), prop::sample::select(BETWEEN.to_vec())), 16);
    (number(), cuts, prop::option::of(prop::sample::select(BETWEEN.to_vec())), 0_u8..4).prop_map(
        |(number, cuts, same, script)| {
            let mut written = String::new();
            for (place, character) in number.chars().enumerate() {
                let (cut, between) = cuts[place % cuts.len()];
                if place > 0 && cut {
                    written.push_str(same.unwrap_or(between));
                }
                written.push(in_script(character, script));
            }
            written
        },
    )
}

/// The digit in the script: as it is, Arabic-Indic, extended Arabic-Indic, full-width.
fn in_script(character: char, script: u8) -> char {
    let zero = [0x30, 0x660, 0x6f0, 0xff10][usize::from(script)];
    character.to_digit(10).and_then(|digit| char::from_u32(zero + digit)).unwrap_or(character)
}

fn clock() -> impl Strategy<Value = (String, String)> {
    let from = (0_u8..24, 0_u8..60, any::<bool>());
    (from, 0_u8..24, 0_u8..60).prop_map(|((hour, minute, padded), to, to_minute)| {
        let hour_of = |hour: u8| if padded { format!("{hour:02}") } else { hour.to_string() };
        (format!("{}:{minute:02}", hour_of(hour)), format!("{}:{to_minute:02}", hour_of(to)))
    })
}

/// Between two ends of a range.
fn to() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["-", " - ", "\u{2013}", " \u{2013} ", " to "])
}

fn day() -> impl Strategy<Value = (u16, u8, u8)> {
    (1990_u16..2060, 1_u8..=12, 1_u8..=28)
}

fn date((year, month, day): (u16, u8, u8), form: u8) -> String {
    match form {
        0 => format!("{day:02}/{month:02}/{year}"),
        1 => format!("{day}/{month}/{year}"),
        2 => format!("{year}-{month:02}-{day:02}"),
        3 => format!("{day}.{month}.{year}"),
        4 => format!("{day:02}-{month:02}-{year}"),
        5 => format!("{day:02}/{month:02}/{:02}", year % 100),
        _ => format!("{year}/{month:02}/{day:02}"),
    }
}

fn words() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "Open ", "Open: ", "Clinic, ", "(", "Kituo kiko wazi ", "Mon-Fri ", "PrEP "])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_number_is_found_however_it_is_grouped(before in words(), written in written(), after in "( |, |\\. |)[A-Za-z ]{0,12}") {
        // A word of digits glued to it would be another number.
        let text = format!("{before}{written}{after}");
        prop_assert!(looks_identifying(&text), "{text}");
    }

    #[test]
    fn any_run_of_six_digits_is_found_in_any_surroundings(before in "[a-z ]{0,20}", digits in "[0-9]{6,15}", after in "[a-z ]{0,20}") {
        let money = ["kes", "sh", "usd", "us", "gbp", "eur", "euro", "euros", "tzs", "ugx", "bob", "shilingi", "dola"];
        if money.iter().any(|word| before.contains(word) || after.contains(word)) {
            return Ok(());
        }
        let text = format!("{before}{digits}{after}");
        prop_assert!(looks_identifying(&text), "{text}");
    }

    #[test]
    fn words_without_digits_pass(text in "[A-Za-z ,]{0,200}") {
        prop_assert!(!looks_identifying(&text));
    }

    #[test]
    fn any_hours_are_accepted(before in words(), (from, until) in clock(), to in to(), more in prop::option::of((clock(), prop::sample::select(vec![", ", " & ", " / ", "; ", " "])))) {
        let mut text = format!("{before}{from}{to}{until}");
        if let Some(((from, until), between)) = more {
            text += &format!("{between}{from}{to}{until}");
        }
        prop_assert!(!looks_identifying(&text), "{text}");
    }

    #[test]
    fn any_hours_of_four_digits_are_accepted(before in words(), from in 0_u16..288, until in 0_u16..288, to in to(), hours in prop::sample::select(vec!["", "hrs", " hrs", "h"])) {
        let clock = |steps: u16| format!("{:02}{:02}", steps / 12, steps % 12 * 5);
        let text = format!("{before}{}{hours}{to}{}{hours}", clock(from), clock(until));
        prop_assert!(!looks_identifying(&text), "{text}");
    }

    #[test]
    fn any_date_and_range_of_dates_is_accepted(before in words(), from in day(), until in day(), form in 0_u8..7, to in to(), times in prop::option::of(clock())) {
        let mut texts = vec![date(from, form), format!("{}{to}{}", date(from, form), date(until, form))];
        if let Some((start, end)) = times {
            texts.push(format!("{} {start}-{end}", date(from, form)));
        }
        for text in texts {
            let text = format!("{before}{text}");
            prop_assert!(!looks_identifying(&text), "{text}");
        }
    }

    #[test]
    fn any_month_and_range_of_years_is_accepted(before in words(), (from, month, _) in day(), until in 1990_u16..2060, to in to()) {
        for text in [
            format!("{from}-{month:02}"), format!("{month:02}/{from}"), format!("{from}{to}{until}"), format!("{from}/{:02}", until % 100),
            format!("{from}/{until}"), format!("{month:02}/{from}{to}{month:02}/{until}"),
        ] {
            let text = format!("{before}{text}");
            prop_assert!(!looks_identifying(&text), "{text}");
        }
    }

    #[test]
    fn any_amount_with_its_currency_is_accepted(currency in prop::sample::select(vec!["KES ", "KES", "KSh ", "Ksh. ", "USD ", "$", "\u{20ac} "]), thousands in 1_u32..10_000, rest in 0_u32..1000) {
        let amount = if thousands < 1000 { format!("{thousands},{rest:03}") } else { format!("{},{:03},{rest:03}", thousands / 1000, thousands % 1000) };
        for text in [format!("{currency}{amount}"), format!("Transport {currency}{amount} a day, lunch {currency}500")] {
            prop_assert!(!looks_identifying(&text), "{text}");
        }
    }

    #[test]
    fn any_handle_of_a_word_and_a_count_is_accepted(word in prop::sample::select(vec!["peer", "caseworker", "mentor", "nurse", "desk", "jirani", "kisumu", "tosha"]), count in 0_u16..1000, dash in "-?", padded in any::<bool>()) {
        let handle = if padded { format!("{word}{dash}{count:03}") } else { format!("{word}{dash}{count}") };
        prop_assert!(crate::user::parse_short_name("handle", &handle).is_ok(), "{handle}");
    }
}
