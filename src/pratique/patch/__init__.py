"""Patch an image: fixed packages of its distribution in one new layer, without an engine.

Nothing of the image is executed. The patched image is scanned before it is written anywhere, with
the advisories of the scan before: what would bring new findings is not written.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing

from msgspec.structs import replace

from pratique.comparison import Comparison, compare
from pratique.errors import UsageError
from pratique.model.event import Observe, ignore
from pratique.model.finding import Finding
from pratique.model.ignore_rule import Rule
from pratique.model.image import Image
from pratique.model.inventory import Inventory
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.model.source import Source
from pratique.net import Client
from pratique.patch.entrypoint import lost
from pratique.patch.images import WithLayers, patched
from pratique.patch.layer import Written
from pratique.patch.model import Change, Order, Patched, Refusal
from pratique.patch.publish import publish
from pratique.patch.root import Root, read_root, within
from pratique.scanning import assess, inventory_of
from pratique.target import open_image

Family = Callable[[Root, Sequence[Finding], Order, Client, str], Change]


def patch(
    target: str, settings: Settings, order: Order, observe: Observe = ignore,
    rules: Sequence[Rule] = (),
) -> tuple[list[Patched], str]:  # fmt: skip
    """Patch every platform of an image; return what was done, and the digest of what was written.

    The digest is empty where nothing could be done: then nothing is written. Raises Refusal for a
    patch that would bring findings, MalformedError and DigestMismatch for a repository that lies.
    """
    chosen = replace(settings, platform=settings.platform or "all", scanners=("vuln",))
    client = Client(insecure=settings.insecure, cacert=settings.cacert)
    with (
        tempfile.TemporaryDirectory(prefix="pratique-") as folder,
        closing(open_image(target, chosen)) as source,
        closing(client),
    ):
        images = source.images(chosen.platform)
        if order.output == "archive" and len(images) > 1:
            raise UsageError("a docker archive holds one platform",
                             "choose one with --platform, or write a layout")  # fmt: skip
        layers: dict[str, Written] = {}
        both = WithLayers(source, layers)
        done = []
        for number, image in enumerate(images):
            own = os.path.join(folder, str(number))
            os.mkdir(own)
            maker = _Maker(both, layers, chosen, order, observe, rules, client)
            done.append(maker.make(image, own))
        if not any(one.layers for one in done):
            return done, ""
        return done, publish(done, both, order, chosen, folder)


class _Maker:
    def __init__(
        self, source: Source, layers: dict[str, Written], settings: Settings, order: Order,
        observe: Observe, rules: Sequence[Rule], client: Client,
    ) -> None:  # fmt: skip
        self._source = source
        self._layers = layers
        self._settings = settings
        self._order = order
        self._observe = observe
        self._rules = rules
        self._client = client

    def make(self, image: Image, folder: str) -> Patched:
        """Return an image with its patched successor, which has been scanned."""
        inventory = inventory_of(image, self._source, self._settings, self._observe)
        before = self._assess(inventory, image, self._settings)
        change, made, again = self._upon(image, inventory, self._change(image, before, folder))
        if self._order.engine:
            change = _seen(change, before, again)
            made = made if change.layer else image
        if self._order.app:
            return self._with_app(
                Patched(image, made, change, compare(before, before)), again, folder
            )
        if made is image:
            return Patched(image, image, change, compare(before, before))
        proof = compare(before, self._again(again, made))
        _refuse(proof)
        return Patched(image, made, change, proof)

    def _with_app(self, done: Patched, inventory: Inventory, folder: str) -> Patched:
        """Patch packages of the application as well; what brings flaws of its own goes further."""
        from pratique.patch import app  # noqa: PLC0415 - where it is asked for alone

        before = done.proof.before
        floors: dict[str, str] = {}
        with app.task(done.after, self._source, before, self._order, self._client, folder) as task:
            for number in range(_MOST_ROUNDS):
                own = os.path.join(folder, f"app{number}")
                os.mkdir(own)
                change = app.patch(replace(task, folder=own, floors=floors))
                _refuse_without(done.after, task.root, change)
                change, made, again = self._upon(done.after, inventory, change)
                if made is done.before:
                    return replace(done, app=change)
                proof = compare(before, self._again(again, made))
                further = app.floors(proof.new)
                if not further or further.items() <= floors.items():
                    break
                floors = {**floors, **further}
        _refuse(proof)
        return Patched(done.before, made, done.change, proof, change)

    def _again(self, inventory: Inventory, image: Image) -> Report:
        return self._assess(inventory, image, replace(self._settings, skip_db_update=True))

    def _upon(
        self, image: Image, inventory: Inventory, change: Change
    ) -> tuple[Change, Image, Inventory]:
        """Return an image with a change, and what is in it then."""
        if change.layer is None:
            return change, image, inventory
        self._layers[change.layer.diff_id] = change.layer
        made = patched(image, change.layer, self._order.command, self._order.epoch)
        return change, made, inventory_of(made, self._source, self._settings, self._observe)

    def _change(self, image: Image, before: Report, folder: str) -> Change:
        findings = [f for f in before.findings if f.package.type in _FAMILIES and f.fixed]
        if not findings:
            if not self._order.app:
                _refuse_others(before.inventory)
            return Change((), ())
        if self._order.engine:
            from pratique.patch.building import build  # noqa: PLC0415 - engines are for few

            return build(image, self._source, before.inventory, findings, self._order, folder)
        kind = findings[0].package.type
        wanted, family = _family(kind)
        root = read_root(image, self._source, within(wanted))
        change = family(root, findings, self._order, self._client, folder)
        _refuse_without(image, root, change)
        return change

    def _assess(self, inventory: Inventory, image: Image, settings: Settings) -> Report:
        return assess(inventory, settings, self._observe, self._rules, name=image.name, image=image)


def _seen(change: Change, before: Report, after: Inventory) -> Change:
    """Return what a build did; no layer where that is nothing."""
    from pratique.patch.building import staying, upgraded  # noqa: PLC0415 - engines are for few

    done = upgraded(before.inventory, after)
    layer = change.layer if done else None
    return replace(change, upgraded=done, stays=staying(before.findings, done), layer=layer)


_MOST_ROUNDS = 6
_FAMILIES = ("deb", "apk", "rpm")


def _family(kind: str) -> tuple[tuple[str, ...], Family]:
    """Return which files of an image a distribution's packages are patched by, and what does it."""
    from pratique.patch import alpine, debian, rpm  # noqa: PLC0415 - for a patch alone

    chosen = {"deb": debian, "apk": alpine, "rpm": rpm}[kind]
    return chosen.WANTED, chosen.patch


def _refuse_others(inventory: Inventory) -> None:
    """Raise UsageError for an image of a distribution that cannot be patched."""
    types = {package.type for package in inventory.packages}
    if types & {"alpm", "portage", "opkg"} and not types & set(_FAMILIES):
        raise UsageError("images of this distribution cannot be patched without rebuilding",
                         "rebuild it on a newer base")  # fmt: skip


def _refuse_without(image: Image, root: Root, change: Change) -> None:
    """Raise Refusal where what the image starts would not be there any more."""
    if program := lost(image.config, root, change.layer.removed if change.layer else ()):
        raise Refusal(f"{image.name} starts {program}, which the new versions do not have; "
                      "nothing is written")  # fmt: skip


def _refuse(proof: Comparison) -> None:
    """Raise Refusal where the patched image has findings that it did not have before."""
    if proof.new:
        finding, count = proof.new[0].finding, len(proof.new)
        more = f" and {count - 1} more" if count > 1 else ""
        raise Refusal(f"the patched image would have {finding.id} ({finding.severity}) in "
                      f"{finding.package.name} {finding.package.version}{more}, which it does not "
                      "have now; nothing is written")  # fmt: skip
