// What the specs share: the running servers, and the page as a person sees it: by role and label.
import { test as base, expect } from "@playwright/test";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { root, startServers } from "./servers.mjs";

export { expect };

const TEXT = {
  "pt-BR": {
    step: /Passo (\d+) de (\d+)/,
    start: "Início",
    back: "Voltar",
    play: "Reproduzir",
    pause: "Pausar",
    forward: "Avançar",
    end: "Fim",
    timeline: "Linha do tempo",
    story: "Explicação",
    stage: "Hosts e rede",
    views: "Vistas",
    inspector: "Inspetor",
    editorOf: (name) => `Editor de ${name}`,
    real: "Real",
    simulated: "Simulado",
    packets: "Pacotes",
    calls: "Chamadas",
    host: "Servidor (host)",
    port: "Porta",
    runReal: "Executar de verdade",
    language: "EN: English",
  },
  en: {
    step: /Step (\d+) of (\d+)/,
    start: "Start",
    back: "Back",
    play: "Play",
    pause: "Pause",
    forward: "Forward",
    end: "End",
    timeline: "Timeline",
    story: "Explanation",
    stage: "Hosts and network",
    views: "Views",
    inspector: "Inspector",
    editorOf: (name) => `Editor of ${name}`,
    real: "Real",
    simulated: "Simulated",
    packets: "Packets",
    calls: "Calls",
    host: "Server (host)",
    port: "Port",
    runReal: "Run for real",
    language: "PT: português",
  },
};

const axe = await readFile(path.join(root, "node_modules/axe-core/axe.min.js"), "utf8");

/** What axe-core has against the page as it is now. */
export async function violations(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n  ")}`);
  });
}

/** By how many pixels the page scrolls sideways. */
export async function sideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** The page, in one of its languages. */
export class Lab {
  constructor(page, link, lang = "pt-BR") {
    this.page = page;
    this.link = link;
    this.text = TEXT[lang];
    this.errors = [];
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
  }

  async open() {
    await this.page.goto(this.link);
    // The programs have been run once the last step has a number.
    const steps = async () => Number(this.text.step.exec(await this.story.innerText())?.[2] ?? 0);
    await expect.poll(steps, { timeout: 30_000 }).toBeGreaterThan(0);
  }

  /** Opens one of the tools of the header's menu. */
  async tool(name) {
    await this.button("Oficina").click();
    await this.page.getByRole("menuitem", { name }).click();
  }

  region(name) {
    return this.page.getByRole("region", { name, exact: true });
  }

  get story() {
    return this.region(this.text.story);
  }

  get stage() {
    return this.region(this.text.stage);
  }

  get views() {
    return this.region(this.text.views);
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  tab(name) {
    return this.page.getByRole("tab", { name, exact: true });
  }

  get scrubber() {
    return this.page.getByRole("slider", { name: this.text.timeline });
  }

  /** Where we are and how many steps there are. */
  async step() {
    const match = this.text.step.exec(await this.story.innerText());
    return { n: Number(match[1]), of: Number(match[2]) };
  }

  async expectStep(n) {
    await expect.poll(async () => (await this.step()).n).toBe(n);
  }

  async toStart() {
    await this.button(this.text.start).click();
    await this.expectStep(0);
  }

  async toEnd() {
    // A new run may take the place of the old one between the click and the look.
    await this.button(this.text.end).click();
    await expect
      .poll(async () => {
        const { n, of } = await this.step();
        return of - n;
      })
      .toBe(0);
    return (await this.step()).of;
  }

  /** Puts the cursor anywhere through the scrubber, as assistive technology does. */
  async seek(n) {
    await this.scrubber.fill(String(n));
    await this.expectStep(n);
  }

  editor(name) {
    return this.page.getByRole("textbox", { name: this.text.editorOf(name) });
  }

  /** Replaces a program of the first lesson by a changed one and runs it. */
  async edit(name, change) {
    // The editor keeps only the visible lines in the page, so the text comes from the lesson.
    const before = await readFile(path.join(root, "lessons/01-echo", name), "utf8");
    const after = change(before);
    expect(after, "the edit finds its place").not.toBe(before);
    await this.editor(name).click();
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.insertText(after);
    await this.page.keyboard.press("Control+Enter");
  }

  /** A state of the page has nothing against it in both themes, wide and narrow; pictures of it. */
  async sound(name) {
    for (const [width, height, scheme] of [[390, 844, "dark"], [320, 640, "light"], [1440, 900, "dark"], [1440, 900, "light"]]) {
      await this.page.setViewportSize({ width, height });
      // Colours that glide would be measured on their way.
      await this.page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      expect.soft(await violations(this.page), `${name}, ${width}, ${scheme}`).toEqual([]);
      expect.soft(await sideways(this.page), `${name}, ${width}: sideways scroll`).toBeLessThanOrEqual(0);
      await this.picture(scheme === "light" && width > 760 ? name : `${name}-${width}-${scheme}`);
    }
  }

  /** A picture for whoever wants to look. */
  async picture(name) {
    await this.page.screenshot({ path: path.join(root, "e2e/test-results", `${name}.png`) });
  }
}

export const test = base.extend({
  servers: [
    async ({}, use) => {
      const servers = await startServers();
      await use(servers);
      await servers.stop();
    },
    { scope: "worker" },
  ],
  lab: async ({ page, servers }, use) => {
    const lab = new Lab(page, servers.link);
    await use(lab);
    expect(lab.errors, "nothing in the browser's console").toEqual([]);
  },
});
