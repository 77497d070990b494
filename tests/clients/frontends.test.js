// docs/frontends*.md do what they say. Their TypeScript, put together in the order of the pages, is type-checked against
// schema.graphql and run against a demo of its own, whose clock is moved. It must print what the pages say it prints. Lines are counted
// through all pages.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { possibleTypes } from "./possible-types.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PAGES = ["frontends.md", "frontends-receiving.md", "frontends-directory.md", "frontends-further.md"];
/** Where the demo listens that a reader of the page starts; this one listens elsewhere. */
const WRITTEN_URL = "http://127.0.0.1:8080";
/** What may stand between ``` and the end of its line. Whatever else a block is meant to be, it isn't left out unnoticed. */
const KINDS = ["ts", "json", "sh", "text"];
const SAID = /^\/\/ → (.*)$/;

/** What the page says happens as time passes, waited for: it goes on where the page's program ends, and prints nothing. */
const AS_TIME_PASSES = `
declare function moveClock(minutes: number): Promise<void>;
{
  const check = (what: string, good: boolean) => { if (!good) throw new Error(what); };
  const within = async (seconds: number, seen: () => boolean) => {
    for (const end = performance.now() + seconds * 1_000; !seen() && performance.now() < end;) await wait(100);
    return seen();
  };
  const phone = await Session.signIn("caseworker@jirani", "pamoja-demo-only", "shared");
  const left = await Session.signIn("caseworker@jirani", "pamoja-demo-only", "shared");
  const own = await Session.signIn("caseworker@jirani", "pamoja-demo-only", "own");
  // The demo is made for today, and on some days nothing that this member sent is open.
  const sent = await own.ask(Refer, { input: {
    ...draft, clientMutationId: crypto.randomUUID(), client: await pseudonym(key, "2026/0043"), writtenAt: new Date().toISOString(),
  } });
  check("the lists have something to show", sent.createReferral.userErrors.length === 0);
  const lists = [phone, left].map((session) => new LiveList(session, "OUTGOING", () => {}));
  check("both lists are filled", await within(10, () => lists.every(({ rows }) => rows.size > 0)));
  await moveClock(9);
  await phone.ask(Me, {});
  await left.ask(Me, {}, true);
  await moveClock(14);
  for (const session of [phone, left]) {
    loseOneAnswer();
    await session.ask(Me, {}, true);
  }
  await moveClock(16);
  check("a socket says that the session is over on the phone that was left", await within(15, () => left.ended));
  check("and not where somebody did something", !phone.ended);
  await phone.ask(Me, {}, true);
  await moveClock(26);
  check("fifteen minutes after that it is over there too", await within(15, () => phone.ended));
  for (const session of [phone, left]) {
    const refused = await session.ask(Me, {}).then(() => "nothing", (problem) => problem.code);
    check(\`over is over: \${refused}\`, refused === "UNAUTHENTICATED");
  }
  await own.ask(Me, {});
  check("a session on one's own device goes on", !own.ended);
  for (const list of lists) await list.close();
  await own.signOut();
}
`;

const scratch = await mkdtemp(join(process.env.CLIENTS_SCRATCH, "frontends-demo-"));
const clock = join(scratch, "clock");
let demo;

/** Starts a demo whose clock can be moved; its address. */
async function start() {
  const data = ["--data-dir", join(scratch, "demo"), "--movable-clock", clock, "--scale", "0.02"];
  demo = spawn(process.env.CLIENTS_PROGRAM, ["demo", "--listen", "127.0.0.1:0", ...data], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface(demo.stdout)) {
    const ready = /^Ready after .* on (http:\S+)\/graphql /.exec(line);
    if (ready) return ready[1];
  }
  throw new Error("the demo did not start");
}

after(async () => {
  if (!demo || demo.exitCode !== null || demo.signalCode !== null) return;
  const ended = once(demo, "exit");
  demo.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
});

