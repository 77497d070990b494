//! How much one request may ask for.

use super::*;

#[tokio::test]
async fn a_document_at_a_limit_passes_and_one_past_it_is_too_costly() {
    let world = World::new().await;
    let client = caseworker(&world).await;
    let id = global_id::encode(SENDER.id()).to_string();
    let aliases = |count| format!("{{ {} }}", many(count, |at| format!("a{at}: viewer {{ roles }}")));
    let listed = |count| format!("{{ nodes(ids: [{}]) {{ id }} }}", many(count, |_| format!("\"{id}\"")));
    let variable = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let ids = |count: usize| json!({ "ids": vec![&id; count] });
    let filter = "query ($filter: ServiceFilter) { services(filter: $filter) { nodes { id } } }";
    let codes = |count: usize| json!({ "filter": { "countyCodes": vec!["047"; count] } });
    let fragments = |count: usize| {
        format!(
            "{{ viewer {{ {} }} }} {}",
            many(count, |at| format!("...F{at}")),
            many(count, |at| format!("fragment F{at} on Viewer {{ roles }}"))
        )
    };
    let directives = |count: usize| format!("{{ viewer {{ roles {} }} }}", many(count, |_| "@include(if: true)".to_owned()));
    let cases = [
        ("aliases", aliases(50), json!({}), aliases(51), json!({})),
        ("ids in the document", listed(100), json!({}), listed(101), json!({})),
        ("ids in a variable", variable.to_owned(), ids(100), variable.to_owned(), ids(101)),
        ("a list inside an input object", filter.to_owned(), codes(100), filter.to_owned(), codes(101)),
        ("fragments", fragments(50), json!({}), fragments(51), json!({})),
        ("directives on one element", directives(1), json!({}), directives(5), json!({})),
    ];
    for (what, within, its_variables, past, the_others) in cases {
        let answer = client.run(&within, its_variables).await;
        assert!(answer.get("errors").is_none(), "{what}: {answer:#}");
        let answer = client.run(&past, the_others).await;
        assert_eq!((code(&answer), answer.get("data")), ("TOO_COSTLY", None), "{what}");
        let limit = &answer["errors"][0]["extensions"]["limit"];
        assert!(limit["name"].is_string() && limit["asked"].as_u64() > limit["allowed"].as_u64(), "{what}: {answer}");
    }
    // No path of the schema is so deep: the limit must be checked before the document is validated.
    let nested =
        |depth: usize| format!("{{ viewer {}organisation{} }}", "{ user ".repeat(depth - 2) + "{ ", " }".repeat(depth - 1));
    assert_eq!(client.error_code(&nested(12), json!({})).await, "BAD_REQUEST");
    assert_eq!(client.error_code(&nested(13), json!({})).await, "TOO_COSTLY");
    let circle = "{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }";
    assert_eq!(client.error_code(circle, json!({})).await, "BAD_REQUEST");
}

#[tokio::test]
async fn a_mutation_has_ten_roots_at_most_and_none_of_eleven_is_done() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::OrganisationAdmin).await;
    let document = |count: usize| {
        let one = |at| {
            format!(
                "m{at}: createService(input: {{ serviceType: SHELTER, name: \"A bed\", countyCode: \"047\", populations: [] }}) {{ userErrors {{ code }} }}"
            )
        };
        format!("mutation {{ {} }}", many(count, one))
    };
    let list = "{ services(filter: { serviceTypes: [SHELTER] }) { nodes { id } } }";
    assert_eq!(client.error_code(&document(11), json!({})).await, "TOO_COSTLY");
    assert_eq!(client.data(list, json!({})).await["services"]["nodes"], json!([]));
    client.data(&document(10), json!({})).await;
    assert_eq!(client.data(list, json!({})).await["services"]["nodes"].as_array().map(Vec::len), Some(10));
}

#[tokio::test]
async fn a_page_has_a_hundred_at_most() {
    let world = World::new().await;
    let client = caseworker(&world).await;
    for list in ["organisations", "services", "facilities", "referrals"] {
        let direction = if list == "referrals" { "direction: OUTGOING, " } else { "" };
        let ask = |arguments: &str| format!("{{ {list}({direction}{arguments}) {{ nodes {{ id }} }} }}");
        client.data(&ask("first: 100"), json!({})).await;
        client.data(&ask("last: 100"), json!({})).await;
        for arguments in [
            "first: 101",
            "last: 101",
            "first: 0",
            "first: -1",
            "first: 1, last: 1",
            "after: \"nonsense\"",
            "first: 1, before: \"eyJ9\"",
        ] {
            assert_eq!(client.error_code(&ask(arguments), json!({})).await, "BAD_REQUEST", "{list} {arguments}");
        }
    }
    let cursor = client.data("{ organisations(first: 1) { pageInfo { endCursor } } }", json!({})).await;
    let cursor = &cursor["organisations"]["pageInfo"]["endCursor"];
    let other = "query ($after: String) { services(after: $after) { nodes { id } } }";
    assert_eq!(client.error_code(other, json!({ "after": cursor })).await, "BAD_REQUEST", "a cursor of another list");
}

