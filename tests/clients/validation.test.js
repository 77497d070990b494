// What graphql-js takes for a valid request, the program takes too, and the other way round: for each rule of graphql-js.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { buildSchema, getOperationAST, GraphQLError, isScalarType, isSpecifiedScalarType, Kind, parse, print, specifiedRules, validate } from "graphql";
import { getVariableValues } from "graphql/execution/values.js";
import { BREAKINGS, tinker } from "./breakings.js";
import { Documents } from "./documents.js";
import { PAMOJA_URL, user } from "./pamoja.js";

const SEED = 20261129;
const VALID = 1000;
const PER_RULE = 45;
const TINKERED = 600;

// What is known to differ, each with the reason. Each is checked to differ still: otherwise it must go from this list.
const DIFFERENT = [
  {
    text: "subscription { referralChanged @include(if: true) { id } }", ours: false,
    why: "The current specification forbids conditions at a subscription's root, and version 17 of graphql-js refuses them.",
  },
  {
    text: "subscription { ... on Subscription { referralChanged @skip(if: false) { id } } }", ours: false,
    why: "As the one before: what stands in a fragment at the root is of the root.",
  },
  {
    text: '{ node(id: "\\u{30}") { id } }', ours: false,
    why: "The parser of the library that executes knows no escapes with braces. A variable has no need of them.",
  },
  {
    text: '{ node(id: "\\uD83D\\uDE00") { id } }', ours: false,
    why: "That parser knows no surrogate pairs as escapes. A variable, or the character itself, has no need of them.",
  },
  {
    text: "{ services(first: -0) { nodes { id } } }", ours: false,
    why: "That parser doesn't read minus zero as an Int.",
  },
  {
    text: '"why it is asked" query Q { viewer { roles } }', ours: false,
    why: "That parser knows no descriptions of operations, which the specification has since September 2025.",
  },
];

const schema = buildSchema(await readFile(process.env.CLIENTS_SCHEMA, "utf8"));
// For graphql-js any literal is one of a scalar of our own. Those that are no texts tell nothing of its rules.
const strict = buildSchema(await readFile(process.env.CLIENTS_SCHEMA, "utf8"));
for (const type of Object.values(strict.getTypeMap())) {
  if (!isScalarType(type) || isSpecifiedScalarType(type)) continue;
  type.parseLiteral = (node) => {
    if (node.kind !== Kind.STRING) throw new GraphQLError(`${type.name} is a text.`);
    return node.value;
  };
}
const { authorization } = await user("caseworker@jirani");

/** Whether graphql-js would execute the request, and which rules forbid it. */
function oracle({ text, variables = {} }) {
  const document = parse(text);
  const broken = specifiedRules.filter((rule) => validate(schema, document, [rule]).length > 0).map((rule) => rule.name);
  if (broken.length) return { executes: false, broken };
  const operation = getOperationAST(document, chosen(document));
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  return { executes: !errors, broken: errors ? ["variables"] : [] };
}

function chosen(document) {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  return operations.length > 1 ? operations[0].name?.value : undefined;
}

/** Whether a subscription's root has a condition, which is known to differ. */
function hasConditionAtRoot(text) {
  const operations = parse(text).definitions.filter((one) => one.operation === "subscription");
  // What stands in a fragment at the root is of the root too.
  const hasCondition = ({ selections }) => selections.some(({ kind, directives, selectionSet }) =>
    directives?.some(({ name }) => ["skip", "include"].includes(name.value)) || (kind === Kind.INLINE_FRAGMENT && hasCondition(selectionSet)));
  return operations.some(({ selectionSet }) => hasCondition(selectionSet));
}

