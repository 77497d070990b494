//! What the edge lets through to the real schema, and what it says about what it refuses.

mod limit;

use pamoja_api::graphql::global_id;
use pamoja_api::http::settings::Settings;
use pamoja_domain::device::SharedHours;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::harness::{Client, PATIENT, RECEIVER, SENDER, Schema, World, postgres, put};
use crate::referral::{draft, sent, with};

const PHONE: &str = "0712345678";

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("nothing refused")
}

async fn post(client: &Client, body: &Value) -> Response {
    client.request(Method::POST, "/graphql").json(body).send().await.expect("an answer")
}

async fn caseworker(world: &World) -> Client {
    world.client(SENDER, Role::Caseworker).await
}

/// That many of something, numbered.
fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn only_json_by_post_is_executed() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::OrganisationAdmin).await;
    let document = "mutation { createService(input: { serviceType: SHELTER, name: \"A bed\", countyCode: \"047\", populations: [] }) { userErrors { code } } }";
    let body = json!({ "query": document });
    let multipart = format!(
        "--x\r\ncontent-disposition: form-data; name=\"operations\"\r\n\r\n{body}\r\n--x\r\ncontent-disposition: form-data; name=\"map\"\r\n\r\n{{}}\r\n--x--\r\n"
    );
    let encoded: String = document.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let request = |method: Method, path: &str, content_type: &str, body: String| {
        client.request(method, path).header("content-type", content_type).body(body)
    };
    let cases = [
        ("multipart", request(Method::POST, "/graphql", "multipart/form-data; boundary=x", multipart), 415),
        ("a form", request(Method::POST, "/graphql", "application/x-www-form-urlencoded", format!("query={encoded}")), 415),
        ("plain text", request(Method::POST, "/graphql", "text/plain", body.to_string()), 415),
        ("the document itself", request(Method::POST, "/graphql", "application/graphql", document.to_owned()), 415),
        ("GET", client.request(Method::GET, &format!("/graphql?query={encoded}")), 405),
        ("PUT", request(Method::PUT, "/graphql", "application/json", body.to_string()), 405),
        ("a batch", request(Method::POST, "/graphql", "application/json", json!([body]).to_string()), 400),
        ("a batch of two", request(Method::POST, "/graphql", "application/json", json!([body, body]).to_string()), 400),
        ("65 KiB", request(Method::POST, "/graphql", "application/json", format!("{body}{}", " ".repeat(65 * 1024))), 413),
        ("an unknown address", request(Method::POST, "/graphql/", "application/json", body.to_string()), 404),
    ];
    for (what, request, status) in cases {
        let response = request.send().await.expect("an answer");
        let id = response.headers()["x-request-id"].to_str().expect("a text").to_owned();
        assert_eq!(response.status().as_u16(), status, "{what}");
        let answer: Value = response.json().await.expect("JSON");
        assert_eq!(code(&answer), if status == 413 { "TOO_COSTLY" } else { "BAD_REQUEST" }, "{what}");
        assert_eq!(answer["errors"][0]["extensions"]["requestId"], json!(id), "{what}");
    }
    let list = "{ services(filter: { serviceTypes: [SHELTER] }) { nodes { id } } }";
    assert_eq!(client.data(list, json!({})).await["services"]["nodes"], json!([]), "nothing was done");
    let nearly = format!("{body}{}", " ".repeat(64 * 1024 - body.to_string().len()));
    let response = request(Method::POST, "/graphql", "application/json", nearly).send().await.expect("an answer");
    assert_eq!(response.status().as_u16(), 200, "64 KiB are taken");
}

