"""Commands for the key that signs messages: dkim keygen, dkim show."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smakom_mail.cli import options, output
from smakom_mail.cli.options import Command

if TYPE_CHECKING:
    from smakom_mail.services.sending.signing import PublishedKey


@click.group(short_help="See to the key that signs messages.")
def dkim() -> None:
    """The key with which messages are signed (DKIM). The private half is never shown."""


def _of_the_key(command: Command) -> Command:
    for option in (
        click.option("--domain", metavar="DOMAIN", default="", help="Sign for this domain."),
        click.option("--selector", metavar="NAME", default="", help="The key's name in DNS."),
        options.output_format,
        options.project,
    ):
        command = option(command)
    return command


@dkim.command(short_help="Make the key that signs messages, and print its DNS record.")
@_of_the_key
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it here; without it [dkim] key_file, else var/dkim.pem.",
)
@click.option("--replace", is_flag=True, help="Put it in the place of a key that is there.")
@options.yes
def keygen(domain: str, selector: str, out: Path | None, *, replace: bool) -> None:
    """Make an RSA key of 2048 bits, readable for you alone, and print its DNS record.

    A key that is there is not replaced unless --replace says so: publish the new record under
    another selector then, since messages on their way are verified with the old one.
    """
    from smakom_mail.services.sending.signing import make_dkim_key

    made = make_dkim_key(
        options.workplace(), domain=domain, selector=selector, out=out, replace=replace
    )
    click.echo(f"made {output.shown(made.file)}, which only you can read", err=True)
    _show(made)


@dkim.command(short_help="Print the DNS record of the key again.")
@_of_the_key
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read it here; without it [dkim] key_file, else var/dkim.pem.",
)
def show(domain: str, selector: str, key: Path | None) -> None:
    """Print the DNS record of the key: its public half, which is no secret."""
    from smakom_mail.services.sending.signing import show_dkim_key

    _show(show_dkim_key(options.workplace(), domain=domain, selector=selector, file=key))


def _show(key: "PublishedKey") -> None:
    if options.form() == "json":
        output.as_json(
            {
                "file": str(key.file),
                "domain": key.domain,
                "selector": key.selector,
                "type": "TXT",
                "name": key.name,
                "value": key.value,
                "strings": list(key.strings),
                "zone_line": key.zone_line,
                "configured": key.configured,
            }
        )
        return
    click.echo(f"publish this in the DNS of {key.domain}:\n")
    click.echo(f"type   TXT\nname   {key.name}\nvalue  {key.value}\n")
    click.echo(f"the same as a line of a zone file:\n\n{key.zone_line}")
    relative = key.name.removesuffix(f".{key.domain}")
    click.echo(f"\nmost DNS hosts want the name as {relative}, without the domain", err=True)
    if not key.configured:
        lines = "\n".join(f"    {line}" for line in key.settings)
        click.echo(f"to sign with it, write in smakom-mail.toml:\n\n{lines}", err=True)
