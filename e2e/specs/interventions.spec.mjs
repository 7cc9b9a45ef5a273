// Every intervention by the name that a person sees, each at a moment of the past: it opens a branch
// named after it, has its effect, and is undone.
import { expect, test } from "../lab.mjs";

test.describe.configure({ timeout: 150_000 });

/** The first step, from `from` on, whose story fits. */
async function stepOf(lab, fits, from = 1) {
  const { of } = await lab.step();
  for (let n = from; n <= of; n += 1) {
    await lab.seek(n);
    if (fits.test(await lab.story.innerText())) return n;
  }
  throw new Error(`no step says ${fits}`);
}

/** Clicks the button of that name in the view of interventions. */
async function act(lab, name) {
  await lab.tab("Intervir").click();
  await lab.views.getByRole("button", { name }).first().click();
}

/** There is one more branch, and it is called after what was done. */
async function forked(lab, branches, name) {
  await lab.tab("Ramos").click();
  await expect(lab.views.getByRole("radio")).toHaveCount(branches);
  await expect(lab.views.getByRole("textbox").last()).toHaveValue(name);
}

async function undo(lab, branches) {
  await lab.tab("Ramos").click();
  await lab.views.getByRole("button", { name: "Desfazer" }).click();
  await expect(lab.views.getByRole("radio")).toHaveCount(branches);
}

/** Text of a view at the end of the run that is shown. */
async function atTheEnd(lab, tab, expected) {
  await lab.tab(tab).click();
  await expect
    .poll(async () => {
      await lab.button(lab.text.end).click();
      return lab.views.innerText();
    })
    .toMatch(expected);
}

test("packets in flight: lost, copied, late, damaged, held and let go", async ({ lab }) => {
  await lab.open();
  const at = await stepOf(lab, /send\(\) devolveu 3/);
  const packet = /DATA/;
  for (const [name, seen] of [
    ["Perder", /descartado por você/],
    ["Duplicar", /cópia/],
    ["Atrasar 200 ms", /atrasado/],
    ["Corromper", /soma de verificação errada/],
  ]) {
    await lab.seek(at);
    await act(lab, new RegExp(`^${name}: .*(${packet.source})`));
    await forked(lab, 2, new RegExp(`^${name}: `));
    await atTheEnd(lab, "Pacotes", seen);
    await undo(lab, 1);
  }
  await lab.seek(at);
  await act(lab, new RegExp(`^Segurar: .*(${packet.source})`));
  await forked(lab, 2, /^Segurar: /);
  await lab.seek(at + 2);
  await lab.tab("Intervir").click();
  await expect(lab.views).toContainText("retido");
  await act(lab, /^Soltar: /);
  await forked(lab, 3, /^Soltar: /);
  await stepOf(lab, /DATA 3 solto/, at);
});

test("links: unplugged and plugged, the next packet lost, slower, lossier, narrower", async ({ lab, page }) => {
  await lab.open();
  const at = await stepOf(lab, /accept\(\) e dorme/);
  await act(lab, /^Desconectar o cabo: /);
  await forked(lab, 2, /^Desconectar o cabo: /);
  await atTheEnd(lab, "Pacotes", /cabo desconectado/);
  await lab.seek(at + 3);
  await act(lab, /^Conectar o cabo: /);
  await forked(lab, 3, /^Conectar o cabo: /);
  // TCP repeats what the unplugged cable lost.
  await atTheEnd(lab, "Terminais", /ola/);
  await undo(lab, 2);
  await undo(lab, 1);
  await lab.seek(at);
  await act(lab, /^Perder o próximo: /);
  await forked(lab, 2, /^Perder o próximo: /);
  await undo(lab, 1);
  await lab.seek(at);
  await lab.tab("Intervir").click();
  const links = lab.views.getByRole("region", { name: "Enlaces" });
  await links.getByLabel("Atraso (ms)").fill("300");
  await links.getByLabel("Perda (%)").fill("5");
  await links.getByLabel(/^Taxa/).fill("64");
  await links.getByRole("button", { name: "Aplicar" }).click();
  await forked(lab, 2, /^Enlace: .*300 ms, 5 %, 64 kbit/);
  await lab.seek(at + 1);
  await expect(lab.stage).toContainText("300 ms");
});

