"""The exploring server: for this machine alone, whatever the user's own settings say, and gone with its command."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psutil
import pytest
from click.testing import CliRunner

from analysis.cli import main
from runs import tiny_study

OPEN_TO_ALL = """
c.ServerApp.ip = "0.0.0.0"
c.ServerApp.allow_remote_access = True
c.ServerApp.allow_origin = "*"
c.ServerApp.allow_origin_pat = ".*"
c.ServerApp.disable_check_xsrf = True
c.ServerApp.token = ""
c.ServerApp.password = ""
c.IdentityProvider.token = ""
c.PasswordIdentityProvider.token = ""
c.KernelManager.ip = "0.0.0.0"
c.ServerKernelManager.ip = "0.0.0.0"
c.ServerApp.allow_root = True
c.ServerApp.open_browser = False
c.ExtensionApp.open_browser = False
c.LabApp.open_browser = False
"""
PATIENCE = 60  # seconds until a test gives up on what must come at last


def wait_for(happened, what: str):
    end = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.1)
    return found


def addresses(process: psutil.Process) -> list[str]:
    return [one.laddr.ip for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN]


def answered(server: dict, method: str, path: str, **headers) -> int:
    address = urlsplit(server["url"])
    connection = HTTPConnection(address.hostname, address.port, timeout=PATIENCE)
    connection.request(method, path, headers=headers)
    return connection.getresponse().status


def body(server: dict, path: str) -> dict:
    address = urlsplit(server["url"])
    connection = HTTPConnection(address.hostname, address.port, timeout=PATIENCE)
    connection.request("GET", path)
    return json.loads(connection.getresponse().read())


def test_a_port_in_use_is_told_before_anything_is_started(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = CliRunner().invoke(main, ["explore", str(tiny_study(tmp_path / "study")), "--port", str(port)])
    assert result.exit_code == 2 and f"port {port} is in use; leave the option out for a free one." in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="ends a process as only POSIX systems do")
def test_the_server_is_for_this_machine_alone_and_ends_with_its_kernels_when_the_command_is_ended(tmp_path):
    settings, runtime = tmp_path / "settings", tmp_path / "runtime"
    settings.mkdir()
    (settings / "jupyter_server_config.py").write_text(OPEN_TO_ALL, encoding="utf-8")
    (settings / "jupyter_lab_config.py").write_text(OPEN_TO_ALL, encoding="utf-8")
    study = tiny_study(tmp_path / "study")
    environment = os.environ | {"JUPYTER_CONFIG_DIR": str(settings), "JUPYTER_RUNTIME_DIR": str(runtime),
                                "JUPYTER_TOKEN": "", "TMPDIR": str(tmp_path)}
    command = psutil.Popen([sys.executable, "-m", "analysis", "explore", str(study)], env=environment, cwd=tmp_path,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8")
    family = [command]
    try:
        (file,) = wait_for(lambda: list(runtime.glob("jpserver-*.json")), "the server")
        server = wait_for(lambda: json.loads(file.read_text(encoding="utf-8") or "null"), "its address")
        assert len(server["token"]) >= 32
        address = f"{server['url']}lab/tree/explore.ipynb?token={server['token']}"
        assert re.search(r"http\S+", command.stdout.readline())[0] == address, "the notebook's, not the launcher's"
        notification = f"/lab/api/settings/@jupyterlab/apputils-extension:notification?token={server['token']}"
        assert body(server, notification)["schema"]["properties"]["fetchNews"]["default"] == "false"
        assert all(server["token"] not in " ".join(process.cmdline()) for process in command.children(recursive=True))
        assert wait_for(lambda: answered(server, "GET", "/api/kernels"), "an answer") == 403
        assert answered(server, "POST", "/api/kernels", Authorization=f"token {server['token']}") == 201
        assert answered(server, "GET", "/api/kernels", Authorization=f"token {server['token']}", Host="evil.example") == 403
        lab, kernel = wait_for(lambda: len(found := command.children(recursive=True)) == 2 and found, "the kernel")
        family += [lab, kernel]
        wait_for(lambda: len(addresses(kernel)) >= 5, "the kernel's five sockets")
        assert {*addresses(lab), *addresses(kernel)} == {"127.0.0.1"}
        command.send_signal(signal.SIGTERM)
        command.wait(PATIENCE)
        assert not psutil.wait_procs(family, timeout=PATIENCE)[1]
        assert [path.name for path in (study / "private").iterdir() if path.suffix == ".ipynb"] == ["explore.ipynb"]
    finally:
        for process in family:
            if process.is_running():
                process.kill()
