//! The system headers, as `#include <name>` finds them: `cc/libc/include/common` on every target,
//! beside it `linux` or `windows`. Declarations only; checked against glibc's and MinGW-w64's
//! headers by `cc/tests/headers.rs`.

use crate::program::Target;

/// `(name, text)`, sorted by name.
type Table = &'static [(&'static str, &'static str)];

macro_rules! headers {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../libc/include/", $folder, "/", $name)))),*]
    };
}

/// The text of a system header, as in `#include <name>`.
pub(crate) fn header(target: Target, name: &str) -> Option<&'static str> {
    // Windows' file names do not tell capitals apart: `#include <WinSock2.h>`.
    let lower = name.to_ascii_lowercase();
    let name = if target == Target::Windows { lower.as_str() } else { name };
    [own(target), COMMON].into_iter().find_map(|table| {
        table.binary_search_by_key(&name, |(known, _)| known).ok().map(|at| table[at].1)
    })
}

/// The names of all headers that a program may include, for suggestions.
pub(crate) fn header_names(target: Target) -> impl Iterator<Item = &'static str> {
    let names = own(target).iter().chain(COMMON).map(|(name, _)| *name);
    names.filter(|name| !name.starts_with("bits/"))
}

fn own(target: Target) -> Table {
    match target {
        Target::Linux => LINUX,
        Target::Windows => WINDOWS,
    }
}

const COMMON: Table = headers!("common":
    "assert.h"
    "bits/getopt.h"
    "bits/intn.h"
    "bits/time_types.h"
    "bits/timeval.h"
    "bits/types.h"
    "complex.h"
    "ctype.h"
    "errno.h"
    "features.h"
    "fenv.h"
    "float.h"
    "getopt.h"
    "inttypes.h"
    "iso646.h"
    "limits.h"
    "locale.h"
    "math.h"
    "setjmp.h"
    "signal.h"
    "stdalign.h"
    "stdarg.h"
    "stdatomic.h"
    "stdbool.h"
    "stddef.h"
    "stdint.h"
    "stdio.h"
    "stdlib.h"
    "stdnoreturn.h"
    "string.h"
    "time.h"
    "wchar.h"
    "wctype.h"
);

const LINUX: Table = headers!("linux":
    "alloca.h"
    "arpa/inet.h"
    "arpa/nameser.h"
    "asm/byteorder.h"
    "asm/types.h"
    "bits/errno.h"
    "bits/iovec.h"
    "bits/pthreadtypes.h"
    "bits/signal.h"
    "bits/sigset.h"
    "bits/sockaddr.h"
    "bits/stat.h"
    "bits/systypes.h"
    "bits/waitstatus.h"
    "byteswap.h"
    "dirent.h"
    "dlfcn.h"
    "endian.h"
    "err.h"
    "error.h"
    "execinfo.h"
    "fcntl.h"
    "fnmatch.h"
    "gnu/libc-version.h"
    "grp.h"
    "ifaddrs.h"
    "libgen.h"
    "linux/errno.h"
    "linux/icmp.h"
    "linux/if.h"
    "linux/if_arp.h"
    "linux/if_ether.h"
    "linux/if_link.h"
    "linux/if_packet.h"
    "linux/igmp.h"
    "linux/in.h"
    "linux/in6.h"
    "linux/ip.h"
    "linux/ipv6.h"
    "linux/limits.h"
    "linux/socket.h"
    "linux/sockios.h"
    "linux/stat.h"
    "linux/stddef.h"
    "linux/string.h"
    "linux/tcp.h"
    "linux/time.h"
    "linux/types.h"
    "linux/udp.h"
    "linux/un.h"
    "linux/unistd.h"
    "linux/version.h"
    "malloc.h"
    "memory.h"
    "mqueue.h"
    "net/ethernet.h"
    "net/if.h"
    "net/if_arp.h"
    "net/route.h"
    "netdb.h"
    "netinet/ether.h"
    "netinet/icmp6.h"
    "netinet/if_ether.h"
    "netinet/igmp.h"
    "netinet/in.h"
    "netinet/in_systm.h"
    "netinet/ip.h"
    "netinet/ip6.h"
    "netinet/ip_icmp.h"
    "netinet/tcp.h"
    "netinet/udp.h"
    "netpacket/packet.h"
    "paths.h"
    "poll.h"
    "pthread.h"
    "pty.h"
    "pwd.h"
    "regex.h"
    "resolv.h"
    "sched.h"
    "semaphore.h"
    "stdio_ext.h"
    "strings.h"
    "sys/cdefs.h"
    "sys/dir.h"
    "sys/epoll.h"
    "sys/errno.h"
    "sys/eventfd.h"
    "sys/fcntl.h"
    "sys/file.h"
    "sys/inotify.h"
    "sys/ioctl.h"
    "sys/ipc.h"
    "sys/mman.h"
    "sys/mount.h"
    "sys/msg.h"
    "sys/param.h"
    "sys/personality.h"
    "sys/poll.h"
    "sys/prctl.h"
    "sys/ptrace.h"
    "sys/queue.h"
    "sys/random.h"
    "sys/resource.h"
    "sys/select.h"
    "sys/sem.h"
    "sys/sendfile.h"
    "sys/shm.h"
    "sys/signal.h"
    "sys/signalfd.h"
    "sys/socket.h"
    "sys/stat.h"
    "sys/statfs.h"
    "sys/statvfs.h"
    "sys/syscall.h"
    "sys/sysinfo.h"
    "sys/syslog.h"
    "sys/sysmacros.h"
    "sys/termios.h"
    "sys/time.h"
    "sys/timeb.h"
    "sys/timerfd.h"
    "sys/times.h"
    "sys/types.h"
    "sys/ucontext.h"
    "sys/uio.h"
    "sys/un.h"
    "sys/unistd.h"
    "sys/utsname.h"
    "sys/vfs.h"
    "sys/wait.h"
    "syscall.h"
    "sysexits.h"
    "syslog.h"
    "termio.h"
    "termios.h"
    "ucontext.h"
    "unistd.h"
    "utime.h"
    "values.h"
    "wait.h"
);

const WINDOWS: Table = headers!("windows":
    "bits/errno.h"
    "bits/wintypes.h"
    "conio.h"
    "io.h"
    "process.h"
    "sys/time.h"
    "sys/types.h"
    "unistd.h"
    "windows.h"
    "winsock.h"
    "winsock2.h"
    "ws2tcpip.h"
);

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// A header that is in the folder but not in the table would be missing for every program.
    #[test]
    fn every_file_is_in_its_table() {
        for (folder, table) in [("common", COMMON), ("linux", LINUX), ("windows", WINDOWS)] {
            assert!(table.is_sorted(), "{folder}: look-up is by binary search");
            let mut found = Vec::new();
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("libc/include").join(folder);
            let mut open = vec![root.clone()];
            while let Some(dir) = open.pop() {
                for entry in std::fs::read_dir(dir).unwrap() {
                    let path = entry.unwrap().path();
                    match path.is_dir() {
                        true => open.push(path),
                        false => {
                            found.push(path.strip_prefix(&root).unwrap().display().to_string());
                        }
                    }
                }
            }
            found.sort();
            assert_eq!(found, table.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_target_has_its_own_headers() {
        assert!(header(Target::Linux, "sys/socket.h").is_some());
        assert!(header(Target::Windows, "sys/socket.h").is_none());
        assert!(header(Target::Linux, "winsock2.h").is_none());
        assert!(header(Target::Windows, "winsock2.h").is_some());
    }
}
