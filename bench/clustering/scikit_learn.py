# scikit-learn's side of bench/clustering.ts: one line in, one line out, so that both sides take turns.
# In: {"points": file of 32-bit floats, "dimensions", "k", "n_init", "seed"}. Out: {"ms", "cpu_ms", "inertia", "labels"}.
# The bench starts it with one thread for BLAS and OpenMP. Debian: apt-get install python3-sklearn.
import json
import sys
import time

import numpy
import sklearn
from sklearn.cluster import KMeans

print(json.dumps({"version": sklearn.__version__}), flush=True)
for line in sys.stdin:
    ask = json.loads(line)
    points = numpy.fromfile(ask["points"], dtype=numpy.float32).reshape(-1, ask["dimensions"])
    model = KMeans(ask["k"], init="k-means++", n_init=ask["n_init"], random_state=ask["seed"])
    wall, cpu = time.perf_counter(), time.process_time()
    model.fit(points)
    answer = {
        "ms": (time.perf_counter() - wall) * 1000,
        "cpu_ms": (time.process_time() - cpu) * 1000,
        "inertia": float(model.inertia_),
        "labels": model.labels_.tolist(),
    }
    print(json.dumps(answer), flush=True)
