// The programs that the tests talk to: our bridge with the page, and two servers that nobody here
// wrote. Each takes a free port of 127.0.0.1, keeps its files in a directory of its own, and is
// ended by its process number.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** A port that was free a moment ago. */
export async function freePort() {
  const server = net.createServer();
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until somebody listens on the port, or the child has ended. */
async function listening(child, port) {
  for (;;) {
    if (child.exitCode !== null) {
      throw new Error(`${child.spawnfile} ended with ${child.exitCode}:\n${child.log}`);
    }
    const open = await new Promise((resolve) => {
      const socket = net.connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("close", () => socket.destroy());
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function start(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  child.log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text) => (child.log += text));
  }
  child.failed = new Promise((_, reject) => child.once("error", reject));
  child.failed.catch(() => {});
  return child;
}

export async function stop(child, signal = "SIGTERM") {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  const patience = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(patience);
}

async function startNginx(dir) {
  const port = await freePort();
  const conf = path.join(dir, "nginx.conf");
  await writeFile(
    conf,
    `daemon off; pid ${dir}/nginx.pid; error_log stderr; worker_processes 1;
     events { worker_connections 64; }
     http {
       access_log off;
       client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy;
       fastcgi_temp_path ${dir}/fastcgi; uwsgi_temp_path ${dir}/uwsgi; scgi_temp_path ${dir}/scgi;
       server {
         listen 127.0.0.1:${port};
         location / { default_type text/plain; return 200 "soquete e2e\\n"; }
       }
     }`,
  );
  const program = ["/usr/sbin/nginx", "/usr/bin/nginx"].find(existsSync) ?? "nginx";
  const child = start(program, ["-c", conf, "-p", dir]);
  await Promise.race([listening(child, port), child.failed]);
  return { child, port };
}

async function startRedis(dir) {
  const port = await freePort();
  const args = ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--dir", dir];
  const child = start("redis-server", args);
  await Promise.race([listening(child, port), child.failed]);
  return { child, port };
}

/** `soquete serve` with the page that was just built; its link carries the token. */
export async function startSoquete({ listen = "127.0.0.1:0", more = [] } = {}) {
  const program = process.env.SOQUETE ?? path.join(root, "target/debug/soquete");
  const page = process.env.SOQUETE_PAGE ?? path.join(root, "dist");
  const args = ["serve", "--listen", listen, "--no-open", "--page", page, ...more];
  const child = start(program, args);
  for (;;) {
    const link = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(child.log)?.[0];
    if (link) return { child, link };
    if (child.exitCode !== null) throw new Error(`soquete serve ended:\n${child.log}`);
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 20)), child.failed]);
  }
}

/** Starts all three; `stop` ends them and removes their files. */
export async function startServers() {
  const dir = await mkdtemp(path.join(tmpdir(), "soquete-e2e-"));
  const running = [];
  const started = async (what) => {
    const one = await what;
    running.push(one.child);
    return one;
  };
  const stopAll = async () => {
    await Promise.all(running.map(stop));
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const nginx = await started(startNginx(dir));
    const redis = await started(startRedis(dir));
    const soquete = await started(startSoquete());
    return { nginx: nginx.port, redis: redis.port, link: soquete.link, stop: stopAll };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
