"""WARC and its kin as bytes: records written, whatever others wrote read within bounds, and the index over them.

    records   what a record is
    writing   records to bytes (WARC 1.1, ISO 28500:2017)
    reading   bytes to records: WARC 0.17 to 1.1 and ARC 1, gzipped or not, damaged or not
    http      the message in a record's block
    cdxj      one line of an index
    memento   TimeMaps (RFC 7089)

Pure.
"""
