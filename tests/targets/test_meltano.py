"""The taps in Meltano: defined by `plugin.yml`, installed from a wheel, run into real targets, with what it keeps."""

import json
import shutil
import subprocess
import tomllib

import duckdb
import pytest
import yaml

import targets
from conftest import ROOT, binary
from meltano_project import MeltanoProject
from streams import STREAMS
from test_pipe import CHANGED, check_rows, truth, versions

# Each tap, and its settings that Meltano must not show.
SECRETS = {
    "tap-github": {"auth_token", "additional_auth_tokens", "auth_app_keys", "org_auth_app_keys"},
    "tap-salesforce": {"client_secret", "password", "private_key", "refresh_token", "security_token"},
    "tap-stripe": {"client_secret"},
}
SECRET = "a-secret-of-mine"
# What Meltano says when it asks the tap for its catalog.
DISCOVERY = "Running catalog discovery"
READ = [stream for stream in STREAMS if stream.name in ("repositories", "issues")]
EXAMPLE = ROOT / "docs" / "examples" / "meltano"
# Reads a project file, or a definition as one, and says what Meltano's schema has against it.
VALIDATE = """
import json, sys, yaml, jsonschema
from importlib.resources import files
schema = json.loads(files("meltano.schemas").joinpath("meltano.schema.json").read_text())
for error in jsonschema.Draft7Validator(schema).iter_errors(yaml.safe_load(sys.stdin)):
    print(error.json_path, error.message)
"""
# What MeltanoHub's schema of an extractor (`plugin_definitions/extractors.schema.json`) asks for and takes,
# where it differs from what a project's schema does.
HUB_REQUIRES = {"name", "namespace", "variant", "label"}
HUB_TAKES = HUB_REQUIRES | {
    *("pip_url", "description", "executable", "settings", "docs", "repo", "logo_url", "hidden"),
    *("settings_group_validation", "commands", "capabilities", "metadata", "schema", "select"),
    *("maintenance_status", "domain_url", "keywords", "requires", "definition", "next_steps"),
    *("settings_preamble", "usage", "prereq"),
}


@pytest.fixture(scope="session")
def wheels(venvs, tmp_path_factory):
    """Each tap as a wheel, of the build that the other tests use."""
    folder = tmp_path_factory.mktemp("wheels")
    maturin = [venvs / "maturin" / "bin" / "maturin", "build", "--profile", "dev", "--compatibility", "linux"]
    for tap in SECRETS:
        manifest = ROOT / "taps" / tap / "Cargo.toml"
        subprocess.run([*maturin, "--manifest-path", manifest, "--out", folder], check=True, cwd=ROOT)
    return {tap: one for tap in SECRETS for one in folder.glob(f"singer_{tap.replace('-', '_')}-*.whl")}


@pytest.fixture
def wheel(wheels):
    return wheels["tap-github"]


@pytest.fixture
def project(tmp_path, venvs, github):
    # A number in a variable is one that Meltano has to read and write.
    variables = {"TAP_GITHUB_API_URL_BASE": github.url, "TAP_GITHUB_MAX_REQUESTS_PER_SECOND": "1000.5"}
    return MeltanoProject(tmp_path / "project", venvs, **variables)


def check_valid(venvs, config):
    python = venvs / "meltano" / "bin" / "python"
    text = yaml.safe_dump(config)
    done = subprocess.run([python, "-c", VALIDATE], input=text, capture_output=True, text=True, check=True)
    assert done.stdout == ""


def definition(tap):
    return yaml.safe_load((ROOT / "taps" / tap / "plugin.yml").read_text())


def by_path(github):
    """The definition of `tap-github` where it is installed already, set to read everything that is compared."""
    plugin = definition("tap-github")
    del plugin["pip_url"]
    return plugin | {
        "executable": str(binary("tap-github")),
        "config": {"repositories": github.repositories, "auth_token": SECRET},
        "select": [f"{stream.name}.*" for stream in READ],
    }


def told(lines, name):
    """The tap's own lines by their ids, and its measurements."""
    of_tap = [line for line in lines if line.get("string_id") == name]
    ids = {line["id"]: line for line in of_tap if "id" in line}
    return ids, [line["metric_info"] for line in of_tap if "metric_info" in line]


def check_first(github, target, lines):
    """A first run brought everything, and said so."""
    check_rows(github, target, READ)
    ids, metrics = told(lines, "tap-github")
    assert "without a state" in ids["RUN02"]["event"]
    assert ids["END01"]["level"] == "info" and "exit 0" in ids["END01"]["event"]
    assert records(metrics, "issues") == len(truth(github, READ[1]))


def run_again(project, github, target):
    """What a run says that goes on from the state that Meltano keeps: it brings what changed, and little more."""
    before = versions(github)
    github.touch(github.repositories[0], "issues", CHANGED)
    assert len(versions(github) - before) == CHANGED
    lines = project.logged("run", "tap-github", target.program)
    check_rows(github, target, READ)
    ids, metrics = told(lines, "tap-github")
    assert "from the state in" in ids["RUN02"]["event"]
    assert CHANGED <= records(metrics, "issues") <= CHANGED + len(github.repositories)
    assert SECRET not in json.dumps(lines)
    return events(lines)


def events(lines):
    return [line["event"] for line in lines]


def records(metrics, stream):
    return sum(
        metric["value"]
        for metric in metrics
        if metric["metric"] == "record_count" and metric["tags"]["stream"] == stream
    )


