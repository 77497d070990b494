//! A client like a partner's frontend: it uses HTTP and nothing else.

use std::net::SocketAddr;

use serde_json::{Value, json};

/// A client of the API, signed in or not.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    /// The API's address.
    pub address: SocketAddr,
    /// The access token, if signed in.
    pub token: Option<String>,
}

impl Client {
    /// A client.
    pub fn new(address: SocketAddr, token: Option<String>) -> Self {
        // The HTTP library needs a cryptography provider, though nothing here uses TLS. A second installation fails, harmlessly.
        drop(rustls::crypto::ring::default_provider().install_default());
        Self { http: reqwest::Client::new(), address, token }
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A request of that method, with the token if there is one.
    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, self.url(path));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Runs a document; returns the whole answer.
    pub async fn run(&self, query: &str, variables: Value) -> Value {
        let request = self.request(reqwest::Method::POST, "/graphql").json(&json!({ "query": query, "variables": variables }));
        let answer = request.send().await.expect("an answer");
        answer.json().await.expect("JSON")
    }

    /// Runs a document that must have no top-level error; returns its data.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.run(query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].take()
    }

    /// Runs a document that must have a top-level error; returns the first one's code.
    pub async fn error_code(&self, query: &str, variables: Value) -> String {
        let answer = self.run(query, variables).await;
        answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no error code: {answer:#}")).to_owned()
    }

    /// Runs a mutation that takes one input and returns a referral; returns the payload.
    pub async fn referral_mutation(&self, name: &str, input_type: &str, input: Value) -> Value {
        let query = format!(
            "mutation ($input: {input_type}!) {{ {name}(input: $input) {{ referral {{ id status allowedActions client populations ageBand under18
                sealedNote declineReason nonCompletionReason scheduledOn service {{ id }} expiresAt updatedAt
                timeline {{ status withoutSlip byOrganisation {{ slug }} }} }} userErrors {{ code message field }} }} }}"
        );
        self.data(&query, json!({ "input": input })).await[name].take()
    }

    /// Makes a move that needs only the referral; returns the payload.
    pub async fn move_referral(&self, name: &str, referral: &str) -> Value {
        self.referral_mutation(name, "ReferralInput", json!({ "referralId": referral })).await
    }

    /// Creates a referral; returns the payload.
    pub async fn create_referral(&self, input: Value) -> Value {
        let query = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) {
            referral { id status allowedActions client populations ageBand under18 expiresAt createdAt updatedAt timeline { status } } slipCode userErrors { code message field } } }";
        self.data(query, json!({ "input": input })).await["createReferral"].take()
    }
}
