// How the page shows the bridge: absent, refused, lost and found again; and the console.
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, Lab, test } from "../lab.mjs";
import { freePort, root, startSoquete, stop } from "../servers.mjs";

async function toReal(lab) {
  await lab.page
    .getByRole("radio", { name: lab.text.real, exact: true })
    .or(lab.button(lab.text.real))
    .first()
    .click();
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

test("without a bridge the page says how to get one", async ({ page }) => {
  // Any static server.
  const dir = process.env.SOQUETE_PAGE ?? path.join(root, "dist");
  const server = http.createServer(async (request, response) => {
    const name = request.url === "/" ? "/index.html" : request.url.split("?")[0];
    const body = await readFile(path.join(dir, path.normalize(name))).catch(() => null);
    response.writeHead(body ? 200 : 404, { "content-type": TYPES[path.extname(name)] ?? "text/plain" });
    response.end(body ?? "no");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const lab = new Lab(page, `http://127.0.0.1:${server.address().port}/`);
  await lab.open();
  await toReal(lab);
  await expect(lab.views).toContainText("Sem ponte");
  await expect(lab.views).toContainText("soquete serve");
  await expect(lab.button(lab.text.runReal)).toBeDisabled();
  await lab.sound("bridge-none");
  await new Promise((resolve) => server.close(resolve));
});

test("with a wrong secret the page says so, and takes the right link", async ({ page, servers }) => {
  const wrong = servers.link.replace(/tok=.*/, `tok=${"0".repeat(64)}`);
  const lab = new Lab(page, wrong);
  await lab.open();
  await toReal(lab);
  await expect(lab.views).toContainText("A ponte recusou o acesso");
  await lab.sound("bridge-token");
  await lab.page.getByLabel("Link da ponte").fill(servers.link);
  await lab.button("Usar este link").click();
  await expect(lab.views).toContainText("Ponte conectada: Linux");
  // The secret is nowhere on the page nor in the address.
  const token = servers.link.split("tok=")[1];
  expect(await lab.page.content()).not.toContain(token);
  expect(lab.page.url()).not.toContain(token);
});

test("a bridge that dies under a run: nothing is lost, and it goes on with the next", async ({ page, servers }) => {
  const dir = await mkdtemp(path.join(tmpdir(), "soquete-e2e-bridge-"));
  const file = path.join(dir, "token");
  await writeFile(file, randomBytes(32).toString("hex"), { mode: 0o600 });
  const listen = `127.0.0.1:${await freePort()}`;
  const start = () => startSoquete({ listen, more: ["--token-file", file] });
  let bridge = await start();
  try {
    const lab = new Lab(page, bridge.link);
    await lab.open();
    await lab.edit("cliente.c", (text) => text.replace("i < 3", "i < 1"));
    await toReal(lab);
    // redis waits for the end of a line that never comes: recv blocks.
    await lab.page.getByLabel(lab.text.port, { exact: true }).fill(String(servers.redis));
    await lab.button(lab.text.runReal).click();
    await expect(lab.views).toContainText("bloqueada no kernel");
    await stop(bridge.child, "SIGKILL");
    await expect(lab.views).toContainText("A conexão com a ponte caiu");
    await expect(lab.views).toContainText("os programas pararam nestas chamadas");
    await expect(lab.views).toContainText("connect(3");
    await lab.sound("bridge-lost");
    await lab.button("Reconectar").click();
    await expect(lab.views).toContainText("A conexão com a ponte caiu");
    bridge = await start();
    await expect
      .poll(async () => {
        const again = lab.button("Reconectar");
        if (await again.isVisible()) await again.click();
        return lab.views.innerText();
      })
      .toContain("Ponte conectada");
    await expect(lab.views).toContainText("connect(3");
    await lab.button(lab.text.runReal).click();
    await expect(lab.views).toContainText("bloqueada no kernel");
    await lab.button("Parar tudo").click();
    await expect(lab.views).toContainText("Parado por você");
  } finally {
    await stop(bridge.child);
    await rm(dir, { recursive: true, force: true });
  }
});

test("single calls by hand: the simulated kernel and this computer's", async ({ lab, servers }) => {
  await lab.open();
  await toReal(lab);
  await lab.tab("Console").click();
  const call = async (name, fields = {}) => {
    await lab.views.getByLabel("Chamada", { exact: true }).selectOption(name);
    for (const [label, value] of Object.entries(fields)) {
      await lab.views.getByLabel(label, { exact: true }).fill(value);
    }
    await lab.button("Chamar").click();
  };
  await call("socket");
  await expect(lab.views).toContainText("socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3");
  await call("connect");
  await expect(lab.views).toContainText('sin_addr=inet_addr("10.0.0.2")}, 16) = 0');
  await call("send");
  await call("recv");
  await expect(lab.views).toContainText('"ola\\n"');
  await call("fcntl");
  await expect(lab.views).toContainText("fcntl(3, F_SETFL, O_RDONLY|O_NONBLOCK) = 0");
  await call("recv", { flags: "MSG_PEEK" });
  await expect(lab.views).toContainText(/MSG_PEEK, NULL, NULL\) = -1 EAGAIN/);
  await call("getsockopt");
  await expect(lab.views).toContainText("SO_ERROR, [0], [4]) = 0");
  await call("socketpair");
  await expect(lab.views).toContainText("socketpair(AF_UNIX, SOCK_STREAM, 0, [4, 5]) = 0");
  await expect(lab.views).toContainText("simulado");
  await lab.sound("console-simulated");

  await lab.views.getByLabel("Real", { exact: true }).check();
  await expect(lab.views).toContainText("Nenhuma chamada ainda");
  await call("socket");
  await call("connect", { porta: String(servers.redis) });
  await expect(lab.views).toContainText('inet_addr("127.0.0.1")}, 16) = 0');
  await call("send", { dados: "PING\\r\\n" });
  await call("recv");
  await expect(lab.views).toContainText("+PONG");
  await call("ioctl");
  await expect(lab.views).toContainText("FIONREAD, [0]) = 0");
  await call("connect", { porta: "x" });
  await expect(lab.views).toContainText("Valor inválido: porta");
  await call("close", { descritor: "77" });
  await expect(lab.views).toContainText("EBADF");
  await lab.sound("console-real");
});
