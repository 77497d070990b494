// Introspection gives graphql-js the same schema as schema.graphql.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import {
  assertValidSchema, buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema,
} from "graphql";
import { user } from "./pamoja.js";

const lines = (schema) => printSchema(lexicographicSortSchema(schema)).split("\n");

test("introspection and schema.graphql agree", async () => {
  const { ask } = await user("caseworker@jirani");
  const told = buildClientSchema(await ask(getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true, oneOf: true })));
  const written = buildSchema(await readFile(process.env.CLIENTS_SCHEMA, "utf8"));
  assertValidSchema(told);
  assertValidSchema(written);
  const [ours, theirs] = [lines(told), lines(written)];
  // Only the first difference: both texts in full would not help the reader of the failure.
  const different = ours.findIndex((line, index) => line !== theirs[index]);
  if (different >= 0) assert.deepEqual(ours.slice(different, different + 5), theirs.slice(different, different + 5));
  assert.equal(ours.length, theirs.length);
});
