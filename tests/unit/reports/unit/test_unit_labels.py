"""Labels are those printed on the form; a unit never meets a code name."""

from __future__ import annotations

import pytest

from reports.unit.labels import BLOCKS, Labels


@pytest.mark.parametrize(
    ("name", "block", "label"),
    [
        ("annual_target", "activity", "META ANUAL (19)"),
        ("assigned_amount", "activity", "Montos asignados por actividad (18)"),
        ("assigned_amount", "budget", "Monto asignado a la institución (4)"),
        ("achieved_q3", None, "REALIZADO 3o. TRIM (21)"),
        ("planned_q3", None, "CALENDARIO 3o. TRIM (20)"),
        ("finalidad", None, "Finalidad (11)"),
        ("unit_name", "budget", "UR PRINCIPAL (3) / UR DERIVADA (3)"),
        ("unit_code", None, "UR PRINCIPAL (3) / UR DERIVADA (3)"),
        ("unit_code", "activity", "UR (específica) (13)"),
        ("programme", None, "Programa Presupuestal (2)"),
        ("drawn_up_by", None, "NOMBRE, CARGO Y FIRMA DE QUIEN ELABORÓ EL POA (24)"),
        ("Columna agregada", None, "Columna agregada"),
        ("never_heard_of", None, None),
        (None, None, None),
    ],
)
def test_label(form, name, block, label):
    assert Labels(form).field(name, block) == label


def test_every_field_of_a_block_has_a_label_of_its_own(form):
    labels = Labels(form)
    for block in BLOCKS:
        names = [field.name for field in form.field if field.block == block]
        assert len({labels.field(name, block) for name in names}) == len(names)
