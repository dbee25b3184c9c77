"""What /metrics says."""

import math
import re

LIMIT = re.compile(r'le="([^"]+)"')


class Metrics(dict):
    """The sum of each name over its labels."""

    def __init__(self, text):
        super().__init__()
        self.buckets = {}
        for line in text.splitlines():
            if not line or line.startswith("#"):
                continue
            name, value = line.rsplit(" ", 1)
            bare = name.split("{")[0]
            self[bare] = self.get(bare, 0) + float(value)
            if bare.endswith("_bucket"):
                bound = float(LIMIT.search(name).group(1).replace("+Inf", "inf"))
                counts = self.buckets.setdefault(bare[:-7], {})
                counts[bound] = counts.get(bound, 0) + float(value)

    def histogram(self, name, before=None):
        """What was noted under this name since then: mean, percentiles by straight lines between the bounds, and a bound
        that none passed (None: some passed them all)."""
        def since(key):
            return self.get(key, 0) - (before.get(key, 0) if before else 0)

        earlier = before.buckets.get(name, {}) if before else {}
        counts = sorted((bound, count - earlier.get(bound, 0)) for bound, count in self.buckets.get(name, {}).items())
        total = counts[-1][1] if counts else 0
        if total <= 0:
            return None
        longest = next(bound for bound, count in counts if count >= total)
        return {
            "count": total, "mean": since(name + "_sum") / total, "p50": quantile(counts, 0.5),
            "p99": quantile(counts, 0.99), "at_most": None if math.isinf(longest) else longest,
        }


def quantile(counts, part):
    low, below = 0.0, 0
    for bound, count in counts:
        if count >= part * counts[-1][1]:
            if math.isinf(bound):
                return low
            return low + (bound - low) * (part * counts[-1][1] - below) / max(count - below, 1e-9)
        low, below = bound, count
    return low
