#!/usr/bin/env python3
"""Records what Linux does in the scenarios of sim/tests/recorded.

Run as root:  record.py FILE...   Each file is a scenario (lines of calls, see below); what Linux
put on the wire and what the calls answered is written after the line `---`. The same file is then
a test of the simulated stacks (sim/tests/recorded.rs).

Two network namespaces, a veth pair without offloads, CUBIC. Sockets whose names begin with `c` are
on host a (10.0.0.1), all others on host b (10.0.0.2); all are non-blocking. Packets are dropped
where they arrive, so the capture shows them. Needs ip, ethtool, nft, tcpdump.

  pair                      a connection: listener l, client c, accepted s
  socket NAME | bind NAME PORT | listen NAME BACKLOG | connect NAME PORT | accept NAME LISTENER
  send NAME LENGTH [oob|more] | recv NAME LENGTH | shut NAME rd|wr|rdwr | close NAME
  set NAME OPTION VALUE | get NAME OPTION | error NAME
  drop HOST syn|synack|data|ack|fin|any N,N-M,...   drops the nth such packets arriving there
  undrop HOST | sysctl HOST NAME VALUE | wait MS | mark    `mark` forgets the packets before
"""
import ctypes, errno, os, platform, socket, struct, subprocess, sys, time

libc = ctypes.CDLL(None, use_errno=True)
TAG = f"sq{os.getpid()}"
NS = {"a": TAG + "a", "b": TAG + "b"}
IP = {"a": "10.0.0.1", "b": "10.0.0.2"}
OPTIONS = {
    "nodelay": (6, 1), "maxseg": (6, 2), "cork": (6, 3), "keepidle": (6, 4), "keepintvl": (6, 5),
    "keepcnt": (6, 6), "syncnt": (6, 7), "linger2": (6, 8), "defer_accept": (6, 9),
    "window_clamp": (6, 10), "quickack": (6, 12), "user_timeout": (6, 18),
    "notsent_lowat": (6, 25), "reuseaddr": (1, 2), "sndbuf": (1, 7), "rcvbuf": (1, 8),
    "keepalive": (1, 9), "rcvlowat": (1, 18), "linger": (1, 13),
}
# What `drop` can name. Data are segments longer than any header with options.
MATCHES = {
    "syn": "tcp flags & (syn | ack) == syn",
    "synack": "tcp flags & (syn | ack) == (syn | ack)",
    "data": "tcp flags & (syn | rst) == 0x0 ip length > 84",
    "small": "tcp flags & (syn | rst | psh) == psh",
    "ack": "tcp flags & (syn | rst | fin | psh) == 0x0 ip length <= 84",
    "fin": "tcp flags & fin == fin",
    "any": "meta l4proto tcp",
}


def sh(command):
    subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL)


def inside(host, command):
    sh(f"ip netns exec {NS[host]} {command}")


def setup():
    for name in NS.values():
        sh(f"ip netns add {name}")
    sh(f"ip link add {TAG}0 netns {NS['a']} type veth peer name {TAG}1 netns {NS['b']}")
    for host, dev in (("a", TAG + "0"), ("b", TAG + "1")):
        inside(host, f"ip link set {dev} name eth0")
        inside(host, f"ip addr add {IP[host]}/24 dev eth0")
        inside(host, "ip link set eth0 up")
        inside(host, "ip link set lo up")
        inside(host, "sysctl -qw net.ipv4.tcp_no_metrics_save=1")
        inside(host, "ethtool -K eth0 tso off gso off gro off tx off >/dev/null 2>&1 || true")


def teardown():
    for name in NS.values():
        subprocess.run(["ip", "netns", "del", name])


def enter(host):
    fd = os.open(f"/run/netns/{NS[host]}", os.O_RDONLY)
    if libc.setns(fd, 0x40000000):
        raise OSError(ctypes.get_errno(), "setns")
    os.close(fd)


def host_of(name):
    return "a" if name[0] == "c" else "b"


