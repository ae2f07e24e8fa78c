"""A tour for people: one record in four forms, what is lost on the way and why, and that nothing is lost at home.

Run it with `make demo`. 中文在前,英文在旁。
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import metaharmon as mh
from metaharmon.cli.output import cut, pad, table
from metaharmon.files.jsontext import loads

RECORDS = Path(__file__).parent / "records"
PORTAL = "cn-guangxi-nanning"
OTHERS = ("cn-guizhou-guiyang", "dcat-us-1.1", "ckan")
KINDS = {"omitted": "略去", "changed": "改变", "added": "增添", "imprecise": "近似"}
EXCHANGE = "cn-harbin-exchange"
LISTINGS = ("cn-shanghai-page", "cn-neimenggu-exchange")
LISTED = (
    "产品名称",
    "一句话简介",
    "产品介绍",
    "关键词",
    "行业分类",
    "覆盖地域",
    "更新频率",
    "数据条数",
    "挂牌日期",
    "供方名称",
    "报价方案.0.价格",
    "数字合约约束.使用次数",
    "上架状态",
)


def records(name: str) -> list[dict[str, Any]]:
    """The hand-written records of a dialect."""
    file = RECORDS / f"{name}.jsonl"
    return [loads(line, file.name) for line in file.read_text("utf-8").splitlines() if line.strip()]


def headline(zh: str, en: str) -> None:
    """A line between the parts."""
    print(f"\n== {zh}  /  {en}")


def shown(value: Any) -> str:
    """A field's value on one line."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "、".join(map(shown, value))
    return "、".join(map(shown, value.values())) if isinstance(value, dict) else str(value)


def side_by_side(name: str, others: tuple[str, ...], fields: tuple[str, ...] | None = None) -> None:
    """The first record of a dialect in its own form and in others, field by field."""
    record = records(name)[0]
    translators = [mh.translator(read=name, write=other) for other in others]
    results = [t(record) for t in translators]
    explained = [{row.path: row for row in t.explain(record)} for t in translators]
    rows = [["字段 field", "值 value", *others]]
    for path in fields or list(record)[:10]:
        cells = [cut(path, 22), cut(shown(_at(record, path)), 24)]
        for result, rows_of in zip(results, explained, strict=True):
            row = rows_of.get(path)
            found = [(field, _at(result.record, field)) for field in (row.written if row is not None else ())]
            said = [f"{field.rpartition('.')[2]}: {shown(value)}" for field, value in found if value is not None]
            cells.append(cut("; ".join(said), 30) if said else "—")
        rows.append(cells)
    widths = (22, 24, *(30 for _ in others))
    for row in rows:
        print("  " + "  ".join(pad(cell, w) for cell, w in zip(row, widths, strict=True)).rstrip())
    for translator, result in zip(translators, results, strict=True):
        report(translator, result)


def _at(record: Any, path: str) -> Any:
    """The value at a path; of a list the numbered entry, or the first."""
    for key in path.replace("[]", ".0").split("."):
        if isinstance(record, list):
            record = record[int(key)] if key.isdigit() and int(key) < len(record) else None
        else:
            record = record.get(key) if isinstance(record, dict) else None
    return record


def report(translator: mh.Translator, result: mh.Translation, most: int = 4) -> None:
    """What was lost, and what must be supplied."""
    kinds = Counter(loss.kind for loss in result.losses)
    counts = ", ".join(f"{KINDS[kind]} {kind} {n}" for kind, n in sorted(kinds.items()))
    print(f"\n  {translator.read.name} -> {translator.write.name}: {counts or '无损 nothing lost'}")
    common = Counter(loss.reason for loss in result.losses)
    telling = sorted(result.losses, key=lambda loss: common[loss.reason])
    rows = [(loss.kind, loss.path, cut(loss.reason, 70)) for loss in telling[:most]]
    if rows:
        print(table(rows, "    "))
    if len(result.losses) > most:
        print(f"    … 另有 and {len(result.losses) - most} more")
    needed = [loss.path for loss in translator.losses if loss.when == "must_supply" and loss.path]
    if needed:
        print(f"    需补充 to be supplied: {', '.join(needed)}")


def returns() -> bool:
    """Law 1 on all records of all dialects that stand beside this file."""
    total = good = 0
    names = sorted(path.stem for path in RECORDS.glob("*.jsonl"))
    for name in names:
        account = mh.load(name).account(records(name))
        total, good = total + account.records, good + account.passed["return"]
    print(
        f"  {len(names)} 个方言 dialects, {good} / {total} 条记录原样返回 records return exactly: write(read(x)) == x"
    )
    return good == total


def main() -> int:
    """The tour; 0 when every record returned."""
    headline(f"一条门户记录,四种写法 ({PORTAL})", "one portal record in four forms")
    side_by_side(PORTAL, OTHERS)
    headline("上架到另一交易所(示意表单)", f"a listing of {EXCHANGE} (illustrative form) at other exchanges")
    side_by_side(EXCHANGE, LISTINGS, LISTED)
    headline("读进来再写回去,一字不差", "read and written back: nothing is lost at home")
    return 0 if returns() else 1


if __name__ == "__main__":
    sys.exit(main())
