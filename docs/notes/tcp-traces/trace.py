#!/usr/bin/env python3
"""What Linux puts on the wire: two network namespaces, a veth pair, ordered calls, the packets.

Run as root:  trace.py [SCENARIO ...]   Prints each scenario's segments in the notation of
sim/tests/common (relative numbers, host `a` is 10.0.0.1, `b` is 10.0.0.2).
Needs ip, ethtool, nft (for the loss scenarios). Sleeps only separate steps in the trace.
"""
import ctypes
import os
import select
import socket
import struct
import subprocess
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)
TAG = f"sq{os.getpid()}"
NS = {"a": TAG + "a", "b": TAG + "b"}
IP = {"a": "10.0.0.1", "b": "10.0.0.2"}


def sh(command):
    subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL)


def setup():
    for name in NS.values():
        sh(f"ip netns add {name}")
    sh(f"ip link add {TAG}0 netns {NS['a']} type veth peer name {TAG}1 netns {NS['b']}")
    for host, dev in (("a", TAG + "0"), ("b", TAG + "1")):
        n = f"ip netns exec {NS[host]} "
        sh(n + f"ip link set {dev} name eth0")
        sh(n + f"ip addr add {IP[host]}/24 dev eth0")
        sh(n + "ip link set eth0 up")
        sh(n + "ip link set lo up")
        sh(n + "sysctl -qw net.ipv4.tcp_congestion_control=reno")
        sh(n + "sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1 || true")
        sh(n + "ethtool -K eth0 tso off gso off gro off tx off >/dev/null 2>&1 || true")


def teardown():
    for name in NS.values():
        subprocess.run(["ip", "netns", "del", name])


def enter(name):
    fd = os.open(f"/run/netns/{name}", os.O_RDONLY)
    if libc.setns(fd, 0x40000000):
        raise OSError(ctypes.get_errno(), "setns")
    os.close(fd)


def sock(host, kind=socket.SOCK_STREAM, *rest):
    enter(NS[host])
    return socket.socket(socket.AF_INET, kind, *rest)


class Capture:
    def __init__(self):
        enter(NS["a"])
        self.s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.s.setsockopt(socket.SOL_SOCKET, 33, 1 << 26)
        self.s.bind(("eth0", 0))
        self.s.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
        time.sleep(0.2)  # stamping starts a little later
        self.packets = []

    def drain(self):
        while select.select([self.s], [], [], 0)[0]:
            data, anc, _, _ = self.s.recvmsg(70000, 1024)
            stamp = struct.unpack("qq", anc[0][2][:16])
            self.packets.append((stamp[0] + stamp[1] / 1e9, data))

    def clear(self):
        self.drain()
        self.packets = []

    def show(self, timed=False, window=False, options=False):
        self.drain()
        base, out, first = {}, [], None
        for at, p in self.packets:
            if p[12:14] != b"\x08\x00" or p[23] != 6:
                continue
            if first is None:
                first = at
            src, dst = p[26:30], p[30:34]
            who = "a" if src == socket.inet_aton(IP["a"]) else "b"
            t = p[34:14 + struct.unpack(">H", p[16:18])[0]]
            sp, dp, seq, ack = struct.unpack(">HHII", t[:12])
            off, fl, win, urg = t[12] >> 4, t[13], struct.unpack(">H", t[14:16])[0], struct.unpack(">H", t[18:20])[0]
            names = "".join(n for b, n in ((1, "F"), (2, "S"), (4, "R"), (8, "P"), (16, "."), (32, "U")) if fl & b)
            n = len(t) - off * 4
            me, other = (src, sp, dp), (dst, dp, sp)
            base.setdefault(me, seq if fl & 2 else (seq - 1) & 0xffffffff)
            s32 = lambda x: ((x + (1 << 31)) & 0xffffffff) - (1 << 31)
            r = s32(seq - base[me])
            line = f"{who}> {names} {r}:{r + n}({n})"
            if timed:
                line = f"{(at - first) * 1000:6.0f} " + line
            if fl & 16:
                base.setdefault(other, (ack - 1) & 0xffffffff)
                line += f" ack {s32(ack - base[other])}"
            if urg:
                line += f" urg {urg}"
            if window:
                line += f" win {win}"
            if options:
                line += " <" + opts(t[20:off * 4], base, other) + ">"
            out.append(line)
        return "\n".join(out)


def opts(o, base, other):
    out = []
    while o:
        k = o[0]
        if k == 0:
            out.append("eol"); break
        if k == 1:
            out.append("nop"); o = o[1:]; continue
        n, v = o[1], o[2:o[1]]
        if k == 2: out.append(f"mss {struct.unpack('>H', v)[0]}")
        elif k == 3: out.append(f"wscale {v[0]}")
        elif k == 4: out.append("sackOK")
        elif k == 8: out.append("TS")
        elif k == 5:
            blocks = struct.unpack(f">{len(v) // 4}I", v)
            rel = [(x - base.get(other, 0)) & 0xffffffff for x in blocks]
            out.append("sack " + " ".join(f"{rel[i]}:{rel[i + 1]}" for i in range(0, len(rel), 2)))
        else: out.append(str(k))
        o = o[n:]
    return ",".join(out)


