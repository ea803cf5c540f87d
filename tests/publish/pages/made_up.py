"""Made-up returns and figures: of the district in June 2023, and of the whole country over five years."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bench.country import Country, make_project
from build.reference import read_periods
from ingest.text.printing import VIETNAM
from publish.answers.completeness import expected_forms
from publish.pages.figures import AreaFigure, Published, Restated
from publish.pages.new_files import NewFile
from publish.pages.returns import FindingLine, FormReturn, Returns, SentPart

NOW = datetime(2023, 6, 12, 17, 0, tzinfo=VIETNAM)
AS_OF = datetime(2023, 6, 12, 9, 0, tzinfo=UTC)
PERIOD, LABEL, DUE = "2023H1", "6 tháng đầu năm 2023", date(2023, 6, 14)
FORMS = {
    "member_changes": "Biểu 01: Biến động hội viên",
    "clubs": "Biểu 02: Mô hình, câu lạc bộ",
    "trainings": "Biểu 03: Đào tạo, dạy nghề, tập huấn",
    "support_funds": "Biểu 04: Hỗ trợ hội viên",
    "movement_activities": "Biểu 05: Hoạt động phong trào",
    "awards": "Biểu 06: Khen thưởng",
    "protection_cases": "Biểu 07: Vụ việc bảo vệ phụ nữ, trẻ em",
}
EA_BONG, BANG_ADRENH, DUR_KMAL, EA_NA = "U24565", "U24568", "U24571", "U24559"


def form_return(
    unit_key: str, form_name: str, status: str, period: str = PERIOD, waiting_rows: int = 0
) -> FormReturn:
    is_taken = status in {"on_time", "late"}
    return FormReturn(
        unit_key=unit_key,
        period_code=period,
        period_label_vi=LABEL
        if period == PERIOD
        else f"6 tháng {'đầu' if period[-1] == '1' else 'cuối'} năm {period[:4]}",
        form_name=form_name,
        form_label_vi=FORMS[form_name],
        status=status,
        received_at=AS_OF if is_taken else None,
        version=1 if is_taken else 0,
        submission_id=f"{unit_key}-{period}" if is_taken else None,
        due_on=DUE,
        waiting_rows=waiting_rows,
    )


def sent_part(
    unit_key: str | None, verdict: str = "accepted", period: str | None = PERIOD, **changed: object
) -> SentPart:
    told: dict[str, object] = {
        "submission_id": f"{unit_key}-{period}",
        "unit_key": unit_key,
        "period_code": period,
        "file_name": f"Bao cao {unit_key}.xlsx",
        "received_at": AS_OF,
        "verdict": verdict,
        "verdict_vi": "Đã tiếp nhận" if verdict == "accepted" else "Chưa tiếp nhận, đề nghị gửi lại",
        "reason_vi": "" if verdict == "accepted" else "Không mở được tệp. Đề nghị lưu lại rồi gửi lại.",
        "form_labels": tuple(FORMS.values()),
        "version": 1,
        "is_current": True,
        "is_withdrawn": False,
    }
    return SentPart(**{**told, **changed})  # type: ignore[arg-type]


def new_file(unit_key: str | None, verdict: str = "accepted", *, is_checked: bool = False) -> NewFile:
    return NewFile(
        submission_id=f"new-{unit_key}",
        unit_key=unit_key,
        period_code=PERIOD if unit_key else None,
        file_name=f"Moi nhan {unit_key}.xlsx",
        received_at=AS_OF + timedelta(hours=1),
        verdict=verdict,
        reason_vi="",
        form_labels=tuple(FORMS.values()),
        form_names=tuple(FORMS),
        is_checked=is_checked,
    )


def district() -> Returns:
    """Ea Bông is complete with two rows that wait; Băng Adrênh late with one form and owes one; Ea Na was refused; Dur Kmăl
    came after the last check.
    """
    forms = [
        *(form_return(EA_BONG, name, "on_time", waiting_rows=2 if name == "clubs" else 0) for name in FORMS),
        *(form_return(BANG_ADRENH, name, "missing" if name == "awards" else "late") for name in FORMS),
        *(form_return(EA_NA, name, "rejected") for name in FORMS),
        *(form_return(DUR_KMAL, name, "missing") for name in FORMS),
        *(form_return(unit, name, "on_time", "2022H2") for unit in (EA_BONG, EA_NA) for name in FORMS),
    ]
    return Returns(
        as_of=AS_OF,
        forms=tuple(forms),
        parts=(
            sent_part(EA_BONG, waiting=("Biểu 02: Mô hình, câu lạc bộ, ô H14: Số nhỏ hơn mức cho phép.",)),
            sent_part(BANG_ADRENH, version=2),
            sent_part(EA_NA, "rejected"),
            sent_part(None, "rejected", None, file_name="Khong ro cua ai.xlsx"),
        ),
        findings=(
            finding("error", EA_BONG, "Xã Ea Bông", "Cột “Số thành viên”: 12 lớn hơn 10."),
            finding(
                "warning",
                EA_NA,
                "Xã Ea Na",
                "Tổng kinh phí hỗ trợ: 99.000.000 đồng, các kỳ trước khoảng 23.400.000.",
            ),
            finding("info", EA_NA, "Xã Ea Na", "Cột K <Lịch> không có trong biểu mẫu."),
        ),
        new_files=(new_file(DUR_KMAL),),
    )


def finding(severity: str, unit_key: str, unit_name: str, message: str) -> FindingLine:
    words = {"error": "Phải sửa", "warning": "Đề nghị kiểm tra", "info": "Để biết"}
    return FindingLine(
        severity, words[severity], "Khác xa các kỳ trước", unit_key, unit_name, PERIOD, LABEL, message,
        "Đề nghị so lại với sổ sách của đơn vị.",
    )  # fmt: skip


def published(area_key: str = "U655") -> Published:
    """The half-year that the district published: 382 new members of 189, and 98,45 million."""

    def figure(label: str, uom: str, value: object, target: object, last_year: object) -> AreaFigure:
        given, asked, before = (
            None if number is None else Decimal(str(number)) for number in (value, target, last_year)
        )
        return AreaFigure(
            area_key, label, uom, given, asked,
            float(given / asked) if given is not None and asked else None,
            before, given - before if given is not None and before is not None else None, 8, 9, 1,
        )  # fmt: skip

    return Published(
        as_of=AS_OF,
        issued_at=AS_OF + timedelta(minutes=5),
        period_code=PERIOD,
        period_label_vi=LABEL,
        figures=(
            figure("Hội viên mới phát triển", "người", 382, 189, 338),
            figure("Kinh phí hỗ trợ hội viên khó khăn", "đồng", 98_450_000, None, 80_100_000),
            figure("Vụ việc phụ nữ, trẻ em được Hội lên tiếng bảo vệ", "vụ", None, None, 6),
        ),
        earlier_as_of=AS_OF - timedelta(days=180),
        difference_vi="Số liệu đã thay đổi: 1 số. Có báo cáo gửi lại.",
        restated=(
            Restated(
                area_key,
                "6 tháng cuối năm 2022",
                "Xã Quảng Điền",
                "Hội viên giảm",
                Decimal(12),
                Decimal(14),
                "Có báo cáo gửi lại",
            ),
        ),
    )


def national_seeds(folder: Path) -> Path:
    """Give the reference data of 3,300 communes in 35 provinces."""
    return make_project(folder / "country", Country()) / "seeds"


def nation(seeds: Path, half_years: int = 10) -> Returns:
    """The whole country over five years: every seventh commune owes something, every eleventh has rows that wait."""
    periods = [
        period for period in read_periods(seeds) if period.kind == "half_year" and period.code <= PERIOD
    ]
    forms: list[FormReturn] = []
    parts: list[SentPart] = []
    findings: list[FindingLine] = []
    for period in periods[-half_years:]:
        for number, found in enumerate(_by_unit(expected_forms(period, seeds))):
            unit_key, unit_name, names = found
            status = "missing" if number % 7 == 0 else "late" if number % 5 == 0 else "on_time"
            waiting = 3 if number % 11 == 0 else 0
            forms += [
                form_return(unit_key, name, status, period.code, waiting if name == "clubs" else 0)
                for name in names
            ]
            if status != "missing":
                told = (
                    "Biểu 02: Mô hình, câu lạc bộ, ô H14: Số nhỏ hơn mức cho phép. Đề nghị kiểm tra lại.",
                ) * waiting
                parts.append(sent_part(unit_key, period=period.code, waiting=told))
            if period.code == PERIOD:
                findings.append(
                    finding("warning", unit_key, unit_name, "Đợt ra quân: 47 đợt, các kỳ trước khoảng 24,5.")
                )
    return Returns(as_of=AS_OF, forms=tuple(forms), parts=tuple(parts), findings=tuple(findings))


def _by_unit(forms: tuple[object, ...]) -> Iterator[tuple[str, str, list[str]]]:
    found: dict[str, tuple[str, list[str]]] = {}
    for form in forms:
        found.setdefault(form.unit_key, (form.unit_name, []))[1].append(form.form_name)  # type: ignore[attr-defined]
    for unit_key, (unit_name, names) in found.items():
        yield unit_key, unit_name, names
