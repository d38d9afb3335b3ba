"""Checks of a built image: its configuration, its history and its files.

Section 4 of the CIS Docker Benchmark (1.6), item by item:

| item | check |
|---|---|
| 4.1 a user for the container | IMG-0001, and 0002, 0003, 0036 |
| 4.2 trusted base images only | not to be judged from an image: who is trusted is a policy |
| 4.3 no unnecessary packages | IMG-0015 to 0018, 0038 |
| 4.4 scanned and rebuilt for fixes | the scan itself; IMG-0044, 0045; `--exit-on-eol` |
| 4.5 content trust | not to be judged from an image: a setting of the client that pulls |
| 4.6 HEALTHCHECK | IMG-0007 |
| 4.7 update not alone | IMG-0026 |
| 4.8 setuid and setgid | IMG-0011; world-writable files: 0012, 0013 |
| 4.9 COPY instead of ADD | IMG-0027 |
| 4.10 no secrets in Dockerfiles | IMG-0008 to 0010, 0020, 0021, 0023; `--scanners secret` |
| 4.11 verified packages only | IMG-0028, 0029 |
| 4.12 signed artifacts validated | not to be judged from an image: a step of the pipeline |

Of an image that others build on (`BuiltImage.is_base`) nothing is asked that only a service needs.
"""
