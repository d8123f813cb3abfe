"""The image's recipe and the pipeline name only what exists."""

import re
import shlex
from pathlib import Path

from infra.manifest import load_jobs, manifest

ROOT = Path(__file__).resolve().parents[3]
DOCKERFILE = (ROOT / "infra/Dockerfile").read_text()
PIPELINE = (ROOT / "cloudbuild.yaml").read_text()


def instructions(name: str) -> list[list[str]]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [shlex.split(line)[1:] for line in joined.splitlines() if line.startswith(f"{name} ")]


def test_everything_that_is_copied_into_the_image_exists_and_is_let_through() -> None:
    ignore = (ROOT / "infra/Dockerfile.dockerignore").read_text()
    let_through = [line.removeprefix("!") for line in ignore.splitlines() if line.startswith("!")]
    sources = [source for words in instructions("COPY") if not words[0].startswith("--from") for source in words[:-1]]
    assert len(sources) >= 10
    for source in sources:
        assert (ROOT / source).exists(), f"COPY {source}: there is no such file"
        assert any(source == kept or source.startswith(f"{kept}/") for kept in let_through), f"{source} is ignored"


def test_what_is_copied_between_stages_comes_from_a_stage_that_there_is() -> None:
    stages = re.findall(r"^FROM \S+ AS (\w+)$", DOCKERFILE, re.MULTILINE)
    used = re.findall(r"COPY --from=(\w+)", DOCKERFILE)
    assert set(used) == set(stages) == {"web", "packages"}


def test_the_image_serves_as_nobody_from_locked_packages() -> None:
    [user] = instructions("USER")
    assert user == ["10001:10001"]
    assert DOCKERFILE.index("USER 10001") > DOCKERFILE.index("RUN python -m compileall")
    [install] = [words for words in instructions("RUN") if "--require-hashes" in words]
    assert install[install.index("--constraint") + 1] == "requirements.lock"


def test_everything_that_the_image_is_built_from_is_named_by_digest() -> None:
    bases = instructions("FROM")
    assert len(bases) == 3
    assert all(re.search(r":[\w.-]+@sha256:[0-9a-f]{64}$", base[0]) for base in bases)
    [uv] = [words for words in instructions("RUN") if "uv.txt" in words]
    assert re.match(r"uv==[\d.]+( +--hash=sha256:[0-9a-f]{64})+$", uv[1])


def test_everything_that_serves_or_runs_is_in_the_image() -> None:
    copied = {source for words in instructions("COPY") for source in words[:-1]}
    for source in [entry["source"] for entry in manifest()["functions"]] + [f"jobs/{name}.py" for name in load_jobs()]:
        assert source.partition("/")[0] in copied, f"{source} is not copied"
    [entrypoint] = [line for line in DOCKERFILE.splitlines() if line.startswith("ENTRYPOINT")]
    assert "infra.serving" in entrypoint
    assert "infra/serving" in copied


def test_each_step_of_the_pipeline_is_a_file_that_can_be_run() -> None:
    modules = re.findall(r"-m,? (infra\.deploy\.\w+)", PIPELINE)
    scripts = re.findall(r"(infra/deploy/\w+\.sh)", PIPELINE)
    assert len(modules) >= 5
    assert all((ROOT / (module.replace(".", "/") + ".py")).exists() for module in modules)
    assert scripts
    assert all((ROOT / script).stat().st_mode & 0o111 for script in scripts)


def test_the_pipeline_goes_from_test_to_canary_in_this_order() -> None:
    steps = re.findall(r"- id: ([\w-]+)", PIPELINE)
    assert steps == ["test", "build", "scan", "attest", "migrate", "place", "smoke", "canary", "smoke-again"]