/// Everything that one list of referrals can show.
const EVERYTHING: &str = "referrals(direction: OUTGOING, first: 100) { pageInfo { hasNextPage endCursor } nodes { id serviceType client
    sharedWithReceiver populations ageBand under18 urgency scheduledOn status declineReason nonCompletionReason sealedNote allowedActions
    createdAt updatedAt expiresAt county { code name } fromOrganisation { slug name } toOrganisation { slug name }
    service { id name facility { code name } } timeline { status at withoutSlip byOrganisation { slug } } } }";

#[tokio::test]
async fn the_dearest_honest_document_passes_and_ten_of_it_do_not() {
    let world = World::new().await;
    let client = caseworker(&world).await;
    sent(&client).await;
    let seen = client.data(&format!("{{ {EVERYTHING} }}"), json!({})).await;
    assert_eq!(seen["referrals"]["nodes"].as_array().map(Vec::len), Some(1));
    let id_only = "referrals(direction: OUTGOING, first: 100) { nodes { id serviceType status urgency populations ageBand } }";
    for one in [EVERYTHING.replace("first: 100", "first: 99"), id_only.to_owned()] {
        let ten = format!("{{ {} }}", many(10, |at| format!("a{at}: {one}")));
        let answer = client.run(&ten, json!({})).await;
        assert_eq!((code(&answer), answer.get("data")), ("TOO_COSTLY", None), "{one}");
    }
}

#[tokio::test]
async fn an_answer_that_could_be_too_large_is_refused_with_what_to_do() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::Caseworker).await;
    let query = "{ referrals(direction: OUTGOING, first: 100) { nodes { a: id b: id c: id d: id e: id f: id g: id h: id timeline { status at }
        fromOrganisation { id name slug kind counties { code name } } toOrganisation { id name slug kind counties { code name } }
        service { id name organisation { id name counties { code name } } county { code name } facility { id code name county { code name } } } client populations ageBand
        under18 urgency status county { code name } sealedNote allowedActions createdAt updatedAt expiresAt } } }";
    let answer = client.run(query, json!({})).await;
    let message = answer["errors"][0]["message"].as_str().expect("a message");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TOO_COSTLY", "{answer:#}");
    assert!(message.contains("6000") && message.contains("smaller page"), "{message}");
    let limit = &answer["errors"][0]["extensions"]["limit"];
    assert_eq!((&limit["name"], &limit["allowed"]), (&json!("complexity"), &json!(6_000)));
    assert!(limit["asked"].as_u64().is_some_and(|asked| asked > 6_000), "{limit}");
    assert!(client.run(&query.replace("100", "20"), json!({})).await.get("errors").is_none());
}

/// A row as a screen shows it, with `__typename` everywhere, as Apollo Client adds it.
const ROW: &str = "fragment Row on Referral { id status serviceType urgency actBefore overdue createdAt updatedAt allowedActions
        service { ...Place __typename } fromOrganisation { ...Member __typename } toOrganisation { ...Member __typename }
        county { code name __typename } __typename }
    fragment Place on Service { id name facility { id name __typename } __typename }
    fragment Member on Organisation { id slug name __typename }";

#[tokio::test]
async fn three_lists_of_twenty_fit_one_request_as_apollo_sends_them() {
    let world = World::new().await;
    let client = caseworker(&world).await;
    sent(&client).await;
    let list = |name: &str, arguments: &str| {
        format!(
            "{name}: referrals({arguments}, first: 20) {{ nodes {{ ...Row __typename }} pageInfo {{ hasNextPage endCursor __typename }} __typename }}"
        )
    };
    let document = format!(
        "query Desk {{ {} {} {} viewer {{ roles permissions organisation {{ ...Member __typename }} __typename }} __typename }} {ROW}",
        list("sent", "direction: OUTGOING"),
        list("received", "direction: INCOMING"),
        list("waiting", "direction: OUTGOING, filter: { statuses: [REQUESTED] }"),
    );
    let answer = client.data(&document, json!({})).await;
    assert_eq!(answer["sent"]["nodes"][0]["fromOrganisation"]["slug"], "jirani");
    // What is answered is bounded as before: of a hundred rows each it would be too much, and the answer says by how much.
    let answer = client.run(&document.replace("first: 20", "first: 100"), json!({})).await;
    let limit = &answer["errors"][0]["extensions"]["limit"];
    assert_eq!((code(&answer), &limit["name"]), ("TOO_COSTLY", &json!("complexity")), "{answer}");
}

