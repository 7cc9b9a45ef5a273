// The same client program on real sockets, through the bridge, against servers nobody here wrote.
import { expect, test } from "../lab.mjs";

async function runReal(lab, port, message) {
  await lab.open();
  await lab.edit("cliente.c", (text) =>
    text
      .replace(/const char \*words\[\] = .*;/, `const char *words[] = { ${JSON.stringify(message)} };`)
      .replace("i < 3", "i < 1"),
  );
  await lab.page.getByRole("radio", { name: lab.text.real, exact: true }).or(lab.button(lab.text.real)).first().click();
  await lab.page.getByLabel(lab.text.host, { exact: true }).fill("127.0.0.1");
  await lab.page.getByLabel(lab.text.port, { exact: true }).fill(String(port));
  await lab.button(lab.text.runReal).click();
}

test("nginx answers the client's HTTP request", async ({ lab, servers }) => {
  await runReal(lab, servers.nginx, "GET / HTTP/1.0\r\n\r\n");
  await expect(lab.views).toContainText("connect");
  await expect(lab.views).toContainText("200 OK");
  await expect(lab.views).toContainText(/medido/);
  await lab.picture("real-nginx");
});

test("redis answers PONG", async ({ lab, servers }) => {
  await runReal(lab, servers.redis, "PING\r\n");
  await expect(lab.views).toContainText("+PONG");
  await lab.picture("real-redis");
});

test("nobody listens: the real kernel says ECONNREFUSED", async ({ lab }) => {
  // Port 1 of the loopback: tcpmux, which no test machine runs.
  await runReal(lab, 1, "ola");
  await expect(lab.views).toContainText("ECONNREFUSED");
});