/** The page's blocks: of which kind, the line before the first of theirs (from 1), and their lines. */
function blocksOf(page) {
  const blocks = [];
  let open;
  for (const [index, line] of page.split("\n").entries()) {
    const fence = /^\s*(?:```+|~~~+)(.*)$/.exec(line);
    if (!fence) open?.lines.push(line);
    else if (open) open = undefined;
    else {
      assert.ok(KINDS.includes(fence[1]), `line ${index + 1}: a block is one of ${KINDS.join(", ")}, and not "${fence[1]}"`);
      open = { kind: fence[1], start: index + 1, lines: [] };
      blocks.push(open);
    }
  }
  assert.equal(open, undefined, `the block of line ${open?.start} doesn't end`);
  return blocks;
}

/** Each line stands where it stands in the page, so that whoever complains names the page's line. */
function programOf(page, blocks) {
  const lines = page.split("\n").map(() => "");
  for (const { start, lines: block } of blocks) lines.splice(start, block.length, ...block);
  return lines.join("\n");
}

/** What the page says is printed, line by line; `…` stands for what is different each time. */
function saidIn(blocks) {
  return blocks.flatMap(({ start, lines }) => lines.flatMap((line, index) => {
    assert.ok(!line.includes("→") || SAID.test(line), `line ${start + index + 1}: what is printed begins its line with "// → "`);
    const [, text] = SAID.exec(line) ?? [];
    if (text === undefined) return [];
    const pattern = text.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+");
    return [{ text, line: start + index + 1, matches: new RegExp(`^${pattern}$`) }];
  }));
}

/** What it prints, once it has ended well. */
async function run(cwd, command, ...parameters) {
  const child = spawn(command, parameters, { cwd, stdio: ["ignore", "pipe", "pipe"], timeout: 150_000, killSignal: "SIGKILL" });
  let [printed, complaint] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => { printed += text; });
  child.stderr.setEncoding("utf8").on("data", (text) => { complaint += text; });
  const [code, signal] = await new Promise((resolve, reject) => child.on("error", reject).on("close", (...end) => resolve(end)));
  assert.equal(code, 0, `${command} ended with ${code ?? signal}\n${printed}\n${complaint}`);
  return printed;
}

test("what the page tells Apollo of interfaces and unions is what schema.graphql says", async () => {
  const page = await readFile(new URL("../../docs/frontends.md", import.meta.url), "utf8");
  const blocks = blocksOf(page).filter(({ kind, lines }) => kind === "json" && lines.join("").includes('"possibleTypes"'));
  assert.equal(blocks.length, 1, "the page has one block of possibleTypes");
  const expected = { possibleTypes: await possibleTypes() };
  assert.ok(Object.keys(expected.possibleTypes).length > 0);
  assert.deepEqual(JSON.parse(blocks[0].lines.join("\n")), expected, `the page must say:\n${JSON.stringify(expected)}`);
});

test("the page for frontend developers does what it says", async () => {
  const pages = PAGES.map((name) => readFile(new URL(`../../docs/${name}`, import.meta.url), "utf8"));
  const page = (await Promise.all(pages)).join("");
  const blocks = blocksOf(page);
  const snippets = blocks.filter(({ kind }) => kind === "ts");
  const settings = blocks.filter(({ kind, lines }) => kind === "json" && lines.join("").includes("compilerOptions"));
  assert.equal(settings.length, 1, "the page has one tsconfig.json");
  assert.ok(snippets.length > 0, "the page has TypeScript");
  const said = saidIn(snippets);
  assert.ok(snippets.flatMap(({ lines }) => lines).filter((line) => line.includes(WRITTEN_URL)).length === 1, "the page names the demo once");

  const project = await mkdtemp(join(process.env.CLIENTS_SCRATCH, "frontends-"));
  const file = (name) => join(project, name);
  await symlink(join(HERE, "node_modules"), file("node_modules"));
  await copyFile(process.env.CLIENTS_SCHEMA, file("schema.graphql"));
  await writeFile(file("package.json"), '{"type":"module"}');
  await writeFile(file("tsconfig.json"), settings[0].lines.join("\n"));
  await writeFile(file("frontends.ts"), programOf(page, snippets).replace(WRITTEN_URL, await start()) + AS_TIME_PASSES);
  // A browser has a WebSocket, and Node 20 doesn't. The clock is moved here and in the demo.
  await writeFile(file("browser.js"), `
    import { writeFile } from "node:fs/promises";
    import WebSocket from "ws";
    globalThis.WebSocket = WebSocket;
    const now = Date.now;
    globalThis.moveClock = async (minutes) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await writeFile(${JSON.stringify(clock)}, String(minutes * 60));
      Date.now = () => now() + minutes * 60_000;
      await new Promise((resolve) => setTimeout(resolve, 500));
    };
  `);

  const bin = (name) => join(HERE, "node_modules", ".bin", name);
  await run(project, bin("gql-tada"), "generate-output");
  // `tsc` doesn't see unknown arguments, or variables of the wrong type.
  await run(project, bin("gql-tada"), "check", "--fail-on-warn");
  await run(project, bin("tsc"), "--noEmitOnError", "--strict", "--inlineSourceMap", "--outDir", "out");
  const printed = await run(project, process.execPath, "--enable-source-maps", "--import", "./browser.js", "out/frontends.js");
  const lines = printed.split("\n").slice(0, -1);
  for (const [index, { text, line, matches }] of said.entries()) {
    assert.ok(lines[index] !== undefined, `line ${line} says "${text}", and nothing more is printed`);
    assert.match(lines[index], matches, `line ${line} says "${text}", and "${lines[index]}" is printed`);
  }
  assert.deepEqual(lines.slice(said.length), [], "more is printed than the page says");
});
