"""The example in each module's README is one that terraform plans."""

import re
from pathlib import Path

import pytest

from tests.fixtures.terraform import CHECK, ROOT, terraform

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CHECK.exists(), reason=f"terraform cannot run offline here: {CHECK} is not there"),
]

MODULES = sorted(folder for folder in (ROOT / "terraform/modules").iterdir())


def example(module: Path) -> str:
    [found] = re.findall(r"```hcl\n(.*?)```", (module / "README.md").read_text(), re.DOTALL)
    return str(found)


def test_the_example_of_every_module_can_be_planned(tmp_path: Path) -> None:
    assert len(MODULES) == 17
    for folder in ("modules", "environments/examples"):
        (tmp_path / folder).mkdir(parents=True)
    for module in MODULES:
        (tmp_path / "modules" / module.name).mkdir()
        for file in (*module.glob("*.tf"), *module.glob("*.rules")):
            (tmp_path / "modules" / module.name / file.name).write_text(file.read_text())
    (tmp_path / "manifest.json").write_text((ROOT / "terraform/manifest.json").read_text())
    root = tmp_path / "environments/examples"
    (root / "terraform.tf").write_text((MODULES[0] / "versions.tf").read_text())
    for module in MODULES:
        (root / f"{module.name}.tf").write_text(example(module))
    planned = terraform(tmp_path, "environments/examples", "plan", "-input=false", "-no-color")
    assert re.search(r"Plan: \d\d+ to add, 0 to change, 0 to destroy", planned)
    for module in MODULES:
        assert module.name == "grouping" or f"module.{module.name}." in planned
