"""What every OpenAI-compatible endpoint has in common: how its failures are told to a user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from citeworthy.errors import ModelError

RETRIES = 3


@contextmanager
def explained(url: str | None, purpose: str, key_setting: str) -> Iterator[None]:
    """Turn the client's exceptions into ModelErrors; `purpose` names the endpoint ("embeddings")."""
    import openai

    where = url or "https://api.openai.com/v1"
    try:
        yield
    except openai.AuthenticationError as error:
        raise ModelError(f"{where} refused the API key; set {key_setting}") from error
    except openai.APIConnectionError as error:
        raise ModelError(f"cannot reach the {purpose} endpoint {where}; is it running?", retryable=True) from error
    except openai.APIStatusError as error:
        again = error.status_code == 429 or error.status_code >= 500
        raise ModelError(f"{where} answered with status {error.status_code}", retryable=again) from error
    except openai.OpenAIError as error:
        raise ModelError(f"{where}: {error}") from error
