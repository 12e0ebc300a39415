"""What docs/deploy.md has for other programs does what it says there."""

import re

import pytest

from tests.conftest import ROOT

DEPLOY = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
TOKEN = "Zm9v_YmFy-MTIzNDU2Nzg5MGFiY2RlZmdoaW"  # noqa: S105 - of the shape of one
KEPT = (
    "/", "/archive/", "/archive/januari-2021/", "/archive/januari-2021/images/bild-0a1b2c3d.png",
    "/feed.xml", "/brev/archive/", "/subscribe", "/preferences", "/undo", "/nu/",
)  # fmt: skip
SECRET = {
    f"/u/{TOKEN}": "/u/-",
    f"/u/{TOKEN}/undo": "/u/-",
    f"/u/{TOKEN}?lang=en": "/u/-",
    f"/confirm/{TOKEN}": "/confirm/-",
    f"/preferences/{TOKEN}": "/preferences/-",
    f"/brev/u/{TOKEN}": "/brev/u/-",
    f"/brev/2021/confirm/{TOKEN}": "/brev/2021/confirm/-",
    f"//u/{TOKEN}": "//u/-",
    f"/brev//u/{TOKEN}": "/brev//u/-",
    f"/u//{TOKEN}": "/u/-",
    f"/u/{TOKEN}/u/{TOKEN}": "/u/-",
    "/u/somebody%40kommun.se": "/u/-",
}
DISGUISED = (f"/%75/{TOKEN}", f"/u%2F{TOKEN}", f"/U/{TOKEN}", f"/{TOKEN}", f"/?link={TOKEN}")


def nginx(uri: str) -> str:
    """Give what the map of the document makes of an address: its first pattern that fits."""
    found = re.search(r"map \$request_uri \$masked_uri \{\n(.*?)\n +\}", DEPLOY, re.DOTALL)
    assert found
    for line in found[1].splitlines():
        pattern, value = re.fullmatch(r' +"~(.+)" +(\S+);', line).groups()  # type: ignore[union-attr] # fails where it is none
        if fits := re.search(pattern.replace("(?<", "(?P<"), uri):
            return re.sub(r"\$(\w+)", lambda name: fits[name[1]], value)
    return ""


def caddy(uri: str) -> str:
    """Give what the filter of the document makes of an address."""
    found = re.search(r'request>uri regexp "(.+)" "(.+)"\n', DEPLOY)
    assert found
    return re.sub(found[1], lambda fits: found[2].replace("$1", fits[1] or ""), uri)


@pytest.mark.parametrize(("uri", "masked"), SECRET.items())
def test_no_proxy_s_log_holds_a_token(uri: str, masked: str) -> None:
    assert (nginx(uri), caddy(uri)) == (masked, masked)


@pytest.mark.parametrize("uri", DISGUISED)
def test_nor_one_that_is_spelled_otherwise(uri: str) -> None:
    assert nginx(uri) == "/-"
    assert re.fullmatch(r".{1,8}/-", caddy(uri))


@pytest.mark.parametrize("uri", KEPT)
def test_what_holds_none_is_logged_as_it_is(uri: str) -> None:
    assert (nginx(uri), caddy(uri)) == (uri, uri)
    assert nginx(f"{uri}?q=vind") == uri


def body_limits(uri: str) -> tuple[str, str]:
    """Give how much the body of a POST may have behind nginx and behind Caddy."""
    leaving = re.search(r"location ~ (\S+) \{\n +client_max_body_size (\w+);\n +proxy_pass", DEPLOY)
    usual = re.search(r"^ {8}client_max_body_size (\w+);", DEPLOY, re.MULTILINE)
    assert leaving
    assert usual
    limits = []
    for name, no, path in re.findall(r"^ {8}@(\w+) (not )?path \*(\S+)\*$", DEPLOY, re.MULTILINE):
        limit = re.search(rf"request_body @{name} \{{\n +max_size (\w+)\n", DEPLOY)
        assert limit
        limits += [limit[1]] if (path in uri) != bool(no) else []
    assert len(limits) == DEPLOY.count("request_body") - 1 == 1
    return leaving[2] if re.search(leaving[1], uri) else usual[1], limits[0]


@pytest.mark.parametrize("uri", [f"/u/{TOKEN}", f"/brev/u/{TOKEN}", f"/u/{TOKEN}/undo"])
def test_a_no_may_have_a_large_body_behind_either_proxy(uri: str) -> None:
    assert body_limits(uri) == ("1m", "1MB")


@pytest.mark.parametrize("uri", ["/subscribe", "/preferences", f"/confirm/{TOKEN}", "/"])
def test_whatever_else_is_sent_may_have_little(uri: str) -> None:
    assert body_limits(uri) == ("64k", "64KB")
