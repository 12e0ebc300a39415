"""Where a database may lie: not in a folder that is synced, not on another machine's disk."""

import re
from pathlib import Path

from smakom_mail.errors import StoreError

MOUNTS = Path("/proc/self/mountinfo")

_HINT = (
    "put it on this machine's own disk: [database] url in smakom-mail.toml, or "
    "SMAKOM_MAIL_DATABASE=sqlite:////home/you/smakom-mail.db; keep copies there with db backup"
)
# A folder's name, and what programs add to it: "OneDrive - Exempelkommunen", "Dropbox (Kim)".
_SYNCED_NAMES = {
    "OneDrive": r"onedrive( .*)?",
    "Dropbox": r"dropbox( .*)?",
    "iCloud Drive": r"icloud ?drive( .*)?|mobile documents|com~apple~clouddocs",
    "Google Drive": r"google ?drive( .*)?|googledrive-.*|drivefs",
    "Nextcloud": r"nextcloud( .*|\d*)",
    "ownCloud": r"owncloud( .*|\d*)",
    "Syncthing": r"syncthing( .*)?",
    "a cloud service": r"cloudstorage",
}
_SYNCED = {
    service: re.compile(name, re.IGNORECASE | re.DOTALL) for service, name in _SYNCED_NAMES.items()
}
# What a synced folder holds beside the user's files.
_MARKERS = {
    ".849C9593-D756-4E56-8D6E-42412F2A707B": "OneDrive",
    ".dropbox.cache": "Dropbox",
    ".dropbox": "Dropbox",
    ".tmp.drivedownload": "Google Drive",
    ".tmp.driveupload": "Google Drive",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".stfolder": "Syncthing",
}
_SYNC_JOURNAL = re.compile(r"\._?sync_[0-9a-f]+\.db")
_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|ncpfs|afs|9p|ceph|glusterfs|lustre|beegfs|davfs\d?|vboxsf|vmhgfs|prl_fs"
    r"|fuse\.(sshfs|glusterfs|ceph.*|s3fs|rclone|davfs\d?|gvfsd-fuse|curlftpfs|smbnetfs|cifs|nfs.*"
    r"|vmhgfs-fuse|google-drive-ocamlfuse|onedriver|kio-fuse)"
)
_ESCAPED = re.compile(r"\\([0-7]{3})")


def require_own_disk(file: Path, mounts: Path = MOUNTS) -> None:
    """Refuse a database file in a synced folder or on a network file system.

    `file` is the real path; `mounts` is what Linux tells of its mounts, and may be missing.
    Raises StoreError.
    """
    if service := synced_by(file):
        raise StoreError(
            f"the database {file} lies in a folder that {service} syncs, which damages databases",
            _HINT,
        )
    if kind := network_kind(file, mounts):
        raise StoreError(
            f"the database {file} lies on a network file system ({kind}), which damages databases",
            _HINT,
        )


def synced_by(file: Path) -> str:
    """Name the service that syncs the folder of `file`; nothing where none does."""
    for folder in file.parents:
        for service, name in _SYNCED.items():
            if name.fullmatch(folder.name):
                return service
        if service := _marked(folder):
            return service
    return ""


def _marked(folder: Path) -> str:
    try:
        names = {entry.name for entry in folder.iterdir() if entry.name.startswith(".")}
    except OSError:
        return ""
    for marker, service in _MARKERS.items():
        # ~/.dropbox is a folder of settings; the file of that name marks a synced folder.
        if marker in names and (marker != ".dropbox" or (folder / marker).is_file()):
            return service
    return "Nextcloud" if any(_SYNC_JOURNAL.fullmatch(name) for name in names) else ""


def network_kind(file: Path, mounts: Path = MOUNTS) -> str:
    """Give the kind of the network file system that `file` lies on; nothing for a disk."""
    if str(file).startswith("\\\\"):
        return "a share of Windows"
    try:
        text = mounts.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""
    deepest, kind = -1, ""
    for line in text.split("\n"):
        before, dash, after = line.partition(" - ")
        fields = before.split(" ")
        if not dash or len(fields) < 5:
            continue
        point = Path(_ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4]))
        depth = len(point.parts)
        # Of two mounts at one place, the later covers the earlier.
        if depth >= deepest and (file == point or point in file.parents):
            deepest, kind = depth, after.split(" ", 1)[0]
    return kind if _NETWORK.fullmatch(kind) else ""
