//! A small body that grows without measure when it is decompressed.

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

const MEBIBYTE: usize = 1024 * 1024;
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// A valid gzip member of that many MiB of spaces: about a thousandth of it on the wire.
pub(crate) fn gzip(mebibytes: u32) -> Vec<u8> {
    let block = vec![b' '; MEBIBYTE];
    // A full flush makes blocks that do not refer to each other, so that one can be repeated.
    let packed = deflate(&block, FlushCompress::Full);
    let mut block_crc = Crc::new();
    block_crc.update(&block);
    let mut crc = Crc::new();
    let mut bytes = GZIP_HEADER.to_vec();
    for _ in 0..mebibytes {
        bytes.extend_from_slice(&packed);
        crc.combine(&block_crc);
    }
    bytes.extend_from_slice(&deflate(&[], FlushCompress::Finish));
    bytes.extend_from_slice(&crc.sum().to_le_bytes());
    bytes.extend_from_slice(&crc.amount().to_le_bytes());
    bytes
}

fn deflate(data: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut compress = Compress::new(Compression::best(), false);
    let mut out = Vec::with_capacity(data.len() / 100 + 1024);
    let status = compress.compress_vec(data, &mut out, flush);
    debug_assert!(matches!(status, Ok(Status::Ok | Status::StreamEnd)));
    out
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_bomb_is_a_valid_gzip_file_a_thousand_times_its_size() {
        let packed = gzip(8);
        assert!(packed.len() < 8 * MEBIBYTE / 500);
        let mut text = Vec::new();
        flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut text).unwrap();
        assert_eq!(text.len(), 8 * MEBIBYTE);
    }
}