/** Whether the program executes it. */
async function ours({ text, variables }) {
  const response = await fetch(`${PAMOJA_URL}/graphql`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query: text, variables, operationName: chosen(parse(text)) }),
  });
  const answer = await response.json();
  const error = answer.errors?.[0];
  assert.ok(error?.extensions.code !== "TOO_COSTLY", `it is past a limit: ${JSON.stringify(error)}\n${text}`);
  assert.ok(!answer.errors?.some(({ extensions }) => extensions.code === "INTERNAL"), `${JSON.stringify(answer.errors)}\n${text}`);
  // Only what is valid comes so far: over HTTP, that is the answer to a subscription.
  const subscription = error?.message.startsWith("Subscriptions are served over WebSocket");
  const executes = subscription || "data" in answer;
  if (!executes) assert.deepEqual([response.status, error.extensions.code], [400, "BAD_REQUEST"], text);
  return { executes, message: error?.message };
}

/** All requests, the same each time. */
function requests() {
  const make = new Documents(schema, SEED);
  const pick = (list) => make.pick(list);
  const made = Array.from({ length: VALID }, () => make.valid());
  const changed = (change, kind) => {
    for (let attempt = 0; attempt < 50; attempt++) {
      const { text, variables } = make.valid(kind);
      const document = structuredClone(parse(text, { noLocation: true }));
      if (change(document, { pick }) === false) continue;
      return { text: print(document), variables };
    }
    throw new Error(`nothing to change for ${change}`);
  };
  for (const [rule, change] of Object.entries(BREAKINGS)) {
    const kind = rule === "SingleFieldSubscriptionsRule" ? "subscription" : undefined;
    for (let count = 0; count < PER_RULE; count++) made.push(changed(change, kind));
  }
  for (let count = 0; count < TINKERED; count++) made.push(changed(tinker));
  // Values of variables that aren't of their types.
  for (const { text, variables } of made.slice(0, VALID)) {
    const names = Object.keys(variables);
    if (!names.length) continue;
    const wrong = pick([null, "x", 7, 1.5, true, [], ["x"], {}, { nothing: 1 }, 99999999999, [null]]);
    const name = pick(names);
    made.push({ text, variables: pick([{ ...variables, [name]: wrong }, { ...variables, [name]: undefined }]) });
  }
  return made;
}

test("the verdicts are those of graphql-js, for each of its rules", async () => {
  const counted = new Map(specifiedRules.map((rule) => [rule.name, 0]));
  const unlike = [];
  let [valid, broken] = [0, 0];
  const queue = [];
  for (const request of requests()) {
    let theirs;
    try {
      theirs = oracle(request);
    } catch (error) {
      // A document that doesn't even parse tells nothing of the rules.
      if (error instanceof GraphQLError) continue;
      throw error;
    }
    if (theirs.executes && (hasConditionAtRoot(request.text) || validate(strict, parse(request.text)).length)) continue;
    theirs.broken.forEach((rule) => counted.set(rule, (counted.get(rule) ?? 0) + 1));
    if (theirs.executes) valid++; else broken++;
    // A valid mutation would change something.
    if (theirs.executes && /^mutation/m.test(request.text)) continue;
    queue.push({ request, theirs });
  }
  const sent = queue.length;
  const worker = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { executes, message } = await ours(next.request);
      if (executes !== next.theirs.executes) unlike.push({ ...next, executes, message });
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  console.log(`${valid} valid and ${broken} broken documents, ${sent} sent; violations: ${[...counted].map(([rule, count]) => `${rule} ${count}`).join(", ")}`);
  const told = unlike.slice(0, 12).map(({ request, theirs, executes, message }) => `${executes ? "executed" : `refused (${message})`}, graphql-js: ${theirs.broken.join(" ") || "valid"}\n${request.text}\n${JSON.stringify(request.variables)}`);
  assert.equal(unlike.length, 0, `${unlike.length} verdicts differ:\n${told.join("\n\n")}`);
  assert.ok(valid + broken >= 2000 && valid >= 700, `${valid} valid, ${broken} broken`);
  for (const [rule, count] of counted) assert.ok(count >= 5, `${rule} was violated ${count} times`);
});

test("what is known to differ still does", async () => {
  for (const { text, ours: expected, why } of DIFFERENT) {
    const [theirs, verdict] = [oracle({ text }), await ours({ text })];
    assert.equal(verdict.executes, expected, text);
    assert.notEqual(theirs.executes, expected, `no longer different: ${why}`);
  }
});
