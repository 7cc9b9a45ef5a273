// The picture of README.md: the first lesson, in the middle of the exchange. `npm run screenshot`.
import { chromium } from "@playwright/test";
import path from "node:path";
import config from "./playwright.config.mjs";
import { root, startServers } from "./servers.mjs";

const servers = await startServers();
const browser = await chromium.launch(config.use.launchOptions);
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "pt-BR" });
  await page.goto(servers.link);
  const forward = page.getByRole("button", { name: "Avançar", exact: true });
  await forward.click();
  // A packet in flight says more than a page at rest: the third is the client's first data.
  for (let packet = 0; packet < 4; packet += 1) await page.keyboard.press("n");
  await page.waitForTimeout(1000); // the packets' way there is an animation
  await page.screenshot({ path: path.join(root, "docs/screenshot.png") });
} finally {
  await browser.close();
  await servers.stop();
}
