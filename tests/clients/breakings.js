// Ways to break a document, named by the rule of GraphQL that forbids it. Each changes a parsed document in place and says whether
// it found something to change. What a rule says of the outcome is not assumed here: the oracle tells.
import { Kind, parse, parseType, parseValue } from "graphql";

const nodes = (document, kind) => {
  const found = [];
  const visit = (value) => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (value && typeof value === "object") {
      if (value.kind === kind) found.push(value);
      Object.values(value).forEach(visit);
    }
  };
  visit(document);
  return found;
};
const name = (value) => ({ kind: Kind.NAME, value });
const definitions = (text) => structuredClone(parse(text, { noLocation: true }).definitions);
const selections = (text) => definitions(text)[0].selectionSet.selections;
const operation = (document) => document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
const fragment = (document) => document.definitions.find((one) => one.kind === Kind.FRAGMENT_DEFINITION);
const directive = (text) => selections(`{ a ${text} }`)[0].directives;
const variable = (text) => definitions(`query(${text}) { a }`)[0].variableDefinitions;

export const BREAKINGS = {
  ExecutableDefinitionsRule: (document, { pick }) => document.definitions.push(...definitions(pick(["type X { a: Int }", "enum X { A }", "extend type Query { a: Int }", "scalar X"]))),
  UniqueOperationNamesRule: (document) => document.definitions.push(structuredClone(operation(document))),
  LoneAnonymousOperationRule: (document, { pick }) => {
    if (pick([true, false])) delete operation(document).name;
    document.definitions.push(...definitions(pick(["{ __typename }", "query Other { __typename }"])));
  },
  SingleFieldSubscriptionsRule: (document, { pick }) => {
    const one = operation(document);
    if (one.operation !== "subscription") return false;
    return one.selectionSet.selections.push(...selections(pick(["{ __typename }", "{ other: referralChanged { id } }", "{ ... { trainingOfferChanged { id } } }", "{ x: __typename }", "{ again: referralChanged { status } }"])));
  },
  KnownTypeNamesRule: (document, { pick }) => {
    if (pick([true, false])) return (operation(document).variableDefinitions ??= []).push(...variable(pick(["$x: Nothing", "$x: [Nothing!]"])));
    return pick(nodes(document, Kind.SELECTION_SET)).selections.push(...selections("{ ... on Nothing { a } }"));
  },
  FragmentsOnCompositeTypesRule: (document, { pick }) => {
    const on = pick(["String", "ReferralStatus", "ReferralFilter", "Pseudonym"]);
    if (pick([true, false]) && fragment(document)) return (fragment(document).typeCondition.name = name(on));
    return pick(nodes(document, Kind.SELECTION_SET)).selections.push(...selections(`{ ... on ${on} { __typename } }`));
  },
  VariablesAreInputTypesRule: (document, { pick }) => (operation(document).variableDefinitions ??= []).push(...variable(pick(["$x: Referral", "$x: [Node!]", "$x: __Type"]))),
  ScalarLeafsRule: (document, { pick }) => {
    const field = pick(nodes(document, Kind.FIELD));
    if (field.selectionSet) return delete field.selectionSet;
    return (field.selectionSet = definitions("{ __typename }")[0].selectionSet);
  },
  FieldsOnCorrectTypeRule: (document, { pick }) => (pick(nodes(document, Kind.FIELD)).name = name(pick(["nothing", "id", "slug", "__type", "__typenam", "nodes"]))),
  UniqueFragmentNamesRule: (document) => !!fragment(document) && document.definitions.push(structuredClone(fragment(document))),
  KnownFragmentNamesRule: (document, { pick }) => pick(nodes(document, Kind.SELECTION_SET)).selections.push(...selections("{ ...Nothing }")),
  NoUnusedFragmentsRule: (document) => document.definitions.push(...definitions("fragment Unused on Viewer { roles }")),
  PossibleFragmentSpreadsRule: (document, { pick }) => pick(nodes(document, Kind.SELECTION_SET)).selections.push(...selections(`{ ... on ${pick(["Viewer", "Node", "Referral", "Query", "Service"])} { __typename } }`)),
  NoFragmentCyclesRule: (document, { pick }) => {
    const all = nodes(document, Kind.FRAGMENT_DEFINITION);
    if (!all.length) return false;
    return pick(all).selectionSet.selections.push(...selections(`{ ...${pick(all).name.value} }`));
  },
  UniqueVariableNamesRule: (document, { pick }) => {
    const all = operation(document).variableDefinitions;
    return !!all?.length && all.push(structuredClone(pick(all)));
  },
  NoUndefinedVariablesRule: (document, { pick }) => {
    const all = operation(document).variableDefinitions;
    if (all?.length) return all.splice(0, 1);
    return (pick(nodes(document, Kind.FIELD)).directives = directive("@include(if: $undefined)"));
  },
  NoUnusedVariablesRule: (document, { pick }) => {
    (operation(document).variableDefinitions ??= []).push(...variable("$unused: Boolean = true"));
    // A use in a fragment that no operation spreads is none.
    return pick([true, false]) || document.definitions.push(...definitions("fragment Unused on Viewer { roles @include(if: $unused) }"));
  },
  KnownDirectivesRule: (document, { pick }) => {
    if (pick([true, false])) return (operation(document).directives = directive(pick(["@include(if: true)", "@skip(if: true)", "@nothing"])));
    return (pick(nodes(document, Kind.FIELD)).directives = directive(pick(["@nothing", "@deprecated", "@specifiedBy(url: \"x\")", "@defer"])));
  },
  UniqueDirectivesPerLocationRule: (document, { pick }) => (pick(nodes(document, Kind.FIELD)).directives = directive(pick(["@include(if: true) @include(if: true)", "@skip(if: false) @skip(if: false)"]))),
  KnownArgumentNamesRule: (document, { pick }) => {
    const field = pick(nodes(document, Kind.FIELD));
    if (pick([true, false])) return (field.directives = directive("@include(if: true, unless: false)"));
    return (field.arguments ??= []).push(...selections("{ a(nothing: 1) }")[0].arguments);
  },
  UniqueArgumentNamesRule: (document, { pick }) => {
    const all = nodes(document, Kind.FIELD).filter((field) => field.arguments?.length);
    if (!all.length) return (pick(nodes(document, Kind.FIELD)).directives = directive("@include(if: true, if: true)"));
    const field = pick(all);
    return field.arguments.push(structuredClone(pick(field.arguments)));
  },
  ValuesOfCorrectTypeRule: (document, { pick }) => {
    const all = nodes(document, Kind.ARGUMENT).concat(nodes(document, Kind.OBJECT_FIELD));
    if (!all.length) return (pick(nodes(document, Kind.FIELD)).directives = directive(pick(["@include(if: 1)", "@skip(if: null)", "@skip(if: \"true\")"])));
    return (pick(all).value = parseValue(pick(["1", "1.5", "\"x\"", "true", "null", "NOTHING", "[]", "[1]", "[[\"x\"]]", "{}", "{ nothing: 1 }", "99999999999", "\"2026-01\"", "[null]"]), { noLocation: true }));
  },
  ProvidedRequiredArgumentsRule: (document, { pick }) => {
    const all = nodes(document, Kind.FIELD).filter((field) => field.arguments?.length);
    if (all.length && pick([true, false])) return (pick(all).arguments = []);
    return (pick(nodes(document, Kind.FIELD)).directives = directive(pick(["@include", "@skip"])));
  },
  VariablesInAllowedPositionRule: (document, { pick }) => {
    const all = operation(document).variableDefinitions;
    if (all?.length && pick([true, false])) {
      const one = pick(all);
      if (one.type.kind === Kind.NON_NULL_TYPE && pick([true, false])) return (one.type = one.type.type);
      return (one.type = parseType(pick(["Int", "String!", "[String!]!", "Boolean", "ID!", "ReferralStatus"]), { noLocation: true }));
    }
    const values = nodes(document, Kind.ARGUMENT).concat(nodes(document, Kind.OBJECT_FIELD));
    if (!values.length) return false;
    (operation(document).variableDefinitions ??= []).push(...variable(pick(["$p: Int", "$p: String", "$p: ID!", "$p: [String!]!", "$p: Boolean = true", "$p: String = null"])));
    const used = { kind: Kind.VARIABLE, name: name("p") };
    return (pick(values).value = pick([used, { kind: Kind.LIST, values: [used] }]));
  },
  OverlappingFieldsCanBeMergedRule: (document, { pick }) => {
    const set = pick(nodes(document, Kind.SELECTION_SET));
    const field = set.selections.find((one) => one.kind === Kind.FIELD);
    if (!field) return false;
    const other = structuredClone(field);
    if (other.arguments?.length && pick([true, false])) other.arguments.pop();
    else Object.assign(other, { alias: name(field.alias?.value ?? field.name.value), name: name(pick(["__typename", "id", "name"])), arguments: [], selectionSet: undefined });
    if (pick([true, false])) return set.selections.push({ kind: Kind.INLINE_FRAGMENT, selectionSet: { kind: Kind.SELECTION_SET, selections: [other] } });
    return set.selections.push(other);
  },
  UniqueInputFieldNamesRule: (document, { pick }) => {
    const all = nodes(document, Kind.OBJECT).filter((one) => one.fields.length);
    if (!all.length) return (pick(nodes(document, Kind.FIELD)).directives = directive("@include(if: { a: 1, a: 1 })"));
    const object = pick(all);
    return object.fields.push(structuredClone(pick(object.fields)));
  },
  MaxIntrospectionDepthRule: (document, { pick }) => {
    if (operation(document).operation !== "query") return false;
    return operation(document).selectionSet.selections.push(...selections(pick([
      "{ __type(name: \"Node\") { fields { type { fields { type { interfaces { name } } } } } } }",
      "{ __schema { queryType { fields { type { interfaces { possibleTypes { name } } } } } } }",
    ])));
  },
};

