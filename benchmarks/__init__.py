"""Questions about speed and memory, each answered by one command that also runs a peer.

`python -m benchmarks` lists them.
"""
