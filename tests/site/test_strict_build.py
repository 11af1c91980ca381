"""MkDocs가 스스로 찾는 흠도 빌드를 멈추고 페이지를 알립니다. 나머지는 `test_faults`에 있습니다."""

from pathlib import Path

from toy import Toy

WARNED = {
    "anchor": ("[없는 곳](#nowhere)", "'anchor.md' contains a link '#nowhere'"),
    "far-anchor": ("[먼 곳](tags.md#nowhere)", "'far-anchor.md' contains a link 'tags.md#nowhere'"),
    "page": ("[없는 페이지](nothing.md)", "'page.md' contains a link 'nothing.md'"),
    "picture": ("![없는 그림](nothing.png)", "'picture.md' contains a link 'nothing.png'"),
}


def test_every_broken_link_stops_the_build_and_names_its_page(
    tmp_path: Path, undisturbed: Toy
) -> None:
    made = ("results", "figures", "outputs", "notebooks")
    toy = Toy(tmp_path / "site", 0.0).borrow(undisturbed, *made)
    for name, (body, _) in WARNED.items():
        toy.write(f"{name}.md", f"# 페이지\n\n{body}\n")
    done = toy.build()
    assert done.returncode != 0
    for _, complaint in WARNED.values():
        assert complaint in done.stdout
    assert f"Aborted with {len(WARNED)} warnings" in done.stdout
