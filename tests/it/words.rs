//! What the program says to people, in the language that they read.

use chrono::{Datelike, NaiveDate, Utc};
use pamoja_domain::day::day_of;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use reqwest::header::HeaderValue;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::harness::{Client, PASSWORD, RECEIVER, SENDER, Schema, Socket, World};
use crate::referral::{desks, sent};

/// A day as sentences say it in English: with its year when that isn't the present one.
pub fn in_words(day: NaiveDate) -> String {
    let form = if day.year() == day_of(Utc::now()).year() { "%-d %B" } else { "%-d %B %Y" };
    day.format(form).to_string()
}

/// A header, and the language of ours that it asks for.
const ASKED: [(Option<&str>, &str); 6] = [
    (None, "en"),
    (Some("en-GB"), "en"),
    (Some("fr"), "en"),
    (Some("sw"), "sw"),
    (Some("sw-KE;q=0.9, en;q=0.5"), "sw"),
    (Some("en;q=0.5, sw-KE;q=0.9"), "sw"),
];

async fn ask(client: &Client, path: &str, body: &Value, language: Option<&str>) -> Response {
    let request = client.request(Method::POST, path).json(body);
    let request = match language {
        Some(language) => request.header("accept-language", language),
        None => request,
    };
    request.send().await.expect("an answer")
}

/// The language that the response names, and whether it says to caches that the answer depends on the language.
fn spoken(response: &Response) -> (String, bool) {
    let language = response.headers()["content-language"].to_str().expect("a tag").to_owned();
    let mut varies = response.headers().get_all("vary").iter();
    (language, varies.any(|value| value.to_str().expect("text").to_lowercase().contains("accept-language")))
}

/// Sends the request in every language; `find` takes code, field and sentence from the answer. Only the sentence may differ.
async fn same_in_every_language(
    client: &Client,
    path: &str,
    body: Value,
    find: impl Fn(&Value) -> (Value, Value),
) -> [String; 2] {
    let mut told: Vec<(&str, Value, Value)> = Vec::new();
    for (asked, language) in ASKED {
        let response = ask(client, path, &body, asked).await;
        assert_eq!(spoken(&response), (language.to_owned(), true), "{asked:?}");
        let answer: Value = response.json().await.expect("JSON");
        let (code, sentence) = find(&answer);
        assert!(sentence.as_str().is_some_and(|sentence| sentence.ends_with('.') && !sentence.contains('{')), "{answer:#}");
        assert_eq!(code, told.first().map_or(&code, |(_, code, _)| code).clone(), "{asked:?}");
        let known = told.iter().find(|(known, _, _)| *known == language).map(|(_, _, sentence)| sentence.clone());
        assert_eq!(sentence, known.unwrap_or(sentence.clone()), "{asked:?}");
        told.push((language, code, sentence));
    }
    let sentence = |of: &str| {
        let told = told.iter().find(|(language, _, _)| *language == of).expect("told");
        told.2.as_str().expect("a sentence").to_owned()
    };
    let both = [sentence("en"), sentence("sw")];
    assert_ne!(both[0], both[1]);
    both
}

#[tokio::test]
async fn a_refusal_has_one_code_and_the_words_of_the_readers_language() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    receiver.move_referral("acceptReferral", &id).await;
    let accept = "mutation ($id: ID!) { acceptReferral(input: { referralId: $id }) { userErrors { code message field } } }";
    let error = |answer: &Value| {
        let error = &answer["data"]["acceptReferral"]["userErrors"][0];
        (json!([error["code"], error["field"]]), error["message"].clone())
    };
    let body = json!({ "query": accept, "variables": { "id": id } });
    let [english, swahili] = same_in_every_language(&receiver, "/graphql", body, error).await;
    assert_eq!(english, "The referral is “Accepted” now. “Accept” is possible from: Requested, On the waiting list.");
    assert!(swahili.contains("“Imekubaliwa”"), "{swahili}");

    let body = json!({ "query": accept, "variables": { "id": "nothing" } });
    let [english, swahili] = same_in_every_language(&receiver, "/graphql", body, error).await;
    assert_eq!(english, "Nothing with this id exists. Check the id, or look it up again.");
    assert!(swahili.starts_with("Hakuna kitu"), "{swahili}");
}

