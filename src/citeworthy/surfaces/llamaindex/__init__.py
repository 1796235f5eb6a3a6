"""citeworthy inside a LlamaIndex application: its search, its encoder, its sentences and, above all, its checks.

from citeworthy.surfaces.llamaindex import verify_response
checked = verify_response(any_query_engine.query("..."))
for claim in checked.claims:
    print(claim.verdict, claim.text, [citation.quote for citation in claim.citations])

Nothing here takes a model from LlamaIndex's global Settings, so nothing asks for a key.
"""

from citeworthy.models.llamaindex_embedding import CiteworthyEmbedding
from citeworthy.surfaces.llamaindex.checking import (
    CheckedQueryEngine,
    CheckedResponse,
    averify_response,
    verify_response,
)
from citeworthy.surfaces.llamaindex.evaluator import CiteworthyEvaluator
from citeworthy.surfaces.llamaindex.node_parser import CiteworthyNodeParser
from citeworthy.surfaces.llamaindex.retriever import CiteworthyRetriever

__all__ = [
    "CheckedQueryEngine",
    "CheckedResponse",
    "CiteworthyEmbedding",
    "CiteworthyEvaluator",
    "CiteworthyNodeParser",
    "CiteworthyRetriever",
    "averify_response",
    "verify_response",
]
