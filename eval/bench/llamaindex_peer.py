"""A peer of the import benchmark: LlamaIndex's VectorStoreIndex over Chroma with MiniLM through torch.

python llamaindex_peer.py PAPERS.jsonl MODEL_FOLDER CHROMA_FOLDER      prints the number of papers indexed
"""

import json
import sys
from pathlib import Path

import chromadb
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore


def main() -> None:
    papers, model, home = sys.argv[1:]
    rows = [json.loads(line) for line in Path(papers).read_text("utf-8").splitlines()]
    documents = [
        Document(text=f"{row['title']}. {row['text']}", id_=row["_id"], metadata={"year": int(row["year"])})
        for row in rows
    ]
    collection = chromadb.PersistentClient(home).create_collection("papers", metadata={"hnsw:space": "cosine"})
    context = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
    embedder = HuggingFaceEmbedding(model_name=model, embed_batch_size=32)
    VectorStoreIndex.from_documents(documents, storage_context=context, embed_model=embedder)
    print(len({node["ref_doc_id"] for node in collection.get(include=["metadatas"])["metadatas"]}))


if __name__ == "__main__":
    main()