@pytest.mark.parametrize("tap", SECRETS)
def test_a_definition_keeps_to_the_schemas_of_meltano_and_its_hub(venvs, tap):
    plugin = definition(tap)
    check_valid(venvs, {"version": 1, "plugins": {"extractors": [plugin]}})
    assert HUB_REQUIRES <= set(plugin) <= HUB_TAKES
    names = {setting["name"] for setting in plugin["settings"]}
    assert {"start_date", "max_wait"} <= names
    assert SECRETS[tap] == {setting["name"] for setting in plugin["settings"] if setting.get("sensitive")}


def test_what_is_wrong_with_a_definition_is_found(venvs):
    plugin = {**definition("tap-github"), "settings": [{"name": "a", "kind": "text"}]}
    with pytest.raises(AssertionError):
        check_valid(venvs, {"version": 1, "plugins": {"extractors": [plugin]}})


def test_each_wheel_is_installed_by_pip_and_by_uv(project, wheels, tmp_path):
    tools = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    project.home.mkdir()
    python = project.venvs / "meltano" / "bin" / "python"
    project.run([str(python), "-m", "venv", "v"])
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    for tap, wheel in wheels.items():
        project.run(["v/bin/pip", "install", "--no-index", str(wheel)])
        project.run(["uv", "tool", "install", str(wheel)], **tools)
        for command in (f"v/bin/{tap}", str(tmp_path / "bin" / tap)):
            assert project.run([command, "--version"]) == f"{tap} {version}\n"
        assert f"-{version}-py3-none-" in wheel.name


def test_a_wheel_is_added_and_run_into_postgres_twice(project, github, postgres, tmp_path, wheel):
    project.init()
    plugin = definition("tap-github") | {"pip_url": str(wheel)}
    (project.home / "plugin.yml").write_text(yaml.safe_dump(plugin))
    target = targets.MeltanoLabsPostgres(tmp_path, postgres, "of_meltano")
    project.add_loader(target)

    printed = project.run(["sh", str(EXAMPLE / "walk.sh")], TOKEN=SECRET)
    assert SECRET not in printed
    check_valid(project.venvs, project.config())
    assert "] issues.title" in printed and "] labels.name" not in printed
    assert "Plugin configuration is valid" in printed
    # The catalog that `config test` found is kept, until the settings change.
    assert printed.count(DISCOVERY) == 1
    check_rows(github, target, READ)
    state = json.loads(printed.splitlines()[-1])["singer_state"]
    assert {"issues", "repositories"} <= set(state["bookmarks"])

    assert DISCOVERY not in run_again(project, github, target)
    project.meltano("config", "set", "tap-github", "start_date", "2020-01-01")
    assert DISCOVERY in events(project.logged("run", "tap-github", "target-postgres"))


def test_a_path_is_run_into_duckdb_twice(project, github, tmp_path):
    project.init()
    project.plugin("extractors", by_path(github))
    check_valid(project.venvs, project.config())
    target = targets.DuckDb(tmp_path, None)
    project.add_loader(target)
    lines = project.logged("run", "tap-github", "target-duckdb")
    check_first(github, target, lines)
    assert DISCOVERY in events(lines) and DISCOVERY in run_again(project, github, target)


def test_a_run_that_fails_fails_the_pipeline_and_says_why(project, github, tmp_path):
    project.init()
    project.plugin("extractors", by_path(github))
    project.add_loader(targets.Jsonl(tmp_path, None))
    github.set_faults([{"fault": {"kind": "status", "status": 401}}])
    ids, _ = told(project.logged("run", "tap-github", "target-jsonl", code=1), "tap-github")
    assert ids["AUTH01"]["level"] in ("error", "critical")
    assert "exit 3" in ids["END01"]["event"]


def test_the_example_goes_from_raw_rows_to_a_model(project, github, wheel, tmp_path):
    shutil.copytree(EXAMPLE, project.home, ignore=shutil.ignore_patterns(".meltano", "*.duckdb*", "*.whl"))
    config = project.config()
    check_valid(project.venvs, config)
    plugins = config["plugins"]
    shutil.copy(wheel, project.home)
    [tap], [loader], [dbt] = plugins["extractors"], plugins["loaders"], plugins["utilities"]
    tap["pip_url"] = f"./{wheel.name}"
    tap["config"] = {"repositories": github.repositories}
    # Their packages come from outside: here those that the tests have.
    for plugin, venv in ((loader, "target-duckdb"), (dbt, "dbt")):
        held = (ROOT / "tests" / "targets" / "requirements" / f"{venv}.txt").read_text().splitlines()
        assert set(plugin.pop("pip_url").split()) <= set(held)
        plugin["executable"] = str(project.venvs / venv / "bin" / plugin["executable"])
    project.write(config)

    project.meltano("install", "extractor", "tap-github")
    for least, most in ((CHANGED * 10, 10_000), (CHANGED, CHANGED + len(github.repositories))):
        lines = project.logged("run", "github")
        assert any("Completed successfully" in event for event in events(lines)), events(lines)
        assert least <= records(told(lines, "tap-github")[1], "issues") <= most
        github.touch(github.repositories[0], "issues", CHANGED)
    with duckdb.connect(str(project.home / "warehouse.duckdb"), read_only=True) as warehouse:
        model = warehouse.execute("select issue_id, hours from models.first_answers").fetchall()
        issues = warehouse.execute("select id from raw.issues where type = 'issue'").fetchall()
    assert sorted(issue for issue, _ in model) == sorted(issue for issue, in issues)
    hours = [hours for _, hours in model if hours is not None]
    assert hours and all(hour >= 0 for hour in hours)
