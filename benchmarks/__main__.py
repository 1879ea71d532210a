"""Every benchmark, one after the other: `make bench`."""

from benchmarks import crawl, diff, reading, throughput

if __name__ == "__main__":
    for benchmark in (reading, diff, throughput, crawl):
        print(f"\n## {benchmark.__name__}\n", flush=True)
        benchmark.main()
