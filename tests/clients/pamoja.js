// What several checks share; it uses only what Node provides.
import { randomUUID, webcrypto } from "node:crypto";

export const PAMOJA_URL = process.env.CLIENTS_URL;
const PASSWORD = "pamoja-demo-only";

async function postSession(path, body, url = PAMOJA_URL) {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.error.message), { code: answer.error.code, status: response.status });
  return answer;
}

/** Access and refresh token of a new session. */
export const signIn = (username, { password = PASSWORD, url } = {}) => postSession("/session", { username, password }, url);

/** The next access and refresh token of a session; the refresh token that was sent is used up. */
export const refresh = (refreshToken) => postSession("/session/refresh", { refreshToken });

/** A signed-in user who asks over HTTP, without any client. */
export async function user(username, { url = PAMOJA_URL } = {}) {
  const { accessToken } = await signIn(username, { url });
  const authorization = `Bearer ${accessToken}`;
  const ask = async (query, variables) => {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json", accept: "application/graphql-response+json" },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  return { authorization, ask };
}

export const SERVICES = `query Services($filter: ServiceFilter, $first: Int) {
  services(filter: $filter, first: $first) { nodes { id serviceType organisation { id slug name } } }
}`;

/** A service of somebody else's, with the organisation that offers it. */
export function offeredByAnother(services, slug) {
  const found = services.nodes.find(({ organisation }) => organisation.slug !== slug);
  if (!found) throw new Error(`nobody but ${slug} offers it`);
  return found;
}

export const CREATE = `mutation Refer($input: CreateReferralInput!) {
  createReferral(input: $input) {
    referral { id status client updatedAt toOrganisation { slug } }
    slipCode
    userErrors { code message field }
  }
}`;

export const ACCEPT = `mutation Accept($input: ReferralInput!) {
  acceptReferral(input: $input) { referral { id status } userErrors { code message field } }
}`;

/** What a referral to that service says, in so far as nobody cares. */
export const draft = (service, more) => ({
  clientMutationId: randomUUID(),
  toOrganisationId: service.organisation.id,
  serviceId: service.id,
  serviceType: service.serviceType,
  client: base32(webcrypto.getRandomValues(new Uint8Array(16))),
  populations: ["NOT_STATED"],
  ageBand: "NOT_STATED",
  countyCode: "047",
  urgency: "ROUTINE",
  consentGiven: true,
  ...more,
});

/** A sender, a receiver, and the receiver's service to which the sender refers. */
export async function parties({ url } = {}) {
  const sender = await user("caseworker@jirani", { url });
  const filter = { serviceTypes: ["HIV_TESTING"] };
  const { services } = await sender.ask(SERVICES, { filter, first: 100 });
  const service = offeredByAnother(services, "jirani");
  const receiver = await user(`caseworker@${service.organisation.slug}`, { url });
  return { sender, receiver, service };
}

/** Sends a referral; its id. */
export async function refer(sender, service, more) {
  const { createReferral } = await sender.ask(CREATE, { input: draft(service, more) });
  if (createReferral.userErrors.length) throw new Error(JSON.stringify(createReferral.userErrors));
  return createReferral.referral;
}

/** RFC 4648 base32, lower-case, without padding. */
export function base32(bytes) {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.replace(/.{1,5}/g, (five) => "abcdefghijklmnopqrstuvwxyz234567"[parseInt(five.padEnd(5, "0"), 2)]);
}
