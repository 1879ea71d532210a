"""zstd under one name: of the standard library from Python 3.14 on, and before that its backport. Pure."""

import sys

if sys.version_info >= (3, 14):
    from compression import zstd as _zstd
else:
    from backports import zstd as _zstd

CompressionParameter = _zstd.CompressionParameter
DecompressionParameter = _zstd.DecompressionParameter
ZstdDecompressor = _zstd.ZstdDecompressor
ZstdDict = _zstd.ZstdDict
ZstdError = _zstd.ZstdError
compress = _zstd.compress
decompress = _zstd.decompress
open = _zstd.open
