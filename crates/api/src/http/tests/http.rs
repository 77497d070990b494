use pamoja_domain::device::SharedHours;
use reqwest::Client;
use serde_json::{Value as Json, json};

use super::stand_in::{code, start, start_with};
use crate::http::settings::{Settings, WAIT};

#[tokio::test]
async fn only_a_valid_token_comes_in() {
    let server = start().await;
    for authorization in [None, Some("Bearer bad"), Some("Basic good"), Some("good")] {
        let mut request = Client::new().post(server.url("/graphql")).json(&json!({ "query": "{ who }" }));
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let answer = request.send().await.expect("it answers");
        assert_eq!(answer.status(), 401);
        assert_eq!(answer.headers()["www-authenticate"], "Bearer");
        let id = answer.headers()["x-request-id"].to_str().expect("text").to_owned();
        let answer: Json = answer.json().await.expect("JSON");
        assert_eq!(code(&answer), "UNAUTHENTICATED");
        assert_eq!(answer["errors"][0]["extensions"]["requestId"], id.as_str());
    }
    // With the older media type clients don't read the code beside an error status, so clients that accept the newer one get
    // that.
    for (accept, kind) in [("application/graphql-response+json, */*", "graphql-response+json"), ("*/*", "json")] {
        let request = Client::new().post(server.url("/graphql")).json(&json!({ "query": "{ who }" })).header("accept", accept);
        let answer = request.send().await.expect("it answers");
        assert_eq!(answer.status(), 401);
        assert_eq!(answer.headers()["content-type"], format!("application/{kind}; charset=utf-8"));
    }
    let (status, answer) = server.ask("{ who }", json!({})).await;
    assert_eq!((status, &answer["data"]["who"]), (200, &json!("00000000-0000-0000-0000-000000000001")));
    assert_eq!(server.scopes_ended.load(std::sync::atomic::Ordering::SeqCst), 1);
    // The token still verifies, but its session has ended: the resolvers find that out.
    let (status, answer) = server.ask("{ ended }", json!({})).await;
    assert_eq!((status, code(&answer)), (401, "UNAUTHENTICATED"));
}

