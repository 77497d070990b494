// Notes sealed with age-encryption and pseudonyms made with WebCrypto, both on the partner's device.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import test from "node:test";
import * as age from "age-encryption";
import { base32, CREATE, draft, parties, refer } from "./pamoja.js";

const READ = "query Read($id: ID!) { node(id: $id) { ... on Referral { client sealedNote } } }";
const { sender, receiver, service } = await parties();

async function seal(text, ...recipients) {
  const encrypter = new age.Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return age.armor.encode(await encrypter.encrypt(text));
}

async function open(sealed, identity) {
  const decrypter = new age.Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(age.armor.decode(sealed), "text");
}

test("a sealed note opens on the receiver's device and on no other", async () => {
  const [mine, theirs, nobodys] = await Promise.all([1, 2, 3].map(() => age.generateX25519Identity()));
  const recipients = await Promise.all([mine, theirs].map((identity) => age.identityToRecipient(identity)));
  for (const note of ["Asks to be called Jo. Njoo mapema! 🙂", "n".repeat(16 * 1024)]) {
    const { id } = await refer(sender, service, { sealedNote: await seal(note, ...recipients) });
    for (const [reader, identity] of [[receiver, theirs], [sender, mine]]) {
      const { node } = await reader.ask(READ, { id });
      assert.equal(await open(node.sealedNote, identity), note);
      await assert.rejects(open(node.sealedNote, nobodys));
    }
  }
});

test("a note that nobody sealed, or that no key opens, is refused by name", async () => {
  const encrypter = new age.Encrypter();
  encrypter.setScryptWorkFactor(2);
  encrypter.setPassphrase("correct horse");
  for (const sealedNote of ["Asks to be called Jo.", age.armor.encode(await encrypter.encrypt("Jo"))]) {
    const { createReferral } = await sender.ask(CREATE, { input: draft(service, { sealedNote }) });
    const [{ code, field, message }] = createReferral.userErrors;
    assert.deepEqual({ code, field }, { code: "INVALID", field: ["sealedNote"] });
    assert.doesNotMatch(message, /Jo/);
  }
});

async function pseudonym(key, clientNumber) {
  const mac = await webcrypto.subtle.sign("HMAC", key, new TextEncoder().encode(clientNumber));
  return base32(new Uint8Array(mac, 0, 16));
}

test("a pseudonym is the client's for the sender, whoever derives it again, and nothing to the receiver", async () => {
  const raw = webcrypto.getRandomValues(new Uint8Array(32));
  const importKey = () => webcrypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const client = await pseudonym(await importKey(), "2026/0042");
  assert.match(client, /^[a-z2-7]{26}$/);
  assert.equal(client, await pseudonym(await importKey(), "2026/0042"));
  const { id } = await refer(sender, service, { client });
  const list = "query Of($client: Pseudonym) { referrals(direction: OUTGOING, filter: { client: $client }) { nodes { id client } } }";
  assert.deepEqual((await sender.ask(list, { client })).referrals.nodes, [{ id, client }]);
  assert.equal((await receiver.ask(READ, { id })).node.client, null);
});

test("base32 is RFC 4648's", () => {
  for (const [text, encoded] of [["f", "my"], ["fo", "mzxq"], ["foo", "mzxw6"], ["foob", "mzxw6yq"], ["fooba", "mzxw6ytb"]]) {
    assert.equal(base32(new TextEncoder().encode(text)), encoded);
  }
});
