// Writing a program: names that are completed, problems that a button mends.
import { expect, test } from "../lab.mjs";

test.describe.configure({ timeout: 120_000 });

const HEAD = "#include <sys/socket.h>\n#include <netinet/in.h>\nint main(void) {\n    struct sockaddr_in peer;\n    ";

/** Replaces a program's text. */
async function write(lab, name, text) {
  await lab.editor(name).click();
  await lab.page.keyboard.press("Control+a");
  await lab.page.keyboard.insertText(text);
}

const list = (page) => page.getByRole("listbox");
const names = async (page) => list(page).getByRole("option").allInnerTexts();

test("names are completed with prototype, header and meaning, by keyboard and mouse, in both languages", async ({ lab, page }) => {
  const fetched = [];
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  await lab.open();
  expect(fetched, "the first load is without it").not.toContain("/complete.mjs");
  await write(lab, "cliente.c", HEAD);
  await page.keyboard.type("int s = sock");
  await expect(list(page)).toBeVisible();
  expect(fetched).toContain("/complete.mjs");
  const first = list(page).getByRole("option").first();
  await expect(first).toHaveAttribute("aria-selected", "true");
  await expect(first).toHaveAccessibleName(/^socket, função, int socket\(int domain, int type, int protocol\), .*<sys\/socket.h>$/);
  await expect(lab.editor("cliente.c")).toHaveAttribute("aria-activedescendant", await first.getAttribute("id"));
  await lab.sound("completar");
  await page.keyboard.press("ArrowDown");
  await expect(first).toHaveAttribute("aria-selected", "false");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.keyboard.type("AF_IN");
  await expect.poll(() => names(page)).toEqual(["AF_INET", "AF_INET6"]);
  await page.keyboard.press("Tab");
  await page.keyboard.type(", SOCK_ST");
  await list(page).getByRole("option", { name: /SOCK_STREAM/ }).click();
  await page.keyboard.press("End");
  await page.keyboard.type(";\npeer.");
  await expect.poll(() => names(page)).toEqual(["sin_family", "sin_port", "sin_addr", "sin_zero"]);
  // Escape closes the list and leaves the focus; what is written already is not taken again.
  await page.keyboard.press("Escape");
  await expect(list(page)).toBeHidden();
  await expect(lab.editor("cliente.c")).toBeFocused();
  await page.keyboard.press("Control+Space");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageUp");
  await page.keyboard.press("Enter");
  await page.keyboard.type(" = AF_INET;\nreturn s;\n");
  await expect(page.locator(".cm-line").filter({ hasText: "socket(AF_INET, SOCK_STREAM)" })).toHaveCount(1);
  await expect(page.locator(".cm-line").filter({ hasText: "peer.sin_family = AF_INET;" })).toHaveCount(1);
  await lab.button(lab.text.language).click();
  const editor = page.getByRole("textbox", { name: "Editor of cliente.c" });
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("hton");
  await expect(list(page).getByRole("option").first()).toHaveAccessibleName(/function, .*network order/);
});

test("nothing is offered in comments, texts and numbers, and a line ends as it always did", async ({ lab, page }) => {
  await lab.open();
  for (const text of ["// sock", 'puts("sock', "int x = 123"]) {
    await write(lab, "cliente.c", "\n");
    await page.keyboard.type(text);
    await expect(list(page)).toHaveCount(0);
  }
  await write(lab, "cliente.c", HEAD);
  await page.keyboard.type("int listener = 0;\nlistener");
  await page.keyboard.press("Enter");
  await page.keyboard.type("x");
  await expect(page.locator(".cm-line").filter({ hasText: /^ *x$/ })).toHaveCount(1);
});

test("Windows' headers, C++ and a word processor's quotes are mended by a button", async ({ lab, page }) => {
  await lab.open();
  await write(lab, "cliente.c", "#include <winsock2.h>\nint main(void) { return 0; }\n");
  await expect(page.locator(".problems")).toContainText("winsock2.h é do Windows");
  await lab.sound("consertos");
  await page.setViewportSize({ width: 1440, height: 900 });
  await lab.button("Pôr Windows neste host").click();
  await expect(page.locator(".problems")).toHaveCount(0);
  await expect(lab.stage.getByRole("article", { name: "Host cliente" })).toContainText("Windows");
  await write(lab, "servidor.c", "#include <stdio.h>\nint main(void) { puts(“oi”); puts(“a”); return 0; }\n");
  await lab.button("Trocar todas por aspas de C").click();
  await expect(page.locator(".problems")).toHaveCount(0);
  await expect(lab.editor("servidor.c")).toContainText('puts("oi"); puts("a");');
  await write(lab, "servidor.c", "#include <iostream>\nint main() { std::cout << 1; }\n");
  await lab.button("Dar ao arquivo o nome .cpp").click();
  await expect(lab.editor("servidor.cpp")).toBeVisible();
  await expect(page.locator(".problems")).toHaveCount(0);
  // The file of the old name is gone, also after a reload.
  await page.reload();
  await expect(lab.editor("servidor.cpp")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("textbox", { name: "Editor de servidor.c", exact: true })).toHaveCount(0);
});

test("a socket that is not the Internet's shows who it is, and a hub says so", async ({ lab, page }) => {
  await lab.open();
  await write(lab, "cliente.c", `#include <sys/socket.h>
#include <linux/netlink.h>
#include <unistd.h>
int main(void) {
    int n = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    struct sockaddr_nl nl = { .nl_family = AF_NETLINK };
    if (bind(n, (struct sockaddr *)&nl, sizeof nl) < 0) return 1;
    pause();
}
`);
  await page.keyboard.press("Control+Enter");
  const socket = lab.stage.getByRole("article", { name: "Host cliente" }).locator(".sock");
  await expect.poll(async () => { await lab.toEnd(); return (await socket.count()) && socket.first().innerText(); }).toMatch(/AF_NETLINK RAW\s+nl_pid \d/);
  await lab.sound("netlink");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("combobox", { name: "Lição", exact: true }).selectOption("13");
  await expect(lab.stage.getByRole("article", { name: "Host bia" })).toBeVisible();
  await page.getByRole("button", { name: /^Rede:/ }).click();
  await page.getByRole("checkbox", { name: /^Hub/ }).check();
  await lab.sound("hub");
  await page.keyboard.press("Escape");
  await expect(lab.stage.getByRole("button", { name: /^Enlace 1: hub/ })).toBeVisible();
});

test("what perror() does for itself is no step, and argv is followed", async ({ lab, page }) => {
  await lab.open();
  await page.getByRole("textbox", { name: /Argumentos de cliente.c/ }).fill("servidor 9999");
  await expect.poll(async () => { await lab.toEnd(); await lab.tab(lab.text.calls).click(); return lab.views.innerText(); }).toContain("ECONNREFUSED");
  await expect(lab.views).toContainText('write(4, "connect: Connection refused');
  expect(await lab.views.innerText()).not.toMatch(/dup\(|fcntl\(|close\(4\)/);
  await lab.views.getByRole("checkbox").check();
  await expect(lab.views).toContainText("dup(2)");
  await lab.seek((await lab.step()).of - 3);
  await lab.tab("Memória").click();
  const row = (name) => lab.views.getByRole("row").filter({ has: page.getByRole("button", { name: `Bytes de ${name}` }) });
  await expect(row("argv").last()).toContainText('→ {"./cliente", "servidor", "9999"}');
});
