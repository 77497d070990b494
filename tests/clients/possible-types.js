// What Apollo's cache must be told of the schema: which types an interface or a union can be.
import { readFile } from "node:fs/promises";
import { buildSchema, isAbstractType } from "graphql";

/** Made from schema.graphql, in the order of names. */
export async function possibleTypes() {
  const schema = buildSchema(await readFile(process.env.CLIENTS_SCHEMA, "utf8"));
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType).sort((one, other) => one.name.localeCompare(other.name));
  return Object.fromEntries(abstract.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name).sort()]));
}