test("processes: stopped and continued, interrupted, asked, killed, restarted, typed to", async ({ lab }) => {
  await lab.open();
  const at = await stepOf(lab, /accept\(\) e dorme/);
  await act(lab, /^Pausar \(SIGSTOP\): servidor/);
  await forked(lab, 2, /^Pausar/);
  await lab.seek(at + 2);
  await act(lab, /^Continuar \(SIGCONT\): servidor/);
  await forked(lab, 3, /^Continuar/);
  await atTheEnd(lab, "Terminais", /ola/);
  await undo(lab, 2);
  await undo(lab, 1);
  for (const [name, signal] of [
    ["Ctrl\\+C \\(SIGINT\\)", "SIGINT"],
    ["Pedir o fim \\(SIGTERM\\)", "SIGTERM"],
    ["Matar processo", "SIGKILL"],
  ]) {
    await lab.seek(at);
    await act(lab, new RegExp(`^${name}: servidor`));
    await forked(lab, 2, new RegExp(`^${name}: `));
    await stepOf(lab, new RegExp(`terminado por ${signal}|${signal} termina`), at);
    // Nobody listens any more.
    await stepOf(lab, /ECONNREFUSED/, at);
    await undo(lab, 1);
  }
  await lab.seek(at);
  await act(lab, /^Reiniciar: servidor/);
  await forked(lab, 2, /^Reiniciar: /);
  await atTheEnd(lab, "Terminais", /ola/);
  await undo(lab, 1);
  await lab.seek(at);
  await act(lab, /^Fim da entrada, Ctrl\+D: servidor/);
  await forked(lab, 2, /^Fim da entrada/);
  await undo(lab, 1);
  await lab.seek(at);
  await lab.tab("Intervir").click();
  const line = lab.views.getByLabel(/^Digitar para servidor/);
  await line.fill("oi");
  await line.press("Enter");
  await lab.tab("Ramos").click();
  await expect(lab.views.getByRole("radio")).toHaveCount(2);
  await stepOf(lab, /Foi digitado: "oi/, at);
});

test("hosts: turned off, turned on, rebooted", async ({ lab }) => {
  await lab.open();
  const at = await stepOf(lab, /accept\(\) e dorme/);
  await act(lab, /^Desligar da tomada: servidor/);
  await forked(lab, 2, /^Desligar da tomada: /);
  await lab.seek(at + 2);
  await lab.tab("Intervir").click();
  await expect(lab.views).toContainText("desligado");
  await act(lab, /^Ligar e iniciar os programas: servidor/);
  await forked(lab, 3, /^Ligar e iniciar/);
  await undo(lab, 2);
  await undo(lab, 1);
  await lab.seek(at);
  await act(lab, /^Reiniciar o host: servidor/);
  await forked(lab, 2, /^Reiniciar o host: /);
  await atTheEnd(lab, "Terminais", /ola/);
});

test("who runs next is chosen where several want the processor", async ({ lab, page }) => {
  await page.goto("about:blank");
  await page.goto(`${lab.link.split("#")[0]}#/licao/semaphores`);
  await expect.poll(async () => (await lab.step().catch(() => ({ of: 0 }))).of, { timeout: 30_000 }).toBeGreaterThan(20);
  await lab.tab("Intervir").click();
  const { of } = await lab.step();
  const choice = lab.views.getByRole("region", { name: "Quem roda a seguir" });
  for (let n = 1; n <= of && !(await choice.isVisible()); n += 1) await lab.seek(n);
  await choice.getByRole("button", { name: /^Executar a seguir: / }).first().click();
  await forked(lab, 2, /^Executar a seguir: /);
});
