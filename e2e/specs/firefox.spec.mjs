// The page in a second engine: it runs, steps, plays packets, completes names, compiles, and reaches
// real sockets. Where there is no Firefox, that is said.
import { expect, test } from "../lab.mjs";
import { Page, firefox } from "../firefox.mjs";

const [CONTROL, END, ENTER] = ["\uE009", "\uE010", "\uE007"];

test("Firefox runs the lab", async ({ servers }) => {
  test.skip(!firefox, "no Firefox on this computer (`apt install firefox-esr`, or FIREFOX=…): the second engine was not tried");
  test.setTimeout(180_000);
  const page = await Page.open();
  try {
    await page.goto(servers.link);
    const story = `document.querySelector("#story").innerText`;
    await page.until(`/Passo 0 de [1-9]/.test(document.querySelector("#story")?.innerText) || /Step 0 of [1-9]/.test(document.querySelector("#story")?.innerText)`);
    await page.value(`document.documentElement.lang === "pt-BR" || [...document.querySelectorAll("button")].find(b => b.lang === "pt-BR").click()`);
    await page.until(`document.documentElement.lang === "pt-BR"`);
    // A step by the button, the end by a key.
    await page.click("#time button.primary");
    await page.until(`/Passo 1 de/.test(${story})`);
    await page.type([END]);
    await page.until(`(([, n, of]) => n === of)(/Passo (\\d+) de (\\d+)/.exec(${story}))`);
    // Packets fly, and their bytes are shown.
    await page.type(["n"]);
    await page.value(`document.querySelector("#tab-packets").click()`);
    await page.until(`document.querySelectorAll("#view tbody tr").length > 5`);
    await page.value(`document.querySelector("#view tbody button").click()`);
    await page.until(`document.querySelectorAll("#inspector .byte").length > 20`);
    // Another program, with a name completed.
    await page.value(`document.querySelector(".program:last-child .cm-content").focus()`);
    await page.type(["a"], [CONTROL]);
    await page.type("#include <stdio.h>\nint main(void) { print".replace("\n", ENTER));
    await page.until(`document.querySelector(".cm-completion li")?.innerText === "printf"`);
    await page.type([ENTER]);
    await page.type('"raposa\\n"');
    await page.type([END]);
    await page.type("; return 0; }");
    await page.until(`!document.querySelector(".problems")`);
    await page.value(`document.querySelector("#tab-terminals").click()`);
    await page.value(`document.querySelector("#time button[aria-label^=Fim]").click()`);
    await page.until(`/raposa/.test(document.querySelector("#view").innerText)`);
    // The bridge answers this browser, too.
    await page.value(`[...document.querySelectorAll("input[name=kernel]")][1].click()`);
    await page.until(`/Ponte conectada/.test(document.querySelector("#view").innerText)`);
    expect(page.errors, "nothing in the browser's console").toEqual([]);
  } finally {
    await page.close();
  }
});
