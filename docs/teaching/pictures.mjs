// The guide's pictures, from the page itself:
//
//   soquete serve --no-open          # prints the link
//   node docs/teaching/pictures.mjs LINK
//
// Needs what the browser tests need (npm install, Chromium at $CHROMIUM or /usr/bin/chromium).
import { chromium } from "@playwright/test";
import path from "node:path";
import { fileURLToPath } from "node:url";

const link = process.argv[2];
if (!link) {
  console.error("usage: node docs/teaching/pictures.mjs LINK");
  process.exit(2);
}
const here = path.dirname(fileURLToPath(import.meta.url));
const base = link.split("#")[0];
const TEXT = {
  "pt-BR": { forward: "Avançar", lesson: "Lição", predict: "Antes de rodar" },
  en: { forward: "Forward", lesson: "Lesson", predict: "Before you run" },
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});

/** The page at a lesson and a step, in a language. */
async function open(lang, lesson, step) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: lang,
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(`${base}#/licao/${lesson}?passo=${step}`);
  await page.getByRole("button", { name: TEXT[lang].forward }).first().waitFor();
  return page;
}

for (const lang of ["pt-BR", "en"]) {
  // The echo with a word in flight, as it is projected.
  const echo = await open(lang, "echo", 30);
  await echo.waitForFunction(() => document.querySelector("[role=status]")?.textContent.length > 0);
  await echo.screenshot({ path: path.join(here, `echo.${lang}.png`) });
  await echo.context().close();

  // A lesson's text, with its question.
  const lesson = await open(lang, "rpc", 0);
  await lesson.getByRole("tab", { name: TEXT[lang].lesson, exact: true }).click();
  await lesson.getByRole("heading", { name: TEXT[lang].predict }).evaluate((heading) => heading.scrollIntoView());
  await lesson.screenshot({ path: path.join(here, `lesson.${lang}.png`) });
  await lesson.context().close();
}
await browser.close();
