// graphql-ws when the server stops and starts again: this check restarts its own demo.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { ACCEPT, parties, refer } from "./pamoja.js";

const CHANGES = "subscription Changes { referralChanged { id status updatedAt } }";
const SINCE = `query Since($since: DateTime!) {
  referrals(direction: OUTGOING, filter: { updatedSince: $since }, orderBy: RECENTLY_UPDATED_FIRST) { nodes { id status } }
}`;

const data = join(await mkdtemp(join(process.env.CLIENTS_SCRATCH, "reconnect-")), "demo");
let demo;

async function start(listen) {
  const demoArguments = ["demo", "--data-dir", data, "--listen", listen, "--scale", "0.02"];
  demo = spawn(process.env.CLIENTS_PROGRAM, demoArguments, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface(demo.stdout)) {
    const ready = /^Ready after .* on (http:\S+)\/graphql /.exec(line);
    if (ready) return ready[1];
  }
  throw new Error("the demo did not start");
}

async function stop() {
  if (demo.exitCode !== null || demo.signalCode !== null) return;
  const ended = once(demo, "exit");
  demo.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
}
after(stop);

/** Resolves with the first of what is thrown in that is wanted. */
function catcher() {
  const waiting = new Set();
  return {
    caught: (thing) => waiting.forEach((look) => look(thing)),
    first: (wanted) => new Promise((resolve) => {
      const look = (thing) => { if (wanted(thing)) { waiting.delete(look); resolve(thing); } };
      waiting.add(look);
    }),
  };
}

test("a subscriber is told to go, comes back, and catches up", async () => {
  const url = await start("127.0.0.1:0");
  const { sender, receiver, service } = await parties({ url });
  const changes = catcher();
  const events = catcher();
  let comeBack;
  const mayComeBack = new Promise((resolve) => { comeBack = resolve; });
  const client = createClient({
    url: `${url.replace(/^http/, "ws")}/graphql/ws`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: sender.authorization },
    retryWait: () => mayComeBack,
    on: {
      closed: ({ code, wasClean }) => events.caught({ closed: code, wasClean }),
      connected: (_socket, _payload, wasRetry) => events.caught({ wasRetry }),
    },
  });
  const broken = new Promise((_, reject) => client.subscribe({ query: CHANGES }, {
    next: ({ data }) => changes.caught(data.referralChanged),
    error: reject,
    complete: () => reject(new Error("the stream ended")),
  }));
  const orBroken = (promise) => Promise.race([promise, broken]);
  const heardAnything = async () => {
    // The server doesn't say when a stream has begun, so this makes changes until one is delivered.
    const heard = changes.first(() => true);
    const knocking = setInterval(() => refer(sender, service), 200);
    return orBroken(heard).finally(() => clearInterval(knocking));
  };

  const { updatedAt } = await heardAnything();
  const { id } = await refer(sender, service);

  const closed = events.first((event) => "closed" in event);
  await stop();
  assert.deepEqual(await closed, { closed: 1001, wasClean: true });

  assert.equal(await start(new URL(url).host), url);
  await receiver.ask(ACCEPT, { input: { referralId: id } });
  const connected = events.first((event) => "wasRetry" in event);
  comeBack();
  assert.deepEqual(await orBroken(connected), { wasRetry: true });
  await heardAnything();

  // The change that was made while the client was disconnected.
  const { referrals } = await sender.ask(SINCE, { since: updatedAt });
  assert.deepEqual(referrals.nodes.find((node) => node.id === id), { id, status: "ACCEPTED" });
  // And a change that is made now.
  const heard = changes.first((change) => change.id === id && change.status === "SCHEDULED");
  const on = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  const schedule = "mutation Schedule($input: ScheduleReferralInput!) { scheduleReferral(input: $input) { userErrors { code } } }";
  assert.deepEqual(await receiver.ask(schedule, { input: { referralId: id, on } }), { scheduleReferral: { userErrors: [] } });
  await orBroken(heard);
  await client.dispose();
});