#[tokio::test]
async fn an_error_of_a_field_or_of_the_whole_request_has_the_words_of_the_readers_language() {
    let world = World::new().await;
    let analyst = world.client(SENDER, Role::Analyst).await;
    let error = |answer: &Value| (answer["errors"][0]["extensions"]["code"].clone(), answer["errors"][0]["message"].clone());
    let cases = [
        (&analyst, "{ referrals(direction: OUTGOING) { nodes { id } } }", "FORBIDDEN"),
        (&analyst, "{ referralBySlip(slipCode: \"K7Q2\") { id } }", "BAD_REQUEST"),
        (&world.anonymous(), "{ viewer { roles } }", "UNAUTHENTICATED"),
    ];
    for (client, query, code) in cases {
        let [english, _] = same_in_every_language(client, "/graphql", json!({ "query": query }), error).await;
        let answer = client.run(query, json!({})).await;
        assert_eq!(
            (&answer["errors"][0]["extensions"]["code"], &answer["errors"][0]["message"]),
            (&json!(code), &json!(english))
        );
        assert!(answer["errors"][0]["extensions"].as_object().is_some_and(|extensions| extensions.len() == 2), "{answer:#}");
    }
}

#[tokio::test]
async fn a_refused_sign_in_has_the_words_of_the_readers_language() {
    let world = World::new().await;
    let client = world.anonymous();
    let error = |answer: &Value| (answer["error"]["code"].clone(), answer["error"]["message"].clone());
    let expired = json!({ "refreshToken": "nothing" });
    same_in_every_language(&client, "/session/refresh", expired, error).await;
    // The answers to the first five wrong passwords differ from the answer to the sixth.
    for (wrong, language, code, said) in [
        ("caseworker@jirani", None, "UNAUTHENTICATED", "The username or the password is wrong."),
        ("caseworker@jirani", Some("sw-KE;q=0.9, en;q=0.5"), "UNAUTHENTICATED", "Jina la mtumiaji au nenosiri si sahihi."),
        ("caseworker@jirani", Some("fr"), "UNAUTHENTICATED", "The username or the password is wrong."),
        ("caseworker@jirani", None, "UNAUTHENTICATED", "The username or the password is wrong."),
        ("caseworker@jirani", None, "UNAUTHENTICATED", "The username or the password is wrong."),
        (
            "caseworker@jirani",
            None,
            "RATE_LIMITED",
            "Five sign-ins with this username have failed or are under way. Try again in a moment, or in 15 minutes.",
        ),
        (
            "caseworker@jirani",
            Some("sw"),
            "RATE_LIMITED",
            "Majaribio matano ya kuingia kwa jina hili la mtumiaji yameshindwa au yanaendelea. Jaribu tena baada ya muda mfupi, au baada ya dakika 15.",
        ),
    ] {
        let answer = ask(&client, "/session", &json!({ "username": wrong, "password": "not the password" }), language).await;
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(answer, json!({ "error": { "code": code, "message": said } }), "{language:?}");
    }
}

#[tokio::test]
async fn a_socket_speaks_the_language_of_its_upgrade() {
    let world = World::new().await;
    let receiver = world.client(RECEIVER, Role::Caseworker).await;
    let token = receiver.token.clone().expect("a token");
    let mutation = "mutation { acceptReferral(input: { referralId: \"nothing\" }) { userErrors { message } } }";
    let mut said = Vec::new();
    for language in ["", "fr", "sw-KE, en;q=0.5"] {
        let mut socket = Socket::begin_in(language, world.address, &token).await;
        socket.subscribe("1", mutation).await;
        let message = socket.hear().await;
        said.push(
            message["payload"]["data"]["acceptReferral"]["userErrors"][0]["message"].as_str().expect("a message").to_owned(),
        );
    }
    assert!(said[0].starts_with("Nothing with this id") && said[1] == said[0] && said[2].starts_with("Hakuna kitu"), "{said:?}");
}

