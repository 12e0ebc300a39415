"""After an erasure a search finds the address nowhere: not in the database, log or a new export."""

from pathlib import Path

from smakom_mail.model.person import Basis
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.adding import Details, add_subscriber
from smakom_mail.services.subscribing.exporting import (
    export_people,
    new_file,
    write_csv,
    write_json,
)
from smakom_mail.services.subscribing.leaving import forget_subscriber
from smakom_mail.services.subscribing.typed import Ground
from tests.services.subscribing.keeping import ACT, CONSENT, NOW, later, made_project, opened

KIM = "kim@åmål.example"
FORMS = (KIM, "KIM@ÅMÅL.EXAMPLE", "Kim@xn--ml-xiab.example")
WORDS = ("kim@", "KIM@", "Kim@", "åmål", "ÅMÅL", "xiab")


def found_in(root: Path) -> list[str]:
    return sorted(
        f"{path.name}: {word}"
        for path in root.rglob("*")
        if path.is_file()
        for word in WORDS
        if word.encode() in path.read_bytes()
    )


def exported(store: Store, root: Path) -> None:
    with new_file(root / "export.csv", replace=True) as target:
        write_csv(export_people(store), target)
    with new_file(root / "export.json", replace=True) as target:
        write_json(export_people(store), target)


def test_an_address_in_the_rows_of_others_is_erased_in_all_its_forms(tmp_path: Path) -> None:
    made_project(tmp_path)
    with opened(tmp_path) as store:
        add_subscriber(store, KIM, Details(name="Kim", ground=CONSENT), ACT, NOW)
        for number, form in enumerate(FORMS):
            ground = Ground(Basis.CONSENT, f"Ja, {form}", f"brev från {form}", "2021-01-04")
            details = Details(name=f"c/o {form}", organisation=form, tags=(form,), ground=ground)
            add_subscriber(store, f"bo{number}@example.se", details, ACT, NOW)
        exported(store, tmp_path)
        assert len({line.partition(":")[0] for line in found_in(tmp_path)}) >= 3

        forget_subscriber(store, KIM, later(days=1))
        exported(store, tmp_path)

        assert found_in(tmp_path) == []
    assert found_in(tmp_path) == []
