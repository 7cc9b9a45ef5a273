//! Binary frames: `payload ‖ JSON ‖ length of the JSON as u32, little endian`.
//!
//! The JSON comes last so that the sender appends it to the buffer that the kernel filled and
//! nothing is copied. In the JSON the payload's own field is empty: from the page the first
//! buffer of the call ([`Syscall::Sendto`], [`Syscall::Write`]), from the bridge the `bytes` of
//! the reply.

use crate::{Bytes, Out, Syscall};

/// Appends the JSON to its payload.
pub fn join(mut payload: Vec<u8>, json: &str) -> Vec<u8> {
    payload.reserve(json.len() + 4);
    payload.extend_from_slice(json.as_bytes());
    payload.extend((json.len() as u32).to_le_bytes());
    payload
}

/// Payload and JSON; `None` when the lengths do not fit.
pub fn split(frame: &[u8]) -> Option<(&[u8], &[u8])> {
    let (rest, length) = frame.split_last_chunk::<4>()?;
    let start = rest.len().checked_sub(u32::from_le_bytes(*length) as usize)?;
    Some(rest.split_at(start))
}

/// The buffer of the call that a binary frame's payload stands for.
pub fn buffer_mut(call: &mut Syscall) -> Option<&mut Option<Bytes>> {
    match call {
        Syscall::Sendto { buf, .. } | Syscall::Write { buf, .. } => Some(&mut buf.bytes),
        _ => None,
    }
}

/// The bytes of a reply that travel as a binary frame's payload.
pub fn bytes_mut(out: &mut Out) -> Option<&mut Vec<u8>> {
    match out {
        Out::Bytes { bytes } | Out::From { bytes, .. } | Out::Msg { bytes, .. } => {
            Some(&mut bytes.0)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_apart_as_it_was_joined() {
        let frame = join(b"payload".to_vec(), "{}");
        assert_eq!(split(&frame), Some((b"payload".as_slice(), b"{}".as_slice())));
        assert_eq!(split(b"abc\xff\xff\xff\xff"), None);
        assert_eq!(split(b"ab"), None);
    }
}
