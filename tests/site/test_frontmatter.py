import datetime

import pytest

from gan_docs.site.page import frontmatter

META = {
    "title": "GAN은",
    "date": datetime.date(2019, 8, 20),
    "categories": "Deep Learning",
    "tags": ["GAN", "Generative model"],
}


@pytest.mark.parametrize("date", [META["date"], "2019-8-20 15:09:28 -0400"])
def test_reads_everything_that_the_byline_shows(date: object) -> None:
    read = frontmatter.read({**META, "date": date})
    assert read.title == "GAN은"
    assert read.date == datetime.date(2019, 8, 20)
    assert read.categories == ("Deep Learning",)
    assert read.tags == ("GAN", "Generative model")


def test_the_source_has_its_own_date() -> None:
    assert frontmatter.read(META).source is None
    source = frontmatter.read({**META, "source": "2019-8-20 15:09:28 -0400"}).source
    assert source == datetime.date(2019, 8, 20)
    with pytest.raises(frontmatter.FrontMatterError, match="2019-08-20과 같은 날짜"):
        frontmatter.read({**META, "source": "어제"})


@pytest.mark.parametrize("name", frontmatter.REQUIRED)
def test_names_the_missing_item(name: str) -> None:
    with pytest.raises(frontmatter.FrontMatterError, match=f"앞머리에 없는 항목: {name}"):
        frontmatter.read({**META, name: None})


@pytest.mark.parametrize(
    ("name", "value"),
    [("title", 3), ("date", "어제"), ("date", "2019-13-40"), ("tags", [1, 2]), ("categories", {})],
)
def test_refuses_a_value_of_another_kind(name: str, value: object) -> None:
    with pytest.raises(frontmatter.FrontMatterError, match=name):
        frontmatter.read({**META, name: value})


def test_reading_time_counts_letters_and_neither_code_nor_what_is_folded() -> None:
    letters = "<p>" + "가 나 " * 500 + "</p>"
    code = "<pre><code>" + "x = 1\n" * 500 + "</code></pre>"
    folded = "<details>" + "가" * 5000 + "<pre>" + "x\n" * 500 + "</pre></details>"
    assert frontmatter.reading_minutes("") == frontmatter.reading_minutes("<p>가</p>") == 1
    assert frontmatter.reading_minutes(letters) == 2
    assert frontmatter.reading_minutes(letters + code + folded) == 2
