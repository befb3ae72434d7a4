"""Makes inter.woff2, the font of the page's text, of Inter as its authors publish it.

    pip install fonttools brotli && npm pack inter-ui@4.1.1 && tar xzf inter-ui-4.1.1.tgz
    python3 components/inter/make.py package/variable/InterVariable.woff2 components/inter/inter.woff2
    node e2e/measure-font.mjs > lib/layout/picture/font/inter.json

The glyphs of Inter's feature ss02, which tell 0 from O and 1, l and I from each other, take the places of the plain
ones: a canvas cannot ask for a feature of a font, and names must look the same in it as in the rest of the page.
"""

import io
import sys

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

LATIN = [
    *range(0x20, 0x7F), *range(0xA0, 0x100), 0x131, 0x152, 0x153, 0x2BB, 0x2BC, 0x2C6, 0x2DA, 0x2DC, 0x300, 0x301, 0x303,
    0x304, 0x308, 0x309, 0x323, 0x2002, 0x2009, 0x200B, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E,
    0x2022, 0x2026, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044, 0x20AC, 0x2122, *range(0x2190, 0x2194), 0x2212, 0x2264,
    0x2265, 0x2713,
]  # fmt: skip
FEATURES = ["tnum", "kern", "ccmp", "locl", "mark", "mkmk"]


def at_text_size(source):
    """The font at its optical size for text; written and read again, because the subsetter needs it whole."""
    memory = io.BytesIO()
    instantiateVariableFont(TTFont(source), {"opsz": 14}).save(memory)
    memory.seek(0)
    return TTFont(memory)


def substitutions(font, tag):
    """The tables of a feature that put one glyph in the place of another."""
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == tag:
            for index in record.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[index].SubTable:
                    part = getattr(part, "ExtSubTable", part)
                    if hasattr(part, "mapping"):
                        yield part.mapping


source, target = sys.argv[1:]
font = at_text_size(source)
told_apart = {plain: other for mapping in substitutions(font, "ss02") for plain, other in mapping.items()}
for tabular in substitutions(font, "tnum"):
    for plain, wide in list(tabular.items()):
        if plain in told_apart and wide in told_apart:
            tabular[told_apart[plain]] = told_apart[wide]
for characters in font["cmap"].tables:
    if characters.isUnicode():
        characters.cmap = {code: told_apart.get(glyph, glyph) for code, glyph in characters.cmap.items()}

options = Options()
options.layout_features = FEATURES
options.hinting = False
subsetter = Subsetter(options)
subsetter.populate(unicodes=LATIN)
subsetter.subset(font)
font.flavor = "woff2"
font.save(target)
