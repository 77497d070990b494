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
        (
            json!({ "code": "10000", "name": "Other", "closed": false, "county_name": "Kisumu", "operation_status_name": "Operational", "service_names": [] }),
            "row 2 (code 10000): the same code stands already in row 1, and name, keph_level_name, county_name, sub_county_name are not the same there; keep one of the two rows",
        ),
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
    assert_eq!(wrong(b""), "empty, and so not JSON; save the register's answer again");
    assert!(wrong(&COPY[..COPY.len() - 4]).starts_with("not JSON from line 1605"));
    for json in ["{}", "7", "[]", "{\"results\":\"Wanjiru\"}", "{\"results\":{}}"] {
        assert_eq!(wrong(json.as_bytes()), "not a register; give an object whose \"results\" is a list of facilities");
    }
    assert_eq!(wrong(b"\xEF\xBB\xBF{\"results\":[]}"), "no facility is in it; ask the register again");
    let row = json!({ "code": null, "closed": false });
    let rows = vec![row; MAX_ROWS + 1];
    assert_eq!(read(&rows[1..]).rows(), MAX_ROWS);
    assert_eq!(refused(&rows), "more than 50000 rows; split the file, for instance by county");
}

#[test]
fn every_faulty_row_and_field_is_named_in_one_run() {
    let mut two = row(10003, &[]);
    two["name"] = " ".into();
    two["county_name"] = "Kampala".into();
    two["closed"] = "no".into();
    let named = refused(&[with("code", "9.1E4"), row(10002, &[]), two, without("closed"), json!([])]);
    let expected = [
        "row 1: a spreadsheet has shortened the code to a power of ten; give all its digits",
        "row 3 (code 10003): the field closed is not true or false; give it as the register does",
        "row 3 (code 10003): the name is empty; give the facility's name",
        "row 3 (code 10003): the county_name is none of Kenya's 47 counties; correct its spelling",
        "row 4 (code 10001): the field closed is missing; give every facility all fields of the register",
        "row 5: not a facility; give an object with code, name, county_name and so on",
    ];
    assert_eq!(named.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn only_the_first_thousand_problems_are_named() {
    let rows = vec![json!(7); MAX_NAMED + 234];
    let errors = parse_register(&file(&rows)).expect_err("wrong");
    assert_eq!((errors.named.len(), errors.total), (MAX_NAMED, MAX_NAMED + 234));
    assert!(errors.to_string().ends_with("and 234 more; correct these first"));
    assert_eq!(errors.to_string().lines().count(), MAX_NAMED + 1);
}

#[test]
fn a_page_of_a_longer_list_is_refused_or_taken_in_as_a_part() {
    let rows = [row(10001, &[]), row(10002, &[])];
    let whole = json!({ "count": 2, "next": null, "previous": null, "page_size": 30_000, "current_page": 1, "total_pages": 1,
        "start_index": 1, "end_index": 2, "near_pages": [2, 3], "far_pages": [8, 9], "results": rows });
    assert!(parse_register(whole.to_string().as_bytes()).is_ok());
    for (field, value) in [
        ("count", json!(3)),
        ("count", json!("3")),
        ("next", json!("https://example.org/?page=2")),
        ("previous", json!("https://example.org/?page=1")),
        ("total_pages", json!(2)),
        ("current_page", json!(2)),
        ("start_index", json!(3)),
        ("end_index", json!(1)),
    ] {
        let mut page = whole.clone();
        page[field] = value;
        let page = page.to_string().into_bytes();
        let refused = parse_register(&page).expect_err(field).to_string();
        assert!(refused.starts_with("a page of a longer list") && refused.contains("--partial"), "{field}: {refused}");
        assert_eq!(field == "count", refused.contains("(2 of 3 rows)"), "{refused}");
        let mut reader = RegisterReader::new(true);
        reader.read(None, &page);
        assert_eq!(reader.finish().expect("a part").facilities.len(), 2);
    }
}

#[test]
fn a_row_that_stands_twice_is_one_and_a_code_with_two_contents_is_named_twice() {
    let mut priced = row(10001, &[]);
    priced["beds"] = 7.into();
    priced["code"] = "10,001".into();
    let register = read(&[row(10001, &[]), priced, row(10002, &[]), row(10001, &[])]);
    assert_eq!((register.facilities.len(), register.repeated, register.rows()), (2, 2, 4));
    let mut closed = row(10001, &[]);
    closed["closed"] = true.into();
    let message = |field: &str| {
        format!(
            "row 2 (code 10001): the same code stands already in row 1, and {field} is not the same there; keep one of the two rows"
        )
    };
    for (other, field) in [
        (with("name", "Another"), "name"),
        (with("county_name", "Kisumu"), "county_name"),
        (with("operation_status_name", "Closed"), "operation_status_name"),
        (row(10001, &["Outpatient"]), "service_names"),
        (closed, "closed"),
    ] {
        assert_eq!(refused(&[row(10001, &[]), other]), message(field));
    }
    let twice = r#"{"results":[{"code":1,"code":2,"closed":true}]}"#;
    assert_eq!(
        parse_register(twice.as_bytes()).expect_err("wrong").to_string(),
        "row 1: the field code stands there twice; keep one of the two"
    );
}

#[test]
fn codes_are_read_from_the_digits_that_the_file_shows() {
    let codes = |code: &str| {
        let json = format!(r#"{{"results":[{{"code":{code},"closed":true}}]}}"#);
        parse_register(json.as_bytes()).map(|register| register.closed_codes().map(str::to_owned).collect::<Vec<_>>())
    };
    for code in ["91011", "91011.0", "9.1011E4", "9.1011e+04", "\"91,011\"", "\"'91011\"", "\" 91011.0 \"", "\"9.1011E+04\""] {
        assert_eq!(codes(code), Ok(vec!["91011".to_owned()]), "{code}");
    }
    for code in ["9.1E4", "91011.5", "-91011", "\"91.011\"", "\"\"", "true", "[91011]", "1e400"] {
        assert!(codes(code).is_err(), "{code}");
    }
}

#[test]
fn text_in_utf_16_and_lines_of_json_are_read() {
    let rows = [row(10001, &["Outpatient"]), with("code", 10002), with("name", "Ngũgĩ 👨‍👩‍👧 Clinic")];
    let rows = [rows[0].clone(), rows[1].clone(), {
        let mut last = rows[2].clone();
        last["code"] = 10003.into();
        last
    }];
    let expected = read(&rows).facilities;
    let object = String::from_utf8(file(&rows)).expect("text");
    let lines = rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\r\n\r\n") + "\n";
    for text in [object, lines] {
        let little = || text.encode_utf16().flat_map(u16::to_le_bytes);
        let big = || text.encode_utf16().flat_map(u16::to_be_bytes);
        for bytes in [
            text.clone().into_bytes(),
            [&b"\xef\xbb\xbf"[..], text.as_bytes()].concat(),
            [0xff, 0xfe].into_iter().chain(little()).collect(),
            [0xfe, 0xff].into_iter().chain(big()).collect(),
            little().collect(),
            big().collect(),
        ] {
            assert_eq!(parse_register(&bytes).expect("a register").facilities, expected);
        }
    }
    assert_eq!(expected[2].name, "Ngũgĩ 👨‍👩‍👧 Clinic");
}

#[test]
fn lines_are_named_by_their_number() {
    let lines = format!("\n{}\n\n{{\"code\": 7\n{}\n7\n", row(10001, &[]), with("county_name", "Kampala"));
    assert_eq!(
        parse_register(lines.as_bytes()).expect_err("wrong").to_string().lines().collect::<Vec<_>>(),
        [
            "line 4: not JSON from column 10 on; give one whole facility a line",
            "line 5 (code 10001): the county_name is none of Kenya's 47 counties; correct its spelling",
            "line 6: not a facility; give an object with code, name, county_name and so on",
        ]
    );
    let many = format!("{}\n", json!({ "code": null, "closed": false })).repeat(MAX_ROWS + 1);
    assert!(parse_register(many.as_bytes()).expect_err("too many").to_string().starts_with("more than 50000 rows"));
}

#[test]
fn files_of_other_kinds_are_told_apart() {
    let packed = |inside: &str| [&b"PK\x03\x04\x14\0\0\0\x08\0"[..], inside.as_bytes()].concat();
    let utf_32 = |text: &str| text.chars().flat_map(|character| u32::from(character).to_le_bytes()).collect::<Vec<u8>>();
    for (bytes, says) in [
        (packed("[Content_Types].xml xl/workbook.xml"), "a spreadsheet, not JSON"),
        (packed("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), "a spreadsheet, not JSON"),
        (packed("[Content_Types].xml word/document.xml"), "a text document, not JSON"),
        (packed("facilities.json"), "a packed file; unpack it"),
        (b"\x1f\x8b\x08\0\0\0".to_vec(), "a packed file; unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "a spreadsheet, not JSON"),
        (b"%PDF-1.7\n".to_vec(), "a PDF, not JSON"),
        (b"\x89PNG\r\n\x1a\n".to_vec(), "a picture, not JSON"),
        (b"<!DOCTYPE html>\n<html></html>".to_vec(), "a web page, not JSON"),
        (b"\xef\xbb\xbf  <html lang=\"en\">".to_vec(), "a web page, not JSON"),
        (b"<?xml version=\"1.0\"?><facilities/>".to_vec(), "XML, not JSON"),
        (b"code,name,county_name\n10001,Wanjiru,Nairobi\n".to_vec(), "a table with separators (CSV), not JSON"),
        (b"\"code\";\"name\"\n".to_vec(), "a table with separators (CSV), not JSON"),
        (b"code\tname\n".to_vec(), "a table with separators (CSV), not JSON"),
        (utf_32("{\"results\":[]}"), "text in UTF-32; save it in UTF-8"),
        ([&[0xff, 0xfe, 0, 0][..], &utf_32("{}")].concat(), "text in UTF-32; save it in UTF-8"),
        (b"{\"results\":[\n{\"name\":\"Caf\xe9\"}]}".to_vec(), "not UTF-8 from line 2 on; save the file in UTF-8"),
        (b"\xff\xfe{\0\"".to_vec(), "damaged UTF-16"),
        (b" \n\t".to_vec(), "empty, and so not JSON"),
        (b"\xef\xbb\xbf".to_vec(), "empty, and so not JSON"),
        (b"\xff\xfe".to_vec(), "empty, and so not JSON"),
        (b"Hello".to_vec(), "not JSON from line 1"),
        (b"\0\0\0\0\0\0".to_vec(), "not JSON from line 1"),
    ] {
        let refused = parse_register(&bytes).expect_err("another kind").to_string();
        assert!(refused.starts_with(says) && !refused.contains("Wanjiru"), "{bytes:?}: {refused}");
    }
    let mut large = vec![b' '; MAX_BYTES + 1];
    large[0] = b'{';
    let refused = parse_register(&large).expect_err("too large").to_string();
    assert_eq!(refused, "larger than 100 MB; give the register's answer for fewer counties at a time");
}

#[test]
fn lengths_are_what_a_person_counts() {
    let family = "👨‍👩‍👧‍👦";
    assert_eq!(read(&[with("name", family.repeat(90))]).facilities[0].name, family.repeat(90));
    assert!(refused(&[with("name", "é".repeat(MAX_TEXT + 1))]).contains("longer than 200 characters"));
    assert!(refused(&[with("name", format!("e{}", "\u{301}".repeat(40)))]).contains("more marks than anybody can read"));
    assert!(refused(&[with("name", "\u{200b}\u{ad}\u{202e}")]).contains("the name is empty"));
}

#[test]
fn the_newest_entry_of_each_county_is_known() {
    let entered = |code: u32, county: &str, created: &str| {
        let mut row = row(code, &[]);
        row["county_name"] = county.into();
        row["created"] = created.into();
        row
    };
    let register = read(&[
        entered(1, "Nairobi", "2020-05-19T08:10:26.778716Z"),
        entered(2, "Nairobi", "2009-10-31"),
        entered(3, "Kisumu", "2020-04-04T06:35:03Z"),
        row(4, &[]),
    ]);
    let mut closed = entered(5, "Mombasa", "2020-05-20");
    closed["closed"] = true.into();
    assert_eq!(read(&[closed]).newest_entries.len(), 1, "a row that is skipped has an age, too");
    let days: Vec<_> = register.newest_entries.iter().map(|(county, day)| format!("{county} {day}")).collect();
    assert_eq!(days, ["042 2020-04-04", "047 2020-05-19"]);
    for wrong in ["19/05/2020", "2020-13-01", "yesterday", "2020-05-19x"] {
        assert!(refused(&[with("created", wrong)]).contains("the field created is not a day such as 2020-05-19"), "{wrong}");
    }
}

#[test]
fn several_files_are_one_register() {
    let (one, two) = (file(&[row(10002, &[])]), file(&[row(10001, &[]), row(Value::Null, &[])]));
    let both = parse_registers([("one.json", &one[..]), ("two.json", &two[..])]).expect("two files");
    assert_eq!(both.facilities.iter().map(|facility| &facility.code[..]).collect::<Vec<_>>(), ["10001", "10002"]);
    assert_eq!((both.skipped[0].file.as_deref(), both.skipped[0].place), (Some("two.json"), Place::Row(2)));
    let refused = |files: [(&str, &[u8]); 2]| parse_registers(files).expect_err("wrong").to_string();
    let again = file(&[{
        let mut again = row(10002, &[]);
        again["name"] = "Another".into();
        again
    }]);
    let twice = refused([("one.json", &one), ("again.json", &again)]);
    let expected = "again.json, row 1 (code 10002): the same code stands already in one.json, row 1, and name is not the same there; keep one of the two rows";
    assert_eq!(twice, expected);
    assert_eq!(parse_registers([("one.json", &one[..]), ("again.json", &one[..])]).expect("one file").facilities.len(), 1);
    assert!(refused([("one.json", &one), ("two.json", b"{")]).starts_with("two.json: not JSON"));
}
