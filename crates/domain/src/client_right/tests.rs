use super::*;

fn pseudonym(number: u8) -> String {
    Pseudonym::from_bits([number; 16]).as_str().to_owned()
}

fn parse(pairs: &[(String, String)]) -> Result<Vec<Rotation>, Vec<String>> {
    let pairs: Vec<_> = pairs.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    parse_rotations(&pairs).map_err(said)
}

fn said(refusals: Vec<Refusal>) -> Vec<String> {
    let say = |refusal: Refusal| format!("{} {} {}", refusal.code, refusal.field.unwrap_or_default().join("."), refusal.message);
    refusals.into_iter().map(say).collect()
}

#[test]
fn each_item_is_told_by_its_place_and_all_of_them_at_once() {
    let said = parse(&[
        (pseudonym(1), pseudonym(2)),
        (pseudonym(1), pseudonym(3)),
        (pseudonym(4), pseudonym(2)),
        (pseudonym(5), pseudonym(5)),
        ("0712345678".to_owned(), "x".to_owned()),
    ])
    .expect_err("refused");
    let began = [
        "INVALID rotations.1.from pseudonym-rotation-from-repeated",
        "INVALID rotations.2.to pseudonym-rotation-to-repeated",
        "INVALID rotations.3.to pseudonym-rotation-unchanged",
        "IDENTIFYING_DATA rotations.4.from ",
        "INVALID rotations.4.to ",
    ];
    assert_eq!(said.len(), began.len(), "{said:#?}");
    for (said, began) in said.iter().zip(began) {
        assert!(said.starts_with(began), "{said}");
        assert!(!said.contains("0712345678"));
    }
}

#[test]
fn five_hundred_at_once_and_no_more() {
    let pairs = |count: usize| -> Vec<(String, String)> {
        let bits = |number: usize, last: u8| {
            let mut bits = [last; 16];
            bits[..8].copy_from_slice(&number.to_be_bytes());
            Pseudonym::from_bits(bits).as_str().to_owned()
        };
        (0..count).map(|number| (bits(number, 1), bits(number, 2))).collect()
    };
    assert_eq!(parse(&pairs(500)).map(|rotations| rotations.len()), Ok(500));
    assert_eq!(parse(&pairs(501)), Err(vec!["LIMIT_REACHED rotations pseudonym-rotation-too-many maximum=500".to_owned()]));
    assert_eq!(parse(&[]), Err(vec!["INVALID rotations pseudonym-rotation-empty".to_owned()]));
}

#[test]
fn who_is_rotated_must_be_there_and_the_new_pseudonym_free() {
    // The second wants what the first gives up: it is in use until then, so it is refused rather than guessed at.
    let rotations =
        parse(&[(pseudonym(1), pseudonym(9)), (pseudonym(2), pseudonym(1)), (pseudonym(3), pseudonym(8))]).expect("read");
    let known = HashSet::from([pseudonym(1), pseudonym(2)]);
    let refusals = check_rotations(&rotations, &known).expect_err("refused");
    let told: Vec<_> = said(refusals).iter().map(|said| said.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(told, ["CONFLICT rotations.1.to", "NOT_FOUND rotations.2.from"]);
    assert_eq!(check_rotations(&rotations[..1], &known), Ok(()));
}
