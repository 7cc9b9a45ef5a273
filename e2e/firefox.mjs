// Firefox of this computer, driven by WebDriver BiDi, which it speaks by itself: no geckodriver, and
// nothing of Playwright's own browsers. Only what a smoke test needs.
import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stop } from "./servers.mjs";

// Node has a WebSocket of its own from version 22 on.
const WebSocket = globalThis.WebSocket ?? createRequire(import.meta.url)("playwright-core/lib/utilsBundle").ws;

const NAMES = [process.env.FIREFOX, "firefox-esr", "firefox"].filter(Boolean);

/** The program's name, or nothing where there is none. */
export const firefox = NAMES.find((name) => spawnSync(name, ["--version"]).status === 0);

const PATIENCE_MS = 30_000;

/** A page in a Firefox of its own; `close` ends it. */
export class Page {
  static async open() {
    const page = new Page();
    page.dir = await mkdtemp(path.join(tmpdir(), "soquete-firefox-"));
    const args = ["--headless", "--no-remote", "--profile", page.dir, "--remote-debugging-port", "0"];
    page.child = spawn(firefox, args, { stdio: ["ignore", "ignore", "pipe"] });
    page.child.log = "";
    page.child.stderr.on("data", (text) => (page.child.log += text));
    const link = () => /ws:\/\/\S+/.exec(page.child.log)?.[0];
    await soon(async () => Boolean(link()), "Firefox listens");
    await page.connect(`${link()}/session`);
    await page.call("session.new", { capabilities: {} });
    const { contexts } = await page.call("browsingContext.getTree", {});
    page.context = contexts[0].context;
    page.errors = [];
    await page.call("session.subscribe", { events: ["log.entryAdded"] });
    return page;
  }

  connect(link) {
    this.next = 0;
    this.waiting = new Map();
    this.socket = new WebSocket(link);
    this.socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.method === "log.entryAdded" && message.params.level === "error") this.errors.push(message.params.text);
      const answer = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.type === "error") answer?.reject(new Error(`${message.error}: ${message.message}`));
      else answer?.resolve(message.result);
    };
    return new Promise((resolve, reject) => {
      this.socket.onopen = resolve;
      this.socket.onerror = reject;
    });
  }

  call(method, params) {
    const id = (this.next += 1);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  goto(url) {
    return this.call("browsingContext.navigate", { context: this.context, url, wait: "complete" });
  }

  /** The value of an expression in the page: a text, a number, a truth. */
  async value(expression) {
    const target = { context: this.context };
    const answer = await this.call("script.evaluate", { expression, target, awaitPromise: true });
    if (answer.type === "exception") throw new Error(answer.exceptionDetails.text);
    return answer.result.value;
  }

  /** Waits until an expression is true. */
  until(expression) {
    return soon(() => this.value(`Boolean(${expression})`), expression);
  }

  /** A click in the middle of what the selector names. */
  async click(selector) {
    const found = JSON.stringify(selector);
    await this.until(`document.querySelector(${found})`);
    const at = await this.value(`(() => { const r = document.querySelector(${found}).getBoundingClientRect(); return \`\${Math.round(r.x + r.width / 2)},\${Math.round(r.y + r.height / 2)}\` })()`);
    const [x, y] = at.split(",").map(Number);
    const steps = [{ type: "pointerMove", x, y }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }];
    await this.actions({ type: "pointer", id: "mouse", actions: steps });
  }

  /** Presses keys one after the other; those of `held` are down all the while. */
  async type(keys, held = []) {
    const press = [...keys].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    const down = held.map((value) => ({ type: "keyDown", value }));
    const up = held.map((value) => ({ type: "keyUp", value }));
    await this.actions({ type: "key", id: "keys", actions: [...down, ...press, ...up] });
  }

  actions(source) {
    return this.call("input.performActions", { context: this.context, actions: [source] });
  }

  async close() {
    this.socket.close();
    await stop(this.child);
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** Asks again and again until the answer is yes. */
async function soon(ask, what) {
  const until = Date.now() + PATIENCE_MS;
  while (!(await ask())) {
    if (Date.now() > until) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
