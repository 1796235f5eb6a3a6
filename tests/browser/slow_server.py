"""`citeworthy` on a machine so busy that Gradio says late that an event has ended: long after its result is shown."""

from __future__ import annotations

import asyncio
from typing import Any

from gradio import route_utils

from citeworthy.surfaces.cli.main import main

LATE_S = 1.0
_call = route_utils.call_process_api


async def _late(*given: Any, **named: Any) -> Any:
    response = await _call(*given, **named)
    if not response.get("is_generating"):
        await asyncio.sleep(LATE_S)
    return response


if __name__ == "__main__":
    route_utils.call_process_api = _late
    main()
