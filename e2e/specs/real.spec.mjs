// Programs on real sockets, through the bridge: against servers nobody here wrote, and all on this
// computer, where programs outside of the browser reach them.
import net from "node:net";
import { expect, test } from "../lab.mjs";
import { freePort } from "../servers.mjs";

/** Switches to real sockets. */
async function toReal(lab) {
  await lab.page
    .getByRole("radio", { name: lab.text.real, exact: true })
    .or(lab.button(lab.text.real))
    .first()
    .click();
}

async function runReal(lab, port, message) {
  await lab.open();
  await lab.edit("cliente.c", (text) =>
    text
      .replace(/const char \*words\[\] = .*;/, `const char *words[] = { ${JSON.stringify(message)} };`)
      .replace("i < 3", "i < 1"),
  );
  await toReal(lab);
  await lab.page.getByLabel(lab.text.host, { exact: true }).fill("127.0.0.1");
  await lab.page.getByLabel(lab.text.port, { exact: true }).fill(String(port));
  await lab.button(lab.text.runReal).click();
}

/** Replaces both programs of the first lesson and runs what is asked on this computer. */
async function runHere(lab, programs, args) {
  await lab.open();
  for (const [name, text] of Object.entries(programs)) await lab.edit(name, () => text);
  await toReal(lab);
  await lab.page.getByLabel("Todos os programas neste computador").check();
  for (const name of ["servidor.c", "cliente.c"]) {
    const box = lab.views.getByRole("checkbox", { name });
    await box.setChecked(name in args);
    if (name in args) await lab.views.getByLabel(`Argumentos de ${name}`).fill(args[name]);
  }
  await lab.button(lab.text.runReal).click();
}

/** A connection from outside of the browser, as `nc` makes one: everything that comes back. */
async function talk(port, text) {
  const socket = net.connect(port, "127.0.0.1");
  socket.setEncoding("utf8");
  socket.end(text);
  let answer = "";
  for await (const part of socket) answer += part;
  return answer;
}

async function listening(port) {
  await expect
    .poll(
      () =>
        new Promise((resolve) => {
          const socket = net.connect(port, "127.0.0.1");
          socket.once("connect", () => (socket.destroy(), resolve(true)));
          socket.once("error", () => resolve(false));
        }),
    )
    .toBe(true);
}

test("a reload keeps the mode, what was filled in and what was measured", async ({ lab, page, servers }) => {
  await runReal(lab, servers.nginx, "GET / HTTP/1.0\r\n\r\n");
  await expect(lab.views).toContainText("Todos os programas terminaram");
  const calls = await lab.views.locator("#real-part tbody tr").count();
  await page.reload();
  await expect(page.getByRole("radio", { name: lab.text.real, exact: true })).toBeChecked({ timeout: 30_000 });
  await expect(page.getByLabel(lab.text.port, { exact: true })).toHaveValue(String(servers.nginx));
  await expect(lab.views).toContainText("200 OK");
  await expect(lab.views.locator("#real-part tbody tr")).toHaveCount(calls);
  // The recording can be gone through, too; the secret was kept nowhere.
  await lab.button("Início").click();
  await expect(lab.views.locator("#real-part tbody tr")).toHaveCount(0);
  await expect(lab.views).toContainText("código secreto");
  lab.errors.length = 0; // the browser tells of the bridge's refusal
});

test("nginx answers the client's HTTP request", async ({ lab, servers }) => {
  await runReal(lab, servers.nginx, "GET / HTTP/1.0\r\n\r\n");
  await expect(lab.views).toContainText("connect");
  await expect(lab.views).toContainText("200 OK");
  await expect(lab.views).toContainText(/medido/);
  await lab.sound("real-nginx");
});

test("redis answers PONG", async ({ lab, servers }) => {
  await runReal(lab, servers.redis, "PING\r\n");
  await expect(lab.views).toContainText("+PONG");
  await lab.picture("real-redis");
});

test("what was filled in stays over other views, and a port is checked", async ({ lab, page }) => {
  await lab.open();
  await toReal(lab);
  const port = lab.page.getByLabel(lab.text.port, { exact: true });
  await port.fill("99999");
  await expect(port).toHaveAttribute("aria-invalid", "true");
  await expect(lab.views.getByRole("alert")).toContainText("1 a 65535");
  await expect(lab.button(lab.text.runReal)).toBeDisabled();
  await port.fill("6399");
  await expect(lab.button(lab.text.runReal)).toBeEnabled();
  await lab.tab("Console").click();
  await lab.tab("Sockets reais").click();
  await expect(port).toHaveValue("6399");
  // A header does not tell what only the simulated program does.
  await expect(page.locator(".program").filter({ hasText: "cliente.c" })).not.toContainText("terminou");
});

