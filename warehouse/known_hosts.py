"""Which SFTP servers are trusted: those in ``~/.ssh/known_hosts``, as ssh itself would."""

from __future__ import annotations

from pathlib import Path

import paramiko


class KnownHosts(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Refuses a server whose key is not known; fsspec by itself would trust any, and so whoever stands in between."""

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        """Returns where the key is known; raises SSHException with the remedy."""
        known = Path.home() / ".ssh" / "known_hosts"
        if known.is_file() and paramiko.HostKeys(str(known)).check(hostname, key):
            return
        raise paramiko.SSHException(
            f"the key of {hostname} is not in {known}: see that it is the right one and add it, ssh-keyscan -H HOST"
        )
