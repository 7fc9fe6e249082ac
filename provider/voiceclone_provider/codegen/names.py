"""What the package is called: in Pulumi's Registry, and in the package index of every language."""

from __future__ import annotations

from typing import Any

PACKAGE = "voiceclone"
DISPLAY_NAME = "Voiceclone"
PUBLISHER = "voiceclone"
LICENSE = "Apache-2.0"
REPOSITORY = "https://github.com/voiceclone/pulumi-voiceclone"
LOGO = "docs/logo.svg"
"""In this repository. The Registry wants it as an address."""
LOGO_URL = f"https://raw.githubusercontent.com/voiceclone/pulumi-voiceclone/main/{LOGO}"
PLUGIN_DOWNLOAD_URL = "github://api.github.com/voiceclone"
"""Where Pulumi finds the plugin's archives: in the releases of the owner's `pulumi-voiceclone`."""
KEYWORDS = ("pulumi", PACKAGE, "voice cloning", "tts", "category/cloud", "kind/native")
"""The Registry takes a category and a kind from them."""

PYTHON_PACKAGE = "pulumi_voiceclone"
NODE_PACKAGE = "@voiceclone/pulumi"
GO_MODULE = "github.com/voiceclone/pulumi-voiceclone/sdk/go"
GO_IMPORT = f"{GO_MODULE}/{PACKAGE}"
DOTNET_ROOT = "PulumiVoiceclone"
"""NuGet keeps `Pulumi.` for Pulumi's own packages. Programs call the namespace below the root `Voiceclone`,
which C# refuses where the root has that name."""
JAVA_GROUP = "io.github.voiceclone"

OLDEST_PULUMI = "3.260.0"
"""The oldest SDK of Pulumi's that the plugin's tests run with."""


def languages() -> dict[str, dict[str, Any]]:
    """The schema's `language`: how the SDKs are called, and what they need."""
    return {
        "python": {
            "packageName": PYTHON_PACKAGE,
            "requires": {"pulumi": f">={OLDEST_PULUMI},<4.0.0"},
            "pyproject": {"enabled": True},
            "respectSchemaVersion": True,
        },
        "nodejs": {
            "packageName": NODE_PACKAGE,
            "dependencies": {"@pulumi/pulumi": f"^{OLDEST_PULUMI}"},
            "respectSchemaVersion": True,
        },
        "go": {
            "importBasePath": GO_IMPORT,
            "generateResourceContainerTypes": True,
            "respectSchemaVersion": True,
        },
        "csharp": {
            "rootNamespace": DOTNET_ROOT,
            "namespaces": {PACKAGE: DISPLAY_NAME},
            "packageReferences": {"Pulumi": "3.*"},
            "respectSchemaVersion": True,
        },
        "java": {
            "basePackage": JAVA_GROUP,
            "buildFiles": "gradle",
            "dependencies": {
                "com.pulumi:pulumi": "1.36.1",
                "com.google.code.findbugs:jsr305": "3.0.2",
                "com.google.code.gson:gson": "2.10",
            },
        },
    }
