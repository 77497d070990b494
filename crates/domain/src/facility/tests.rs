//! Tests of the reader on the project's copy of the register, and the rows that the reader's other tests use.

use serde_json::{Value, json};

use super::*;
use crate::service::ServiceType;

pub(super) const COPY: &[u8] = include_bytes!("../../../../data/kenya/facilities.json");

/// One row as in the register, with a few of the many fields that the reader ignores.
pub(super) fn row(code: impl Into<Value>, services: &[&str]) -> Value {
    json!({
        "code": code.into(), "name": "Jirani  Clinic ", "officialname": "Jirani", "keph_level_name": "Level 2",
        "county": "95b08378-362e-4bf9-ad63-d685e1287db2", "county_name": "Nairobi", "sub_county_name": "Kibra",
        "ward_name": "Sarangombe", "operation_status_name": "Operational", "closed": false,
        "service_names": services, "services": ["1a536286"], "lat": "36.8", "long": "-1.3", "beds": 0,
    })
}

pub(super) fn with(field: &str, value: impl Into<Value>) -> Value {
    let mut row = row(10001, &[]);
    row[field] = value.into();
    row
}

pub(super) fn without(field: &str) -> Value {
    let mut row = row(10001, &[]);
    row.as_object_mut().expect("an object").remove(field);
    row
}

pub(super) fn file(rows: &[Value]) -> Vec<u8> {
    json!({ "count": rows.len(), "results": rows }).to_string().into_bytes()
}

pub(super) fn read(rows: &[Value]) -> Register {
    parse_register(&file(rows)).expect("a register")
}

#[test]
fn our_copy_is_read_whole() {
    let register = parse_register(COPY).expect("our copy");
    assert_eq!(register.rows(), 1604);
    assert_eq!(register.facilities.len(), 1603);
    let [skipped] = &register.skipped[..] else { panic!("one row has no code: {:?}", register.skipped) };
    assert_eq!((skipped.place, &skipped.code, skipped.reason), (Place::Row(1604), &None, SkipReason::NoCode));
    assert!(register.facilities.iter().all(|facility| facility.operational));
    assert!(register.facilities.iter().all(|facility| facility.service_types.is_sorted()));
    assert!(register.facilities.is_sorted_by(|left, right| left.code < right.code));
    let in_county = |code| register.facilities.iter().filter(|facility| facility.county.as_str() == code).count();
    assert_eq!([in_county("001"), in_county("042"), in_county("047")], [309, 289, 1005]);
}

#[test]
fn our_copy_offers_what_the_register_says() {
    let facilities = parse_register(COPY).expect("our copy").facilities;
    assert_eq!(facilities.iter().filter(|facility| facility.key_population_friendly).count(), 97);
    let offer = |wanted| facilities.iter().filter(|facility| facility.service_types.contains(&wanted)).count();
    for (service_type, count) in [
        (ServiceType::CondomsLubricant, 342),
        (ServiceType::HivTesting, 402),
        (ServiceType::Art, 166),
        (ServiceType::TbScreeningPrevention, 99),
        (ServiceType::CervicalScreening, 9),
        (ServiceType::Contraception, 521),
        (ServiceType::GeneralOutpatient, 644),
        (ServiceType::MentalHealth, 34),
        (ServiceType::PostViolenceCare, 40),
    ] {
        assert_eq!(offer(service_type), count, "{service_type:?}");
    }
}

#[test]
fn names_count_whatever_their_case_and_spaces_and_each_type_once() {
    let names = ["OUTPATIENT", " pap  SMEAR", "Screening using VIA / VILI", "hiv testing services", "Natural", "Unheard of"];
    let register = read(&[row("10001", &names)]);
    let [facility] = &register.facilities[..] else { panic!("one row") };
    let expected = [ServiceType::HivTesting, ServiceType::CervicalScreening, ServiceType::GeneralOutpatient];
    assert_eq!(facility.service_types, expected);
    assert_eq!(facility.name, "Jirani Clinic");
    assert!(!facility.key_population_friendly);
    assert!(read(&[row(1, &["hiv risk reduction for key populations"])]).facilities[0].key_population_friendly);
    let priority = "HIV risk reduction services for prioity populations and geographies";
    assert!(!read(&[row(1, &[priority])]).facilities[0].key_population_friendly);
}

#[test]
fn what_is_shut_is_told_apart() {
    let mut closed = row(10003, &[]);
    closed["closed"] = true.into();
    closed["county_name"] = Value::Null;
    let mut pending = row(10002, &[]);
    pending["operation_status_name"] = "Pending Opening".into();
    let register = read(&[closed, pending, row(Value::Null, &[])]);
    assert_eq!(register.facilities.iter().map(|facility| facility.operational).collect::<Vec<_>>(), [false]);
    assert_eq!(register.closed_codes().collect::<Vec<_>>(), ["10003"]);
    let reasons: Vec<_> = register.skipped.iter().map(|row| (row.place, row.reason.to_string())).collect();
    let expected = [(Place::Row(1), "closed".to_owned()), (Place::Row(3), "the register has given it no code yet".to_owned())];
    assert_eq!(reasons, expected);
    assert!(!read(&[with("operation_status_name", Value::Null)]).facilities[0].operational);
}

#[test]
fn absent_details_are_nothing() {
    let mut bare = without("keph_level_name");
    bare["sub_county_name"] = " \t".into();
    bare["service_names"] = Value::Null;
    bare["name"] = "A\u{0}\u{200b}\u{ad}B\n\u{feff}C".into();
    let facility = &read(&[bare]).facilities[0];
    assert_eq!((&facility.level, &facility.sub_county, facility.service_types.len()), (&None, &None, 0));
    assert_eq!(facility.name, "AB C");
}