/** How many lists of the schema's description stand inside each other, of those that made documents ask for. */
function schemaLists(value) {
  if (!value || typeof value !== "object") return 0;
  const inner = Math.max(0, ...Object.values(value).map(schemaLists));
  return inner + (value.kind === Kind.FIELD && ["fields", "args"].includes(value.name.value) ? 1 : 0);
}

/** Changes something at random, that may be as right as before. */
export function tinker(document, { pick }) {
  const field = pick(nodes(document, Kind.FIELD));
  const set = pick(nodes(document, Kind.SELECTION_SET));
  return pick([
    // With more lists of the schema inside each other than a made document has, a limit would answer, and no rule.
    () => set.selections.push(structuredClone(pick(nodes(document, Kind.FIELD)))) && schemaLists(document) <= 2,
    () => set.selections.push(...selections("{ __typename }")),
    () => (field.alias = name(pick(["id", "name", "status", "x"]))),
    () => set.selections.length > 1 && set.selections.splice(pick([0, 1]), 1),
    () => (field.directives = directive(pick(["@include(if: false)", "@skip(if: true)", "@include(if: true) @skip(if: false)"]))),
    () => { const values = nodes(document, Kind.ARGUMENT); return values.length && (pick(values).value = structuredClone(pick(values).value)); },
    () => { const types = nodes(document, Kind.NAMED_TYPE); return types.length && (pick(types).name = structuredClone(pick(types).name)); },
    () => { const fields = nodes(document, Kind.OBJECT_FIELD); return fields.length && (pick(fields).name = structuredClone(pick(fields).name)); },
    () => { const objects = nodes(document, Kind.OBJECT).filter((one) => one.fields.length); return objects.length && pick(objects).fields.pop(); },
    () => (set.selections = [{ kind: Kind.INLINE_FRAGMENT, selectionSet: { kind: Kind.SELECTION_SET, selections: set.selections } }]),
  ])();
}