test("nobody listens: the real kernel says ECONNREFUSED", async ({ lab }) => {
  // Port 1 of the loopback: tcpmux, which no test machine runs.
  await runReal(lab, 1, "ola");
  await expect(lab.views).toContainText("ECONNREFUSED");
  // Both views of the blocking call.
  await lab.views.getByText(/o que o kernel fez/).first().click();
  await expect(lab.views).toContainText("EINPROGRESS");
});

test("a known server brings its lesson, its port and its arguments", async ({ lab, servers }) => {
  await lab.open();
  await toReal(lab);
  await lab.button("redis").click();
  await expect(lab.page.getByLabel(lab.text.port, { exact: true })).toHaveValue("6379");
  await lab.page.getByLabel(lab.text.port, { exact: true }).fill(String(servers.redis));
  await lab.button(lab.text.runReal).click();
  await expect(lab.page.getByRole("region", { name: "Terminal de cliente.c" })).not.toBeEmpty();
  await expect(lab.views).toContainText("getaddrinfo");
});

test("server and client of the lesson run on this computer; calls, counters, comparison", async ({ lab }) => {
  await lab.open();
  await toReal(lab);
  await lab.page.getByLabel("Todos os programas neste computador").check();
  await expect(lab.views.getByLabel("Argumentos de cliente.c")).toHaveValue("127.0.0.1");
  const port = await freePort();
  await lab.views.getByLabel("Argumentos de servidor.c").fill(String(port));
  await lab.views.getByLabel("Argumentos de cliente.c").fill(`127.0.0.1 ${port}`);
  await lab.button(lab.text.runReal).click();
  await expect(lab.page.getByRole("region", { name: "Terminal de cliente.c" })).not.toBeEmpty();
  await expect(lab.views).toContainText("accept");
  await lab.picture("real-here");
  await lab.tab("TCP_INFO no tempo").click();
  await expect(lab.views.getByRole("img", { name: /tcpi_snd_cwnd/ }).first()).toBeVisible();
  await lab.sound("real-counters");
  await lab.tab("Simulado × real").click();
  await expect(lab.views).toContainText(/mesmo resultado|primeira diferença/);
  await lab.sound("real-compare");
});

test("a real run is gone through step by step, both ways, and marked as recorded", async ({ lab, page }) => {
  await lab.open();
  await toReal(lab);
  await lab.page.getByLabel("Todos os programas neste computador").check();
  const port = await freePort();
  await lab.views.getByLabel("Argumentos de servidor.c").fill(String(port));
  await lab.views.getByLabel("Argumentos de cliente.c").fill(`127.0.0.1 ${port}`);
  const time = lab.region("Tempo");
  await expect(lab.button(lab.text.forward), "nothing is recorded yet").toBeDisabled();
  await lab.button(lab.text.runReal).click();
  const terminal = lab.page.getByRole("region", { name: "Terminal de cliente.c" });
  await expect(terminal).toContainText("recv: ");
  await expect(time).toContainText("ao vivo");
  // The server waits for more clients: it is stopped, and nothing comes any more.
  await lab.button("Parar tudo").click();
  await expect(time).toContainText("gravado");
  const count = async () => /passo (\d+) de (\d+)/.exec(await lab.story.innerText()).slice(1).map(Number);
  const [newest, of] = await count();
  expect(newest).toBe(of);
  expect(of).toBeGreaterThan(12);
  const calls = lab.views.locator("table.calls tbody tr");
  const all = await calls.count();
  await lab.button(lab.text.start).click();
  await expect(lab.story).toContainText("passo 0 de");
  await expect(calls).toHaveCount(0);
  await expect(terminal).toHaveCount(0);
  await lab.button(lab.text.forward).click();
  await expect(lab.story).toContainText("servidor.c [1001] começa.");
  await page.keyboard.press("ArrowRight");
  await expect(calls).toHaveCount(1);
  await expect(lab.story).toContainText("socket() = 3");
  await expect(calls.first()).toHaveAttribute("aria-current", "step");
  // The line that makes the call, in the program that ran.
  await expect(page.locator(".program").filter({ hasText: "servidor.c" }).locator("[aria-current=step]")).toContainText("socket(AF_INET");
  // A call that waits does so at the step at which it was made, and not at a later one.
  const waits = () => lab.views.getByText("bloqueada no kernel").count();
  while ((await waits()) === 0) {
    const [n] = await count();
    await page.keyboard.press("ArrowRight");
    await expect.poll(async () => (await count())[0]).toBe(n + 1);
  }
  await page.keyboard.press("ArrowLeft");
  await expect.poll(waits).toBe(0);
  await lab.sound("real-recording");
  await page.keyboard.press("End");
  await expect(calls).toHaveCount(all);
  await expect(terminal).toContainText("recv: ");
  // A row goes to its step; playing goes on from there by itself.
  await calls.nth(2).locator("td").first().click();
  await expect(calls).toHaveCount(3);
  await lab.button(lab.text.play).click();
  await expect.poll(() => calls.count()).toBeGreaterThan(4);
  await lab.button(lab.text.pause).click();
  await expect(lab.button(lab.text.play)).toBeVisible();
});

