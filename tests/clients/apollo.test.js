// @apollo/client without React: HttpLink, GraphQLWsLink, InMemoryCache.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { SetContextLink } from "@apollo/client/link/context";
import { ErrorLink } from "@apollo/client/link/error";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { relayStylePagination } from "@apollo/client/utilities";
import { OperationTypeNode } from "graphql";
import { createClient } from "graphql-ws";
import { filter, firstValueFrom, from, switchMap } from "rxjs";
import WebSocket from "ws";
import { ACCEPT, CREATE, draft, offeredByAnother, PAMOJA_URL, refresh, SERVICES, signIn, user } from "./pamoja.js";
import { possibleTypes } from "./possible-types.js";

const SENT = gql`query Sent($first: Int, $after: String) {
  referrals(direction: OUTGOING, first: $first, after: $after) {
    edges { cursor node { id status } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const VIEWER = gql`query Viewer { viewer { user { id } organisation { id slug } } }`;
const STATUS = gql`fragment Status on Referral { id status }`;
const CHANGES = gql`subscription Changes { referralChanged(direction: OUTGOING) { id status updatedAt } }`;

let session;
let renewals = 0;
let renewing = null;

// A refresh token works once; only for a lost answer it gives the same successor again. So all requests wait for one renewal, and what is
// refused after that goes on with the token that came of it.
function renew(refused = session.accessToken) {
  if (refused !== session.accessToken) return Promise.resolve();
  renewing ??= refresh(session.refreshToken)
    .then((next) => { session = next; renewals++; })
    .finally(() => { renewing = null; });
  return renewing;
}

const auth = new SetContextLink(({ headers }) => {
  const { accessToken } = session;
  return { accessToken, headers: { ...headers, authorization: `Bearer ${accessToken}` } };
});
const renewal = new ErrorLink(({ error, operation, forward }) => {
  const refused = CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions.code === "UNAUTHENTICATED");
  if (!refused || operation.getContext().renewed) return;
  operation.setContext({ renewed: true });
  return from(renew(operation.getContext().accessToken)).pipe(switchMap(() => forward(operation)));
});
const socket = createClient({
  url: `${PAMOJA_URL.replace(/^http/, "ws")}/graphql/ws`,
  webSocketImpl: WebSocket,
  connectionParams: () => ({ authorization: `Bearer ${session.accessToken}` }),
});
const client = new ApolloClient({
  cache: new InMemoryCache({
    possibleTypes: await possibleTypes(),
    typePolicies: {
      Query: { fields: { referrals: relayStylePagination(["direction", "filter", "orderBy"]) } },
      Viewer: { merge: true },
    },
  }),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    ApolloLink.from([renewal, auth, new HttpLink({ uri: `${PAMOJA_URL}/graphql` })]),
  ),
});

let service;
before(async () => {
  session = await signIn("caseworker@jirani");
  const variables = { filter: { serviceTypes: ["HIV_TESTING"] }, first: 100 };
  const { data } = await client.query({ query: gql(SERVICES), variables });
  service = offeredByAnother(data.services, "jirani");
});
after(async () => {
  client.stop();
  await socket.dispose();
});

async function create(more) {
  const { data } = await client.mutate({ mutation: gql(CREATE), variables: { input: draft(service, more) } });
  return data.createReferral;
}

test("a list is read page by page into one", async () => {
  for (let sent = 0; sent < 5; sent++) await create();
  const list = client.watchQuery({ query: SENT, variables: { first: 2 } });
  const watched = list.subscribe(() => {});
  const shown = (edges) => firstValueFrom(list.pipe(filter(({ data }) => data?.referrals.edges.length === edges)));
  let { data } = await shown(2);
  for (let page = 2; page <= 3; page++) {
    await list.fetchMore({ variables: { after: data.referrals.pageInfo.endCursor } });
    ({ data } = await shown(2 * page));
  }
  const whole = await client.query({ query: SENT, variables: { first: 6 }, fetchPolicy: "no-cache" });
  const ids = ({ referrals }) => referrals.edges.map(({ node }) => node.id);
  assert.deepEqual(ids(data), ids(whole.data));
  watched.unsubscribe();
});

test("a change brings the cache up to date by id, wherever the referral is shown", async () => {
  const { referral, slipCode, userErrors } = await create();
  assert.deepEqual(userErrors, []);
  assert.match(slipCode, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}[0-9A-Z*~$=]$/);
  assert.equal(referral.toOrganisation.slug, service.organisation.slug);
  const read = () => client.cache.readFragment({ fragment: STATUS, from: { __typename: "Referral", id: referral.id } });
  assert.equal(read().status, "REQUESTED");
  const cancel = gql`mutation Cancel($input: CancelReferralInput!) {
    cancelReferral(input: $input) { referral { id status } userErrors { code } }
  }`;
  await client.mutate({ mutation: cancel, variables: { input: { referralId: referral.id, reason: "NO_LONGER_NEEDED" } } });
  assert.equal(read().status, "CANCELLED");
  const again = gql`query Again($id: ID!) { node(id: $id) { id ...Status } } ${STATUS}`;
  const { data } = await client.query({ query: again, variables: { id: referral.id }, fetchPolicy: "network-only" });
  assert.equal(data.node.status, "CANCELLED");
});

test("a subscription brings the cache up to date too", async () => {
  const receiver = await user(`caseworker@${service.organisation.slug}`);
  const { referral } = await create();
  const accepted = new Promise((resolve, reject) => {
    const changes = client.subscribe({ query: CHANGES }).subscribe({
      next({ data, error }) {
        if (error) return reject(error);
        // Any event shows that the stream has begun; from then on it delivers the receiver's changes.
        if (data.referralChanged.id !== referral.id) begun();
        else if (data.referralChanged.status === "ACCEPTED") resolve(changes.unsubscribe());
      },
      error: reject,
    });
  });
  let begun;
  const beginning = new Promise((resolve) => { begun = resolve; });
  const knocking = setInterval(() => create(), 200);
  await beginning.finally(() => clearInterval(knocking));
  await receiver.ask(ACCEPT, { input: { referralId: referral.id } });
  await accepted;
  const known = client.cache.readFragment({ fragment: STATUS, from: { __typename: "Referral", id: referral.id } });
  assert.equal(known.status, "ACCEPTED");
});

test("what the viewer can put right stands in the payload", async () => {
  const { referral, slipCode, userErrors } = await create({ client: "0712345678" });
  assert.deepEqual({ referral, slipCode }, { referral: null, slipCode: null });
  const [{ code, field, message }] = userErrors;
  assert.deepEqual({ code, field }, { code: "IDENTIFYING_DATA", field: ["client"] });
  assert.doesNotMatch(message, /0712345678/);
});

test("the rest are top-level errors with a code", async () => {
  const refused = async (promise, code) => {
    await assert.rejects(promise, (error) => {
      assert.ok(CombinedGraphQLErrors.is(error), String(error));
      assert.equal(error.errors[0].extensions.code, code);
      assert.match(error.errors[0].extensions.requestId, /^[0-9a-f-]{36}$/);
      return true;
    });
  };
  await refused(client.query({ query: SENT, variables: { first: 101 }, fetchPolicy: "no-cache" }), "BAD_REQUEST");
  await refused(client.query({ query: gql`{ nothing }` }), "BAD_REQUEST");
  const costly = gql(`{ ${Array.from({ length: 51 }, (_, index) => `v${index}: viewer { roles }`).join(" ")} }`);
  await refused(client.query({ query: costly }), "TOO_COSTLY");
  const caseworker = session;
  session = await signIn("admin@jirani");
  await refused(client.query({ query: SENT, fetchPolicy: "no-cache" }), "FORBIDDEN");
  session = caseworker;
});

test("a wrong password gets no session", async () => {
  await assert.rejects(signIn("caseworker@jirani", { password: "not-the-password" }), { status: 401, code: "UNAUTHENTICATED" });
});

test("an access token that is no longer good is renewed once for all who wait", async () => {
  const used = session.refreshToken;
  session = { ...session, accessToken: "stale" };
  const ask = () => client.query({ query: VIEWER, fetchPolicy: "no-cache", context: { queryDeduplication: false } });
  const answers = await Promise.all([ask(), ask(), ask()]);
  assert.deepEqual(answers.map(({ data }) => data.viewer.organisation.slug), ["jirani", "jirani", "jirani"]);
  assert.equal(renewals, 1);
  // Within a minute the answer may have been lost: the same successor again.
  assert.equal((await refresh(used)).refreshToken, session.refreshToken);
  await renew();
  // A used-up token whose successor is used counts as a stolen copy: the session ends, and every client gets UNAUTHENTICATED.
  await assert.rejects(refresh(used), { status: 401, code: "UNAUTHENTICATED" });
  await assert.rejects(ask(), { status: 401, code: "UNAUTHENTICATED" });
});
