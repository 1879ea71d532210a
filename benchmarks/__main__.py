"""Every benchmark, one after the other: `make bench`."""

from benchmarks import crawl

if __name__ == "__main__":
    crawl.main()