#[tokio::test]
async fn where_a_variable_is_not_given_the_default_counts() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::Analyst).await;
    let table = |variables: &str, period: &str, side: &str| {
        format!(
            "query {variables} {{ organisationTable(input: {{ name: REFERRALS_BY_AGE_BAND, measure: \"CREATED\", {period} from: \"2026-08\",
                through: \"2026-09\" }} {side}) {{ period totals {{ period value }} }} }}"
        )
    };
    let plain = client.data(&table("", "", ""), json!({})).await;
    let declared = table("($period: PeriodKind, $side: OwnSide)", "period: $period,", ", side: $side");
    assert_eq!(client.data(&declared, json!({})).await, plain);
    let quarters = client.data(&declared, json!({ "period": "QUARTER" })).await;
    assert_eq!(quarters["organisationTable"]["period"], "QUARTER");
    assert_eq!(client.error_code(&declared, json!({ "period": null })).await, "BAD_REQUEST", "a null that was given is one");
    let inside =
        "query ($kind: PeriodKind) { ...F } fragment F on Query { coalition { ... { publishedThrough(period: $kind) } } }";
    let without = client.data("{ coalition { publishedThrough } }", json!({})).await;
    assert_eq!(client.data(inside, json!({})).await, without);
    // In a list it is null.
    let listed = "query ($id: ID!, $code: String) { services(filter: { ids: [$id], countyCodes: [$code] }) { nodes { id } } }";
    assert_eq!(client.error_code(listed, json!({ "id": "x" })).await, "BAD_REQUEST");
}

#[tokio::test]
async fn what_is_skipped_is_neither_answered_nor_priced() {
    let world = World::new().await;
    let client = caseworker(&world).await;
    let large = "referrals(direction: OUTGOING, first: 100)";
    let inside = "{ nodes { id timeline { status at byOrganisation { id name services(first: 20) { nodes { id name } } } } } }";
    let asked = |condition: &str| {
        format!("query ($skip: Boolean = true) {{ viewer @include(if: $skip) {{ roles }} {large} {condition} {inside} }}")
    };
    assert_eq!(client.error_code(&asked(""), json!({})).await, "TOO_COSTLY");
    for condition in ["@skip(if: $skip)", "@skip(if: true)", "@include(if: false)"] {
        let data = client.data(&asked(condition), json!({})).await;
        assert_eq!(data.as_object().map(|data| data.len()), Some(1), "{condition}: {data}");
    }
    assert_eq!(client.error_code(&asked("@skip(if: $skip)"), json!({ "skip": false })).await, "TOO_COSTLY");
    assert_eq!(client.data("{ viewer { roles @skip(if: true) } }", json!({})).await, json!({ "viewer": {} }), "nothing is left");
}

#[tokio::test]
async fn introspection_that_is_off_is_refused_in_every_disguise() {
    let world = World::with(Settings {
        introspection: false,
        explain_documents: false,
        explorer: false,
        allowed_origins: Vec::new(),
        shared_hours: SharedHours::default(),
        wait: PATIENT,
    })
    .await;
    let client = caseworker(&world).await;
    for document in [
        "{ __schema { types { name } } }",
        "{ __type(name: \"Referral\") { name } }",
        "{ viewer { roles } hidden: __schema { queryType { name } } }",
        "{ ...F } fragment F on Query { __type(name: \"Referral\") { name } }",
        "{ ... on Query { ... { __schema { queryType { name } } } } }",
        "query A { viewer { roles } } query B { __schema { queryType { name } } }",
    ] {
        let body =
            json!({ "query": document, "operationName": if document.starts_with("query A") { json!("B") } else { Value::Null } });
        let text = post(&client, &body).await.text().await.expect("a body");
        assert!(text.contains("BAD_REQUEST") && text.contains("Introspection is off"), "{document}: {text}");
        assert!(!text.contains("\"name\""), "{document}: {text}");
    }
    assert_eq!(client.data("{ __typename viewer { __typename } }", json!({})).await["viewer"]["__typename"], "Viewer");
    let misspelt = client.run("{ viewer { rolls } }", json!({})).await;
    assert!(!misspelt.to_string().contains("roles"), "no suggestions: {misspelt}");
}

