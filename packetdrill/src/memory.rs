//! The caller's memory: the one place with unsafe code.
//!
//! A C program hands over addresses and lengths, and its word is all there is, as for every C
//! library: NULL is answered by `EFAULT`, any other wrong address is a crash of the caller's own
//! making. Nothing here keeps a pointer beyond the call.
#![allow(unsafe_code)]

use crate::host::Host;
use abi::{Bytes, InBuf, OutBuf, OutPtr, Ptr};
use libc::{c_char, c_int, c_void, iovec};

/// Copies `len` bytes; `None` where the pointer is NULL.
pub(crate) fn read(at: *const c_void, len: usize) -> Option<Vec<u8>> {
    if at.is_null() {
        return None;
    }
    // SAFETY: the caller says that `len` bytes are readable there (module header).
    Some(unsafe { std::slice::from_raw_parts(at.cast::<u8>(), len) }.to_vec())
}

/// Stores bytes, if there is somewhere to store them.
pub(crate) fn write(at: *mut c_void, bytes: &[u8]) {
    if !at.is_null() {
        // SAFETY: the caller says that as many bytes are writable there (module header); what is
        // copied is ours, so the two do not overlap.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), at.cast::<u8>(), bytes.len()) };
    }
}

/// A value of plain data, copied; `None` for NULL.
pub(crate) fn get<T: Copy>(at: *const T) -> Option<T> {
    // SAFETY: as `read`; the value may be anywhere, aligned or not.
    (!at.is_null()).then(|| unsafe { at.read_unaligned() })
}

/// Stores a value of plain data.
pub(crate) fn put<T: Copy>(at: *mut T, value: T) {
    if !at.is_null() {
        // SAFETY: as `write`; the place may be anywhere, aligned or not.
        unsafe { at.write_unaligned(value) };
    }
}

/// An array of plain data.
pub(crate) fn list<T: Copy>(at: *const T, count: usize) -> Option<Vec<T>> {
    if at.is_null() {
        return None;
    }
    // SAFETY: as `read`, for each element.
    Some((0..count).map(|i| unsafe { at.add(i).read_unaligned() }).collect())
}

/// A C string.
pub(crate) fn text(at: *const c_char) -> String {
    if at.is_null() {
        return String::new();
    }
    // SAFETY: the caller says that it ends in NUL (module header).
    unsafe { std::ffi::CStr::from_ptr(at) }.to_string_lossy().into_owned()
}

/// What a `userdata` is: a host that lives until `free`.
pub(crate) fn host<'a>(userdata: *mut c_void) -> &'a Host {
    // SAFETY: `userdata` was made by `keep`, and the tool makes no call after `free`.
    unsafe { &*userdata.cast::<Host>() }
}

/// Gives a host to the tool.
pub(crate) fn keep(host: Host) -> *mut c_void {
    Box::into_raw(Box::new(host)).cast()
}

/// Takes it back.
pub(crate) fn end(userdata: *mut c_void) {
    if !userdata.is_null() {
        // SAFETY: made by `keep`; the tool calls `free` once, and nothing afterwards.
        drop(unsafe { Box::from_raw(userdata.cast::<Host>()) });
    }
}

/// Sets the calling thread's `errno`.
pub(crate) fn set_errno(errno: c_int) {
    // SAFETY: the location is the calling thread's own and always there.
    unsafe { *libc::__errno_location() = errno };
}

/// A buffer that the kernel reads.
pub(crate) fn in_buf(at: *const c_void, len: usize) -> InBuf {
    let bytes = if len == 0 { Some(Vec::new()) } else { read(at, len) };
    InBuf { at: at.addr() as u64, len: len as u64, bytes: bytes.map(Bytes) }
}

/// A buffer that the kernel fills.
pub(crate) fn out_buf(at: *const c_void, len: usize) -> OutBuf {
    OutBuf { at: at.addr() as u64, len: len as u64, ok: !at.is_null() }
}

/// A place that the kernel writes to.
pub(crate) fn out_ptr<T>(at: *const T) -> OutPtr {
    OutPtr { at: at.addr() as u64, ok: !at.is_null() }
}

/// A place that the kernel reads a value from.
pub(crate) fn in_ptr<T: Copy>(at: *const T) -> Ptr<T> {
    Ptr { at: at.addr() as u64, value: get(at) }
}

/// Spreads bytes over buffers.
pub(crate) fn scatter(iov: &[iovec], mut bytes: &[u8]) {
    for part in iov {
        let (now, rest) = bytes.split_at(part.iov_len.min(bytes.len()));
        write(part.iov_base, now);
        bytes = rest;
    }
}
