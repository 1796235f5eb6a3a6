"""The web page: a chat with the quoted abstract beside it. The only package that imports gradio."""