#[tokio::test]
async fn every_error_has_a_code_and_the_id_of_its_request() {
    let world = World::new().await;
    let client = caseworker(&world).await;
    let analyst = world.client(SENDER, Role::Analyst).await;
    let anonymous = world.anonymous();
    let list = "{ referrals(direction: OUTGOING) { nodes { id } } }";
    let cases = [
        (&client, json!({ "query": "{" }), "BAD_REQUEST"),
        (&client, json!({ "query": "{ nothing }" }), "BAD_REQUEST"),
        (&client, json!({ "query": 7 }), "BAD_REQUEST"),
        (&client, json!({}), "BAD_REQUEST"),
        (&client, json!({ "query": "{ viewer { roles } }", "variables": [] }), "BAD_REQUEST"),
        (&client, json!({ "query": "query A { viewer { roles } } query B { viewer { roles } }" }), "BAD_REQUEST"),
        (&client, json!({ "query": "query ($id: ID!) { node(id: $id) { id } }" }), "BAD_REQUEST"),
        (&client, json!({ "query": "subscription { referralChanged { id } }" }), "BAD_REQUEST"),
        (&client, json!({ "query": "{ referrals(direction: OUTGOING, first: 101) { nodes { id } } }" }), "BAD_REQUEST"),
        (&client, json!({ "query": format!("{{ {} }}", many(51, |at| format!("a{at}: __typename"))) }), "TOO_COSTLY"),
        (&analyst, json!({ "query": list }), "FORBIDDEN"),
        (&anonymous, json!({ "query": list }), "UNAUTHENTICATED"),
    ];
    for (client, body, expected) in cases {
        let response = post(client, &body).await;
        let id = response.headers()["x-request-id"].to_str().expect("a text").to_owned();
        assert!(uuid::Uuid::parse_str(&id).is_ok());
        let answer: Value = response.json().await.expect("JSON");
        let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("{body}: {answer}"));
        for error in errors {
            let limit = error["extensions"].get("limit").cloned();
            assert_eq!(limit.is_some(), expected == "TOO_COSTLY", "{body}: {answer}");
            let mut extensions = json!({ "code": expected, "requestId": id });
            if let Some(limit) = limit {
                extensions["limit"] = limit;
            }
            assert_eq!(error["extensions"], extensions, "{body}: {answer}");
        }
    }
}

#[tokio::test]
async fn nothing_that_somebody_sends_comes_back_in_an_error() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::Caseworker).await;
    let admin = world.client(SENDER, Role::OrganisationAdmin).await;
    let schema = Schema::of(&client).await;
    let mut answered = 0;
    let wrong = |at: usize| {
        [json!(PHONE), json!([PHONE]), json!({ PHONE: PHONE }), json!(712345678), json!({ "clientMutationId": PHONE })][at]
            .clone()
    };
    for operation in schema.operations() {
        for pointer in schema.places(&operation) {
            for kind in 0..5 {
                let mut variables = operation.variables.clone();
                put(&mut variables, &pointer, wrong(kind));
                for client in [&client, &admin] {
                    let text = client.run(&operation.document, variables.clone()).await.to_string();
                    assert!(!text.contains(&PHONE[1..]), "{} {pointer} {variables}: {text}", operation.name);
                    answered += usize::from(text.contains("code"));
                }
            }
        }
    }
    assert!(answered > 500, "only {answered} refusals");
    for document in [
        format!("{{ node(id: {PHONE}) {{ id }} }}"),
        format!("{{ p{PHONE} }}"),
        format!("{{ viewer {{ roles }} \"{PHONE}"),
        format!("{{ viewer {{ ...F{PHONE} }} }}"),
        format!("{{ services(first: \"{PHONE}\") {{ nodes {{ id }} }} }}"),
        format!("{{ services(filter: {{ serviceTypes: [P{PHONE}] }}) {{ nodes {{ id }} }} }}"),
        format!("{{ services(filter: {{ countyCodes: [\"{PHONE}\"] }}) {{ nodes {{ id }} }} }}"),
        format!("{{ referralBySlip(slipCode: \"{PHONE}\") {{ id }} }}"),
        format!("{{ referrals(direction: OUTGOING, filter: {{ client: \"{PHONE}\" }}) {{ nodes {{ id }} }} }}"),
        format!("{{ referrals(direction: OUTGOING, filter: {{ createdFrom: \"{PHONE}\" }}) {{ nodes {{ id }} }} }}"),
        format!("{{ referrals(direction: OUTGOING, after: \"{PHONE}\") {{ nodes {{ id }} }} }}"),
        format!("{{ viewer @p{PHONE} {{ roles }} }}"),
    ] {
        let body = json!({ "query": document });
        let answer: Value = post(&client, &body).await.json().await.expect("JSON");
        assert_eq!(code(&answer), "BAD_REQUEST", "{document}");
        assert!(!answer.to_string().contains(&PHONE[1..]), "{document}: {answer}");
    }
    let body = json!({ "query": "query A { viewer { roles } }", "operationName": PHONE });
    assert!(!post(&client, &body).await.text().await.expect("a body").contains(PHONE));
}

