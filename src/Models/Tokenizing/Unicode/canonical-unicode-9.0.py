"""Writes canonical-unicode-9.0.txt: the combining classes and canonical decompositions of Unicode 9.0.

tokenizers 0.22 normalises with Unicode 9.0 whatever Unicode its other parts know, so that characters assigned later neither reorder nor compose.
The classes and decompositions of assigned characters never change (Unicode stability policy), hence any later table, less the characters
assigned after 9.0, is the table of 9.0. Checked against Python 3.11 (Unicode 14.0); a newer Python would need its own additions listed below.
"""
import unicodedata as u
from pathlib import Path

assert u.unidata_version == '14.0.0', 'list what Unicode added after 14.0 first'
# Characters of Unicode 10 to 14 with a combining class or a canonical decomposition.
LATER = [(0x7FD, 0x7FD), (0x898, 0x89F), (0x8CA, 0x8D3), (0x9FE, 0x9FE), (0xC3C, 0xC3C), (0xD3B, 0xD3C), (0xEBA, 0xEBA), (0x1715, 0x1715), (0x1ABF, 0x1ACE),
         (0x1DF6, 0x1DFA), (0xA82C, 0xA82C), (0x10D24, 0x10D27), (0x10EAB, 0x10EAC), (0x10F46, 0x10F50), (0x10F82, 0x10F85), (0x11070, 0x11070),
         (0x1133B, 0x1133B), (0x1145E, 0x1145E), (0x11839, 0x1183A), (0x11938, 0x11938), (0x1193D, 0x1193E), (0x11943, 0x11943), (0x119E0, 0x119E0),
         (0x11A34, 0x11A34), (0x11A47, 0x11A47), (0x11A99, 0x11A99), (0x11D42, 0x11D42), (0x11D44, 0x11D45), (0x11D97, 0x11D97), (0x16FF0, 0x16FF1),
         (0x1E130, 0x1E136), (0x1E2AE, 0x1E2AE), (0x1E2EC, 0x1E2EF)]
later = {c for a, b in LATER for c in range(a, b + 1)}
points = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000 and not 0xAC00 <= c < 0xD7A4 and c not in later]

lines = ['# Canonical data of Unicode 9.0, written by canonical-unicode-9.0.py. Unicode data: (c) Unicode, Inc., Unicode License v3 (unicode.org/license.txt).',
         '# FIRST-LAST CLASS: combining classes other than 0.   C = A [B]: one step of canonical decomposition; "!": excluded from composition.']
start = None
for c in range(0x110001):
    k = u.combining(chr(c)) if c < 0x110000 and c not in later else 0
    if start is not None and k != klass:
        lines.append(f'{start:04X}-{c - 1:04X} {klass}'); start = None
    if k and start is None: start, klass = c, k
for c in points:
    d = u.decomposition(chr(c))
    if d and not d.startswith('<'):
        lines.append(f"{c:04X} {'!' if u.normalize('NFC', chr(c)) != chr(c) else '='} {d}")
(Path(__file__).parent / 'canonical-unicode-9.0.txt').write_text('\n'.join(lines) + '\n')