#[tokio::test]
async fn every_enum_of_the_schema_is_shown_in_the_readers_language() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::Trainer).await;
    let query = json!({ "query": "{ captions { name members { code caption } } }" });
    let mut captions = Vec::new();
    for language in ["en", "sw"] {
        let answer: Value = ask(&client, "/graphql", &query, Some(language)).await.json().await.expect("JSON");
        assert!(answer.get("errors").is_none(), "{answer:#}");
        captions.push(answer["data"]["captions"].as_array().expect("captions").clone());
    }
    assert_ne!(captions[0], captions[1]);
    let of = |captions: &[Value], name: &str| captions.iter().find(|one| one["name"] == name).cloned().unwrap_or_default();
    let schema = Schema::of(&client).await;
    let enums: Vec<&Value> = schema.types().filter(|known| known["kind"] == "ENUM").collect();
    assert!(enums.len() > 15, "only {} enums were found", enums.len());
    for one in enums {
        let codes: Vec<&Value> = one["enumValues"].as_array().expect("values").iter().map(|value| &value["name"]).collect();
        for captions in &captions {
            let members = of(captions, one["name"].as_str().expect("a name"))["members"].clone();
            let shown: Vec<&Value> = members.as_array().into_iter().flatten().map(|member| &member["code"]).collect();
            assert_eq!(shown, codes, "{}", one["name"]);
        }
    }
    let urgency = |language: usize| of(&captions[language], "Urgency")["members"][0].clone();
    assert_eq!(urgency(0), json!({ "code": "ROUTINE", "caption": "Routine" }));
    assert_eq!(urgency(1), json!({ "code": "ROUTINE", "caption": "Kawaida" }));

    let some = "query ($names: [String!]) { captions(names: $names) { name } }";
    let named = client.data(some, json!({ "names": ["Urgency", "NoSuchEnum", "Urgency", Role::NAME] })).await;
    assert_eq!(named["captions"], json!([{ "name": "Role" }, { "name": "Urgency" }]));
    assert_eq!(world.anonymous().error_code("{ captions { name } }", json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn counties_and_languages_can_be_chosen_from_and_the_captions_have_one_version() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::PeerEducator).await;
    let query = json!({ "query": "{ counties { code name } languages { code caption } captionsVersion captions(names: [\"Language\"]) { members { code caption } } }" });
    let mut answers = Vec::new();
    for language in ["en", "sw"] {
        let answer: Value = ask(&client, "/graphql", &query, Some(language)).await.json().await.expect("JSON");
        assert!(answer.get("errors").is_none(), "{answer:#}");
        assert_eq!(answer["data"]["languages"], answer["data"]["captions"][0]["members"], "they are said in one way");
        answers.push(answer["data"].clone());
    }
    let [english, swahili] = &answers[..] else { panic!("two answers") };
    assert_eq!(english["counties"].as_array().map(Vec::len), Some(47));
    assert_eq!(
        (&english["counties"][46], &swahili["counties"]),
        (&json!({ "code": "047", "name": "Nairobi" }), &english["counties"])
    );
    let caption = |answer: &Value, code: &str| {
        let languages = answer["languages"].as_array().expect("languages").clone();
        languages.into_iter().find(|language| language["code"] == code).map(|mut language| language["caption"].take())
    };
    assert_eq!((caption(english, "luo"), caption(swahili, "luo")), (Some(json!("Luo")), Some(json!("Kijaluo"))));
    assert_eq!(english["captionsVersion"].as_str().map(str::len), Some(16));
    assert_eq!(english["captionsVersion"], swahili["captionsVersion"], "it is the version of all languages");
}

#[tokio::test]
async fn whatever_a_client_asks_for_it_is_answered() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::Caseworker).await;
    let body = json!({ "query": "{ viewer { roles } }" });
    let tag = "[a-zA-Z0-9*]{0,9}(-[a-zA-Z0-9]{0,9}){0,3}(; ?q ?= ?[-0-9.eEnainf]{0,5})?";
    let ranges = proptest::collection::vec(tag, 0..60).prop_map(|ranges| ranges.join(",").into_bytes());
    let strategy = prop_oneof![ranges, proptest::collection::vec(any::<u8>(), 0..4_000)];
    let mut runner = TestRunner::default();
    let mut asked = 0;
    for _ in 0..200 {
        let bytes = strategy.new_tree(&mut runner).expect("some bytes").current();
        let Ok(value) = HeaderValue::from_bytes(&bytes) else { continue };
        asked += 1;
        let request = client.request(Method::POST, "/graphql").json(&body).header("accept-language", value.clone());
        let request = request.header("accept-language", value);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{bytes:?}");
        assert!(["en", "sw"].contains(&answer.headers()["content-language"].to_str().expect("a tag")));
    }
    assert!(asked > 50, "only {asked} headers could be sent");
    let credentials = json!({ "username": "caseworker@jirani", "password": PASSWORD });
    let signed_in = ask(&client, "/session", &credentials, Some(&"sw,".repeat(2_000))).await;
    assert_eq!(signed_in.status(), 200);
}

#[tokio::test]
async fn a_page_of_another_origin_may_choose_the_language() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::Caseworker).await;
    let request = client.request(Method::POST, "/graphql").json(&json!({ "query": "{ viewer { roles } }" }));
    let answer =
        request.header("origin", "https://partner.example").header("accept-language", "sw").send().await.expect("an answer");
    assert_eq!(answer.headers()["access-control-allow-origin"], "https://partner.example");
    assert_eq!(spoken(&answer), ("sw".to_owned(), true));
    let varies: Vec<String> =
        answer.headers().get_all("vary").iter().map(|value| value.to_str().expect("text").to_lowercase()).collect();
    assert!(varies.iter().any(|value| value.contains("origin")), "{varies:?}");
}
