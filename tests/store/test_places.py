"""Where a database may not lie: synced folders and the disks of other machines."""

from pathlib import Path

import pytest

from smakom_mail.errors import StoreError
from smakom_mail.store import open_database
from smakom_mail.store.places import network_kind, require_own_disk, synced_by

MOUNTS = """\
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/share rw - nfs4 server.example:/share rw
31 22 0:41 / /mnt/windows\\040files rw shared:1 - cifs //server.example/x rw
32 22 0:42 / /home/kim/remote rw - fuse.sshfs kim@server.example: rw
33 30 8:2 / /mnt/share/local rw - ext4 /dev/sdb1 rw
34 22 0:43 / /mnt/c rw - 9p drvfs rw
35 22 8:3 / /mnt/twice rw - nfs server.example:/old rw
36 22 8:3 / /mnt/twice rw - xfs /dev/sdc1 rw
this line says nothing
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    """Write a table of mounts as Linux shows it."""
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("/var/lib/x.db", ""),
        ("/mnt/share/x.db", "nfs4"),
        ("/mnt/share/deep/er/x.db", "nfs4"),
        ("/mnt/shared/x.db", ""),
        ("/mnt/share/local/x.db", ""),
        ("/mnt/windows files/x.db", "cifs"),
        ("/home/kim/remote/x.db", "fuse.sshfs"),
        ("/home/kim/x.db", ""),
        ("/mnt/c/Users/kim/x.db", "9p"),
        ("/mnt/twice/x.db", ""),
        ("\\\\server\\share\\x.db", "a share of Windows"),
    ],
)
def test_the_mount_around_a_file_tells_its_kind(mounts: Path, file: str, kind: str) -> None:
    assert network_kind(Path(file), mounts) == kind


def test_where_no_mounts_are_told_every_disk_is_a_disk(tmp_path: Path) -> None:
    assert network_kind(Path("/mnt/share/x.db"), tmp_path / "none") == ""


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("OneDrive", "OneDrive"),
        ("OneDrive - Exempelkommunen", "OneDrive"),
        ("Dropbox (Kim)", "Dropbox"),
        ("dropbox", "Dropbox"),
        ("iCloudDrive", "iCloud Drive"),
        ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud Drive"),
        ("Google Drive", "Google Drive"),
        ("Library/CloudStorage/GoogleDrive-kim@exempel.example/Min enhet", "Google Drive"),
        ("Library/CloudStorage/Box-Box", "a cloud service"),
        ("Nextcloud", "Nextcloud"),
        ("Nextcloud2/Nyhetsbrev", "Nextcloud"),
        ("ownCloud", "ownCloud"),
        ("Syncthing", "Syncthing"),
        ("onedrives", ""),
        ("my-dropbox-notes", ""),
        ("Nyhetsbrev", ""),
    ],
)
def test_a_synced_folder_is_known_by_its_name(tmp_path: Path, folder: str, service: str) -> None:
    assert synced_by(tmp_path / folder / "var" / "x.db") == service


@pytest.mark.parametrize(
    ("marker", "service"),
    [
        (".stfolder", "Syncthing"),
        (".dropbox", "Dropbox"),
        (".dropbox.cache", "Dropbox"),
        (".nextcloudsync.log", "Nextcloud"),
        (".sync_0a1b2c3d4e5f.db", "Nextcloud"),
        ("._sync_0a1b2c3d4e5f.db", "Nextcloud"),
        (".tmp.driveupload", "Google Drive"),
        (".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"),
        (".syncing.txt", ""),
        ("stfolder", ""),
    ],
)
def test_a_synced_folder_is_known_by_what_its_service_leaves_there(
    tmp_path: Path, marker: str, service: str
) -> None:
    (tmp_path / marker).touch()

    assert synced_by(tmp_path / "nyhetsbrev" / "var" / "x.db") == service


def test_the_settings_of_dropbox_in_a_home_folder_sync_nothing(tmp_path: Path) -> None:
    (tmp_path / ".dropbox").mkdir()

    assert synced_by(tmp_path / "x.db") == ""


def test_the_sentence_says_what_to_do(tmp_path: Path, mounts: Path) -> None:
    with pytest.raises(StoreError) as synced:
        open_database("sqlite:///Dropbox/x.db", tmp_path, create=True)
    with pytest.raises(StoreError) as shared:
        require_own_disk(Path("/mnt/share/x.db"), mounts)

    place = tmp_path / "Dropbox" / "x.db"
    hint = (
        "put it on this machine's own disk: [database] url in smakom-mail.toml, or "
        "SMAKOM_MAIL_DATABASE=sqlite:////home/you/smakom-mail.db; keep copies there with db backup"
    )
    assert synced.value.message == (
        f"the database {place} lies in a folder that Dropbox syncs, which damages databases"
    )
    assert synced.value.hint == hint
    assert not place.parent.exists()
    assert shared.value.message == (
        "the database /mnt/share/x.db lies on a network file system (nfs4), which damages databases"
    )
    assert shared.value.hint == hint


def test_a_link_into_a_synced_folder_leads_there(tmp_path: Path) -> None:
    (tmp_path / "OneDrive").mkdir()
    (tmp_path / "var").symlink_to(tmp_path / "OneDrive")

    with pytest.raises(StoreError, match="OneDrive syncs"):
        open_database("sqlite:///var/x.db", tmp_path, create=True)
