// The view for slides and course pages: what another site may frame, and what is out of its reach;
// and the printed sheet.
import http from "node:http";
import { expect, test } from "../lab.mjs";

/** A course page of another origin. */
async function course(html) {
  const server = http.createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(`<!doctype html>${html}`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const link = `http://127.0.0.1:${server.address().port}/`;
  return { link, stop: () => new Promise((resolve) => server.close(resolve)) };
}

// The browser's policies are what is tested.
test.use({ bypassCSP: false });

test("another site frames the embedded view, not the page, and what is done there is not kept", async ({ page, servers }) => {
  const [base, secret] = servers.link.split("#");
  const embed = `${base}?embed#/licao/udp?passo=12`;
  const sockets = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  const { link, stop } = await course(
    `<iframe title="embutido" width="960" height="560" src="${embed}"></iframe>
     <iframe title="inteira" width="300" height="200" src="${base}"></iframe>`,
  );
  try {
    await page.goto(link);
    const framed = page.frameLocator('iframe[title="embutido"]');
    await expect(framed.getByText(/Passo 12 de \d+/)).toBeVisible({ timeout: 30_000 });
    await expect(framed.getByRole("region", { name: "Hosts e rede" })).toBeVisible();
    await expect(framed.getByRole("region", { name: "Código", exact: true })).toBeHidden();
    await framed.getByRole("button", { name: "Avançar", exact: true }).click();
    await expect(framed.getByText(/Passo 13 de \d+/)).toBeVisible();
    await framed.getByRole("tab", { name: "Intervir" }).click();
    await framed.getByRole("button", { name: /^Matar processo: / }).first().click();
    await expect(framed.getByRole("tab", { name: "Ramos" })).toBeVisible();
    const whole = await framed.getByRole("link", { name: "Abrir no Soquete" }).getAttribute("href");
    expect(whole).not.toContain("embed");
    // The whole page in a frame is the browser's error.
    const other = page.frames().find((frame) => frame.parentFrame() && !frame.url().includes("embed"));
    expect(await other.locator("#app").count()).toBe(0);
    // The embedded view itself: the secret in its address is not taken, nothing is stored.
    const top = await page.context().newPage();
    top.on("websocket", (socket) => sockets.push(socket.url()));
    await top.goto(`${base}?embed#${secret}`);
    await expect(top.getByText(/Passo \d+ de [1-9]/)).toBeVisible({ timeout: 30_000 });
    await top.getByRole("button", { name: "Avançar", exact: true }).click();
    expect(await top.evaluate(() => localStorage.length)).toBe(0);
    expect(sockets).toEqual([]);
  } finally {
    await stop();
  }
});

test("the printed sheet has scenario, programs, diagram and every step", async ({ lab, page }) => {
  await page.addInitScript(() => {
    // The browser's dialog, which would wait for a person.
    window.print = () => {
      window.sheet = document.querySelector(".paper").cloneNode(true);
    };
  });
  await lab.open();
  const { of } = await lab.step();
  await lab.button("Arquivo").click();
  await page.getByRole("button", { name: "Imprimir", exact: true }).click();
  await page.waitForFunction(() => window.sheet);
  const sheet = await page.evaluate(() => ({
    text: window.sheet.textContent,
    rows: window.sheet.querySelectorAll("tbody tr").length,
    pictures: window.sheet.querySelectorAll(".pictures > svg").length,
  }));
  expect(sheet.rows).toBe(of);
  expect(sheet.pictures).toBeGreaterThan(0);
  for (const part of ["servidor.c", "cliente.c", "atraso 20,0 ms", "connect() devolveu 0"]) {
    expect(sheet.text).toContain(part);
  }
  // The dialog is over: the page is back.
  await expect(lab.stage).toBeVisible();
  await expect(page.locator(".paper")).toHaveCount(0);
});
