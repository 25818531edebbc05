"""JupyterLab for the data's owner: a server that ends with the command that started it and serves this machine alone."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

LOCAL = (
    "--ServerApp.ip=127.0.0.1", "--ServerApp.sock=", "--ServerApp.allow_remote_access=False", "--ServerApp.allow_origin=",
    "--ServerApp.allow_origin_pat=", "--ServerApp.disable_check_xsrf=False",
    "--ServerApp.identity_provider_class=jupyter_server.auth.identity.PasswordIdentityProvider",
    "--ServerKernelManager.ip=127.0.0.1",
)
"""Said on the command line, which goes before the user's own settings: those of another server may be open to a network."""

SETTINGS = Path(__file__).with_name("lab_settings")
"""JupyterLab's `overrides.json`: it asks nobody for news."""

QUIET = ("--ServerApp.log_level=ERROR", "--LabApp.log_level=ERROR")
AS_ROOT = ("You are root, so the notebook's code may change anything here. In a container that is usual; elsewhere start "
           "it as yourself.")
GRACE = 20  # seconds that the server has to end its kernels


def explore(notebook: Path, study: Path, port: int | None = None, browser: bool = True) -> int:
    """Open JupyterLab on the notebook and wait for its end; returns its exit status.

    `port`: of this machine; None: a free one. `browser`: open one; the address is printed anyhow. Where this process is
    asked to end, by SIGTERM as `KeyboardInterrupt`, the server is, too.
    """
    chosen = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"] if port else []
    chosen += [] if browser else ["--no-browser"]
    command = [sys.executable, "-m", __spec__.name, str(notebook), *chosen]
    environment = os.environ | {"ANALYSIS_STUDY": str(study), "JUPYTER_PREFER_ENV_PATH": "1"}  # this Python's own kernel
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


def taken(port: int) -> bool:
    """Whether something listens at this port of the machine already."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def _serve(notebook: str, *chosen: str) -> None:
    """The server, in a process of its own; its token stands in no command line, which others on the machine can read."""
    from jupyterlab.labapp import LabApp

    token = secrets.token_urlsafe(32)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    app = LabApp.initialize_server([
        notebook, *LOCAL, *QUIET, *chosen, *["--allow-root"] * root, f"--LabApp.app_settings_dir={SETTINGS}",
        f"--PasswordIdentityProvider.token={token}"])
    address = f"{app.connection_url}lab/tree/{quote(Path(notebook).name)}?token={token}"
    print(f"The notebook is open at {address}\nOnly this machine can reach it. Ctrl-C ends it.", flush=True)
    if root:
        print(AS_ROOT, flush=True)
    app.start()


if __name__ == "__main__":
    _serve(*sys.argv[1:])
