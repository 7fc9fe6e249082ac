"""The documentation: what is generated is fresh, Chinese follows English, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import reference
import translations
from voiceclone_provider.account.config import KEYS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(ROOT.glob("examples/*/README.md")),
    ROOT / "tests" / "standin" / "README.md",
]


def test_what_is_generated_is_fresh() -> None:
    behind = [path for path, text in reference.wanted().items() if path.read_text("utf-8") != text]
    assert not behind, "run make docs"


def test_every_code_has_the_vendors_words_and_no_words_are_left_over() -> None:
    words = reference._yaml(ROOT / "docs" / "words.yaml")
    for vendor, rows in reference.ERRORS.items():
        codes = {code for _, code, _, _ in rows() if code and not code.startswith("“")}
        assert codes == {str(code) for code in words[vendor]}


def test_a_sentence_without_translation_is_named() -> None:
    with pytest.raises(reference.UntranslatedError, match=r"no Chinese for: A sentence of today\.$"):
        reference.chinese("A change replaces the voice. A sentence of today.")
    assert reference.chinese("A change replaces the voice. API V3 only.") == "变化时重建音色。仅 API V3。"


def test_every_key_is_on_the_page() -> None:
    for page in ("docs", "docs/zh"):
        text = (ROOT / page / "installation-configuration.md").read_text("utf-8")
        for name, key in KEYS.items():
            secret = {"docs": "secret", "docs/zh": "机密"}[page] if key.secret else ""
            assert f"| `{name}` | `{key.environment}` | {secret} |" in text


def test_chinese_follows_english() -> None:
    assert list(translations.faults()) == []


ENGLISH = "# Title\n\nText.\n\n## Run\n\n```sh\npulumi up   # now\n```\n\n| | |\n|---|---|\n| `a` | b |\n"
CHINESE = "# 标题\n\n文字。\n\n## 运行\n\n```sh\npulumi up   # 现在\n```\n\n| | |\n|---|---|\n| `a` | 乙 |\n"


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """An English page and its translation, in step."""
    english, chinese = tmp_path / "page.md", tmp_path / "zh" / "page.md"
    chinese.parent.mkdir()
    english.write_text(ENGLISH, "utf-8")
    chinese.write_text(CHINESE, "utf-8")
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "CHINESE", tmp_path / "zh")
    monkeypatch.setattr(translations, "pairs", lambda: iter([(english, chinese)]))
    translations.sign(chinese)
    assert list(translations.faults()) == []
    return english, chinese


@pytest.mark.parametrize(
    ("former", "latter", "fault"),
    [
        ("Text.", "Another text.", "page.md, 'Title': changed, and its translation '标题' did not"),
        ("## Run", "## Start", "page.md, 'Start': changed, and its translation '运行' did not"),
        ("## Run", "### Run", "page.md: its translation has other headings"),
        ("pulumi up ", "pulumi preview ", "page.md: its translation has other code"),
        ("| `a` |", "| `c` |", "page.md: its translation has other names in the first column of a table"),
    ],
)
def test_a_change_of_the_english_page_alone_is_named(
    pair: tuple[Path, Path], former: str, latter: str, fault: str
) -> None:
    page = pair[0]
    page.write_text(page.read_text("utf-8").replace(former, latter), "utf-8")
    assert fault in list(translations.faults())


def test_a_comment_in_code_may_be_translated_and_a_missing_page_is_named(pair: tuple[Path, Path]) -> None:
    assert translations.code_blocks(ENGLISH) == translations.code_blocks(CHINESE) == [("sh", "pulumi up")]
    pair[1].unlink()
    assert list(translations.faults()) == ["page.md has no translation zh/page.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", page.read_text("utf-8")):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), f"{target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    titles = [section.title.lower() for section in translations.sections(page.read_text("utf-8"))]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}
