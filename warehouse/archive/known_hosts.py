"""Which SFTP servers are trusted: those in ``~/.ssh/known_hosts``, as ssh itself would."""

from __future__ import annotations

from pathlib import Path

import paramiko


class KnownHosts(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Refuses a server whose key is not known; fsspec by itself would trust any, and so whoever stands in between."""

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        """Returns where the key is known; raises SSHException with the remedy where it is not, or is another one."""
        file = Path.home() / ".ssh" / "known_hosts"
        known = paramiko.HostKeys(str(file)).lookup(hostname) if file.is_file() else None
        kept = known.get(key.get_name()) if known is not None else None
        if kept == key:
            return
        if kept is not None:
            raise paramiko.SSHException(
                f"the key of {hostname} is not the one in {file}: another machine may stand in its place; ask who runs "
                "the server before you change the entry"
            )
        raise paramiko.SSHException(
            f"the key of {hostname} ({key.get_name()}) is not in {file}: see that it is the right one and add it "
            "(ssh-keyscan tells it)"
        )
