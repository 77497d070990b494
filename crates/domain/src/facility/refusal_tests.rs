//! Which registers the reader refuses, and with which words.

use serde_json::Value;
use serde_json::json;

use super::tests::{COPY, file, read, row, with, without};
use super::*;

fn refused(rows: &[Value]) -> String {
    parse_register(&file(rows)).expect_err("wrong").to_string()
}

#[test]
fn refusals_name_the_row_and_what_to_put_right() {
    let good = row(10000, &[]);
    let long = "a".repeat(MAX_TEXT + 1);
    for (bad, message) in [
        (with("code", "10a"), "row 2: the code is not 1 to 10 digits; give the register's own code"),
        (with("code", ""), "row 2: the code is not 1 to 10 digits; give the register's own code"),
        (with("code", 12_345_678_901_u64), "row 2: the code is not 1 to 10 digits; give the register's own code"),
        (with("code", -1), "row 2: the code is not 1 to 10 digits; give the register's own code"),
        (with("code", 1.5), "row 2: the code is not 1 to 10 digits; give the register's own code"),
        (with("code", true), "row 2: the field code is not a number or a text of digits; give it as the register does"),
        (without("code"), "row 2: the field code is missing; give every facility all fields of the register"),
        (
            without("service_names"),
            "row 2 (code 10001): the field service_names is missing; give every facility all fields of the register",
        ),
        (with("closed", "no"), "row 2 (code 10001): the field closed is not true or false; give it as the register does"),
        (with("name", " "), "row 2 (code 10001): the name is empty; give the facility's name"),
        (with("name", 7), "row 2 (code 10001): the field name is not a text; give it as the register does"),
        (with("name", long.as_str()), "row 2 (code 10001): the field name is longer than 200 characters; shorten it"),
        (
            with("service_names", json!(["Outpatient", 7])),
            "row 2 (code 10001): the field service_names is not a list of texts; give it as the register does",
        ),
        (
            with("county_name", "Kampala"),
            "row 2 (code 10001): the county_name is none of Kenya's 47 counties; correct its spelling",
        ),
        (with("code", "10000"), "row 2 (code 10000): the same code stands already in row 1; keep one of the two rows"),
        (json!(7), "row 2: not a facility; give an object with code, name, county_name and so on"),
    ] {
        assert_eq!(refused(&[good.clone(), bad]), message);
    }
}

#[test]
fn refusals_of_a_whole_file() {
    let wrong = |json: &[u8]| parse_register(json).expect_err("wrong").to_string();
    let secret = wrong(b"{\"results\":[\n {\"name\": Wanjiru}]}");
    assert_eq!(secret, "not JSON from line 2, column 11 on; save the register's answer again, whole and unedited");
    assert!(wrong(b"").starts_with("not JSON from line 1, column 0"));
    assert!(wrong(&COPY[..COPY.len() - 4]).starts_with("not JSON from line 1605"));
    for json in ["{}", "7", "[]", "{\"results\":\"Wanjiru\"}", "{\"results\":{}}"] {
        assert_eq!(wrong(json.as_bytes()), "not a register; give an object whose \"results\" is a list of facilities");
    }
    assert_eq!(parse_register(b"\xEF\xBB\xBF{\"results\":[]}"), Ok(Register::default()));
    let row = json!({ "code": null, "closed": false });
    let rows = vec![row; MAX_ROWS + 1];
    assert_eq!(read(&rows[1..]).rows(), MAX_ROWS);
    assert_eq!(refused(&rows), "more than 50000 rows; split the file, for instance by county");
}

#[test]
fn several_files_are_one_register() {
    let (one, two) = (file(&[row(10002, &[])]), file(&[row(10001, &[]), row(Value::Null, &[])]));
    let both = parse_registers([("one.json", &one[..]), ("two.json", &two[..])]).expect("two files");
    assert_eq!(both.facilities.iter().map(|facility| &facility.code[..]).collect::<Vec<_>>(), ["10001", "10002"]);
    assert_eq!((both.skipped[0].file.as_deref(), both.skipped[0].row), (Some("two.json"), 2));
    let refused = |files: [(&str, &[u8]); 2]| parse_registers(files).expect_err("wrong").to_string();
    let twice = refused([("one.json", &one), ("again.json", &one)]);
    let expected = "again.json, row 1 (code 10002): the same code stands already in one.json, row 1; keep one of the two rows";
    assert_eq!(twice, expected);
    assert!(refused([("one.json", &one), ("two.json", b"{")]).starts_with("two.json: not JSON"));
}
