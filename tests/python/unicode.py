"""What this Python does with every Unicode scalar value, where that is not "nothing".

    version V           the Unicode version of this Python
    unassigned A B      code points A to B (hexadecimal, inclusive) have no character in that version
    inverts A B,C,...   character A becomes the characters B, C, ...
    blank A             strip() removes character A
"""

import sys
import unicodedata

out = sys.stdout.write
out(f"version {unicodedata.unidata_version}\n")
start = None
for point in range(sys.maxunicode + 2):
    scalar = point <= sys.maxunicode and not 0xD800 <= point <= 0xDFFF
    ch = chr(point) if scalar else None
    if scalar and unicodedata.category(ch) == "Cn":
        start = point if start is None else start
        continue
    if start is not None:
        out(f"unassigned {start:x} {point - 1:x}\n")
        start = None
    if not scalar:
        continue
    inverted = ch.lower() if ch.isupper() else ch.upper()
    if inverted != ch:
        out(f"inverts {point:x} {','.join(f'{ord(c):x}' for c in inverted)}\n")
    if (ch + "x" + ch).strip() == "x":
        out(f"blank {point:x}\n")
