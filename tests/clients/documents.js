// Makes documents over a schema: valid ones, and ones that are broken in a way that one rule of GraphQL forbids. The same seed
// makes the same documents.
import {
  getNamedType, getNullableType, isCompositeType, isEnumType, isInputObjectType, isInterfaceType, isLeafType, isListType,
  isNonNullType, isRequiredArgument, isRequiredInputField, parse, print,
} from "graphql";

/** A generator of numbers from 0 to 1 (mulberry32). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const TEXTS = {
  Date: "2026-10-07", DateTime: "2026-10-07T09:30:00Z", Month: "2026-01", TimeOfDay: "09:30", PhoneLine: "0800720000",
  Pseudonym: "a".repeat(26), SlipCode: "K7Q29FXM3TG", SealedText: "sealed",
};

export class Documents {
  constructor(schema, seed) {
    this.schema = schema;
    this.random = generator(seed);
  }

  chance(share) { return this.random() < share; }
  pick(list) { return list[Math.floor(this.random() * list.length)]; }
  upTo(count) { return Math.floor(this.random() * count); }

  /** A valid document as text, with the variables that it needs. */
  valid(kind = this.pick(["query", "query", "query", "mutation", "subscription"])) {
    this.declared = [];
    this.variables = {};
    this.fragments = [];
    const root = this.schema.getRootType(kind);
    const count = kind === "query" ? 1 + this.upTo(3) : 1;
    const fields = Object.values(root.getFields());
    const chosen = Array.from({ length: count }, (_, at) => this.field(this.pick(fields), 2, kind === "query" ? `r${at}` : undefined));
    if (kind === "query" && this.chance(0.2)) chosen.push("__typename");
    if (kind === "query" && this.chance(0.1)) chosen.push("__schema { queryType { name fields { name args { name } } } }");
    let set = `{ ${chosen.join(" ")} }`;
    if (this.chance(0.15)) set = `{ ... on ${root.name} ${set} }`;
    if (kind === "subscription" && this.chance(0.3)) set = `{ ${chosen[0]} ${chosen[0]} }`;
    const declared = this.declared.length ? `(${this.declared.join(", ")})` : "";
    const text = `${kind} Made${declared} ${set} ${this.fragments.join(" ")}`;
    return { text: print(parse(text)), variables: this.variables, kind };
  }

  field(field, levels, alias) {
    const given = field.args.filter((one) => isRequiredArgument(one) || one.name === "first" || this.chance(0.2));
    // The two ends of a page exclude each other, and a cursor that isn't one is refused by the resolver.
    const args = given.filter((one) => !["last", "before", "after"].includes(one.name)).map((one) => `${one.name}: ${this.place(one)}`);
    const name = alias ?? (this.chance(0.1) ? `a${this.upTo(1000)}` : undefined);
    const type = getNamedType(field.type);
    return [
      name ? `${name}: ` : "", field.name, args.length ? `(${args.join(", ")})` : "",
      alias !== undefined ? this.condition() : "", isCompositeType(type) ? ` ${this.selection(type, levels)}` : "",
    ].join("");
  }

  condition() {
    if (this.chance(0.85)) return "";
    const value = this.chance(0.5) ? "true" : this.variable("Boolean!", true);
    return this.chance(0.5) ? ` @include(if: ${value})` : ` @skip(if: ${value})`;
  }

  selection(type, levels) {
    const fields = Object.values(type.getFields?.() ?? {}).filter((one) => !one.args.some(isRequiredArgument));
    const leaves = fields.filter((one) => isLeafType(getNamedType(one.type)));
    const inner = levels > 0 ? fields.filter((one) => isCompositeType(getNamedType(one.type))) : [];
    const chosen = new Map();
    for (let count = 1 + this.upTo(3); count > 0 && leaves.length; count--) {
      const one = this.pick(leaves);
      chosen.set(one.name, this.field(one, 0));
    }
    if (inner.length && (chosen.size === 0 || this.chance(0.6))) {
      const one = this.pick(inner);
      chosen.set(one.name, this.field(one, levels - 1));
    }
    if (chosen.size === 0 || this.chance(0.3)) chosen.set("__typename", "__typename");
    let items = [...chosen.values()];
    if (isInterfaceType(type) && this.chance(0.7)) {
      const object = this.pick(this.schema.getPossibleTypes(type));
      items.push(`... on ${object.name} ${this.selection(object, 0)}`);
    }
    if (this.chance(0.15)) items = [`...${this.chance(0.5) ? ` on ${type.name}` : ""} { ${items.join(" ")} }`];
    if (this.chance(0.15) && this.fragments.length < 8) {
      const name = `F${this.fragments.length}`;
      this.fragments.push("");
      this.fragments[Number(name.slice(1))] = `fragment ${name} on ${type.name} { ${items.join(" ")} }`;
      return `{ ...${name} }`;
    }
    return `{ ${items.join(" ")} }`;
  }

  /** What stands at an argument or an input field: a literal, or a variable. */
  place(of) {
    const value = this.value(of.type, of.name, 2);
    if (this.chance(0.75)) return written(value);
    const type = of.defaultValue !== undefined && isNonNullType(of.type) && this.chance(0.5) ? getNullableType(of.type) : of.type;
    return this.variable(String(type), plain(value));
  }

  variable(type, value) {
    const name = `v${this.declared.length}`;
    this.declared.push(`$${name}: ${type}`);
    this.variables[name] = value;
    return `$${name}`;
  }

  /** A value of that type: JSON, with codes of enums in `{ code }` and objects in `{ fields }`. */
  value(type, name, levels) {
    const named = getNullableType(type);
    if (isListType(named)) return Array.from({ length: 1 }, () => this.value(named.ofType, name, levels));
    if (isEnumType(named)) return { code: this.pick(named.getValues()).name };
    if (isInputObjectType(named)) {
      const given = Object.values(named.getFields()).filter((one) => isRequiredInputField(one) || (levels > 0 && this.chance(0.15)));
      return { fields: given.map((one) => [one.name, this.value(one.type, one.name, levels - 1)]) };
    }
    switch (named.name) {
      case "Int": return name === "first" ? 1 + this.upTo(2) : 1;
      case "Float": return 1.5;
      case "Boolean": return this.chance(0.5);
      case "ID": return "bm93aGVyZQ";
      default: return TEXTS[named.name] ?? "nowhere";
    }
  }
}

/** The literal of a value. */
function written(value) {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (value?.code) return value.code;
  if (value?.fields) return `{ ${value.fields.map(([name, inner]) => `${name}: ${written(inner)}`).join(", ")} }`;
  return JSON.stringify(value);
}

/** The value as JSON of variables has it. */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value?.code) return value.code;
  if (value?.fields) return Object.fromEntries(value.fields.map(([name, inner]) => [name, plain(inner)]));
  return value;
}