#[tokio::test]
async fn only_json_is_taken() {
    let server = start().await;
    let body = r#"{"query":"{ who }"}"#;
    for (kind, status) in [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("application/json; charset=latin1", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/graphql", 415),
    ] {
        let answer = server.post().header("content-type", kind).body(body).send().await.expect("it answers");
        assert_eq!(answer.status(), status, "{kind}");
    }
    assert_eq!(server.post().body(body).send().await.expect("it answers").status(), 415);
    let json = |body: String| server.post().header("content-type", "application/json").body(body).send();
    for wrong in ["", "{", "[]", r#"[{"query":"{ who }"}]"#, "1", "{}", r#"{"query":1}"#, r#"{"query":"{ who }","variables":[]}"#]
    {
        let answer = json(wrong.to_owned()).await.expect("it answers");
        assert_eq!(answer.status(), 400, "{wrong}");
        assert_eq!(code(&answer.json().await.expect("JSON")), "BAD_REQUEST");
    }
    let sized = |size: usize| format!(r#"{{"query":"{{ who }}","extensions":{{"x":"{}"}}}}"#, "x".repeat(size - 41));
    assert_eq!((sized(65_536).len(), sized(65_537).len()), (65_536, 65_537));
    assert_eq!(json(sized(65_536)).await.expect("it answers").status(), 200);
    let large = json(sized(65_537)).await.expect("it answers");
    assert_eq!(large.status(), 413);
    let large: Json = large.json().await.expect("JSON");
    assert_eq!(large["errors"][0]["extensions"]["limit"], json!({ "name": "body", "asked": 65_537, "allowed": 65_536 }));
    let chunked = futures_util::stream::iter((0..70).map(|_| Ok::<_, std::io::Error>("x".repeat(1_000))));
    let body = super::service::wrap(chunked);
    let answer = server.post().header("content-type", "application/json").body(body).send().await.expect("it answers");
    assert_eq!(answer.status(), 413);
}

#[tokio::test]
async fn get_shows_a_page_and_executes_nothing() {
    let server = start().await;
    let get = |path: &str, accept: &str| Client::new().get(server.url(path)).bearer_auth("good").header("accept", accept).send();
    let page = get("/graphql?query={who}", "text/html,*/*;q=0.8").await.expect("it answers");
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("script-src 'sha256-") && policy.contains("connect-src 'self'"), "{policy}");
    assert_eq!(page.headers().get_all("content-security-policy").iter().count(), 1);
    assert!(page.text().await.expect("text").contains("Pamoja explorer"));
    for accept in ["*/*", "application/json"] {
        let refused = get("/graphql?query=%7Bwho%7D", accept).await.expect("it answers");
        assert_eq!((refused.status().as_u16(), refused.headers()["allow"].to_str().expect("text")), (405, "POST"));
    }
    let put = Client::new().put(server.url("/graphql")).send().await.expect("it answers");
    assert_eq!((put.status().as_u16(), put.headers()["allow"].to_str().expect("text")), (405, "POST"));
    let nowhere = get("/nowhere", "*/*").await.expect("it answers");
    assert_eq!(nowhere.status(), 404);
}

#[tokio::test]
async fn errors_tell_nothing_of_the_inside() {
    let server = start().await;
    for (query, status, expected, data) in [
        ("{ fails }", 200, "INTERNAL", Some(json!(null))),
        ("{ who maybe }", 200, "INTERNAL", None),
        ("{ forbidden }", 200, "FORBIDDEN", Some(json!({ "forbidden": null }))),
        ("{ panics }", 500, "INTERNAL", None),
        ("{ nothing }", 400, "BAD_REQUEST", None),
        ("{", 400, "BAD_REQUEST", None),
        ("query a { who } query b { who }", 400, "BAD_REQUEST", None),
        ("subscription { never }", 400, "BAD_REQUEST", None),
        ("{ int(value: 99999999999) }", 400, "BAD_REQUEST", None),
        ("query($v: Int!) { int(value: $v) }", 400, "BAD_REQUEST", None),
        ("{ greet(name: 7) }", 400, "BAD_REQUEST", None),
    ] {
        let (got, answer) = server.ask(query, json!({})).await;
        assert_eq!((got, code(&answer)), (status, expected), "{query}: {answer}");
        match data {
            Some(data) => assert_eq!(answer["data"], data, "{query}"),
            None if status != 200 => assert!(answer.get("data").is_none(), "{query}"),
            None => {}
        }
        let text = answer.to_string();
        for inside in ["user_account", "secret", "Did you mean", "expected", "99999999999", "nothing"] {
            assert!(!text.contains(inside), "{query}: {text}");
        }
    }
    let (_, answer) = server.ask("query($name: String!) { greet(name: $name) }", json!({ "name": { "secret": 1 } })).await;
    assert_eq!(code(&answer), "BAD_REQUEST");
    assert!(!answer.to_string().contains("secret"), "{answer}");
    // With plain JSON the status is 200 for every well-formed request.
    let plain = server.post().json(&json!({ "query": "{ nothing }" })).send().await.expect("it answers");
    assert_eq!(plain.status(), 200);
}

#[tokio::test]
async fn documents_are_explained_where_that_is_on() {
    let settings = Settings {
        introspection: false,
        explain_documents: true,
        explorer: true,
        allowed_origins: Vec::new(),
        shared_hours: SharedHours::default(),
        wait: WAIT,
    };
    let server = start_with(settings).await;
    let (_, answer) = server.ask("{ nothing }", json!({})).await;
    assert!(answer["errors"][0]["message"].as_str().is_some_and(|message| message.contains("nothing")), "{answer}");
    let (status, answer) = server.ask("{ __schema { types { name } } }", json!({})).await;
    assert_eq!((status, &answer["errors"][0]["message"]), (400, &json!("Introspection is off.")));
    assert_eq!(server.ask("{ __typename }", json!({})).await.0, 200);
}

#[tokio::test]
async fn limits_hold_over_http() {
    let server = start().await;
    let aliases = |count: usize| (0..count).map(|index| format!("a{index}: who ")).collect::<String>();
    assert_eq!(server.ask(&format!("{{ {} }}", aliases(50)), json!({})).await.0, 200);
    let (status, answer) = server.ask(&format!("{{ {} }}", aliases(51)), json!({})).await;
    assert_eq!((status, code(&answer)), (400, "TOO_COSTLY"));
    assert_eq!(answer["errors"][0]["extensions"]["limit"], json!({ "name": "aliases", "asked": 51, "allowed": 50 }));
    let list =
        async |count: usize| server.ask("query($ids: [ID!]!) { nodes(ids: $ids) }", json!({ "ids": vec!["x"; count] })).await;
    assert_eq!(list(100).await.1["data"]["nodes"], 100);
    assert_eq!(code(&list(101).await.1), "TOO_COSTLY");
    // Nesting that would overflow the parser's stack never reaches the parser.
    for deep in
        ["{a(b:".to_owned() + &"[".repeat(60_000), "{a".repeat(30_000), format!("query($a: {}) {{ a }}", "[".repeat(60_000))]
    {
        let (status, answer) = server.ask(&deep, json!({})).await;
        assert_eq!((status, code(&answer)), (400, "TOO_COSTLY"));
        assert_eq!(answer["errors"][0]["extensions"]["limit"]["name"], "brackets");
    }
    let deepest = format!("{{a(b:{}1{})}}", "[".repeat(62), "]".repeat(62));
    assert_eq!(code(&server.ask(&deepest, json!({})).await.1), "BAD_REQUEST");
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let server = start().await;
    let client = Client::new();
    let answers = [
        client.get(server.url("/health/live")).send().await.expect("it answers"),
        client.get(server.url("/nowhere")).header("x-request-id", "mine").send().await.expect("it answers"),
        client.get(server.url("/panics")).send().await.expect("it answers"),
        server.post().json(&json!({ "query": "{ long }" })).header("accept-encoding", "gzip").send().await.expect("it answers"),
    ];
    for answer in &answers {
        let headers = answer.headers();
        let expected = [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
        ];
        for (name, value) in expected {
            assert_eq!(headers[name], value, "{}", answer.url());
        }
        assert_eq!(headers["x-request-id"].len(), 36);
    }
    assert_eq!(answers[2].status(), 500);
    assert_eq!(answers[3].headers()["content-encoding"], "gzip");
    let session =
        client.post(server.url("/session")).header("accept-encoding", "gzip").body("x").send().await.expect("it answers");
    assert!(!session.headers().contains_key("content-encoding"));
    let [_, _, panicked, _] = answers;
    assert_eq!(code(&panicked.json().await.expect("JSON")), "INTERNAL");
}

#[tokio::test]
async fn only_named_origins_may_call() {
    let server = start().await;
    for (origin, allowed) in [("https://app.example", true), ("https://evil.example", false), ("null", false)] {
        let asked = Client::new()
            .request(reqwest::Method::OPTIONS, server.url("/graphql"))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type");
        let answer = asked.send().await.expect("it answers");
        let headers = answer.headers();
        assert_eq!(headers.get("access-control-allow-origin").is_some_and(|named| named == origin), allowed, "{origin}");
        assert!(!headers.contains_key("access-control-allow-credentials"));
    }
    let answer = server
        .post()
        .header("origin", "https://app.example")
        .json(&json!({ "query": "{ who }" }))
        .send()
        .await
        .expect("it answers");
    assert_eq!(answer.headers()["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(answer.headers()["access-control-expose-headers"], "x-request-id,retry-after,content-disposition");
}

#[tokio::test]
async fn who_sends_two_tokens_is_nobody() {
    let server = start().await;
    let twice = server.post().bearer_auth("other").json(&json!({ "query": "{ __typename }" })).send().await.expect("an answer");
    assert_eq!(twice.status(), 401);
}

/// Documents that can't be executed, each made to be answered at length.
fn hostile() -> Vec<(String, Json)> {
    let many = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    let long = "x".repeat(60_000);
    let fragments = |count: usize| many(count, &|at| format!("fragment f{at} on Query {{ who ...f{} }} ", at + 1));
    let spread = |count: usize| many(count, &|at| format!("...f{at} "));
    [
        format!("query({}) {{ who }}", many(5_000, &|at| format!("$v{at}:ID "))),
        format!("query({}) {{ who }}", many(100, &|at| format!("$v{at}{}:ID ", &long[..500]))),
        format!("{{ {} }}", many(500, &|at| format!("nothing{at} "))),
        format!("{{ {} }}", many(500, &|at| format!("n{at}{} ", &long[..100]))),
        format!("{{ {long} }}"),
        format!("{{ who @{long} }}"),
        format!("{{ ...{long} }}"),
        format!("{{ ... on {long} {{ who }} }}"),
        format!("{{ greet(name: {long}) }}"),
        format!("{{ greet(name: \"x\", {long}: 1) }}"),
        format!("query {long} {{ nothing }}"),
        format!("query {long}($v: Nothing) {{ who }}"),
        format!("{{ {} }}", many(50, &|at| format!("a: greet(name: \"{at}\") "))),
        format!("{{ {} {} }}", many(25, &|_| "a: who ".to_owned()), many(25, &|_| "a: long ".to_owned())),
        format!("{{ who {} }}", spread(50)),
        format!("{{ {} }} {}", spread(49), fragments(49)),
        format!("{{ who }} {}", fragments(50)),
        format!("{{ who {} }}", many(4, &|at| format!("@d{at}{} ", &long[..10_000]))),
        format!("{{ {} }}", many(250, &|at| format!("who @d{at} @e{at} "))),
        format!("{{ {} }}", many(5_900, &|_| "__typename ".to_owned()) + "nothing"),
        format!("{{ {} nothing }}", many(50, &|at| format!("s{at}: __schema {{ types {{ name }} }} "))),
        format!("subscription {{ {} }}", many(500, &|_| "ticks ".to_owned())),
        format!("{{ nodes(ids: [{}]) }}", many(100, &|_| "{ a: 1 } ".to_owned())),
        many(5, &|at| format!("query q{at} {{ {} }} ", many(99, &|at| format!("n{at} ")))),
        format!("{{ who \"{long}"),
        format!("{long} {long}")[..64_000].to_owned(),
    ]
    .into_iter()
    .map(|document| (document, json!({})))
    .chain([
        ("query($ids: [ID!]!) { nodes(ids: $ids) }".to_owned(), json!({ "ids": vec![json!({ &long[..500]: 1 }); 100] })),
        ("query($ids: [ID!]!) { nodes(ids: $ids) }".to_owned(), json!({ "ids": long })),
        ("query($ids: [ID!]!) { nodes(ids: $ids) }".to_owned(), json!({ "ids": { &long: 1 } })),
        ("{ who }".to_owned(), Json::Object((0..5_000).map(|at| (format!("v{at}"), json!(1))).collect())),
    ])
    .collect()
}

#[tokio::test]
async fn whatever_cannot_be_executed_gets_a_short_answer() {
    let explaining = Settings {
        introspection: true,
        explain_documents: true,
        explorer: true,
        allowed_origins: Vec::new(),
        shared_hours: SharedHours::default(),
        wait: WAIT,
    };
    for server in [start().await, start_with(explaining).await] {
        for (document, variables) in hostile() {
            let named: String = document.chars().take(60).collect();
            let body = json!({ "query": document, "variables": variables });
            let asked = server.post().header("accept", "application/graphql-response+json").json(&body);
            let answer = asked.send().await.expect("it answers").text().await.expect("a body");
            assert!(answer.len() <= 16 * 1024, "{named}: {} bytes", answer.len());
            let answer: Json = serde_json::from_str(&answer).expect("JSON");
            if let Some(errors) = answer["errors"].as_array() {
                assert!(errors.len() <= 10, "{named}");
                assert!(["BAD_REQUEST", "TOO_COSTLY"].contains(&code(&answer)), "{named}: {answer}");
            }
            assert!(answer.get("data").is_none() || named.starts_with("query($ids"), "{named}: {answer}");
        }
    }
}

#[tokio::test]
async fn the_names_of_types_are_free_and_one_of_them_is_enough() {
    let server = start().await;
    let document =
        format!("{{ node {{ {} name child {{ name {} }} }} }}", "__typename ".repeat(1_000), "__typename ".repeat(1_000));
    let (status, answer) = server.ask(&document, json!({})).await;
    let node = json!({ "__typename": "Node", "name": "a node", "child": { "name": "a node", "__typename": "Node" } });
    assert_eq!((status, &answer["data"]["node"]), (200, &node));
}

#[tokio::test]
async fn what_could_be_too_large_is_told_with_its_size() {
    let server = start().await;
    // Each of the spreads answers the fragment's fields once more, though it was written once.
    let nested = |spreads: usize| {
        let fields: String = (0..45).map(|at| format!("a{at}: name ")).collect();
        format!("{{ {} }} fragment F on Node {{ {fields} }}", (0..spreads).map(|_| "node { ...F } ").collect::<String>())
    };
    assert_eq!(server.ask(&nested(40), json!({})).await.0, 200);
    let (status, answer) = server.ask(&nested(60), json!({})).await;
    let limit = &answer["errors"][0]["extensions"]["limit"];
    assert_eq!((status, code(&answer), &limit["name"]), (400, "TOO_COSTLY", &json!("selections")), "{answer}");
    let costly = |count: usize| format!("{{ costly(rows: {count}) {{ name child {{ name }} }} }}");
    assert_eq!(server.ask(&costly(2_000), json!({})).await.0, 200);
    let (status, answer) = server.ask(&costly(2_001), json!({})).await;
    assert_eq!((status, code(&answer)), (400, "TOO_COSTLY"), "{answer}");
    assert_eq!(answer["errors"][0]["extensions"]["limit"], json!({ "name": "complexity", "asked": 6_003, "allowed": 6_000 }));
    // A fragment that is spread twice is answered twice.
    let twice = "{ costly(rows: 1201) { ...F child { ...F } } } fragment F on Node { name child { __typename } }";
    let (_, answer) = server.ask(twice, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["limit"]["asked"], 6_005, "{answer}");
}