class Run:
    def __init__(self):
        self.socks, self.log, self.rules, self.saved = {}, [], {}, []
        self.forgotten = 0
        # tcpdump copies packets into a ring at once. A plain packet socket would keep clones of
        # them, and Linux joins neither buffers received nor buffers sent again that are cloned.
        self.file = f"/tmp/{TAG}.pcap"
        command = ["tcpdump", "-i", "eth0", "-n", "-U", "--immediate-mode", "--time-stamp-precision=nano", "-w", self.file]
        self.cap = subprocess.Popen(["ip", "netns", "exec", NS["a"]] + command,
                                    stderr=subprocess.PIPE, text=True)
        while "listening" not in self.cap.stderr.readline():
            pass
        time.sleep(0.1)

    def new(self, name):
        enter(host_of(name))
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        s.setblocking(False)
        s.setsockopt(1, 2, 1)  # SO_REUSEADDR: what is left of the scenario before is no matter
        # The machine's default may be another one, which a namespace cannot always change.
        s.setsockopt(6, 13, b"cubic")
        self.socks[name] = s

    def answer(self, text, call):
        at = time.time()
        try:
            value = call()
            value = len(value) if isinstance(value, bytes) else value
            result = "0" if value is None else str(value)
        except KeyError:
            result = "EBADF"
        except OSError as error:
            result = errno.errorcode[error.errno]
        self.log.append((at, f"{text} = {result}"))

    def op(self, line):
        """nft takes long and unequally long: with it, a call takes a tenth of a second."""
        start = time.time()
        self.make(line)
        if line.startswith(("drop", "undrop")):
            time.sleep(max(0, start + 0.1 - time.time()))

    def make(self, line):
        word, *rest = line.split()
        if word == "pair":
            for step in ("socket l", "bind l 80", "listen l 5", "socket c",
                         "connect c 80", "wait 20", "accept s l"):
                self.op(step)
        elif word == "socket":
            self.new(rest[0])
        elif word == "bind":
            self.answer(line, lambda: self.socks[rest[0]].bind((IP[host_of(rest[0])], int(rest[1]))))
        elif word == "listen":
            self.answer(line, lambda: self.socks[rest[0]].listen(int(rest[1])))
        elif word == "connect":
            to = IP["b" if host_of(rest[0]) == "a" else "a"]
            self.answer(line, lambda: self.socks[rest[0]].connect((to, int(rest[1]))))
        elif word == "accept":
            def accept():
                self.socks[rest[0]], _ = self.socks[rest[1]].accept()
                self.socks[rest[0]].setblocking(False)
            self.answer(line, accept)
        elif word == "send":
            flags = {"oob": 1, "more": 0x8000}.get(rest[2], 0) if len(rest) > 2 else 0
            self.answer(line, lambda: self.socks[rest[0]].send(b"x" * int(rest[1]), flags | 0x4000))
        elif word == "recv":
            self.answer(line, lambda: self.socks[rest[0]].recv(int(rest[1])))
        elif word == "shut":
            how = {"rd": 0, "wr": 1, "rdwr": 2}[rest[1]]
            self.answer(line, lambda: self.socks[rest[0]].shutdown(how))
        elif word == "close":
            self.log.append((time.time(), line))
            self.socks.pop(rest[0]).close()
        elif word == "set":
            level, option = OPTIONS[rest[1]]
            value = int(rest[2])
            if rest[1] == "linger":
                value = struct.pack("ii", 1, value)
            self.answer(line, lambda: self.socks[rest[0]].setsockopt(level, option, value))
        elif word == "get":
            level, option = OPTIONS[rest[1]]
            self.answer(line, lambda: self.socks[rest[0]].getsockopt(level, option))
        elif word == "error":
            self.answer(line, lambda: self.socks[rest[0]].getsockopt(1, 4))
        elif word == "drop":
            numbers = ", ".join(rest[2].split(","))
            rule = f"{MATCHES[rest[1]]} numgen inc mod 1000000 {{ {numbers} }} drop"
            if rest[0] not in self.rules:
                inside(rest[0], "nft add table ip t")
                inside(rest[0], "nft 'add chain ip t i { type filter hook input priority 0; }'")
                self.rules[rest[0]] = True
            inside(rest[0], f"nft 'add rule ip t i {rule}'")
        elif word == "undrop":
            self.rules.pop(rest[0])
            inside(rest[0], "nft delete table ip t")
        elif word == "sysctl":
            path = f"/proc/sys/net/ipv4/{rest[1]}"
            enter(rest[0])
            old = open(path).read()
            self.saved.append((rest[0], path, old))
            open(path, "w").write(rest[2])
        elif word == "wait":
            time.sleep(int(rest[0]) / 1000)
        elif word == "mark":
            self.forgotten = time.time()
        else:
            raise SystemExit(f"unknown: {line}")

    def drain(self):
        self.cap.send_signal(2)
        self.cap.wait()
        with open(self.file, "rb") as file:
            data = file.read()[24:]
        os.unlink(self.file)
        while data:
            seconds, nanos, length, _ = struct.unpack("<IIII", data[:16])
            self.log.append((seconds + nanos / 1e9, data[16:16 + length]))
            data = data[16 + length:]

    def end(self):
        time.sleep(0.3)
        self.drain()
        for host in list(self.rules):
            self.op(f"undrop {host}")
        for host, path, old in self.saved:
            enter(host)
            open(path, "w").write(old)
        for s in self.socks.values():
            s.setsockopt(1, 13, struct.pack("ii", 1, 0))
            s.close()
        return self.text()

    def text(self):
        base, out, first = {}, [], None
        for at, item in sorted(self.log, key=lambda entry: entry[0]):
            if isinstance(item, str):
                if at < self.forgotten:
                    continue
                first = at if first is None else first
                out.append(f"{(at - first) * 1000:6.0f} {item}")
                continue
            p = item
            if p[12:14] != b"\x08\x00" or p[23] != 6:
                continue
            src, dst = p[26:30], p[30:34]
            who = "a" if src == socket.inet_aton(IP["a"]) else "b"
            t = p[34:14 + struct.unpack(">H", p[16:18])[0]]
            sp, dp, seq, ack = struct.unpack(">HHII", t[:12])
            off, fl = t[12] >> 4, t[13]
            win, _, urg = struct.unpack(">HHH", t[14:20])
            names = "".join(n for b, n in ((1, "F"), (2, "S"), (4, "R"), (8, "P"), (16, "."), (32, "U"), (64, "E"), (128, "W")) if fl & b)
            n = len(t) - off * 4
            me, other = (src, sp, dp), (dst, dp, sp)
            if fl & 2:
                base[me] = seq
            base.setdefault(me, (seq - 1) & 0xFFFFFFFF)
            s32 = lambda x: ((x + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)
            r = s32(seq - base[me])
            if fl & 16:
                base.setdefault(other, (ack - 1) & 0xFFFFFFFF)
            if at < self.forgotten:
                continue
            first = at if first is None else first
            line = f"{(at - first) * 1000:6.0f} {who}> {names} {r}:{r + n}({n})"
            if fl & 16:
                line += f" ack {s32(ack - base[other])}"
            line += f" win {win}"
            if urg:
                line += f" urg {urg}"
            options = opts(t[20:off * 4], base.get(other, 0))
            out.append(line + (f" <{options}>" if options else ""))
        return "\n".join(out) + "\n"


def opts(o, base):
    out = []
    while o:
        k = o[0]
        if k < 2:
            o = o[1:]
            continue
        n, v = o[1], o[2:o[1]]
        if k == 2:
            out.append(f"mss {struct.unpack('>H', v)[0]}")
        elif k == 3:
            out.append(f"wscale {v[0]}")
        elif k == 4:
            out.append("sackOK")
        elif k == 8:
            out.append("TS")
        elif k == 5:
            rel = [(x - base) & 0xFFFFFFFF for x in struct.unpack(f">{len(v) // 4}I", v)]
            out.append("sack " + " ".join(f"{rel[i]}:{rel[i + 1]}" for i in range(0, len(rel), 2)))
        else:
            out.append(str(k))
        o = o[n:]
    return ",".join(out)


def record(path):
    with open(path) as file:
        script = file.read().split("\n---", 1)[0]
    run = Run()
    for line in script.splitlines():
        if line and not line.startswith("#"):
            for step in line.split(";"):
                run.op(step.strip())
            time.sleep(0.001)
    trace = run.end()
    with open(path, "w") as file:
        file.write(script.rstrip("\n") + f"\n--- Linux {platform.release().split('-')[0]}\n" + trace)
    print(path, flush=True)


if __name__ == "__main__":
    setup()
    try:
        enter("a")
        warm = socket.socket()
        warm.connect_ex((IP["b"], 1))  # ARP
        for path in sys.argv[1:]:
            record(path)
    finally:
        teardown()