PORT = [4000]


def pair(**kw):
    """A connected pair, client on a; with the listener."""
    PORT[0] += 1
    l = sock("b")
    l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if "rcvbuf" in kw:
        l.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, kw["rcvbuf"])
    l.bind((IP["b"], PORT[0]))
    l.listen(5)
    c = sock("a")
    c.connect((IP["b"], PORT[0]))
    s, _ = l.accept()
    return c, s, l


def pause(t=0.3):
    time.sleep(t)


def nft(rule):
    n = f"ip netns exec {NS['a']} nft "
    sh(n + "'table ip t { chain out { type filter hook output priority 0; " + rule + " }; }'") if rule else sh(n + "delete table ip t")


def echo(cap):
    c, s, l = pair(); pause()
    for i in range(4):
        c.send(b"hello"); s.recv(100); s.send(b"world"); c.recv(100)
    pause(); c.close(); pause(); s.recv(1); s.close(); pause()
    return cap.show(timed=True)


def oneway(cap):
    c, s, l = pair(); pause(1)
    for i in range(24):
        c.send(b"x" * 100); time.sleep(0.005); s.recv(1000); time.sleep(0.005)
    pause()
    return cap.show(timed=True)


def oneway_slow(cap):
    c, s, l = pair(); pause(1)
    for i in range(6):
        c.send(b"x" * 100); time.sleep(0.3); s.recv(1000)
    pause()
    return cap.show(timed=True)


def no_read(cap):
    c, s, l = pair(); pause(1)
    for i in range(20):
        c.send(b"x" * 100); time.sleep(0.06)
    pause()
    return cap.show(timed=True)


def bulk(cap):
    c, s, l = pair(); pause(0.1)
    c.send(b"x" * 20000); pause(0.1)
    n = 0
    while n < 20000:
        n += len(s.recv(65536))
    pause(); return cap.show(timed=True, window=True)


def segment3000(cap):
    c, s, l = pair(); pause(0.1)
    c.send(b"x" * 3000); pause(0.1); s.recv(5000); pause()
    return cap.show(timed=True, window=True)


def window_full(cap):
    c, s, l = pair(); pause(0.1)
    c.setblocking(False)
    n = 0
    for i in range(400):
        try:
            n += c.send(b"x" * 20000)
        except BlockingIOError:
            time.sleep(0.002)
    pause(1); cap.drain()
    s.setblocking(False); m = 0
    for i in range(50):
        try:
            m += len(s.recv(100000))
        except BlockingIOError:
            time.sleep(0.01)
    pause()
    return f"# sent {n}, read {m}\n" + cap.show(timed=True, window=True)


def rcvbuf(cap):
    c, s, l = pair(rcvbuf=4000); pause(0.1)
    c.setblocking(False)
    for i in range(20):
        try:
            c.send(b"x" * 500)
        except BlockingIOError:
            pass
        time.sleep(0.01)
    pause(1.5)
    s.recv(100000); pause(0.5); s.recv(100000); pause(1)
    return cap.show(timed=True, window=True)


def unread_close(cap):
    c, s, l = pair(); pause()
    c.send(b"hello!"); pause(); cap.clear(); s.close(); pause()
    return cap.show(window=True)


def half_close(cap):
    c, s, l = pair(); pause()
    c.shutdown(1); pause(); s.send(b"more"); pause(); c.recv(10); s.send(b"more"); pause(); s.close(); pause()
    return cap.show(timed=True)


def server_first(cap):
    c, s, l = pair()
    s.send(b"welcome"); c.recv(100); c.send(b"hi"); s.recv(10); s.send(b"bye"); s.close(); c.recv(10); c.recv(10); c.close(); pause()
    return cap.show(timed=True)


def data_close(cap):
    c, s, l = pair(); pause()
    c.send(b"data"); c.close(); pause(); s.recv(10); s.recv(10); s.close(); pause()
    return cap.show(timed=True)


def close_after_fin(cap):
    c, s, l = pair(); pause()
    c.close(); s.recv(1); s.close(); pause()
    return cap.show(timed=True)


def write_after_close(cap):
    c, s, l = pair(); pause()
    c.close(); pause(); s.send(b"late"); pause()
    return cap.show(timed=True)


def nagle(cap):
    c, s, l = pair(); pause(1)
    for _ in range(3):
        c.send(b"x"); pause(0.001)
    pause(); s.recv(10)
    c.setsockopt(6, 1, 1)
    for _ in range(3):
        c.send(b"y")
    pause(); return cap.show(timed=True)


