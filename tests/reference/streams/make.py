"""Random streams by other code: blocks of NumPy's Philox, and xoshiro256++ written down again from its authors' C.

`python make.py` (needs numpy) writes streams.csv and known_answers.csv into the folder it runs in. Words are hexadecimal.
"""

import csv

import numpy as np

MASK = 2**64 - 1
# Seeds and indices at their ends and between; purposes as linger numbers them and at their ends.
SEEDS = [0, 1, 417, 20110705, 2**63 - 1]
PURPOSES = [0, 1 << 32, 2 << 32, (2 << 32) + (1 << 8) + 3, 3 << 32, MASK]
INDICES = [0, 1, 416, 9999, MASK]
# Counters and keys of the lines for philox4x64 with 10 rounds in the file kat_vectors of the Random123 distribution:
# nothing set, everything set, digits of pi.
KNOWN = [
    ([0] * 4, [0] * 2),
    ([MASK] * 4, [MASK] * 2),
    (
        [0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89],
        [0x452821E638D01377, 0xBE5466CF34E90C6C],
    ),
]


def number(words):
    return sum(word << (64 * place) for place, word in enumerate(words))


def block(counter, key):
    """NumPy adds one to the counter before it computes a block."""
    generator = np.random.Philox(counter=(number(counter) - 1) % 2**256, key=number(key))
    return [int(word) for word in generator.random_raw(4)]


def xoshiro256_plus_plus(state, count):
    rotated = lambda x, k: ((x << k) | (x >> (64 - k))) & MASK
    s = list(state)
    words = []
    for _ in range(count):
        words.append((rotated((s[0] + s[3]) & MASK, 23) + s[0]) & MASK)
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotated(s[3], 45)
    return words


def write(name, header, rows):
    with open(name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def hexadecimal(words):
    return [f"0x{word:016x}" for word in words]


rows = []
for seed in SEEDS:
    for purpose in PURPOSES:
        for index in INDICES:
            state = block([index, 0, 0, 0], [seed, purpose])
            rows.append(hexadecimal([seed, purpose, index] + state + xoshiro256_plus_plus(state, 5)))
header = ["seed", "purpose", "index"] + [f"state_{i}" for i in range(4)] + [f"word_{i}" for i in range(5)]
write("streams.csv", header, rows)
rows = [hexadecimal(counter + key + block(counter, key)) for counter, key in KNOWN]
header = [f"counter_{i}" for i in range(4)] + ["key_0", "key_1"] + [f"block_{i}" for i in range(4)]
write("known_answers.csv", header, rows)
