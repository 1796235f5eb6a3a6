"""What every OpenAI-compatible endpoint has in common: how its failures are told to a user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from citeworthy.errors import ModelError

RETRIES = 3


@contextmanager
def explained(url: str | None, purpose: str, key_setting: str) -> Iterator[None]:
    """Turn the client's exceptions into ModelErrors; `purpose` names the endpoint ("embeddings").

    What a server says in its error is left out: some repeat the request there, key and all.
    """
    import httpx
    import openai

    where = url or "https://api.openai.com/v1"
    try:
        yield
    except openai.AuthenticationError as error:
        raise ModelError(f"{where} refused the API key; set {key_setting}") from error
    except openai.PermissionDeniedError as error:
        raise ModelError(f"{where} does not allow this with the API key given") from error
    except openai.NotFoundError as error:
        raise ModelError(f"{where} knows no such model or address; `citeworthy models` lists what it has") from error
    except openai.APITimeoutError as error:
        raise ModelError(f"{where} did not answer in time", retryable=True) from error
    except openai.APIConnectionError as error:
        raise ModelError(f"cannot reach the {purpose} endpoint {where}; is it running?", retryable=True) from error
    except openai.APIStatusError as error:
        again = error.status_code in {408, 409, 429} or error.status_code >= 500
        wait = _seconds(error.response.headers.get("retry-after"))
        what = {429: "is out of quota or asked too often"}.get(error.status_code, f"answered with {error.status_code}")
        raise ModelError(f"{where} {what}", retryable=again, retry_after_s=wait) from error
    except httpx.HTTPError as error:
        raise ModelError(f"the connection to {where} broke off", retryable=True) from error
    except openai.OpenAIError as error:
        raise ModelError(f"{where} answered with something unusable ({type(error).__name__})") from error


def _seconds(header: str | None) -> float | None:
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None  # a date; the ordinary delay does