#[tokio::test]
async fn a_dashboard_of_twelve_tables_fits_three_requests() {
    let world = World::new().await;
    let analyst = world.client(SENDER, Role::Analyst).await;
    let table = "fragment Table on StatisticTable { title measure period dimensions
        cells { period keys labels order value suppressed __typename } totals { period value suppressed __typename }
        method { caption __typename } __typename }";
    let measures = ["CREATED", "ACCEPTED", "ARRIVED", "COMPLETED"];
    for name in ["REFERRALS_BY_COUNTY", "REFERRALS_BY_SERVICE_TYPE", "REFERRALS_BY_POPULATION"] {
        let tables = many(4, |at| {
            let measure = measures[at];
            format!(
                "t{at}: organisationTable(input: {{ name: {name}, measure: \"{measure}\", period: MONTH, from: \"2026-01\", through: \"2026-06\" }}) {{ ...Table __typename }}"
            )
        });
        let answer = analyst.run(&format!("{{ {tables} __typename }} {table}"), json!({})).await;
        assert!(answer.get("errors").is_none(), "{name}: {answer:#}");
    }
}

#[tokio::test]
async fn the_schema_describes_itself_once_a_request_and_not_twelve_times() {
    let world = World::new().await;
    let client = caseworker(&world).await;
    let types = "types { kind name description fields(includeDeprecated: true) { name description args { name type { ...T } defaultValue } type { ...T } }
        inputFields { name type { ...T } defaultValue } interfaces { ...T } enumValues { name description } possibleTypes { ...T } }";
    let of_type = (0..7).fold("kind name".to_owned(), |inner, _| format!("kind name ofType {{ {inner} }}"));
    let document = |count: usize| {
        format!("{{ {} }} fragment T on __Type {{ {of_type} }}", many(count, |at| format!("s{at}: __schema {{ {types} }}")))
    };
    assert!(client.data(&document(1), json!({})).await["s0"]["types"].as_array().is_some_and(|types| types.len() > 100));
    let answer = client.run(&document(12), json!({})).await;
    let limit = &answer["errors"][0]["extensions"]["limit"];
    assert_eq!((code(&answer), &limit["name"]), ("TOO_COSTLY", &json!("introspection")), "{answer}");
    let one = client.run("{ __type(name: \"Query\") { fields { name } } }", json!({})).await;
    assert!(one.get("errors").is_none(), "{one}");
    let inside = |count: usize| {
        format!(
            "{{ __schema {{ {} }} }}",
            many(count, |at| format!(
                "a{at}: types {{ name description fields {{ name description args {{ name description }} }} }}"
            ))
        )
    };
    assert!(client.run(&inside(2), json!({})).await.get("errors").is_none());
    assert_eq!(client.error_code(&inside(50), json!({})).await, "TOO_COSTLY");
}

#[tokio::test]
async fn what_a_variable_holds_is_checked_before_anything_is_done() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::OrganisationAdmin).await;
    let document = "mutation ($first: CreateServiceInput!, $second: CreateServiceInput!) {
        a: createService(input: $first) { userErrors { code } } b: createService(input: $second) { userErrors { code } } }";
    let input = json!({ "serviceType": "SHELTER", "name": "A bed", "countyCode": "047", "populations": [] });
    let mut wrong = input.clone();
    wrong["serviceType"] = json!(PHONE);
    let answer = client.run(document, json!({ "first": input, "second": wrong })).await;
    assert_eq!((code(&answer), answer.get("data")), ("BAD_REQUEST", None), "{answer}");
    assert!(answer.to_string().contains("$second") && !answer.to_string().contains(PHONE), "{answer}");
    let list = "{ services(filter: { serviceTypes: [SHELTER] }) { nodes { id } } }";
    assert_eq!(client.data(list, json!({})).await["services"]["nodes"], json!([]), "nothing is half done");
}

#[tokio::test]
async fn what_a_fragment_answers_below_an_interface_is_counted_like_anything_else() {
    let world = World::new().await;
    let client = caseworker(&world).await;
    let ids = json!({ "ids": vec![global_id::encode(SENDER.id()).to_string(); 100] });
    let inner = "services(first: 100) { nodes { id name } }";
    let plain = format!("query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Organisation {{ {inner} }} }} }}");
    let named = format!("query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ...F }} }} fragment F on Organisation {{ {inner} }}");
    let mut asked = Vec::new();
    for document in [plain, named] {
        let answer = client.run(&document, ids.clone()).await;
        assert_eq!((code(&answer), answer.get("data")), ("TOO_COSTLY", None), "{answer}");
        asked.push(answer["errors"][0]["extensions"]["limit"]["asked"].clone());
    }
    assert_eq!(asked[0], asked[1]);
}
