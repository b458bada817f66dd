from __future__ import annotations

from typing import Any

from django.db import migrations, models


def clean_often(apps: Any, schema_editor: Any) -> None:
    """Every row is updated once and deleted soon: PostgreSQL's usual fifth of the table is far too long to wait for a queue."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE jobs_job SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("next_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("host", models.CharField(max_length=80)),
                ("pid", models.IntegerField()),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(max_length=200)),
                ("args", models.JSONField(default=list)),
                ("kwargs", models.JSONField(default=dict)),
                ("queue", models.CharField(max_length=20)),
                ("lane", models.CharField(blank=True, max_length=120)),
                ("dedupe", models.CharField(blank=True, max_length=200)),
                ("priority", models.SmallIntegerField(default=0)),
                ("run_at", models.DateTimeField()),
                ("rank", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("running", "Running"), ("failed", "Failed")], default="waiting", max_length=10
                    ),
                ),
                ("attempts", models.SmallIntegerField(default=0)),
                ("max_attempts", models.SmallIntegerField()),
                ("fence", models.BigIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("worker", models.CharField(blank=True, max_length=100)),
                ("last_error", models.CharField(blank=True, max_length=1000)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["queue", "rank", "id"], name="job_claim"),
                    models.Index(
                        condition=models.Q(("state", "waiting"), models.Q(("lane", ""), _negated=True)), fields=["lane", "id"], name="job_lane"
                    ),
                    models.Index(condition=models.Q(("state", "running")), fields=["lease_until"], name="job_lease"),
                    models.Index(condition=models.Q(("state", "failed")), fields=["id"], name="job_failed"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting"), models.Q(("dedupe", ""), _negated=True)),
                        fields=("task", "dedupe"),
                        name="job_dedupe",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running"), models.Q(("lane", ""), _negated=True)),
                        fields=("lane",),
                        name="job_one_running_in_lane",
                    ),
                ],
            },
        ),
        migrations.RunPython(clean_often, migrations.RunPython.noop, elidable=False),
    ]
