"""Work that goes on by itself: evaluations, and the jobs that they and imports are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import StreamingResponse

from citeworthy.evaluation.report import Findings, as_json
from citeworthy.surfaces.evaluating import Wanted, measure
from citeworthy.surfaces.http import inputs, outputs
from citeworthy.surfaces.http.events import HEADERS, MEDIA_TYPE, PULSE, documented, written
from citeworthy.surfaces.http.job_store import JobRecord
from citeworthy.surfaces.http.service import Reader, Served, Service, Writer
from citeworthy.surfaces.serving.doorkeeper import Caller

router = APIRouter(tags=["jobs"])
JobId = Annotated[str, Path(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]
_LOOK_S = 0.5
_LOOKS_A_PULSE = 20


@router.post("/evaluations", summary="Measure answers, citations, abstention and retrieval", status_code=202)
def evaluate(wanted: inputs.Evaluation, response: Response, service: Served, caller: Writer) -> outputs.Job:
    """A job begins; its address is in `Location`. Its result is the report as JSON."""
    chosen = Wanted(suite=wanted.suite, split=wanted.split, peers=wanted.peers, limit=wanted.limit)

    def work(job: Any) -> Findings:
        return measure(chosen, service.settings, job.progress)[0]

    job = service.shared.evaluations.start(work, caller.owner)
    record = service.jobs.follow(job, "evaluation", caller.owner, _report)
    response.headers["location"] = f"/api/v1/jobs/{record.id}"
    return _shown(record)


@router.get("/jobs", summary="Your jobs, the newest first")
def jobs(service: Served, caller: Reader) -> outputs.Jobs:
    return outputs.Jobs(items=[_shown(record) for record in service.jobs.all(caller.owner)])


@router.get("/jobs/{job}", summary="How far a job has come")
def job(service: Served, caller: Reader, job: JobId) -> outputs.Job:
    return _shown(service.jobs.get(caller.owner, job))


@router.post("/jobs/{job}/cancel", summary="Ask a job to stop at its next step", status_code=202)
def cancel(service: Served, caller: Writer, job: JobId) -> outputs.Job:
    """What it has done by then is kept."""
    return _shown(service.jobs.cancel(caller.owner, job))


@router.get(
    "/jobs/{job}/events",
    summary="A job as it goes on (server-sent events)",
    response_class=StreamingResponse,
    responses=documented("progress", "done"),
)
def events(service: Served, caller: Reader, job: JobId) -> StreamingResponse:
    """`progress` while it runs, at the end `done`: each time the job as `GET` gives it."""
    service.jobs.get(caller.owner, job)
    return StreamingResponse(_watched(service, caller, job), media_type=MEDIA_TYPE, headers=HEADERS)


async def _watched(service: Service, caller: Caller, name: str) -> AsyncIterator[bytes]:
    seen, looks = None, 0
    while service.guards.doorkeeper.still_admits(caller):
        record = await asyncio.to_thread(service.jobs.get, caller.owner, name)
        now = (record.state, record.step, record.done)
        if record.state != "running":
            yield written("done", asdict(record))
            return
        if now != seen:
            yield written("progress", asdict(record))
            seen = now
        elif looks % _LOOKS_A_PULSE == 0:
            yield PULSE
        looks += 1
        await asyncio.sleep(_LOOK_S)


def _report(findings: Findings) -> dict[str, Any]:
    import json

    report: dict[str, Any] = json.loads(as_json(findings))
    return report


def _shown(record: JobRecord) -> outputs.Job:
    return outputs.Job.model_validate(record, from_attributes=True)
