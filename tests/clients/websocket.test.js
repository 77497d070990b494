// graphql-ws over /graphql/ws.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { ACCEPT, CREATE, draft, PAMOJA_URL, parties, refer, refresh, signIn } from "./pamoja.js";

const CHANGES = `subscription Changes($direction: ReferralDirection) {
  referralChanged(direction: $direction) { id status updatedAt }
}`;
const url = `${PAMOJA_URL.replace(/^http/, "ws")}/graphql/ws`;
const clients = [];
after(() => Promise.all(clients.map((client) => client.dispose())));

function connect(authorization, options) {
  const connectionParams = authorization && { authorization };
  const client = createClient({ url, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0, ...options });
  clients.push(client);
  return client;
}

async function once(client, query, variables) {
  const results = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  assert.equal(results.length, 1);
  return results[0];
}

const { sender, receiver, service } = await parties();

test("a query and a mutation over one socket", async () => {
  let opened = 0;
  const client = connect(sender.authorization, { lazy: false, on: { opened: () => opened++ } });
  const { data } = await once(client, "{ viewer { roles organisation { slug name } } }");
  assert.equal(data.viewer.organisation.slug, "jirani");
  // The fields keep the order in which the client asked for them.
  assert.deepEqual([Object.keys(data.viewer), Object.keys(data.viewer.organisation)], [["roles", "organisation"], ["slug", "name"]]);
  const created = await once(client, CREATE, { input: draft(service) });
  assert.deepEqual(created.data.createReferral.userErrors, []);
  assert.equal(created.data.createReferral.referral.status, "REQUESTED");
  assert.equal(opened, 1);
});

test("a subscription hears what the other party does over HTTP", async () => {
  const { id } = await refer(sender, service);
  let begun;
  const beginning = new Promise((resolve) => { begun = resolve; });
  const accepted = (async () => {
    for await (const { data } of connect(sender.authorization).iterate({ query: CHANGES, variables: { direction: "OUTGOING" } })) {
      begun();
      if (data.referralChanged.id === id) return data.referralChanged;
    }
  })();
  // The server doesn't say when a stream has begun, so this makes changes until one is delivered.
  const knocking = setInterval(() => refer(sender, service), 200);
  await Promise.race([beginning, accepted]).finally(() => clearInterval(knocking));
  await receiver.ask(ACCEPT, { input: { referralId: id } });
  assert.equal((await accepted).status, "ACCEPTED");
});

test("whoever brings no good token is closed with 4401", async () => {
  for (const bad of [undefined, "Bearer nonsense", sender.authorization.slice(0, -4) + "AAAA"]) {
    await assert.rejects(once(connect(bad), "{ viewer { user { id } } }"), { code: 4401 });
  }
});

test("a client that comes back with its next token in good time loses no subscription", async () => {
  // graphql-ws gives up after 4401, so a client closes with 4205 before its token expires, and reconnects with the next one.
  let session = await signIn("caseworker@jirani");
  let socket;
  const shown = [];
  const client = connect(undefined, {
    retryAttempts: 5,
    retryWait: async () => { session = await refresh(session.refreshToken); },
    connectionParams: () => {
      shown.push(session.accessToken);
      return { authorization: `Bearer ${session.accessToken}` };
    },
    on: { connected: (connected) => { socket = connected; } },
  });
  const knocking = setInterval(() => refer(sender, service), 200);
  try {
    const changes = client.iterate({ query: CHANGES });
    await changes.next();
    socket.close(4205, "renew");
    while (shown.length < 2) await changes.next();
    const { value } = await changes.next();
    assert.ok(value.data.referralChanged.id);
    assert.notEqual(shown[0], shown[1]);
    await changes.return();
  } finally {
    clearInterval(knocking);
  }
});

test("what is wrong with an operation ends the operation and not the socket", async () => {
  let closed = 0;
  const client = connect(sender.authorization, { lazy: false, on: { closed: () => closed++ } });
  await assert.rejects(once(client, "{ nothing }"), ([error]) => error.extensions.code === "BAD_REQUEST");
  const { errors } = await once(client, "{ referrals(direction: OUTGOING, first: 101) { nodes { id } } }");
  assert.equal(errors[0].extensions.code, "BAD_REQUEST");
  const { data } = await once(client, "{ viewer { organisation { slug } } }");
  assert.equal(data.viewer.organisation.slug, "jirani");
  assert.equal(closed, 0);
});
