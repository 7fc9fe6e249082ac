"""What the `Voice` classes have in common: the resource as the program sees it."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, ClassVar, Final, Self, cast

import pulumi
from pulumi.dynamic import Resource

from . import credentials, keys
from .common import VoiceOutputs
from .provider import VoiceProvider


class BaseVoice(VoiceOutputs, Resource):
    """A cloned voice.

    Not to be made itself: the vendors' modules have the classes, whose arguments are documented there. A
    voice that is not as declared when its turn is over (the training failed, or took longer than its
    time-out) is kept in the state and ends the program with `pulumi.RunError`, so that `pulumi up` fails; the
    next one goes on with the same voice.
    """

    _vendor: ClassVar[str]

    def __init_subclass__(cls, vendor: str = "", **kwargs: Any) -> None:
        kept = getattr(cls, "_resource_type_name", None)
        if vendor:
            cls._vendor = vendor
            super().__init_subclass__(module=keys.module_of(vendor), name="Voice", **kwargs)
        else:
            super().__init_subclass__(**kwargs)
            if kept:  # a subclass of a vendor's class makes the same resources
                cls._resource_type_name = kept

    def _declare(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None,
        inputs: Mapping[str, Any],
        outputs: Sequence[str],
    ) -> None:
        """Register the resource; inputs and outputs have their Pulumi names."""
        if opts is not None and opts.import_ is not None:
            raise pulumi.RunError(
                f"{resource_name}: Pulumi cannot import what a dynamic provider manages. "
                "Use `get` to look at a voice, or the plugin to import it."
            )
        if pulumi.runtime.is_dry_run():
            credentials.warn_of_missing(self._vendor)
        properties: dict[str, Any] = {**dict.fromkeys(outputs), **inputs}
        if "audio" in inputs:
            properties["audio"] = _map(inputs["audio"], _place)
        properties[keys.HIDDEN] = self._hidden(resource_name, opts or pulumi.ResourceOptions(), inputs)
        super().__init__(VoiceProvider(), resource_name, properties, opts)

        def stop(hidden: Mapping[str, Any] | None) -> None:
            trouble = (hidden or {}).get(keys.TROUBLE)
            if trouble and not pulumi.runtime.is_dry_run():
                raise pulumi.RunError(f"{resource_name}: {trouble}")

        # Whatever uses the ID waits for the same answer.
        voice_id = pulumi.Output.all(self.__dict__["voiceId"], self.__dict__[keys.HIDDEN].apply(stop))
        self.__dict__["voiceId"] = voice_id.apply(lambda both: both[0])

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],  # noqa: A002  as all SDKs name it
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Look at a voice that this stack does not manage. Changes nothing at the vendor.

        Arguments:
            resource_name: a name of its own in the program.
            id: the voice's ID.
            opts: options of the look-up.
        """
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        made: Self = cast(Any, cls)(resource_name, options)  # every vendor's class can be made like this
        return made

    async def _hidden(
        self, name: str, opts: pulumi.ResourceOptions, inputs: Mapping[str, Any]
    ) -> dict[str, Any]:
        # Awaited, not applied: an output of the parent would make the voice depend on itself.
        parent = await opts.parent.urn.future() if opts.parent is not None else None
        if parent is None:
            urn = keys.urn_of(pulumi.get_stack(), pulumi.get_project(), self._vendor, name)
        else:
            urn = keys.child_urn(parent, self._vendor, name)
        hidden: dict[str, Any] = {keys.URN: urn}
        secrets = [key for key, value in inputs.items() if await _is_secret(value)]
        if secrets:
            hidden[keys.SECRETS] = secrets
        times = _timeouts(opts.custom_timeouts)
        if times:
            hidden[keys.TIMEOUTS] = times
        return hidden


def _timeouts(given: pulumi.CustomTimeouts | Mapping[str, str] | None) -> dict[str, str]:
    times = given if isinstance(given, Mapping) else vars(given) if given else {}
    return {verb: str(times[verb]) for verb in ("create", "update", "delete") if times.get(verb)}


def _map(value: Any, change: Any) -> Any:
    """`change` of a value that may not be known yet."""
    if value is None:
        return None
    if isinstance(value, str | os.PathLike | pulumi.Asset | pulumi.Archive):
        return change(value)
    return pulumi.Output.from_input(value).apply(change)


def _place(sample: object) -> object:
    """Where a sample is. A dynamic provider does not get the hash of an asset, nor in diff its path, so a
    plain object is sent in its place, and the provider's check adds the hash. The output of another voice
    has one already, which is left out: it says what that voice declares, not what the file holds."""
    if isinstance(sample, str | os.PathLike):
        return {"path": os.fsdecode(sample)}
    if isinstance(sample, pulumi.FileAsset):
        return {"path": sample.path}
    if isinstance(sample, pulumi.RemoteAsset):
        return {"uri": sample.uri}
    if isinstance(sample, pulumi.StringAsset):
        return {"text": sample.text}
    if isinstance(sample, Mapping):
        return {name: value for name, value in sample.items() if name != "hash"}
    return {"archive": True} if isinstance(sample, pulumi.Archive) else sample


_PLAIN: Final = (str, bool, int, float, os.PathLike, pulumi.Asset, Awaitable)


async def _is_secret(value: Any) -> bool:
    if value is None or isinstance(value, _PLAIN):
        return False
    return bool(await pulumi.Output.from_input(value).is_secret())