#[tokio::test]
async fn pages_of_named_origins_may_call_and_no_others() {
    let world = World::new().await;
    let client = world.anonymous();
    for path in ["/graphql", "/session", "/session/refresh"] {
        for (origin, allowed) in [
            ("https://partner.example", true),
            ("https://partner.example.evil.test", false),
            ("null", false),
            ("https://elsewhere.example", false),
        ] {
            let request = client
                .request(Method::OPTIONS, path)
                .header("origin", origin)
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "authorization,content-type");
            let response = request.send().await.expect("an answer");
            let told =
                response.headers().get("access-control-allow-origin").map(|value| value.to_str().expect("a text").to_owned());
            assert_eq!(told.as_deref(), allowed.then_some(origin), "{path} {origin}");
            assert!(!response.headers().contains_key("access-control-allow-credentials"), "{path}");
        }
    }
}

#[tokio::test]
async fn pages_may_send_what_the_usual_clients_send_and_nothing_else() {
    let world = World::new().await;
    let preflight = async |headers: &str| {
        let request = world
            .anonymous()
            .request(Method::OPTIONS, "/graphql")
            .header("origin", "https://partner.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", headers);
        let response = request.send().await.expect("an answer");
        let allowed = response.headers().get("access-control-allow-headers").expect("headers").to_str().expect("a text");
        allowed.split(',').map(|name| name.trim().to_lowercase()).collect::<Vec<_>>()
    };
    let allowed = preflight("authorization,content-type,apollographql-client-name,apollographql-client-version").await;
    assert_eq!(
        allowed,
        [
            "authorization",
            "content-type",
            "apollographql-client-name",
            "apollographql-client-version",
            "apollo-require-preflight",
            "x-apollo-operation-name",
            "x-apollo-operation-id",
        ]
    );
    assert_eq!(preflight("x-forwarded-for,cookie").await, allowed, "what is asked for is not repeated");
}

