//! Error numbers of Linux x86-64, their POSIX names, glibc's messages, and the Winsock code that
//! a Windows host reports for the same situation.
//!
//! Sources: `errno(3)`, glibc 2.36 `strerror(3)`, Microsoft's "Windows Sockets Error Codes".

use serde::{Deserialize, Serialize};
use std::fmt;

/// An error number as the kernel returns it (positive).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Errno(pub i32);

struct Row {
    number: i32,
    name: &'static str,
    message: &'static str,
    wsa: Option<(i32, &'static str)>,
}

macro_rules! errnos {
    ($($name:ident = $number:literal, $message:literal $(, $wsa:ident = $code:literal)?;)*) => {
        /// One constant an error, named as in `errno(3)`.
        #[allow(missing_docs)]
        impl Errno { $(pub const $name: Errno = Errno($number);)* }
        const TABLE: &[Row] = &[$(Row {
            number: $number,
            name: stringify!($name),
            message: $message,
            wsa: errnos!(@wsa $($wsa = $code)?),
        }),*];
    };
    (@wsa) => { None };
    (@wsa $wsa:ident = $code:literal) => { Some(($code, stringify!($wsa))) };
}

errnos! {
    EPERM = 1, "Operation not permitted", WSAEACCES = 10013;
    ENOENT = 2, "No such file or directory";
    ESRCH = 3, "No such process";
    EINTR = 4, "Interrupted system call", WSAEINTR = 10004;
    EIO = 5, "Input/output error";
    ENXIO = 6, "No such device or address";
    E2BIG = 7, "Argument list too long";
    ENOEXEC = 8, "Exec format error";
    EBADF = 9, "Bad file descriptor", WSAENOTSOCK = 10038;
    ECHILD = 10, "No child processes";
    EAGAIN = 11, "Resource temporarily unavailable", WSAEWOULDBLOCK = 10035;
    ENOMEM = 12, "Cannot allocate memory", WSAENOBUFS = 10055;
    EACCES = 13, "Permission denied", WSAEACCES = 10013;
    EFAULT = 14, "Bad address", WSAEFAULT = 10014;
    ENOTBLK = 15, "Block device required";
    EBUSY = 16, "Device or resource busy";
    EEXIST = 17, "File exists";
    EXDEV = 18, "Invalid cross-device link";
    ENODEV = 19, "No such device";
    ENOTDIR = 20, "Not a directory";
    EISDIR = 21, "Is a directory";
    EINVAL = 22, "Invalid argument", WSAEINVAL = 10022;
    ENFILE = 23, "Too many open files in system", WSAEMFILE = 10024;
    EMFILE = 24, "Too many open files", WSAEMFILE = 10024;
    ENOTTY = 25, "Inappropriate ioctl for device";
    ETXTBSY = 26, "Text file busy";
    EFBIG = 27, "File too large";
    ENOSPC = 28, "No space left on device";
    ESPIPE = 29, "Illegal seek";
    EROFS = 30, "Read-only file system";
    EMLINK = 31, "Too many links";
    EPIPE = 32, "Broken pipe", WSAESHUTDOWN = 10058;
    EDOM = 33, "Numerical argument out of domain";
    ERANGE = 34, "Numerical result out of range";
    EDEADLK = 35, "Resource deadlock avoided";
    ENAMETOOLONG = 36, "File name too long", WSAENAMETOOLONG = 10063;
    ENOLCK = 37, "No locks available";
    ENOSYS = 38, "Function not implemented";
    ENOTEMPTY = 39, "Directory not empty", WSAENOTEMPTY = 10066;
    ELOOP = 40, "Too many levels of symbolic links", WSAELOOP = 10062;
    ENOMSG = 42, "No message of desired type";
    EIDRM = 43, "Identifier removed";
    ENODATA = 61, "No data available";
    ETIME = 62, "Timer expired";
    EPROTO = 71, "Protocol error";
    EBADMSG = 74, "Bad message";
    EOVERFLOW = 75, "Value too large for defined data type";
    EILSEQ = 84, "Invalid or incomplete multibyte or wide character";
    EUSERS = 87, "Too many users", WSAEUSERS = 10068;
    ENOTSOCK = 88, "Socket operation on non-socket", WSAENOTSOCK = 10038;
    EDESTADDRREQ = 89, "Destination address required", WSAEDESTADDRREQ = 10039;
    EMSGSIZE = 90, "Message too long", WSAEMSGSIZE = 10040;
    EPROTOTYPE = 91, "Protocol wrong type for socket", WSAEPROTOTYPE = 10041;
    ENOPROTOOPT = 92, "Protocol not available", WSAENOPROTOOPT = 10042;
    EPROTONOSUPPORT = 93, "Protocol not supported", WSAEPROTONOSUPPORT = 10043;
    ESOCKTNOSUPPORT = 94, "Socket type not supported", WSAESOCKTNOSUPPORT = 10044;
    EOPNOTSUPP = 95, "Operation not supported", WSAEOPNOTSUPP = 10045;
    EPFNOSUPPORT = 96, "Protocol family not supported", WSAEPFNOSUPPORT = 10046;
    EAFNOSUPPORT = 97, "Address family not supported by protocol", WSAEAFNOSUPPORT = 10047;
    EADDRINUSE = 98, "Address already in use", WSAEADDRINUSE = 10048;
    EADDRNOTAVAIL = 99, "Cannot assign requested address", WSAEADDRNOTAVAIL = 10049;
    ENETDOWN = 100, "Network is down", WSAENETDOWN = 10050;
    ENETUNREACH = 101, "Network is unreachable", WSAENETUNREACH = 10051;
    ENETRESET = 102, "Network dropped connection on reset", WSAENETRESET = 10052;
    ECONNABORTED = 103, "Software caused connection abort", WSAECONNABORTED = 10053;
    ECONNRESET = 104, "Connection reset by peer", WSAECONNRESET = 10054;
    ENOBUFS = 105, "No buffer space available", WSAENOBUFS = 10055;
    EISCONN = 106, "Transport endpoint is already connected", WSAEISCONN = 10056;
    ENOTCONN = 107, "Transport endpoint is not connected", WSAENOTCONN = 10057;
    ESHUTDOWN = 108, "Cannot send after transport endpoint shutdown", WSAESHUTDOWN = 10058;
    ETOOMANYREFS = 109, "Too many references: cannot splice", WSAETOOMANYREFS = 10059;
    ETIMEDOUT = 110, "Connection timed out", WSAETIMEDOUT = 10060;
    ECONNREFUSED = 111, "Connection refused", WSAECONNREFUSED = 10061;
    EHOSTDOWN = 112, "Host is down", WSAEHOSTDOWN = 10064;
    EHOSTUNREACH = 113, "No route to host", WSAEHOSTUNREACH = 10065;
    EALREADY = 114, "Operation already in progress", WSAEALREADY = 10037;
    EINPROGRESS = 115, "Operation now in progress", WSAEINPROGRESS = 10036;
    ESTALE = 116, "Stale file handle", WSAESTALE = 10070;
    EDQUOT = 122, "Disk quota exceeded", WSAEDQUOT = 10069;
    ECANCELED = 125, "Operation canceled";
    EOWNERDEAD = 130, "Owner died";
    ENOTRECOVERABLE = 131, "State not recoverable";
}

impl Errno {
    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.number == self.0)
    }

    /// The POSIX name, e.g. `ECONNREFUSED`; `E?` for a number without one.
    pub fn name(self) -> &'static str {
        self.row().map_or("E?", |row| row.name)
    }

    /// The text of glibc's `strerror(3)` in the C locale.
    pub fn message(self) -> String {
        match self.row() {
            Some(row) => row.message.to_owned(),
            None if self.0 == 0 => "Success".to_owned(),
            None => format!("Unknown error {}", self.0),
        }
    }

    /// The Winsock code and name for the same situation, where Winsock has one.
    pub fn wsa(self) -> Option<(i32, &'static str)> {
        self.row().and_then(|row| row.wsa)
    }

    /// The error with this POSIX name.
    pub fn from_name(name: &str) -> Option<Errno> {
        TABLE.iter().find(|row| row.name == name).map(|row| Errno(row.number))
    }

    /// Every named error, in numeric order.
    pub fn all() -> impl Iterator<Item = Errno> {
        TABLE.iter().map(|row| Errno(row.number))
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name(), self.message())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_unique_and_sorted() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].number < pair[1].number, "{} before {}", pair[0].name, pair[1].name);
        }
        for errno in Errno::all() {
            assert_eq!(Errno::from_name(errno.name()), Some(errno));
        }
    }
}