def nagle_pingpong(cap):
    c, s, l = pair(); pause(1)
    c.send(b"q"); s.recv(1); s.send(b"r"); c.recv(1)
    for _ in range(3):
        c.send(b"x"); pause(0.001)
    pause(); s.recv(10)
    pause(); return cap.show(timed=True)


def cork(cap):
    c, s, l = pair(); pause()
    c.setsockopt(6, 3, 1); c.send(b"abc"); pause(0.5)
    c.send(b"def"); c.setsockopt(6, 3, 0); pause()
    c.send(b"xy", socket.MSG_MORE); c.send(b"zw"); pause()
    return cap.show(timed=True)


def urgent(cap):
    c, s, l = pair(); pause()
    c.send(b"abX", socket.MSG_OOB); c.send(b"de"); pause()
    return cap.show(timed=True)


def rto(cap):
    c, s, l = pair(); pause(0.5); cap.clear()
    enter(NS["b"])
    sh(f"ip netns exec {NS['b']} nft 'table ip t {{ chain i {{ type filter hook input priority 0; drop; }}; }}'")
    c.send(b"data"); pause(7)
    sh(f"ip netns exec {NS['b']} nft delete table ip t"); pause(8)
    return cap.show(timed=True)


def syn_loss(cap):
    sh(f"ip netns exec {NS['b']} nft 'table ip t {{ chain i {{ type filter hook input priority 0; drop; }}; }}'")
    c = sock("a"); c.setblocking(False); c.connect_ex((IP["b"], 9)); pause(12)
    sh(f"ip netns exec {NS['b']} nft delete table ip t")
    return cap.show(timed=True, window=True, options=True)


def zero_window(cap):
    c, s, l = pair(rcvbuf=2304); pause(0.1)
    c.setblocking(False)
    for i in range(6):
        try:
            c.send(b"x" * 1000)
        except BlockingIOError:
            pass
        time.sleep(0.01)
    pause(4)
    s.recv(100000); pause(1)
    return cap.show(timed=True, window=True)


def keepalive(cap):
    c, s, l = pair()
    c.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    c.setsockopt(6, 4, 1); c.setsockopt(6, 5, 1); c.setsockopt(6, 6, 2); pause(2.5)
    sh(f"ip netns exec {NS['b']} nft 'table ip t {{ chain i {{ type filter hook input priority 0; drop; }}; }}'")
    pause(4)
    sh(f"ip netns exec {NS['b']} nft delete table ip t")
    return cap.show(timed=True)


def handshake(cap):
    c, s, l = pair(); pause()
    return cap.show(window=True, options=True)


def refused(cap):
    c = sock("a")
    c.connect_ex((IP["b"], 9))
    pause(0.1); return cap.show(window=True, options=True)


def linger0(cap):
    c, s, l = pair(); pause()
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); cap.clear(); c.close(); pause(0.1)
    return cap.show(window=True, options=True)


def lost_segment(cap):
    c, s, l = pair(); pause(0.2)
    sh(f"ip netns exec {NS['b']} nft 'table ip t {{ chain i {{ type filter hook input priority 0; tcp dport {PORT[0]} ip length > 1000 numgen inc mod 8 == 2 drop; }}; }}'")
    c.send(b"x" * 1448 * 8); pause(1)
    sh(f"ip netns exec {NS['b']} nft delete table ip t")
    return cap.show(timed=True, options=True)


def tail_loss(cap):
    c, s, l = pair(); pause(0.2)
    sh(f"ip netns exec {NS['b']} nft 'table ip t {{ chain i {{ type filter hook input priority 0; tcp dport {PORT[0]} ip length > 1000 numgen inc mod 8 == 3 drop; }}; }}'")
    c.send(b"x" * 1448 * 4); pause(1)
    sh(f"ip netns exec {NS['b']} nft delete table ip t")
    return cap.show(timed=True, options=True)


def backlog(cap):
    PORT[0] += 1
    l = sock("b"); l.bind((IP["b"], PORT[0])); l.listen(1)
    cs = []
    for i in range(4):
        c = sock("a"); c.setblocking(False); c.connect_ex((IP["b"], PORT[0])); cs.append(c); time.sleep(0.02)
    pause(0.5); l.accept(); pause(4)
    return cap.show(timed=True)


SCENARIOS = {k: v for k, v in list(globals().items()) if callable(v) and getattr(v, "__code__", None) and v.__code__.co_varnames[:1] == ("cap",)}

if __name__ == "__main__":
    setup()
    try:
        warm = sock("a"); warm.connect_ex((IP["b"], 1))  # ARP
        for name in sys.argv[1:] or SCENARIOS:
            cap = Capture()
            print(f"== {name}")
            print(SCENARIOS[name](cap), flush=True)
            cap.s.close()
    finally:
        teardown()
