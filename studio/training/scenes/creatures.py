"""Eyes, faces and animals."""

from __future__ import annotations

import numpy as np

from studio.training.scenes.canvas import Canvas
from studio.training.scenes.fields import Field, fractal
from studio.training.scenes.nature import draw_fish, paint_backdrop, paint_deep
from studio.training.scenes.palette import Colour, jitter, mix, other_colour, scale
from studio.training.scenes.spec import Facts, Family, Phrases, chance, pick

_FURS = (
    "orange",
    "grey",
    "black",
    "white",
    "brown",
    "beige",
    "red",
    "blue",
    "pink",
    "purple",
    "green",
)
_SKINS: tuple[Colour, ...] = (
    (0.96, 0.80, 0.68),
    (0.85, 0.64, 0.48),
    (0.58, 0.38, 0.26),
    (0.40, 0.25, 0.17),
)


def _sample_eye(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    colour = pick(rng, ("blue", "green", "brown", "red", "purple", "gold", "grey", "turquoise"))
    c = f"{{c:{colour}}}"
    return {"colour": colour}, Phrases(
        (
            f"a {c} eye",
            "an eye",
            f"an eye with a {c} iris",
            f"a close up of a {c} eye",
            f"a {c} human eye",
        ),
        (f"a {c} eye looks at you", "an eye stares", "an eye is watching"),
        ("with long lashes", "looking straight"),
        ("eye", f"{c} iris", "pupil", "eyelashes", "look", "close up"),
        ("magic",),
    )


def _paint_eye(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    skin = pick(rng, _SKINS)
    canvas = Canvas(size, skin)
    canvas.shade(0.85 + 0.25 * fractal(rng, size, 5, 4))
    x, y = canvas.x - 0.5, canvas.y - 0.5
    lens = np.minimum(
        0.64 - np.sqrt(x**2 + (y + 0.40) ** 2), 0.64 - np.sqrt(x**2 + (y - 0.40) ** 2)
    )
    canvas.shade(1 - 0.5 * np.exp(-(((lens - 0.0) / 0.05) ** 2)).astype(np.float32))
    crease = np.exp(-(((np.sqrt(x**2 + (y - 0.36) ** 2) - 0.68) / 0.012) ** 2)) * (y < 0)
    canvas.shade(1 - 0.45 * crease.astype(np.float32))
    mask = canvas.edge(lens)
    canvas.blend(
        mask,
        np.asarray((0.96, 0.94, 0.92), np.float32)
        * (1 - 0.9 * np.abs(x) ** 2 * 2 + 0 * y)[..., None],
    )
    away, angle = np.sqrt(x * x + y * y), np.arctan2(y, x)
    fibre = 0.72 + 0.35 * np.sin(angle * 31 + 4 * np.sin(away * 60)) * np.sin(angle * 17)
    iris = (
        np.asarray(jitter(rng, facts["colour"]), np.float32)
        * (fibre * (0.7 + 2.2 * away))[..., None]
    )
    iris = iris * (1 - 0.6 * np.exp(-(((away - 0.2) / 0.02) ** 2)))[..., None]
    canvas.blend(mask * canvas.edge(0.2 - away), np.clip(iris, 0, 1).astype(np.float32))
    canvas.blend(mask * canvas.edge(float(rng.uniform(0.07, 0.095)) - away), (0.02, 0.02, 0.03))
    canvas.shade(1 - mask * np.clip(-y * 2.2 - 0.15, 0, 0.5))
    canvas.glow(canvas.halo(0.44, 0.43, 0.055), (1, 1, 1))
    pen = canvas.pen()
    for k in range(15):
        u = -0.42 + 0.06 * k
        v = 0.40 - np.sqrt(0.64**2 - u * u)
        pen.line(
            [(0.5 + u, 0.5 + v), (0.5 + u * 1.15, 0.46 + v), (0.5 + u * 1.35, 0.43 + v)],
            0.011,
            (0.08, 0.05, 0.05),
        )
    canvas.ink(pen)
    return canvas.finish()


def _sample_face(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    hair = pick(rng, ("black", "brown", "gold", "red", "grey", "blue", "pink"))
    long, happy = chance(rng, 0.5), chance(rng, 0.65)
    back = pick(rng, ("blue", "green", "grey", "orange", "purple", "teal", "yellow"))
    h = f"{{c:{hair}}}"
    who = pick(rng, ("woman", "girl", "lady")) if long else pick(rng, ("man", "boy", "person"))
    facts = {"hair": hair, "long": long, "happy": happy, "back": back}
    return facts, Phrases(
        (
            f"a {who} with {h} hair",
            "a {face}",
            f"the face of a {who}",
            f"a portrait of a {who}",
            f"a {'smiling' if happy else 'serious'} face",
            f"a {who}",
        ),
        (f"a {who} {'smiles' if happy else 'looks serious'}", f"a {who} looks at you"),
        (f"with {h} hair", f"on a {{c:{back}}} background"),
        ("{face}", who, f"{h} hair", "portrait", "smile" if happy else "serious", "person"),
        ("bright",) if happy else ("lonely",),
    )


def _paint_face(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    paint_backdrop(canvas, rng, facts["back"])
    skin, hair = pick(rng, _SKINS), jitter(rng, facts["hair"])
    eyes = jitter(rng, pick(rng, ("blue", "green", "brown")))
    pen = canvas.pen()
    if facts["long"]:
        pen.oval(0.5, 0.45, 0.31, 0.36, hair)
        pen.box(0.19, 0.45, 0.81, 0.88, hair)
    pen.oval(0.5, 1.08, 0.40, 0.26, jitter(rng, pick(rng, ("red", "navy", "white", "green"))))
    pen.box(0.42, 0.68, 0.58, 0.88, scale(skin, 0.8))
    pen.oval(0.5, 0.38, 0.275, 0.28, hair)
    for side in (-1, 1):
        pen.oval(0.5 + side * 0.245, 0.52, 0.045, 0.065, scale(skin, 0.88))
    pen.oval(0.5, 0.5, 0.24, 0.29, skin)
    fringe = [
        (0.27, 0.44),
        (0.29, 0.28),
        (0.5, 0.19),
        (0.71, 0.28),
        (0.73, 0.44),
        (0.64, 0.33),
        (0.45, 0.30),
        (0.33, 0.36),
    ]
    pen.polygon(fringe, hair)
    for side in (-1, 1):
        x = 0.5 + side * 0.1
        pen.oval(x, 0.5, 0.05, 0.028, (0.98, 0.98, 0.97))
        pen.oval(x, 0.5, 0.026, 0.027, eyes)
        pen.oval(x, 0.5, 0.013, 0.014, (0.03, 0.03, 0.04))
        pen.oval(x - 0.008, 0.491, 0.006, 0.006, (1, 1, 1))
        pen.line([(x - 0.055, 0.445), (x, 0.430), (x + 0.055, 0.445)], 0.013, scale(hair, 0.6))
    pen.polygon([(0.5, 0.5), (0.465, 0.605), (0.53, 0.605)], scale(skin, 0.84))
    curve = 0.035 if facts["happy"] else -0.012
    lips = [
        (0.5 + 0.085 * u, 0.68 + curve * (1 - u * u) - curve / 2) for u in np.linspace(-1, 1, 9)
    ]
    pen.line(lips, 0.024, (0.78, 0.26, 0.28))
    light = (
        1.1 - 0.6 * np.clip(canvas.x - 0.48, -0.15, 0.4) + 0.08 * (fractal(rng, size, 6, 3) - 0.5)
    )
    canvas.ink(pen, (light + 0 * canvas.y).astype(np.float32))
    return canvas.finish()


def _sample_beast(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    kind = pick(rng, ("cat", "cat", "dog", "dog", "owl"))
    colour = pick(rng, _FURS)
    back = other_colour(rng, colour)
    c, b = f"{{c:{colour}}}", f"{{c:{back}}}"
    eyes = pick(rng, ("green", "yellow", "blue"))
    more = {
        "cat": (f"with {{c:{eyes}}} eyes", "with whiskers", "with pointed ears"),
        "dog": ("with floppy ears", "with a black nose", "sticking out the tongue"),
        "owl": (f"with big {{c:{eyes}}} eyes", "with feathers"),
    }[kind]
    return {"kind": kind, "colour": colour, "back": back, "eyes": eyes}, Phrases(
        (
            f"a {c} {{{kind}}}",
            f"a {{{kind}}}",
            f"the face of a {c} {kind}",
            f"a {c} {kind}",
            f"a {c} {kind} on a {b} background",
            f"a portrait of a {kind}",
        ),
        (f"a {c} {kind} looks at you", f"the {kind} is {c}"),
        (*more, f"on a {b} background"),
        (
            f"{{{kind}}}",
            "animal",
            f"{c} {'feathers' if kind == 'owl' else 'fur'}",
            "pet" if kind != "owl" else "bird",
            f"{b} background",
        ),
        ("cute",),
    )


def _paint_beast(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    paint_backdrop(canvas, rng, facts["back"])
    fur, kind = jitter(rng, facts["colour"]), facts["kind"]
    if facts["colour"] == "black":
        fur = (0.13, 0.13, 0.15)
    eyes, pale, dark = jitter(rng, facts["eyes"]), mix(fur, (1, 0.98, 0.94), 0.5), scale(fur, 0.62)
    pen, x, y = canvas.pen(), 0.5, 0.54
    pen.oval(x, 1.05, 0.34, 0.3, scale(fur, 0.82))
    for side in (-1, 1):
        if kind == "cat":
            pen.polygon(
                [(x + side * 0.07, y - 0.2), (x + side * 0.31, y - 0.42), (x + side * 0.31, y)], fur
            )
            pen.polygon(
                [
                    (x + side * 0.14, y - 0.2),
                    (x + side * 0.28, y - 0.35),
                    (x + side * 0.28, y - 0.06),
                ],
                (0.90, 0.62, 0.60),
            )
        elif kind == "owl":
            pen.polygon(
                [(x + side * 0.08, y - 0.2), (x + side * 0.28, y - 0.4), (x + side * 0.3, y)], dark
            )
    wide = 0.28 if kind == "dog" else 0.32
    pen.oval(x, y, wide, 0.28, fur)
    for side in (-1, 1):
        u = x + side * 0.13
        if kind == "owl":
            pen.oval(u, y - 0.05, 0.14, 0.15, pale)
            pen.oval(u, y - 0.05, 0.095, 0.095, eyes)
            pen.oval(u, y - 0.05, 0.052, 0.052, (0.02, 0.02, 0.03))
        elif kind == "cat":
            pen.oval(u, y - 0.05, 0.068, 0.055, eyes)
            pen.oval(u, y - 0.05, 0.02, 0.052, (0.02, 0.02, 0.03))
        else:
            pen.leaf(x + side * 0.2, y - 0.22, 0.40, 0.26, np.pi / 2 - side * 0.25, dark)
            pen.oval(u * 0.9 + 0.05, y - 0.06, 0.042, 0.048, (0.05, 0.03, 0.03))
        pen.oval(u - 0.018, y - 0.075, 0.014, 0.014, (1, 1, 1))
    if kind == "owl":
        pen.polygon([(x - 0.04, y + 0.03), (x + 0.04, y + 0.03), (x, y + 0.14)], (0.95, 0.65, 0.15))
        for k in range(12):
            pen.leaf(x - 0.22 + 0.15 * (k % 4), 0.78 + 0.07 * (k // 4), 0.09, 0.06, np.pi / 2, pale)
    else:
        pen.oval(x - 0.055, y + 0.11, 0.085, 0.075, pale)
        pen.oval(x + 0.055, y + 0.11, 0.085, 0.075, pale)
        if kind == "dog":
            pen.oval(x, y + 0.2, 0.045, 0.075, (0.92, 0.42, 0.46))
            pen.oval(x, y + 0.12, 0.10, 0.08, pale)
        r = 0.055 if kind == "dog" else 0.033
        nose = (0.08, 0.06, 0.07) if kind == "dog" else (0.85, 0.42, 0.45)
        pen.oval(x, y + 0.055, r, r * 0.72, nose)
        pen.line([(x, y + 0.07), (x, y + 0.13), (x - 0.05, y + 0.155)], 0.009, (0.15, 0.1, 0.1))
        pen.line([(x, y + 0.13), (x + 0.05, y + 0.155)], 0.009, (0.15, 0.1, 0.1))
    if kind == "cat":
        ink = (0.97, 0.97, 0.97) if sum(fur) < 2 else (0.3, 0.3, 0.3)
        for side in (-1, 1):
            for k in (-1, 0, 1):
                pen.line(
                    [(x + side * 0.1, y + 0.1), (x + side * 0.4, y + 0.09 + k * 0.06)], 0.006, ink
                )
            pen.line([(x + side * 0.05, y - 0.26), (x + side * 0.035, y - 0.15)], 0.022, dark)
    hair = fractal(rng, size, 26, 2, stretch=0.5)
    canvas.ink(pen, (0.82 + 0.3 * hair) * (1.08 - 0.3 * (canvas.y - 0.4)))
    return canvas.finish()


def _sample_small(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    kind = pick(rng, ("bird", "fish", "butterfly", "butterfly"))
    colour = pick(rng, ("red", "orange", "yellow", "blue", "purple", "pink", "green", "turquoise"))
    back = (
        pick(rng, ("blue", "navy", "teal"))
        if kind == "fish"
        else other_colour(rng, colour, "brown")
    )
    c, b = f"{{c:{colour}}}", f"{{c:{back}}}"
    place = {"bird": "on a branch", "fish": "in the water", "butterfly": "with spread wings"}[kind]
    act = {
        "bird": "sits on a branch",
        "fish": "swims in the water",
        "butterfly": "spreads its wings",
    }[kind]
    return {"kind": kind, "colour": colour, "back": back}, Phrases(
        (f"a {c} {{{kind}}}", f"a {{{kind}}}", f"a {c} {kind} {place}", f"a {c} {kind}"),
        (f"a {c} {kind} {act}", f"a {kind} {act}"),
        (place, f"on a {b} background"),
        (f"{{{kind}}}", c, "animal", f"{b} background", place.split()[-1]),
        ("cute", "bright"),
    )


def _paint_small(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    colour, kind = jitter(rng, facts["colour"]), facts["kind"]
    pen, way = canvas.pen(), pick(rng, (-1, 1))
    if kind == "fish":
        paint_deep(canvas, rng, facts["back"])
        draw_fish(pen, 0.5 + 0.06 * way, 0.5, 0.34, way, colour, facts["colour"] == "orange")
    elif kind == "butterfly":
        paint_backdrop(canvas, rng, facts["back"])
        spots = mix(colour, (1, 1, 0.85), 0.6)
        for side in (-1, 1):
            for angle, length, width in ((-0.75, 0.46, 0.36), (0.65, 0.36, 0.32)):
                turn = angle if side == 1 else np.pi - angle
                pen.leaf(0.5, 0.5, length, width, turn, (0.06, 0.05, 0.07))
                pen.leaf(0.5, 0.5, length * 0.92, width * 0.82, turn, colour)
                pen.leaf(0.5, 0.5, length * 0.6, width * 0.36, turn, scale(colour, 0.72))
                u, v = 0.5 + np.cos(turn) * length * 0.72, 0.5 + np.sin(turn) * length * 0.72
                pen.oval(u, v, 0.03, 0.03, spots)
            pen.line(
                [(0.5, 0.36), (0.5 + side * 0.06, 0.26), (0.5 + side * 0.1, 0.22)],
                0.008,
                (0.06, 0.05, 0.06),
            )
        pen.oval(0.5, 0.5, 0.024, 0.16, (0.08, 0.06, 0.07))
    else:
        paint_backdrop(canvas, rng, facts["back"])
        wood = (0.34, 0.22, 0.13)
        pen.line([(0.0, 0.82), (0.5, 0.78), (1.0, 0.80)], 0.04, wood)
        for u in (0.12, 0.3, 0.72, 0.88):
            pen.leaf(u, 0.8, 0.13, 0.08, -1.0 if u < 0.5 else -2.1, (0.2, 0.5, 0.18))
        pen.leaf(0.5 - way * 0.1, 0.58, 0.42, 0.12, np.pi / 2 + way * 0.85, scale(colour, 0.65))
        pen.oval(0.5, 0.55, 0.2, 0.22, colour)
        pen.oval(0.5 + way * 0.06, 0.61, 0.13, 0.15, mix(colour, (1, 0.97, 0.9), 0.6))
        pen.oval(0.5 + way * 0.1, 0.34, 0.135, 0.13, colour)
        pen.polygon(
            [(0.5 + way * 0.2, 0.31), (0.5 + way * 0.34, 0.36), (0.5 + way * 0.2, 0.39)],
            (0.96, 0.66, 0.14),
        )
        pen.oval(0.5 + way * 0.14, 0.32, 0.026, 0.026, (0.03, 0.03, 0.04))
        pen.oval(0.5 + way * 0.146, 0.313, 0.009, 0.009, (1, 1, 1))
        pen.leaf(0.5 + way * 0.06, 0.46, 0.3, 0.2, np.pi / 2 + way * 0.6, scale(colour, 0.74))
    canvas.ink(pen, 1.08 - 0.3 * (canvas.y - 0.4) + 0.25 * (fractal(rng, size, 20, 2) - 0.5))
    return canvas.finish()


FAMILIES = (
    Family("eye", 1.8, _sample_eye, _paint_eye),
    Family("face", 1.8, _sample_face, _paint_face),
    Family("cat, dog or owl", 3.0, _sample_beast, _paint_beast),
    Family("bird, fish or butterfly", 2.4, _sample_small, _paint_small),
)
