"""The command line."""

import argparse
import fnmatch
import importlib
import json
import os
import sys
import time
from pathlib import Path

from . import capture, domain, net, scenario, sh


def main(args):
    parser = argparse.ArgumentParser(prog="lab", description="Captures of integrated authentication, failing on purpose.")
    sub = parser.add_subparsers(dest="command", required=True)
    sub.add_parser("up", help="make the namespaces, provision the domain (first time), start it")
    sub.add_parser("down", help="end everything that runs in the namespaces and remove them")
    lst = sub.add_parser("list", help="name the scenarios")
    lst.add_argument("--long", action="store_true", help="as a table for the README")
    one = sub.add_parser("scenario", help="run scenarios (names or patterns; 'all')")
    one.add_argument("names", nargs="+")
    one.add_argument("--out", default="out", type=Path)
    one.add_argument("--new", action="store_true", help="only those without a verified capture there")
    show = sub.add_parser("show", help="print the timeline of captures")
    show.add_argument("files", nargs="+")
    given = parser.parse_args(args)
    load()
    if given.command in ("up", "down", "scenario") and os.geteuid():
        sys.exit("lab: must be root")
    return globals()["do_" + given.command](given)


def load():
    folder = sh.HERE / "scenarios"
    sys.path.insert(0, str(sh.HERE))
    for path in sorted(folder.glob("s[0-9]*.py"), key=lambda p: (len(p.stem.split("_")[0]), p.stem)):
        importlib.import_module(f"scenarios.{path.stem}")


def do_up(_):
    if net.is_up():
        net.down()
    began = time.time()
    for name in ("home", "log", "keytabs", "cc", "work"):
        (sh.STATE / name).mkdir(parents=True, exist_ok=True)
    net.up()
    domain.up()
    print(f"up after {time.time() - began:.0f} s; state in {sh.STATE}")


def do_down(_):
    net.down()


def do_list(given):
    for item in scenario.ALL.values():
        if not given.long:
            print(item.name)
            continue
        e = item.about["expect"]
        at = "" if e["divergedAt"] is None else f" at {e['divergedAt']}"
        print(f"| {item.name} | {e['kind']} | {e['verdict']}{at} | {e['outcome']} | {item.about['description']} |")


def do_scenario(given):
    if not net.is_up():
        sys.exit("lab: not up; run `lab up` first")
    names = list(scenario.ALL)
    wanted = [n for n in names if "all" in given.names or any(fnmatch.fnmatch(n, p) for p in given.names)]
    unknown = [p for p in given.names if p != "all" and not fnmatch.filter(names, p)]
    if unknown:
        sys.exit(f"lab: no such scenario: {' '.join(unknown)}")
    bad = 0
    for name in wanted:
        truth = given.out / f"{name}.json"
        if given.new and truth.exists() and json.loads(truth.read_text())["verified"]:
            continue
        wrong, events, seconds = scenario.perform(scenario.ALL[name], given.out)
        bad += bool(wrong)
        print(f"{'BAD' if wrong else 'ok ':3} {name} ({events} events, {seconds:.1f} s)", flush=True)
        for text in wrong:
            print(f"      {text}", flush=True)
    return 1 if bad else 0


def do_show(given):
    for path in given.files:
        print(f"== {path}")
        print("\n".join(capture.timeline(path)))