#[tokio::test]
async fn every_address_carries_the_security_headers() {
    let world = World::new().await;
    let client = caseworker(&world).await;
    let page = |request: reqwest::RequestBuilder| request.header("accept", "text/html");
    let requests = [
        ("graphql", client.request(Method::POST, "/graphql").json(&json!({ "query": "{ viewer { roles } }" }))),
        ("explorer", page(client.request(Method::GET, "/graphql"))),
        ("session", client.request(Method::POST, "/session").json(&json!({}))),
        ("jwks", client.request(Method::GET, "/.well-known/jwks.json")),
        ("health", client.request(Method::GET, "/health/live")),
        ("nothing", client.request(Method::GET, "/nothing")),
    ];
    for (what, request) in requests {
        let response = request.send().await.expect("an answer");
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
        assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{what}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{what}");
        assert!(header("strict-transport-security").starts_with("max-age="), "{what}");
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
        // Look for the colon too, because the hashes can contain the letters by chance.
        assert!(!policy.contains("unsafe") && !policy.contains("http:") && !policy.contains("https:"), "{what}: {policy}");
        assert_eq!(header("cache-control"), if what == "jwks" { "public, max-age=300" } else { "no-store" }, "{what}");
        assert!(!header("x-request-id").is_empty() && header("server").is_empty(), "{what}");
    }
    let text =
        page(world.anonymous().request(Method::GET, "/graphql")).send().await.expect("a page").text().await.expect("a text");
    assert!(text.contains("<script>") && !text.contains("http://") && !text.contains("https://") && !text.contains(" src="));
}

#[tokio::test]
async fn it_is_ready_while_the_database_answers_and_lives_without() {
    let world = World::new().await;
    let client = world.anonymous();
    let status = async |path: &str| client.request(Method::GET, path).send().await.expect("an answer").status().as_u16();
    assert_eq!((status("/health/live").await, status("/health/ready").await), (200, 200));
    postgres().drop_database(&world.database.name).await;
    let mut ready = 200;
    for _ in 0..50 {
        ready = status("/health/ready").await;
        if ready != 200 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!((ready, status("/health/live").await), (503, 200));
    let signed_in = Client::new(
        world.address,
        Some(world.app.authority.issue(
            pamoja_domain::access::Caller {
                organisation: SENDER.id(),
                user: SENDER.user("peer"),
                session: pamoja_domain::id::SessionId(uuid::Uuid::new_v4()),
                secret: pamoja_domain::session_secret::SessionSecret(uuid::Uuid::new_v4()),
            },
            world.app.database.now(),
            pamoja_api::auth::LIFETIME,
        )),
    );
    let response = post(&signed_in, &json!({ "query": "{ viewer { roles } }" })).await;
    assert_eq!((response.status().as_u16(), response.headers().contains_key("retry-after")), (503, true));
    let answer: Value = response.json().await.expect("JSON");
    assert_eq!(code(&answer), "UNAVAILABLE");
    let said = answer.to_string();
    assert!(!said.contains("test_") && !said.contains("pamoja_"), "{said}");
}

#[tokio::test]
async fn a_refused_mutation_repeats_nothing_of_its_input() {
    let world = World::new().await;
    let client = caseworker(&world).await;
    for field in ["client", "countyCode", "sealedNote", "clientMutationId", "serviceId", "toOrganisationId"] {
        let payload = client.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), json!({ field: PHONE }))).await;
        assert!(payload["userErrors"][0]["code"].is_string(), "{field}");
        assert!(!payload.to_string().contains(PHONE), "{field}: {payload}");
    }
}

#[tokio::test]
async fn a_demo_lets_pages_of_the_origins_call_that_it_was_given() {
    let folder = crate::harness::Folder::new("origins");
    let mut command = crate::harness::demo(&folder.0.join("data"));
    command.args(["--allowed-origins", "http://localhost:5173"]);
    let mut program = crate::harness::Program::run(command).await;
    let client = program.client("caseworker@jirani").await;
    for (origin, allowed) in [("http://localhost:5173", true), ("http://localhost:5174", false)] {
        let request = client
            .request(reqwest::Method::POST, "/graphql")
            .header("origin", origin)
            .json(&json!({ "query": "{ __typename }" }));
        let answer = request.send().await.expect("an answer");
        let told = answer.headers().get("access-control-allow-origin").and_then(|value| value.to_str().ok());
        assert_eq!(told, allowed.then_some(origin));
    }
    crate::harness::signal("TERM", program.id()).await;
    assert!(program.ended().await);
}
