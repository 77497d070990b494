//! The sealed note: what only the receiver's device can open goes with the referral, is put right, and is gone with the consent.

use data_encoding::{BASE64, BASE64_NOPAD};
use pamoja_domain::service::ServiceType;
use serde_json::{Value, json};

use crate::harness::{Client, RECEIVER, World};
use crate::referral::{desks, draft, with};
use crate::referral_amendment::amend;

/// An age file as a frontend makes it, by its form. Nobody can open it.
pub fn sealed(number: u8) -> String {
    let key = BASE64_NOPAD.encode(&[number; 32]);
    let mut file = format!("age-encryption.org/v1\n-> X25519 {key}\n{key}\n--- {key}\n").into_bytes();
    file.extend([0xff; 48]);
    let lines: Vec<String> =
        BASE64.encode(&file).as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    format!("-----BEGIN AGE ENCRYPTED FILE-----\n{}\n-----END AGE ENCRYPTED FILE-----\n", lines.join("\n"))
}

async fn note(client: &Client, id: &str) -> Value {
    let query = "query ($id: ID!) { node(id: $id) { ... on Referral { sealedNote } } }";
    client.data(query, json!({ "id": id })).await["node"]["sealedNote"].take()
}

#[tokio::test]
async fn a_note_goes_with_its_referral_and_is_put_right_and_withdrawn_with_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let input = with(draft(RECEIVER, ServiceType::HivTesting), json!({ "sealedNote": sealed(1) }));
    let created = sender.create_referral(input).await;
    assert_eq!(created["userErrors"], json!([]), "{created:#}");
    let id = created["referral"]["id"].as_str().expect("an id");
    assert_eq!(note(&receiver, id).await, json!(sealed(1)));

    let consent = json!({ "manner": "SPOKEN", "language": "sw" });
    for number in [2, 3] {
        let fields = json!({ "sealedNote": sealed(number), "consentGiven": true, "consent": consent });
        let amended = amend(&sender, id, fields).await;
        assert_eq!(amended["userErrors"], json!([]), "{amended:#}");
        assert_eq!(note(&receiver, id).await, json!(sealed(number)));
    }
    let withdrawn = sender.move_referral("withdrawReferralConsent", id).await;
    assert_eq!(withdrawn["userErrors"], json!([]), "{withdrawn:#}");
    assert_eq!(note(&sender, id).await, Value::Null);
}
