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
    "ctype.h"
    "errno.h"
    "features.h"
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
    "stdbool.h"
    "stddef.h"
    "stdint.h"
    "stdio.h"
    "stdlib.h"
    "stdnoreturn.h"
    "string.h"
    "time.h"
    "wchar.h"
);

const LINUX: Table = headers!("linux":
    "alloca.h"
    "arpa/inet.h"
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
    "endian.h"
    "err.h"
    "error.h"
    "fcntl.h"
    "ifaddrs.h"
    "libgen.h"
    "linux/sockios.h"
    "memory.h"
    "mqueue.h"
    "net/ethernet.h"
    "net/if.h"
    "netdb.h"
    "netinet/if_ether.h"
    "netinet/in.h"
    "netinet/in_systm.h"
    "netinet/ip.h"
    "netinet/ip_icmp.h"
    "netinet/tcp.h"
    "netinet/udp.h"
    "poll.h"
    "pthread.h"
    "pwd.h"
    "sched.h"
    "semaphore.h"
    "strings.h"
    "sys/cdefs.h"
    "sys/epoll.h"
    "sys/errno.h"
    "sys/eventfd.h"
    "sys/fcntl.h"
    "sys/file.h"
    "sys/ioctl.h"
    "sys/ipc.h"
    "sys/mman.h"
    "sys/msg.h"
    "sys/param.h"
    "sys/poll.h"
    "sys/resource.h"
    "sys/select.h"
    "sys/sem.h"
    "sys/sendfile.h"
    "sys/shm.h"
    "sys/signal.h"
    "sys/signalfd.h"
    "sys/socket.h"
    "sys/stat.h"
    "sys/syscall.h"
    "sys/time.h"
    "sys/timerfd.h"
    "sys/types.h"
    "sys/uio.h"
    "sys/un.h"
    "sys/unistd.h"
    "sys/utsname.h"
    "sys/wait.h"
    "sysexits.h"
    "termios.h"
    "unistd.h"
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
