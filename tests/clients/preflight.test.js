// What a browser asks before it lets a page of another origin call: for the headers that Apollo and urql send, as they send them. (Relay's
// network layer is the frontend's own.) The same requests show how each client marks what no person asked for.
import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { Client, createRequest, fetchExchange } from "@urql/core";
import { PAMOJA_URL, user } from "./pamoja.js";

/** The origin that tests/clients/run allows. */
const ORIGIN = "https://app.example.org";
/** The headers that a browser sends without asking (https://fetch.spec.whatwg.org/#cors-safelisted-request-header). */
const SAFELISTED = ["accept", "accept-language", "content-language"];
const VIEWER = "query Viewer { viewer { organisation { slug } } }";

/** The headers of the server's answer to a preflight. */
function preflight(path, headers) {
  return new Promise((resolve, reject) => {
    const asked = { origin: ORIGIN, "access-control-request-method": "POST", "access-control-request-headers": headers.join(",") };
    const asking = request(PAMOJA_URL + path, { method: "OPTIONS", headers: asked }, (answer) => {
      answer.resume();
      resolve(answer.headers);
    });
    asking.on("error", reject).end();
  });
}

/** A fetch that keeps what it was given. */
function catcher() {
  const caught = [];
  const fetching = (url, options) => {
    caught.push({ headers: [...new Headers(options.headers).keys()], body: JSON.parse(options.body) });
    return fetch(url, options);
  };
  return { caught, fetching };
}

const { authorization } = await user("caseworker@jirani");

async function withApollo(fetching) {
  const marked = new ApolloLink((operation, forward) => {
    if (operation.getContext().background) operation.extensions.background = true;
    return forward(operation);
  });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    clientAwareness: { name: "a-frontend", version: "1.2.3" },
    link: ApolloLink.from([
      marked,
      new HttpLink({ uri: `${PAMOJA_URL}/graphql`, fetch: fetching, headers: { authorization }, includeExtensions: true }),
    ]),
  });
  const { data } = await client.query({ query: gql(VIEWER), context: { background: true } });
  client.stop();
  return data;
}

async function withUrql(fetching) {
  const fetchOptions = { headers: { authorization } };
  const client = new Client({ url: `${PAMOJA_URL}/graphql`, exchanges: [fetchExchange], fetch: fetching, fetchOptions, preferGetMethod: false });
  const { data, error } = await client.executeQuery(createRequest(VIEWER, {}, { background: true })).toPromise();
  assert.ifError(error);
  return data;
}

for (const [name, ask, own] of [
  ["Apollo", withApollo, ["apollographql-client-name", "apollographql-client-version"]],
  ["urql", withUrql, []],
]) {
  test(`a browser lets a page send what ${name} sends`, async () => {
    const { caught, fetching } = catcher();
    assert.equal((await ask(fetching)).viewer.organisation.slug, "jirani");
    assert.equal(caught.length, 1);
    const [{ headers, body }] = caught;
    assert.equal(body.extensions.background, true, "what no person asked for is marked");
    for (const header of own) assert.ok(headers.includes(header), `${name} no longer sends ${header}`);
    const asked = headers.filter((header) => !SAFELISTED.includes(header));
    const told = await preflight("/graphql", asked);
    assert.equal(told["access-control-allow-origin"], ORIGIN);
    const allowed = told["access-control-allow-headers"].split(",").map((header) => header.trim().toLowerCase());
    assert.deepEqual(asked.filter((header) => !allowed.includes(header)), []);
    assert.ok(!allowed.includes("*") && told["access-control-allow-credentials"] === undefined);
  });
}
