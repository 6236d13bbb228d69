"""Where batches are judged: in this process, in guarded processes, or on a cluster."""
