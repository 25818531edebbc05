"""JupyterLab for the data's owner: a server that ends with the command that started it and serves this machine alone."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

LOCAL = (
    "--ServerApp.ip=127.0.0.1", "--ServerApp.sock=", "--ServerApp.allow_remote_access=False", "--ServerApp.allow_origin=",
    "--ServerApp.allow_origin_pat=", "--ServerApp.disable_check_xsrf=False",
    "--ServerApp.identity_provider_class=jupyter_server.auth.identity.PasswordIdentityProvider",
    "--ServerKernelManager.ip=127.0.0.1",
)
"""Said on the command line, which goes before the user's own settings: those of another server may be open to a network."""

GRACE = 20  # seconds that the server has to end its kernels


def explore(notebook: Path, study: Path) -> int:
    """Open JupyterLab on the notebook and wait for its end; returns its exit status.

    Where this process is asked to end, by SIGTERM as `KeyboardInterrupt`, the server is, too.
    """
    command = [sys.executable, "-m", __spec__.name, str(notebook)]
    environment = os.environ | {"ANALYSIS_STUDY": str(study)}
    with subprocess.Popen(command, env=environment, cwd=notebook.parent, umask=0o077 if os.name != "nt" else -1) as lab:
        try:
            return lab.wait()
        except KeyboardInterrupt:
            lab.terminate()
            try:
                return lab.wait(GRACE)
            except subprocess.TimeoutExpired:
                lab.kill()
                return lab.wait()


def _serve(notebook: str) -> None:
    """The server, in a process of its own; its token stands in no command line, which others on the machine can read."""
    from jupyterlab.labapp import LabApp

    token = f"--PasswordIdentityProvider.token={secrets.token_urlsafe(32)}"
    LabApp.launch_instance([notebook, *LOCAL, token])


if __name__ == "__main__":
    _serve(sys.argv[1])
