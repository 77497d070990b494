// graphql-http's own audit of GraphQL over HTTP.
import assert from "node:assert/strict";
import test from "node:test";
import { serverAudits } from "graphql-http";
import { PAMOJA_URL, user } from "./pamoja.js";

const { authorization } = await user("caseworker@jirani");
const audits = serverAudits({
  url: `${PAMOJA_URL}/graphql`,
  fetchFn: (url, init) => fetch(url, { ...init, headers: { ...init?.headers, authorization } }),
});

for (const audit of audits) {
  test(`${audit.id} ${audit.name}`, async (context) => {
    const result = await audit.fn();
    if (result.status === "ok") return;
    if (result.status === "notice" && audit.name.startsWith("MAY")) context.diagnostic(`${audit.name}: ${result.reason}`);
    else assert.fail(`${result.status}: ${result.reason}`);
  });
}