const FORK_SERVER = `#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void reap(int s) { (void)s; while (waitpid(-1, NULL, WNOHANG) > 0) { } }

int main(int argc, char **argv)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])) };
    struct sigaction act = { .sa_handler = reap, .sa_flags = SA_RESTART };
    int one = 1, l = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sigaction(SIGCHLD, &act, NULL);
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(l, (struct sockaddr *)&a, sizeof a) < 0) { perror("bind"); return 1; }
    listen(l, 5);
    for (;;) {
        int c = accept(l, NULL, NULL);
        if (fork() == 0) {
            char b[256];
            ssize_t n;
            close(l);
            while ((n = recv(c, b, sizeof b, 0)) > 0) {
                printf("filho: %zd bytes\\n", n);
                fflush(stdout);
                for (ssize_t i = 0; i < n; i++) if (b[i] >= 'a' && b[i] <= 'z') b[i] -= 32;
                send(c, b, n, 0);
            }
            return 7;
        }
        close(c);
    }
}
`;

test("a student's server that forks is reached from outside the browser, and ended by Ctrl+C", async ({ lab }) => {
  const port = await freePort();
  await runHere(lab, { "servidor.c": FORK_SERVER }, { "servidor.c": String(port) });
  await listening(port);
  const answers = await Promise.all([talk(port, "ola mundo"), talk(port, "outro")]);
  expect(answers).toEqual(["OLA MUNDO", "OUTRO"]);
  await expect(lab.page.getByRole("region", { name: "Terminal de servidor.c" })).toContainText("filho: 9 bytes");
  await expect(lab.views).toContainText("clone(");
  await lab.sound("real-fork");
  await lab.button("Interromper (Ctrl+C)").click();
  await expect(lab.views).toContainText("killed by SIGINT");
  await expect(lab.views).toContainText("Todos os programas terminaram.");
  // What was open is closed: nobody listens any more.
  await expect(talk(port, "x")).rejects.toThrow(/ECONNREFUSED/);
});

const ASKS = `#include <netinet/in.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static int s;
static void *hear(void *x)
{
    char b[256];
    ssize_t n;
    while ((n = recv(s, b, sizeof b, 0)) > 0) { printf("redis: %.*s", (int)n, b); fflush(stdout); }
    return x;
}

int main(int argc, char **argv)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[2])) };
    char line[128];
    pthread_t t;
    inet_pton(AF_INET, argv[1], &a.sin_addr);
    s = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) { perror("connect"); return 1; }
    pthread_create(&t, NULL, hear, NULL);
    for (;;) {
        fd_set r;
        FD_ZERO(&r); FD_SET(0, &r);
        select(1, &r, NULL, NULL, NULL);
        if (!fgets(line, sizeof line, stdin)) break;
        send(s, line, strlen(line), 0);
    }
    shutdown(s, SHUT_RDWR);
    pthread_join(t, NULL);
    printf("fim\\n");
}
`;

test("a program with a thread is typed to in its terminal", async ({ lab, servers }) => {
  await runHere(lab, { "cliente.c": ASKS }, { "cliente.c": `127.0.0.1 ${servers.redis}` });
  const terminal = lab.page.getByRole("region", { name: "Terminal de cliente.c" });
  const input = terminal.getByRole("textbox");
  await input.fill("PING");
  await input.press("Enter");
  await expect(terminal).toContainText("redis: +PONG");
  await input.fill("ECHO segundo");
  await input.press("Enter");
  await expect(terminal).toContainText("segundo");
  await terminal.getByRole("button", { name: "Ctrl+D" }).click();
  await expect(terminal).toContainText("fim");
});

test("what the bridge refuses is not passed off as the kernel's", async ({ lab, servers }) => {
  const port = new URL(servers.link).port;
  await runReal(lab, port, "ola");
  await expect(lab.views).toContainText("negado pela ponte (own-port)");
  await lab.sound("real-denied");
});

test("what a server sends is shown as text", async ({ lab }) => {
  const nasty = "<img src=x onerror=\"document.title='owned'\">\u001b[2J\u0007\u202e";
  const server = net.createServer((socket) => {
    socket.on("error", () => {}); // the client may go before it has read everything
    socket.end(nasty.repeat(20));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await runReal(lab, server.address().port, "ola");
    await expect(lab.page.getByRole("region", { name: "Terminal de cliente.c" })).toContainText("<img src=x");
    await expect(lab.page.getByRole("region", { name: "Terminal de cliente.c" })).toContainText("␛[2J␇�");
    expect(await lab.page.title()).not.toBe("owned");
    await expect(lab.views.locator("img")).toHaveCount(0);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
