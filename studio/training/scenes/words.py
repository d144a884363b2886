"""The vocabulary, and the grammar that turns a scene's phrases into free captions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from studio.training.scenes.palette import COLOUR_NAMES
from studio.training.scenes.spec import Phrases, chance, pick

MAX_WORDS = 24

SYNONYMS: dict[str, tuple[str, ...]] = {
    # Places and scenery.
    "sea": ("sea", "ocean", "water", "waves", "open sea", "deep ocean"),
    "sea1": ("sea", "ocean", "sea", "ocean", "water"),
    "shore": ("beach", "shore", "coast", "seashore", "seaside", "sandy beach", "tropical beach"),
    "lake": ("lake", "pond", "still lake", "mountain lake", "calm lake", "quiet lake"),
    "mountains": (
        "mountains",
        "a mountain range",
        "mountain peaks",
        "the alps",
        "high mountains",
        "rocky mountains",
        "cliffs and peaks",
        "summits",
        "rugged mountains",
    ),
    "mountain": ("mountain", "peak", "mountain range", "alpine"),
    "hills": (
        "hills",
        "rolling hills",
        "hillside",
        "grassy hills",
        "meadows",
        "countryside",
        "valley",
        "fields",
        "pasture",
        "farmland",
    ),
    "desert": (
        "desert",
        "sand dunes",
        "dunes",
        "sandy desert",
        "the sahara",
        "desert dunes",
        "a sea of sand",
        "arid land",
        "dry wilderness",
    ),
    "forest": (
        "forest",
        "woods",
        "woodland",
        "trees",
        "pine forest",
        "wild forest",
        "grove",
        "wilderness",
        "conifers",
        "fir trees",
    ),
    "forest1": ("forest", "wood", "woodland", "grove", "thicket"),
    "city": (
        "city",
        "town",
        "skyline",
        "city skyline",
        "downtown",
        "metropolis",
        "cityscape",
        "urban skyline",
        "big city",
    ),
    "buildings": (
        "buildings",
        "skyscrapers",
        "towers",
        "high rises",
        "tower blocks",
        "office buildings",
        "tall buildings",
    ),
    "house": ("house", "cottage", "home", "cabin", "hut", "little house", "farmhouse", "villa"),
    "castle": (
        "castle",
        "fortress",
        "palace",
        "medieval castle",
        "citadel",
        "fairy tale castle",
        "stronghold",
        "kingdom",
    ),
    "lighthouse": ("lighthouse", "light tower", "beacon", "harbor light", "lighthouse tower"),
    "island": ("island", "isle", "shore", "headland"),
    "meadow": (
        "meadow",
        "field",
        "flower field",
        "garden",
        "flower meadow",
        "prairie",
        "field of flowers",
        "spring meadow",
        "wildflower field",
    ),
    "volcano": (
        "volcano",
        "erupting volcano",
        "volcanic mountain",
        "burning mountain",
        "volcanic eruption",
    ),
    "lava": ("lava", "magma", "molten rock", "glowing lava", "hot lava"),
    "waterfall": ("waterfall", "cascade", "falls", "cataract", "rushing waterfall"),
    "river": ("river", "stream", "creek", "brook", "winding river", "flowing river"),
    "grass": ("grass", "green grass", "a lawn", "a grassy field"),
    # Sky and weather.
    "sun": ("sun", "sunlight", "bright sun", "sunshine"),
    "moon": ("moon", "full moon", "bright moon", "moonlight"),
    "stars": (
        "stars",
        "a starry sky",
        "twinkling stars",
        "starlight",
        "many stars",
        "a sky full of stars",
    ),
    "clouds": (
        "clouds",
        "fluffy clouds",
        "puffy clouds",
        "soft clouds",
        "drifting clouds",
        "white clouds",
        "cumulus clouds",
    ),
    "sky": ("sky", "heaven", "sky", "sky", "skies"),
    "rain": ("rain", "rainfall", "downpour", "heavy rain", "rainy weather", "drizzle", "shower"),
    "storm": ("storm", "thunderstorm", "tempest", "bad weather", "gale", "squall"),
    "lightning": (
        "lightning",
        "lightning bolt",
        "thunder and lightning",
        "lightning strike",
        "thunderbolt",
        "flash of lightning",
    ),
    "rainbow": (
        "rainbow",
        "colorful rainbow",
        "colourful rainbow",
        "bright rainbow",
        "arch of colors",
    ),
    "aurora": ("aurora", "northern lights", "aurora borealis", "polar lights", "arctic lights"),
    "snow": ("snow", "winter snow", "deep snow", "fresh snow", "powder snow"),
    "fog": ("fog", "mist", "haze", "foggy air", "morning mist"),
    "glowing": ("glowing", "shining", "bright", "luminous", "radiant", "gleaming", "brilliant"),
    "sets": ("goes down", "sets", "sinks", "is setting", "dips", "disappears"),
    "rises": ("rises", "comes up", "is rising", "climbs", "wakes"),
    "shines": ("shines", "glows", "gleams", "beams", "hangs", "is shining"),
    # Times of day, as a time, as an adjective, and as a tag.
    "at day": (
        "by day",
        "on a sunny day",
        "on a clear day",
        "in daylight",
        "at noon",
        "in the daytime",
        "in summer",
        "under a clear sky",
        "on a bright afternoon",
    ),
    "at sunset": (
        "at sunset",
        "in the evening",
        "at sundown",
        "during sunset",
        "in the evening light",
        "at golden hour",
        "at the end of the day",
    ),
    "at sunrise": (
        "at sunrise",
        "at dawn",
        "in the morning",
        "at daybreak",
        "in the early morning",
        "in morning light",
    ),
    "at dusk": (
        "at dusk",
        "at twilight",
        "at nightfall",
        "in the late evening",
        "after sunset",
        "in the blue hour",
    ),
    "at night": (
        "at night",
        "by night",
        "at midnight",
        "in the dark",
        "under the night sky",
        "in the night",
        "after dark",
    ),
    "at storm": (
        "in a storm",
        "under dark clouds",
        "on a stormy day",
        "under a stormy sky",
        "in bad weather",
        "beneath heavy clouds",
    ),
    "at fog": (
        "in the fog",
        "in the mist",
        "on a foggy day",
        "on a misty morning",
        "shrouded in mist",
        "in thick fog",
    ),
    "adj day": ("sunny", "bright", "daytime", "clear", "summer"),
    "adj sunset": ("sunset", "evening", "glowing", "golden hour"),
    "adj sunrise": ("sunrise", "dawn", "morning"),
    "adj dusk": ("dusk", "twilight", "dim", "evening"),
    "adj night": ("night", "dark", "nocturnal", "midnight", "moonlit"),
    "adj storm": ("stormy", "gloomy", "cloudy", "overcast"),
    "adj fog": ("foggy", "misty", "hazy"),
    "tag day": ("day", "daylight", "sunny", "noon", "clear sky"),
    "tag sunset": ("sunset", "sundown", "evening", "dusk", "golden hour"),
    "tag sunrise": ("sunrise", "dawn", "morning", "daybreak"),
    "tag dusk": ("dusk", "twilight", "evening", "nightfall"),
    "tag night": ("night", "midnight", "nighttime", "darkness", "dark"),
    "tag storm": ("storm", "stormy", "dark clouds", "bad weather"),
    "tag fog": ("fog", "mist", "foggy", "haze"),
    # Growing things.
    "tree": ("tree", "lone tree", "single tree", "lonely tree", "big tree", "old tree", "oak"),
    "pine": ("pine tree", "fir tree", "christmas tree", "evergreen tree", "spruce", "conifer"),
    "blossom": (
        "blossom tree",
        "cherry tree",
        "cherry blossom",
        "blooming tree",
        "flowering tree",
        "sakura",
    ),
    "leaves": ("leaves", "foliage", "leaf canopy"),
    "flower": ("flower", "blossom", "bloom", "single flower"),
    "flowers": ("flowers", "blossoms", "blooms", "wildflowers", "poppies", "petals"),
    "rose": ("rose", "rose flower", "rose in bloom", "rose blossom"),
    "mushroom": ("mushroom", "toadstool", "fungus", "forest mushroom", "wild mushroom"),
    # Space.
    "space": ("space", "outer space", "deep space", "the cosmos", "the universe", "starry space"),
    "galaxy": ("galaxy", "spiral galaxy", "milky way", "starry galaxy", "swirling galaxy"),
    "nebula": ("nebula", "space cloud", "cosmic cloud", "star nursery", "cosmic dust"),
    "planet": ("planet", "world", "distant planet", "alien planet", "alien world", "globe"),
    "rings": ("rings", "a ring", "a ring system", "bright rings", "icy rings"),
    # Fire and smoke.
    "fire": ("fire", "flames", "blaze", "burning fire", "inferno", "roaring fire", "hot flames"),
    "campfire": ("campfire", "bonfire", "camp fire", "wood fire", "burning logs"),
    "smoke": ("smoke", "vapor", "fumes", "steam", "wisps of smoke", "curling smoke"),
    # Living things.
    "cat": ("cat", "kitten", "kitty", "cat face", "cute cat", "cat head", "house cat"),
    "dog": ("dog", "puppy", "dog face", "cute dog", "hound", "pup", "dog head"),
    "owl": ("owl", "wise owl", "owl bird", "little owl", "night owl"),
    "bird": ("bird", "songbird", "little bird", "small bird", "sparrow", "robin"),
    "fish": ("fish", "tropical fish", "swimming fish", "little fish", "goldfish"),
    "butterfly": ("butterfly", "moth", "winged insect", "fluttering butterfly"),
    "person": ("person", "man", "woman", "human", "girl", "boy", "lady"),
    "face": ("face", "portrait", "human face", "head"),
    "coral": ("coral", "a coral reef", "corals and seaweed", "a reef"),
    "underwater": (
        "underwater",
        "under water",
        "under the sea",
        "deep in the ocean",
        "below the waves",
        "beneath the sea",
    ),
    # Made things.
    "boat": (
        "boat",
        "sailboat",
        "sailing boat",
        "ship",
        "sailing ship",
        "yacht",
        "little boat",
        "vessel",
    ),
    "car": ("car", "automobile", "vehicle", "little car", "old car", "auto"),
    "balloon": ("hot air balloon", "balloon", "hot air balloon", "air balloon", "airship"),
    "cup": ("cup", "mug", "coffee cup", "tea cup", "coffee mug", "cup of tea", "cup of coffee"),
    "candle": ("candle", "burning candle", "lit candle", "wax candle", "candlelight"),
    "crystal": ("crystal", "gem", "gemstone", "jewel", "diamond", "precious stone", "shard"),
    "windows": (
        "lit windows",
        "glowing windows",
        "bright windows",
        "city lights",
        "lights in the windows",
    ),
    # Shapes and patterns.
    "circle": ("circle", "disc", "disk", "dot", "round shape"),
    "ball": ("ball", "sphere", "orb", "shiny ball", "round ball"),
    "square": ("square", "box", "block", "square shape"),
    "triangle": ("triangle", "triangular shape", "pyramid"),
    "ring": ("ring", "hoop", "loop", "circle outline"),
    "star": ("star", "five pointed star", "star shape"),
    "cross": ("cross", "plus sign", "plus"),
    "heart": ("heart", "heart shape", "love heart", "valentine heart"),
    "diamond": ("diamond", "rhombus", "diamond shape"),
    "hexagon": ("hexagon", "six sided shape", "hexagonal shape"),
    "crescent": ("crescent", "crescent moon shape", "crescent shape"),
    "rectangle": ("rectangle", "bar", "rectangular shape"),
    "background": ("background", "backdrop", "ground", "background"),
    "plain": ("plain", "solid", "flat", "simple", "uniform", "empty"),
    "stripes": ("stripes", "bands", "lines", "striped pattern"),
    "checkerboard": (
        "checkerboard",
        "chessboard",
        "checkered pattern",
        "checked pattern",
        "chequered board",
    ),
    "dots": ("dots", "polka dots", "spots", "dotted pattern", "round spots"),
    "spiral": ("spiral", "swirl", "twirl", "vortex", "whirl", "hypnotic spiral"),
    "pattern": ("pattern", "design", "texture", "ornament", "wallpaper"),
    "abstract": ("abstract", "modern", "expressive", "non figurative"),
    # Moods.
    "mood calm": ("calm", "peaceful", "quiet", "serene", "tranquil", "still", "relaxing"),
    "mood dark": ("dark", "gloomy", "moody", "mysterious", "spooky", "eerie", "somber"),
    "mood wild": ("dramatic", "wild", "powerful", "epic", "violent", "raging", "intense"),
    "mood bright": ("cheerful", "happy", "bright", "vivid", "joyful", "lively", "sunny"),
    "mood warm": ("warm", "cosy", "cozy", "golden", "glowing", "inviting"),
    "mood magic": (
        "magical",
        "enchanted",
        "mystical",
        "dreamlike",
        "ethereal",
        "fairytale",
        "wonderful",
        "surreal",
    ),
    "mood cold": ("cold", "icy", "frosty", "freezing", "chilly", "wintry"),
    "mood lonely": ("lonely", "solitary", "empty", "deserted", "silent"),
    "mood cute": ("cute", "sweet", "lovely", "adorable", "charming", "friendly"),
    "mood bold": ("bold", "colorful", "colourful", "vibrant", "striking", "graphic"),
}

STYLE_WORDS: dict[str, tuple[str, ...]] = {
    "watercolour": (
        "watercolor",
        "watercolour",
        "watercolor painting",
        "watercolour painting",
        "watercolours",
        "aquarelle",
    ),
    "oil painting": (
        "oil painting",
        "oil on canvas",
        "oil paint",
        "thick brush strokes",
        "oils",
        "impasto",
    ),
    "pixel art": (
        "pixel art",
        "8 bit",
        "pixelated",
        "retro video game",
        "16 bit pixel art",
        "pixel graphics",
    ),
    "neon": ("neon", "neon lights", "neon glow", "glowing neon lines", "neon art"),
    "pencil sketch": (
        "pencil sketch",
        "pencil drawing",
        "graphite drawing",
        "sketch",
        "pencil",
        "hand drawn sketch",
    ),
    "stained glass": ("stained glass", "stained glass window", "leaded glass", "church window"),
    "low poly": ("low poly", "low polygon art", "polygons", "geometric triangles", "low poly art"),
    "black and white": (
        "black and white",
        "black and white photo",
        "monochrome",
        "grayscale",
        "greyscale",
        "monochrome photograph",
    ),
    "pointillism": (
        "pointillism",
        "pointillist painting",
        "impressionist dots",
        "dots of paint",
        "impressionist painting",
        "impressionism",
    ),
    "vaporwave": ("vaporwave", "synthwave", "retrowave", "cyberpunk", "outrun style", "80s neon"),
    "flat poster": (
        "flat design",
        "minimalist poster",
        "flat poster",
        "vector art",
        "minimal illustration",
        "flat illustration",
    ),
    "mosaic": ("mosaic", "mosaic tiles", "tiled mosaic", "roman mosaic", "ceramic tiles"),
    "ink drawing": (
        "ink drawing",
        "ink",
        "pen and ink",
        "black ink",
        "ink illustration",
        "line art",
    ),
    "pastel": ("pastel", "pastel chalk", "chalk drawing", "soft pastels", "chalk pastel", "crayon"),
    "blurred": ("blurry", "blurred", "out of focus", "soft focus", "bokeh"),
    "sepia": (
        "sepia",
        "vintage photo",
        "old photograph",
        "antique photo",
        "sepia photograph",
        "retro photo",
    ),
}

# Styles under which the colours of things are no longer what the scene says.
COLOURLESS_STYLES = frozenset(
    {"pencil sketch", "black and white", "ink drawing", "sepia", "vaporwave", "neon"}
)

_OPENERS = (
    "a painting of",
    "a picture of",
    "a photo of",
    "an image of",
    "an image showing",
    "artwork of",
    "a drawing of",
    "an illustration of",
    "a view of",
    "a scene of",
    "art of",
    "a photograph of",
    "a render of",
    "a depiction of",
    "a picture showing",
    "this is",
    "a portrayal of",
    "an artwork showing",
    "concept art of",
    "a digital painting of",
)
_STYLED_OPENERS = (
    "a picture of",
    "an image of",
    "artwork of",
    "a scene of",
    "art of",
    "a depiction of",
)
_PRAISE = (
    "beautiful",
    "stunning",
    "gorgeous",
    "amazing",
    "fantastic",
    "pretty",
    "awesome",
    "incredible",
    "nice",
    "detailed",
    "lovely",
    "magnificent",
    "elegant",
    "dreamy",
    "fantasy",
)
_NOISE = (
    "trending on artstation",
    "highly detailed",
    "fantasy",
    "dreamy",
    "4k",
    "8k",
    "masterpiece",
    "beautiful",
    "digital art",
    "sharp focus",
    "best quality",
    "high resolution",
    "artstation",
    "award winning",
    "very detailed",
    "intricate",
    "hd",
    "wallpaper",
    "unreal engine",
    "octane render",
    "cinematic",
    "concept art",
    "deviantart",
    "matte painting",
    "fine art",
    "high quality",
    "ultra detailed",
    "photorealistic",
    "atmospheric",
    "rich colors",
    "studio lighting",
    "hyperrealistic",
    "aesthetic",
    "volumetric light",
    "professional",
    "featured on behance",
    "depth of field",
    "ray tracing",
    "epic",
    "popular",
    "contest winner",
)
_STYLE_FORMS = (
    "{thing}, {style}",
    "{thing} in {style} style",
    "{style}, {thing}",
    "{thing} as {style}",
    "{thing}, {style} style",
    "{style} of {thing}",
    "{thing}, {style} art",
)
# Ways of wording that suit only some styles.
_STYLE_SPECIAL: dict[str, tuple[str, ...]] = {
    "watercolour": (
        "{thing} painted in watercolors",
        "{thing} painted in watercolours",
        "a watercolor of {thing}",
        "a watercolour of {thing}",
        "{thing} in watercolour",
        "soft watercolor wash of {thing}",
    ),
    "oil painting": (
        "an oil painting of {thing}",
        "{thing} painted in oils",
        "{thing} in oil paint with thick brush strokes",
        "brush strokes of oil paint, {thing}",
    ),
    "pixel art": (
        "a pixel art of {thing}",
        "{thing} in big pixels",
        "8 bit {thing}",
        "{thing} from a retro video game",
        "a pixelated image of {thing}",
    ),
    "neon": (
        "a neon sign of {thing}",
        "neon {thing}",
        "{thing} in glowing neon lines",
        "{thing} in neon lights on black",
    ),
    "pencil sketch": (
        "a pencil sketch of {thing}",
        "a sketch of {thing}",
        "{thing} drawn in pencil",
        "a graphite drawing of {thing}",
    ),
    "stained glass": (
        "a stained glass window of {thing}",
        "{thing} in stained glass",
        "a church window showing {thing}",
        "{thing} made of stained glass",
    ),
    "low poly": (
        "a low poly render of {thing}",
        "{thing} made of triangles",
        "low poly {thing}",
        "{thing} made of polygons",
    ),
    "black and white": (
        "a black and white photo of {thing}",
        "{thing} in black and white",
        "a monochrome picture of {thing}",
        "{thing} in shades of grey",
        "{thing} in shades of gray",
    ),
    "pointillism": (
        "a pointillist painting of {thing}",
        "{thing} painted with many dots",
        "an impressionist painting of {thing}",
        "{thing} in the style of seurat",
        "{thing} made of dots of colour",
        "{thing} made of dots of color",
    ),
    "vaporwave": (
        "vaporwave {thing}",
        "synthwave {thing}",
        "{thing} in vaporwave colors",
        "{thing} with a retro 80s look",
        "{thing} in pink and cyan synthwave colours",
    ),
    "flat poster": (
        "a minimalist poster of {thing}",
        "a flat illustration of {thing}",
        "minimal {thing}",
        "a vector graphic of {thing}",
    ),
    "mosaic": (
        "a mosaic of {thing}",
        "{thing} made of tiles",
        "a tile mosaic of {thing}",
        "{thing} made of little coloured tiles",
    ),
    "ink drawing": (
        "an ink drawing of {thing}",
        "{thing} drawn in black ink",
        "a pen drawing of {thing}",
        "{thing} in pen and ink",
    ),
    "pastel": (
        "a pastel drawing of {thing}",
        "{thing} in soft pastels",
        "a chalk drawing of {thing}",
        "{thing} drawn with chalk",
    ),
    "blurred": (
        "a blurry photo of {thing}",
        "{thing} out of focus",
        "blurred {thing}",
        "a blurry picture of {thing}",
    ),
    "sepia": (
        "a vintage photo of {thing}",
        "an old photograph of {thing}",
        "{thing} in sepia",
        "a sepia photo of {thing}",
    ),
}

_SLOT = re.compile(r"\{([^{}]+)\}")
_AN = re.compile(r"\b(a|an) (?=(\w+))")
_VOWEL_SOUND = re.compile(r"(?!(uni|use|uto|eur|one\b))[aeiou]|8|hour")
_STARTS_WITH_ARTICLE = re.compile(r"\A(a|an|the|one) ")


def _name_colour(name: str, rng: np.random.Generator) -> str:
    names = COLOUR_NAMES[name]
    return names[0] if chance(rng, 0.6) else pick(rng, names)


def fill(
    template: str, slots: Mapping[str, str], rng: np.random.Generator, colourless: bool = False
) -> str:
    """``template`` with every slot filled, colours left out if ``colourless``."""

    def word(match: re.Match[str]) -> str:
        key = match.group(1)
        if key.startswith("c:"):
            return "" if colourless else _name_colour(key[2:], rng)
        if key in slots:
            return slots[key]
        synonyms = SYNONYMS[key]
        return synonyms[0] if chance(rng, 0.25) else pick(rng, synonyms)

    while "{" in template:
        template = _SLOT.sub(word, template)
    return template


def with_articles(text: str) -> str:
    """The text with "a" or "an" as what follows sounds."""
    return _AN.sub(lambda m: "an " if _VOWEL_SOUND.match(m.group(2)) else "a ", text)


def _tidy(text: str) -> str:
    text = " ".join(text.split()).replace(" ,", ",").strip(", ")
    text = with_articles(text)
    if len(text.split()) <= MAX_WORDS:
        return text
    # Whole tags go first, so that what is left still reads well.
    while len(text.split()) > MAX_WORDS and ", " in text:
        text = text.rsplit(", ", 1)[0]
    return " ".join(text.split()[:MAX_WORDS]).strip(", ")


def _with_adjective(thing: str, adjective: str) -> str:
    article = _STARTS_WITH_ARTICLE.match(thing)
    if article:
        return f"{article.group(0)}{adjective} {thing[article.end() :]}"
    return f"{adjective} {thing}"


@dataclass(frozen=True)
class Wordings:
    """All the ways to say one scene."""

    family: str
    style: str
    phrases: Phrases

    def caption(self, rng: np.random.Generator) -> str:
        """A random true wording: lower case, commas only, at most ``MAX_WORDS`` words."""
        phrases = self.phrases
        colourless = self.style in COLOURLESS_STYLES
        styled = bool(self.style) and chance(rng, 0.88)

        def say(template: str) -> str:
            return fill(template, phrases.slots, rng, colourless)

        roll = rng.random()
        if roll < 0.18 and phrases.tags:
            return _tidy(self._tag_list(say, rng, styled))
        sentence = roll < 0.40 and bool(phrases.clauses)
        thing = say(pick(rng, phrases.clauses if sentence else phrases.nouns))
        if not sentence and chance(rng, 0.12):
            adjective = pick(rng, _PRAISE)
            if phrases.moods and chance(rng, 0.6):
                adjective = say("{mood " + pick(rng, phrases.moods) + "}")
            thing = _with_adjective(thing, adjective)
        details = list(phrases.details)
        for share in (0.5, 0.3):
            if details and chance(rng, share):
                detail = say(details.pop(int(rng.integers(len(details)))))
                thing = f"{thing} {detail}"
        if styled:
            thing = self._in_style(thing, rng, sentence)
        elif not sentence and chance(rng, 0.45):
            thing = f"{pick(rng, _STYLED_OPENERS if self.style else _OPENERS)} {thing}"
        elif chance(rng, 0.25):
            thing = _STARTS_WITH_ARTICLE.sub("", thing, count=1)
        if phrases.moods and chance(rng, 0.08):
            thing += ", " + say("{mood " + pick(rng, phrases.moods) + "}")
        if chance(rng, 0.12):
            thing += ", " + pick(rng, _NOISE)
            if chance(rng, 0.4):
                thing += ", " + pick(rng, _NOISE)
        return _tidy(thing)

    def _tag_list(self, say: object, rng: np.random.Generator, styled: bool) -> str:
        assert callable(say)
        tags = [say(tag) for tag in self.phrases.tags]
        tags += [say("{mood " + mood + "}") for mood in self.phrases.moods if chance(rng, 0.4)]
        keep = int(rng.integers(2, 6))
        first, rest = tags[0], [tags[int(k)] for k in 1 + rng.permutation(len(tags) - 1)]
        chosen = [first, *rest[:keep]]
        if styled:
            chosen.append(pick(rng, STYLE_WORDS[self.style]))
        chosen = [chosen[int(k)] for k in rng.permutation(len(chosen))]
        if chance(rng, 0.15):
            chosen.append(pick(rng, _NOISE))
        return ", ".join(dict.fromkeys(" ".join(tag.split()) for tag in chosen if tag.strip()))

    def _in_style(self, thing: str, rng: np.random.Generator, sentence: bool) -> str:
        style = pick(rng, STYLE_WORDS[self.style])
        if sentence:
            form = pick(rng, ("{thing}, {style}", "{style}, {thing}", "{thing}, {style} style"))
        elif chance(rng, 0.6):
            form = pick(rng, _STYLE_SPECIAL[self.style])
        else:
            form = pick(rng, _STYLE_FORMS)
        prefix = form.split("{thing}")[0]
        # "neon a tree" will not do.
        if prefix and not prefix.endswith((" of ", ", ", "showing ")):
            thing = _STARTS_WITH_ARTICLE.sub("", thing, count=1)
        return form.replace("{thing}", thing).replace("{style}", style)
