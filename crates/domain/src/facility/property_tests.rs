//! The reader with broken bytes and odd values, and which changes to a file must not change the result.

use proptest::prelude::*;
use serde_json::Value;

use super::tests::{COPY, file, read, row, with};
use super::*;
use crate::county::CountyCode;

/// Eight names, of which each row takes some. Some are known, some unknown and some misspelt.
const NAMES: [&str; 8] = [
    "Outpatient",
    "pap smear",
    "HIV Testing Services",
    "HIV risk reduction for Key populations",
    "Long Term",
    "Natural",
    "Tuberculosis  Treatment",
    "Bone setting",
];

/// The fields of our copy.
const FIELDS: [&str; 8] =
    ["code", "name", "keph_level_name", "county_name", "sub_county_name", "operation_status_name", "closed", "service_names"];

fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<Option<bool>>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::collection::vec(any::<String>(), 0..4).prop_map(Value::from),
    ]
}

prop_compose! {
    fn any_row()(code in 1_u32..99_999, name in "[ A-Za-z'é]{0,8}X", county in 0_usize..47, open in any::<bool>(),
        closed in any::<bool>(), services in prop::sample::subsequence(NAMES.to_vec(), 0..=8)) -> Value {
        let mut row = row(code, &services);
        row["name"] = name.into();
        row["county_name"] = CountyCode::ALL[county].name().into();
        row["closed"] = closed.into();
        row["operation_status_name"] = if open { "Operational" } else { "Not Operational" }.into();
        row
    }
}

proptest! {
    #[test]
    fn broken_bytes_never_panic(changes in prop::collection::vec((0_usize..6000, any::<u8>()), 1..40), end in 0_usize..6000) {
        let mut bytes = COPY[..6000].to_vec();
        prop_assert!(parse_register(&bytes[..end]).is_err());
        // Up to the comma after the last whole row.
        let last = bytes.iter().rposition(|byte| *byte == b'\n').expect("rows") - 1;
        bytes.truncate(last);
        bytes.extend_from_slice(b"]}");
        prop_assert!(parse_register(&bytes).is_ok());
        for (place, byte) in changes {
            let place = place % bytes.len();
            bytes[place] = byte;
        }
        let _ = parse_register(&bytes).map_err(|error| error.to_string());
    }

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_register(&bytes).map_err(|error| error.to_string());
    }

    #[test]
    fn odd_values_never_panic(field in prop::sample::select(FIELDS.to_vec()), value in odd_value()) {
        let _ = parse_register(&file(&[with(field, value)])).map_err(|error| error.to_string());
    }

    /// The register's own JSON and our copy's eight fields, in any order of the rows, give the same result.
    #[test]
    fn shape_and_order_change_nothing(mut rows in prop::collection::vec(any_row(), 1..20)) {
        rows.sort_by_key(|row| row["code"].as_u64());
        rows.dedup_by_key(|row| row["code"].as_u64());
        let whole = read(&rows);
        prop_assert_eq!(whole.rows(), rows.len());
        let mut compact = rows.clone();
        for row in &mut compact {
            row.as_object_mut().expect("an object").retain(|field, _| FIELDS.contains(&field.as_str()));
            row["code"] = row["code"].to_string().into();
        }
        prop_assert_eq!(&read(&compact), &whole);
        compact.reverse();
        prop_assert_eq!(read(&compact).facilities, whole.facilities);
    }
}
