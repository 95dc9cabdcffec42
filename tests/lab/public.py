"""Made-up data in the format of the public files that the risk of leaving is scored on."""

import gzip
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from tactful.kernel.chance import mix
from tactful.lab.evaluate import cdnow, kddcup2015, oulad

COUNTS = ("access", "discussion", "navigate", "page_close", "problem", "video", "wiki")
# Enrolment -> days with activity; the first two come back afterwards.
COURSE = {1: range(0, 30, 2), 2: range(3, 30, 3), 3: range(0, 12, 2), 4: [4], 5: [0, 1], 6: []}
STUDENTS, CUSTOMERS = 200, 120


def course(folder: Path) -> None:
    """One course of KDD Cup 2015."""
    files = folder / kddcup2015.FOLDER
    files.mkdir()
    rows = [
        {"enrollment_id": who, "day": day} | dict.fromkeys(COUNTS, 1) for who, days in COURSE.items() for day in days
    ]
    pl.DataFrame(rows).with_columns(pl.col("day").cast(pl.Int8)).write_parquet(files / "daily_events.parquet")
    truth = [{"enrollment_id": who, "course": "7A", "dropout": int(who > 2)} for who in COURSE]
    plain = folder / "enrollments.csv"
    pl.DataFrame(truth).write_csv(plain)
    (files / "enrollments.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))


def students(folder: Path) -> None:
    """Students of two modules; who clicks little is at risk, but in the second module everybody clicks less."""
    chance = draws(STUDENTS, 1)
    second = np.arange(STUDENTS) % 2
    clicks = np.round(2_000 * chance / (1 + 9 * second)) + 1
    rows = pl.DataFrame(
        {
            "id_student": np.arange(STUDENTS),
            "code_module": np.where(second, "BBB", "AAA"),
            "code_presentation": "2013J",
            "vle_total": clicks,
            "vle_mean": clicks / 40,
            "vle_std": clicks / 50,
            "assess_mean": 60.0,
            "assess_max": 70.0,
            "assess_count": np.where(chance < 0.1, 0.0, 2.0),
            "gender": "F",
            "region": "Wales",
            "highest_education": "HE Qualification",
            "imd_band": ["10-20", "90-100%", "Unknown", "0-10%"] * (STUDENTS // 4),
            "age_band": "0-35",
            "num_of_prev_attempts": 0,
            "studied_credits": 60,
            "disability": "N",
            "target": (chance < 0.5).astype(int),
        }
    )
    (folder / oulad.FILE[0]).mkdir()
    rows.write_parquet(folder / oulad.FILE[0] / oulad.FILE[1])


def customers(folder: Path) -> None:
    """Customers each with a pace of their own; every other one stops after the first purchase."""
    start, pace = date(1997, 1, 1), 10 + 60 * draws(CUSTOMERS, 2)
    lines = []
    for who in range(CUSTOMERS):
        first = start + timedelta(days=who % 80)
        for number in range(1 if who % 2 else 40):
            day = first + timedelta(days=int(number * pace[who]))
            if day < date(1998, 7, 1):
                lines.append(f" {who:05} {who:04} {day:%Y%m%d}  2   29.33")
    (folder / cdnow.FOLDER).mkdir()
    (folder / cdnow.FOLDER / cdnow.FILE).write_bytes(gzip.compress("\n".join(lines).encode()))


def draws(size: int, number: int) -> np.ndarray:
    """Uniform in [0, 1), the same every time."""
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53
