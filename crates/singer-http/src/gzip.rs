//! Decompression that counts what goes in and what comes out.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

use crate::kind::Cap;
use crate::spec::Caps;

const FREE_OF_RATIO: u64 = 1 << 20;

/// Reads the gzip members of a body as they arrive: <https://www.rfc-editor.org/rfc/rfc1952>.
pub(crate) struct Gunzip {
    decoder: MultiGzDecoder<Bounded>,
    wire: u64,
    ratio: u64,
}

/// Why decompression stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GunzipError {
    /// Checksum, length, format, or the end is missing.
    Damaged,
    /// More came out than may.
    TooLarge(Cap),
}

impl Gunzip {
    /// Decodes into `memory`, which is empty.
    pub(crate) fn new(caps: &Caps, memory: Vec<u8>) -> Self {
        let (cap, fair) = (caps.decoded, FREE_OF_RATIO);
        let out = Bounded { bytes: memory, taken: 0, cap, fair, over: None };
        Self { decoder: MultiGzDecoder::new(out), wire: 0, ratio: caps.ratio }
    }

    /// Takes the next piece of the body.
    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<(), GunzipError> {
        self.wire += chunk.len() as u64;
        let fair = self.wire.saturating_mul(self.ratio).max(FREE_OF_RATIO);
        self.decoder.get_mut().fair = fair;
        let done = self.decoder.write_all(chunk);
        self.check(done)
    }

    /// What has been decoded since it was taken last.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        let out = self.decoder.get_mut();
        out.taken += out.bytes.len() as u64;
        std::mem::take(&mut out.bytes)
    }

    /// The rest of the decoded body, once all has been pushed.
    pub(crate) fn finish(&mut self) -> Result<Vec<u8>, GunzipError> {
        let done = self.decoder.try_finish();
        self.check(done)?;
        Ok(self.take())
    }

    /// What has been decoded so far, whether or not it is whole.
    pub(crate) fn into_partial(mut self) -> Vec<u8> {
        // Without the flush a short body may still be inside the decoder.
        let _ = self.decoder.try_finish();
        self.take()
    }

    fn check(&self, done: io::Result<()>) -> Result<(), GunzipError> {
        match (self.decoder.get_ref().over, done) {
            (Some(cap), _) => Err(GunzipError::TooLarge(cap)),
            (None, Err(_)) => Err(GunzipError::Damaged),
            (None, Ok(())) => Ok(()),
        }
    }
}

/// Memory that refuses to grow beyond its bounds.
struct Bounded {
    bytes: Vec<u8>,
    /// Bytes that were taken out before.
    taken: u64,
    cap: u64,
    fair: u64,
    over: Option<Cap>,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let len = (self.bytes.len() + bytes.len()) as u64;
        self.over = match () {
            () if len > self.cap => Some(Cap::Decoded),
            () if self.taken + len > self.fair => Some(Cap::Ratio),
            () => None,
        };
        if self.over.is_some() {
            return Err(io::Error::other("over the cap"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn gunzip(wire: &[u8], chunk: usize, caps: &Caps) -> Result<Vec<u8>, GunzipError> {
        let mut gunzip = Gunzip::new(caps, Vec::new());
        for piece in wire.chunks(chunk) {
            gunzip.push(piece)?;
        }
        gunzip.finish()
    }

    fn page() -> Vec<u8> {
        (0..150).flat_map(|n| format!("{{\"id\":{n},\"x\":{}}}", n * 7919).into_bytes()).collect()
    }

    #[test]
    fn pieces_of_any_size_and_several_members_decode() {
        let check = |wire: &[u8], want: &[u8]| {
            for chunk in [1, 7, 4096] {
                assert_eq!(gunzip(wire, chunk, &Caps::default()).as_deref(), Ok(want), "{chunk}");
            }
        };
        check(&gzip(&page()), &page());
        check(&gzip(b""), b"");
        check(&[gzip(b"{\"a\""), gzip(b":1}")].concat(), b"{\"a\":1}");
    }

    #[test]
    fn a_body_cut_at_any_byte_is_damaged() {
        let wire = gzip(&page());
        for end in 1..wire.len() {
            let got = gunzip(&wire[..end], 97, &Caps::default());
            assert_eq!(got, Err(GunzipError::Damaged), "{end}");
        }
    }

    #[test]
    fn a_wrong_checksum_or_length_or_trailer_is_damaged() {
        let good = gzip(&page());
        for byte in good.len() - 8..good.len() {
            for bit in 0..8 {
                let mut wire = good.clone();
                wire[byte] ^= 1 << bit;
                let got = gunzip(&wire, 64, &Caps::default());
                assert_eq!(got, Err(GunzipError::Damaged), "{byte} {bit}");
            }
        }
        for tail in [&b"{}"[..], b"\x1f\x8b", b"\x1f\x8b\x08\0\0\0\0\0\0\xff"] {
            let got = gunzip(&[&good[..], tail].concat(), 64, &Caps::default());
            assert_eq!(got, Err(GunzipError::Damaged), "{tail:?}");
        }
        assert_eq!(gunzip(b"{\"id\":1}", 3, &Caps::default()), Err(GunzipError::Damaged));
    }

    #[test]
    fn bombs_stop_at_the_cap() {
        let check = |wire: &[u8], caps: Caps, want: Cap| {
            assert_eq!(gunzip(wire, 512, &caps), Err(GunzipError::TooLarge(want)));
        };
        let bomb = gzip(&vec![b' '; 4 << 20]);
        check(&bomb, Caps::default(), Cap::Ratio);
        check(&bomb, Caps { ratio: u64::MAX, decoded: 1 << 20, ..Caps::default() }, Cap::Decoded);
        let members: Vec<u8> =
            std::iter::repeat_n(gzip(&vec![0; 64 << 10]), 64).flatten().collect();
        check(&members, Caps::default(), Cap::Ratio);
        assert!(gunzip(&gzip(&vec![b' '; 1 << 20]), 512, &Caps::default()).is_ok());
    }
}
